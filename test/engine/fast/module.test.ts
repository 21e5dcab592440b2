import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { seeChunk, seeFastChunk } from './seen-chunk';
import { FastPath } from '../../../src/engine/fast/fast-path';
import { compileFormat } from '../../../src/engine/format/format';
import { ENTRY_BYTES } from '../../../src/engine/keys/key-entry';
import { CsvRecordReader } from '../../../src/engine/records/csv-record-reader';
import { OutputSettings } from '../../../src/spec/output-settings';
import { Field } from '../../../src/spec/schema';
import { bytesSource, format, runWhole } from '../support/engine-run';

afterEach(() => jest.restoreAllMocks());

test('the module that is committed is what its sources compile to', () => {
  execFileSync(process.execPath, [path.join(__dirname, '..', '..', '..', 'scripts', 'build-wasm.js'), '--check']);
});

const OUTPUTS: ReadonlyArray<[name: string, output: OutputSettings, uniqueKeys: string[][]]> = [
  ['JSON Lines', {}, []],
  ['JSON Lines with a key', {}, [['other']]],
  ['JSON Lines with metadata columns', { metadataColumns: ['_byte_offset', '_source_key'] }, []],
  ['CSV', { format: 'csv' }, []],
  ['CSV with a key and metadata columns', { format: 'csv', metadataColumns: ['_job_id', '_byte_offset'] }, [['other']]],
];

// The exact path would give the same output, only slower: nothing but this test would notice.
test.each<[string, Omit<Field, 'name'>, string[]]>([
  ['texts with quotes, line ends and other alphabets', { type: 'string', constraints: { maxLength: 20 } }, ['plain', '"a ""b"", c\r\nd"', 'Zoë 東京 😀', '27" monitor', 'a\tb', '""']],
  ['patterns of fixed length', { constraints: { pattern: '^TX[0-9A-Z]{10}$' } }, ['TX01ABCXYZ99', '"TX01ABCXYZ99"']],
  ['patterns of other engines', { constraints: { pattern: '\\A[0-9]{4}\\-[[:upper:]\\_]{2}\\Z' } }, ['2024-A_', '"0000-ZZ"']],
  ['categories', { categories: [{ value: 'USD', label: 'US dollar' }, { value: 'Zoë' }] }, ['USD', 'Zoë']],
  ['an enum', { constraints: { enum: ['USD', 'Zoë', 'x,y', 'a word of thirty-one characters'] } }, ['USD', 'Zoë', '"x,y"', 'a word of thirty-one characters']],
  ['booleans', { type: 'boolean' }, ['true', 'FALSE', '1', '']],
  ['integers', { type: 'integer', constraints: { minimum: -5, maximum: 1000 } }, ['12', '-5', '+007', '0', '-0', '1000']],
  ['numbers', { type: 'number' }, ['1.50', '.5', '5.', '-0.0', '00012.3', '123456789012345678901234567890.123456789012345678901234567890']],
  ['decimals', { type: 'decimal', precision: 9, scale: 2, constraints: { maximum: '99.99' } }, ['1', '1.5', '-1.55', '99.99', '0.1']],
  ['dates', { type: 'date', formats: ['default', '%d.%m.%Y'], constraints: { minimum: '2000-01-01' } }, ['2024-02-29', '1.5.2024', '01.05.2024']],
  ['datetimes', { type: 'datetime', formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'], timezone: '+02:00' }, [
    '2024-05-01T10:00:00Z', '2024-05-01T10:00:00', '2024-05-01T00:00:00.123456+02:00', '2024-05-01 10:00:00', '5/1/2024 9:05', '12/31/2024 23:59',
  ]],
  // The first format reads an offset before it turns out not to fit.
  ['datetimes that end in the text of an offset', { type: 'datetime', formats: ['default', '%Y-%m-%dT%H:%M:%S+02:00 Berlin', '%Y-%m-%dT%H:%M:%S.7 s'] }, [
    '2024-05-01T10:00:00+02:00', '2024-05-01T10:00:00+02:00 Berlin', '2024-05-01T10:00:00.7', '2024-05-01T10:00:00.7 s',
  ]],
  ['missing values', { type: 'number', missingValues: ['', 'NA', '-'] }, ['', 'NA', '-', '-1', '""', '"NA"', '"-"', '"-1"']],
  ['texts that begin as a missing one does', { missingValues: ['', '"', 'N', 'NA'] }, ['NAN', '"NAN"', '"N"""', '""""', '"""N"', '""']],
  ['types without an op, field by field', { type: 'datetime', timezone: 'Europe/Berlin' }, ['2024-05-01T10:00:00', '2024-12-01T10:00:00.5']],
  ['limits that are not values themselves, field by field', { type: 'integer', constraints: { exclusiveMinimum: 0 } }, ['1', '+20']],
  ['dates without a day, field by field', { type: 'date', format: '%Y' }, ['2024', '0001']],
  ['patterns that only a regular expression knows', { constraints: { pattern: '[a-zé]+(, )?' } }, ['abc', '"é, "']],
])('the fast path takes %s', async (_, field, texts) => {
  const content = texts.map((text, index) => `${text},x${index}\n`).join('');
  for (const [name, output, uniqueKeys] of OUTPUTS) {
    const schema = { fields: [{ ...field, name: 'value' }, { name: 'other' }], uniqueKeys };
    const fmt = compileFormat({ schema, dialect: { header: false }, maxRecordSize: 1000, output });
    const { taken, ...seen } = await seeFastChunk(content, fmt);
    expect(seen).toEqual(await seeChunk(content, fmt, { fast: false }));
    expect([name, taken, seen.result.recordsWritten]).toEqual([name, texts.length, texts.length]);
    expect(seen.keys.length).toBe(uniqueKeys.length * texts.length * ENTRY_BYTES);
  }
});

