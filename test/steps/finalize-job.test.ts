import { MemorySource } from './support/memory-source';
import { createdEvent, csv, World } from './support/world';
import { ChunkTask } from '../../src/contract/payloads';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { validateFile } from '../../src/steps/validate-file';

/** A job whose chunks all have their results. */
async function processed(file = csv(30), world = new World(new MemorySource(), {})) {
  const event = createdEvent(world.source.put('incoming/a.csv', file));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  const { manifestKey } = await planChunks({ fileId }, world.deps);
  const tasks = await world.output.getJson<ChunkTask[]>(manifestKey!);
  for (const task of tasks) await processChunk(task, world.deps);
  return { world, fileId, tasks };
}

const VERDICT = { error_code: 'source_changed', error_message: 'expected object' } as const;
const BY_TWIN = { event: 'rejected', at: 1 };

test('a verdict that comes while FinalizeJob decides is carried out by the retry: nothing is published', async () => {
  const { world, fileId } = await processed();
  const put = world.output.put.bind(world.output);
  jest.spyOn(world.output, 'put').mockImplementation(async (key, body) => {
    if (key.startsWith('quarantine/')) await world.jobs.changeJob(fileId, { status: ['PROCESSING'], run: 1 }, VERDICT, BY_TWIN);
    return put(key, body);
  });
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('to be PROCESSING in run 1, got PROCESSING in run 1 with the verdict source_changed');
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
  expect(world.published()).toBe('');
  expect(world.output.text(`work/${fileId}/commit.json`)).toBeUndefined();
});

test('no verdict stops a job that is being published', async () => {
  const { world, fileId } = await processed();
  jest.spyOn(world.output, 'completeUpload').mockRejectedValueOnce(new Error('throttled'));
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('throttled');
  expect(world.published()).not.toBe('');
  expect(await world.jobs.changeJob(fileId, { status: ['PROCESSING'], run: 1 }, VERDICT, BY_TWIN)).toBe(false);
  await world.jobs.changeJob(fileId, { status: ['PUBLISHING'], run: 1 }, VERDICT, BY_TWIN);
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'PUBLISHED', fileId });
});

test('a worker whose twin has done the chunk does not reject the job when the source changes after that', async () => {
  const { world, fileId, tasks } = await processed();
  jest.spyOn(world.jobs, 'startChunk').mockResolvedValue(2);
  world.source.put('incoming/a.csv', csv(31));
  expect(await processChunk(tasks[0], world.deps)).toEqual({});
  expect(await world.job(fileId)).not.toHaveProperty('error_code');
});

test('of many workers that find the source changed one tells', async () => {
  const { world, fileId, tasks } = await processed();
  world.source.put('incoming/a.csv', csv(31));
  const scans = tasks.map((task): ChunkTask => ({ ...task, task: 'SCAN' }));
  await Promise.all(scans.map(async (scan) => processChunk(scan, world.deps)));
  expect((await world.eventNames(fileId)).filter((event) => event === 'rejected')).toEqual(['rejected']);
  expect(await world.job(fileId)).toMatchObject({ error_code: 'source_changed' });
});

test('a job that is closed while it is being published says that parts may be visible, and its resume goes on publishing', async () => {
  const { world, fileId } = await processed();
  jest.spyOn(world.output, 'completeUpload').mockRejectedValueOnce(new Error('throttled'));
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('throttled');
  await closeJob({ executionArn: 'arn-1', error: { Error: 'Error', Cause: 'throttled' } }, world.deps);
  expect(await world.job(fileId)).toMatchObject({
    status: 'FAILED',
    resumable: true,
    error_code: 'publishing_interrupted',
    error_message: 'some parts may be visible until a resume publishes the others: Error: throttled',
  });

  expect(await validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, world.deps)).toEqual({ status: 'PROCESSED', fileId });
  expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING', run: 2 });
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'PUBLISHED', fileId });
  expect(await world.job(fileId)).not.toHaveProperty('error_code');
});

test('a commit record that names other results than the chunks have is refused', async () => {
  const { world, fileId } = await processed();
  await world.output.put(`work/${fileId}/commit.json`, JSON.stringify({ fileId, parts: [] }));
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow(`internal: expected the commit record work/${fileId}/commit.json to name`);
  expect(world.published()).toBe('');
});

test('throws when a rejected record is missing in the quarantine', async () => {
  const { world, fileId } = await processed(csv(5, [1, 3]), new World(new MemorySource(), { maxRejectedRecords: 2, chunkSizeBytes: 1000 }));
  const shard = `work/${fileId}/rejects/chunk-0000000-1.jsonl`;
  await world.output.put(shard, `${world.output.text(shard)!.split('\n')[0]}\n`);
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow(`internal: expected 2 rows in quarantine/file_id=${fileId}/rejected.csv, got 1`);
  expect(world.published()).toBe('');
});
