/**
 * When a guessed boundary was wrong, the chain of chunks is broken. Two more rounds of the Map mend it, whatever the
 * size of the file: first a scan tells of every chunk where records could begin and where each of these beginnings
 * leads; put together, the scans give all true boundaries at once, and the chunks that began at a wrong one run again.
 */
import { isDeepStrictEqual } from 'node:util';
import { JobPlan } from './job-plan';
import { startRound } from './map-round';
import { FinishedChunk } from './totals';
import { chunkIndex, JobItem } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { ChunkTask } from '../contract/payloads';
import { checkChain, composeBoundaries } from '../engine/boundaries/chain';
import { inParallel } from '../engine/io/in-parallel';
import { StepDeps } from '../ports/step-deps';

export type RepairDeps = Pick<StepDeps, 'jobs' | 'output' | 'now' | 'log' | 'meter'>;

export const SCAN_ROUND = 1;
export const RUN_AGAIN_ROUND = 2;

/** @returns the manifest of the chunks to run now; undefined when every chunk begins where the one before it ended */
export async function repairChain(job: JobItem, plan: JobPlan, chunks: readonly FinishedChunk[], deps: RepairDeps): Promise<string | undefined> {
  const size = plan.source.sizeBytes;
  const broken = checkChain(chunks.map((chunk) => ({ start: chunk.start, actualEnd: chunk.actual_end })), size);
  if (broken === undefined) return undefined;

  const scanTasks = chunks.slice(broken).filter(({ scan }) => scan === undefined).map((chunk) => scanTask(job, chunk, plan));
  if (scanTasks.length > 0) return startRound(job, { round: SCAN_ROUND, event: 'repair-1', tasks: scanTasks }, plan, deps);

  const wrong = chunks.slice(broken);
  const firstStart = broken === 0 ? 0 : chunks[broken - 1].actual_end;
  const starts = composeBoundaries(firstStart, wrong.map(({ scan }) => scan ?? []), size);
  const tasks = wrong
    .map((chunk, index): ChunkTask => ({
      fileId: job.file_id,
      chunkId: chunk.chunk_id,
      task: 'PROCESS',
      run: job.run,
      round: RUN_AGAIN_ROUND,
      start: starts[index],
      end: starts[index + 1] ?? size,
    }))
    .filter((task, index) => task.start !== wrong[index].start);
  await requireProgress(job, tasks, deps);

  const manifestKey = await startRound(job, { round: RUN_AGAIN_ROUND, event: 'repair-2', tasks }, plan, deps);
  deps.meter.add(METRICS.chunkRepairs, tasks.length);
  const redone = new Set(tasks.map((task) => task.chunkId));
  await abortUploads(wrong.filter((chunk) => redone.has(chunk.chunk_id)), deps);
  return manifestKey;
}

/** A scan covers the chunk as it was planned: that stays the same, whatever byte range the chunk is given later. */
function scanTask(job: JobItem, chunk: FinishedChunk, plan: JobPlan): ChunkTask {
  const { start, end } = plan.chunks[chunkIndex(chunk.chunk_id)];
  return { fileId: chunk.file_id, chunkId: chunk.chunk_id, task: 'SCAN', run: job.run, round: SCAN_ROUND, start, end };
}

/** The second round must have mended the chain; when it asks for something new, a retry would go round in circles. */
async function requireProgress(job: JobItem, tasks: readonly ChunkTask[], deps: RepairDeps): Promise<void> {
  const isRetry = job.map_round === RUN_AGAIN_ROUND && job.manifest_key !== undefined
    && isDeepStrictEqual(await deps.output.getJson(job.manifest_key), tasks);
  if (tasks.length === 0 || (job.map_round === RUN_AGAIN_ROUND && !isRetry)) {
    throw new Error(`internal: the chunks of job ${job.file_id} do not chain after the repair`);
  }
}

/** For chunks whose output will not be published. */
export async function abortUploads(chunks: ReadonlyArray<Pick<FinishedChunk, 'part_key' | 'upload_id'>>, deps: Pick<StepDeps, 'output'>): Promise<void> {
  await inParallel(chunks, 50, async ({ part_key: key, upload_id: uploadId }) => {
    if (key !== undefined && uploadId !== undefined) await deps.output.abortUpload(key, uploadId);
  });
}
