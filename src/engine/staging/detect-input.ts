import { Readable } from 'node:stream';
import { decompressed } from './decode';
import { checkJsonBeginning } from './json-expected';
import { expectedInput, ResolvedInput } from './resolved-input';
import { utf16ToUtf8 } from './utf16';
import { signAgainstUtf16, utf16Sign } from './utf16-signs';
import { Dialect } from '../../spec/dialect';
import { InputSettings, isJson, isUtf16, TextEncodingName } from '../../spec/input-settings';
import { ByteSource } from '../io/byte-source';
import { BEGINNING } from '../io/read-ahead';
import { FileError } from '../model/errors';
import { textCodec } from '../text/decode-text';

/** Bytes of the longest mark that is looked for. */
const LOOK = 4;
/** Bytes of the decompressed text that are looked at where there is no mark. */
const BEGINNING_SIZE = 64 * 1024;

type Mark = readonly number[];
const GZIP: Mark = [0x1f, 0x8b];
const UTF_32: readonly Mark[] = [[0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]];
const BYTE_ORDER_MARKS: ReadonlyArray<readonly [mark: Mark, encoding: TextEncodingName]> = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * What the file is: as declared, else as named, and in the encoding that its byte order mark tells.
 *
 * @throws FileError where its beginning shows that this cannot be: what was expected, what came, and what to declare
 */
export async function detectInput(source: ByteSource, settings: InputSettings, key: string, dialect: Dialect = {}): Promise<ResolvedInput> {
  const expected = expectedInput(settings, key, dialect);
  if (source.size === 0) return expected;
  checkCompression(await source.read(0, Math.min(source.size, LOOK)), expected, settings);

  const { bytes: start, isWhole } = await readBeginning(source, expected);
  if (UTF_32.some((mark) => startsWith(start, mark))) {
    throw new FileError('not_text', 'expected UTF-8 or UTF-16 text, the file looks like UTF-32 text');
  }
  const found = BYTE_ORDER_MARKS.find(([mark]) => startsWith(start, mark));
  if (found === undefined) checkUnmarked(start, expected.encoding);
  const encoding = found?.[1] ?? expected.encoding;
  if (isJson(expected.format)) checkJsonBeginning(expected.format, await asUtf8(start, encoding), isWhole, expected.property);
  return { ...expected, encoding };
}

function checkCompression(start: Uint8Array, { compression: expected, encoding }: ResolvedInput, { compression: declared }: InputSettings): void {
  const isGzip = startsWith(start, GZIP);
  if (expected === 'gzip' && !isGzip) {
    const why = declared === undefined ? 'the name says so; declare compression none where it is wrong' : 'declared as compression';
    throw new FileError('bad_gzip', `expected a gzip file (${why}), got one that does not begin as gzip does`);
  }
  if (expected === 'none' && isGzip) {
    const advice = declared === undefined ? 'name it .gz or declare compression gzip' : 'compression none is declared';
    throw new FileError('not_text', `expected ${textCodec(encoding).name} text, the file looks like gzip: ${advice}`);
  }
}

function checkUnmarked(start: Uint8Array, expected: TextEncodingName): void {
  if (isUtf16(expected)) {
    const sign = signAgainstUtf16(start, expected);
    if (sign !== undefined) throw new FileError('not_text', `expected ${expected} text, the file looks like ${sign}`);
    return;
  }
  const sign = utf16Sign(start);
  if (sign !== undefined) throw new FileError('not_text', `expected ${textCodec(expected).name} text, the file looks like UTF-16 without a byte order mark: declare encoding ${sign}`);
}

interface Beginning {
  readonly bytes: Buffer;
  /** Whether nothing follows. */
  readonly isWhole: boolean;
}

async function readBeginning(source: ByteSource, input: ResolvedInput): Promise<Beginning> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of decompressed(source, input, BEGINNING)) {
    // A copy, because the bytes belong to the source.
    pieces.push(Buffer.from(piece.subarray(0, BEGINNING_SIZE + 1 - size)));
    size += pieces[pieces.length - 1].length;
    if (size > BEGINNING_SIZE) break;
  }
  return { bytes: Buffer.concat(pieces).subarray(0, BEGINNING_SIZE), isWhole: size <= BEGINNING_SIZE };
}

async function asUtf8(bytes: Buffer, encoding: TextEncodingName): Promise<Buffer> {
  if (!isUtf16(encoding)) return bytes;
  const parts: Buffer[] = [];
  for await (const part of utf16ToUtf8(Readable.from([bytes]), encoding)) parts.push(part);
  return Buffer.concat(parts);
}

function startsWith(bytes: Uint8Array, mark: Mark): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
