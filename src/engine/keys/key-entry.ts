/**
 * One key of one record, as key shards hold it, 32 bytes: 16 of a hash, then two doubles: the record's byte offset in
 * the file; its line since the chunk's first and, above that, the key's number. Words and doubles in the order of the
 * machine, which is little-endian wherever this runs.
 */
export const HASH_WORDS = 4;
export const ENTRY_WORDS = 8;
export const ENTRY_BYTES = ENTRY_WORDS * 4;
const ENTRY_NUMBERS = ENTRY_BYTES / 8;
const OFFSET_NUMBER = 2;
const PLACE_NUMBER = 3;

/** More lines than the largest object has bytes; together with the key's number it is exact in a double. */
const LINE_LIMIT = 2 ** 43;
export const MAX_KEYS = 2 ** 10;

export function placeOf(keyNumber: number, line: number): number {
  return keyNumber * LINE_LIMIT + line;
}

/** Entries in a buffer, seen as words and as doubles. */
export class KeyEntries {
  static withRoomFor(count: number): KeyEntries {
    return new KeyEntries(new Uint8Array(count * ENTRY_BYTES));
  }

  readonly words: Uint32Array;
  private readonly numbers: Float64Array;

  /** @param bytes of whole entries; they are copied where they are not aligned as doubles have to be */
  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, length } = bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
    this.words = new Uint32Array(buffer, byteOffset, length / Uint32Array.BYTES_PER_ELEMENT);
    this.numbers = new Float64Array(buffer, byteOffset, length / Float64Array.BYTES_PER_ELEMENT);
  }

  get capacity(): number {
    return this.words.length / ENTRY_WORDS;
  }

  /** The first `count` entries as they lie in memory. */
  bytes(count: number): Uint8Array {
    return new Uint8Array(this.words.buffer, this.words.byteOffset, count * ENTRY_BYTES);
  }

  setPlace(entry: number, keyNumber: number, byteOffset: number, line: number): void {
    this.numbers[entry * ENTRY_NUMBERS + OFFSET_NUMBER] = byteOffset;
    this.numbers[entry * ENTRY_NUMBERS + PLACE_NUMBER] = placeOf(keyNumber, line);
  }

  /** Copies word by word: for so few words a view would cost more than the copy. */
  copy(other: KeyEntries, from: number, to: number): void {
    for (let word = 0; word < ENTRY_WORDS; word++) this.words[to * ENTRY_WORDS + word] = other.words[from * ENTRY_WORDS + word];
  }

  byteOffset(entry: number): number {
    return this.numbers[entry * ENTRY_NUMBERS + OFFSET_NUMBER];
  }

  line(entry: number): number {
    return this.numbers[entry * ENTRY_NUMBERS + PLACE_NUMBER] % LINE_LIMIT;
  }

  keyNumber(entry: number): number {
    return Math.floor(this.numbers[entry * ENTRY_NUMBERS + PLACE_NUMBER] / LINE_LIMIT);
  }

  /** Orders two hashes; any order would do that is the same everywhere. */
  compare(entry: number, other: KeyEntries, otherEntry: number): number {
    for (let word = 0; word < HASH_WORDS; word++) {
      const difference = this.words[entry * ENTRY_WORDS + word] - other.words[otherEntry * ENTRY_WORDS + word];
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

export function requireEntries(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length || length % ENTRY_BYTES !== 0) {
    throw new Error(`internal: expected whole entries of ${ENTRY_BYTES} bytes in ${length} bytes of a key shard, got ${bytes.length} bytes`);
  }
  return bytes;
}
