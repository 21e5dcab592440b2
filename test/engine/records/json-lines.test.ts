import { findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { compileFormat } from '../../../src/engine/format/format';
import { JsonText } from '../../../src/engine/json/json-object';
import { checkHead } from '../../../src/engine/records/head';
import { JsonValueConverter, RecordValue } from '../../../src/engine/records/json-value-converter';
import { Field, Schema } from '../../../src/spec/schema';
import { bytesSource } from '../support/engine-run';
import { runEveryWay, Settings } from '../support/every-way';

const json = (fields: readonly Field[], more: Partial<Schema> = {}): Settings => ({ schema: { fields, ...more }, recordFormat: 'json' });

/** The output's line, or what is told of its reject, of a file of this one line. */
async function one(line: string, settings: Settings): Promise<string> {
  const { lines, rejects } = await runEveryWay(line, settings);
  return lines[0] ?? rejects[0][0];
}

const value = (text: string, field: Omit<Field, 'name'>, more?: Partial<Schema>) => one(`{"a":${text}}`, json([{ ...field, name: 'a' }], more));

describe('lines', () => {
  const settings = json([{ name: 'id', type: 'integer' }, { name: 'name' }]);

  test('each is a record; keys in any order, an absent one is missing', async () => {
    const { lines, rejects, counts } = await runEveryWay('{"name":"Ann","id":1}\n{"id":2}\r\n{}\n{"name":null,"id":4}', settings);
    expect(rejects).toEqual([]);
    expect(lines).toEqual(['{"id":1,"name":"Ann"}', '{"id":2,"name":null}', '{"id":null,"name":null}', '{"id":4,"name":null}']);
    expect(counts).toMatchObject({ recordsRead: 4, lines: 4 });
  });

  test('lines of blanks are blank lines; quotes and commas mean nothing outside of JSON', async () => {
    const { lines, counts } = await runEveryWay('\n  \n\t\r\n{"id":1,"name":"a,\\"b"}\n \r \n{"id":2}\n   ', settings);
    expect(lines).toEqual(['{"id":1,"name":"a,\\"b"}', '{"id":2,"name":null}']);
    expect(counts).toMatchObject({ recordsRead: 2, blankLines: 5 });
  });

  test('a byte order mark is no part of the first record', async () => {
    expect((await runEveryWay('\ufeff{"id":1}\n', settings)).lines).toHaveLength(1);
  });

  test('a reject begins and ends without the blanks around it', async () => {
    const { rejects, rejectLines, rejectOffsets } = await runEveryWay('{"id":1}\n\n   {"id":"x"} \t\r\n', settings);
    expect(rejects).toEqual([['type id: expected an integer, got "x"', '{"id":"x"}']]);
    expect({ rejectLines, rejectOffsets }).toEqual({ rejectLines: [3], rejectOffsets: [13] });
  });

  test('a line longer than a record may be is rejected alone', async () => {
    const { lines, rejects } = await runEveryWay(`{"id":1}\n{"name":"${'x'.repeat(2000)}"}\n{"id":2}\n`, settings);
    expect(lines).toHaveLength(2);
    expect(rejects.map(([told]) => told)).toEqual(['record_size: a record must have at most 1000 bytes, this one has more']);
  });

  test('every boundary is exact', async () => {
    const format = compileFormat({ dialect: {}, maxRecordSize: 1000, ...settings });
    const plan = await findChunks(bytesSource('{"name":"\\"\\n"}\n'.repeat(200)), format, { dataStart: 0, chunkSize: 50, maxChunks: 10_000, concurrency: 4 });
    expect(plan.length).toBeGreaterThan(50);
    expect(plan.every(({ boundary }) => boundary === 'exact')).toBe(true);
  });

  test('the head has no header; the sample tells how the records fare', async () => {
    const format = compileFormat({ dialect: {}, maxRecordSize: 1000, ...settings });
    expect(await checkHead(bytesSource('{"id":1}\n{"id":"x"}\n'), format)).toEqual({ columns: undefined, dataStart: 0, sampleRecords: 2, sampleRejected: 1, wholeRecords: 2, sampleBytes: 20, hasLongRecord: false });
    await expect(checkHead(bytesSource(''), format)).rejects.toThrow('expected JSON objects, one a line, got an empty file');
    for (const wrapped of ['{"data":[{"id":1}]}', '{\n"data": [\n{\n"id": 1\n}\n]\n}\n']) {
      await expect(checkHead(bytesSource(wrapped), format)).rejects
        .toMatchObject({ code: 'bad_json', message: expect.stringMatching(/^expected JSON objects, one a line; the file looks like .* and property "data"$/) });
    }
  });

  test('the dialect means nothing', async () => {
    expect((await runEveryWay('#{\n{"id":1}\n', { ...settings, dialect: { skipLines: 1, commentChar: '#', delimiter: '1' } })).lines).toEqual(['{"id":1,"name":null}']);
  });
});

describe('values', () => {
  test.each<[string, Omit<Field, 'name'>, string]>([
    ['"x"', {}, '"x"'],
    ['""', {}, '""'],
    ['"\\u00e9\\ud83d\\ude00\\u0000"', {}, '"é😀\\u0000"'],
    ['12345678901234567890', { type: 'integer' }, '12345678901234567890'],
    ['"12"', { type: 'integer' }, '12'],
    ['0.10000000000000000000000000001', { type: 'number' }, '0.10000000000000000000000000001'],
    ['-1.5E+3', { type: 'number' }, '-1500'],
    ['-0', { type: 'number' }, '0'],
    ['2.5', { type: 'decimal', scale: 2 }, '"2.50"'],
    ['1234.5', { type: 'decimal', decimalChar: ',', groupChar: '.' }, '"1234.5"'],
    ['"1.234,5"', { type: 'decimal', decimalChar: ',', groupChar: '.' }, '"1234.5"'],
    ['1234.5', { type: 'number', decimalChar: ',', groupChar: '.', constraints: { minimum: '1.234,4', enum: ['1.234,5'] } }, '1234.5'],
    ['5', { type: 'number', bareNumber: false }, '5'],
    ['true', { type: 'boolean' }, 'true'],
    ['false', { type: 'boolean', trueValues: ['Y'], falseValues: ['N'] }, 'false'],
    ['"N"', { type: 'boolean', trueValues: ['Y'], falseValues: ['N'] }, 'false'],
    ['1', { type: 'boolean' }, 'true'],
    ['"2024-05-01"', { type: 'date' }, '"2024-05-01"'],
    ['20240501', { type: 'date', format: '%Y%m%d' }, '"2024-05-01"'],
    ['null', { type: 'date' }, 'null'],
    ['"NA"', { missingValues: ['NA'] }, '"NA"'],
    ['""', {}, '""'],
    ['""', { type: 'integer' }, 'null'],
    ['"-"', { type: 'date', missingValues: ['-'] }, 'null'],
    ['-999', { type: 'integer', missingValues: ['-999'] }, 'null'],
  ])('%s for %j', async (text, field, expected) => {
    expect(await value(text, field)).toBe(`{"a":${expected}}`);
  });

  test.each<[string, Omit<Field, 'name'>, string]>([
    ['5', {}, 'type a: expected a string, got a number'],
    ['true', {}, 'type a: expected a string, got a boolean'],
    ['true', { type: 'integer' }, 'type a: expected an integer, got a boolean'],
    ['{"b":1}', {}, 'type a: expected a string, got an object'],
    ['[1]', { type: 'number' }, 'type a: expected a number, got an array'],
    ['1.5', { type: 'integer' }, 'type a: expected an integer, got "1.5"'],
    ['1e401', { type: 'number' }, 'type a: expected a number, got "1e401"'],
    ['"1.5"', { type: 'number', decimalChar: ',' }, 'type a: expected a number, written with decimalChar ",", got "1.5"'],
    ['1.005', { type: 'decimal', scale: 2 }, 'type a: expected a decimal with at most 2 digits after the point, got "1.005"'],
    ['"yes"', { type: 'boolean' }, 'type a: expected a boolean'],
    ['2', { type: 'boolean' }, 'type a: expected a boolean'],
    ['true', { type: 'boolean', constraints: { enum: [false] } }, 'constraint a: must be one of false (enum), got "true"'],
    ['7', { type: 'integer', constraints: { maximum: 5 } }, 'constraint a: must be at most 5 (maximum), got "7"'],
    ['null', { constraints: { required: true } }, 'required a: expected a value, got none'],
    ['null', { type: 'boolean', constraints: { required: true } }, 'required a: expected a value, got none'],
    ['""', { type: 'integer', missingValues: [] }, 'type a: expected an integer, got ""'],
    ['""', { type: 'integer', constraints: { required: true } }, 'required a: expected a value, got none'],
    ['"\\ud800x"', {}, 'encoding a: expected Unicode text, got half a surrogate pair in "\\ud800x"'],
  ])('%s for %j: %s', async (text, field, message) => {
    expect(await value(text, field)).toContain(message);
  });

  test('a key that is not there is no value', async () => {
    expect(await one('{}', json([{ name: 'a', constraints: { required: true } }]))).toBe('required a: expected a value, got none');
  });

  test('of several faults the first in the schema\'s order counts', async () => {
    expect(await one('{"b":"x","a":"y"}', json([{ name: 'a', type: 'integer' }, { name: 'b', type: 'integer' }]))).toBe('type a: expected an integer, got "y"');
  });
});

describe('lines that are no records', () => {
  test.each([
    ['{"a":1', 'type: expected a JSON object, got text that is none: expected "," or "}" at character 7'],
    ['hello', 'type: expected a JSON object, got text that is none: expected "{" at character 1'],
    ['[1]', 'type: expected a JSON object, got an array'],
    ['"a"', 'type: expected a JSON object, got a string'],
    ['{"a":"x"} {"a":"y"}', 'type: expected a JSON object, got several objects, the second one at character 11 (objects one after the other are inputFormat concatenated-json)'],
  ])('%s', async (line, message) => {
    expect(await one(line, json([{ name: 'a' }]))).toBe(message);
  });

  test('bytes that are not UTF-8', async () => {
    const { rejects } = await runEveryWay(Buffer.from('{"a":"\xff"}\n', 'latin1'), json([{ name: 'a' }]));
    expect(rejects).toEqual([['encoding: a record must be valid UTF-8, this one has other bytes', '{"a":"\xff"}']]);
  });

  test('no depth of nesting is too much', async () => {
    const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const { rejects } = await runEveryWay(`${deep}\n${deep.slice(0, 40_000)}\n{}\n`, { ...json([{ name: 'a' }]), maxRecordSize: 100_000 });
    expect(rejects.map(([told]) => told)).toEqual([
      'type a: expected a string, got an array',
      'type: expected a JSON object, got text that is none: expected "," or a closing bracket at character 40001',
    ]);
  });
});

describe('keys', () => {
  const fields: Field[] = [{ name: 'id', aliases: ['key'] }, { name: 'name' }];

  test.each<[string, Partial<Schema>, string]>([
    ['{"id":"1","x":2}', {}, 'field_count: a record must have no keys but the fields of the schema, this one has "x"'],
    ['{"id":"1","x":2}', { fieldsMatch: 'superset' }, 'field_count: a record must have no keys but the fields of the schema, this one has "x"'],
    ['{"ID":"1"}', {}, 'field_count: a record must have no keys but the fields of the schema, this one has "ID"'],
    ['{"id":"1","id":"1"}', {}, 'field_count: a record must have each field once, this one has the key "id" again'],
    ['{"id":"1","key":"1"}', {}, 'field_count: a record must have each field once, this one has the key "key" again, as "id"'],
    ['{"x":1,"x":2}', { fieldsMatch: 'subset' }, 'field_count: a record must have each field once, this one has the key "x" again'],
    ['{"x":1,"nmae":"n"}', { fieldsMatch: 'partial' }, 'field_count: a record must have at least one of the fields of the schema, this one has other keys only'],
    ['{"__proto__":"1"}', {}, 'field_count: a record must have no keys but the fields of the schema, this one has "__proto__"'],
  ])('%s with %j', async (line, policy, message) => {
    expect(await one(line, json(fields, policy))).toBe(message);
  });

  test.each<[string, Partial<Schema>, string]>([
    ['{"key":"1"}', {}, '{"id":"1","name":null}'],
    ['{"KEY":"1","Name":"n"}', { headerCase: false }, '{"id":"1","name":"n"}'],
    ['{"x":{"y":1},"id":"1"}', { fieldsMatch: 'subset' }, '{"id":"1","name":null}'],
    ['{"__proto__":{"name":"n"},"id":"1"}', { fieldsMatch: 'partial' }, '{"id":"1","name":null}'],
    ['{"x":1.10,"id":"1","y":{ "z": [1e5, "\\u00e9 "] },"__proto__":null,"w":"é\\n","v":true}', { fieldsMatch: 'subset', rescueColumn: 'rest' },
      '{"id":"1","name":null,"rest":{"x":1.10,"y":{"z":[1e5,"\\u00e9 "]},"__proto__":null,"w":"é\\n","v":true}}'],
    ['{"id":"1"}', { fieldsMatch: 'subset', rescueColumn: 'rest' }, '{"id":"1","name":null,"rest":null}'],
  ])('%s with %j', async (line, policy, expected) => {
    expect(await one(line, json(fields, policy))).toBe(expected);
  });

  test('nothing of a record stays for the next one', async () => {
    const { lines } = await runEveryWay('{"id":"1","name":"n","x":1}\n{}\n', json(fields, { fieldsMatch: 'subset', rescueColumn: 'rest' }));
    expect(lines).toEqual(['{"id":"1","name":"n","rest":{"x":1}}', '{"id":null,"name":null,"rest":null}']);
  });
});

describe('values of JavaScript', () => {
  const converter = (field: Omit<Field, 'name'>) => new JsonValueConverter(compileFormat({ schema: { fields: [{ ...field, name: 'a' }] }, dialect: {}, maxRecordSize: 1 }));

  test.each<[RecordValue, Omit<Field, 'name'>, string]>([
    ['x', {}, '"x"'],
    [undefined, {}, 'null'],
    [null, { type: 'integer' }, 'null'],
    [0.1, { type: 'number' }, '0.1'],
    [-0, { type: 'number' }, '0'],
    [1e-7, { type: 'number' }, '0.0000001'],
    [1e21, { type: 'integer' }, '1000000000000000000000'],
    [12345678901234567890n, { type: 'integer' }, '12345678901234567890'],
    [new JsonText('number', '1.10'), { type: 'number' }, '1.1'],
    [true, { type: 'boolean' }, 'true'],
  ])('%p for %j', (given, field, expected) => {
    expect(converter(field).convert([['a', given]])).toEqual([expected]);
  });

  test.each<[RecordValue, Omit<Field, 'name'>, string]>([
    [NaN, { type: 'number' }, 'expected a number, got "NaN"'],
    [-Infinity, { type: 'number' }, 'expected a number, got "-Infinity"'],
    [5, {}, 'expected a string, got a number'],
    [5n, {}, 'expected a string, got a number'],
    [{}, {}, 'expected a string, got an object'],
    [[], {}, 'expected a string, got an array'],
    [new Date(0), { type: 'datetime' }, 'got a Date (expected its ISO text)'],
    [() => 1, {}, 'expected a string, got a function'],
  ])('%p for %j', (given, field, message) => {
    const refusing = converter(field);
    expect(refusing.convert([['a', given]])).toBeUndefined();
    expect(refusing.fault).toMatchObject({ code: 'type', column: 'a', message: expect.stringContaining(message) });
  });
});

describe('a string field with jsonText', () => {
  test.each([
    ['"a"', '"a"'],
    ['007', undefined],
    ['7', '"7"'],
    ['1.50', '"1.50"'],
    ['-12345678901234567890.0e1', '"-12345678901234567890.0e1"'],
    ['true', '"true"'],
    ['null', 'null'],
    ['{ "b" : [1.0, "x y"] }', '"{\\"b\\":[1.0,\\"x y\\"]}"'],
    ['[]', '"[]"'],
    ['0', 'null'],
  ])('takes %s', async (text, expected) => {
    const result = await value(text, { jsonText: true }, { missingValues: ['0'] });
    if (expected === undefined) expect(result).toContain('expected a JSON object, got text that is none');
    else expect(result).toBe(`{"a":${expected}}`);
  });

  test('has its constraints checked on the text', async () => {
    expect(await value('12345', { jsonText: true, constraints: { pattern: '\\d{4}' } })).toContain('got "12345"');
    expect(await value('1234', { jsonText: true, constraints: { pattern: '\\d{4}' } })).toBe('{"a":"1234"}');
  });

  test('takes what a transform returns, but for what has no JSON', () => {
    const converter = new JsonValueConverter(compileFormat({ ...json([{ name: 'a', jsonText: true }]), dialect: {}, maxRecordSize: 1 }));
    const converted = (given: RecordValue) => converter.convert([['a', given]])?.[0];
    expect([1e21, 10n, false, { b: 1 }, undefined].map(converted)).toEqual(['"1000000000000000000000"', '"10"', '"false"', '"{\\"b\\":1}"', 'null']);
    expect([new Date(0), (() => 1) as unknown as RecordValue].map(converted)).toEqual([undefined, undefined]);
  });

  test('of CSV is what it always was', async () => {
    expect((await runEveryWay('a\n7\n', { schema: { fields: [{ name: 'a', jsonText: true }] } })).lines).toEqual(['{"a":"7"}']);
  });
});
