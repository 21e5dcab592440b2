import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ByteSource } from '../io/byte-source';
import { inPieces, ReadAhead, readAhead } from '../io/read-ahead';
import { FileError } from '../model/errors';

/** Larger pieces are faster: fewer turns between this thread and that of zlib. */
const OUTPUT_PIECE = 512 * 1024;
/** Bytes that zlib gets at a time: the place of corrupt data can be told as exactly as that. */
const INPUT_PIECE = 64 * 1024;

/**
 * What the gzip file's members hold, one after the other. Zero bytes after the last one are padding.
 *
 * @throws FileError `bad_gzip` where the file is corrupt, ends too early or goes on with something else
 */
export async function* gunzip(source: ByteSource, ahead: ReadAhead): AsyncGenerator<Buffer, void, void> {
  const inflater = createGunzip({ chunkSize: OUTPUT_PIECE });
  const compressed = Readable.from(inPieces(readAhead(source, ahead), INPUT_PIECE), { objectMode: false, highWaterMark: INPUT_PIECE });
  compressed.on('error', (error) => inflater.destroy(error));
  compressed.pipe(inflater);
  try {
    yield* inflater as AsyncIterable<Buffer>;
  } catch (error) {
    throw gzipFault(error as NodeJS.ErrnoException, inflater.bytesWritten, source.size);
  } finally {
    compressed.destroy();
    inflater.destroy();
  }
  // At the first zero byte after a member zlib takes the file to be over, whatever follows.
  await checkPadding(source, inflater.bytesWritten, ahead);
}

function gzipFault(error: NodeJS.ErrnoException, offset: number, size: number): Error {
  if (error.code === 'Z_BUF_ERROR') {
    return new FileError('bad_gzip', `expected a complete gzip file, it ends at byte ${size} in the middle of its data`);
  }
  if (error.code?.startsWith('Z_') !== true || error.code === 'Z_MEM_ERROR') return error;
  const end = Math.min(offset + INPUT_PIECE, size);
  return new FileError('bad_gzip', `expected valid gzip data, got other or corrupt data between byte ${offset} and byte ${end} (${error.message})`);
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
