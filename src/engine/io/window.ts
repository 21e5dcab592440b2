import { ByteSource } from './byte-source';

/** How much is scanned at a time. Small enough for the cache; the memory of a worker does not depend on its chunk. */
const SLICE_SIZE = 1024 * 1024;
/**
 * How much is asked of the source at a time. Two such reads on their way hide a latency of 50 ms at 150 MB/s; smaller
 * ones would cost more requests, larger ones memory.
 */
export const READ_SIZE = 4 * 1024 * 1024;
/** Reads on their way at once, ahead of the block that is scanned. */
export const MAX_READS_IN_FLIGHT = 2;
/** The first read is small, so that scanning begins while the others are on their way. */
const FIRST_READ_SIZE = 1024 * 1024;
/** The first request past the chunk's end, where only the rest of its last record is wanted. */
const LOOKAHEAD_SIZE = 64 * 1024;

/**
 * How many bytes a `Window` from `start` on holds: those that `advance` may be asked to keep, and one slice; or all up
 * to the source's end.
 */
export function windowSize(source: ByteSource, start: number, keep: number): number {
  return Math.min(keep + SLICE_SIZE, Math.max(source.size - start, 1));
}

/**
 * A sliding view of the source, for one pass from `start` on. Bytes up to `softEnd` are read ahead in large blocks,
 * later ones only as far as they are asked for. Memory: `windowSize` bytes, and `MAX_READS_IN_FLIGHT + 1` blocks.
 */
export class Window {
  /** Offset in the source of `bytes[0]`. */
  base: number;
  /** How many of `bytes` are filled. */
  length = 0;

  private block: Buffer = Buffer.alloc(0);
  private blockTaken = 0;
  private requested: number;
  /** In the order of their bytes. */
  private readonly pending: Array<Promise<Uint8Array>> = [];
  private lookahead: number;

  /**
   * @param keep the most bytes that `advance` is ever asked to keep
   * @param readSize how much is asked of the source at a time
   * @param bytes memory of `windowSize` bytes for what is read; default: memory of its own
   */
  constructor(private readonly source: ByteSource, start: number, private readonly softEnd: number, keep: number,
    private readonly readSize = READ_SIZE, readonly bytes: Buffer = Buffer.allocUnsafeSlow(windowSize(source, start, keep))) {
    this.base = start;
    this.requested = start;
    this.lookahead = Math.min(LOOKAHEAD_SIZE, readSize);
    this.request(Math.min(FIRST_READ_SIZE, readSize));
    this.readAhead();
  }

  /** Whether the source ends where the filled bytes end. */
  get eof(): boolean {
    return this.base + this.length >= this.source.size;
  }

  /** Drops the bytes before index `from` and fills up what is free, at least one byte unless the source has ended. */
  async advance(from: number): Promise<void> {
    this.bytes.copyWithin(0, from, this.length);
    this.base += from;
    this.length -= from;
    if (this.eof) return;
    if (this.blockTaken === this.block.length) await this.nextBlock();
    const taken = this.block.copy(this.bytes, this.length, this.blockTaken);
    this.blockTaken += taken;
    this.length += taken;
  }

  private async nextBlock(): Promise<void> {
    if (this.pending.length === 0) this.request(this.readSize);
    const read = await this.pending[0];
    this.block = Buffer.from(read.buffer, read.byteOffset, read.length);
    this.blockTaken = 0;
    void this.pending.shift();
    this.readAhead();
  }

  private readAhead(): void {
    while (this.pending.length < MAX_READS_IN_FLIGHT && this.requested < this.softEnd && this.requested < this.source.size) {
      this.request(this.readSize);
    }
  }

  private request(readSize: number): void {
    const from = this.requested;
    let size = readSize;
    if (from >= this.softEnd) {
      size = this.lookahead;
      this.lookahead = Math.min(this.lookahead * 4, this.readSize);
    } else {
      size = Math.min(size, this.softEnd - from);
    }
    const to = Math.min(from + size, this.source.size);
    if (to <= from) return;
    this.requested = to;
    const read = this.source.read(from, to);
    // Awaited later, or never where an earlier read has failed: until then a failure must not count as unhandled.
    read.catch(() => undefined);
    this.pending.push(read);
  }
}
