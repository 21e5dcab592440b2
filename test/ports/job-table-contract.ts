/**
 * What `JobTable` promises, as examples that every implementation has to pass. Each test uses its own file id, so all
 * of them can share one table. Items are compared strictly: an attribute with the value `undefined` counts as present.
 */
import { ChunkItem, chunkId, ChunkOutcome, EventItem, generationOf, JOB_SORT_KEY, JobItem, JobStatus, UNSETTLED } from '../../src/contract/job-item';
import { ChunkTask } from '../../src/contract/payloads';
import { JobChanges, JobEvent, JobTable } from '../../src/ports/jobs';
import { Regions } from '../../src/ports/regions';
import { CountAttributes, COUNTS } from '../../src/spec/counts';

/** How long an index may lag behind its table. */
const INDEX_LAG_MS = 10_000;

/** Seconds since 1970, long from now: DynamoDB leaves the item alone. */
const EXPIRY = 4_000_000_000;

let files = 0;

export function newJob(changes: Partial<JobItem> = {}): JobItem {
  const fileId = `file-${++files}`;
  return {
    file_id: fileId,
    chunk_id: JOB_SORT_KEY,
    status: 'PLANNING',
    timestamp: 1000,
    revision: 1,
    file_name: 'a.csv',
    bucket: 'bucket',
    key: 'incoming/a.csv',
    etag: 'e',
    size_bytes: 9,
    last_modified: '2026-11-21T00:00:00Z',
    execution_arn: `execution-of-${fileId}`,
    schema_fingerprint: 'f',
    process_start_time: '2026-11-21T00:00:00.000Z',
    ingest_date: '2026-11-21',
    run: 1,
    unsettled: UNSETTLED,
    ...changes,
  };
}

function newTask(changes: Partial<ChunkTask> = {}): ChunkTask {
  return { fileId: `file-${++files}`, chunkId: chunkId(0), planKey: 'work/plan-a.json', task: 'PROCESS', run: 1, round: 1, start: 0, end: 10, ...changes };
}

/** Every attribute has a value, so that the tests notice one that a store does not write or does not remove. */
const OUTCOME: Required<ChunkOutcome> = {
  ...Object.fromEntries(Object.values(COUNTS).map((name, index) => [name, index + 1])) as unknown as CountAttributes,
  rejects_by_code: { type: 3 },
  rejects_by_column: { amount: 3 },
  reject_columns_key: 'work/f/rejects/chunk-0000000-1-columns.json',
  stages: { validate: { records: 9, milliseconds: 5 }, transform: { records: 8, milliseconds: 2 }, write: { records: 7, milliseconds: 1 } },
  actual_end: 12,
  lines: 20,
  part_key: 'output/part-0',
  upload_id: 'upload',
  part_etags: ['p'],
  output_bytes: 7,
  result_attempt: 1,
  reject_shard_key: 'work/rejects',
  key_shard_key: 'work/keys',
  key_runs: [6, 1],
};

/** The attributes that are missing when there is nothing to publish, to reject or to compare. */
const OPTIONAL = ['part_key', 'upload_id', 'part_etags', 'reject_shard_key', 'key_shard_key', 'key_runs'] as const;

const SCAN = [{ start: 0, end: 12 }, { start: 3, end: 12 }];

/** The item of a chunk that was just started, without anything of an earlier attempt. */
function started({ fileId, chunkId: id, start, end, ...task }: ChunkTask, attempt: number, at: number): ChunkItem {
  return {
    file_id: fileId, chunk_id: id, chunk_status: 'PROCESSING', attempt, generation: generationOf(task), updated_at: at, expires_at: EXPIRY, start, end,
  };
}

function without<T extends object, Name extends keyof T>(item: T, ...names: readonly Name[]): Omit<T, Name> {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name as Name))) as Omit<T, Name>;
}

