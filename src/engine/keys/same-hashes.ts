import { ConflictList } from './conflict-list';
import { HeldRun } from './held-run';
import { ENTRY_WORDS } from './key-entry';

/** Entries that are looked at together, about: their table stays in the processor's cache. */
export const TABLE_LENGTH = 2 ** 17;
/** Slots for an entry, at least, so that few of them want the same one. */
const SLOTS_OF_ENTRY = 2;
/** Looks into the table for an entry, on average. Only hashes that somebody has chosen need more. */
const MOST_LOOKS = 8;

/**
 * Finds, among the entries of all runs whose hashes lie in a small range, those that share theirs. Nothing is sorted but
 * these: a table takes a fraction of the time, and almost no entry has a twin.
 */
export class SameHashes {
  private count = 0;
  private capacity = 2 * TABLE_LENGTH;
  /** Of each entry: the first words of its hash, its run, its index there. */
  private firstWords = new Uint32Array(this.capacity);
  private secondWords = new Uint32Array(this.capacity);
  private runs = new Uint32Array(this.capacity);
  private indices = new Uint32Array(this.capacity);
  /** An entry's number and one, or 0. */
  private slots = new Uint32Array(this.capacity * SLOTS_OF_ENTRY);
  /** Where the first entry of each run is that is not taken. */
  private readonly ends: Uint32Array;

  constructor(private readonly held: readonly HeldRun[], private readonly firstLines: readonly number[]) {
    this.ends = new Uint32Array(held.length);
  }

  /**
   * Takes the entries of all runs whose hashes begin with a word below `end`.
   *
   * @returns false where they are more than `most`
   */
  take(end: number, most: number): boolean {
    this.count = 0;
    for (let run = 0; run < this.held.length; run++) {
      this.ends[run] = this.takeFrom(run, end);
      if (this.count > most) return false;
    }
    return true;
  }

  /** Adds those taken that share their hash, and passes all of them. */
  pass(conflicts: ConflictList): void {
    const twins = this.twins();
    for (let from = 0, to; from < twins.length; from = to) {
      to = from + 1;
      while (to < twins.length && this.compare(twins[from], twins[to]) === 0) to++;
      if (to - from > 1) this.addGroup(twins.subarray(from, to), conflicts);
    }
    this.held.forEach((run, index) => { run.at = this.ends[index]; });
  }

  private takeFrom(run: number, end: number): number {
    const { entries: { words }, at } = this.held[run];
    let { count } = this;
    let word = at * ENTRY_WORDS;
    for (; word < words.length && words[word] < end; word += ENTRY_WORDS) {
      if (count === this.capacity) this.grow();
      this.firstWords[count] = words[word];
      this.secondWords[count] = words[word + 1];
      this.runs[count] = run;
      this.indices[count] = word / ENTRY_WORDS;
      count++;
    }
    this.count = count;
    return word / ENTRY_WORDS;
  }

  /** Entries that may share their hash, in the order of the hashes. */
  private twins(): Uint32Array {
    const isTwin = this.markTwins();
    const twins = isTwin === undefined ? Uint32Array.from({ length: this.count }, (_, number) => number) : numbersOf(isTwin);
    return twins.sort((one, other) => this.compare(one, other));
  }

  /** @returns undefined where the hashes are such that any may share its own */
  private markTwins(): Uint8Array | undefined {
    const { count, firstWords, secondWords } = this;
    const slots = this.emptySlots();
    const isTwin = new Uint8Array(count);
    let looksLeft = MOST_LOOKS * count;
    for (let number = 0; number < count; number++) {
      const second = secondWords[number];
      let slot = second % slots.length;
      for (; slots[slot] !== 0; slot = (slot + 1) % slots.length) {
        const other = slots[slot] - 1;
        if (secondWords[other] === second && firstWords[other] === firstWords[number]) {
          isTwin[other] = isTwin[number] = 1;
          break;
        }
        if (looksLeft-- === 0) return undefined;
      }
      if (slots[slot] === 0) slots[slot] = number + 1;
    }
    return isTwin;
  }

  private emptySlots(): Uint32Array {
    let length = TABLE_LENGTH;
    while (length < this.count * SLOTS_OF_ENTRY) length *= 2;
    return this.slots.subarray(0, length).fill(0);
  }

  private compare(one: number, other: number): number {
    const { held, runs, indices } = this;
    return held[runs[one]].entries.compare(indices[one], held[runs[other]].entries, indices[other]);
  }

  private addGroup(numbers: Uint32Array, conflicts: ConflictList): void {
    conflicts.beginGroup();
    for (const number of numbers) {
      const [run, index] = [this.runs[number], this.indices[number]];
      const { entries } = this.held[run];
      conflicts.add(entries.byteOffset(index), this.firstLines[run] + entries.line(index), entries.keyNumber(index));
    }
  }

  private grow(): void {
    this.capacity *= 2;
    for (const name of ['firstWords', 'secondWords', 'runs', 'indices'] as const) {
      const grown = new Uint32Array(this.capacity);
      grown.set(this[name]);
      this[name] = grown;
    }
    this.slots = new Uint32Array(this.capacity * SLOTS_OF_ENTRY);
  }
}

function numbersOf(isTwin: Uint8Array): Uint32Array {
  const numbers: number[] = [];
  for (let number = isTwin.indexOf(1); number >= 0; number = isTwin.indexOf(1, number + 1)) numbers.push(number);
  return Uint32Array.from(numbers);
}
