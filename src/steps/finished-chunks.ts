import { JobPlan } from './job-plan';
import { FinishedChunk, Totals } from './totals';
import { chunkId, ChunkItem, JobItem, RecordCounts } from '../contract/job-item';
import { chunkPrefixOf } from '../ports/regions';
import { StepDeps } from '../ports/step-deps';

/**
 * What FinalizeJob holds of a chunk while it proves and reports: without what grows with the chunk (its uploaded parts)
 * or with the schema (its rejects by column).
 */
export type SlimChunk = Omit<FinishedChunk, 'part_etags' | 'rejects_by_code' | 'rejects_by_column'>;

export interface FinishedChunks {
  /** In the order of the file. */
  readonly chunks: readonly SlimChunk[];
  readonly totals: RecordCounts;
}

/**
 * All chunks of the plan, and their sums.
 *
 * @throws Error when a chunk has no result: the Map must not have ended so
 */
export async function finishedChunks(job: JobItem, plan: JobPlan, deps: Pick<StepDeps, 'jobs' | 'regions'>): Promise<FinishedChunks> {
  const chunks: SlimChunk[] = [];
  const totals = new Totals();
  for await (const chunk of plannedChunks(job, deps)) {
    if (chunk.chunk_status !== 'SUCCEEDED') throw missing(job, chunk.chunk_id, chunk.chunk_status);
    totals.add(chunk as FinishedChunk);
    chunks.push(slim(chunk as FinishedChunk));
  }
  if (chunks.length < plan.chunks.length) throw missing(job, chunkId(chunks.length, chunkPrefixOf(deps.regions)), 'no item');
  return { chunks, totals: totals.sum };
}

/** The items of the job's chunks, up to the first that is missing. */
export async function* plannedChunks(job: JobItem, { jobs, regions }: Pick<StepDeps, 'jobs' | 'regions'>): AsyncIterable<ChunkItem> {
  const prefix = chunkPrefixOf(regions);
  let index = 0;
  for await (const chunk of jobs.chunks(job.file_id)) {
    if (chunk.chunk_id !== chunkId(index++, prefix)) return;
    yield chunk;
  }
}

export function slim({ part_etags: _, rejects_by_code: __, rejects_by_column: ___, ...chunk }: FinishedChunk): SlimChunk {
  return chunk;
}

function missing({ file_id: fileId }: JobItem, id: string, got: string): Error {
  return new Error(`expected ${id} of job ${fileId} to be SUCCEEDED, got ${got}`);
}
