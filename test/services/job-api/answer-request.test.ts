import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { answered, ApiWorld } from './api-world';
import { documentedAnswers, OPEN_API, OPEN_API_FILE, requestFaults } from './open-api';
import { JOB_API_ROUTES } from '../../../src/contract/api-routes';
import { fileIdOf } from '../../../src/contract/file-id';
import { JOB_STATUSES } from '../../../src/contract/job-item';
import { createdEvent, csv, VERSIONINGS } from '../../steps/support/world';

const UNKNOWN = 'f'.repeat(32);
const CLEAN = csv(20);
const BAD = csv(20, [3]);

let api: ApiWorld;
beforeEach(() => { api = new ApiWorld(); });

describe('GET /status/{jobId}', () => {
  test('tells of a job that SUCCEEDED: counts, times, and links that expire to report, rejected records and manifest', async () => {
    api = new ApiWorld('Enabled', { maxRejectedRecords: 1 });
    const jobId = await api.process('incoming/a.csv', BAD);
    const { statusCode, body } = await api.status(jobId);
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      jobId,
      status: 'SUCCEEDED',
      run: 1,
      bucket: 'landing',
      key: 'incoming/a.csv',
      sizeBytes: Buffer.byteLength(BAD),
      sourceState: 'MOVED',
      sourceAt: `processed/${jobId}/a.csv`,
      counts: { recordsRead: 20, recordsWritten: 19, recordsRejected: 1, recordsFiltered: 0 },
      rejectsByCode: { type: 1 },
      rejectsByColumn: { id: 1 },
    });
    expect(body.steps.map(({ step }: { step: string }) => step)).toEqual(['ValidateFile', 'PlanChunks', 'ProcessChunks', 'FinalizeJob']);
    expect(body.error).toBeUndefined();
    const { report, rejected, manifest, expiresAt } = body.links;
    expect([report, rejected, manifest]).toEqual([
      `https://output.example.com/reports/file_id=${jobId}.json?expires=900`,
      `https://output.example.com/quarantine/file_id=${jobId}/rejected.csv?expires=900`,
      expect.stringMatching(new RegExp(`^https://output.example.com/output/ingest_date=2026-11-21/file_id=${jobId}/_manifest.json\\?expires=900$`)),
    ]);
    // From now on, and no earlier than the link itself: the clock of this world moves with each look at it.
    const expires = Date.parse(expiresAt) - api.deps.now().getTime();
    expect(expires).toBeLessThan(900_000);
    expect(expires).toBeGreaterThan(899_000);
  });

  test('of one that failed for good it says why, and what to do', async () => {
    const jobId = await api.process('incoming/a.csv', BAD);
    const { body } = await api.status(jobId);
    expect(body).toMatchObject({ status: 'FAILED', resumable: false, sourceAt: `failed/${jobId}/a.csv`, error: { code: 'too_many_rejects', message: expect.stringContaining('got') } });
    expect(body.error.whatToDo).toBe('correct the file and upload it again; or, where the schema or the settings were wrong, deploy them and '
      + `POST /trigger {"action":"rerun","jobId":"${jobId}"}`);
    expect(Object.keys(body.links).sort()).toEqual(['expiresAt', 'rejected', 'report']);
  });

  test('of one that was interrupted it says how to resume it, and until when', async () => {
    const jobId = await api.interrupt('incoming/a.csv', CLEAN);
    const { body } = await api.status(jobId);
    expect(body).toMatchObject({ status: 'FAILED', resumable: true, error: { code: 'infrastructure' } });
    const until = new Date(Date.parse(body.startTime) + 3 * 86_400_000).toISOString();
    expect(body.error.whatToDo).toBe(`nothing is wrong with the file: mend the cause and POST /trigger {"action":"resume","jobId":"${jobId}"} until ${until}`);
    expect(body).not.toHaveProperty('links');
    expect(body).not.toHaveProperty('counts');
  });

  test.each(JOB_STATUSES)('one that is %s and has nothing yet is told all the same', async (status) => {
    const job = await api.addJob('a', status);
    expect((await api.status(job.file_id)).body).toEqual({
      jobId: job.file_id,
      bucket: 'landing',
      key: 'incoming/a.csv',
      status,
      run: 1,
      since: '1970-01-01T00:00:01.000Z',
      executionArn: job.execution_arn,
      sizeBytes: 9,
      startTime: '2026-11-21T00:00:00.000Z',
      steps: [],
      ...status === 'FAILED' ? { resumable: false } : {},
    });
  });

  test('one that is open with its verdict is about to end', async () => {
    const job = await api.addJob('a', 'PLANNING', { error_code: 'header_mismatch', error_message: 'expected id, got x' });
    expect((await api.status(job.file_id)).body.error).toEqual({ code: 'header_mismatch', message: 'expected id, got x', whatToDo: 'wait: the job is about to end with this error' });
  });

  test('there is no link to what was deleted, and none at all without the report', async () => {
    const jobId = await api.process('incoming/a.csv', BAD);
    api.world.outputBucket.delete(`quarantine/file_id=${jobId}/rejected.csv`);
    expect(Object.keys((await api.status(jobId)).body.links).sort()).toEqual(['expiresAt', 'report']);
    api.world.outputBucket.delete(`reports/file_id=${jobId}.json`);
    expect((await api.status(jobId)).body).not.toHaveProperty('links');
  });

  test('links lead to every file of the rejected records that is there, where they are several', async () => {
    const jobId = await api.process('incoming/a.csv', BAD);
    const { outputBucket, output } = api.world;
    const folder = `quarantine/file_id=${jobId}/`;
    const further = [2, 3].map((file) => `${folder}rejected-${file}.csv`);
    const report = await output.getJson<object>(`reports/file_id=${jobId}.json`);
    await output.put(`reports/file_id=${jobId}.json`, JSON.stringify({ ...report, furtherRejectedKeys: further }), 'application/json');
    for (const key of further) await output.put(key, 'x', 'text/csv');
    const links = async () => (await api.status(jobId)).body.links;
    expect((await links()).furtherRejected).toEqual(further.map((key) => `https://output.example.com/${key}?expires=900`));
    outputBucket.delete(further[0]);
    expect((await links()).furtherRejected).toEqual([`https://output.example.com/${further[1]}?expires=900`]);
    outputBucket.delete(further[1]);
    expect(Object.keys(await links()).sort()).toEqual(['expiresAt', 'rejected', 'report']);
  });

  test('links lead to where a job has written under prefixes that are not in force any more', async () => {
    api = new ApiWorld('Enabled', { prefixes: { processed: 'p/', failed: 'f/', output: 'o/', quarantine: 'q/', reports: 'r/', work: 'w/' } });
    const jobId = await api.process('incoming/a.csv', CLEAN);
    expect((await api.status(jobId)).body.links).toMatchObject({ report: expect.stringContaining('/r/file_id='), manifest: expect.stringContaining('/o/ingest_date=') });
  });
});

