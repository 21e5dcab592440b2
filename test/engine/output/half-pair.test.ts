/**
 * Half a surrogate pair is no Unicode text: a reader refuses the whole part that holds one, or reads U+FFFD in its place. JSON
 * can escape one (`\ud800`), JavaScript can hold one. No way leads from there to a part file.
 */
import { isUtf8 } from 'node:buffer';
import { JOB } from './output-run';
import { compileFormat, Format } from '../../../src/engine/format/format';
import { processRecords } from '../../../src/engine/process/process-records';
import { AnswerReader } from '../../../src/engine/transform/answer-reader';
import { ModuleTransform, UserFunction } from '../../../src/engine/transform/module-transform';
import { METADATA_COLUMNS, OUTPUT_FORMATS, OutputFormatName } from '../../../src/spec/output-settings';
import { Field, Schema } from '../../../src/spec/schema';
import { checkTableSchema } from '../../../src/spec/schema-check';
import { bytesSource } from '../support/engine-run';

interface Published {
  readonly part: Buffer;
  readonly written: number;
  readonly rejects: string[];
}

async function publish(content: string, format: Format, userFunction?: UserFunction): Promise<Published> {
  const source = bytesSource(content);
  const pieces: Buffer[] = [];
  const rejects: string[] = [];
  const answers = new AnswerReader(format.settings.schema, format.outputSchema);
  const transform = userFunction && new ModuleTransform(userFunction, format.recordColumns, answers);
  const { recordsWritten: written } = await processRecords(source, format, { start: 0, end: source.size }, {
    write: async (bytes) => { pieces.push(Buffer.from(bytes)); },
    rejects: async (batch) => { rejects.push(...batch.map(({ code, column, message }) => `${code} ${column ?? ''}: ${message}`)); },
  }, { job: JOB, transform });
  return { part: Buffer.concat(pieces), written, rejects };
}

function formatOf(output: OutputFormatName, field: Omit<Field, 'name'>, recordFormat: 'csv' | 'json', more: Partial<Schema> = {}): Format {
  return compileFormat({
    schema: { fields: [{ name: 'id', type: 'integer' }, { ...field, name: 'a' }], ...more },
    dialect: recordFormat === 'csv' ? { header: false, quoteChar: '\'' } : {},
    maxRecordSize: 1000,
    recordFormat,
    output: { format: output, metadataColumns: METADATA_COLUMNS },
  });
}

/** Everything that a reader of the part could stumble on. */
function expectUnicode(part: Buffer): void {
  const text = part.toString('latin1');
  expect(text).not.toMatch(/\\u[dD][89a-fA-F]/);
  expect(part.includes('\ufffd')).toBe(false);
}

const TOLD = /^encoding a: expected Unicode text, got half a surrogate pair in /;
const rescue = { fieldsMatch: 'subset', rescueColumn: 'rest' } as const satisfies Partial<Schema>;
const point = (text: string) => `{"type":"Feature","geometry":null,"properties":{"p":"${text}"}}`;

