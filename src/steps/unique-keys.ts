/**
 * `primaryKey`, `uniqueKeys` and `unique` hold across the whole file. Each chunk leaves a shard of sorted key hashes.
 * Merged, these tell which records hold a key that an earlier one holds, and one more round of the Map runs just the
 * chunks with such records again, with a list of what to exclude.
 */
import { SlimChunk } from './finished-chunks';
import { JobPlan } from './job-plan';
import { ChunkWork, startRound } from './map-round';
import { abortUploads } from './repair';
import { JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { inParallel } from '../engine/io/in-parallel';
import { ExclusionList } from '../engine/keys/exclusions';
import { ChunkRun, findDuplicates, MAX_CONFLICTS } from '../engine/keys/find-duplicates';
import { ENTRY_BYTES } from '../engine/keys/key-entry';
import { OutputStore } from '../ports/output';
import { StepDeps } from '../ports/step-deps';

/** After those of a repair. */
export const UNIQUE_ROUND = 3;
const WRITES_IN_FLIGHT = 50;

export type UniqueKeysDeps = Pick<StepDeps, 'jobs' | 'output' | 'now' | 'newId' | 'log'>;

/** `manifestKey`: these chunks are to run now. `fault`: why the job has to fail. Neither: every key is there once. */
export interface UniqueKeysVerdict {
  readonly manifestKey?: string;
  readonly fault?: Pick<JobItem, 'error_code' | 'error_message'>;
}

/** @param chunks all chunks, proved to be the file: each begins where the one before it ended */
export async function excludeDuplicates(job: JobItem, plan: JobPlan, chunks: readonly SlimChunk[],
  deps: UniqueKeysDeps): Promise<UniqueKeysVerdict> {
  const duplicates = await findDuplicates(runsOf(chunks, deps.output));
  if (duplicates === undefined) {
    const message = `expected at most ${MAX_CONFLICTS} keys of records to be those of other records too, got more`;
    return { fault: { error_code: 'too_many_duplicates', error_message: message } };
  }
  const excluded = splitByChunk(duplicates, chunks);
  if (excluded.length === 0) return {};

  const keys = new ObjectKeys(plan.contract.prefixes, job.file_id);
  await inParallel(excluded, WRITES_IN_FLIGHT, async ({ chunk, exclusions }) => {
    await deps.output.put(keys.exclusions(chunk.chunk_id, job.run), exclusions.bytes, 'application/octet-stream');
  });
  const work = excluded.map(({ chunk }): ChunkWork => ({
    chunkId: chunk.chunk_id,
    task: 'PROCESS',
    start: chunk.start,
    end: chunk.end,
    exclusionsKey: keys.exclusions(chunk.chunk_id, job.run),
  }));
  const manifestKey = await startRound(job, { round: UNIQUE_ROUND, event: 'unique-keys', work }, plan, deps);
  await abortUploads(excluded.map(({ chunk }) => chunk), deps);
  return { manifestKey };
}

function runsOf(chunks: readonly SlimChunk[], output: OutputStore): ChunkRun[] {
  const runs: ChunkRun[] = [];
  let firstLine = 1;
  for (const { key_shard_key: shardKey, key_runs: lengths = [], lines } of chunks) {
    if (shardKey !== undefined) {
      const shard = output.ranges(shardKey, lengths.reduce((sum, length) => sum + length, 0) * ENTRY_BYTES);
      let from = 0;
      for (const length of lengths) {
        const start = from;
        runs.push({ size: length * ENTRY_BYTES, firstLine, read: async (a, b) => shard.read(start + a, start + b) });
        from += length * ENTRY_BYTES;
      }
    }
    firstLine += lines;
  }
  return runs;
}

interface ChunkExclusions {
  readonly chunk: SlimChunk;
  readonly exclusions: ExclusionList;
}

/**
 * The chunks in which there is something to exclude.
 *
 * @throws Error when one of them was run with its exclusions before: it would go round in circles
 */
function splitByChunk(duplicates: ExclusionList, chunks: readonly SlimChunk[]): ChunkExclusions[] {
  const found: ChunkExclusions[] = [];
  let from = 0;
  for (const chunk of chunks) {
    let to = from;
    while (to < duplicates.length && duplicates.byteOffset(to) < chunk.actual_end) to++;
    if (to > from) found.push({ chunk, exclusions: duplicates.slice(from, to) });
    from = to;
  }
  const again = found.find(({ chunk }) => chunk.exclusions_key !== undefined);
  if (again !== undefined) {
    throw new Error(`internal: expected no duplicate key in ${again.chunk.chunk_id} after it was run without them, got ${again.exclusions.length}`);
  }
  return found;
}
