import { ENTRY_BYTES, ENTRY_WORDS, KeyEntries, requireEntries } from './key-entry';
import { ByteSource } from '../io/byte-source';

/** The words that hashes begin with are below. */
export const WORD_END = 2 ** 32;

/** A sorted run of which a stretch is in memory: what is read of it, and not yet passed. */
export class HeldRun {
  entries = KeyEntries.withRoomFor(0);
  /** Index of the first entry that is not passed. */
  at = 0;
  /** The entries lie in it. It is used again, so that of what is read little has to be collected. */
  private buffer = new Uint8Array(0);
  private readUpTo: number;

  /** @param from bytes of the run that were passed before */
  constructor(private readonly run: ByteSource, private readonly from: number) {
    this.readUpTo = from;
  }

  /** Bytes of the run that are passed. */
  get position(): number {
    return this.readUpTo - this.heldBytes;
  }

  /** Bytes of the run that were read since. */
  get readBytes(): number {
    return this.readUpTo - this.from;
  }

  /** Bytes of the run that are not passed. */
  get restBytes(): number {
    return this.run.size - this.position;
  }

  get heldEntries(): number {
    return this.entries.capacity - this.at;
  }

  get heldBytes(): number {
    return this.heldEntries * ENTRY_BYTES;
  }

  get isReadWhole(): boolean {
    return this.readUpTo === this.run.size;
  }

  /** The first word of the first hash that is held, and not passed; WORD_END: there is none. */
  get firstWord(): number {
    return this.heldEntries === 0 ? WORD_END : this.entries.words[this.at * ENTRY_WORDS];
  }

  /** That of the last one. */
  get lastWord(): number {
    return this.entries.words[(this.entries.capacity - 1) * ENTRY_WORDS];
  }

  /** How many of the entries that are held begin with that word. */
  countOf(word: number): number {
    const { entries: { words }, at } = this;
    let count = 0;
    for (let place = at * ENTRY_WORDS; place < words.length; place += ENTRY_WORDS) if (words[place] === word) count++;
    return count;
  }

  /** Reads on until so many bytes are held, one entry more at least, or to the end. */
  async hold(bytes: number): Promise<void> {
    await this.read(bytes - this.heldBytes);
  }

  private async read(bytes: number): Promise<void> {
    const end = Math.min(this.readUpTo + Math.max(bytes - bytes % ENTRY_BYTES, ENTRY_BYTES), this.run.size);
    if (end === this.readUpTo) return;
    const read = requireEntries(await this.run.read(this.readUpTo, end), end - this.readUpTo);
    const held = this.buffer.subarray(this.at * ENTRY_BYTES, this.entries.capacity * ENTRY_BYTES);
    const length = held.length + read.length;
    const buffer = length <= this.buffer.length ? this.buffer : new Uint8Array(length);
    buffer.set(held);
    buffer.set(read, held.length);
    this.buffer = buffer;
    this.entries = new KeyEntries(buffer.subarray(0, length));
    this.at = 0;
    this.readUpTo = end;
  }
}
