/**
 * Which records hold a key that an earlier one holds. As if the file were read from its beginning: a record is refused
 * if one of its keys is held by an earlier record that is itself not refused.
 *
 * All runs are sorted by the same hashes, and go on side by side from range to range of these. Of each run so much is read
 * at once as there is room and time for. An entry costs 0.07 µs of CPU time with up to 1,000 runs, 0.15 µs with 10,000, but
 * a request to S3 0.8 ms, as much as 5,000 to 10,000 entries: there are the entries' bytes (32 each) / `readBytesOf` requests.
 */
import { ConflictList } from './conflict-list';
import { ExclusionList } from './exclusions';
import { HeldRun, WORD_END } from './held-run';
import { READS_IN_FLIGHT } from './read-limit';
import { SameHashes, TABLE_LENGTH } from './same-hashes';
import { ByteSource } from '../io/byte-source';
import { inParallel } from '../io/in-parallel';

/** A sorted run of a chunk's key shard. */
export interface ChunkRun extends ByteSource {
  /** The line of the file, from 1, on which the chunk begins. */
  readonly firstLine: number;
}

/** Most entries with a key that several records hold: all of these are kept in memory. */
export const MAX_CONFLICTS = 4_000_000;
/** Of a run at once: with more nothing is won. */
const MOST_READ_BYTES = 1024 * 1024;
/** Of a run on average, in the first range of a call. A request takes as long as it. */
const FIRST_READ_BYTES = 64 * 1024;
/**
 * Each further range of a call has at most this part of what the call has read before. So it takes about that part of the
 * time so far, whatever the store's pace and the memory are: at most a third of a call is lost where its time is up while it
 * reads a range.
 */
const PART_OF_READ = 1 / 2;

/** A merge that stopped between two keys. The runs are to be the same when it goes on. */
export class PausedMerge {
  /** @param positions how many bytes of each run are merged */
  constructor(readonly positions: readonly number[], readonly conflicts: ConflictList) {}
}

export interface FindOptions {
  /** Bytes of all runs that are held, with those on their way. */
  readonly bufferBytes: number;
  /** Default 4,000,000. */
  readonly maxConflicts?: number;
  /** Default: from the beginning. */
  readonly from?: PausedMerge;
  /** Default: there is time enough. */
  readonly isTimeUp?: () => boolean;
}

/**
 * @param runs of all chunks, in the order of the file
 * @returns the records that are to be excluded, in the order of the file; undefined when more entries than
 *   `maxConflicts` share their key; how far it is where the time is up
 */
export async function findDuplicates(runs: readonly ChunkRun[],
  { bufferBytes, maxConflicts = MAX_CONFLICTS, from, isTimeUp = () => false }: FindOptions,
): Promise<ExclusionList | PausedMerge | undefined> {
  const before = from?.positions ?? runs.map(() => 0);
  if (before.length !== runs.length) throw new Error(`internal: expected a merge of ${before.length} runs to go on with them, got ${runs.length}`);
  const conflicts = from?.conflicts ?? new ConflictList();
  const held = runs.map((run, index) => new HeldRun(run, before[index]));
  const same = new SameHashes(held, runs.map(({ firstLine }) => firstLine));
  // So many entries have one first word only where almost all of them have one key.
  const mostOfWord = Math.max(maxConflicts, 2 * TABLE_LENGTH);
  for (let isFirst = true; held.some(({ restBytes }) => restBytes > 0); isFirst = false) {
    const roomBytes = isFirst ? FIRST_READ_BYTES * held.length : PART_OF_READ * held.reduce((sum, run) => sum + run.readBytes, 0);
    // In each call a range is passed, whatever time it has. Between two ranges nothing has to be known of the entries before.
    const isRead = await readOn(held, sharesOf(held, bufferBytes, roomBytes), () => !isFirst && isTimeUp());
    if (!isRead) return new PausedMerge(held.map(({ position }) => position), conflicts);
    const range = await nextRange(held, mostOfWord);
    if (range === undefined) return undefined;
    const usualWidth = Math.ceil((range.end - range.start) / Math.ceil(range.entries / TABLE_LENGTH));
    let width = usualWidth;
    for (let { start } = range; start < range.end; start = firstWordOf(held)) {
      while (!same.take(Math.min(start + width, range.end), width === 1 ? mostOfWord : 2 * TABLE_LENGTH)) {
        if (width === 1) return undefined;
        width = Math.ceil(width / 2);
      }
      same.pass(conflicts);
      if (conflicts.length > maxConflicts) return undefined;
      width = Math.min(2 * width, usualWidth);
    }
  }
  return conflicts.exclusions();
}

