import fc from 'fast-check';
import { inPieces, joined } from './bytes';
import { jsonPropertyToLines } from '../../../src/engine/staging/json-property';

async function lines(text: string, property: string, size = 1000): Promise<string> {
  return (await joined(jsonPropertyToLines(inPieces(Buffer.from(text), size), property))).toString();
}

/** Pieces of every size up to this one: each boundary falls everywhere. */
async function atEverySize(text: string, property: string, check: (result: Promise<string>) => Promise<void>): Promise<void> {
  for (let size = 1; size <= Math.min(text.length, 40) + 1; size++) await check(lines(text, property, size));
}

const trimmed = (text: string) => text.split('\n').map((line) => line.trim());

describe('the array under a property becomes a line an element, of the same length', () => {
  test.each<[string, string, string, string[]]>([
    ['alone', '{"data":[{"a":1},{"b":2}]}', 'data', ['{"a":1}', '{"b":2}']],
    ['empty', '{"data":[]}', 'data', ['']],
    ['with members before and after', '{"n":-1.5e3,"ok":true,"x":null,"data":[{"a":1},2],"next":"http://x/?a[]={}","o":{"data":[3]}}', 'data', ['{"a":1}', '2']],
    ['pretty-printed, behind a byte order mark', '\ufeff{\r\n  "meta": {\n    "data": [ 1, [ ], { } ]\n  },\n  "data": [\n    {\n      "a": 1\n    },\n    {}\n  ]\n}\n', 'data', ['{       "a": 1     }', '{}']],
    ['in an object in an object', '{"a":[{"b":[1]}],"b":{"c":[2]},"x":{"a":{"b":[3,4]}}}', 'x.a.b', ['3', '4']],
    ['under a name with points', '{"odata.value":[{}]}', 'odata.value', ['{}']],
    ['under a name with escapes', '{"d\\u0061t\\"a":[{}]}', 'dat"a', ['{}']],
    ['under a name that is no ASCII', '{"dät":{"東京":[{}]}}', 'dät.東京', ['{}']],
    ['beside brackets and escapes in strings', '{"s":"\\\\\\"[{\\\\","data":["]"],"t":"]}"}', 'data', ['"]"']],
    ['beside another one of the same name deeper down', '{"o":{"data":[1]},"l":[{"data":[2]}],"data":[3]}', 'data', ['3']],
    ['under no name at all', '{"a":{"":[1]},"":{"":[2]},"b":[3]}', 'a.', ['1']],
    ['beside a key longer than any', `{"${'k'.repeat(9000)}\\n":1,"data":[3]}`, 'data', ['3']],
  ])('%s', async (_, text, property, expected) => {
    await atEverySize(text, property, async (result) => {
      const staged = await result;
      expect(Buffer.byteLength(staged)).toBe(Buffer.byteLength(text));
      expect(trimmed(staged)).toEqual(expected);
    });
  });

  test('each element stays at its offset', async () => {
    const text = '{"a":"é","data":[ {"id":1}, {"id":2} ]}';
    const staged = await lines(text, 'data');
    const offset = (all: string, part: string) => Buffer.byteLength(all.slice(0, all.indexOf(part)));
    for (const element of ['{"id":1}', '{"id":2}']) expect(offset(staged, element)).toBe(offset(text, element));
  });
});

