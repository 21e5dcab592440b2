import fc from 'fast-check';
import { visible } from '../../src/spec/visible-text';
import { CsvBytes } from '../../src/steps/csv-bytes';

const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constantFrom('"', '""', '\0', '\u001f', '\u007f', '\n', ',', 'é', '東京', '😀')), { maxLength: 20 })
  .map((pieces) => pieces.join('').toWellFormed());

const NO_BYTES = Buffer.alloc(0);

const cellOf = (text: string) => `"${text.replaceAll('"', '""')}"`;

test('a text becomes a cell in quotes, in which all can be seen', () => {
  const csv = new CsvBytes();
  fc.assert(fc.property(fc.array(texts), (all) => {
    for (const text of all) csv.appendVisible(text);
    expect(Buffer.from(csv.take()).toString()).toBe(all.map(visible).map(cellOf).join(''));
  }));
});

test('UTF-8 without NUL becomes a cell in quotes', () => {
  const csv = new CsvBytes();
  fc.assert(fc.property(fc.array(texts), (all) => {
    for (const text of all) expect(csv.appendIfText(NO_BYTES, Buffer.from(text))).toBe(!text.includes('\0'));
    expect(Buffer.from(csv.take()).toString()).toBe(all.filter((text) => !text.includes('\0')).map(cellOf).join(''));
  }));
});

test('what is gathered stays in its order, whatever its size', () => {
  const csv = new CsvBytes();
  const quotes = '"'.repeat(300_000);
  csv.append(Buffer.from('é,'));
  csv.appendVisible(quotes);
  const room = csv.leaveRoom(300_000);
  csv.appendIfText(Buffer.from(',b,'), Buffer.from(quotes));
  csv.append(Buffer.from('\n'));
  csv.bytes.fill('r', room, room + 300_000);
  expect(Buffer.from(csv.take()).toString()).toBe(`é,"${quotes}${quotes}"${'r'.repeat(300_000)},b,"${quotes}${quotes}"\n`);
  expect(csv.take()).toHaveLength(0);
});

test('base64 is a cell in quotes', () => {
  const csv = new CsvBytes();
  csv.appendBase64(Buffer.alloc(300_000, 0xff));
  expect(Buffer.from(csv.take()).toString()).toBe(cellOf(Buffer.alloc(300_000, 0xff).toString('base64')));
});

test('half a surrogate pair in a text is an escape', () => {
  const csv = new CsvBytes();
  csv.appendVisible('a\ud800b');
  expect(Buffer.from(csv.take()).toString()).toBe('"a\\ud800b"');
});

test.each<[string, number[]]>([
  ['no UTF-8', [0x61, 0xff]],
  ['half a character', [0x61, 0xc3]],
  ['a NUL', [0x61, 0, 0x22]],
])('nothing is appended of bytes that are no text: %s', (_, bytes) => {
  const csv = new CsvBytes();
  csv.append(Buffer.from('1'));
  expect(csv.appendIfText(Buffer.from(',utf-8,'), Buffer.from(bytes))).toBe(false);
  expect(Buffer.from(csv.take()).toString()).toBe('1');
});

test('an integer is written with all its digits', () => {
  const csv = new CsvBytes();
  const values = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 9, 10, 99, 100, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER));
  fc.assert(fc.property(values, (value) => {
    csv.appendInteger(value);
    expect(Buffer.from(csv.take()).toString()).toBe(String(value));
  }));
});

test('integers find room in a buffer that is full', () => {
  const csv = new CsvBytes();
  for (let count = 0; count < 20_000; count++) csv.appendInteger(Number.MAX_SAFE_INTEGER);
  const digits = String(Number.MAX_SAFE_INTEGER);
  expect(Buffer.from(csv.take()).toString().split(digits)).toEqual(new Array(20_001).fill(''));
});
