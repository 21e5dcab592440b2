import { requireActiveRegion } from './active-region';
import { ChunkOutput } from './chunk-output';
import { CompiledPlan, readCompiledPlan } from './job-plan';
import { requireJob } from './job-state';
import { openTransform } from './open-transform';
import { chunkItemExpiry, generationOf, JobItem } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { scanChunk } from '../engine/boundaries/scan-chunk';
import { ByteSource } from '../engine/io/byte-source';
import { needsStaging } from '../engine/staging/resolved-input';
import { JobChanges } from '../ports/jobs';
import { SourceChangedError } from '../ports/source-changed';
import { StepDeps } from '../ports/step-deps';

export type ProcessChunkDeps = Pick<StepDeps, 'jobs' | 'source' | 'output' | 'userCode' | 'contract' | 'now' | 'timeLeft' | 'fastPath' | 'log' | 'regions' | 'meter'> & {
  /** Told how many bytes of the chunk are done. */
  readonly progress?: (chunkId: string, bytesDone: number) => void;
};

/**
 * One child of the Map. Everything it finds out goes to the chunk's item: what a child returns would count against the
 * size of the Map's state.
 */
export async function processChunk(task: ChunkTask, deps: ProcessChunkDeps): Promise<Record<string, never>> {
  await requireActiveRegion(deps);
  const job = await requireJob(deps.jobs, task.fileId);
  // A worker of an earlier run. Of a chunk that no later run has started its generation does not tell.
  if (job.run !== task.run) return {};
  const plan = await readCompiledPlan(deps.output, task.planKey);
  const source = deps.source.open(plan.source);
  try {
    await (task.task === 'SCAN' ? scan(task, plan, source, deps) : run(task, job, plan, source, deps));
  } catch (error) {
    if (!(error instanceof SourceChangedError)) throw error;
    // The text that PlanChunks made of the file has changed: that is no fault of the file.
    if (needsStaging(plan.input)) throw new Error(`expected the staged text to be there until the job has ended; ${error.message}`, { cause: error });
    // A verdict on the data, which no retry changes: FinalizeJob closes the job with it.
    await rejectJob(task, error, deps);
  }
  return {};
}

/**
 * Many workers may find the source changed: the first one says so. A worker whose chunk is done by another says
 * nothing.
 */
async function rejectJob(task: ChunkTask, error: SourceChangedError, deps: ProcessChunkDeps): Promise<void> {
  const chunk = await deps.jobs.chunk(task.fileId, task.chunkId);
  const isDone = task.task === 'SCAN' ? chunk?.scan !== undefined : chunk?.chunk_status === 'SUCCEEDED';
  const job = await requireJob(deps.jobs, task.fileId);
  if (isDone || job.run !== task.run || job.error_code !== undefined) return;
  // While it is published there is no verdict any more: the file is needed, to make again what is gone.
  if (job.status === 'PUBLISHING') {
    throw new Error(`job ${task.fileId} is being published, and ${task.chunkId} has to be made again because its upload is gone: ${error.message}`,
      { cause: error });
  }
  if (job.status !== 'PROCESSING') throw new Error(`expected job ${task.fileId} to be PROCESSING, got ${job.status}: ${error.message}`, { cause: error });
  const verdict = { error_code: error.code, error_message: error.message } satisfies JobChanges;
  const rejected = await deps.jobs.changeJob(job, verdict, { event: 'rejected', at: deps.now().getTime() });
  // Another worker says so at the same time, or the job was closed.
  if (rejected === undefined) await rejectJob(task, error, deps);
}

async function scan(task: ChunkTask, plan: CompiledPlan, source: ByteSource, deps: ProcessChunkDeps): Promise<void> {
  const chunk = await deps.jobs.chunk(task.fileId, task.chunkId);
  if (chunk?.scan !== undefined) return;
  const entries = await scanChunk(source, plan.format, task);
  await deps.jobs.saveScan(task, entries, deps.now().getTime());
}

