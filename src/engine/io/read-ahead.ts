import { ByteSource } from './byte-source';

export interface ReadAhead {
  /** Bytes of one read. */
  readonly blockSize: number;
  /**
   * Each read asks for twice as many bytes as the one before it, up to this many. Default `blockSize`: all are the
   * same.
   */
  readonly largestBlockSize?: number;
  /** Reads in flight, including the one that is awaited. */
  readonly inFlight: number;
  /** Told up to which offset the reader is done: from its start to the source's end. */
  readonly progress?: (bytesRead: number) => void;
}

/** For a whole file: 16 MiB at most, which hide a latency of 100 ms at 150 MB/s. */
export const WHOLE_FILE: ReadAhead = { blockSize: 4 * 1024 * 1024, inFlight: 4 };
/**
 * For a file's beginning: little is read that may not be needed, and a first record of any length does not take ages.
 */
export const BEGINNING: ReadAhead = { blockSize: 64 * 1024, largestBlockSize: 4 * 1024 * 1024, inFlight: 1 };

/** The source's bytes from `start` on, block by block. */
export async function* readAhead(source: ByteSource, { blockSize, largestBlockSize = blockSize, inFlight, progress }: ReadAhead,
  start = 0): AsyncGenerator<Uint8Array, void, void> {
  const blocks: Array<Promise<Uint8Array>> = [];
  let requested = start;
  let bytesRead = start;
  let size = blockSize;
  for (;;) {
    progress?.(bytesRead);
    while (blocks.length < inFlight && requested < source.size) {
      const end = Math.min(requested + size, source.size);
      size = Math.min(size * 2, largestBlockSize);
      const block = source.read(requested, end);
      // Awaited later: until then a failure must not count as unhandled.
      block.catch(() => undefined);
      blocks.push(block);
      requested = end;
    }
    const next = blocks.shift();
    if (next === undefined) return;
    const block = await next;
    yield block;
    bytesRead += block.length;
  }
}

/** The same bytes in pieces of `size` at most, without a copy. */
export async function* inPieces(blocks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void, void> {
  for await (const block of blocks) {
    for (let from = 0; from < block.length; from += size) yield block.subarray(from, from + size);
  }
}
