import { concatenatedJsonToLines } from './concatenated-json';
import { gunzip } from './gunzip';
import { jsonArrayToLines } from './json-array';
import { jsonPropertyToLines } from './json-property';
import { legacyToUtf8 } from './legacy-encoding';
import { ResolvedInput } from './resolved-input';
import { unzip } from './unzip';
import { unzstd } from './unzstd';
import { utf16ToUtf8 } from './utf16';
import { CompressionName } from '../../spec/input-settings';
import { isLegacy, isUtf16, TextEncodingName } from '../../spec/text-encodings';
import { ByteSource } from '../io/byte-source';
import { inPieces, ReadAhead, readAhead } from '../io/read-ahead';
import { FileError } from '../model/errors';

/** Text is transcoded in pieces of this size at most: several copies of each are in memory. */
const TEXT_PIECE = 512 * 1024;

type Pieces = AsyncGenerator<Uint8Array, void, void>;

const DECOMPRESS: Readonly<Record<CompressionName, (source: ByteSource, ahead: ReadAhead) => Pieces>> = {
  none: (source, ahead) => inPieces(readAhead(source, ahead), TEXT_PIECE),
  gzip: gunzip,
  zstd: unzstd,
  zip: unzip,
};

/** The text as the file has it, decompressed. */
export function decompressed(source: ByteSource, { compression }: Pick<ResolvedInput, 'compression'>, ahead: ReadAhead): Pieces {
  return DECOMPRESS[compression](source, ahead);
}

/**
 * The text of a file as it is staged: in an encoding that can be cut, with each value of JSON on a line.
 * Constant memory.
 *
 * @param maxSize bytes
 * @throws FileError `bad_gzip`, `bad_zstd`, `bad_zip` or `bad_json` where the file is not what it should be; `too_large`, before more than
 *   `maxSize` bytes have come
 */
export function decoded(source: ByteSource, input: ResolvedInput, maxSize: number, ahead: ReadAhead): Pieces {
  const text = decompressed(source, input, ahead);
  return limited(linesOf(transcoded(text, input.encoding), input), maxSize);
}

/** The text with a record a line, where it has not that already. */
function linesOf(text: AsyncIterable<Uint8Array>, { format, property }: ResolvedInput): AsyncIterable<Uint8Array> {
  switch (format) {
    case 'json':
      return property === undefined ? jsonArrayToLines(text) : jsonPropertyToLines(text, property);
    case 'concatenated-json':
      return concatenatedJsonToLines(text);
    case 'csv':
    case 'tsv':
    case 'jsonl':
      return text;
  }
}

function transcoded(text: Pieces, encoding: TextEncodingName): AsyncIterable<Uint8Array> {
  if (isUtf16(encoding)) return utf16ToUtf8(text, encoding);
  return isLegacy(encoding) ? legacyToUtf8(text, encoding) : text;
}

async function* limited(pieces: AsyncIterable<Uint8Array>, maxSize: number): Pieces {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > maxSize) throw new FileError('too_large', `expected at most ${maxSize} bytes of decoded text (maxDecodedSize), got more`);
    yield piece;
  }
}