describe('GET /jobs/{jobId}/report', () => {
  test('is the report as it was written', async () => {
    const jobId = await api.process('incoming/a.csv', CLEAN);
    const { statusCode, body } = await api.report(jobId);
    expect(statusCode).toBe(200);
    expect(body).toEqual(JSON.parse(api.world.outputBucket.text(`reports/file_id=${jobId}.json`)!));
    expect(body).toMatchObject({ status: 'SUCCEEDED', fileId: jobId, recordsRead: 20 });
  });

  test('is a redirect to a link where it is larger than a function can answer with', async () => {
    const jobId = await api.process('incoming/a.csv', CLEAN);
    const key = `reports/file_id=${jobId}.json`;
    const report = JSON.parse(api.world.outputBucket.text(key)!);
    // 3 MB as it lies there, and twice as much as an answer: each quote in it is a quote in a text.
    report.chunks = Array.from({ length: 70_000 }, () => ({ '"': '""""""""""""""""' }));
    api.world.outputBucket.put(key, JSON.stringify(report));
    const { statusCode, headers, body } = await api.report(jobId);
    expect([statusCode, body]).toEqual([303, { location: `https://output.example.com/${key}?expires=900` }]);
    expect(headers.Location).toBe(body.location);
  });

  test.each<[string, () => Promise<string>, string]>([
    ['is open', async () => (await api.addJob('a', 'PROCESSING')).file_id, 'got one that is PROCESSING: the report is written when the job ends'],
    ['was interrupted', async () => api.interrupt('incoming/a.csv', CLEAN), 'got one that was interrupted: resume it, and the report is written when it ends'],
    ['lost its report', async () => {
      const jobId = await api.process('incoming/a.csv', CLEAN);
      api.world.outputBucket.delete(`reports/file_id=${jobId}.json`);
      return jobId;
    }, 'got one whose report was deleted from reports/file_id='],
  ])('is 404 with the state where the job %s', async (_, make, message) => {
    const jobId = await make();
    const { statusCode, body } = await api.report(jobId);
    expect([statusCode, body.error.code]).toEqual([404, 'report_not_found']);
    expect(body.error.message).toContain(message);
    expect(body.error.job).toMatchObject({ jobId, status: (await api.world.job(jobId)).status });
  });
});

