import { createdEvent, csv, World } from './support/world';
import { ChunkTask } from '../../src/contract/payloads';
import { finishedChunks } from '../../src/steps/finished-chunks';
import { readPlan } from '../../src/steps/job-plan';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { validateFile } from '../../src/steps/validate-file';

async function processed(without?: number) {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20, [3, 4])));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  const { manifestKey } = await planChunks({ fileId }, world.deps);
  const tasks = await world.output.getJson<ChunkTask[]>(manifestKey!);
  for (const [index, task] of tasks.entries()) if (index !== without) await processChunk(task, world.deps);
  const job = await world.job(fileId);
  return { world, fileId, job, tasks, plan: await readPlan(world.output, job) };
}

test('gives all chunks in order, without what grows with the chunk or the schema, and their sums', async () => {
  const { world, job, plan, tasks } = await processed();
  const { chunks, totals } = await finishedChunks(job, plan, world.deps);
  expect(chunks.map(({ chunk_id: id }) => id)).toEqual(tasks.map(({ chunkId }) => chunkId));
  for (const chunk of chunks) for (const name of ['part_etags', 'rejects_by_code', 'rejects_by_column']) expect(chunk).not.toHaveProperty(name);
  expect(chunks[0]).toMatchObject({ upload_id: expect.any(String), part_key: expect.any(String), result_attempt: 1 });
  expect(totals).toMatchObject({ records_read: 20, records_written: 18, records_rejected: 2 });
  expect(totals).toMatchObject({ rejects_by_code: { type: 2 }, rejects_by_column: { id: 2 } });
});

test.each([0, 2])('throws when chunk %d was never started', async (missing) => {
  const { world, fileId, job, plan } = await processed(missing);
  await expect(finishedChunks(job, plan, world.deps)).rejects.toThrow(`expected chunk-000000${missing} of job ${fileId} to be SUCCEEDED, got no item`);
});

test('throws when a chunk has no result yet', async () => {
  const { world, fileId, job, plan, tasks } = await processed(1);
  await world.jobs.startChunk(tasks[1], 1, Infinity);
  await expect(finishedChunks(job, plan, world.deps)).rejects.toThrow(`expected chunk-0000001 of job ${fileId} to be SUCCEEDED, got PROCESSING`);
});
