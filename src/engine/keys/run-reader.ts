import { KeyEntries, requireEntries } from './key-entry';
import { ReadLimit } from './read-limit';
import { ByteSource } from '../io/byte-source';

/** Reads a sorted run block by block: while one is worked on, the next one is on its way. */
export class RunReader {
  entries = KeyEntries.withRoomFor(0);
  /** Index of the entry at hand in the block. */
  at = 0;
  private readUpTo = 0;
  private ahead: Promise<Uint8Array> | undefined;

  constructor(private readonly run: ByteSource, private readonly blockBytes: number, private readonly limit: ReadLimit) {
    this.ahead = this.readAhead();
  }

  get blockEnded(): boolean {
    return this.at === this.entries.capacity;
  }

  /** Goes on to the next block. @returns false when the run has ended */
  async nextBlock(): Promise<boolean> {
    const block = await this.ahead;
    if (block === undefined) return false;
    this.entries = new KeyEntries(block);
    this.at = 0;
    this.ahead = this.readAhead();
    return true;
  }

  private readAhead(): Promise<Uint8Array> | undefined {
    const { run, readUpTo: start } = this;
    if (start >= run.size) return undefined;
    const end = Math.min(start + this.blockBytes, run.size);
    this.readUpTo = end;
    const read = this.limit.run(async () => requireEntries(await run.read(start, end), end - start));
    // Whoever awaits the block gets its failure; until then it must not count as unhandled.
    read.catch(() => undefined);
    return read;
  }
}
