import * as fc from 'fast-check';
import { JsonFault, JsonText, JsonValue, readJsonObject } from '../../../src/engine/json/json-object';

function read(text: string): Array<readonly [string, JsonValue]> {
  const members = readJsonObject(text);
  if (members instanceof JsonFault) throw new Error(members.got);
  return members;
}

const number = (text: string) => new JsonText('number', text);

test.each<[string, Array<readonly [string, JsonValue]>]>([
  ['{}', []],
  [' \t\r\n{ } ', []],
  ['{"a":"b"}', [['a', 'b']]],
  ['{"":""}', [['', '']]],
  ['{"a":true,"b":false,"c":null}', [['a', true], ['b', false], ['c', null]]],
  ['{"a" : 1 , "b":-0.50e+10}', [['a', number('1')], ['b', number('-0.50e+10')]]],
  ['{"a":12345678901234567890.123456789012345678901}', [['a', number('12345678901234567890.123456789012345678901')]]],
  ['{"\\u0061\\n":"\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83d\\ude00"}', [['a\n', '"\\/\b\f\n\r\t😀']]],
  ['{"é":"\u2028東😀\u007f"}', [['é', '\u2028東😀\u007f']]],
  ['{"a":1,"a":2}', [['a', number('1')], ['a', number('2')]]],
  ['{"__proto__":"x","constructor":"y"}', [['__proto__', 'x'], ['constructor', 'y']]],
  ['{"a":{"b" : [1.0, " x ", {} ] },"c":[ ]}', [['a', new JsonText('object', '{"b":[1.0," x ",{}]}')], ['c', new JsonText('array', '[]')]]],
  ['{"a":"\\ud800"}', [['a', '\ud800']]],
])('reads %s', (text, members) => {
  expect(read(text)).toEqual(members);
});

test.each([
  ['', 'text that is none: expected "{" at character 1'],
  ['nonsense', 'text that is none: expected "{" at character 1'],
  ['"{}"', 'a string'],
  ['12', 'a number'],
  ['true', 'a boolean'],
  ['null', 'null'],
  ['[{}]', 'an array'],
  ['{', 'text that is none: expected a key at character 2'],
  ['{"a"', 'text that is none: expected ":" at character 5'],
  ['{"a":', 'text that is none: expected a value at character 6'],
  ['{"a":1', 'text that is none: expected "," or "}" at character 7'],
  ['{"a":1,}', 'text that is none: expected a key at character 8'],
  ['{a:1}', 'text that is none: expected a key at character 2'],
  ['{\'a\':1}', 'text that is none: expected a key at character 2'],
  ['{"a":1 "b":2}', 'text that is none: expected "," or "}" at character 8'],
  ['{"a":1}{}', 'several objects, the second one at character 8 (objects one after the other are inputFormat concatenated-json)'],
  ['{"a":1},{}', 'text that is none: expected nothing behind the object at character 8'],
  ['{"a":01}', 'text that is none: expected "," or "}" at character 7'],
  ['{"a":+1}', 'text that is none: expected a value at character 6'],
  ['{"a":.5}', 'text that is none: expected a value at character 6'],
  ['{"a":NaN}', 'text that is none: expected a value at character 6'],
  ['{"a":undefined}', 'text that is none: expected a value at character 6'],
  ['{"a":"b', 'text that is none: expected the end of the string that begins at character 6'],
  ['{"a":"b\\"}', 'text that is none: expected the end of the string that begins at character 6'],
  ['{"a":"\\x"}', 'text that is none: expected valid JSON at character 6'],
  ['{"a":"b\tc"}', 'text that is none: expected no control character in a string at character 8'],
  ['{"a":[1 2]}', 'text that is none: expected valid JSON at character 6'],
  ['{"a":[}', 'text that is none: expected valid JSON at character 6'],
  ['{"a":[[]', 'text that is none: expected "," or a closing bracket at character 9'],
  ['{"a":[1,]}', 'text that is none: expected valid JSON at character 6'],
])('refuses %s', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('no depth of nesting and no length is too much', () => {
  const deep = '['.repeat(300_000) + ']'.repeat(300_000);
  expect(read(`{"a":${deep}}`)[0][1]).toEqual(new JsonText('array', deep));
  expect(() => read('{"a":'.repeat(300_000))).toThrow('expected "," or a closing bracket');
  const long = '\\n\u00e9'.repeat(1_000_000);
  expect((read(`{"a":"${long}"}`)[0][1] as string).length).toBe(2_000_000);
});

test('takes what JSON.parse takes, and nothing else', () => {
  const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '"b":', '"c":1', '\\', '\\"', '\\u00e9', '1', '-', '.5', 'e3', '0', 'true', 'null', ' ', '\t', 'é');
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 12 }).map((parts) => `{${parts.join('')}}`),
    fc.tuple(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.constantFrom(undefined, 2)).map(([value, indent]) => JSON.stringify(value, null, indent)),
  );
  fc.assert(fc.property(texts, (text) => {
    let expected: unknown;
    try {
      expected = JSON.parse(text);
    } catch {
      expect(readJsonObject(text)).toBeInstanceOf(JsonFault);
      return;
    }
    const value = (one: JsonValue): unknown => one instanceof JsonText ? JSON.parse(one.text) : one;
    expect(Object.fromEntries(read(text).map(([key, one]) => [key, value(one)]))).toEqual(expected);
  }), { numRuns: 1500 });
});

test.each(['1', 'a', '"', 'null', '{', '{"a"', '{"a":b}'])('refuses %s without an Error, whose stack costs more than all else', (text) => {
  const parse = jest.spyOn(JSON, 'parse');
  expect(readJsonObject(text)).toBeInstanceOf(JsonFault);
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
});
