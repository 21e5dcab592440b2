import { ENTRY_WORDS, KeyEntries } from './key-entry';
import { sortedOrder } from './sort-entries';
import { keyText, UniqueKey, writeHash } from './unique-key';

/** Entries of a run: 16 MiB. Longer runs would cost memory, shorter ones the merge its speed. */
export const RUN_LENGTH = 524_288;
const FIRST_CAPACITY = 4096;
/** Sorted entries are handed on in pieces of this many. */
const PIECE_LENGTH = 8192;

/** Gathers the keys of a chunk's records up to the length of a run, and hands them on sorted. */
export class KeyRun {
  /** Entries that are gathered. */
  length = 0;
  private entries = KeyEntries.withRoomFor(FIRST_CAPACITY);

  constructor(private readonly keys: readonly UniqueKey[], private readonly runLength = RUN_LENGTH) {}

  get room(): number {
    return this.runLength - this.length;
  }

  /**
   * Time for `take`: the keys of one more record may be too many. Callers that cannot stop at once may add more, which
   * makes the run longer.
   */
  get full(): boolean {
    return this.room < this.keys.length;
  }

  /**
   * @param values JSON literals of a record that is written
   * @param byteOffset in the file
   * @param line since the chunk's first
   */
  add(values: readonly string[], byteOffset: number, line: number): void {
    for (let keyNumber = 0; keyNumber < this.keys.length; keyNumber++) {
      const text = keyText(this.keys[keyNumber], keyNumber, values);
      if (text === undefined) continue;
      this.reserve(1);
      writeHash(text, this.entries.words, this.length * ENTRY_WORDS);
      this.entries.setPlace(this.length, keyNumber, byteOffset, line);
      this.length++;
    }
  }

  /** Adds entries that another has made of records that are written. @param words of whole entries */
  addEntries(words: Uint32Array): void {
    const count = words.length / ENTRY_WORDS;
    this.reserve(count);
    this.entries.words.set(words, this.length * ENTRY_WORDS);
    this.length += count;
  }

  /**
   * The run's bytes, sorted by hash and, where that is the same, in the order of the file; each piece lies where the
   * one before it lay. The next run begins after the last piece.
   */
  * take(): Iterable<Uint8Array> {
    const order = sortedOrder(this.entries, this.length);
    const piece = KeyEntries.withRoomFor(Math.min(this.length, PIECE_LENGTH));
    for (let from = 0; from < order.length; from += PIECE_LENGTH) {
      const count = Math.min(PIECE_LENGTH, order.length - from);
      for (let index = 0; index < count; index++) piece.copy(this.entries, order[from + index], index);
      yield piece.bytes(count);
    }
    this.length = 0;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.entries.capacity) return;
    const grown = KeyEntries.withRoomFor(Math.max(needed, this.entries.capacity * 2));
    grown.words.set(this.entries.words);
    this.entries = grown;
  }
}
