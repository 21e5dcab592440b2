import { UniqueKey } from './unique-key';

/**
 * A record that holds a key which an earlier one holds. Offsets and lines are those of the file, the first line is 1.
 */
export interface Exclusion {
  readonly byteOffset: number;
  /** The number of the key among the schema's. */
  readonly keyNumber: number;
  /** Where the first record with the key is. */
  readonly firstLine: number;
  readonly firstByteOffset: number;
}

const NUMBERS = 4;
const EXCLUSION_BYTES = NUMBERS * Float64Array.BYTES_PER_ELEMENT;

/** Records that are not to be written, as doubles in a buffer: four for each, in the order of the file. */
export class ExclusionList {
  static withRoomFor(count: number): ExclusionList {
    return new ExclusionList(new Uint8Array(count * EXCLUSION_BYTES));
  }

  private readonly numbers: Float64Array;

  /** @param bytes of a list that was written before, or zeros for one that is to be filled */
  constructor(readonly bytes: Uint8Array) {
    if (bytes.length % EXCLUSION_BYTES !== 0) {
      throw new Error(`internal: expected exclusions of ${EXCLUSION_BYTES} bytes each, got ${bytes.length} bytes`);
    }
    const aligned = bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
    this.numbers = new Float64Array(aligned.buffer, aligned.byteOffset, bytes.length / Float64Array.BYTES_PER_ELEMENT);
  }

  get length(): number {
    return this.numbers.length / NUMBERS;
  }

  byteOffset(index: number): number {
    return this.numbers[index * NUMBERS];
  }

  at(index: number): Exclusion {
    const [byteOffset, keyNumber, firstLine, firstByteOffset] = this.numbers.subarray(index * NUMBERS, (index + 1) * NUMBERS);
    return { byteOffset, keyNumber, firstLine, firstByteOffset };
  }

  set(index: number, { byteOffset, keyNumber, firstLine, firstByteOffset }: Exclusion): void {
    this.numbers.set([byteOffset, keyNumber, firstLine, firstByteOffset], index * NUMBERS);
  }

  /** The part of the list from index `from` up to, but without, index `to`. */
  slice(from: number, to: number): ExclusionList {
    return new ExclusionList(this.bytes.subarray(from * EXCLUSION_BYTES, to * EXCLUSION_BYTES));
  }
}

/** Follows the records of a chunk, which come in the order of the file, through its list. */
export class ExclusionCursor {
  private next = 0;

  constructor(private readonly list: ExclusionList) {}

  /** Offset of the next record that is not to be written; Infinity: all others are. */
  get nextOffset(): number {
    return this.next === this.list.length ? Infinity : this.list.byteOffset(this.next);
  }

  /** @returns why the record at that offset is not to be written; undefined where it is */
  exclusionOf(byteOffset: number): Exclusion | undefined {
    if (this.nextOffset !== byteOffset) return undefined;
    return this.list.at(this.next++);
  }

  /** @throws Error when there was no record at one of the offsets: the list is of other chunks than these */
  requireEnd(): void {
    if (this.next === this.list.length) return;
    throw new Error(`internal: expected to exclude ${this.list.length} records, got ${this.next}: there is no valid one at byte ${this.nextOffset}`);
  }
}

export function duplicateMessage({ label }: UniqueKey, { firstLine, firstByteOffset }: Exclusion): string {
  return `must be unique (${label}), the first one is on line ${firstLine} (byte ${firstByteOffset})`;
}
