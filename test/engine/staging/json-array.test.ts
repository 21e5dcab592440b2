import fc from 'fast-check';
import { inPieces, joined } from './bytes';
import { jsonArrayToLines } from '../../../src/engine/staging/json-array';

const lines = async (text: string | Buffer, size = 1000) => (await joined(jsonArrayToLines(inPieces(Buffer.from(text), size)))).toString();

/** Pieces of every size up to this one: each boundary falls everywhere. */
async function atEverySize(text: string, check: (result: Promise<string>) => Promise<void>): Promise<void> {
  for (let size = 1; size <= Math.min(text.length, 40) + 1; size++) await check(lines(text, size));
}

describe('an array becomes a line an element, of the same length', () => {
  test.each<[string, string, string]>([
    ['objects', '[{"a":1},{"b":2}]', ' {"a":1}\n{"b":2} '],
    ['pretty-printed', '[\n  {\n    "a": 1\n  },\r\n  {\t"b": 2}\n]\n', '    {     "a": 1   }\n    {\t"b": 2}   '],
    ['brackets, commas and escapes in strings', '[{"a":"],[{}\\"\\\\"},{"b\\\\":"\\""}]', ' {"a":"],[{}\\"\\\\"}\n{"b\\\\":"\\""} '],
    ['nested', '[{"a":[1,[2,{"b":[]}]]},{}]', ' {"a":[1,[2,{"b":[]}]]}\n{} '],
    ['elements of any kind', '[1, "x" ,null,[1,2],true,-1.5e3]', ' 1\n "x" \nnull\n[1,2]\ntrue\n-1.5e3 '],
    ['one element', '[{}]', ' {} '],
    ['a byte order mark', '\ufeff[{"a":1}]', '    {"a":1} '],
    ['a lone CR and other characters', '[{"ä":"東京😀"},\r{}]', ' {"ä":"東京😀"}\n {} '],
    ['brackets of the wrong kind, which the reader of the element refuses', '[{"a":1],{}]', ' {"a":1]\n{} '],
    ['what is no JSON, the same', '[{a:1},abc]', ' {a:1}\nabc '],
  ])('%s', async (_, text, expected) => {
    expect(Buffer.byteLength(expected)).toBe(Buffer.byteLength(text));
    await atEverySize(text, async (result) => expect(await result).toBe(expected));
  });
});

test.each(['[]', ' [ \n ] \n', '\ufeff[]'])('an empty array (%j) becomes one line of blanks, which is no record', async (text) => {
  await atEverySize(text, async (result) => expect(await result).toBe(' '.repeat(Buffer.byteLength(text))));
});

describe('what is no array, or one that is not in order, is refused with the place', () => {
  test.each<[string, string]>([
    ['', 'expected an array, which begins with [, got the end of the text at byte 0'],
    [' \n ', 'expected an array, which begins with [, got the end of the text at byte 3'],
    [' {"a":1}\n', 'expected an array, which begins with [, got { at byte 1'],
    ['id,text\n', 'expected an array, which begins with [, got other text at byte 0'],
    ['"[]"', 'expected an array, which begins with [, got " at byte 0'],
    ['[', 'expected an element or ], got the end of the text at byte 1'],
    ['[,{}]', 'expected an element or ], got , at byte 1'],
    ['[}', 'expected an element or ], got } at byte 1'],
    ['[:]', 'expected an element or ], got : at byte 1'],
    ['[{},]', 'expected an element after the comma, got ] at byte 4'],
    ['[{},,{}]', 'expected an element after the comma, got , at byte 4'],
    ['[{}, ', 'expected an element after the comma, got the end of the text at byte 5'],
    ['[{} {}]', 'expected a comma or ] after the element, got { at byte 4'],
    ['[{}\n{}]', 'expected a comma or ] after the element, got { at byte 4'],
    ['["a" b]', 'expected a comma or ] after the element, got other text at byte 5'],
    ['[1 2]', 'expected a comma or ] after the element, got other text at byte 3'],
    ['[1{}]', 'expected a comma or ] after the element, got { at byte 2'],
    ['[1"a"]', 'expected a comma or ] after the element, got " at byte 2'],
    ['[{}}', 'expected a comma or ] after the element, got } at byte 3'],
    ['[1', 'expected a comma or ] after the element, got the end of the text at byte 2'],
    ['[{}', 'expected a comma or ] after the element, got the end of the text at byte 3'],
    ['[{},{"a":[1}]', 'expected a comma or ] after the element, got the end of the text at byte 13'],
    ['[{},{"a":1', 'expected the end of the element that begins at byte 4, got the end of the text at byte 10'],
    ['[{},{"a":"x]', 'expected the end of the element that begins at byte 4, got the end of the text at byte 12'],
    ['[{"a":"x\n"}]', 'expected the end of a string in the element that begins at byte 1, got a line end at byte 8'],
    ['[{"a":"x\\\n"}]', 'expected the end of a string in the element that begins at byte 1, got a line end at byte 9'],
    ['["x\r"]', 'expected the end of a string in the element that begins at byte 1, got a line end at byte 3'],
    ['[{}]x', 'expected nothing after the array, got other text at byte 4'],
    ['[{}] [', 'expected nothing after the array, got [ at byte 5'],
    ['[]\n{}', 'expected nothing after the array, got { at byte 3'],
  ])('%j', async (text, message) => {
    await atEverySize(text, async (result) => expect(result).rejects.toMatchObject({ name: 'FileError', code: 'bad_json', message }));
  });
});

test('of any array is each element on its line, whatever the layout and the pieces', async () => {
  const spacing = fc.constantFrom<string | number>('', 1, 2, '\t');
  await fc.assert(fc.asyncProperty(fc.array(fc.jsonValue()), spacing, fc.integer({ min: 1, max: 50 }), async (values, indent, size) => {
    const text = JSON.stringify(values, undefined, indent);
    const result = await lines(text, size);
    expect(Buffer.byteLength(result)).toBe(Buffer.byteLength(text));
    const elements = result.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown);
    expect(elements).toEqual(JSON.parse(text));
  }));
});