describe('GET /jobs', () => {
  /** Times in milliseconds, by the digit of the job. */
  const at = async (jobs: Readonly<Record<string, [typeof JOB_STATUSES[number], number]>>) => {
    for (const [digit, [status, timestamp]] of Object.entries(jobs)) await api.addJob(digit, status, { timestamp: Date.parse('2026-11-20T00:00:00Z') + timestamp });
  };
  const digits = (pages: string[][]) => pages.map((ids) => ids.map(([digit]) => digit).join(''));

  beforeEach(async () => at({
    1: ['SUCCEEDED', 10],
    2: ['FAILED', 20],
    3: ['SUCCEEDED', 30],
    4: ['PLANNING', 40],
    5: ['PROCESSING', 50],
    6: ['PUBLISHING', 60],
    7: ['SUCCEEDED', 70],
    8: ['SUCCEEDED', 70],
    9: ['FAILED', 70],
  }));

  test('lists the jobs of all statuses, newest first', async () => {
    const [all] = await api.listAll();
    const times = await Promise.all(all.map(async (jobId) => (await api.world.job(jobId)).timestamp));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(digits([all])[0].slice(3)).toBe('654321');
    expect([...digits([all])[0].slice(0, 3)].sort().join('')).toBe('789');
  });

  test.each([1, 2, 3, 4, 8, 9, 100])('in pages of %i they are the same jobs, each once', async (limit) => {
    const [all] = digits(await api.listAll());
    const pages = digits(await api.listAll({ limit: String(limit) }));
    expect(pages.join('')).toBe(all);
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    expect(pages.length).toBe(Math.max(1, Math.ceil(9 / limit)));
  });

  test.each<[Record<string, string>, string]>([
    [{ status: 'SUCCEEDED' }, '8731'],
    [{ status: 'PUBLISHING' }, '6'],
    [{ from: '2026-11-20T00:00:00.030Z', to: '2026-11-20T00:00:00.060Z' }, '543'],
    [{ from: '2026-11-20T01:00:00.060+01:00', status: 'PUBLISHING' }, '6'],
    [{ to: '2026-11-20' }, ''],
    [{ from: '2026-11-21' }, ''],
    [{ from: '2026-11-20', to: '2026-11-21', status: 'FAILED' }, '92'],
  ])('%j', async (query, expected) => {
    expect(digits(await api.listAll(query)).join('')).toBe(expected);
    expect(digits(await api.listAll({ ...query, limit: '1' })).join('')).toBe(expected);
  });

  test('says of each job what there is to know', async () => {
    const jobId = await api.process('incoming/big.csv', BAD);
    const { body } = await api.list({ limit: '1', from: '2026-11-21' });
    expect(body.jobs).toEqual([{
      jobId,
      bucket: 'landing',
      key: 'incoming/big.csv',
      status: 'FAILED',
      run: 1,
      since: expect.any(String),
      resumable: false,
      errorCode: 'too_many_rejects',
      errorMessage: expect.any(String),
      executionArn: expect.any(String),
      sourceAt: `failed/${jobId}/big.csv`,
      sourceState: 'MOVED',
      reportKey: `reports/file_id=${jobId}.json`,
      sizeBytes: Buffer.byteLength(BAD),
      startTime: expect.any(String),
      endTime: expect.any(String),
      counts: { recordsRead: 20, recordsWritten: 19, recordsRejected: 1, recordsFiltered: 0 },
    }]);
    expect(body.nextToken).toBeUndefined();
  });

  test('a job that the index shows twice is there once, as it is now', async () => {
    const [stale] = await Promise.all([api.addJob('c', 'PLANNING', { timestamp: 1 })]);
    const { newestJobs } = api.world.jobs;
    api.deps.jobs.newestJobs = async function* (status, period) {
      if (status === 'FAILED') yield { ...stale, status: 'FAILED', timestamp: Date.parse('2026-11-25T00:00:00Z') };
      yield* newestJobs.call(api.world.jobs, status, period);
    };
    const { body } = await api.list();
    expect(body.jobs.filter(({ jobId }: { jobId: string }) => jobId === stale.file_id)).toMatchObject([{ status: 'FAILED' }]);
  });

  describe('a page token that is not ours is refused', () => {
    const tokenOf = async (query: Record<string, string> = {}, from = api): Promise<string> => (await from.list({ limit: '2', ...query })).body.nextToken;

    test.each<[string, (token: string) => Promise<[string, Record<string, string>]> | [string, Record<string, string>]]>([
      ['text', () => ['x', {}]],
      ['an empty one', () => ['', {}]],
      ['one that was changed', (token) => [token.replace(/^./, (letter) => letter === 'e' ? 'f' : 'e'), {}]],
      ['one whose seal is gone', (token) => [token.split('.')[0], {}]],
      ['that of another status', (token) => [token, { status: 'FAILED' }]],
      ['that of another time', (token) => [token, { from: '2026-11-01' }]],
      ['that of another pipeline', async () => {
        const other = new ApiWorld();
        other.deps.pipelineId = 'Stack/Other';
        for (const digit of '123') await other.addJob(digit, 'FAILED');
        return [await tokenOf({}, other), {}];
      }],
    ])('%s', async (_, change) => {
      const [nextToken, query] = await change(await tokenOf());
      const { statusCode, body } = await api.list({ limit: '2', ...query, nextToken });
      expect([statusCode, body.error.code, body.error.field]).toEqual([400, 'invalid_request', 'nextToken']);
      expect(body.error.message).toBe('nextToken must be that of the page before, with the same status, from and to, got another: leave it out to begin with the first page');
    });

    test.each([
      ['null'], ['3'], ['not json'], ['{"NONE":{"timestamp":1,"fileId":"' + UNKNOWN + '"}}'], ['{"FAILED":{"timestamp":1.5,"fileId":"' + UNKNOWN + '"}}'],
      ['{"FAILED":{"timestamp":1,"fileId":"x"}}'], ['{"FAILED":null}'], ['{"FAILED":{"timestamp":-1,"fileId":"' + UNKNOWN + '"}}'],
    ])('one that somebody has made up, and sealed: %s', async (content) => {
      const encoded = Buffer.from(content).toString('base64url');
      const seal = createHash('sha256').update([api.deps.pipelineId, '', 0, 8_640_000_000_000_000, encoded].join('\0')).digest('base64url').slice(0, 22);
      const { statusCode, body } = await api.list({ nextToken: `${encoded}.${seal}` });
      expect([statusCode, body.error?.field]).toEqual([400, 'nextToken']);
    });

    test('one of a page before is taken with another limit', async () => {
      const nextToken = await tokenOf();
      expect((await api.list({ limit: '5', nextToken })).body.jobs).toHaveLength(5);
    });
  });
});

