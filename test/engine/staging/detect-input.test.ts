import { gzipSync } from 'node:zlib';
import { detectInput } from '../../../src/engine/staging/detect-input';
import { InputSettings } from '../../../src/spec/input-settings';
import { bytesSource } from '../support/engine-run';

const detect = async (file: Buffer, key = 'incoming/a.csv', declared: Partial<InputSettings> = {}) =>
  detectInput(bytesSource(file), { maxDecodedSizeBytes: 1e9, ...declared }, key);

const TEXT = 'id,text\n1,a\n';
const little = (text: string) => Buffer.from(text, 'utf16le');
const big = (text: string) => little(text).swap16();
const LITTLE = Buffer.from(`\ufeff${TEXT}`, 'utf16le');
const BIG = Buffer.from(LITTLE).swap16();

describe('the byte order mark tells the encoding, whatever is declared', () => {
  test.each<[string, Buffer, InputSettings['encoding'], string]>([
    ['a UTF-8 mark', Buffer.from(`\ufeff${TEXT}`), 'windows-1252', 'utf-8'],
    ['a UTF-16 mark, little-endian', LITTLE, undefined, 'utf-16le'],
    ['a UTF-16 mark, big-endian', BIG, undefined, 'utf-16be'],
    ['a mark against the declared byte order', BIG, 'utf-16le', 'utf-16be'],
    ['no mark, UTF-16 declared', LITTLE.subarray(2), 'utf-16le', 'utf-16le'],
    ['no mark', Buffer.from(TEXT), 'iso-8859-1', 'iso-8859-1'],
    ['no mark, nothing declared', Buffer.from(TEXT), undefined, 'utf-8'],
    ['a NUL behind the mark', little('\ufeff\0id,text\n'), undefined, 'utf-16le'],
    ['nothing but a mark', Buffer.from([0xff, 0xfe]), undefined, 'utf-16le'],
    ['one byte', Buffer.from('a'), undefined, 'utf-8'],
    ['no byte at all', Buffer.alloc(0), 'utf-16le', 'utf-16le'],
  ])('%s', async (_, file, encoding, found) => {
    expect(await detect(file, 'a.csv', { encoding })).toEqual({ format: 'csv', compression: 'none', encoding: found });
    if (file.length > 0) expect(await detect(gzipSync(file), 'a.csv.gz', { encoding })).toEqual({ format: 'csv', compression: 'gzip', encoding: found });
  });
});

test('looks at the first bytes only', async () => {
  const file = gzipSync(TEXT.repeat(100_000), { level: 0 });
  const source = bytesSource(file);
  const read = jest.spyOn(source, 'read');
  await detectInput(source, { maxDecodedSizeBytes: 1 }, 'a.csv.gz');
  expect(Math.max(...read.mock.calls.map(([, end]) => end))).toBeLessThan(file.length / 2);
});

describe('what cannot be says what was expected, what came and what to do', () => {
  test.each<[string, Buffer, string, Partial<InputSettings>, string, string]>([
    ['gzip by no name', gzipSync(TEXT), 'a.csv', {}, 'not_text',
      'expected UTF-8 text, the file looks like gzip: name it .gz or declare compression gzip'],
    ['gzip, none declared', gzipSync(TEXT), 'a.csv.gz', { compression: 'none' }, 'not_text',
      'expected UTF-8 text, the file looks like gzip: compression none is declared'],
    ['text named .gz', Buffer.from(TEXT), 'a.csv.gz', {}, 'bad_gzip',
      'expected a gzip file (the name says so; declare compression none where it is wrong), got one that does not begin as gzip does'],
    ['text, gzip declared', Buffer.from(TEXT), 'a.csv', { compression: 'gzip' }, 'bad_gzip',
      'expected a gzip file (declared as compression), got one that does not begin as gzip does'],
    ['gzip that is broken from the start', Buffer.from([0x1f, 0x8b, 9, 9, 9, 9]), 'a.gz', {}, 'bad_gzip',
      'expected valid gzip data, got other or corrupt data between byte 0 and byte 6 (unknown compression method)'],
    ['UTF-16 without a mark', LITTLE.subarray(2), 'a.csv', {}, 'not_text',
      'expected UTF-8 text, the file looks like UTF-16 without a byte order mark: declare encoding utf-16le'],
    ['UTF-16 without a mark, big-endian', BIG.subarray(2), 'a.csv', { encoding: 'windows-1252' }, 'not_text',
      'expected Windows-1252 text, the file looks like UTF-16 without a byte order mark: declare encoding utf-16be'],
    ['gzip by no name, where UTF-16 is declared', gzipSync(TEXT), 'a.csv', { encoding: 'utf-16le' }, 'not_text',
      'expected UTF-16 text, the file looks like gzip: name it .gz or declare compression gzip'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'a.csv', {}, 'not_text',
      'expected UTF-8 or UTF-16 text, the file looks like UTF-32 text'],
  ])('%s', async (_, file, key, declared, code, message) => {
    await expect(detect(file, key, declared)).rejects.toMatchObject({ name: 'FileError', code, message });
  });
});

