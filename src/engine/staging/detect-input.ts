import { Readable } from 'node:stream';
import { decompressed } from './decode';
import { checkJsonBeginning } from './json-expected';
import { expectedInput, ResolvedInput } from './resolved-input';
import { utf16ToUtf8 } from './utf16';
import { signAgainstUtf16, utf16Sign } from './utf16-signs';
import { Dialect } from '../../spec/dialect';
import { COMPRESSION_TRAITS, CompressionName, InputSettings, isJson } from '../../spec/input-settings';
import { isUtf16, TextEncodingName } from '../../spec/text-encodings';
import { ByteSource } from '../io/byte-source';
import { BEGINNING } from '../io/read-ahead';
import { FileError } from '../model/errors';
import { textCodec } from '../text/decode-text';
import { binaryFileSign, describeFileSign } from '../text/file-signs';

/** Bytes that are looked at, of the file and of the text in it. */
const BEGINNING_SIZE = 64 * 1024;

type Mark = readonly number[];
const UTF_32_BE: Mark = [0, 0, 0xfe, 0xff];
const UTF_32_LE: Mark = [0xff, 0xfe, 0, 0];
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
  checkCompression(await source.read(0, Math.min(source.size, BEGINNING_SIZE)), expected, settings);

  const { bytes: start, isWhole } = await readBeginning(source, expected);
  checkInside(start, expected);
  if (isUtf32(start)) {
    throw new FileError('not_text', 'expected UTF-8 or UTF-16 text, the file looks like UTF-32 text');
  }
  const found = BYTE_ORDER_MARKS.find(([mark]) => startsWith(start, mark));
  if (found === undefined) checkUnmarked(start, expected.encoding);
  const encoding = found?.[1] ?? expected.encoding;
  if (isJson(expected.format)) checkJsonBeginning(expected.format, await asUtf8(start, encoding), isWhole, expected.property);
  return { ...expected, encoding };
}

function checkCompression(start: Uint8Array, expected: ResolvedInput, { compression: declared }: InputSettings): void {
  const sign = binaryFileSign(start);
  const { compression, encoding } = expected;
  if (sign?.compression === compression) return;
  if (compression !== 'none') {
    const { name, errorCode } = COMPRESSION_TRAITS[compression];
    const why = declared === undefined ? 'the name says so; declare compression none where it is wrong' : 'declared as compression';
    const got = sign === undefined ? `one that does not begin as ${name} does` : `one that looks like ${sign.name}`;
    throw new FileError(errorCode, `expected a ${name} file (${why}), got ${got}`);
  }
  if (sign === undefined) return;
  throw notText(encoding, sign.compression === undefined ? describeFileSign(sign) : `like ${sign.name}: ${adviceFor(sign.compression, declared)}`);
}

function adviceFor(compression: CompressionName, declared: CompressionName | undefined): string {
  const [suffix] = COMPRESSION_TRAITS[compression].suffixes;
  return declared === undefined ? `name it .${suffix} or declare compression ${compression}` : `compression ${declared} is declared`;
}

/** Of what is not compressed all is known by now. */
function checkInside(start: Uint8Array, { compression, encoding }: ResolvedInput): void {
  const sign = compression === 'none' ? undefined : binaryFileSign(start);
  if (sign !== undefined) throw notText(encoding, describeFileSign(sign), `what is in the ${COMPRESSION_TRAITS[compression].name} file`);
}

function notText(encoding: TextEncodingName, looks: string, what = 'the file'): FileError {
  return new FileError('not_text', `expected ${textCodec(encoding).name} text, ${what} looks ${looks}`);
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

/** Of the next character two bytes are zero, too: what follows a mark of UTF-16 may be one NUL. */
function isUtf32(start: Uint8Array): boolean {
  return startsWith(start, UTF_32_BE) || (startsWith(start, UTF_32_LE) && (start.length < 8 || (start[6] === 0 && start[7] === 0)));
}

function startsWith(bytes: Uint8Array, mark: Mark): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
