import { convert, message } from './convert';
import { withoutBlanks } from '../../../src/spec/trim';
import { runEveryWay } from '../support/every-way';

const BLANKS = '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

test('every blank of Unicode is taken off at both ends, and none within', () => {
  for (const blank of BLANKS) {
    expect([blank.codePointAt(0), withoutBlanks(`${blank}${blank}a${blank}b${blank}`)]).toEqual([blank.codePointAt(0), `a${blank}b`]);
  }
  expect(withoutBlanks(`${BLANKS}a${BLANKS}b${BLANKS}`)).toBe(`a${BLANKS}b`);
  expect([withoutBlanks(BLANKS), withoutBlanks('')]).toEqual(['', '']);
});

test('what only looks like a blank is text', () => {
  for (const text of ['\u200b', '\u2060', '\u180e', '\u00ad', '\0', '\u001f', '\u2800', '\u3164']) expect(withoutBlanks(text)).toBe(text);
});

test('a long run of blanks costs no quadratic time', () => {
  const text = `a${' '.repeat(1_000_000)}b`;
  const start = performance.now();
  expect(withoutBlanks(text)).toBe(text);
  expect(performance.now() - start).toBeLessThan(1000);
});

test.each([
  [{ type: 'integer' }, ' 12\u00a0', '12'],
  [{ type: 'decimal', scale: 2 }, '\u202f1.5 ', '"1.50"'],
  [{ type: 'date' }, '2024-05-01\t', '"2024-05-01"'],
  [{ type: 'datetime', format: '%d.%m.%Y %H:%M' }, ' 1.5.2024 10:20 ', '"2024-05-01T10:20:00.000Z"'],
  [{ type: 'boolean' }, ' true', 'true'],
  [{ type: 'string' }, '  a b  ', '"a b"'],
  [{ type: 'string', constraints: { maxLength: 3, pattern: 'a b', enum: ['a b'] } }, '  a b  ', '"a b"'],
  [{ type: 'string' }, '   ', 'null'],
  [{ type: 'integer', missingValues: ['NA'] }, ' NA ', 'null'],
] as const)('with trim, text %# is read, and without it refused or another', (field, text, json) => {
  expect(convert({ ...field, trim: true }, text)).toBe(json);
  expect(convert(field, text)).not.toBe(json);
  expect(convert({ ...field, trim: false }, text)).not.toBe(json);
});

test('quoted texts are trimmed too, and a message tells what is left', () => {
  expect(convert({ type: 'integer', trim: true }, ' 12 ', true)).toBe('12');
  expect(message({ type: 'integer', trim: true }, ' x ')).toBe('expected an integer, got "x"');
});

test('of the schema, it holds for every field that does not say otherwise, and for the header', async () => {
  const schema = { trim: true, fields: [{ name: 'id', type: 'integer' }, { name: 'text' }, { name: 'raw', trim: false }] } as const;
  const read = await runEveryWay('\u00a0id, text\t,raw \n 1 , a , b \n2,   ,\n3," ""c"" ",d\n', { schema });
  expect(read.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { id: 1, text: 'a', raw: ' b ' }, { id: 2, text: null, raw: null }, { id: 3, text: '"c"', raw: 'd' },
  ]);
});

test('columns that are no fields are trimmed where the schema says so', async () => {
  const schema = { trim: true, fieldsMatch: 'subset', rescueColumn: 'rest', fields: [{ name: 'id', type: 'integer' }] } as const;
  const { lines } = await runEveryWay(' id , more \n1, x \n2,  \n', { schema });
  expect(lines).toEqual(['{"id":1,"rest":{"more":"x"}}', '{"id":2,"rest":{"more":null}}']);
});

test('two names that differ in blanks alone are one name twice', async () => {
  const schema = { trim: true, fields: [{ name: 'id' }, { name: 'text' }] };
  await expect(runEveryWay('id, id \n1,2\n', { schema })).rejects.toThrow('are two names of one field');
});

test('strings and keys of JSON are trimmed too', async () => {
  const schema = { trim: true, fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] } as const;
  const { lines } = await runEveryWay('{"id":" 1 "," text":"\\u00a0a "}\n{"id":2,"text":" "}\n', { schema, recordFormat: 'json' });
  expect(lines[0]).toBe('{"id":1,"text":"a"}');
});
