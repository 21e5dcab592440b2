import fc from 'fast-check';
import { JsonBytes } from '../../src/handlers/json-bytes';

const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\0', '\u001f', '\u007f', '\n', 'é', '東京', '😀')), { maxLength: 20 })
  .map((pieces) => pieces.join(''));

test.each<[string, (json: JsonBytes, text: string) => void]>([
  ['text', (json, text) => json.appendText(text)],
  ['UTF-8', (json, text) => json.appendUtf8(Buffer.from(text))],
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
  json.append('{"é":');
  json.appendText(control);
  json.appendBytes(Buffer.from(',"b":'));
  json.appendUtf8(Buffer.from(control));
  json.append('}');
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