describe('fails', () => {
  test.each<[string, string, string, string]>([
    ['without the property', '{"meta":1,"items":[{}]}', 'data', 'expected an array under "data" (property), got an object with the keys "meta", "items"'],
    ['without the last of several', '{"response":{"rows":[],"x\\u00a0":{}},"b":1}', 'response.items', 'got an object with the keys "rows", "x\\u00a0" under "response"'],
    ['for an object without keys', '{}', 'data', 'expected an array under "data" (property), got an object without keys'],
    ['for many keys', JSON.stringify(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, index]))), 'data', '"k19" and more'],
    ['where it is an object', '{"data":{"a":[]}}', 'data', 'expected an array under "data" (property), got { at byte 8'],
    ['where it is a word', '{"data":null}', 'data', 'expected an array under "data" (property), got other text at byte 8'],
    ['where it comes twice', '{"data":[],"data":[]}', 'data', 'expected an array under "data" (property) once, got another one at byte 18'],
    ['for an array', '[{"data":[]}]', 'data', 'expected an object, which begins with {, got [ at byte 0'],
    ['for text after the object', '{"data":[]} x', 'data', 'expected nothing after the object, got other text at byte 12'],
    ['for a second object', '{"data":[]}{"data":[]}', 'data', 'expected nothing after the object, got { at byte 11'],
    ['for an object that does not end', '{"data":[]', 'data', 'expected a comma or a closing bracket after the value, got the end of the text at byte 10'],
    ['for an array that does not end', '{"data":[{"a":1}', 'data', 'expected a comma or ] after the element, got the end of the text at byte 16'],
    ['for an element that does not end', '{"data":[{"a":1', 'data', 'expected the end of the element that begins at byte 9, got the end of the text at byte 15'],
    ['for a string that does not end', '{"data":[],"a":"x', 'data', 'got the end of the text at byte 17'],
    ['for a number that does not end', '{"a":1', 'data', 'got the end of the text at byte 6'],
    ['for a comma too many', '{"data":[],}', 'data', 'expected a key after the comma, got } at byte 11'],
    ['for a comma too few', '{"a":1 "data":[]}', 'data', 'expected a comma or a closing bracket after the value, got " at byte 7'],
    ['for a colon too few', '{"a" 1}', 'data', 'expected ":" after the key, got other text at byte 5'],
    ['for no value', '{"a":,"data":[]}', 'data', 'expected a value, got , at byte 5'],
    ['for a key without quotes', '{data:[]}', 'data', 'expected a key or }, got other text at byte 1'],
    ['for a key that is no string of JSON', '{"\\x":1}', 'data', 'expected a key that is a string of JSON, got another one'],
    ['for what is no number', '{"a":[01,2]}', 'data', 'expected a value of JSON, got other text at byte 6'],
    ['for the wrong bracket', '{"a":[1},"data":[]}', 'data', 'expected a comma or a closing bracket after the value, got } at byte 7'],
    ['for a line end in a string', '{"a":"x\n","data":[]}', 'data', 'expected the end of a string, got a line end or another control character at byte 7'],
    ['for too many brackets', `{"a":${'['.repeat(1000)}`, 'data', 'expected at most 1000 brackets one in the other, got more at byte 1004'],
    ['for nothing', ' ', 'data', 'expected an object, which begins with {, got the end of the text at byte 1'],
  ])('%s', async (_, text, property, message) => {
    await atEverySize(text, property, async (result) => expect(result).rejects.toMatchObject({ code: 'bad_json', message: expect.stringContaining(message) }));
  });
});

test('of any object of JSON the array comes out, however it is printed', async () => {
  const key = fc.constantFrom('data', 'a', 'b.c', 'ä"', '');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.jsonValue({ maxDepth: 1 }), fc.dictionary(key, tie('value'), { maxKeys: 3 }), fc.array(tie('value'), { maxLength: 3 })),
  }));
  const member = fc.tuple(key.filter((name) => name !== 'data'), value);
  await fc.assert(fc.asyncProperty(
    fc.array(member, { maxLength: 3 }), fc.array(fc.jsonValue()), fc.array(member, { maxLength: 3 }), fc.constantFrom(undefined, 1, '\t'), fc.integer({ min: 1, max: 50 }),
    async (before, data, after, indent, size) => {
      const text = JSON.stringify(Object.fromEntries([...before, ['data', data], ...after.filter(([name]) => !before.some(([other]) => other === name))]), undefined, indent);
      const staged = await lines(text, 'data', size);
      expect(Buffer.byteLength(staged)).toBe(Buffer.byteLength(text));
      expect(trimmed(staged).filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(data)));
    }), { numRuns: 300 });
});
