/** How PlanChunks cuts a file: what ValidateFile expects of it is held against the same. */
import { JobContract } from '../contract/job-contract';
import { PlanOptions } from '../engine/boundaries/chunk-plan';

/** The most children that a Distributed Map may run at once; a larger file gets larger chunks. */
export const MAX_CHUNKS = 10_000;
/** Each is a few reads, one after the other. */
const BOUNDARIES_AT_ONCE = 16;

export function cutsOf({ chunkSizeBytes }: Pick<JobContract, 'chunkSizeBytes'>): Pick<PlanOptions, 'chunkSize' | 'maxChunks' | 'concurrency'> {
  return { chunkSize: chunkSizeBytes, maxChunks: MAX_CHUNKS, concurrency: BOUNDARIES_AT_ONCE };
}