describe('POST /trigger starts a file that lies in the bucket', () => {
  test.each(VERSIONINGS)('as its event would have (bucket with %s)', async (_, versioning) => {
    api = new ApiWorld(versioning);
    const object = api.world.land('incoming/a.csv', CLEAN);
    const { statusCode, body } = await api.trigger({ action: 'start', key: 'incoming/a.csv' });
    expect(statusCode).toBe(202);
    const [{ executionArn }] = api.started;
    expect(body).toEqual({ action: 'start', jobId: fileIdOf(api.deps.pipelineId, object), executionArn });
    expect(await api.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId: body.jobId }]);
    // Its event comes late, and finds the job.
    expect(await api.world.execute(createdEvent(object))).toMatchObject({ status: 'SUCCEEDED', fileId: undefined });
    expect(await api.world.allJobs()).toHaveLength(1);
  });

  test.each(VERSIONINGS)('and of none that takes its place meanwhile, be it of the same bytes: the job is that of the answer (bucket with %s)', async (_, versioning) => {
    api = new ApiWorld(versioning);
    const request = { action: 'start', key: 'incoming/a.csv' };
    api.world.land(request.key, CLEAN);
    const { body: { jobId } } = await api.trigger(request, 'once');
    api.world.pass(1000);
    const newer = api.world.land(request.key, CLEAN);
    const newerId = fileIdOf(api.deps.pipelineId, newer);

    const [{ executionArn }] = api.started;
    const [ended] = await api.follow();
    // A version stays what it is, whatever comes after it.
    expect(ended).toMatchObject(versioning === 'Enabled' ? { status: 'SUCCEEDED', fileId: jobId } : { status: 'FAILED', fileId: jobId, errorCode: 'source_changed' });
    expect((await api.status(jobId)).body).toMatchObject({ executionArn, status: ended.status });
    expect(await api.world.execute(createdEvent(newer))).toMatchObject({ status: 'SUCCEEDED', fileId: newerId });
  });

  test.each(VERSIONINGS.filter(([, versioning]) => versioning !== 'Enabled'))('also where the one in its place has its job already (bucket with %s)', async (_, versioning) => {
    api = new ApiWorld(versioning);
    api.world.land('incoming/a.csv', CLEAN);
    const { body: { jobId } } = await api.trigger({ action: 'start', key: 'incoming/a.csv' });
    api.world.pass(1000);
    const { fileId } = await api.world.execute(createdEvent(api.world.land('incoming/a.csv', CLEAN)));
    expect(fileId).not.toBe(jobId);
    expect(await api.follow()).toMatchObject([{ status: 'FAILED', fileId: jobId, errorCode: 'source_changed' }]);
  });

  test('of a version that is not the newest any more', async () => {
    const { versionId } = api.world.land('incoming/a.csv', CLEAN);
    api.world.land('incoming/a.csv', csv(3));
    const { body } = await api.trigger({ action: 'start', key: 'incoming/a.csv', versionId });
    expect(await api.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId: body.jobId }]);
    expect((await api.world.job(body.jobId)).records_read).toBe(20);
  });

  test('once, however often it is asked for within a minute; then by the claim', async () => {
    api.world.land('incoming/a.csv', CLEAN);
    const answers = [await api.trigger({ action: 'start', key: 'incoming/a.csv' }), await api.trigger({ action: 'start', key: 'incoming/a.csv' })];
    expect(answers[1]).toEqual({ ...answers[0], headers: answers[1].headers });
    api.world.pass(61_000);
    await api.trigger({ action: 'start', key: 'incoming/a.csv' });
    expect(api.started).toHaveLength(2);
    expect(await api.follow()).toMatchObject([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED', fileId: undefined }]);
  });

  test.each([
    ['other/a.csv', 'got "other/a.csv"'],
    ['incoming/', 'got "incoming/"'],
    ['incoming/folder/', 'got "incoming/folder/"'],
    ['incoming/a.txt', 'begin with "incoming/" and end with .csv or .json, got "incoming/a.txt"'],
    ['processed/x/a.csv', 'got "processed/x/a.csv"'],
    [`incoming/${'ä'.repeat(600)}.csv`, 'key must be a text of 1 to 1024 bytes of UTF-8'],
    ['', 'key must be a text of 1 to 1024 bytes of UTF-8, got ""'],
    ['incoming/\ud800.csv', 'key must be a text of 1 to 1024 bytes of UTF-8, got "incoming/\\ud800.csv"'],
    [7, 'key must be a text of 1 to 1024 bytes of UTF-8, got 7'],
    [undefined, 'key must be a text of 1 to 1024 bytes of UTF-8, got none'],
  ])('400 for a key that is none of a file that starts jobs: %j', async (key, message) => {
    const { statusCode, body } = await api.trigger({ action: 'start', key });
    expect([statusCode, body.error.code, body.error.field]).toEqual([400, 'invalid_request', 'key']);
    expect(body.error.message).toContain(message);
    expect(api.started).toEqual([]);
  });

  test('suffixes count in any case, as for events; without any, every file counts', async () => {
    for (const key of ['incoming/A.CSV', 'incoming/a.txt']) api.world.land(key, CLEAN);
    expect((await api.trigger({ action: 'start', key: 'incoming/A.CSV' })).statusCode).toBe(202);
    api.deps.files = { ...api.deps.files, fileSuffixes: [] };
    expect((await api.trigger({ action: 'start', key: 'incoming/a.txt' })).statusCode).toBe(202);
  });

  test('404 for one that is not there', async () => {
    const none = await api.trigger({ action: 'start', key: 'incoming/none.csv' });
    expect([none.statusCode, none.body.error]).toMatchObject([404, { code: 'object_not_found', field: 'key', message: 'expected an object incoming/none.csv in bucket landing, got none' }]);
    api.world.land('incoming/a.csv', CLEAN);
    const version = await api.trigger({ action: 'start', key: 'incoming/a.csv', versionId: 'other' });
    expect([version.statusCode, version.body.error.field]).toEqual([404, 'versionId']);
  });

  test('409 for one in an archive', async () => {
    api.world.land('incoming/a.csv', CLEAN);
    const head = api.world.source.head.bind(api.world.source);
    api.deps.source = { head: async (object) => ({ ...(await head(object))!, isArchived: true }) };
    const { statusCode, body } = await api.trigger({ action: 'start', key: 'incoming/a.csv' });
    expect([statusCode, body.error.code]).toEqual([409, 'source_archived']);
    expect(body.error.message).toMatch(/got one in an archive: restore it first$/);
  });

  test('409 with its state for one that has a job', async () => {
    const jobId = await api.interrupt('incoming/a.csv', CLEAN);
    const { statusCode, body } = await api.trigger({ action: 'start', key: 'incoming/a.csv' });
    expect([statusCode, body.error]).toMatchObject([409, { code: 'job_exists', field: 'key', job: { jobId, status: 'FAILED', run: 1, resumable: true } }]);
    expect(body.error.message).toContain(`got one whose job ${jobId} FAILED (infrastructure), and can be resumed`);
  });
});

