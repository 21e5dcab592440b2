/**
 * zstd (RFC 8878), as the runtime's zlib decodes it, a frame at a time. Where frames begin and end is found here: the
 * stream of Node.js 22 stops at the end of the first one, and takes a file that is cut off for a complete one.
 */
import * as zlib from 'node:zlib';
import { Decoder, INPUT_PIECE, OUTPUT_PIECE, throughDecoder, zlibFault } from './zlib-stream';
import { FrameReader } from './zstd-frames';
import { COMPRESSION_TRAITS } from '../../spec/input-settings';
import { ByteSource } from '../io/byte-source';
import { inPieces, ReadAhead, readAhead } from '../io/read-ahead';
import { FileError } from '../model/errors';

const { errorCode, name } = COMPRESSION_TRAITS.zstd;
/** In Node.js 22.15, and 23.8, and later. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Decoder };

/**
 * What the file's frames hold, one after the other. Their checksums are checked.
 *
 * @throws FileError `bad_zstd` where the file is corrupt, ends too early or goes on with something else
 */
export async function* unzstd(source: ByteSource, ahead: ReadAhead): AsyncGenerator<Buffer, void, void> {
  if (createZstdDecompress === undefined) throw new Error('zstd needs a runtime that has it: Node.js 22.15 or later');
  const frames = new FrameReader(inPieces(readAhead(source, ahead), INPUT_PIECE), source.size);
  try {
    while (await frames.next()) yield* frameText(frames, createZstdDecompress({ chunkSize: OUTPUT_PIECE }), source.size);
  } finally {
    await frames.close();
  }
}

async function* frameText(frames: FrameReader, decoder: Decoder, end: number): AsyncGenerator<Buffer, void, void> {
  const start = frames.offset;
  try {
    yield* throughDecoder(frames.frame(), decoder);
  } catch (error) {
    throw zstdFault(error, start + decoder.bytesWritten, end);
  }
}

function zstdFault(thrown: unknown, offset: number, end: number): unknown {
  if ((thrown as NodeJS.ErrnoException).code === 'ZSTD_error_frameParameter_windowTooLarge') {
    return new FileError(errorCode, 'expected a zstd window of at most 128 MiB, got a larger one: have the file compressed without --long');
  }
  return zlibFault(thrown, { name, errorCode, offset, end });
}
