import { createGunzip } from 'node:zlib';
import { INPUT_PIECE, OUTPUT_PIECE, throughDecoder, zlibFault } from './zlib-stream';
import { ByteSource } from '../io/byte-source';
import { inPieces, ReadAhead, readAhead } from '../io/read-ahead';
import { FileError } from '../model/errors';

/**
 * What the gzip file's members hold, one after the other. Zero bytes after the last one are padding.
 *
 * @throws FileError `bad_gzip` where the file is corrupt, ends too early or goes on with something else
 */
export async function* gunzip(source: ByteSource, ahead: ReadAhead): AsyncGenerator<Buffer, void, void> {
  const inflater = createGunzip({ chunkSize: OUTPUT_PIECE });
  try {
    yield* throughDecoder(inPieces(readAhead(source, ahead), INPUT_PIECE), inflater);
  } catch (error) {
    throw zlibFault(error, { name: 'gzip', errorCode: 'bad_gzip', offset: inflater.bytesWritten, end: source.size });
  }
  // At the first zero byte after a member zlib takes the file to be over, whatever follows.
  await checkPadding(source, inflater.bytesWritten, ahead);
}

async function checkPadding(source: ByteSource, start: number, ahead: ReadAhead): Promise<void> {
  let offset = start;
  for await (const block of readAhead(source, ahead, start)) {
    const index = block.findIndex((byte) => byte !== 0);
    if (index >= 0) {
      throw new FileError('bad_gzip', `expected nothing but zero bytes after the gzip data, which ends at byte ${start}, got other data at byte ${offset + index}`);
    }
    offset += block.length;
  }
}
