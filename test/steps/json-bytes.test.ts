import fc from 'fast-check';
import { JsonBytes } from '../../src/steps/json-bytes';

const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\0', '\u001f', '\u007f', '\n', 'é', '東京', '😀')), { maxLength: 20 })
  .map((pieces) => pieces.join(''));

const NO_BYTES = Buffer.alloc(0);

test.each<[string, (json: JsonBytes, text: string) => void]>([
  ['text', (json, text) => json.appendText(text)],
  ['UTF-8 without NUL', (json, text) => {
    const appended = json.appendIfText(NO_BYTES, Buffer.from(text));
    expect(appended).toBe(!text.includes('\0'));
    if (!appended) json.appendText(text);
  }],
])('%s becomes what JSON.stringify makes of it', (_, append) => {
  const json = new JsonBytes();
  fc.assert(fc.property(fc.array(texts), (all) => {
    for (const text of all) append(json, text);
    expect(Buffer.from(json.take()).toString()).toBe(all.map((text) => JSON.stringify(text)).join(''));
  }));
});

test('what is gathered stays in its order, whatever its size', () => {
  const json = new JsonBytes();
  const control = '\u0001'.repeat(300_000);
  json.appendBytes(Buffer.from('{"é":'));
  json.appendText(control);
  json.appendIfText(Buffer.from(',"b":'), Buffer.from(control));
  json.appendBytes(Buffer.from('}'));
  expect(JSON.parse(Buffer.from(json.take()).toString())).toEqual({ é: control, b: control });
  expect(json.take()).toHaveLength(0);
});

test('base64 is a JSON string too', () => {
  const json = new JsonBytes();
  json.appendBase64(Buffer.alloc(300_000, 0xff));
  expect(JSON.parse(Buffer.from(json.take()).toString())).toBe(Buffer.alloc(300_000, 0xff).toString('base64'));
});

test('half a surrogate pair becomes the replacement character', () => {
  const json = new JsonBytes();
  json.appendText('a\ud800b');
  expect(Buffer.from(json.take()).toString()).toBe('"a\ufffdb"');
});

test.each<[string, number[]]>([
  ['no UTF-8', [0x61, 0xff]],
  ['half a character', [0x61, 0xc3]],
  ['a NUL', [0x61, 0, 0x22]],
])('nothing is appended of bytes that are no text: %s', (_, bytes) => {
  const json = new JsonBytes();
  json.appendBytes(Buffer.from('1'));
  expect(json.appendIfText(Buffer.from(',"key":'), Buffer.from(bytes))).toBe(false);
  expect(Buffer.from(json.take()).toString()).toBe('1');
});

test('an integer is written with all its digits', () => {
  const json = new JsonBytes();
  const values = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 9, 10, 99, 100, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER));
  fc.assert(fc.property(values, (value) => {
    json.appendInteger(value);
    expect(Buffer.from(json.take()).toString()).toBe(String(value));
  }));
});

test('integers find room in a buffer that is full', () => {
  const json = new JsonBytes();
  for (let count = 0; count < 20_000; count++) json.appendInteger(Number.MAX_SAFE_INTEGER);
  const digits = String(Number.MAX_SAFE_INTEGER);
  expect(Buffer.from(json.take()).toString().split(digits)).toEqual(new Array(20_001).fill(''));
});
