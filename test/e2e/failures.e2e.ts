import { DeployedPipeline } from './deployed-pipeline';
import { generateTransactions } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';

/**
 * Not the data's fault: what is done stays done, nothing is published until the job is resumed, and then all of it is.
 */
describe('an execution that is aborted while it processes chunks', () => {
  const pipeline = new DeployedPipeline('Slow');
  const key = 'incoming/aborted.csv';
  const file = Buffer.concat([...generateTransactions({ sizeBytes: 12_000_000, seed: 3 })]);
  let fileId: string;

  const read = async () => pipeline.jobs.read(fileId);
  const failedJob = async () => {
    const record = await read();
    return record.job.status === 'FAILED' ? record : undefined;
  };

  beforeAll(async () => {
    await pipeline.upload(key, file);
    const job = await pipeline.startedJob(key);
    fileId = job.file_id;
    await waitFor('the first chunks to succeed', async () =>
      (await read()).chunks.filter(({ chunk_status: status }) => status === 'SUCCEEDED').length >= 2 || undefined);
    await pipeline.stop(job.execution_arn);
  });

  test('its job is closed as resumable, with nothing published and the source where it was', async () => {
    const record = await waitFor('the job to be closed', failedJob);

    expect(record.job).toMatchObject({ resumable: true, error_code: 'infrastructure', error_message: 'the execution ended as ABORTED' });
    expect(record.chunks.some(({ chunk_status: status }) => status === 'SUCCEEDED')).toBe(true);
    expect(record.chunks.filter(({ chunk_status: status }) => status === 'SUCCEEDED').length).toBeLessThan(record.job.chunk_count!);
    expect(await pipeline.publishedKeys(record)).toEqual([]);
    expect((await pipeline.read(key)).equals(file)).toBe(true);
  });

  test('an event that is delivered late does not claim it again, and ends with how to resume', async () => {
    const [first] = await pipeline.executionsFor(key);
    expect(await pipeline.ended(await pipeline.start(JSON.parse(first.input!)))).toMatchObject({
      status: 'FAILED',
      error: 'StartRefused',
      cause: expect.stringContaining(`to resume it start {"resume":true,"fileId":"${fileId}"}`),
    });
    expect((await read()).job).toMatchObject({ status: 'FAILED', run: 1 });
  });

  test('a step that fails on every try closes the resumed job again, resumable', async () => {
    const plan = (await read()).job.plan_key!;
    const content = await pipeline.read(plan);
    await pipeline.upload(plan, 'not JSON');
    const execution = await pipeline.resume(fileId);
    await pipeline.upload(plan, content);

    expect(execution.status).toBe('FAILED');
    const record = await read();
    expect(record.job).toMatchObject({ status: 'FAILED', resumable: true, error_code: 'infrastructure' });
    expect(await pipeline.publishedKeys(record)).toEqual([]);
    expect((await pipeline.read(key)).equals(file)).toBe(true);
  });

  test('resumed it runs only the chunks that have no result, and publishes the whole file', async () => {
    const before = (await read()).chunks.filter(({ chunk_status: status }) => status === 'SUCCEEDED');
    const execution = await pipeline.resume(fileId);
    const record = await read();

    expect(execution.status).toBe('SUCCEEDED');
    expect(record.job).toMatchObject({ status: 'SUCCEEDED', moved_to: `processed/${fileId}/aborted.csv` });
    expect(record.chunks).toEqual(expect.arrayContaining(before));

    const other = await new DeployedPipeline('Transactions').process('incoming/not-aborted.csv', file);
    const [resumed, uninterrupted] = [await pipeline.published(record), await new DeployedPipeline('Transactions').published(other)];
    expect(resumed.length).toBeGreaterThan(12_000_000);
    expect(resumed.equals(uninterrupted)).toBe(true);
  });

  test('a job that has succeeded is not resumed', async () => {
    const before = await read();
    expect(await pipeline.resume(fileId)).toMatchObject({ status: 'FAILED', error: 'StartRefused', cause: expect.stringContaining('got SUCCEEDED') });
    expect((await read()).job).toEqual(before.job);
  });
});