async function run(task: ChunkTask, job: JobItem, plan: CompiledPlan, source: ByteSource, deps: ProcessChunkDeps): Promise<void> {
  const at = deps.now().getTime();
  const attempt = await deps.jobs.startChunk(task, at, chunkItemExpiry(at, deps.contract));
  if (attempt === undefined) return;
  const { prefixes, output: outputFormat = {} } = plan.contract;
  const keys = new ObjectKeys(prefixes, task.fileId);
  const output = new ChunkOutput(deps.output, keys, { task, attempt, job, outputFormat, chunkCount: plan.chunks.length });
  const work = { fast: deps.fastPath, now: () => deps.now().getTime(), progress: deps.progress };
  const outcome = await openTransform(plan, deps.userCode)
    .then(async (transform) => output.process(source, plan.format, { ...work, transform }))
    .catch(async (error: unknown) => fail(task, attempt, error, output, deps));
  // From here on the result may stand in the table, also where the answer is lost, or come to stand there: only the table tells.
  const finished = await deps.jobs.finishChunk(task, outcome, deps.now().getTime(), patience(deps))
    .catch(async (error: unknown) => giveUp(task, attempt, error, output, deps));
  if (finished) deps.meter.add(METRICS.bytesProcessed, (outcome.actual_end ?? task.end) - task.start);
  else await yieldToTwin(task, attempt, output, deps);
}

/**
 * Waiting for a table that is busy is no failure: as long as there is time for what comes after. What fails here would run
 * the whole chunk once more.
 */
const patience = ({ timeLeft }: ProcessChunkDeps): number => timeLeft() / 2;

/** An attempt that has no result, and will have none. */
async function fail(task: ChunkTask, attempt: number, error: unknown, output: ChunkOutput, deps: ProcessChunkDeps): Promise<never> {
  // Each whatever becomes of the other: a table that is busy keeps no upload.
  await Promise.all([tryTo(async () => discardAttempt(task, attempt, error, deps), task, deps), tryTo(async () => output.discard(), task, deps)]);
  throw error;
}

/**
 * The result could not be written, or nobody has heard that it was, and the write may still take place: its upload goes only
 * when the table has said that it takes this result no more. Where it does not say so the upload stays, for the sweep or the
 * bucket's rule.
 *
 * @returns false where the table has a result, this one or another, or a later round has the chunk
 * @throws error where it has none
 */
async function giveUp(task: ChunkTask, attempt: number, error: unknown, output: ChunkOutput, deps: ProcessChunkDeps): Promise<false> {
  const isDiscarded = await tryTo(async () => discardAttempt(task, attempt, error, deps), task, deps);
  if (isDiscarded === false) return false;
  if (isDiscarded) await tryTo(async () => output.discard(), task, deps);
  throw error;
}

async function discardAttempt(task: ChunkTask, attempt: number, error: unknown, { jobs, now }: ProcessChunkDeps): Promise<boolean> {
  const message = error instanceof Error ? error.message : String(error);
  return jobs.failChunk({ file_id: task.fileId, chunk_id: task.chunkId, generation: generationOf(task) }, message, now().getTime(), attempt);
}

/** An attempt that has failed tells why it did, and not that it could not be cleaned up. */
async function tryTo<T>(cleanUp: () => Promise<T>, { chunkId }: ChunkTask, { log }: ProcessChunkDeps): Promise<T | undefined> {
  return cleanUp().catch((error: unknown) => {
    log.warn('a failed attempt is not cleaned up', { chunkId, cause: String(error) });
    return undefined;
  });
}

/** The table has a result already, or a later round has the chunk: this work is for nothing. */
async function yieldToTwin(task: ChunkTask, attempt: number, output: ChunkOutput, deps: ProcessChunkDeps): Promise<void> {
  const chunk = await deps.jobs.chunk(task.fileId, task.chunkId);
  // Our own result: the write went through, and its answer was lost.
  if (chunk?.chunk_status === 'SUCCEEDED' && chunk.result_attempt === attempt) return;
  deps.log.info('another worker has the chunk', { chunkId: task.chunkId, status: chunk?.chunk_status });
  await output.discard().catch((error: unknown) => {
    deps.log.warn('work for nothing is not cleaned up', { chunkId: task.chunkId, cause: String(error) });
  });
}