describe('POST /trigger resumes a job', () => {
  test('that was interrupted', async () => {
    const jobId = await api.interrupt('incoming/a.csv', CLEAN);
    const { statusCode, body } = await api.trigger({ action: 'resume', jobId });
    expect([statusCode, body]).toEqual([202, { action: 'resume', jobId, executionArn: api.started[0].executionArn }]);
    expect(await api.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId: jobId }]);
    expect((await api.status(jobId)).body).toMatchObject({ status: 'SUCCEEDED', run: 2 });
  });

  test('once: of two requests the second is the first within a minute, and finds the job taken later', async () => {
    const jobId = await api.interrupt('incoming/a.csv', CLEAN);
    for (let times = 0; times < 2; times++) await api.trigger({ action: 'resume', jobId });
    expect(api.started).toHaveLength(1);
    api.world.pass(61_000);
    await api.trigger({ action: 'resume', jobId });
    expect(api.started).toHaveLength(2);
    // The second one comes to nothing, and that is no failure that an alarm would tell of.
    expect(await api.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId: jobId }, { status: 'SUCCEEDED', fileId: undefined }]);
    expect((await api.world.job(jobId)).run).toBe(2);
  });

  test.each<[string, () => Promise<string>, string, string]>([
    ['is open', async () => (await api.addJob('a', 'PROCESSING')).file_id, 'job_open', 'got one that is PROCESSING: wait for its end'],
    ['is being published', async () => (await api.addJob('a', 'PUBLISHING')).file_id, 'job_open', 'got one that is PUBLISHING: wait for its end'],
    ['SUCCEEDED', async () => api.process('incoming/a.csv', CLEAN), 'job_succeeded', 'got one that SUCCEEDED: rerun processes its file once more'],
    ['failed for good', async () => api.process('incoming/a.csv', BAD), 'job_failed_for_good', 'got one that FAILED for good (too_many_rejects): correct the file'],
    ['failed too long ago', async () => {
      const jobId = await api.interrupt('incoming/a.csv', CLEAN);
      api.world.pass(3 * 86_400_000);
      return jobId;
    }, 'resume_window_over', 'the next sweep ends the job for good, and rerun processes its file once more'],
  ])('409 with its state for one that %s', async (_, make, code, message) => {
    const jobId = await make();
    const { statusCode, body } = await api.trigger({ action: 'resume', jobId });
    expect([statusCode, body.error.code, body.error.field]).toEqual([409, code, 'jobId']);
    expect(body.error.message).toContain(message);
    expect(body.error.job).toMatchObject({ jobId, status: (await api.world.job(jobId)).status });
    expect(api.started).toEqual([]);
  });

  test('the sweep keeps that word', async () => {
    const jobId = await api.interrupt('incoming/a.csv', CLEAN);
    api.world.pass(3 * 86_400_000);
    await api.world.sweep();
    await api.world.follow();
    expect((await api.status(jobId)).body).toMatchObject({ status: 'FAILED', resumable: false, error: { code: 'resumed_too_late' } });
    expect((await api.trigger({ action: 'rerun', jobId })).statusCode).toBe(202);
  });
});

