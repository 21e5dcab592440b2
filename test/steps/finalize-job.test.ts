import { MemorySource } from './support/memory-source';
import { createdEvent, csv, World } from './support/world';
import { ChunkTask } from '../../src/contract/payloads';
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

/** Two parts appear, then S3 says no once. */
function throttleThirdPart({ output }: World): void {
  const complete = output.completeUpload.bind(output);
  let isThrottled = false;
  jest.spyOn(output, 'completeUpload').mockImplementation(async (key, ...args) => {
    if (isThrottled || !key.includes('part-00002')) return complete(key, ...args);
    isThrottled = true;
    throw new Error('throttled');
  });
}

const VERDICT = { error_code: 'source_changed', error_message: 'expected object' } as const;
const BY_TWIN = { event: 'rejected', at: 1 };

test('a verdict that comes while FinalizeJob gathers the rejects is carried out by the retry: nothing is published', async () => {
  const { world, fileId } = await processed();
  const put = world.output.put.bind(world.output);
  jest.spyOn(world.output, 'put').mockImplementationOnce(async (key, body) => {
    await world.jobs.changeJob(await world.job(fileId), VERDICT, BY_TWIN);
    return put(key, body);
  });
  await expect(finalizeJob({ fileId }, world.deps))
    .rejects.toThrow(/to be as it was read \(PROCESSING in run 1, revision 3\), got PROCESSING in run 1 with the verdict source_changed, revision 4$/);
  expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING' });
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
  expect(world.published()).toBe('');
  expect(world.output.uploads.size).toBe(0);
});

test('a verdict that was reached before the job is PUBLISHING, and is written after, changes nothing', async () => {
  const { world, fileId, tasks } = await processed();
  const read = await world.job(fileId);
  throttleThirdPart(world);
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('throttled');
  expect(world.published()).not.toBe('');
  // A worker that has read the job before.
  expect(await world.jobs.changeJob(read, VERDICT, BY_TWIN)).toBeUndefined();
  // One that reads it now, whose chunk runs once more.
  world.source.put('incoming/a.csv', csv(31));
  const again = { ...tasks[0], round: 4, replaces: 1 };
  await expect(processChunk(again, world.deps)).rejects.toThrow(`expected job ${fileId} to be PROCESSING, got PUBLISHING: expected object incoming/a.csv`);
  expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING' });
  expect(await world.job(fileId)).not.toHaveProperty('error_code');
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

test('the verdict stands in the job item before the first row of rejected.csv is written', async () => {
  const { world, fileId } = await processed(csv(30, [3]));
  jest.spyOn(world.output, 'put').mockRejectedValueOnce(new Error('slow down'));
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('slow down');
  expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING', error_code: 'too_many_rejects', records_read: 30, records_rejected: 1 });
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
});

test('throws when a rejected record is missing in the quarantine', async () => {
  const { world, fileId } = await processed(csv(5, [1, 3]), new World(new MemorySource(), { maxRejectedRecords: 2, chunkSizeBytes: 1000 }));
  const shard = `work/${fileId}/rejects/chunk-0000000-1.jsonl`;
  await world.output.put(shard, `${world.output.text(shard)!.split('\n')[0]}\n`);
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow(`internal: expected 2 rows in quarantine/file_id=${fileId}/rejected.csv, got 1`);
  expect(world.published()).toBe('');
});
