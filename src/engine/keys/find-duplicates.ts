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

export interface FindOptions extends MergeOptions {
  /** Default 4,000,000. */
  readonly maxConflicts?: number;
}

/**
 * @param runs of all chunks, in the order of the file
 * @returns the records that are to be excluded, in the order of the file; undefined when more entries than
 *   `maxConflicts` share their key
 */
export async function findDuplicates(runs: readonly ChunkRun[],
  { maxConflicts = MAX_CONFLICTS, ...options }: FindOptions = {}): Promise<ExclusionList | undefined> {
  const conflicts = new ConflictList();
  /** The entry before, and whether it is among the conflicts. */
  const last = KeyEntries.withRoomFor(1);
  let lastRun = -1;
  let lastConflicts = false;
  const keep = (entries: KeyEntries, entry: number, run: number): void => {
    if (conflicts.length > maxConflicts) return;
    conflicts.add(entries.byteOffset(entry), runs[run].firstLine + entries.line(entry), entries.keyNumber(entry));
  };
  await mergeRuns(runs, ({ entries, at }, run) => {
    const isSame = lastRun >= 0 && entries.compare(at, last, 0) === 0;
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
  }, options);
  return conflicts.length > maxConflicts ? undefined : conflicts.exclusions();
}
