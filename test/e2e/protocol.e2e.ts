/** What a job promises while functions die or outlive their executions, events come often or never, and files change. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DeployedPipeline } from './deployed-pipeline';
import { Deployment } from './global-setup';
import { runCommand } from './operator-command';
import { generateTransactions, TRANSACTION_HEADER } from '../../bench/generate-transactions';
import { EmulatedAccount } from '../../emulator/emulator';
import { JobRecord, waitFor } from '../../emulator/job-watch';

const LIMIT_MS = 90_000;
/** For what a function does that outlives its execution: nothing tells when it is through. */
const ZOMBIE_MS = 1_500;

const { port, directory } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;

// One chunk at a time, two tries of each step.
const protocol = new DeployedPipeline('Protocol');
const unversioned = new DeployedPipeline('Unversioned');
const FILE = Buffer.concat([...generateTransactions({ sizeBytes: 4_500_000, seed: 21 })]);
const OTHER_FILE = Buffer.concat([...generateTransactions({ sizeBytes: 20_000, seed: 22, badShare: 0 })]);
let published: Buffer;

const eventsOf = ({ events }: JobRecord, name: string) => events.filter(({ event }) => event === name).length;
const finished = ({ chunks }: JobRecord) => chunks.filter(({ chunk_status: status }) => status === 'SUCCEEDED');
const isProcessing = ({ chunks }: JobRecord) => chunks.some(({ chunk_status: status }) => status === 'PROCESSING');
const sleep = async (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Once, whole, and with the source where it belongs. */
async function expectPublished(pipeline: DeployedPipeline, record: JobRecord, file: Buffer, output?: Buffer): Promise<void> {
  const { job } = record;
  expect(job).toMatchObject({ status: 'SUCCEEDED', moved_to: `processed/${job.file_id}/${job.file_name}` });
  expect(job.records_read).toBe(job.records_written! + job.records_rejected! + job.records_filtered!);
  expect([eventsOf(record, 'publishing'), eventsOf(record, 'succeeded')]).toEqual([1, 1]);
  expect((await pipeline.read(job.moved_to!)).equals(file)).toBe(true);
  const parts = await pipeline.published(record);
  if (output !== undefined) expect(parts.equals(output)).toBe(true);
  expect(parts.toString().split('\n').length - 1).toBe(job.records_written);
}

async function uploaded(pipeline: DeployedPipeline, key: string, file: Buffer): Promise<string> {
  await pipeline.upload(key, file);
  return (await pipeline.startedJob(key)).file_id;
}

async function jobIn(pipeline: DeployedPipeline, fileId: string, ...statuses: string[]): Promise<JobRecord> {
  return waitFor(`job ${fileId} to be ${statuses.join(' or ')}`, async () => {
    const record = await pipeline.jobs.read(fileId);
    return statuses.includes(record.job.status) ? record : undefined;
  });
}

/** With its source moved away. */
async function settled(pipeline: DeployedPipeline, fileId: string): Promise<JobRecord> {
  return waitFor(`job ${fileId} to be settled`, async () => {
    const record = await pipeline.jobs.read(fileId);
    return record.job.source_state === undefined ? undefined : record;
  });
}

async function chunksDone(pipeline: DeployedPipeline, fileId: string, count = 1): Promise<void> {
  await waitFor(`${count} chunks to be done`, async () => finished(await pipeline.jobs.read(fileId)).length >= count || undefined);
}

/** Uploads a file, does `work` while one of its chunks is done and another one is being processed, and lets that go on. */
async function inMidJob(pipeline: DeployedPipeline, key: string, file: Buffer, work: (fileId: string) => Promise<void>): Promise<string> {
  const workers = await pipeline.processesOf('ProcessChunk');
  const fileId = await uploaded(pipeline, key, file);
  try {
    await workers.freezeDuring('in mid-job', async () => {
      const record = await pipeline.jobs.read(fileId);
      return finished(record).length > 0 && isProcessing(record);
    });
    await work(fileId);
  } finally {
    workers.thaw();
  }
  return fileId;
}

beforeAll(async () => {
  const record = await protocol.process('incoming/undisturbed.csv', FILE);
  published = await protocol.published(record);
  await expectPublished(protocol, record, FILE);
}, LIMIT_MS);

describe('a file', () => {
  test('whose event comes five times at once has one job, which is published once', async () => {
    // Without the suffix that starts jobs by itself.
    const key = 'incoming/five-times.dat';
    await protocol.upload(key, FILE);
    const event = { detail: { bucket: { name: protocol.bucket }, object: { key } } };
    const starts = await Promise.all(Array.from({ length: 5 }, async () => protocol.start(event)));
    const ends = await Promise.all(starts.map(async (arn) => protocol.ended(arn)));

    expect(ends.map(({ status }) => status)).toEqual(Array(5).fill('SUCCEEDED'));
    const jobs = await protocol.jobs.jobsOf(key);
    expect(jobs).toHaveLength(1);
    const record = await protocol.jobs.read(jobs[0].file_id);
    expect(eventsOf(record, 'claimed')).toBe(1);
    await expectPublished(protocol, record, FILE, published);
  }, LIMIT_MS);

  describe.each([
    { name: 'a versioned bucket', isVersioned: true, pipeline: protocol },
    { name: 'an unversioned bucket', isVersioned: false, pipeline: unversioned },
  ])('in $name', ({ isVersioned, pipeline }) => {

    test('that is followed by another one of its key loses nothing', async () => {
      const key = 'incoming/quick.csv';
      await pipeline.upload(key, FILE);
      await pipeline.upload(key, OTHER_FILE);
      const ended = await waitFor('the jobs of both', async () => {
        const jobs = await pipeline.jobs.jobsOf(key);
        return jobs.length === 2 && jobs.every(({ source_state: state }) => state !== undefined) ? jobs : undefined;
      });

      const ofSize = async (file: Buffer) => pipeline.jobs.read(ended.find(({ size_bytes: size }) => size === file.length)!.file_id);
      await expectPublished(pipeline, await ofSize(OTHER_FILE), OTHER_FILE);
      // Where its event names no version, as the emulator's do not, it is found overwritten, or it was quick enough.
      const first = await ofSize(FILE);
      if (first.job.status === 'SUCCEEDED') {await expectPublished(pipeline, first, FILE);} else {
        expect(first.job).toMatchObject({ status: 'FAILED', error_code: 'source_changed', resumable: false, source_state: 'GONE' });
        expect(await pipeline.publishedKeys(first)).toEqual([]);
        expect((await pipeline.versions(key)).some((version) => version.equals(FILE))).toBe(isVersioned);
      }
    }, LIMIT_MS);

    test('that is overwritten while its job runs fails it, and the new one is published', async () => {
      const key = 'incoming/overwritten.csv';
      const fileId = await inMidJob(pipeline, key, FILE, async () => pipeline.upload(key, OTHER_FILE));

      const record = await settled(pipeline, fileId);
      expect(record.job).toMatchObject({ status: 'FAILED', error_code: 'source_changed', resumable: false, source_state: 'GONE' });
      expect(await pipeline.publishedKeys(record)).toEqual([]);
      const newer = await waitFor('the job of the new file', async () => (await pipeline.jobs.jobsOf(key)).find(({ file_id: id }) => id !== fileId));
      await expectPublished(pipeline, await settled(pipeline, newer.file_id), OTHER_FILE);
    }, LIMIT_MS);

    test('that is deleted while its job runs fails it', async () => {
      const key = 'incoming/deleted.csv';
      const fileId = await inMidJob(pipeline, key, FILE, async () => pipeline.remove(key));

      const record = await settled(pipeline, fileId);
      expect(record.job).toMatchObject({ status: 'FAILED', error_code: 'source_changed', resumable: false, source_state: 'GONE' });
      expect(await pipeline.publishedKeys(record)).toEqual([]);
      expect(await pipeline.jobs.jobsOf(key)).toHaveLength(1);
    }, LIMIT_MS);

    test('that is sent again with the same bytes while its job runs is two files', async () => {
      const key = 'incoming/twice.csv';
      const fileId = await inMidJob(pipeline, key, FILE, async () => {
        // Without versions two files are told apart by the second in which they came.
        await sleep(1_000);
        await pipeline.upload(key, FILE);
      });

      await expectPublished(pipeline, await settled(pipeline, fileId), FILE, published);
      const newer = await waitFor('the job of the second one', async () => (await pipeline.jobs.jobsOf(key)).find(({ file_id: id }) => id !== fileId));
      await expectPublished(pipeline, await settled(pipeline, newer.file_id), FILE, published);
      expect(await pipeline.keys(key)).toEqual([]);
    }, LIMIT_MS);
  });
});

describe('a handler that is killed', () => {
  test('in the midst of a chunk is run again', async () => {
    const workers = await protocol.processesOf('ProcessChunk');
    const fileId = await inMidJob(protocol, 'incoming/killed-chunk.csv', FILE, async () => workers.kill());

    const record = await settled(protocol, fileId);
    expect(record.chunks.some(({ attempt }) => attempt === 2)).toBe(true);
    expect(record.job.run).toBe(1);
    await expectPublished(protocol, record, FILE, published);
  }, LIMIT_MS);

  test('in the midst of publishing, on each try, leaves the job to an execution that publishes it', async () => {
    const publisher = await protocol.processesOf('FinalizeJob');
    const fileId = await uploaded(protocol, 'incoming/killed-publishing.csv', FILE);
    await publisher.freezeDuring('publishing', async () => (await protocol.jobs.read(fileId)).job.status === 'PUBLISHING');
    // Its retry too, whenever it begins.
    const { execution_arn: first } = (await protocol.jobs.read(fileId)).job;
    let isOver = false;
    const over = protocol.ended(first).then(() => { isOver = true; });
    while (!isOver) {
      publisher.kill();
      await sleep(20);
    }
    await over;

    const record = await settled(protocol, fileId);
    expect(record.job).toMatchObject({ run: 2, execution_arn: expect.stringMatching(new RegExp(`:resume-${fileId}-1$`)) });
    expect(eventsOf(record, 'failed')).toBe(0);
    await expectPublished(protocol, record, FILE, published);
  }, LIMIT_MS);
});

describe('an execution that is aborted, while its function lives on', () => {
  /** And told: nothing more is written to its item. */
  const closed = async (key: string) => waitFor('the job to be closed',
    async () => (await protocol.jobs.jobsOf(key)).find(({ status, event_pending: isUntold }) => status === 'FAILED' && isUntold !== true));
  const ABORTED = { status: 'FAILED', error_code: 'infrastructure', error_message: 'the execution ended as ABORTED', resumable: true, run: 1 };

  test('before the claim: its file has a job to resume, and the function gets none', async () => {
    const key = 'incoming/aborted-validating.csv';
    const validator = await protocol.processesOf('ValidateFile');
    validator.freeze();
    await protocol.upload(key, FILE);
    const execution = await waitFor('its execution', async () => (await protocol.executionsFor(key))[0]);
    await protocol.stop(execution.executionArn!);
    const job = await closed(key);
    expect(job).toMatchObject(ABORTED);

    validator.thaw();
    await sleep(ZOMBIE_MS);
    expect(await protocol.jobs.jobsOf(key)).toEqual([job]);
    expect((await protocol.resume(job.file_id)).status).toBe('SUCCEEDED');
    await expectPublished(protocol, await protocol.jobs.read(job.file_id), FILE, published);
  }, LIMIT_MS);

  test('before it publishes: the function publishes nothing, a resume does', async () => {
    const key = 'incoming/aborted-finalizing.csv';
    const finalizer = await protocol.processesOf('FinalizeJob');
    finalizer.freeze();
    const fileId = await uploaded(protocol, key, FILE);
    const { job: { chunk_count: count } } = await jobIn(protocol, fileId, 'PROCESSING');
    await chunksDone(protocol, fileId, count);
    // FinalizeJob is called when the Map has ended, which nothing tells of.
    await sleep(ZOMBIE_MS);
    await protocol.stop((await protocol.jobs.read(fileId)).job.execution_arn);
    const job = await closed(key);
    expect(job).toMatchObject(ABORTED);

    finalizer.thaw();
    await sleep(ZOMBIE_MS);
    const record = await protocol.jobs.read(fileId);
    expect(record.job).toEqual((await protocol.jobs.jobsOf(key))[0]);
    expect(record.job.status).toBe('FAILED');
    expect(await protocol.publishedKeys(record)).toEqual([]);
    expect((await protocol.resume(fileId)).status).toBe('SUCCEEDED');
    await expectPublished(protocol, await protocol.jobs.read(fileId), FILE, published);
  }, LIMIT_MS);
});

test('a chunk that always fails closes the job, resumable; a resume runs it alone once it is mended', async () => {
  const fragile = new DeployedPipeline('Fragile');
  const row = (id: number) => `${id},${'x'.repeat(90)}\n`;
  const file = Buffer.from(`id,text\n${Array.from({ length: 25_000 }, (_, id) => row(id)).join('')}25000,fatal\n`);
  const key = 'incoming/fatal.csv';
  const fileId = await uploaded(fragile, key, file);
  const failed = await jobIn(fragile, fileId, 'FAILED');

  expect(failed.job).toMatchObject({ resumable: true, error_code: 'infrastructure' });
  expect(finished(failed).length).toBe(failed.job.chunk_count! - 1);
  expect(await fragile.publishedKeys(failed)).toEqual([]);
  expect((await fragile.read(key)).equals(file)).toBe(true);

  fs.writeFileSync(path.join(directory, 'fragile-is-mended'), '');
  expect((await fragile.resume(fileId)).status).toBe('SUCCEEDED');
  const record = await fragile.jobs.read(fileId);
  expect(record.chunks).toEqual(expect.arrayContaining(finished(failed)));
  await expectPublished(fragile, record, file);
}, LIMIT_MS);

test('a boundary that is guessed wrong is repaired', async () => {
  // Around byte 1,048,576 lies a text that reads like records, and holds no quote for longer than the planner reads.
  const good = 'TX1,ACC1,2024-05-26T23:34:09Z,76.14,USD,Acme,travel\n';
  const trap = `TX2,ACC1,2024-05-26T23:34:09Z,76.14,USD,"Acme\n${good.repeat(10_000)}",travel\n`;
  const file = Buffer.from(TRANSACTION_HEADER + good.repeat(15_000) + trap + good.repeat(15_000));
  const record = await protocol.process('incoming/trap.csv', file);

  const { chunks } = await protocol.report(record);
  expect(chunks.filter(({ repaired }) => repaired).length).toBeGreaterThan(0);
  expect(record.job).toMatchObject({ records_read: 30_001, records_written: 30_001 });
  await expectPublished(protocol, record, file);
}, LIMIT_MS);

test('a job that is resumed after a deployment keeps the schema and the prefixes that it was planned with', async () => {
  const pipeline = new DeployedPipeline('Redeployed');
  const file = Buffer.from(`id,text\n${Array.from({ length: 40_000 }, (_, id) => `${id},${'x'.repeat(90)}\n`).join('')}`);
  // The function lives on, through the deployment.
  const fileId = await inMidJob(pipeline, 'incoming/first.csv', file, async (id) => {
    await pipeline.stop((await pipeline.jobs.read(id)).job.execution_arn);
    const interrupted = await jobIn(pipeline, id, 'FAILED');
    expect(finished(interrupted).length).toBeLessThan(interrupted.job.chunk_count!);
    await new EmulatedAccount(port, directory).deploy({ app: path.join(__dirname, 'redeployed-app.ts') });
  });

  expect((await pipeline.resume(fileId)).status).toBe('SUCCEEDED');
  const record = await pipeline.jobs.read(fileId);
  await expectPublished(pipeline, record, file);
  const ids = (await pipeline.published(record)).toString().trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: unknown }).id);
  expect(ids.every((id, index) => id === index)).toBe(true);

  const { job } = await pipeline.process('incoming/second.csv', 'id,text\n1,x\n');
  expect(job).toMatchObject({ status: 'SUCCEEDED', moved_to: `done/${job.file_id}/second.csv` });
  const part = `published/ingest_date=${job.ingest_date}/file_id=${job.file_id}/part-00000.jsonl`;
  expect((await pipeline.read(part)).toString()).toBe('{"id":"1","text":"x"}\n');
}, 2 * LIMIT_MS);

