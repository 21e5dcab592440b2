import { inflated } from './decode';
import { Compression, expectedInput, InputSettings, isUtf16, ResolvedInput, TextEncoding } from './input';
import { BEGINNING } from './read-ahead';
import { ByteSource } from '../byte-source';
import { FileError } from '../errors';

/** As many bytes as the longest mark has that is looked for. */
const LOOK = 4;

type Mark = readonly number[];
const GZIP: Mark = [0x1f, 0x8b];
const UTF_32: readonly Mark[] = [[0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]];
const BYTE_ORDER_MARKS: ReadonlyArray<readonly [mark: Mark, encoding: TextEncoding]> = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * What the file is: as declared, else as named, and in the encoding that its byte order mark tells.
 *
 * @throws FileError where its first bytes show that this cannot be: what was expected, what came, and what to declare
 */
export async function detectInput(source: ByteSource, settings: InputSettings, key: string): Promise<ResolvedInput> {
  const expected = expectedInput(settings, key);
  if (source.size === 0) return expected;
  checkCompression(await source.read(0, Math.min(source.size, LOOK)), expected.compression, settings);

  const start = await firstBytes(source, expected);
  if (UTF_32.some((mark) => startsWith(start, mark))) {
    throw new FileError('not_text', 'expected UTF-8 or UTF-16 text, the file looks like UTF-32 text');
  }
  const found = BYTE_ORDER_MARKS.find(([mark]) => startsWith(start, mark));
  if (found === undefined && !isUtf16(expected.encoding)) checkUnmarked(start);
  return { ...expected, encoding: found?.[1] ?? expected.encoding };
}

function checkCompression(start: Uint8Array, expected: Compression, { compression: declared }: InputSettings): void {
  const isGzip = startsWith(start, GZIP);
  if (expected === 'gzip' && !isGzip) {
    const why = declared === undefined ? 'the name says so; declare compression none where it is wrong' : 'declared as compression';
    throw new FileError('bad_gzip', `expected a gzip file (${why}), got one that does not begin as gzip does`);
  }
  if (expected === 'none' && isGzip) {
    const advice = declared === undefined ? 'name it .gz or declare compression gzip' : 'compression none is declared';
    throw new FileError('not_text', `expected UTF-8 text, the file looks like gzip: ${advice}`);
  }
}

/** In UTF-16 every other byte of an ASCII text is zero. */
function checkUnmarked(start: Uint8Array): void {
  const zeros = Array.from(start, (byte) => (byte === 0 ? '0' : 'x')).join('');
  if (zeros !== 'x0x0' && zeros !== '0x0x') return;
  const encoding = zeros === '0x0x' ? 'utf-16be' : 'utf-16le';
  throw new FileError('not_text', `expected UTF-8 text, the file looks like UTF-16 without a byte order mark: declare encoding ${encoding}`);
}

async function firstBytes(source: ByteSource, input: ResolvedInput): Promise<Uint8Array> {
  let start = Buffer.alloc(0);
  for await (const piece of inflated(source, input, BEGINNING)) {
    start = Buffer.concat([start, piece.subarray(0, LOOK)]);
    if (start.length >= LOOK) break;
  }
  return start;
}

function startsWith(bytes: Uint8Array, mark: Mark): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