test('the fast path takes quoted missing values as the schema says', async () => {
  const schema = { fields: [{ name: 'a' }, { name: 'b' }], missingValues: ['', 'NA'] };
  const lines = async (quotedMissingValues: boolean) => {
    const fmt = compileFormat({ schema: { ...schema, quotedMissingValues }, dialect: { header: false, nullSequence: '\\N' }, maxRecordSize: 1000 });
    const { taken, output } = await seeFastChunk('"",NA\n"NA","NAN"\n\\N,"\\N"\n', fmt);
    expect(taken).toBe(3);
    return output.toString().split('\n').slice(0, -1);
  };
  expect(await lines(true)).toEqual(['{"a":null,"b":null}', '{"a":null,"b":"NAN"}', '{"a":null,"b":"\\\\N"}']);
  expect(await lines(false)).toEqual(['{"a":"","b":null}', '{"a":"NA","b":"NAN"}', '{"a":null,"b":"\\\\N"}']);
});

test('a dialect that the module does not know is one for the exact path', () => {
  expect(FastPath.open(format(['a', 'b'], { delimiter: '||' }), 1000, 1000)).toBeUndefined();
  expect(FastPath.open(format(['a', 'b'], { escapeChar: '\\' }), 1000, 1000)).toBeUndefined();
});

test('a window that the module has no memory for is one for the exact path', () => {
  expect(FastPath.open(format(['a', 'b']), 2 ** 31, 1000)).toBeUndefined();
});

// A long field name makes long lines of a small file, for which the module's memory has little room to spare.
test('lines of the exact path that outgrow the memory of the module are followed by those of the fast path', async () => {
  const schema = { fields: [{ name: 'n'.repeat(5000) }] };
  const fmt = compileFormat({ schema, dialect: { header: false }, maxRecordSize: 1000, encoding: 'iso-8859-1' });
  for (let unusual = 50; unusual < 54; unusual++) {
    const content = Buffer.from(`${'é\n'.repeat(unusual)}a\na\na\n`, 'latin1');
    const { taken, ...seen } = await seeFastChunk(content, fmt);
    expect(seen).toEqual(await seeChunk(content, fmt, { fast: false }));
    expect(taken).toBeGreaterThan(0);
  }
});

// The module would compare the bytes of such a text, but no field can hold it: what it contains would end the field.
test.each([
  ['a-b', 'a-b-x\n'],
  ['-', '--x\n'],
  ['a\nb', 'a\nb-x\n'],
])('a missing value that holds the delimiter or a line end stands for no field: %j', async (missingValue, content) => {
  const schema = { fields: [{ name: 'value' }, { name: 'other' }], missingValues: [missingValue] };
  const fmt = compileFormat({ schema, dialect: { header: false, delimiter: '-' }, maxRecordSize: 1000 });
  const outcome = await runWhole(bytesSource(content), fmt);
  expect(outcome.rejects.map(({ code }) => code)).toEqual(['field_count']);
  expect(outcome).toEqual(await runWhole(bytesSource(content), fmt, { fast: false }));
});

test.each<[string, string, number, string | undefined]>([
  ['the first field', 'x,abc,2024-01-01', 0, 'number'],
  ['a field behind others', '1,abc,x', 2, 'date'],
  ['two fields: the first one counts', '1,abcd,x', 1, 'text'],
  ['a field behind one that is only unusual', '1e3,abcd,2024-01-01', 0, 'text'],
  ['text after a closing quote', '1,"abc"d,2024-01-01', 1, 'text'],
  ['text after the last closing quote', '1,abc,"2024-01-01"x', 2, 'date'],
  ['the last field', '1,abc,"2024-01-01T00:00:00"', 2, 'date'],
  ['the record as a whole: too few fields', '1,abc', 1, undefined],
  ['the record as a whole: too many fields', '1,abc,2024-01-01,', 2, undefined],
  // Whether bytes are valid is known only for whole blocks of the file.
  ['a field behind text beyond ASCII', '1,é,x', 0, 'date'],
])('the exact path seeks the fault behind the fields that the fast path has come through: %s', async (_, record, faultless, column) => {
  const read = jest.spyOn(CsvRecordReader.prototype, 'read');
  const fmt = compileFormat({
    schema: { fields: [{ name: 'number', type: 'number' }, { name: 'text', constraints: { maxLength: 3 } }, { name: 'date', type: 'date' }] },
    dialect: { header: false },
    maxRecordSize: 1000,
  });
  const source = bytesSource(`1,abc,2024-01-01\n${record}\n1,abc,2024-01-01\n`);
  const outcome = await runWhole(source, fmt);
  expect(read.mock.calls.map(([, , , faultlessFields]) => faultlessFields)).toEqual([faultless]);
  expect(outcome.rejects.map((reject) => reject.column)).toEqual([column]);
  expect(outcome).toEqual(await runWhole(source, fmt, { fast: false }));
});

test('a record that is only unusual keeps all its values', async () => {
  const read = jest.spyOn(CsvRecordReader.prototype, 'read');
  const fmt = compileFormat({
    schema: { fields: [{ name: 'a' }, { name: 'b', type: 'number' }, { name: 'c' }] }, dialect: { header: false }, maxRecordSize: 1000,
  });
  const outcome = await runWhole(bytesSource('x,1e3,z\n'), fmt);
  expect(read.mock.calls.map(([, , , faultlessFields]) => faultlessFields)).toEqual([1]);
  expect(outcome.output).toBe('{"a":"x","b":1000,"c":"z"}\n');
});
