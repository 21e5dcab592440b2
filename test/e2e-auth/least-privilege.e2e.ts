/** All that a pipeline does, where each function has its own role's rights on S3 and DynamoDB, and no others. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { generateTransactions } from '../../bench/generate-transactions';
import { JobRecord, waitFor } from '../../emulator/job-watch';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';
import { runCommand } from '../e2e/operator-command';

const LIMIT_MS = 60_000;
const { clientConfig, stacks } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;

// The example: one bucket, with versions.
const tap = new DeployedPipeline('Tap');
// Two buckets, without versions; records with a key; one chunk at a time.
const keyed = new DeployedPipeline('Keyed');

const FILE = Buffer.concat([...generateTransactions({ sizeBytes: 3_000_000, seed: 41 })]);
const row = (id: number, note = 'x'.repeat(90)) => `${id},${note}\n`;
const rows = (count: number) => Array.from({ length: count }, (_, id) => row(id)).join('');

function expectPublished({ job }: JobRecord, written: number, rejected = 0): void {
  expect(job).toMatchObject({
    status: 'SUCCEEDED', records_written: written, records_rejected: rejected, source_state: 'MOVED', moved_to: `processed/${job.file_id}/${job.file_name}`,
  });
}

async function closed(pipeline: DeployedPipeline, fileId: string): Promise<JobRecord> {
  return waitFor('the job to be closed', async () => {
    const record = await pipeline.jobs.read(fileId);
    return record.job.status === 'FAILED' ? record : undefined;
  });
}

/** Does `work` while a chunk of the file is done and another one is not. */
async function inMidJob(pipeline: DeployedPipeline, key: string, file: string | Buffer, work: (arn: string) => Promise<void>): Promise<string> {
  const workers = await pipeline.processesOf('ProcessChunk');
  await pipeline.upload(key, file);
  const { file_id: fileId, execution_arn: arn } = await pipeline.startedJob(key);
  try {
    await workers.freezeDuring('in mid-job', async () => {
      const statuses = (await pipeline.jobs.read(fileId)).chunks.map(({ chunk_status: status }) => status);
      return statuses.includes('SUCCEEDED') && statuses.includes('PROCESSING');
    });
    await work(arn);
  } finally {
    workers.thaw();
  }
  return fileId;
}

describe('the example', () => {
  test('publishes a file', async () => {
    const record = await tap.process('incoming/good.csv', FILE);
    expect(record.job).toMatchObject({ status: 'SUCCEEDED', source_state: 'MOVED' });
    expect((await tap.published(record)).length).toBeGreaterThan(3_000_000);
    expect(await tap.rejected(record)).toHaveLength(record.job.records_rejected!);
    // The event bus has heard of it.
    expect(record.job.event_pending).toBeUndefined();
  }, LIMIT_MS);

  test('refuses one, and puts the report beside it', async () => {
    const record = await tap.process('incoming/bad.csv', Buffer.concat([...generateTransactions({ sizeBytes: 1_500_000, seed: 42, badShare: 0.1 })]));
    expect(record.job).toMatchObject({ status: 'FAILED', error_code: 'too_many_rejects', resumable: false, source_state: 'MOVED' });
    expect(await tap.publishedKeys(record)).toEqual([]);
    expect(await tap.keys(`failed/${record.job.file_id}/`)).toEqual([record.job.moved_to!, `${record.job.moved_to}.report.json`]);
    expect(record.job.event_pending).toBeUndefined();
  }, LIMIT_MS);

  test('closes an execution that was aborted before the claim, and resumes its file', async () => {
    const key = 'incoming/aborted.csv';
    const validator = await tap.processesOf('ValidateFile');
    validator.freeze();
    await tap.upload(key, FILE);
    const { executionArn } = await waitFor('its execution', async () => (await tap.executionsFor(key))[0]);
    await tap.stop(executionArn!);
    const { file_id: fileId } = await tap.startedJob(key);
    expect((await closed(tap, fileId)).job).toMatchObject({ resumable: true, error_code: 'infrastructure', error_message: 'the execution ended as ABORTED' });
    validator.thaw();

    expect((await tap.resume(fileId)).status).toBe('SUCCEEDED');
    expect((await tap.jobs.read(fileId)).job).toMatchObject({ status: 'SUCCEEDED', run: 2, source_state: 'MOVED' });
  }, LIMIT_MS);

  test('goes on with a publication that was killed', async () => {
    const publisher = await tap.processesOf('FinalizeJob');
    await tap.upload('incoming/killed.csv', FILE);
    const { file_id: fileId } = await tap.startedJob('incoming/killed.csv');
    for (const _ of ['first try', 'retry']) {
      await publisher.freezeDuring('publishing', async () => (await tap.jobs.read(fileId)).job.status === 'PUBLISHING');
      publisher.kill();
    }
    const { job } = await waitFor('the job to be settled', async () => {
      const record = await tap.jobs.read(fileId);
      return record.job.source_state === undefined ? undefined : record;
    });
    expect(job).toMatchObject({ status: 'SUCCEEDED', run: 2 });
  }, LIMIT_MS);
});