describe.each(OUTPUT_FORMATS)('%s: half a surrogate pair is an encoding reject, and the record beside it is published', (output) => {
  test.each<[string, string, Omit<Field, 'name'>]>([
    ['a string', '"\\ud800"', {}],
    ['a second half', '"\\udc00"', {}],
    ['two first halves', '"\\ud800\\ud800"', {}],
    ['an object\'s value', '{"o":"\\ud800"}', { type: 'object' }],
    ['an object\'s value in capitals', '{"o":"\\uD8FF"}', { type: 'object' }],
    ['an object\'s key', '{"\\udfff":1}', { type: 'object' }],
    ['a value deep in an object', '{"o":[[{"p":"x\\ud800"}]]}', { type: 'object' }],
    ['an object in a string', JSON.stringify('{"o":"\\ud800"}'), { type: 'object' }],
    ['an array\'s element', '["a","\\ud800"]', { type: 'array' }],
    ['an array in a string', JSON.stringify('["\\ud800"]'), { type: 'array' }],
    ['halves of two elements', '["\\ud83d","\\ude00"]', { type: 'array' }],
    ['a list\'s item', '["a","\\ud800"]', { type: 'list' }],
    ['any string', '"\\ud800"', { type: 'any' }],
    ['any object', '{"o":"\\ud800"}', { type: 'any' }],
    ['any array', '[{"\\ud800":1}]', { type: 'any' }],
    ['a property of GeoJSON', point('\\ud800'), { type: 'geojson' }],
    ['GeoJSON in a string', JSON.stringify(point('\\ud800')), { type: 'geojson' }],
    ['the JSON text of an object', '{"o":"\\ud800"}', { jsonText: true }],
    ['the JSON text of a string', '"\\ud800"', { jsonText: true }],
  ])('JSON Lines: %s', async (_, value, field) => {
    const { part, written, rejects } = await publish(`{"id":1}\n{"id":2,"a":${value}}\n`, formatOf(output, field, 'json'));
    expect({ written, rejects }).toEqual({ written: 1, rejects: [expect.stringMatching(TOLD)] });
    expectUnicode(part);
  });

  test.each([
    ['an object\'s value', 'object', '{"o":"\\ud800"}'],
    ['an object\'s key', 'object', '{"\\ud800":1}'],
    ['an array\'s element', 'array', '["\\ud800"]'],
    ['a property of GeoJSON', 'geojson', point('\\ud800')],
  ] as const)('CSV: %s', async (_, type, cell) => {
    const { part, written, rejects } = await publish(`1,\n2,'${cell}'\n`, formatOf(output, { type }, 'csv'));
    expect({ written, rejects }).toEqual({ written: 1, rejects: [expect.stringMatching(TOLD)] });
    expectUnicode(part);
  });

  test.each([
    ['value', '"o":"\\ud800"'],
    ['value within', '"o":{"p":["\\ud800"]}'],
    ['key', '"\\ud800":1'],
  ])('a rescued %s', async (_, member) => {
    const { part, written, rejects } = await publish(`{"id":1,"o":"😀"}\n{"id":2,${member}}\n`, formatOf(output, {}, 'json', rescue));
    expect({ written, rejects }).toEqual({ written: 1, rejects: [expect.stringMatching(/^encoding rest: expected Unicode text, got half a surrogate pair in /)] });
    expectUnicode(part);
  });

  test.each<[string, Omit<Field, 'name'>, unknown]>([
    ['a string', {}, '\ud800'],
    ['an object\'s value', { type: 'object' }, { o: '\ud800' }],
    ['an object\'s key', { type: 'object' }, { '\udc00': 1 }],
    ['an object in a string', { type: 'object' }, '{"o":"\\ud800"}'],
    ['what an object says its JSON is', { type: 'object' }, { o: new (class { toJSON() { return '\ud800'; } })() }],
    ['an array\'s element', { type: 'array' }, [['\ud800']]],
    ['a list\'s item', { type: 'list' }, ['\ud800']],
    ['any value', { type: 'any' }, ['\ud800']],
    ['a property of GeoJSON', { type: 'geojson' }, JSON.parse(point('\\ud800'))],
  ])('a transform that answers with %s', async (_, field, value) => {
    const answer: UserFunction = (record) => record.id === 1 ? record : { ...record, a: value };
    const { part, written, rejects } = await publish('1,\n2,\n', formatOf(output, field, 'csv'), answer);
    const told = /^transform a: what the transform returned is not valid: expected Unicode text, got half a surrogate pair in /;
    expect({ written, rejects }).toEqual({ written: 1, rejects: [expect.stringMatching(told)] });
    expectUnicode(part);
  });

  test.each<[string, object]>([
    ['value', { o: '\ud800' }],
    ['key', { '\ud800': 1 }],
  ])('a transform that changes a rescued %s', async (_, rest) => {
    const answer: UserFunction = (record) => record.id === 1 ? record : { ...record, rest };
    const { part, written, rejects } = await publish('{"id":1,"o":1}\n{"id":2,"o":2}\n', formatOf(output, {}, 'json', rescue), answer);
    const told = /^transform rest: what the transform returned is not valid: expected Unicode text, got half a surrogate pair in /;
    expect({ written, rejects }).toEqual({ written: 1, rejects: [expect.stringMatching(told)] });
    expectUnicode(part);
  });

  test.each<[string, string, Omit<Field, 'name'>]>([
    ['a whole pair', '{"o":"\\ud83d\\ude00"}', { type: 'object' }],
    ['a whole pair, one half of it as a character', '["\\ud83d\\uDE00","😀"]', { type: 'array' }],
    ['a backslash before the same letters', '{"o":"\\\\ud800"}', { type: 'object' }],
    ['a list of pairs', '["\\ud83d\\ude00"]', { type: 'list' }],
  ])('%s is text, and is published', async (_, value, field) => {
    const { part, written, rejects } = await publish(`{"id":2,"a":${value}}\n`, formatOf(output, field, 'json'));
    expect({ written, rejects }).toEqual({ written: 1, rejects: [] });
    if (output !== 'parquet') expect(isUtf8(part)).toBe(true);
    if (output === 'jsonl') expect((JSON.parse(part.toString()) as { a: unknown }).a).toEqual(JSON.parse(value));
  });

  test('letters of CSV that look like an escape are those letters', async () => {
    const { part, rejects } = await publish('1,\\ud800\n', formatOf(output, { type: 'any' }, 'csv'));
    expect(rejects).toEqual([]);
    if (output === 'jsonl') expect(JSON.parse(part.toString())).toMatchObject({ a: '\\ud800' });
  });
});

test.each<[string, object, string]>([
  ['the name of a field', { fields: [{ name: 'a\ud800' }] }, 'schema.fields[0].name must be Unicode text, without half a surrogate pair, got "a\\ud800"'],
  ['an alias', { fields: [{ name: 'a', aliases: ['\udc00'] }] }, 'schema.fields[0].aliases[0] must be'],
  ['the rescue column', { fields: [{ name: 'a' }], rescueColumn: '\ud800' }, 'schema.rescueColumn must be'],
  ['a constant', { fields: [{ name: 'a', constraints: { enum: ['\ud800'] } }] }, 'schema.fields[0].constraints.enum[0] must be'],
  ['a constant that is an object', { fields: [{ name: 'a', type: 'object', constraints: { enum: [{ '\ud800': 1 }] } }] },
    'the name of schema.fields[0].constraints.enum[0].\\ud800 must be'],
  ['a category', { fields: [{ name: 'a', categories: [{ value: 'a', label: '\ud800' }] }] }, 'schema.fields[0].categories[0].label must be'],
  ['a missing value', { fields: [{ name: 'a' }], missingValues: ['\ud800'] }, 'schema.missingValues[0] must be'],
  ['the delimiter of a list, which would cut a pair', { fields: [{ name: 'a', type: 'list', delimiter: '\ud83d' }] }, 'schema.fields[0].delimiter must be'],
  ['a key', { fields: [{ name: 'a' }], primaryKey: ['\ud800'] }, 'schema.primaryKey[0] must be'],
])('a schema has half a surrogate pair nowhere: %s', (_, schema, message) => {
  expect(() => checkTableSchema(schema)).toThrow(message);
});