describe('the sweep', () => {
  // Not in the versioned bucket: the sweep starts a file by its version, of which the emulator reads no ranges.
  test('starts a file whose event never came', async () => {
    const key = 'incoming/no-event.csv';
    await unversioned.without('Intake', async () => unversioned.upload(key, FILE));
    expect(await unversioned.jobs.jobsOf(key)).toEqual([]);
    expect(await unversioned.sweep()).toMatchObject({ started: 1 });

    const { file_id: fileId, execution_arn: arn } = await unversioned.startedJob(key);
    expect(arn).toMatch(new RegExp(`:sweep-${fileId}-\\d+$`));
    await expectPublished(unversioned, await settled(unversioned, fileId), FILE, published);
    expect(await unversioned.sweep()).toEqual({ closed: 0, resumed: 0, announced: 0, started: 0, aborted: 0, takenOver: 0 });
  }, LIMIT_MS);

  test('closes a job whose end nobody heard of, and the operator resumes it', async () => {
    const fileId = await protocol.without('ExecutionEnded', async () => inMidJob(protocol, 'incoming/unheard.csv', FILE, async (id) => {
      const { execution_arn: arn } = (await protocol.jobs.read(id)).job;
      await protocol.stop(arn);
      await protocol.ended(arn);
      await sleep(ZOMBIE_MS);
      expect((await protocol.jobs.read(id)).job.status).toBe('PROCESSING');
    }));
    expect(await protocol.sweep()).toMatchObject({ closed: 1 });
    expect((await protocol.jobs.read(fileId)).job).toMatchObject({
      status: 'FAILED', resumable: true, error_code: 'infrastructure', error_message: 'the execution has ended without closing its job',
    });

    const resumed = await runCommand('resume', '--pipeline', 'Protocol/Pipeline', fileId, '--wait', '--timeout', '60s');
    expect(resumed).toMatchObject({ status: 0, stdout: expect.stringContaining(`${fileId}  SUCCEEDED`) });
    await expectPublished(protocol, await protocol.jobs.read(fileId), FILE, published);
  }, LIMIT_MS);
});
