import { ExclusionList } from './exclusions';

const FIRST_CAPACITY = 1024;
const NOBODY = -1;
const MEMBER_NUMBERS = 4;

/** Keys that several records hold: a group for each such key, a member for each record that holds it. */
export class ConflictList {
  /** @param bytes of a list that was written before */
  static of(bytes: Uint8Array): ConflictList {
    const numbers = new Float64Array(new Uint8Array(bytes).buffer);
    const list = new ConflictList();
    for (let from = 0; from < numbers.length; from += MEMBER_NUMBERS) {
      const [byteOffset, line, group, keyNumber] = numbers.subarray(from, from + MEMBER_NUMBERS);
      if (group === list.groups) list.beginGroup();
      list.add(byteOffset, line, keyNumber);
    }
    return list;
  }

  length = 0;
  private groups = 0;
  private byteOffsets = new Float64Array(FIRST_CAPACITY);
  private lines = new Float64Array(FIRST_CAPACITY);
  private groupOf = new Uint32Array(FIRST_CAPACITY);
  private keyNumbers = new Uint16Array(FIRST_CAPACITY);

  /** The members that follow share a key. */
  beginGroup(): void {
    this.groups++;
  }

  /** @param line of the file, from 1 */
  add(byteOffset: number, line: number, keyNumber: number): void {
    if (this.length === this.byteOffsets.length) this.grow();
    this.byteOffsets[this.length] = byteOffset;
    this.lines[this.length] = line;
    this.groupOf[this.length] = this.groups - 1;
    this.keyNumbers[this.length] = keyNumber;
    this.length++;
  }

  /** As doubles, four for each member, for a merge that goes on later. */
  bytes(): Uint8Array {
    const numbers = new Float64Array(this.length * MEMBER_NUMBERS);
    for (let member = 0; member < this.length; member++) {
      numbers.set([this.byteOffsets[member], this.lines[member], this.groupOf[member], this.keyNumbers[member]], member * MEMBER_NUMBERS);
    }
    return new Uint8Array(numbers.buffer);
  }

  /**
   * The records that are refused when all are read in the order of the file. The reason is the first of a record's keys
   * that is taken.
   */
  exclusions(): ExclusionList {
    const { byteOffsets, groupOf } = this;
    const order = this.inFileOrder();
    const holders = new Int32Array(this.groups).fill(NOBODY);
    const excluded: number[] = [];
    for (let from = 0, to; from < order.length; from = to) {
      to = from + 1;
      while (to < order.length && byteOffsets[order[to]] === byteOffsets[order[from]]) to++;
      const entries = order.subarray(from, to);
      const taken = entries.find((entry) => holders[groupOf[entry]] !== NOBODY);
      if (taken !== undefined) excluded.push(taken);
      else for (const entry of entries) holders[groupOf[entry]] = entry;
    }
    return this.listOf(excluded, holders);
  }

  private inFileOrder(): Uint32Array {
    const { byteOffsets, keyNumbers } = this;
    const order = Uint32Array.from({ length: this.length }, (_, index) => index);
    return order.sort((a, b) => byteOffsets[a] - byteOffsets[b] || keyNumbers[a] - keyNumbers[b]);
  }

  private listOf(excluded: readonly number[], holders: Int32Array): ExclusionList {
    const list = ExclusionList.withRoomFor(excluded.length);
    excluded.forEach((entry, index) => {
      const holder = holders[this.groupOf[entry]];
      list.set(index, {
        byteOffset: this.byteOffsets[entry],
        keyNumber: this.keyNumbers[entry],
        firstLine: this.lines[holder],
        firstByteOffset: this.byteOffsets[holder],
      });
    });
    return list;
  }

  private grow(): void {
    const capacity = this.length * 2;
    this.byteOffsets = copied(this.byteOffsets, new Float64Array(capacity));
    this.lines = copied(this.lines, new Float64Array(capacity));
    this.groupOf = copied(this.groupOf, new Uint32Array(capacity));
    this.keyNumbers = copied(this.keyNumbers, new Uint16Array(capacity));
  }
}

function copied<T extends Float64Array | Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
