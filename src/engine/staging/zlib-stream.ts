import { Readable, Transform } from 'node:stream';
import { FileErrorCode } from '../../spec/error-codes';
import { FileError } from '../model/errors';

/** Larger pieces are faster: fewer turns between this thread and that of zlib. */
export const OUTPUT_PIECE = 512 * 1024;
/** Bytes that zlib gets at a time: the place of corrupt data can be told as exactly as that. */
export const INPUT_PIECE = 64 * 1024;

/** A stream of zlib: what it has taken so far tells where it is. */
export type Decoder = Transform & { readonly bytesWritten: number };

/**
 * What the decoder makes of the pieces.
 *
 * @throws what the pieces throw; else the decoder's own error, see `zlibFault`
 */
export async function* throughDecoder(pieces: AsyncIterable<Uint8Array>, decoder: Decoder): AsyncGenerator<Buffer, void, void> {
  const compressed = Readable.from(pieces, { objectMode: false, highWaterMark: INPUT_PIECE });
  compressed.on('error', (error) => decoder.destroy(error));
  compressed.pipe(decoder);
  try {
    yield* decoder as AsyncIterable<Buffer>;
  } finally {
    compressed.destroy();
    decoder.destroy();
  }
}

/** Of whose compressed data an error tells. */
export interface ZlibInput {
  readonly name: string;
  readonly errorCode: FileErrorCode;
  /** Where in the file what the decoder had taken ends, and where the data does. */
  readonly offset: number;
  readonly end: number;
}

/** The fault of the file that zlib's error means; the error itself where it means something else. */
export function zlibFault(thrown: unknown, { name, errorCode, offset, end }: ZlibInput): unknown {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return incomplete(name, errorCode, end);
  if (code?.startsWith('Z') !== true || code === 'Z_MEM_ERROR') return thrown;
  const between = `between byte ${offset} and byte ${Math.min(offset + INPUT_PIECE, end)}`;
  return new FileError(errorCode, `expected valid ${name} data, got other or corrupt data ${between} (${message})`);
}

export function incomplete(name: string, errorCode: FileErrorCode, end: number): FileError {
  return new FileError(errorCode, `expected a complete ${name} file, it ends at byte ${end} in the middle of its data`);
}
