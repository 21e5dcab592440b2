import fc from 'fast-check';
import { inPieces, joined } from './bytes';
import { concatenatedJsonToLines } from '../../../src/engine/staging/concatenated-json';

const lines = async (text: string, size = 1000) => (await joined(concatenatedJsonToLines(inPieces(Buffer.from(text), size)))).toString();

/** Pieces of every size up to this one: each boundary falls everywhere. */
async function atEverySize(text: string, check: (result: Promise<string>) => Promise<void>): Promise<void> {
  for (let size = 1; size <= Math.min(text.length, 40) + 1; size++) await check(lines(text, size));
}

describe('values one after the other become a line each', () => {
  test.each<[string, string, string]>([
    ['with nothing between them', '{"a":1}{"a":2}{}', '{"a":1}\n{"a":2}\n{}'],
    ['with blanks between them', '{"a":1} {"a":2}\t\t{}', '{"a":1}\n{"a":2}\n\t{}'],
    ['on lines, the same', '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":2}\n'],
    ['on lines with CRLF', '{"a":1}\r\n{"a":2}\r\n', '{"a":1}\n {"a":2}\n '],
    ['pretty-printed', '{\n  "a": 1\n}\n{\n  "a": [\r\n1]\n}', '{   "a": 1 }\n{   "a": [  1] }'],
    ['a JSON text sequence', '\u001e{"a":1}\n\u001e{"a":\n2}\n', ' {"a":1}\n {"a": 2}\n'],
    ['a JSON text sequence without line ends', '\u001e{"a":1}\u001e{"a":2}', ' {"a":1}\n{"a":2}'],
    ['behind a byte order mark', '\ufeff{"a":1}{}', '   {"a":1}\n{}'],
    ['brackets and escapes in strings', '{"a":"}{\\"\\\\"}{"b\\\\":"\\""}', '{"a":"}{\\"\\\\"}\n{"b\\\\":"\\""}'],
    ['of any kind', '1 "x"null[1,2]{}true', '1\n"x"\nnull\n[1,2]\n{}\ntrue'],
    ['nothing', ' \n\t', '  \t'],
    ['what is no JSON, which the reader of the line refuses', '{a:1}abc def', '{a:1}\nabc\ndef'],
  ])('%s', async (_, text, expected) => {
    await atEverySize(text, async (result) => expect(await result).toBe(expected));
  });
});

test.each([
  ['an array between them', '{"a":1},{"a":2}', 'expected a JSON value, one after the other, got , at byte 7'],
  ['a bracket too many', '{"a":1}}{"a":2}', 'expected a JSON value, one after the other, got } at byte 7'],
  ['a bracket too few', '{"a":1{"a":2}', 'expected the end of the element that begins at byte 0, got the end of the text at byte 13'],
  ['a string that does not end', '{}{"a":"x}\n{"a":2}\n', 'expected the end of a string in the element that begins at byte 2, got a line end at byte 10'],
  ['a string that does not end in the last one', '{}{"a":"x', 'expected the end of the element that begins at byte 2, got the end of the text at byte 9'],
])('fails for %s', async (_, text, message) => {
  await atEverySize(text, async (result) => expect(result).rejects.toMatchObject({ code: 'bad_json', message }));
});

test('of any values each one comes out, whatever stands between them', async () => {
  const between = fc.constantFrom('', '', ' ', '\n', '\r\n', '\n\n', '\u001e', '\t');
  const values = fc.array(fc.tuple(fc.oneof(fc.object(), fc.array(fc.jsonValue())), between));
  await fc.assert(fc.asyncProperty(values, fc.constantFrom(undefined, 1), fc.integer({ min: 1, max: 50 }),
    async (written, indent, size) => {
      const staged = await lines(written.map(([value, gap]) => JSON.stringify(value, undefined, indent) + gap).join(''), size);
      const read = staged.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown);
      expect(read).toEqual(written.map(([value]) => JSON.parse(JSON.stringify(value)) as unknown));
    }), { numRuns: 300 });
});
