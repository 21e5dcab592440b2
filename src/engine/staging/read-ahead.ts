import { ByteSource } from '../byte-source';

export interface ReadAhead {
  /** Bytes of one read. */
  readonly blockSize: number;
  /** Reads in flight, the one that is waited for among them. */
  readonly inFlight: number;
}

/** For a whole file: 32 MiB at most. */
export const WHOLE_FILE: ReadAhead = { blockSize: 8 * 1024 * 1024, inFlight: 4 };
/** For a file's beginning: nothing is read that may not be needed. */
export const BEGINNING: ReadAhead = { blockSize: 64 * 1024, inFlight: 1 };

/** The source's bytes from `start` on, block by block. */
export async function* readAhead(source: ByteSource, { blockSize, inFlight }: ReadAhead, start = 0): AsyncGenerator<Uint8Array, void, void> {
  const blocks: Array<Promise<Uint8Array>> = [];
  let requested = start;
  for (;;) {
    while (blocks.length < inFlight && requested < source.size) {
      const end = Math.min(requested + blockSize, source.size);
      const block = source.read(requested, end);
      // Awaited later: a failure until then is not an unhandled one.
      block.catch(() => undefined);
      blocks.push(block);
      requested = end;
    }
    const next = blocks.shift();
    if (next === undefined) return;
    yield await next;
  }
}

/** The same bytes in pieces of `size` at most, without a copy. */
export async function* inPieces(blocks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void, void> {
  for await (const block of blocks) {
    for (let from = 0; from < block.length; from += size) yield block.subarray(from, from + size);
  }
}
