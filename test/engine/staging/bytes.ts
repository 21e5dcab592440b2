import { ReadAhead } from '../../../src/engine/io/read-ahead';
import { decoded } from '../../../src/engine/staging/decode';
import { ResolvedInput } from '../../../src/engine/staging/resolved-input';
import { bytesSource } from '../support/engine-run';

export const PLAIN: ResolvedInput = { format: 'csv', compression: 'none', encoding: 'utf-8' };

/** The bytes in pieces of one size. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

export async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** The text of a file as it is staged. */
export async function stagedText(file: Buffer, input: Partial<ResolvedInput>, ahead: ReadAhead = { blockSize: 7, inFlight: 3 },
  maxSize = 1e9): Promise<Buffer> {
  return joined(decoded(bytesSource(file), { ...PLAIN, ...input }, maxSize, ahead));
}
