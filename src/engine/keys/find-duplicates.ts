/**
 * Which records hold a key that an earlier one holds. As if the file were read from its beginning: a record is refused
 * if one of its keys is held by an earlier record that is itself not refused.
 */
import { ConflictList } from './conflict-list';
import { ExclusionList } from './exclusions';
import { KeyEntries } from './key-entry';
import { mergeRuns, MergeOptions } from './merge-runs';
import { ByteSource } from '../io/byte-source';

/** A sorted run of a chunk's key shard. */
export interface ChunkRun extends ByteSource {
  /** The line of the file, from 1, on which the chunk begins. */
  readonly firstLine: number;
}

/** Most entries with a key that several records hold: all of these are kept in memory. */
export const MAX_CONFLICTS = 4_000_000;

/** A merge that stopped between two keys. The runs are to be the same when it goes on. */
export class PausedMerge {
  /** @param positions how many bytes of each run are merged */
  constructor(readonly positions: readonly number[], readonly conflicts: ConflictList) {}
}

export interface FindOptions extends MergeOptions {
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
export async function findDuplicates(runs: readonly ChunkRun[], options: FindOptions = {}): Promise<ExclusionList | PausedMerge | undefined> {
  const { maxConflicts = MAX_CONFLICTS, from, isTimeUp = () => false } = options;
  const before = from?.positions ?? runs.map(() => 0);
  if (before.length !== runs.length) throw new Error(`internal: expected a merge of ${before.length} runs to go on with them, got ${runs.length}`);
  const conflicts = from?.conflicts ?? new ConflictList();
  /** The entry before, and whether it is among the conflicts. */
  const last = KeyEntries.withRoomFor(1);
  let lastRun = -1;
  let lastConflicts = false;
  const keep = (entries: KeyEntries, entry: number, run: number): void => {
    conflicts.add(entries.byteOffset(entry), runs[run].firstLine + entries.line(entry), entries.keyNumber(entry));
  };
  let timeIsUp = false;
  const merged = await mergeRuns(runs.map((run, index) => restOf(run, before[index])), ({ entries, at }, run) => {
    const isSame = lastRun >= 0 && entries.compare(at, last, 0) === 0;
    // Between two keys nothing has to be known of the entries before.
    if (timeIsUp && !isSame) return false;
    if (isSame) {
      if (!lastConflicts) {
        conflicts.beginGroup();
        keep(last, 0, lastRun);
      }
      keep(entries, at, run);
    }
    last.copy(entries, at, 0);
    lastRun = run;
    lastConflicts = isSame;
    // A look at the clock for each block that is read: at least one of them is merged in a call.
    if (at + 1 === entries.capacity) timeIsUp = isTimeUp();
    return conflicts.length <= maxConflicts;
  }, options);
  if (conflicts.length > maxConflicts) return undefined;
  const positions = merged.map((position, run) => before[run] + position);
  const isWhole = positions.every((position, run) => position === runs[run].size);
  return isWhole ? conflicts.exclusions() : new PausedMerge(positions, conflicts);
}

function restOf(run: ByteSource, from: number): ByteSource {
  return { size: run.size - from, read: async (start, end) => run.read(from + start, from + end) };
}