describe('UTF-16 is told by where the zero bytes beside its separators are', () => {
  test.each<[string, Buffer, InputSettings['encoding'], string]>([
    ['a first name that is not ASCII', little('日a,b\n1,2\n'), undefined, 'expected UTF-8 text, the file looks like UTF-16 without a byte order mark: declare encoding utf-16le'],
    ['the same, big-endian', big('日a,b\n1,2\n'), 'iso-8859-1', 'UTF-16 without a byte order mark: declare encoding utf-16be'],
    ['hardly any ASCII', little(`${'東京一'.repeat(20)},${'東'.repeat(50)}\n`.repeat(2000)), undefined, 'declare encoding utf-16le'],
    ['UTF-8, UTF-16 declared', Buffer.from('hello\nwörld!\n'), 'utf-16le',
      'expected utf-16le text, the file looks like UTF-8, or another encoding without zero bytes: declare that encoding'],
    ['UTF-8 with a stray NUL, UTF-16 declared', Buffer.from(`id,text\n1,\0\n${'2,a\n'.repeat(1000)}`), 'utf-16le', 'the file looks like UTF-8'],
    ['UTF-8 that is hardly ASCII, cut off in a character', Buffer.from(`id,日本\n1,${'東'.repeat(40_000)}\n`), 'utf-16be', 'the file looks like UTF-8'],
    ['ISO-8859-1, UTF-16 declared', Buffer.from('hello there\nw\xf6rld!\n', 'latin1'), 'utf-16le', 'the file looks like UTF-8, or another encoding'],
    ['the other byte order', big('日,b\n1,2\n'), 'utf-16le', 'expected utf-16le text, the file looks like utf-16be: declare that encoding'],
    ['the other byte order, the other way', little('日,b\n1,2\n'), 'utf-16be', 'expected utf-16be text, the file looks like utf-16le: declare that encoding'],
  ])('%s', async (_, file, encoding, message) => {
    const expected = { code: 'not_text', message: expect.stringContaining(message) };
    await expect(detect(file, 'a.csv', { encoding })).rejects.toMatchObject(expected);
    await expect(detect(gzipSync(file), 'a.csv.gz', { encoding })).rejects.toMatchObject(expected);
  });

  test.each<[string, Buffer, InputSettings['encoding']]>([
    ['one name that is no ASCII', little('中'), 'utf-16le'],
    ['characters whose bytes are ASCII', little('慡中一\n扢一\n'), 'utf-16le'],
    ['characters whose first byte is zero', big('一一,一\n'), 'utf-16be'],
    ['the same, little-endian', little('一一,一\nĀ\n'), 'utf-16le'],
    ['a zero byte in UTF-8', Buffer.from('id,amount\na\0,1\n'), undefined],
    ['a binary format, which the head check refuses', Buffer.from([0x50, 0x41, 0x52, 0x31, 9, 0, 0, 0, 10, 0, 0, 0]), undefined],
  ])('takes %s', async (_, file, encoding = 'utf-8') => {
    expect(await detect(file, 'a.csv', { encoding })).toMatchObject({ encoding });
  });
});

