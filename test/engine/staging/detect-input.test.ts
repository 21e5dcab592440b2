import { gzipSync } from 'node:zlib';
import { detectInput } from '../../../src/engine/staging/detect-input';
import { InputSettings } from '../../../src/engine/staging/input';
import { bytesSource } from '../engine-run';

const detect = async (file: Buffer, key = 'incoming/a.csv', declared: Partial<InputSettings> = {}) =>
  detectInput(bytesSource(file), { maxInflatedSizeBytes: 1e9, ...declared }, key);

const TEXT = 'id,text\n1,a\n';
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
  await detectInput(source, { maxInflatedSizeBytes: 1 }, 'a.csv.gz');
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
      'expected UTF-8 text, the file looks like UTF-16 without a byte order mark: declare encoding utf-16be'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'a.csv', {}, 'not_text',
      'expected UTF-8 or UTF-16 text, the file looks like UTF-32 text'],
  ])('%s', async (_, file, key, declared, code, message) => {
    await expect(detect(file, key, declared)).rejects.toMatchObject({ name: 'FileError', code, message });
  });
});
