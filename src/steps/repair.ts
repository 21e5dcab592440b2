/**
 * When a guessed boundary was wrong, the chain of chunks is broken. Two more rounds of the Map mend it, whatever the
 * size of the file: first a scan tells of every chunk where records could begin and where each of these beginnings
 * leads; put together, the scans give all true boundaries at once, and the chunks that began at a wrong one run again.
 */
import { isDeepStrictEqual } from 'node:util';
import { SlimChunk } from './finished-chunks';
import { JobPlan } from './job-plan';
import { ChunkWork, roundTasks, startRound } from './map-round';
import { chunkIndex, JobItem } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { checkChain, composeBoundaries } from '../engine/boundaries/chain';
import { inParallel } from '../engine/io/in-parallel';
import { StepDeps } from '../ports/step-deps';

export type RepairDeps = Pick<StepDeps, 'jobs' | 'output' | 'now' | 'newId' | 'log' | 'meter'>;

export const SCAN_ROUND = 1;
export const RUN_AGAIN_ROUND = 2;

/** @returns the manifest of the chunks to run now; undefined when every chunk begins where the one before it ended */
export async function repairChain(job: JobItem, plan: JobPlan, chunks: readonly SlimChunk[], deps: RepairDeps): Promise<string | undefined> {
  const size = plan.source.sizeBytes;
  const broken = checkChain(chunks.map((chunk) => ({ start: chunk.start, actualEnd: chunk.actual_end })), size);
  if (broken === undefined) return undefined;

  const scans = chunks.slice(broken).filter(({ scan }) => scan === undefined).map((chunk) => scanOf(chunk, plan));
  if (scans.length > 0) return startRound(job, { round: SCAN_ROUND, event: 'repair-1', work: scans }, plan, deps);

  const wrong = chunks.slice(broken);
  const firstStart = broken === 0 ? 0 : chunks[broken - 1].actual_end;
  const starts = composeBoundaries(firstStart, wrong.map(({ scan }) => scan ?? []), size);
  const work = wrong
    .map((chunk, index): ChunkWork => ({ chunkId: chunk.chunk_id, task: 'PROCESS', start: starts[index], end: starts[index + 1] ?? size }))
    .filter(({ start }, index) => start !== wrong[index].start);
  await requireProgress(job, work, deps);

  const manifestKey = await startRound(job, { round: RUN_AGAIN_ROUND, event: 'repair-2', work }, plan, deps);
  deps.meter.add(METRICS.chunkRepairs, work.length);
  const redone = new Set(work.map(({ chunkId }) => chunkId));
  await abortUploads(wrong.filter((chunk) => redone.has(chunk.chunk_id)), deps);
  return manifestKey;
}

/** A scan covers the chunk as it was planned: that stays the same, whatever byte range the chunk is given later. */
function scanOf({ chunk_id: chunkId }: SlimChunk, plan: JobPlan): ChunkWork {
  const { start, end } = plan.chunks[chunkIndex(chunkId)];
  return { chunkId, task: 'SCAN', start, end };
}

/** The second round must have mended the chain; when it asks for something new, a retry would go round in circles. */
async function requireProgress(job: JobItem, work: readonly ChunkWork[], deps: RepairDeps): Promise<void> {
  const isRetry = job.map_round === RUN_AGAIN_ROUND && job.manifest_key !== undefined
    && isDeepStrictEqual(await deps.output.getJson(job.manifest_key), roundTasks(job, { round: RUN_AGAIN_ROUND, work }));
  if (work.length === 0 || (job.map_round === RUN_AGAIN_ROUND && !isRetry)) {
    throw new Error(`internal: the chunks of job ${job.file_id} do not chain after the repair`);
  }
}

type UploadOfChunk = Pick<SlimChunk, 'part_key' | 'upload_id'>;

/** For chunks whose output will not be published. */
export async function abortUploads(chunks: Iterable<UploadOfChunk> | AsyncIterable<UploadOfChunk>, deps: Pick<StepDeps, 'output'>): Promise<void> {
  await inParallel(chunks, 50, async ({ part_key: key, upload_id: uploadId }) => {
    if (key !== undefined && uploadId !== undefined) await deps.output.abortUpload(key, uploadId);
  });
}
