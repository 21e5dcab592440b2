/**
 * Makes the runs of one chunk's key shard one run, where all chunks together would have too many. This is one of two merges:
 * here each entry is to come out in its order, for which a heap of a few runs is the plain way. Across the chunks
 * (`find-duplicates.ts`) only entries that share their hash matter, and a heap of 10,000 runs would take five times as long.
 */
import { ENTRY_BYTES, ENTRY_WORDS } from './key-entry';
import { READS_IN_FLIGHT, ReadLimit } from './read-limit';
import { RunReader } from './run-reader';
import { ByteSource } from '../io/byte-source';

/** A request costs tens of milliseconds: with smaller blocks the merge would wait for requests, not for bytes. */
const LEAST_BLOCK_BYTES = 16 * 1024;
const MOST_BLOCK_BYTES = 1024 * 1024;
/** Each run holds the block at hand and the one ahead. */
const BLOCKS_OF_RUN = 2;

/** Told what entry is next: `reader.entries` at `reader.at`. @returns what has to be awaited before the merge goes on */
export type MergeVisit = (reader: RunReader) => Promise<void> | undefined;

/**
 * Visits the entries of a few runs by their hashes; equal ones in the order of the runs.
 *
 * @param bufferBytes of the blocks of all runs together; more only where a run's share would be less than the least block
 */
export async function mergeRuns(runs: readonly ByteSource[], bufferBytes: number, visit: MergeVisit): Promise<void> {
  const heap = await RunHeap.open(runs, blockBytesOf(runs.length, bufferBytes));
  for (let run = heap.first; run >= 0; run = heap.first) {
    const reader = heap.readers[run];
    const toAwait = visit(reader);
    if (toAwait !== undefined) await toAwait;
    reader.at++;
    if (reader.blockEnded && !await reader.nextBlock()) heap.removeFirst();
    else heap.moveFirst();
  }
}

function blockBytesOf(runs: number, bufferBytes: number): number {
  const share = Math.floor(bufferBytes / (runs * BLOCKS_OF_RUN));
  const bytes = Math.min(Math.max(share, Math.min(LEAST_BLOCK_BYTES, bufferBytes)), MOST_BLOCK_BYTES);
  return Math.max(bytes - bytes % ENTRY_BYTES, ENTRY_BYTES);
}

/** A binary heap of runs by their entries at hand; the first one is the least. */
class RunHeap {
  static async open(runs: readonly ByteSource[], blockBytes: number): Promise<RunHeap> {
    const limit = new ReadLimit(READS_IN_FLIGHT);
    const readers = runs.map((run) => new RunReader(run, blockBytes, limit));
    const hasEntries = await Promise.all(readers.map(async (reader) => reader.nextBlock()));
    return new RunHeap(readers, Uint32Array.from(readers.keys()).filter((run) => hasEntries[run]));
  }

  private size: number;
  /** The first word of each run's hash at hand, which decides almost always. */
  private readonly firstWords: Uint32Array;

  private constructor(readonly readers: readonly RunReader[], private readonly runs: Uint32Array) {
    this.size = runs.length;
    this.firstWords = new Uint32Array(readers.length);
    for (const run of runs) this.noteFirstWord(run);
    for (let place = (this.size >>> 1) - 1; place >= 0; place--) this.sink(place);
  }

  /** -1: no entry is left. */
  get first(): number {
    return this.size === 0 ? -1 : this.runs[0];
  }

  /** Moves the first run to where it belongs with its next entry. */
  moveFirst(): void {
    this.noteFirstWord(this.runs[0]);
    this.sink(0);
  }

  removeFirst(): void {
    this.runs[0] = this.runs[--this.size];
    this.sink(0);
  }

  private noteFirstWord(run: number): void {
    const { entries, at } = this.readers[run];
    this.firstWords[run] = entries.words[at * ENTRY_WORDS];
  }

  private sink(from: number): void {
    const { runs, size } = this;
    const run = runs[from];
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(runs[child + 1], runs[child])) child++;
      if (!this.isBefore(runs[child], run)) break;
      runs[place] = runs[child];
      place = child;
    }
    runs[place] = run;
  }

  private isBefore(run: number, other: number): boolean {
    const difference = this.firstWords[run] - this.firstWords[other];
    if (difference !== 0) return difference < 0;
    const [{ entries, at }, reader] = [this.readers[run], this.readers[other]];
    const order = entries.compare(at, reader.entries, reader.at);
    return order === 0 ? run < other : order < 0;
  }
}
