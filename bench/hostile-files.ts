/** Files that are made to be hard, each beside a plain one of the same size and kind. */
import { gzipSync } from 'node:zlib';
import { JobErrorCode } from '../src/spec/error-codes';
import { Schema } from '../src/spec/schema';
import { zipOf } from '../test/engine/staging/zip-file';

/** `start`, then `unit` as often as there is room, then `end`. */
export interface Content {
  readonly schema: Schema;
  readonly start: string;
  /** A function: of how many there are before it. */
  readonly unit: string | ((index: number) => string);
  readonly end: string;
}

/** How many times as much as the plain file it may take: half as much again as was measured, or twice, see docs/performance.md. */
export interface Bounds {
  readonly cpu: number;
  readonly memory: number;
}

export interface HostileFile {
  readonly name: string;
  /** The end of its name, which says the format. */
  readonly suffix: 'csv' | 'jsonl' | 'json';
  readonly encoding?: 'utf-16le';
  /** Both are the same size before they are packed. */
  readonly pack?: { readonly suffix: '.gz' | '.zip'; readonly hostile: (content: Buffer) => Buffer; readonly plain: (content: Buffer) => Buffer };
  readonly hostile: Content;
  readonly plain: Content;
  readonly most: Bounds;
  /** Why nothing of it is processed. */
  readonly refusal?: JobErrorCode;
}

const ID: Schema = { fields: [{ name: 'id', type: 'integer' }] };
const KEY: Schema = { ...ID, primaryKey: 'id' };
const TEXT: Schema = { fields: [{ name: 'text' }] };
const PAIR: Schema = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] };
const SUBSET: Schema = { ...ID, fieldsMatch: 'subset' };
const RESCUED: Schema = { ...SUBSET, rescueColumn: 'rest' };
const OBJECT: Schema = { fields: [{ name: 'o', type: 'object' }] };
const withPattern = (pattern: string): Schema => ({ fields: [{ name: 'text', constraints: { pattern } }] });

/** Records below a header that names the schema's fields. */
const csv = (schema: Schema, unit: Content['unit']): Content => (
  { schema, start: `${schema.fields.map(({ name }) => name).join(',')}\n`, unit, end: '' }
);
const lines = (schema: Schema, unit: Content['unit']): Content => ({ schema, start: '', unit, end: '' });
/** A file that begins with other than an object is refused. */
const belowAnObject = (unit: string): Content => ({ schema: ID, start: '{"id":1}\n', unit, end: '' });
const array = (element: string): Content => ({ schema: ID, start: '[', unit: `${element},`, end: `${element}]` });
const list = (count: number, item: (index: number) => string) => Array.from({ length: count }, (_, index) => item(index)).join(',');

const PLAIN = csv(ID, '1\n');
const PLAIN_LINES = lines(ID, '{"id":1}\n');
const PLAIN_ARRAY = array('{"id":1}');