describe('POST /trigger in a pipeline with two regions', () => {
  const [PRIMARY, STANDBY] = ['us-east-1', 'eu-west-1'];
  const inRegion = (own: string) => new ApiWorld('Enabled', {}, { own, primary: PRIMARY, bucket: `landing-${own}` });
  const ofRegion = (region: string) => `arn:aws:states:${region}:111122223333:execution:workflow:x`;
  const interruptedIn = async (region: string) => (await api.addJob('a', 'FAILED', {
    error_code: 'infrastructure', error_message: 'x', resumable: true, execution_arn: ofRegion(region),
  })).file_id;

  test.each([
    ['start', async () => {
      api.world.land('incoming/a.csv', CLEAN);
      return { key: 'incoming/a.csv' };
    }],
    ['resume', async () => ({ jobId: await interruptedIn(STANDBY) })],
    ['rerun', async () => ({ jobId: (await api.addJob('b', 'SUCCEEDED', { moved_to: 'processed/b', source_state: 'MOVED' })).file_id })],
  ] as const)('the region that stands by starts nothing (%s), and names the one that is active', async (action, make) => {
    api = inRegion(STANDBY);
    await api.world.jobs.moveFence({ activeRegion: STANDBY, epoch: 1, since: 1 });
    const asked = await make();
    await api.world.jobs.moveFence({ activeRegion: PRIMARY, epoch: 2, since: 2 });
    const { statusCode, body } = await api.trigger({ action, ...asked });
    expect([statusCode, body.error.code]).toEqual([409, 'region_passive']);
    expect(body.error.message).toBe('expected region eu-west-1 to be the active one, got us-east-1: send the request to the API of us-east-1');
    expect(api.started).toEqual([]);
  });

  test('once it is the active one it starts', async () => {
    api = inRegion(STANDBY);
    api.world.land('incoming/a.csv', CLEAN);
    await api.world.jobs.moveFence({ activeRegion: STANDBY, epoch: 1, since: 1 });
    expect((await api.trigger({ action: 'start', key: 'incoming/a.csv' })).statusCode).toBe(202);
  });

  test('a request that was sent before a switch has the same answer after it', async () => {
    api = inRegion(PRIMARY);
    api.world.land('incoming/a.csv', CLEAN);
    const first = await api.trigger({ action: 'start', key: 'incoming/a.csv' }, 'once');
    await api.world.jobs.moveFence({ activeRegion: STANDBY, epoch: 1, since: 1 });
    expect(await api.trigger({ action: 'start', key: 'incoming/a.csv' }, 'once')).toMatchObject({ statusCode: 202, body: { executionArn: first.body.executionArn } });
  });

  test.each(['resume', 'rerun'])('a job that was interrupted in the other region: no %s, the sweep takes it over', async (action) => {
    api = inRegion(PRIMARY);
    const jobId = await interruptedIn(STANDBY);
    const { statusCode, body } = await api.trigger({ action, jobId });
    expect([statusCode, body.error.code, body.error.field]).toEqual([409, 'job_of_other_region', 'jobId']);
    expect(body.error.message).toContain('got one that was interrupted in eu-west-1, where its uploads are: the sweep ends it');
    expect(api.started).toEqual([]);
    expect((await api.status(jobId)).body.error.whatToDo).toMatch(/ to the API of eu-west-1, if that is the active region; else the sweep processes the file once more$/);
  });

  test('one of its own is resumed', async () => {
    api = inRegion(PRIMARY);
    expect((await api.trigger({ action: 'resume', jobId: await interruptedIn(PRIMARY) })).statusCode).toBe(202);
  });
});