describe('two buckets', () => {
  test('a file is staged, and records of a key that came before are rejected', async () => {
    const file = gzipSync(`id,note\n${rows(25_000)}${row(3)}${row(24_999)}`);
    const record = await keyed.process('incoming/orders.csv.gz', file);
    expectPublished(record, 25_000, 2);
    expect(record.job.chunk_count).toBeGreaterThan(2);
  }, LIMIT_MS);

  test('a boundary that is guessed wrong is repaired', async () => {
    const trap = `100000,"\n${Array.from({ length: 10_000 }, (_, id) => row(id, 'y'.repeat(40))).join('')}"\n`;
    const record = await keyed.process('incoming/trap.csv', `id,note\n${rows(9_000)}${trap}`);
    expectPublished(record, 9_001);
    // What the scan of a repair found.
    expect(record.chunks.some(({ scan }) => scan !== undefined)).toBe(true);
  }, LIMIT_MS);

  test('a job is resumed in the midst of its chunks', async () => {
    const fileId = await inMidJob(keyed, 'incoming/stopped.csv', `id,note\n${rows(40_000)}`, async (arn) => keyed.stop(arn));
    expect((await closed(keyed, fileId)).job).toMatchObject({ resumable: true, error_code: 'infrastructure' });
    expect((await keyed.resume(fileId)).status).toBe('SUCCEEDED');
    expectPublished(await keyed.jobs.read(fileId), 40_000);
  }, LIMIT_MS);

  test.each([
    { name: 'published', file: `id,note\n${row(1)}`, status: 'SUCCEEDED' },
    { name: 'refused', file: 'id\n1\n', status: 'FAILED' },
  ])('a file that was $name is processed once more, from where it lies', async ({ name, file, status }) => {
    const { job } = await keyed.process(`incoming/again-${name}.csv`, file);
    expect(job).toMatchObject({ status, source_state: 'MOVED' });
    await keyed.ended(await keyed.start({ rerun: true, fileId: job.file_id }));
    const again = (await keyed.jobs.jobsOf(job.key)).find(({ rerun_of: first }) => first === job.file_id);
    expect(again).toMatchObject({ status, source_state: 'MOVED' });
    expect((await keyed.read(again!.moved_to!)).toString()).toBe(file);
  }, LIMIT_MS);
});

describe('the sweep', () => {
  test('starts a file whose event never came', async () => {
    const key = 'incoming/no-event.csv';
    await keyed.without('Intake', async () => keyed.upload(key, `id,note\n${row(1)}`));
    expect(await keyed.sweep()).toMatchObject({ started: 1 });
    const { file_id: fileId, execution_arn: arn } = await keyed.startedJob(key);
    await keyed.ended(arn);
    expectPublished(await keyed.jobs.read(fileId), 1);
  }, LIMIT_MS);

  test('closes a job that nobody works on, and the operator resumes it', async () => {
    const fileId = await keyed.without('ExecutionEnded', async () => inMidJob(keyed, 'incoming/unheard.csv', `id,note\n${rows(40_000)}`, async (arn) => {
      await keyed.stop(arn);
      await keyed.ended(arn);
    }));
    expect(await keyed.sweep()).toMatchObject({ closed: 1 });
    expect((await closed(keyed, fileId)).job).toMatchObject({ resumable: true, error_message: 'the execution has ended without closing its job' });
    expect(await runCommand('resume', '--pipeline', 'Keyed/Pipeline', fileId, '--wait', '--timeout', '50s')).toMatchObject({ status: 0 });
    expectPublished(await keyed.jobs.read(fileId), 40_000);
  }, LIMIT_MS);

  test('aborts the uploads of a job that has ended, in both buckets, and those of nobody it leaves', async () => {
    const s3 = new S3Client(clientConfig);
    const { job } = await keyed.process('incoming/leftovers.csv', `id,note\n${row(1)}`);
    const output = stacks.Keyed.OutputBucketName;
    const stranger = `output/ingest_date=2026-01-01/file_id=${randomBytes(16).toString('hex')}/part-00000.jsonl`;
    const leftBehind = [
      [output, `output/ingest_date=${job.ingest_date}/file_id=${job.file_id}/part-00007.jsonl`],
      [output, `quarantine/file_id=${job.file_id}/rejected.csv`],
      [output, `work/${job.file_id}/staged-x`],
      [keyed.bucket, `processed/${job.file_id}/leftovers.csv`],
      [keyed.bucket, `failed/${job.file_id}/leftovers.csv`],
    ];
    for (const [Bucket, Key] of [...leftBehind, [output, stranger]]) await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));

    expect(await keyed.sweep()).toMatchObject({ aborted: leftBehind.length });
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: output }));
    expect(Uploads.map(({ Key }) => Key)).toEqual([stranger]);
  }, LIMIT_MS);
});