export const HOSTILE_FILES: readonly HostileFile[] = [
  // Rejects.
  { name: 'a reject a line', suffix: 'csv', hostile: csv(ID, 'x\n'), plain: PLAIN, most: { cpu: 28, memory: 2 } },
  {
    name: 'a number a line, where objects are expected',
    suffix: 'jsonl',
    most: { cpu: 8, memory: 2.2 },
    hostile: belowAnObject('1\n'),
    plain: PLAIN_LINES,
  },
  {
    name: 'a word a line, where objects are expected',
    suffix: 'jsonl',
    most: { cpu: 14, memory: 2.2 },
    hostile: belowAnObject('a\n'),
    plain: PLAIN_LINES,
  },
  {
    name: 'JSON that is wrong deep inside',
    suffix: 'jsonl',
    most: { cpu: 10, memory: 2.6 },
    hostile: lines(OBJECT, '{"o":{"p":[,]}}\n'),
    plain: lines(OBJECT, '{"o":{"p":[1]}}\n'),
  },
  { name: 'an array of numbers, `1,1,1`', suffix: 'json', hostile: array('1'), plain: PLAIN_ARRAY, most: { cpu: 8, memory: 2.2 } },
  {
    name: 'a key again and again',
    suffix: 'csv',
    most: { cpu: 22, memory: 3 },
    hostile: csv(KEY, '1234567890123\n'),
    plain: csv(ID, '1234567890123\n'),
  },
  {
    name: 'keys that are all distinct',
    suffix: 'csv',
    most: { cpu: 11, memory: 2.5 },
    hostile: csv(KEY, (index) => `${index}\n`),
    plain: csv(ID, (index) => `${index}\n`),
  },
  // Text that is none, or strange.
  {
    name: 'UTF-16, a half pair a line',
    suffix: 'csv',
    encoding: 'utf-16le',
    most: { cpu: 30, memory: 2.3 },
    hostile: csv(ID, '\ud800\n'),
    plain: PLAIN,
  },
  { name: 'UTF-16, half pairs', suffix: 'csv', encoding: 'utf-16le', hostile: csv(ID, '\ud800'), plain: PLAIN, most: { cpu: 4.5, memory: 2 } },
  {
    name: 'half pairs in rescued JSON',
    suffix: 'jsonl',
    most: { cpu: 6, memory: 2.2 },
    hostile: lines(RESCUED, '{"id":1,"o":"\\ud800"}\n'),
    plain: lines(RESCUED, '{"id":1,"o":"abcde"}\n'),
  },
  {
    name: 'escapes in JSON',
    suffix: 'jsonl',
    most: { cpu: 3, memory: 1.7 },
    hostile: lines(OBJECT, `{"o":{"p":"${'\\ud83d\\ude00'.repeat(8)}"}}\n`),
    plain: lines(OBJECT, `{"o":{"p":"${'abcdefghijkl'.repeat(8)}"}}\n`),
  },
  {
    name: 'all characters of Unicode',
    suffix: 'csv',
    most: { cpu: 2.5, memory: 1.7 },
    hostile: csv(TEXT, allCharacters),
    plain: csv(TEXT, `${'a'.repeat(100)}\n`),
  },
  { name: 'NUL bytes in texts', suffix: 'csv', hostile: csv(TEXT, 'a\0b\n'), plain: csv(TEXT, 'abc\n'), most: { cpu: 10, memory: 2 } },
  { name: 'NUL bytes only', suffix: 'csv', hostile: lines(ID, '\0'), plain: PLAIN, most: { cpu: 1.5, memory: 1.5 }, refusal: 'not_text' },
  // Floods.
  {
    name: 'too many fields a line',
    suffix: 'csv',
    most: { cpu: 10, memory: 1.8 },
    hostile: csv(ID, `${','.repeat(99)}\n`),
    plain: csv(ID, `${'1'.repeat(15)}\n`),
  },
  { name: 'a flood of delimiters', suffix: 'csv', hostile: csv(ID, `${','.repeat(500_000)}\n`), plain: PLAIN, most: { cpu: 3, memory: 1.9 } },
  {
    name: '100,000 columns',
    suffix: 'csv',
    most: { cpu: 5, memory: 2 },
    plain: csv(SUBSET, '1\n'),
    hostile: { schema: SUBSET, start: `id,${list(100_000, (index) => `c${index}`)}\n`, unit: `1,${list(100_000, () => '1')}\n`, end: '' },
  },
  {
    name: 'brackets, 100,000 deep',
    suffix: 'jsonl',
    most: { cpu: 9, memory: 2.6 },
    hostile: lines(OBJECT, `{"o":{"p":${'['.repeat(100_000)}${']'.repeat(100_000)}}}\n`),
    plain: lines(OBJECT, `{"o":{"p":["${'x'.repeat(200_000)}"]}}\n`),
  },
  {
    name: 'brackets that are never closed',
    suffix: 'json',
    most: { cpu: 1.5, memory: 1.5 },
    refusal: 'bad_json',
    hostile: lines(ID, '['),
    plain: PLAIN_ARRAY,
  },
  {
    name: 'a million keys',
    suffix: 'jsonl',
    most: { cpu: 12, memory: 3.6 },
    hostile: lines(RESCUED, `{"id":1,${list(50_000, (key) => `"k${key}":1`)}}\n`),
    plain: lines(RESCUED, `{"id":1,"k":"${'x'.repeat(500_000)}"}\n`),
  },
  // Quotes.
  {
    name: 'lines that each leave a quote open',
    suffix: 'csv',
    most: { cpu: 19, memory: 2.4 },
    hostile: csv(PAIR, 'TX1","ACC2 and some text","USD\n'),
    plain: csv(PAIR, '1,"ACC2 and some text in it"\n'),
  },
  {
    name: 'doubled quotes, line by line',
    suffix: 'csv',
    most: { cpu: 15, memory: 2.3 },
    hostile: csv(PAIR, '""""""\n'),
    plain: csv(PAIR, '1,"ab"\n'),
  },
  { name: 'one line of quotes only', suffix: 'csv', hostile: csv(PAIR, '"'), plain: csv(PAIR, '1,"ab"\n'), most: { cpu: 3.2, memory: 1.7 } },
  {
    name: 'one quote that is never closed',
    suffix: 'csv',
    most: { cpu: 6, memory: 2 },
    hostile: { ...csv(PAIR, '1,abc\n'), start: 'id,text\n1,"\n' },
    plain: csv(PAIR, '1,abc\n'),
  },
  // Names and line ends.
  {
    name: 'a name of 900,000 characters',
    suffix: 'csv',
    most: { cpu: 1.5, memory: 1.5 },
    refusal: 'header_mismatch',
    hostile: { ...PLAIN, start: `${'n'.repeat(900_000)}\n` },
    plain: PLAIN,
  },
  {
    name: 'keys of 100,000 characters',
    suffix: 'jsonl',
    most: { cpu: 1.5, memory: 1.5 },
    hostile: lines(ID, `{"${'n'.repeat(100_000)}":1}\n`),
    plain: PLAIN_LINES,
  },
  {
    name: 'CR alone, and no line end',
    suffix: 'csv',
    most: { cpu: 1.5, memory: 1.5 },
    refusal: 'line_terminator',
    hostile: { ...PLAIN, start: 'id\r', unit: '1\r' },
    plain: PLAIN,
  },
  // Archives.
  {
    name: 'a bomb of gzip',
    suffix: 'csv',
    hostile: csv(ID, '0'),
    plain: PLAIN,
    most: { cpu: 2, memory: 1.6 },
    pack: { suffix: '.gz', hostile: gzipSync, plain: gzipSync },
  },
  {
    name: 'a bomb of ZIP',
    suffix: 'csv',
    hostile: csv(ID, '0'),
    plain: PLAIN,
    most: { cpu: 2, memory: 1.6 },
    pack: { suffix: '.zip', hostile: zipped, plain: zipped },
  },
  {
    name: 'gzip, a member for each 20 bytes',
    suffix: 'csv',
    hostile: PLAIN,
    plain: PLAIN,
    most: { cpu: 2.5, memory: 1.6 },
    pack: { suffix: '.gz', hostile: inMembers, plain: gzipSync },
  },
  {
    name: 'ZIP, of as many files as it can have',
    suffix: 'csv',
    hostile: PLAIN,
    plain: PLAIN,
    most: { cpu: 1.5, memory: 1.5 },
    refusal: 'bad_zip',
    pack: { suffix: '.zip', hostile: inManyFiles, plain: zipped },
  },
  // Patterns.
  {
    name: 'the pattern `(a+)+$`',
    suffix: 'csv',
    most: { cpu: 14, memory: 2 },
    hostile: csv(withPattern('(a+)+$'), `${'a'.repeat(60)}!\n`),
    plain: csv(withPattern('(a+)+$'), `${'a'.repeat(61)}\n`),
  },
  {
    name: 'the pattern `.*.*.*x`',
    suffix: 'csv',
    most: { cpu: 3, memory: 1.7 },
    hostile: csv(withPattern('.*.*.*x'), `${'x'.repeat(500_000)}a\n`),
    plain: csv(withPattern('.*.*.*x'), `${'a'.repeat(500_000)}x\n`),
  },
  {
    name: 'the pattern `[^@]+@[^@]+\\.[^@]+`',
    suffix: 'csv',
    most: { cpu: 14, memory: 2 },
    hostile: csv(withPattern('[^@]+@[^@]+\\.[^@]+'), `a@${'.'.repeat(60)}@\n`),
    plain: csv(withPattern('[^@]+@[^@]+\\.[^@]+'), `${'a'.repeat(30)}@${'b'.repeat(28)}.org\n`),
  },
];

