/**
 * `primaryKey`, `uniqueKeys` and `unique` hold across the whole file. Each chunk leaves a shard of sorted key hashes.
 * Merged, these tell which records hold a key that an earlier one holds, and one more round of the Map runs just the
 * chunks with such records again, with a list of what to exclude. The merge is bounded by nothing but the file: where the
 * time of a step is up it notes how far it is, and the next call goes on.
 */
import { SlimChunk } from './finished-chunks';
import { JobPlan } from './job-plan';
import { changeJob } from './job-state';
import { runsOfShard } from './key-shard';
import { ChunkWork, startRound } from './map-round';
import { abortUploads } from './repair';
import { savedProgress, saveProgress } from './saved-progress';
import { JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { inParallel } from '../engine/io/in-parallel';
import { ConflictList } from '../engine/keys/conflict-list';
import { ExclusionList } from '../engine/keys/exclusions';
import { ChunkRun, findDuplicates, MAX_CONFLICTS, PausedMerge } from '../engine/keys/find-duplicates';
import { OutputStore } from '../ports/output';
import { StepDeps } from '../ports/step-deps';

/** After those of a repair. */
export const UNIQUE_ROUND = 3;
const WRITES_IN_FLIGHT = 50;

export type UniqueKeysDeps = Pick<StepDeps, 'jobs' | 'output' | 'now' | 'newId' | 'keyBufferBytes' | 'log'>;

/** How many bytes of each run are merged. */
type MergePositions = PausedMerge['positions'];

/**
 * `manifestKey`: these chunks are to run now. `fault`: why the job has to fail. `isUnfinished`: the time was up. None of
 * them: every key is there once.
 */
export interface UniqueKeysVerdict {
  readonly isUnfinished?: true;
  readonly manifestKey?: string;
  readonly fault?: Pick<JobItem, 'error_code' | 'error_message'>;
}

/** @param chunks all chunks, proved to be the file: each begins where the one before it ended */
export async function excludeDuplicates(job: JobItem, plan: JobPlan, chunks: readonly SlimChunk[], isTimeUp: () => boolean,
  deps: UniqueKeysDeps): Promise<UniqueKeysVerdict> {
  const keys = new ObjectKeys(plan.contract.prefixes, job.file_id);
  const from = await pausedMerge(job, chunks, deps);
  const duplicates = await findDuplicates(runsOf(chunks, deps.output), { bufferBytes: deps.keyBufferBytes, isTimeUp, from });
  if (duplicates instanceof PausedMerge) {
    await changeJob(deps, job, { key_merge_key: await pauseMerge(duplicates, chunks, keys, deps) }, 'keys-paused');
    return { isUnfinished: true };
  }
  if (duplicates === undefined) {
    const message = `expected at most ${MAX_CONFLICTS} keys of records to be those of other records too, got more`;
    return { fault: { error_code: 'too_many_duplicates', error_message: message } };
  }
  const excluded = splitByChunk(duplicates, chunks);
  if (excluded.length === 0) return {};

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

/** @returns its key */
async function pauseMerge({ positions, conflicts }: PausedMerge, chunks: readonly SlimChunk[], keys: ObjectKeys,
  deps: UniqueKeysDeps): Promise<string> {
  return saveProgress<MergePositions>('key-merge', { of: shardsOf(chunks), state: positions, bytes: conflicts.bytes() }, keys, deps);
}

async function pausedMerge({ key_merge_key: key }: JobItem, chunks: readonly SlimChunk[], deps: UniqueKeysDeps): Promise<PausedMerge | undefined> {
  const saved = await savedProgress<MergePositions>(key, shardsOf(chunks), deps);
  return saved && new PausedMerge(saved.state, ConflictList.of(saved.bytes));
}

/** What is merged. A chunk that is run again has another shard, and of that the positions say nothing. */
function shardsOf(chunks: readonly SlimChunk[]): unknown[] {
  return chunks.flatMap(({ key_shard_key: key, key_runs: runs = [] }) => key === undefined ? [] : { key, runs });
}

function runsOf(chunks: readonly SlimChunk[], output: OutputStore): ChunkRun[] {
  const runs: ChunkRun[] = [];
  let firstLine = 1;
  for (const { key_shard_key: shardKey, key_runs: lengths = [], lines } of chunks) {
    const chunkLine = firstLine;
    if (shardKey !== undefined) runs.push(...runsOfShard(output, shardKey, lengths).map((run) => ({ ...run, firstLine: chunkLine })));
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
