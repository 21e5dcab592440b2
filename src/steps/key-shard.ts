/**
 * The key shard of a chunk: sorted runs, one after the other. FinalizeJob holds a stretch of each run of each chunk. Where a
 * very large file would have so many runs that these were short, each worker makes one run of its own.
 */
import { MultipartWriter } from './multipart-writer';
import { ByteSource } from '../engine/io/byte-source';
import { ENTRY_BYTES, KeyEntries } from '../engine/keys/key-entry';
import { mergeRuns } from '../engine/keys/merge-runs';
import { OutputStore } from '../ports/output';

/** Of all chunks; no job has more chunks. The more there are, the smaller is what one request of FinalizeJob reads. */
export const MOST_RUNS = 10_000;
/** The worker has buffers for its uploads besides. */
const BUFFER_BYTES = 32 * 1024 * 1024;
/** Entries that are handed on at a time. */
const PIECE_LENGTH = 8192;

/** @param lengths of the runs, in entries */
export function runsOfShard(store: OutputStore, key: string, lengths: readonly number[]): ByteSource[] {
  const shard = store.ranges(key, totalOf(lengths) * ENTRY_BYTES);
  let end = 0;
  return lengths.map((length) => {
    const start = end;
    end += length * ENTRY_BYTES;
    return { size: length * ENTRY_BYTES, read: async (from: number, to: number) => shard.read(start + from, start + to) };
  });
}

/** Whether a shard has to be merged, where each chunk of the job may have as many runs as this one. */
export function hasTooManyRuns(lengths: readonly number[], chunkCount: number): boolean {
  return lengths.length > 1 && lengths.length * chunkCount > MOST_RUNS;
}

/** @returns the length of the one run that the shard becomes */
export async function mergeShard(runs: readonly ByteSource[], to: MultipartWriter): Promise<number> {
  const piece = KeyEntries.withRoomFor(PIECE_LENGTH);
  let length = 0;
  let total = 0;
  const handOn = async (): Promise<void> => {
    await to.write(piece.bytes(length));
    total += length;
    length = 0;
  };
  await mergeRuns(runs, BUFFER_BYTES, ({ entries, at }) => {
    piece.copy(entries, at, length++);
    return length < PIECE_LENGTH ? undefined : handOn();
  });
  await handOn();
  await to.complete();
  return total;
}

function totalOf(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}
