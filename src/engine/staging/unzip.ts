/**
 * The one text in a ZIP archive. Its directory, which stands at the end, is read by yauzl; the data by zlib, as gzip's is.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { Entry, fromRandomAccessReaderPromise, RandomAccessReader, ZipFile } from 'yauzl';
import { INPUT_PIECE, OUTPUT_PIECE, throughDecoder, zlibFault } from './zlib-stream';
import { COMPRESSION_TRAITS } from '../../spec/input-settings';
import { shortened, visibleJson } from '../../spec/visible-text';
import { ByteSource } from '../io/byte-source';
import { inPieces, ReadAhead, readAhead } from '../io/read-ahead';
import { FileError } from '../model/errors';

const { errorCode, name } = COMPRESSION_TRAITS.zip;

const STORED = 0;
const DEFLATED = 8;
/** Methods of compression that are not read, for people (APPNOTE, 4.4.5). */
const OTHER_METHODS: Readonly<Record<number, string>> = { 9: 'Deflate64', 12: 'bzip2', 14: 'LZMA', 93: 'zstd', 95: 'xz', 98: 'PPMd' };
/** What Macs put beside each file, and in each folder; and what Windows does. */
const BESIDE = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/;
/** Longest name that a message repeats. */
const SHOWN = 100;

/**
 * @throws FileError `bad_zip` where the archive has not exactly one file that can be read, or is corrupt or not complete
 */
export async function* unzip(source: ByteSource, ahead: ReadAhead): AsyncGenerator<Uint8Array, void, void> {
  const { entry, start } = await findText(source);
  const { compressedSize, compressionMethod, uncompressedSize } = entry;
  const pieces = inPieces(readAhead(part(source, start, compressedSize), ahead), compressionMethod === STORED ? OUTPUT_PIECE : INPUT_PIECE);
  let size = 0;
  let checksum = 0;
  for await (const piece of compressionMethod === STORED ? pieces : inflated(pieces, start, compressedSize)) {
    size += piece.length;
    checksum = crc32(piece, checksum);
    // More than that is what a decompression bomb has.
    if (size > uncompressedSize) break;
    yield piece;
  }
  if (size !== uncompressedSize || checksum !== entry.crc32) {
    const got = size === uncompressedSize ? 'others' : size > uncompressedSize ? 'more' : `${size}`;
    throw new FileError(errorCode, `expected ${uncompressedSize} bytes in the ZIP archive, with the checksum that it has for them, got ${got}`);
  }
}

/**
 * What the archive's directory says of the size of its text. That may be wrong.
 *
 * @throws FileError `bad_zip`
 */
export async function declaredTextSize(source: ByteSource): Promise<number> {
  return (await findText(source)).entry.uncompressedSize;
}

async function* inflated(pieces: AsyncIterable<Uint8Array>, start: number, compressedSize: number): AsyncGenerator<Buffer, void, void> {
  const inflater = createInflateRaw({ chunkSize: OUTPUT_PIECE });
  const end = start + compressedSize;
  try {
    yield* throughDecoder(pieces, inflater);
  } catch (error) {
    throw zlibFault(error, { name, errorCode, offset: start + inflater.bytesWritten, end });
  }
  if (inflater.bytesWritten !== compressedSize) {
    throw new FileError(errorCode, `expected ${compressedSize} bytes of compressed data in the ZIP archive, it ends after ${inflater.bytesWritten}`);
  }
}

/** The one file of the archive, and where its data begins. */
async function findText(source: ByteSource): Promise<{ readonly entry: Entry; readonly start: number }> {
  const reader = new SourceReader(source);
  let archive: ZipFile | undefined;
  try {
    archive = await fromRandomAccessReaderPromise(reader, source.size, { autoClose: false, decodeStrings: false });
    const entry = await onlyFile(archive);
    const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
    return { entry, start: fileDataStart };
  } catch (error) {
    if (reader.failure !== undefined) throw reader.failure;
    if (error instanceof FileError) throw error;
    throw new FileError(errorCode, `expected a complete ZIP archive, got one that is cut off or damaged (${(error as Error).message})`);
  } finally {
    archive?.close();
  }
}

async function onlyFile(archive: ZipFile): Promise<Entry> {
  const files: Entry[] = [];
  for await (const entry of archive.eachEntry()) {
    const path = nameOf(entry);
    if (path.endsWith('/') || BESIDE.test(path)) continue;
    files.push(entry);
    if (files.length > 1) throw expectedOne(`several: ${files.map((file) => shown(file)).join(', ')}${archive.entryCount > 2 ? ' …' : ''}`);
  }
  if (files.length === 0) throw expectedOne('none');
  const [file] = files;
  if (file.isEncrypted()) throw expectedOne(`${shown(file)}, which needs a password`);
  const { compressionMethod: method } = file;
  if (method !== STORED && method !== DEFLATED) {
    throw expectedOne(`${shown(file)}, which is compressed with ${OTHER_METHODS[method] ?? `method ${method}`}: have it compressed with Deflate, as every program can`);
  }
  return file;
}

function expectedOne(got: string): FileError {
  return new FileError(errorCode, `expected a ZIP archive with one file, got ${got}`);
}

function shown(entry: Entry): string {
  return visibleJson(shortened(nameOf(entry), SHOWN));
}

/** yauzl gives the bytes, because it is told not to decode them: a name that says nothing good is no fault here. */
function nameOf({ fileName }: Entry): string {
  return Buffer.from(fileName).toString();
}

class SourceReader extends RandomAccessReader {
  /** What the source itself threw: no fault of the archive. */
  failure: unknown;

  constructor(private readonly source: ByteSource) {
    super();
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    if (position + length > this.source.size) {
      callback(new Error('it points beyond its end'));
      return;
    }
    this.source.read(position, position + length).then((bytes) => {
      buffer.set(bytes, offset);
      callback(null);
    }, (error: unknown) => {
      this.failure = error;
      callback(error as Error);
    });
  }
}

function part(source: ByteSource, from: number, size: number): ByteSource {
  return { size, read: async (start, end) => source.read(from + start, from + end) };
}