/**
 * How many bytes of a run are to be held next: by what is left of it, so that all of them come equally far. With 64 reads of
 * the longest share on their way they are within `bufferBytes`.
 */
function sharesOf(held: readonly HeldRun[], bufferBytes: number, roomBytes: number): (run: HeldRun) => number {
  const [rest, longest] = held.reduce(([sum, most], { restBytes }) => [sum + restBytes, Math.max(most, restBytes)], [0, 0]);
  const inFlight = Math.min(READS_IN_FLIGHT, held.length);
  const ofMemory = Math.max(bufferBytes / (rest + inFlight * longest), (bufferBytes - inFlight * MOST_READ_BYTES) / rest);
  const share = Math.min(ofMemory, roomBytes / rest);
  return ({ restBytes }) => Math.min(restBytes * share, MOST_READ_BYTES);
}

/** @returns false where the time was up before all runs were read */
async function readOn(held: readonly HeldRun[], bytesOf: (run: HeldRun) => number, isTimeUp: () => boolean): Promise<boolean> {
  let isStopped = isTimeUp();
  // The shorter ones, of which the next range needs but a part, are read now and then, so that each request is worth it.
  const short = held.filter((run) => !run.isReadWhole && (run.heldBytes < bytesOf(run) / 2 || run.heldEntries === 0));
  await inParallel(short, READS_IN_FLIGHT, async (run) => {
    isStopped ||= isTimeUp();
    if (!isStopped) await run.hold(bytesOf(run));
  });
  return !isStopped;
}

/** Hashes that begin with words from `start` to, and without, `end`; all of the runs' entries with such ones are held. */
interface HashRange {
  readonly start: number;
  readonly end: number;
  /** That are held. */
  readonly entries: number;
}

/** @returns undefined where more than `mostOfWord` entries begin with one word */
async function nextRange(held: readonly HeldRun[], mostOfWord: number): Promise<HashRange | undefined> {
  for (;;) {
    const left = held.filter(({ heldEntries }) => heldEntries > 0);
    const start = firstWordOf(left);
    const end = left.reduce((least, run) => run.isReadWhole ? least : Math.min(least, run.lastWord), WORD_END);
    const entries = left.reduce((sum, { heldEntries }) => sum + heldEntries, 0);
    if (start < end) return { start, end, entries };
    if (left.reduce((sum, run) => sum + run.countOf(end), 0) > mostOfWord) return undefined;
    const toRead = left.filter((run) => !run.isReadWhole && run.lastWord === end);
    await inParallel(toRead, READS_IN_FLIGHT, async (run) => run.hold(run.heldBytes + Math.min(run.heldBytes, MOST_READ_BYTES)));
  }
}

/**
 * Bytes of each run that are read at a time, where all are as long.
 *
 * @param bufferBytes of all runs that are held, with those on their way
 */
export function readBytesOf(runs: number, bufferBytes: number): number {
  return Math.min(bufferBytes / (runs + Math.min(READS_IN_FLIGHT, runs)), MOST_READ_BYTES);
}

/** The least word that an entry which is held begins with. */
function firstWordOf(held: readonly HeldRun[]): number {
  return held.reduce((least, { firstWord }) => Math.min(least, firstWord), WORD_END);
}