describe('POST /trigger processes the file of a job once more', () => {
  test.each([['SUCCEEDED', CLEAN], ['failed for good', BAD]])('that %s: each time as a job of its own, whose id it tells', async (_, file) => {
    const jobId = await api.process('incoming/a.csv', file);
    const answers = [await api.trigger({ action: 'rerun', jobId }), await api.trigger({ action: 'rerun', jobId })];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    const ids = answers.map(({ body }) => body.jobId as string);
    expect(new Set([jobId, ...ids]).size).toBe(3);
    expect((await api.follow()).map(({ fileId }) => fileId)).toEqual(ids);
    for (const id of ids) expect((await api.status(id)).body).toMatchObject({ rerunOf: jobId, run: 1 });
  });

  test.each<[string, () => Promise<string>, string, string]>([
    ['is open', async () => (await api.addJob('a', 'PLANNING')).file_id, 'job_open', 'got one that is PLANNING: wait for its end'],
    ['can be resumed', async () => api.interrupt('incoming/a.csv', CLEAN), 'job_resumable', 'got one that FAILED (infrastructure), and can be resumed'],
    ['has not moved its file', async () => (await api.addJob('a', 'SUCCEEDED')).file_id, 'source_not_moved', 'got one that SUCCEEDED, and whose file is not moved yet'],
    ['had no file any more', async () => (await api.addJob('a', 'FAILED', { source_state: 'GONE' })).file_id, 'source_gone', 'got one that FAILED, and whose file was gone'],
    ['has lost its file since', async () => {
      const jobId = await api.process('incoming/a.csv', CLEAN);
      api.world.landing.expire(`processed/${jobId}/a.csv`);
      return jobId;
    }, 'source_gone', 'got none: it was deleted since. Upload it again'],
    ['has its file in an archive', async () => {
      const jobId = await api.process('incoming/a.csv', CLEAN);
      const head = api.world.source.head.bind(api.world.source);
      api.deps.source = { head: async (object) => ({ ...(await head(object))!, isArchived: true }) };
      return jobId;
    }, 'source_archived', 'got one in an archive: restore it first'],
  ])('409 with its state for one that %s', async (_, make, code, message) => {
    const jobId = await make();
    const { statusCode, body } = await api.trigger({ action: 'rerun', jobId });
    expect([statusCode, body.error.code, body.error.field]).toEqual([409, code, 'jobId']);
    expect(body.error.message).toContain(message);
    expect(body.error.job).toMatchObject({ jobId, status: (await api.world.job(jobId)).status });
    expect(api.started).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  test('of a job of another region: its file is looked for in the bucket that is here, under the same key', async () => {
    const jobId = await api.process('incoming/a.csv', CLEAN);
    const job = await api.world.job(jobId);
    await api.world.jobs.changeJob(job, { bucket: 'bucket-of-the-other-region' }, { event: 'replicated', at: job.timestamp });
    expect((await api.trigger({ action: 'rerun', jobId })).statusCode).toBe(202);
  });

  test('makes of a rerun that is sent again one attempt, also when that has ended', async () => {
    const jobId = await api.process('incoming/a.csv', CLEAN);
    const first = await api.trigger({ action: 'rerun', jobId }, 'key-1');
    const again = await api.trigger({ action: 'rerun', jobId }, 'key-1');
    expect(again.body).toEqual(first.body);
    expect(api.started).toHaveLength(1);
    expect((await api.trigger({ action: 'rerun', jobId }, 'key-2')).body.jobId).not.toBe(first.body.jobId);
  });

  test('makes of a resume that is sent again one, whatever the job is by then', async () => {
    const jobId = await api.interrupt('incoming/a.csv', CLEAN);
    const first = await api.trigger({ action: 'resume', jobId }, 'k');
    const { input, executionArn } = api.started[0];
    await api.world.flow(input, executionArn, 1);
    const again = await api.trigger({ action: 'resume', jobId }, 'k');
    expect([again.statusCode, again.body]).toEqual([202, first.body]);
    // Without it, or with another one, it is a new request.
    expect((await api.trigger({ action: 'resume', jobId }, 'other')).statusCode).toBe(409);
  });

  test('makes of a start that is sent again one, although the file is moved by then', async () => {
    api.world.land('incoming/a.csv', CLEAN);
    const body = { action: 'start', key: 'incoming/a.csv' };
    const first = await api.trigger(body, 'k');
    // Not claimed yet.
    expect((await api.trigger(body, 'k')).body).toEqual({ action: 'start', executionArn: first.body.executionArn });
    const { input, executionArn } = api.started[0];
    await api.world.flow(input, executionArn, 1);
    expect((await api.trigger(body, 'k')).body).toEqual(first.body);
    expect(api.started).toHaveLength(1);
  });

  test('is good for its own request alone', async () => {
    for (const key of ['incoming/a.csv', 'incoming/b.csv']) api.world.land(key, CLEAN);
    const answers = [await api.trigger({ action: 'start', key: 'incoming/a.csv' }, 'k'), await api.trigger({ action: 'start', key: 'incoming/b.csv' }, 'k')];
    expect(answers[0].body.jobId).not.toBe(answers[1].body.jobId);
    expect(api.started).toHaveLength(2);
  });

  test.each(['', 'ä', 'a\nb', 'x'.repeat(256)])('%j is refused', async (key) => {
    const { statusCode, body } = await api.trigger({ action: 'resume', jobId: UNKNOWN }, key);
    expect([statusCode, body.error.field]).toEqual([400, 'Idempotency-Key']);
    expect(body.error.message).toMatch(/^Idempotency-Key must be 1 to 255 printable ASCII characters, got "/);
  });

  test('no name of an execution is longer than Step Functions takes', async () => {
    api.world.land('incoming/a.csv', CLEAN);
    const jobId = await api.interrupt('incoming/b.csv', CLEAN);
    for (const key of [undefined, 'x'.repeat(255)]) {
      await api.trigger({ action: 'start', key: 'incoming/a.csv' }, key);
      await api.trigger({ action: 'resume', jobId }, key);
    }
    expect(api.started).toHaveLength(4);
    for (const { name } of api.started) expect(name).toMatch(/^[a-z0-9-]{1,80}$/);
  });
});

describe('400 with the field', () => {
  test.each<[Record<string, string | string[]>, string, string]>([
    [{ status: 'succeeded' }, 'status', 'status must be PLANNING, PROCESSING, PUBLISHING, SUCCEEDED, FAILED, got "succeeded"'],
    [{ status: '' }, 'status', 'got ""'],
    [{ status: ['FAILED', 'SUCCEEDED'] }, 'status', 'status must be given once, got 2 values'],
    [{ from: 'yesterday' }, 'from', 'from must be a date or a time with its zone (2026-11-29, 2026-11-29T12:00:00Z), got "yesterday"'],
    [{ from: '2026-11-29T12:00:00' }, 'from', 'got "2026-11-29T12:00:00"'],
    [{ from: '2026-02-31' }, 'from', 'got "2026-02-31"'],
    [{ to: '2026-13-01' }, 'to', 'got "2026-13-01"'],
    [{ to: '1764417600' }, 'to', 'got "1764417600"'],
    [{ from: '2026-11-30', to: '2026-11-29' }, 'to', 'to must be later than from, got "2026-11-29" and "2026-11-30"'],
    [{ from: '2026-11-30', to: '2026-11-30' }, 'to', 'to must be later than from'],
    [{ limit: '0' }, 'limit', 'limit must be a whole number from 1 to 100, got "0"'],
    [{ limit: '101' }, 'limit', 'got "101"'],
    [{ limit: '1.5' }, 'limit', 'got "1.5"'],
    [{ limit: '-1' }, 'limit', 'got "-1"'],
    [{ limit: '1e9' }, 'limit', 'got "1e9"'],
    [{ stauts: 'FAILED' }, 'stauts', 'expected no other parameters than status, from, to, limit, nextToken, got "stauts"'],
  ])('GET /jobs %j', async (query, field, message) => {
    const { statusCode, body } = await api.list(query);
    expect([statusCode, body.error.code, body.error.field]).toEqual([400, 'invalid_request', field]);
    expect(body.error.message).toContain(message);
  });

  test.each<[unknown, string, string]>([
    ['', 'body', 'the body must be a JSON object such as {"action": "resume", "jobId": "…"}, got none'],
    ['{', 'body', 'got "{"'],
    ['[]', 'body', 'got "[]"'],
    ['null', 'body', 'got "null"'],
    ['"start"', 'body', 'got "\\"start\\""'],
    [{}, 'action', 'action must be start, resume, rerun, got none'],
    [{ action: 'stop' }, 'action', 'got "stop"'],
    [{ action: ['start'] }, 'action', 'got ["start"]'],
    [{ action: 'resume' }, 'jobId', 'jobId must be 32 hexadecimal digits in lower case, got none'],
    [{ action: 'resume', jobId: 5 }, 'jobId', 'got 5'],
    [{ action: 'rerun', jobId: UNKNOWN.toUpperCase() }, 'jobId', `got "${UNKNOWN.toUpperCase()}"`],
    [{ action: 'rerun', jobId: 'x'.repeat(5000) }, 'jobId', `got "${'x'.repeat(100)}…"`],
    [{ action: 'rerun', jobId: 'a\u001b[2J' }, 'jobId', 'got "a\\u001b[2J"'],
    [{ action: 'resume', jobId: UNKNOWN, key: 'incoming/a.csv' }, 'key', 'expected no other properties with the action resume than action, jobId, got "key"'],
    [{ action: 'start', key: 'incoming/a.csv', jobId: UNKNOWN }, 'jobId', 'expected no other properties with the action start than action, key, versionId, got "jobId"'],
    [{ action: 'start', key: 'incoming/a.csv', versionId: 'null' }, 'versionId', 'versionId must be the id of a version, or left out for the newest, got "null"'],
    [{ action: 'start', key: 'incoming/a.csv', versionId: '' }, 'versionId', 'got ""'],
  ])('POST /trigger %j', async (request, field, message) => {
    const { statusCode, body } = await api.trigger(request);
    expect([statusCode, body.error.code, body.error.field]).toEqual([400, 'invalid_request', field]);
    expect(body.error.message).toContain(message);
    // The document says no to it as well; to the version "null" alone it has nothing to say.
    if (typeof request !== 'string' && field !== 'versionId') expect(requestFaults(request)).not.toEqual([]);
    expect(api.started).toEqual([]);
  });

  test.each(['status', 'report'] as const)('GET %s of what is no id of a job', async (route) => {
    for (const jobId of ['x', UNKNOWN.slice(1), `${UNKNOWN}0`, '../jobs']) {
      const { statusCode, body } = await api[route](jobId);
      expect([statusCode, body.error.field, body.error.message]).toEqual([400, 'jobId', `jobId must be 32 hexadecimal digits in lower case, got "${jobId}"`]);
    }
  });
});

test('404 for an unknown job, whatever is asked of it', async () => {
  const answers = [await api.status(UNKNOWN), await api.report(UNKNOWN), await api.trigger({ action: 'resume', jobId: UNKNOWN }), await api.trigger({ action: 'rerun', jobId: UNKNOWN })];
  for (const { statusCode, body } of answers) {
    expect([statusCode, body.error]).toMatchObject([404, {
      code: 'job_not_found', field: 'jobId', message: `expected a job ${UNKNOWN} of this pipeline, got none: GET /jobs lists them`,
    }]);
  }
});

test('500 tells nothing but the request\'s id, and is noted', async () => {
  const secret = new Error('AccessDenied: arn:aws:iam::111122223333:role/secret is not authorized');
  const fail = async () => { throw secret; };
  Object.assign(api.deps, { jobs: { job: fail, newestJobs: () => ({ [Symbol.asyncIterator]: () => ({ next: fail }) }) } });
  const answers = [await api.status(UNKNOWN), await api.report(UNKNOWN), await api.list(), await api.trigger({ action: 'resume', jobId: UNKNOWN })];
  for (const { statusCode, body } of answers) {
    expect(statusCode).toBe(500);
    expect(body.error).toEqual({
      code: 'internal_error', message: 'the request has failed; tell the operator its requestId, by which the logs say why', requestId: expect.stringMatching(/^request-/),
    });
  }
  expect(api.failures).toEqual(answers.map(() => secret));
});

describe('docs/job-api.openapi.yaml', () => {
  test('is valid OpenAPI', () => {
    const cli = join(__dirname, '..', '..', '..', 'node_modules', '@seriousme', 'openapi-schema-validator', 'bin', 'validate-api-cli.js');
    expect(JSON.parse(execFileSync(process.execPath, [cli, OPEN_API_FILE], { encoding: 'utf8' }))).toMatchObject({ valid: true });
  });

  test('has the routes of the API, and no others', () => {
    const documented = Object.entries(OPEN_API.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
    expect(documented.sort()).toEqual(Object.values(JOB_API_ROUTES).map(({ method, path }) => `${method} ${path}`).sort());
  });

  // Last: the tests before it have asked for everything.
  test('each answer that it has was given above', () => {
    expect([...answered].sort()).toEqual(documentedAnswers().sort());
  });
});