/** @param open called once, before the first test */
export function describeJobTable(store: string, open: () => Promise<JobTable>): void {
  describe(`the job table in ${store}`, () => {
    let jobs: JobTable;
    beforeAll(async () => {
      jobs = await open();
    });

    const event = (name: string, at = 2000): JobEvent => ({ event: name, at });

    async function claimed(changes: Partial<JobItem> = {}): Promise<JobItem> {
      const job = newJob(changes);
      expect(await jobs.claim(job, event('claimed', job.timestamp))).toBe(true);
      return job;
    }

    /** The job as it is, changed. */
    async function changed(fileId: string, changes: JobChanges, of: JobEvent = event('changed')): Promise<JobItem> {
      const job = await jobs.changeJob((await jobs.job(fileId))!, changes, of);
      expect(job).toStrictEqual(await jobs.job(fileId));
      return job!;
    }

    async function entries(fileId: string): Promise<Array<Omit<EventItem, 'chunk_id'>>> {
      return (await jobs.events(fileId)).map((entry) => without(entry, 'chunk_id'));
    }

    async function chunks(fileId: string): Promise<ChunkItem[]> {
      const found: ChunkItem[] = [];
      for await (const chunk of jobs.chunks(fileId)) found.push(chunk);
      return found;
    }

    const chunkOf = async ({ fileId, chunkId: id }: ChunkTask) => jobs.chunk(fileId, id);

    /** A chunk whose first attempt has succeeded. */
    async function finished(changes: Partial<ChunkTask> = {}): Promise<ChunkTask> {
      const task = newTask(changes);
      expect(await jobs.startChunk(task, 1000, EXPIRY)).toBe(1);
      expect(await jobs.finishChunk(task, OUTCOME, 2000)).toBe(true);
      return task;
    }

    describe.each(['claim', 'claimForClosed'] as const)('%s', (claim) => {
      test('creates the job and its first audit entry', async () => {
        const job = newJob();
        expect(await jobs.job(job.file_id)).toBeUndefined();
        expect(await jobs.events(job.file_id)).toEqual([]);
        expect(await jobs[claim](job, event('claimed'))).toBe(true);
        expect(await jobs.job(job.file_id)).toStrictEqual(job);
        expect(await entries(job.file_id)).toStrictEqual([{ file_id: job.file_id, event: 'claimed', at: 2000, run: 1 }]);
      });

      test('stores no attribute that is undefined', async () => {
        const job = newJob();
        await jobs[claim]({ ...job, version_id: undefined, chunk_count: undefined }, event('claimed'));
        expect(await jobs.job(job.file_id)).toStrictEqual(job);
      });

      test('notes at the execution that it has the job', async () => {
        const job = newJob();
        expect(await jobs[claim](job, event('claimed'))).toBe(true);
        expect(await jobs.closeExecution(job.execution_arn, 3000)).toBe(job.file_id);
      });

      test('changes nothing where the file has a job, nor does the execution have it', async () => {
        const job = await changed((await claimed()).file_id, { chunk_count: 3 }, event('planned'));
        const again = newJob({ file_id: job.file_id, execution_arn: `another-for-${job.file_id}`, etag: 'other' });
        expect(await jobs[claim](again, event('claimed again'))).toBe(false);
        expect(await jobs.job(job.file_id)).toStrictEqual(job);
        expect((await entries(job.file_id)).map((entry) => entry.event)).toEqual(['claimed', 'planned']);
        expect(await jobs.closeExecution(again.execution_arn, 3000)).toBeUndefined();
      });

      test('of two at the same time one has the job, and only its execution', async () => {
        const job = newJob();
        const claims = ['a', 'b'].map((name) => ({ ...job, execution_arn: `${name}-for-${job.file_id}` }));
        const won = await Promise.all(claims.map(async (claiming) => jobs[claim](claiming, event('claimed'))));
        expect([...won].sort()).toEqual([false, true]);
        const winner = won.indexOf(true);
        expect(await jobs.job(job.file_id)).toStrictEqual(claims[winner]);
        expect(await entries(job.file_id)).toHaveLength(1);
        expect(await jobs.closeExecution(claims[winner].execution_arn, 3000)).toBe(job.file_id);
        expect(await jobs.closeExecution(claims[1 - winner].execution_arn, 3000)).toBeUndefined();
      });
    });

    describe('a closed execution', () => {
      test('is closed from the first time on, whether or not there is a job', async () => {
        const { execution_arn: arn } = newJob();
        expect((await jobs.execution(arn))?.closed_at).toBeUndefined();
        expect(await jobs.closeExecution(arn, 5000)).toBeUndefined();
        expect(await jobs.closeExecution(arn, 6000)).toBeUndefined();
        expect((await jobs.execution(arn))?.closed_at).toBe(5000);
      });

      test('is not closed by a claim, and keeps its job', async () => {
        const job = await claimed();
        expect((await jobs.execution(job.execution_arn))?.closed_at).toBeUndefined();
        expect(await jobs.closeExecution(job.execution_arn, 5000)).toBe(job.file_id);
        expect(await jobs.closeExecution(job.execution_arn, 6000)).toBe(job.file_id);
        expect((await jobs.execution(job.execution_arn))?.closed_at).toBe(5000);
        expect(await jobs.job(job.file_id)).toStrictEqual(job);
      });

      test('claims nothing any more', async () => {
        const job = newJob();
        await jobs.closeExecution(job.execution_arn, 5000);
        expect(await jobs.claim(job, event('claimed'))).toBe(false);
        expect(await jobs.job(job.file_id)).toBeUndefined();
        expect(await jobs.events(job.file_id)).toEqual([]);
        expect(await jobs.closeExecution(job.execution_arn, 6000)).toBeUndefined();
      });

      test('is claimed for by who closed it, and stays closed', async () => {
        const job = newJob({ status: 'FAILED', resumable: true });
        await jobs.closeExecution(job.execution_arn, 5000);
        expect(await jobs.claimForClosed(job, event('failed'))).toBe(true);
        expect(await jobs.job(job.file_id)).toStrictEqual(job);
        expect((await jobs.execution(job.execution_arn))?.closed_at).toBe(5000);
        expect(await jobs.closeExecution(job.execution_arn, 6000)).toBe(job.file_id);
      });

      test('resumes nothing any more', async () => {
        const job = await claimed({ status: 'FAILED', resumable: true });
        const resumedBy = `resume-of-${job.file_id}`;
        await jobs.closeExecution(resumedBy, 5000);
        const changes = { status: 'PLANNING', run: 2, execution_arn: resumedBy } as const;
        expect(await jobs.changeJob(job, changes, event('resumed', 6000))).toBeUndefined();
        expect(await jobs.job(job.file_id)).toStrictEqual(job);
        expect(await entries(job.file_id)).toHaveLength(1);
        expect(await jobs.closeExecution(resumedBy, 7000)).toBeUndefined();
      });

      test('does not keep anybody from the job that it has', async () => {
        const job = await claimed();
        await jobs.closeExecution(job.execution_arn, 5000);
        expect(await changed(job.file_id, { status: 'FAILED', resumable: true })).toMatchObject({ status: 'FAILED', revision: 2 });
      });

      test('and a claim of it at the same time: the job is found, or there is none', async () => {
        for (let tries = 0; tries < 10; tries++) {
          const job = newJob();
          const [isClaimed, found] = await Promise.all([jobs.claim(job, event('claimed')), jobs.closeExecution(job.execution_arn, 5000)]);
          expect(found).toBe(isClaimed ? job.file_id : undefined);
          expect(await jobs.job(job.file_id)).toStrictEqual(isClaimed ? job : undefined);
          expect((await jobs.execution(job.execution_arn))?.closed_at).toBe(5000);
        }
      });
    });

    describe('changeJob', () => {
      test('sets and removes attributes, adds the audit entry and gives the job as it is now', async () => {
        const job = await claimed({ error_code: 'not_text', error_message: 'm' });
        const changes = { chunk_count: 2, error_code: undefined, error_message: undefined, resumable: undefined };
        const after = await jobs.changeJob(job, changes, event('planned'));
        expect(after).toStrictEqual({ ...without(job, 'error_code', 'error_message'), chunk_count: 2, revision: 2 });
        expect(await jobs.job(job.file_id)).toStrictEqual(after);
        expect((await entries(job.file_id)).at(-1)).toStrictEqual({ file_id: job.file_id, event: 'planned', at: 2000, run: 1 });
      });

      test('removes an attribute and changes nothing else', async () => {
        const job = await claimed({ event_pending: true });
        expect(await changed(job.file_id, { event_pending: undefined })).toStrictEqual({ ...without(job, 'event_pending'), revision: 2 });
      });

      test('sets the timestamp with a new status, and only then', async () => {
        const job = await claimed();
        await changed(job.file_id, { status: 'PROCESSING' }, event('planned', 3000));
        expect(await changed(job.file_id, { map_round: 1 }, event('repair-1', 4000)))
          .toStrictEqual({ ...job, status: 'PROCESSING', map_round: 1, timestamp: 3000, revision: 3 });
      });

      test('notes a new run under its number', async () => {
        const job = await claimed();
        await changed(job.file_id, { run: 2 }, event('resumed'));
        await changed(job.file_id, { chunk_count: 1 }, event('planned', 3000));
        expect((await entries(job.file_id)).map(({ event: name, run }) => [name, run])).toEqual([['claimed', 1], ['resumed', 2], ['planned', 2]]);
      });

      test('notes at a new execution that it has the job; the one before keeps it, too', async () => {
        const job = await claimed({ status: 'FAILED' });
        const resumedBy = `resume-of-${job.file_id}`;
        expect(await changed(job.file_id, { status: 'PROCESSING', run: 2, execution_arn: resumedBy }, event('resumed')))
          .toStrictEqual({ ...job, status: 'PROCESSING', run: 2, execution_arn: resumedBy, timestamp: 2000, revision: 2 });
        expect(await jobs.closeExecution(resumedBy, 5000)).toBe(job.file_id);
        expect(await jobs.closeExecution(job.execution_arn, 5000)).toBe(job.file_id);
      });

      test('an execution that has a job resumes, and claims, no other one', async () => {
        const [one, other] = [await claimed(), await claimed({ status: 'FAILED' })];
        expect(await jobs.changeJob(other, { status: 'PLANNING', run: 2, execution_arn: one.execution_arn }, event('resumed'))).toBeUndefined();
        const third = newJob({ execution_arn: one.execution_arn });
        expect(await jobs.claim(third, event('claimed'))).toBe(false);
        expect(await jobs.claimForClosed(third, event('claimed'))).toBe(false);
        expect(await jobs.job(third.file_id)).toBeUndefined();
        expect(await jobs.closeExecution(one.execution_arn, 5000)).toBe(one.file_id);
      });

      test.each<[string, JobChanges]>([
        ['a verdict', { error_code: 'not_text' }],
        ['a status', { status: 'PROCESSING' }],
        ['a run', { run: 2 }],
        ['anything else', { event_pending: undefined }],
      ])('changes and notes nothing where somebody has changed %s since the job was read', async (_, changes) => {
        const job = await claimed();
        const after = await changed(job.file_id, changes);
        expect(await jobs.changeJob(job, { status: 'SUCCEEDED' }, event('succeeded', 3000))).toBeUndefined();
        expect(await jobs.changeJob(job, { status: 'SUCCEEDED', execution_arn: `late-for-${job.file_id}` }, event('resumed', 3000))).toBeUndefined();
        expect(await jobs.job(job.file_id)).toStrictEqual(after);
        expect(await entries(job.file_id)).toHaveLength(2);
        expect(await jobs.closeExecution(`late-for-${job.file_id}`, 4000)).toBeUndefined();
      });

      test('changes and notes nothing where there is no job', async () => {
        const job = newJob();
        expect(await jobs.changeJob(job, { chunk_count: 1 }, event('planned'))).toBeUndefined();
        expect(await jobs.job(job.file_id)).toBeUndefined();
        expect(await jobs.events(job.file_id)).toEqual([]);
      });

      test('of two at the same time one takes place', async () => {
        const job = await claimed();
        const all: readonly JobChanges[] = [{ status: 'PROCESSING' }, { status: 'FAILED', resumable: true }];
        const after = await Promise.all(all.map(async (changes) => jobs.changeJob(job, changes, event('changed'))));
        expect(after.filter((one) => one !== undefined)).toStrictEqual([await jobs.job(job.file_id)]);
        expect(await entries(job.file_id)).toHaveLength(2);
      });

      test('of two resumes at the same time one has the job', async () => {
        const job = await claimed({ status: 'FAILED', resumable: true });
        const arns = ['a', 'b'].map((name) => `${name}-resumes-${job.file_id}`);
        const resumed = await Promise.all(arns.map(async (arn) =>
          jobs.changeJob(job, { status: 'PLANNING', run: 2, execution_arn: arn, resumable: undefined }, event('resumed'))));
        const winner = resumed.findIndex((one) => one !== undefined);
        expect(resumed[1 - winner]).toBeUndefined();
        expect(await jobs.job(job.file_id)).toStrictEqual(resumed[winner]);
        expect(await jobs.closeExecution(arns[winner], 5000)).toBe(job.file_id);
        expect(await jobs.closeExecution(arns[1 - winner], 5000)).toBeUndefined();
      });
    });

    describe('audit entries', () => {
      test('are oldest first, whatever the order in which they were noted, and those of the file only', async () => {
        const job = await claimed();
        await jobs.note((await claimed()).file_id, 1, event('of another file', 1500));
        for (const at of [30_000, 2000, 100_000]) await jobs.note(job.file_id, 3, event('noted', at));
        expect((await entries(job.file_id)).map(({ at, run }) => [at, run])).toEqual([[1000, 1], [2000, 3], [30_000, 3], [100_000, 3]]);
      });

      test('do not need a job, and make none', async () => {
        const { file_id: fileId } = newJob();
        await jobs.note(fileId, 1, event('claimed-as-other'));
        expect(await entries(fileId)).toStrictEqual([{ file_id: fileId, event: 'claimed-as-other', at: 2000, run: 1 }]);
        expect(await jobs.job(fileId)).toBeUndefined();
      });

      test('two of one millisecond are two, even of one name, each with a key of its own', async () => {
        const { file_id: fileId } = newJob();
        for (const name of ['validated', 'rejected', 'rejected']) await jobs.note(fileId, 1, event(name, 0));
        const found = await jobs.events(fileId);
        expect(found.map((entry) => entry.event).sort()).toEqual(['rejected', 'rejected', 'validated']);
        expect(new Set(found.map((entry) => entry.chunk_id)).size).toBe(3);
        for (const entry of found) {
          expect(entry.chunk_id).toMatch(new RegExp(`^event-1970-01-01T00:00:00\\.000Z-${entry.event}-[0-9a-f]{8}$`));
        }
      });
    });

    describe('jobsByStatus', () => {
      /** All jobs of the table have other times than these. */
      const EPOCH = 1e12;

      /** The lookup is eventually consistent, so this asks until the answer is the expected one. */
      async function expectJobs(status: JobStatus, since: number, expected: readonly JobItem[]): Promise<void> {
        const deadline = Date.now() + INDEX_LAG_MS;
        for (;;) {
          const found: JobItem[] = [];
          for await (const job of jobs.jobsByStatus(status, since)) found.push(job);
          if (found.length === expected.length || Date.now() > deadline) return expect(found).toStrictEqual(expected);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }

      test('are those that reached the status since then, oldest first', async () => {
        const made: JobItem[] = [];
        for (const [timestamp, status] of [[30, 'PROCESSING'], [9, 'PROCESSING'], [20, 'PROCESSING'], [25, 'FAILED'], [100, 'PROCESSING']] as const) {
          made.push(await claimed({ status, timestamp: EPOCH + timestamp }));
        }
        await expectJobs('PROCESSING', EPOCH + 20, [made[2], made[0], made[4]]);
        await expectJobs('FAILED', EPOCH + 20, [made[3]]);
        await expectJobs('SUCCEEDED', EPOCH, []);
      });

      test('a job is found under the status that it has', async () => {
        const job = await claimed({ status: 'PUBLISHING', timestamp: 2 * EPOCH });
        await expectJobs('PUBLISHING', 2 * EPOCH, [job]);
        const ended = await changed(job.file_id, { status: 'SUCCEEDED' }, event('succeeded', 2 * EPOCH + 1));
        await expectJobs('SUCCEEDED', 2 * EPOCH, [ended]);
        await expectJobs('PUBLISHING', 2 * EPOCH, []);
      });
    });

    describe('unsettledJobs', () => {
      /** The lookup is eventually consistent, so this asks until the answer is the expected one. */
      async function expectUnsettled(fileId: string, isUnsettled: boolean): Promise<void> {
        const deadline = Date.now() + INDEX_LAG_MS;
        for (;;) {
          const found: string[] = [];
          for await (const id of jobs.unsettledJobs()) if (id === fileId) found.push(id);
          if (found.length === Number(isUnsettled) || Date.now() > deadline) return expect(found).toEqual(isUnsettled ? [fileId] : []);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }

      test('has a job from its claim on, until it has ended for good, that was told, and its source was moved', async () => {
        const { file_id: fileId } = await claimed();
        await expectUnsettled(fileId, true);
        await changed(fileId, { status: 'FAILED', event_pending: true });
        await expectUnsettled(fileId, true);
        await changed(fileId, { event_pending: undefined });
        await expectUnsettled(fileId, true);
        expect(await changed(fileId, { source_state: 'KEPT' })).not.toHaveProperty('unsettled');
        await expectUnsettled(fileId, false);
      });

      test('has a job that is resumable, and one that is resumed', async () => {
        const { file_id: fileId } = await claimed();
        expect(await changed(fileId, { status: 'FAILED', resumable: true })).toMatchObject({ unsettled: UNSETTLED });
        await changed(fileId, { status: 'PLANNING', run: 2, resumable: undefined });
        await expectUnsettled(fileId, true);
      });
    });

    describe('keepChunks', () => {
      test('gives every chunk of the job a later expiry, and changes nothing else', async () => {
        const first = await finished();
        const second = newTask({ fileId: first.fileId, chunkId: chunkId(1) });
        await jobs.startChunk(second, 1000, EXPIRY);
        const other = await finished();
        const before = await chunks(first.fileId);
        await jobs.keepChunks(first.fileId, EXPIRY + 5);
        expect(await chunks(first.fileId)).toStrictEqual(before.map((chunk) => ({ ...chunk, expires_at: EXPIRY + 5 })));
        expect(await chunkOf(other)).toMatchObject({ expires_at: EXPIRY });
      });

      test('makes no item where there is none', async () => {
        const { fileId } = newTask();
        await jobs.keepChunks(fileId, EXPIRY);
        expect(await chunks(fileId)).toEqual([]);
      });
    });

    describe('startChunk', () => {
      test('counts the attempts', async () => {
        const task = newTask();
        expect(await chunkOf(task)).toBeUndefined();
        expect(await jobs.startChunk(task, 1000, EXPIRY)).toBe(1);
        expect(await chunkOf(task)).toStrictEqual(started(task, 1, 1000));
        expect(await jobs.startChunk(task, 2000, EXPIRY)).toBe(2);
        expect(await chunkOf(task)).toStrictEqual(started(task, 2, 2000));
      });

      test('gives each of two at the same time an attempt of its own', async () => {
        const task = newTask();
        const attempts = await Promise.all([jobs.startChunk(task, 1000, EXPIRY), jobs.startChunk(task, 1000, EXPIRY)]);
        expect(attempts.sort()).toEqual([1, 2]);
      });

      test.each([[undefined], ['exclusions/a']])('has nothing to do where the same range has its result with the exclusions %s', async (exclusionsKey) => {
        const task = await finished({ exclusionsKey });
        const before = await chunkOf(task);
        expect(await jobs.startChunk(task, 3000, EXPIRY)).toBeUndefined();
        expect(await jobs.startChunk({ ...task, run: 2, round: 0 }, 3000, EXPIRY)).toBeUndefined();
        // Another attempt than the one that the task would replace has made the result.
        expect(await jobs.startChunk({ ...task, run: 2, round: 4, replaces: 7 }, 3000, EXPIRY)).toBeUndefined();
        expect(await chunkOf(task)).toStrictEqual(before);
      });

      test.each<[string, Partial<ChunkTask>]>([
        ['the same work, when its upload is gone', { replaces: 1 }],
        ['the same work in a later round, when its upload is gone', { replaces: 1, round: 4 }],
        ['another start', { start: 3 }],
        ['another end', { end: 11 }],
        ['other exclusions', { exclusionsKey: 'exclusions/b' }],
        ['no exclusions any more', { exclusionsKey: undefined }],
        ['another range in a later round', { start: 3, round: 2 }],
        ['other exclusions in a later run', { exclusionsKey: 'exclusions/b', run: 2, round: 0 }],
      ])('takes back everything of an earlier result for %s', async (_, changes) => {
        const task = await finished({ exclusionsKey: 'exclusions/a' });
        const next = { ...task, ...changes };
        expect(await jobs.startChunk(next, 3000, EXPIRY)).toBe(2);
        const { exclusionsKey } = next;
        expect(await chunkOf(task)).toStrictEqual({
          ...started(next, 2, 3000), ...(exclusionsKey === undefined ? {} : { exclusions_key: exclusionsKey }),
        });
      });

      test('replaces a result once', async () => {
        const task = { ...await finished(), round: 4, replaces: 1 };
        expect(await jobs.startChunk(task, 3000, EXPIRY)).toBe(2);
        expect(await jobs.startChunk(task, 3000, EXPIRY)).toBe(3);
        expect(await jobs.finishChunk(task, { ...OUTCOME, result_attempt: 3 }, 4000)).toBe(true);
        expect(await jobs.startChunk(task, 5000, EXPIRY)).toBeUndefined();
        expect(await chunkOf(task)).toMatchObject({ attempt: 3, result_attempt: 3, chunk_status: 'SUCCEEDED' });
      });

      test('starts with exclusions what has its result without any', async () => {
        const next = { ...await finished(), exclusionsKey: 'exclusions/a' };
        expect(await jobs.startChunk(next, 3000, EXPIRY)).toBe(2);
        expect(await chunkOf(next)).toStrictEqual({ ...started(next, 2, 3000), exclusions_key: 'exclusions/a' });
      });

      test('takes back the failure of an earlier attempt', async () => {
        const task = newTask();
        await jobs.startChunk(task, 1000, EXPIRY);
        await jobs.failChunk({ file_id: task.fileId, chunk_id: task.chunkId, generation: generationOf(task) }, 'out of memory', 2000);
        expect(await jobs.startChunk(task, 3000, EXPIRY)).toBe(2);
        expect(await chunkOf(task)).toStrictEqual(started(task, 2, 3000));
      });

      test('keeps the scan', async () => {
        const task = await finished();
        await jobs.saveScan(task, SCAN, 2500);
        const next = { ...task, start: 3, round: 2 };
        expect(await jobs.startChunk(next, 3000, EXPIRY)).toBe(2);
        expect(await chunkOf(task)).toStrictEqual({ ...started(next, 2, 3000), scan: SCAN });
      });

      test.each<[string, Partial<ChunkTask>]>([
        ['later round', { run: 1, round: 2 }],
        ['later run', { run: 2, round: 0 }],
      ])('has nothing to do where a %s has the chunk, done or not', async (_, later) => {
        const task = newTask({ start: 3 });
        const next = { ...task, ...later, start: 5 };
        await jobs.startChunk(next, 1000, EXPIRY);
        expect(await jobs.startChunk(task, 2000, EXPIRY)).toBeUndefined();
        expect(await chunkOf(task)).toStrictEqual(started(next, 1, 1000));
        await jobs.finishChunk(next, OUTCOME, 3000);
        expect(await jobs.startChunk(task, 4000, EXPIRY)).toBeUndefined();
        expect(await chunkOf(task)).toMatchObject({ chunk_status: 'SUCCEEDED', attempt: 1, start: 5, updated_at: 3000 });
      });
    });

    describe('finishChunk', () => {
      test('stores the whole outcome', async () => {
        const task = await finished();
        expect(await chunkOf(task)).toStrictEqual({ ...started(task, 1, 2000), ...OUTCOME, chunk_status: 'SUCCEEDED' });
      });

      test('stores no attribute that is undefined', async () => {
        const task = newTask();
        await jobs.startChunk(task, 1000, EXPIRY);
        const outcome = { ...OUTCOME, ...Object.fromEntries(OPTIONAL.map((name) => [name, undefined])) };
        expect(await jobs.finishChunk(task, outcome, 2000)).toBe(true);
        expect(await chunkOf(task)).toStrictEqual({ ...started(task, 1, 2000), ...without(OUTCOME, ...OPTIONAL), chunk_status: 'SUCCEEDED' });
      });

      test('keeps scan and exclusions', async () => {
        const task = newTask({ exclusionsKey: 'exclusions/a' });
        await jobs.startChunk(task, 1000, EXPIRY);
        await jobs.saveScan(task, SCAN, 1500);
        await jobs.finishChunk(task, OUTCOME, 2000);
        expect(await chunkOf(task)).toMatchObject({ scan: SCAN, exclusions_key: 'exclusions/a', chunk_status: 'SUCCEEDED' });
      });

      test('the first result stays', async () => {
        const task = await finished();
        const before = await chunkOf(task);
        expect(await jobs.finishChunk(task, { ...OUTCOME, result_attempt: 2 }, 3000)).toBe(false);
        expect(await chunkOf(task)).toStrictEqual(before);
      });

      test('takes the result of a worker that was believed to have failed', async () => {
        const task = newTask();
        await jobs.startChunk(task, 1000, EXPIRY);
        await jobs.failChunk({ file_id: task.fileId, chunk_id: task.chunkId, generation: generationOf(task) }, 'timed out', 2000);
        expect(await jobs.finishChunk(task, OUTCOME, 3000)).toBe(true);
        expect(await chunkOf(task)).toStrictEqual({ ...started(task, 1, 3000), ...OUTCOME, chunk_status: 'SUCCEEDED' });
      });

      test.each<[string, Partial<ChunkTask>]>([
        ['an earlier round', { run: 2, round: 1 }],
        ['an earlier run', { run: 1, round: 3 }],
        ['a round that has not begun', { run: 2, round: 3 }],
      ])('takes nothing of %s', async (_, changes) => {
        const task = newTask({ run: 2, round: 2 });
        await jobs.startChunk(task, 1000, EXPIRY);
        expect(await jobs.finishChunk({ ...task, ...changes }, OUTCOME, 2000)).toBe(false);
        expect(await chunkOf(task)).toStrictEqual(started(task, 1, 1000));
      });

      test('takes nothing of a chunk that was never started', async () => {
        const task = newTask();
        expect(await jobs.finishChunk(task, OUTCOME, 1000)).toBe(false);
        expect(await chunkOf(task)).toBeUndefined();
      });
    });

    describe('failChunk', () => {
      const fail = async (task: ChunkTask, generation = generationOf(task)): Promise<boolean> =>
        jobs.failChunk({ file_id: task.fileId, chunk_id: task.chunkId, generation }, 'out of memory', 3000);
      const discard = async (task: ChunkTask, attempt: number): Promise<boolean> =>
        jobs.failChunk({ file_id: task.fileId, chunk_id: task.chunkId, generation: generationOf(task) }, 'out of memory', 3000, attempt);

      test('tells why', async () => {
        const task = newTask();
        await jobs.startChunk(task, 1000, EXPIRY);
        expect(await fail(task)).toBe(true);
        expect(await chunkOf(task)).toStrictEqual({ ...started(task, 1, 3000), chunk_status: 'FAILED', error_message: 'out of memory' });
      });

      test('leaves a result alone', async () => {
        const task = await finished();
        const before = await chunkOf(task);
        expect(await fail(task)).toBe(false);
        expect(await discard(task, 1)).toBe(false);
        expect(await chunkOf(task)).toStrictEqual(before);
      });

      test('of an attempt that was discarded no result is taken, however late it comes', async () => {
        const task = newTask();
        await jobs.startChunk(task, 1000, EXPIRY);
        expect(await discard(task, 1)).toBe(true);
        expect(await jobs.finishChunk(task, OUTCOME, 4000)).toBe(false);
        expect(await jobs.startChunk(task, 5000, EXPIRY)).toBe(2);
        expect(await jobs.finishChunk(task, OUTCOME, 6000)).toBe(false);
        expect(await chunkOf(task)).toStrictEqual({ ...started(task, 2, 5000), discarded_attempts: [1] });
        expect(await jobs.finishChunk(task, { ...OUTCOME, result_attempt: 2 }, 7000)).toBe(true);
        expect(await chunkOf(task)).toMatchObject({ chunk_status: 'SUCCEEDED', result_attempt: 2 });
      });

      test.each([[[1, 2]], [[2, 1]]])('each attempt is discarded by itself, in any order: %p', async (discarded) => {
        const task = newTask();
        for (const attempt of [1, 2, 3]) expect(await jobs.startChunk(task, 1000, EXPIRY)).toBe(attempt);
        for (const attempt of discarded) expect(await discard(task, attempt)).toBe(true);
        for (const attempt of discarded) expect(await jobs.finishChunk(task, { ...OUTCOME, result_attempt: attempt }, 4000)).toBe(false);
        expect(await jobs.finishChunk(task, { ...OUTCOME, result_attempt: 3 }, 4000)).toBe(true);
      });

      test('an attempt that goes on keeps its result when a later one is discarded', async () => {
        const task = newTask();
        for (const attempt of [1, 2]) expect(await jobs.startChunk(task, 1000, EXPIRY)).toBe(attempt);
        expect(await discard(task, 2)).toBe(true);
        expect(await jobs.finishChunk(task, OUTCOME, 4000)).toBe(true);
      });

      test('leaves a chunk alone that another round has', async () => {
        const task = newTask({ round: 2 });
        await jobs.startChunk(task, 1000, EXPIRY);
        expect(await fail(task, generationOf({ run: 1, round: 1 }))).toBe(false);
        expect(await chunkOf(task)).toStrictEqual(started(task, 1, 1000));
      });

      test('makes no chunk', async () => {
        const task = newTask();
        expect(await fail(task)).toBe(false);
        expect(await chunkOf(task)).toBeUndefined();
      });
    });

    describe('saveScan', () => {
      test('adds the scan to the result, in a round that does not run the chunk again', async () => {
        const task = await finished();
        await jobs.saveScan({ ...task, task: 'SCAN', round: 2 }, SCAN, 3000);
        expect(await chunkOf(task)).toStrictEqual({ ...started(task, 1, 3000), ...OUTCOME, chunk_status: 'SUCCEEDED', scan: SCAN });
      });

      test('adds it to a chunk that is being processed, and replaces an earlier one', async () => {
        const task = newTask();
        await jobs.startChunk(task, 1000, EXPIRY);
        await jobs.saveScan(task, [], 2000);
        await jobs.saveScan(task, SCAN, 3000);
        expect(await chunkOf(task)).toStrictEqual({ ...started(task, 1, 3000), scan: SCAN });
      });

      test('makes no chunk', async () => {
        const task = newTask();
        await jobs.saveScan(task, SCAN, 1000);
        expect(await chunkOf(task)).toBeUndefined();
        expect(await chunks(task.fileId)).toEqual([]);
      });
    });

    describe('chunks', () => {
      test('are those of the file, in its order, and neither the job nor audit entries', async () => {
        const { file_id: fileId } = await claimed();
        for (const index of [10, 2, 0, 100, 1]) await jobs.startChunk(newTask({ fileId, chunkId: chunkId(index) }), 1000, EXPIRY);
        await jobs.startChunk(newTask({ fileId: `${fileId}0` }), 1000, EXPIRY);
        const found = await chunks(fileId);
        expect(found.map((chunk) => chunk.chunk_id)).toEqual([0, 1, 2, 10, 100].map((index) => chunkId(index)));
        expect(found[3]).toStrictEqual(started(newTask({ fileId, chunkId: chunkId(10) }), 1, 1000));
      });

      test('a file that is not known has none', async () => {
        expect(await chunks('unknown')).toEqual([]);
      });
    });
  });
}

const PRIMARY = 'us-east-1';
const STANDBY = 'eu-west-1';
const BEGIN = Date.UTC(2026, 10, 29);

/** @param open called for each test: a table of its own, since the fence is one for all jobs of a table */
export function describeFence(store: string, open: (regions: Regions) => Promise<JobTable>): void {
  describe(`the fence in ${store}`, () => {
    const event = { event: 'changed', at: 2000 };

    /** As the functions of this region have it. */
    async function tableOf(own: string): Promise<JobTable> {
      return open({ own, primary: PRIMARY, bucket: `bucket-${own}` });
    }

    async function everyChangeIsRefused(jobs: JobTable, job: JobItem, message: string): Promise<void> {
      const other = newJob();
      for (const change of [jobs.claim(other, event), jobs.claimForClosed(other, event), jobs.changeJob(job, { status: 'PROCESSING' }, event)]) {
        const error = await change.then(() => undefined, (reason: Error) => reason);
        expect([error?.name, error?.message]).toEqual(['PassiveRegionError', expect.stringContaining(message)]);
      }
      expect(await jobs.job(other.file_id)).toBeUndefined();
      expect(await jobs.execution(other.execution_arn)).toBeUndefined();
      expect(await jobs.job(job.file_id)).toEqual(job);
      expect(await jobs.events(other.file_id)).toEqual([]);
    }

    test('is not there before anybody has switched: the primary changes jobs, of whatever id', async () => {
      const jobs = await tableOf(PRIMARY);
      expect(await jobs.fence()).toBeUndefined();
      for (const digit of '0123456789abcdef') {
        const job = newJob({ file_id: `unfenced-${digit}`, execution_arn: `unfenced-execution-${digit}` });
        expect(await jobs.claim(job, event)).toBe(true);
        expect(await jobs.changeJob(job, { status: 'PROCESSING' }, event)).toMatchObject({ status: 'PROCESSING' });
      }
    });

    test('and the standby changes none', async () => {
      const jobs = await tableOf(STANDBY);
      await expect(jobs.claim(newJob(), event)).rejects.toThrow(
        `expected region ${STANDBY} to be the active one, got ${PRIMARY}, which is active unless somebody switches`);
    });

    test('after a switch the primary changes none, and after another one it does', async () => {
      const jobs = await tableOf(PRIMARY);
      const job = newJob();
      expect(await jobs.claim(job, event)).toBe(true);
      expect(await jobs.moveFence({ activeRegion: STANDBY, epoch: 1, since: BEGIN })).toBe(true);
      expect(await jobs.fence()).toMatchObject({ active_region: STANDBY, epoch: 1, since: BEGIN });
      await everyChangeIsRefused(jobs, job, `expected region ${PRIMARY} to be the active one, got ${STANDBY}, which is active since 2026-11-29T00:00:00.000Z`);

      expect(await jobs.moveFence({ activeRegion: PRIMARY, epoch: 2, since: BEGIN })).toBe(true);
      expect(await jobs.changeJob(job, { status: 'PROCESSING' }, event)).toMatchObject({ status: 'PROCESSING' });
      expect(await jobs.claim(newJob(), event)).toBe(true);
    });

    test('after a switch the standby changes jobs', async () => {
      const jobs = await tableOf(STANDBY);
      expect(await jobs.moveFence({ activeRegion: STANDBY, epoch: 1, since: BEGIN })).toBe(true);
      const job = newJob();
      expect(await jobs.claim(job, event)).toBe(true);
      expect(await jobs.changeJob(job, { status: 'PROCESSING' }, event)).toMatchObject({ status: 'PROCESSING' });
    });

    test('is moved once for each epoch, and never back', async () => {
      const jobs = await tableOf(PRIMARY);
      expect(await jobs.moveFence({ activeRegion: STANDBY, epoch: 2, since: BEGIN })).toBe(true);
      expect(await jobs.moveFence({ activeRegion: PRIMARY, epoch: 2, since: BEGIN + 1 })).toBe(false);
      expect(await jobs.moveFence({ activeRegion: PRIMARY, epoch: 1, since: BEGIN + 1 })).toBe(false);
      expect(await jobs.fence()).toMatchObject({ active_region: STANDBY, epoch: 2, since: BEGIN });
    });

    test('a change that somebody else was faster with is no matter of the fence', async () => {
      const jobs = await tableOf(PRIMARY);
      const job = newJob();
      await jobs.claim(job, event);
      await jobs.changeJob(job, { status: 'PROCESSING' }, event);
      expect(await jobs.changeJob(job, { status: 'PROCESSING' }, event)).toBeUndefined();
      expect(await jobs.claim(job, event)).toBe(false);
    });
  });
}