describe('a text that should be JSON and is not is told with what to declare', () => {
  const CSV = 'where it is CSV or TSV, declare inputFormat csv, or name it .csv where none is declared (tsv likewise)';
  const ARRAY = 'the file looks like a JSON array: declare inputFormat json, or name it .json where none is declared';
  const LINES = 'the file looks like JSON Lines: declare inputFormat jsonl, or name it .jsonl where none is declared';

  test.each<[string, string, InputSettings['inputFormat'], string]>([
    ['an array', '[{"id":1}]', 'concatenated-json', `expected JSON objects one after the other, which begin with {, got [ at byte 0: ${ARRAY}`],
    ['CSV', ' id\n', 'concatenated-json', `expected JSON objects one after the other, which begin with {, got other text at byte 1: ${CSV}`],
    ['an array, where one is expected inside of an object', '[{"id":1}]', 'json',
      'expected an object with the property "data", which begins with {, got [ at byte 0: where the file is the array, leave property out'],
    ['CSV, where an object is expected', 'id\n', 'json', `expected an object with the property "data", which begins with {, got other text at byte 0: ${CSV}`],
  ])('%s', async (_, text, inputFormat, message) => {
    const settings = { maxDecodedSizeBytes: 1e9, inputFormat };
    await expect(detectInput(bytesSource(text), settings, 'a', { property: 'data' })).rejects.toMatchObject({ code: 'bad_json', message });
  });

  test.each(['{"id":1}{"id":2}', '\u001e{"id":1}\n', '\ufeff {\n"id":1}'])('objects one after the other are taken: %j', async (text) => {
    expect(await detect(Buffer.from(text), 'a.csv', { inputFormat: 'concatenated-json' })).toMatchObject({ format: 'concatenated-json' });
  });

  test.each<[string, string, string, string]>([
    ['CSV', 'a.json', 'id,text\n1,a\n', `expected an array, which begins with [, got other text at byte 0: ${CSV}`],
    ['JSON Lines', 'a.json', '\ufeff {"id":1}\n{"id":2}\n', `expected an array, which begins with [, got { at byte 4: ${LINES}`],
    ['one object', 'a.json', '{\n  "id": 1\n}\n',
      'expected an array, which begins with [, got { at byte 0: the file looks like one JSON object of several lines: an array of objects, or an object a line, is read'],
    ['CSV', 'a.jsonl', 'id,text\n1,a\n', `expected JSON Lines, whose lines begin with {, got other text at byte 0 and no such line: ${CSV}`],
    ['long CSV', 'a.jsonl', 'id,text\n'.repeat(10_000), `expected JSON Lines, whose lines begin with {, got other text at byte 0 and no such line in the first 65536 bytes: ${CSV}`],
    ['an array', 'a.jsonl', '[{"id":1},{"id":2}]', `expected JSON Lines, whose lines begin with {, got [ at byte 0: ${ARRAY}`],
    ['an array, indented', 'a.ndjson', JSON.stringify(Array(9000).fill({ id: 1 }), undefined, 2), `got [ at byte 0: ${ARRAY}`],
    ['an array, an element a line', 'a.jsonl', '\n[\n{"id":1},\n{"id":2}\n]\n', `got [ at byte 1: ${ARRAY}`],
  ])('%s named %s', async (_, key, text, message) => {
    const expected = { code: 'bad_json', message: expect.stringContaining(message) };
    await expect(detect(Buffer.from(text), key)).rejects.toMatchObject(expected);
    await expect(detect(gzipSync(text), `${key}.gz`)).rejects.toMatchObject(expected);
    await expect(detect(little(text), key, { encoding: 'utf-16le' })).rejects.toMatchObject({ code: 'bad_json' });
  });

  test.each([
    ['a first line that is no object', 'x\n{"id":2}\n'],
    ['a first line that is an array', '[{"id":1}]\n{"id":2}\n'],
    ['a first line that is an array cut off', '[{"id":1}\n{"id":2}\n{"id":3}\n'],
    ['a bracket as the first line', '[\n{"id":2}\n{"id":3}\n'],
    ['a first line that is longer than what is looked at', `${'x'.repeat(70_000)}\n{"id":2}\n`],
    ['blank lines', '\n \n'],
    ['one object of several lines, which the rejects tell of', '{\n"id": 1\n}\n'],
    ['zeros, which the head check refuses', '\0'.repeat(100)],
  ])('JSON Lines with %s are taken: a bad record is a reject', async (_, text) => {
    expect(await detect(Buffer.from(text), 'a.jsonl')).toMatchObject({ format: 'jsonl' });
  });
});