/** @param which the hostile one, or the plain one beside it; @param sizeBytes before it is packed */
export function contentOf(file: HostileFile, which: 'hostile' | 'plain', sizeBytes: number): Buffer {
  const { start, unit, end } = file[which];
  const encoding = file.encoding === undefined ? 'utf8' : 'utf16le';
  const units = typeof unit === 'string' ? repeated(Buffer.from(unit, encoding), sizeBytes) : numbered(unit, sizeBytes);
  const content = Buffer.concat([Buffer.from(encoding === 'utf8' ? start : `\ufeff${start}`, encoding), units, Buffer.from(end, encoding)]);
  return file.pack?.[which](content) ?? content;
}

function repeated(unit: Buffer, sizeBytes: number): Buffer {
  return Buffer.alloc(Math.max(1, Math.floor(sizeBytes / unit.length)) * unit.length, unit);
}

function numbered(unit: (index: number) => string, sizeBytes: number): Buffer {
  const units: Buffer[] = [];
  for (let size = 0; size < sizeBytes; size += units.at(-1)!.length) units.push(Buffer.from(unit(units.length)));
  return Buffer.concat(units);
}

/** Forty of them, those of the lines before left out; what would end a field is a blank. */
function allCharacters(index: number): string {
  const characters = Array.from({ length: 40 }, (_, offset) => String.fromCodePoint((index * 40 + offset) % 0x110000));
  return `${characters.join('').replace(/["',\r\n\0]|\p{Cs}/gu, ' ')}\n`;
}

function pieces(content: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(content.length / size) }, (_, index) => content.subarray(index * size, (index + 1) * size));
}

/** All but the first one are the same. */
function inMembers(content: Buffer): Buffer {
  const [first, second, ...others] = pieces(content, 20);
  const member = gzipSync(second);
  return Buffer.concat([gzipSync(first), member, ...others.map((piece) => piece.equals(second) ? member : gzipSync(piece))]);
}

function zipped(content: Buffer): Buffer {
  return zipOf({ name: 'a.csv', text: content });
}

/** An archive's directory counts them in 16 bits. */
const MOST_ZIP_FILES = 65_535;

function inManyFiles(content: Buffer): Buffer {
  const size = Math.ceil(content.length / MOST_ZIP_FILES);
  return zipOf(...pieces(content, size).map((text, index) => ({ name: `${index}.csv`, text })));
}
