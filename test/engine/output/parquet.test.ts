import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { JOB, jsonRecords, outputFormat, writePart } from './output-run';
import { SAMPLE, SAMPLE_CONTENT } from './parquet-sample';
import { compileFormat, Format } from '../../../src/engine/format/format';
import { RowGroupFooters } from '../../../src/engine/output/parquet/row-group-footers';
import { compileFit } from '../../../src/engine/output/part-formats';
import { OutputSettings } from '../../../src/spec/output-settings';
import { Field, FieldTypeName } from '../../../src/spec/schema';
import { bytesSource, runChunked } from '../support/engine-run';

const PARQUET: OutputSettings = { format: 'parquet' };

let directory: string;
let duckdb: DuckDBConnection;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'parquet-'));
  duckdb = await DuckDBConnection.create();
  await duckdb.run("SET TimeZone = 'UTC'");
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(directory, { recursive: true });
});

async function query(sql: string): Promise<unknown[][]> {
  return (await duckdb.runAndReadAll(sql)).getRowsJS();
}

let saved = 0;

/**
 * Each file has a name of its own: DuckDB caches what it read of a file, and a file rewritten within the same moment
 * looks unchanged to it.
 */
function save(bytes: Buffer): string {
  const file = join(directory, `part-${saved++}.parquet`);
  writeFileSync(file, bytes);
  return file;
}

/** The values in the words of JSON Lines. */
const IN_JSON = {
  string: (name: string) => name,
  integer: (name: string) => `${name}::VARCHAR`,
  number: (name: string) => name,
  decimal: (name: string) => `${name}::VARCHAR`,
  boolean: (name: string) => name,
  date: (name: string) => `strftime(${name}, '%Y-%m-%d')`,
  datetime: (name: string) => `epoch_us(${name})`,
  time: (name: string) => `${name}::VARCHAR`,
  year: (name: string) => name,
  yearmonth: (name: string) => name,
  duration: (name: string) => name,
  object: (name: string) => name,
  array: (name: string) => name,
  list: (name: string) => name,
  geopoint: (name: string) => name,
  geojson: (name: string) => name,
  any: (name: string) => name,
} satisfies Record<FieldTypeName, (name: string) => string>;

async function readBack(file: string, fields: readonly Field[]): Promise<unknown[][]> {
  return query(`SELECT ${fields.map(({ name, type = 'string' }) => IN_JSON[type](`"${name}"`)).join(', ')} FROM '${file}'`);
}

/** What DuckDB should say, from the exact path's JSON Lines: integers as text, because JSON.parse would round them. */
async function expected(content: string, fields: readonly Field[]): Promise<unknown[][]> {
  const asText = fields.map((field): Field => field.type === 'integer' ? { ...field, type: 'decimal', scale: 0 } : field);
  const records = await jsonRecords(content, outputFormat(asText, {}, { header: false }));
  return records.map((record) => fields.map(({ name, type }) => {
    const value = record[name];
    return type === 'datetime' && value !== null ? microseconds(value as string) : value;
  }));
}

function microseconds(text: string): bigint {
  const [seconds, fraction] = text.slice(0, -1).split('.');
  return BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

describe('each type', () => {
  let file: string;
  beforeAll(async () => {
    const { bytes, rejects } = await writePart(SAMPLE_CONTENT, SAMPLE);
    expect(rejects).toEqual([]);
    file = save(bytes);
  });

  test('is a type of Parquet', async () => {
    const columns = await query(`DESCRIBE SELECT * FROM '${file}'`);
    expect(columns.map(([name, type, nullable]) => [name, type, nullable])).toEqual([
      ['text', 'VARCHAR', 'YES'], ['integer', 'BIGINT', 'YES'], ['number', 'DOUBLE', 'YES'],
      ['small', 'DECIMAL(9,2)', 'YES'], ['medium', 'DECIMAL(18,0)', 'YES'], ['large', 'DECIMAL(38,10)', 'YES'],
      ['boolean', 'BOOLEAN', 'YES'], ['date', 'DATE', 'YES'], ['datetime', 'TIMESTAMP WITH TIME ZONE', 'YES'],
      ['_job_id', 'VARCHAR', 'YES'], ['_source_key', 'VARCHAR', 'YES'], ['_byte_offset', 'BIGINT', 'YES'],
      ['_ingestion_time', 'TIMESTAMP WITH TIME ZONE', 'YES'],
    ]);
  });

  test('has the same values, the extremes too', async () => {
    const { fields } = SAMPLE.settings.schema;
    const values = await readBack(file, fields);
    expect(values).toEqual(await expected(SAMPLE_CONTENT, fields));
    expect(values[1].slice(1, 6)).toEqual(['9223372036854775807', 0.1, '9999999.99', '999999999999999999', '9999999999999999999999999999.9999999999']);
  });

  test('metadata columns are typed', async () => {
    const rows = await query(`SELECT _job_id, _source_key, _byte_offset, epoch_ms(_ingestion_time) FROM '${file}' LIMIT 2`);
    const secondRecord = BigInt(SAMPLE_CONTENT.indexOf('\n') + 1);
    const time = BigInt(Date.parse(JOB.ingestionTime));
    expect(rows).toEqual([[JOB.jobId, JOB.sourceKey, 0n, time], [JOB.jobId, JOB.sourceKey, secondRecord, time]]);
  });

  test('pages are compressed with snappy', async () => {
    expect(await query(`SELECT DISTINCT compression FROM parquet_metadata('${file}')`)).toEqual([['SNAPPY']]);
  });
});

test('times, years and what is published as JSON have types of Parquet too', async () => {
  const types = ['time', 'year', 'yearmonth', 'duration', 'object', 'array', 'list', 'geopoint', 'geojson', 'any'] as const;
  const format = outputFormat(types.map((type) => ({ name: type, type })), PARQUET, { header: false, quoteChar: '\'' });
  const { bytes, rejects } = await writePart(
    '10:20:30.5,2024,2024-05,-P1D,\'{"a": 1.0}\',\'[1, "x"]\',\'a,b\',\'1.50, -2\',\'{"type":"Point","coordinates":[1,2]}\',007\n'
    + '00:00:00,0044,0001-01,PT0.10S,{},[],x,\'0,0\',\'{"type":"GeometryCollection","geometries":[]}\',x\n,,,,,,,,,\n', format);
  expect(rejects).toEqual([]);
  const file = save(bytes);
  const columns = await query(`DESCRIBE SELECT * FROM '${file}'`);
  expect(columns.map(([, type]) => type)).toEqual(['TIME', 'INTEGER', ...new Array<string>(8).fill('VARCHAR')]);
  expect(await readBack(file, format.settings.schema.fields)).toEqual([
    ['10:20:30.5', 2024, '2024-05', '-P1D', '{"a":1.0}', '[1,"x"]', '["a","b"]', '1.5,-2', '{"type":"Point","coordinates":[1,2]}', '007'],
    ['00:00:00', 44, '0001-01', 'PT0.10S', '{}', '[]', '["x"]', '0,0', '{"type":"GeometryCollection","geometries":[]}', 'x'],
    new Array(10).fill(null),
  ]);
});

describe('a value that its column cannot hold rejects the record', () => {
  test.each<[string, Field, string, string]>([
    ['one above INT64', { name: 'v', type: 'integer' }, '9223372036854775808', 'must fit into INT64 (Parquet), got "9223372036854775808"'],
    ['one below INT64', { name: 'v', type: 'integer' }, '-9223372036854775809', 'must fit into INT64 (Parquet), got "-9223372036854775809"'],
    ['an integer that no double is', { name: 'v', type: 'number' }, '9007199254740993', 'must fit into DOUBLE without rounding (Parquet), got "9007199254740993"'],
    ['digits that a double loses', { name: 'v', type: 'number' }, '0.10000000000000000001', 'must fit into DOUBLE without rounding (Parquet), got "0.10000000000000000001"'],
    ['a number above all doubles', { name: 'v', type: 'number' }, '1e309', expect.stringContaining('must fit into DOUBLE without rounding (Parquet), got "1000')],
    ['a number that would be 0', { name: 'v', type: 'number' }, '1e-330', expect.stringContaining('got "0.000')],
    ['39 digits', { name: 'v', type: 'decimal', scale: 1 }, '12345678901234567890123456789012345678.9', 'must fit into DECIMAL(38, 1) (Parquet), got "12345678901234567890123456789012345678.9"'],
    ['nanoseconds', { name: 'v', type: 'datetime' }, '2026-01-01T00:00:00.1234567Z', 'must fit into TIMESTAMP(MICROS) without rounding (Parquet), got "2026-01-01T00:00:00.1234567Z"'],
    ['nanoseconds of a time', { name: 'v', type: 'time' }, '00:00:00.1234567', 'must fit into TIME(MICROS) without rounding (Parquet), got "00:00:00.1234567"'],
  ])('%s', async (_, field, value, message) => {
    const { rejects, result, bytes } = await writePart(`1,${value}\n`, outputFormat(['id', field], PARQUET, { header: false }));
    expect(rejects).toMatchObject([{ code: 'constraint', column: 'v', message, byteOffset: 0 }]);
    expect([result.recordsRead, result.recordsWritten, bytes.length]).toEqual([1, 0, 0]);
  });

  test.each<[string, Field, string]>([
    ['a fraction of zeros beyond microseconds', { name: 'v', type: 'datetime' }, '2026-01-01T00:00:00.123456000Z'],
    ['a double with an exponent', { name: 'v', type: 'number' }, '1.5e300'],
    ['a decimal of zeros before the point', { name: 'v', type: 'decimal', scale: 38 }, '0.00000000000000000000000000000000000001'],
  ])('but not %s', async (_, field, value) => {
    const { rejects } = await writePart(`1,${value}\n`, outputFormat(['id', field], PARQUET, { header: false }));
    expect(rejects).toEqual([]);
  });

  test('no other output refuses them', async () => {
    const { rejects } = await writePart('9223372036854775808\n', outputFormat([{ name: 'v', type: 'integer' }], {}, { header: false }));
    expect(rejects).toEqual([]);
  });
});

test.each<[Field, RegExp]>([
  [{ name: 'amount', type: 'decimal' }, /^field "amount": scale must be given for Parquet/],
  [{ name: 'amount', type: 'decimal', precision: 39, scale: 2 }, /^field "amount": precision must be at most 38 for Parquet, got 39/],
  [{ name: 'amount', type: 'decimal', scale: 39 }, /^field "amount": scale must be at most 38, the precision, for Parquet, got 39/],
])('a decimal that Parquet has not: %j', (field, message) => {
  expect(() => compileFit(outputFormat([field], PARQUET))).toThrow(message);
  expect(() => outputFormat([field], {})).not.toThrow();
});

test('the rescue column is a text of JSON', async () => {
  const { settings } = outputFormat(['a'], PARQUET, {}, { fieldsMatch: 'subset', rescueColumn: 'rest' });
  const { bytes } = await writePart('a,b\n1,x\n', compileFormat({ ...settings, columns: ['a', 'b'] }));
  const file = save(bytes);
  expect((await query(`DESCRIBE SELECT rest FROM '${file}'`)).map(([name, type]) => [name, type])).toEqual([['rest', 'VARCHAR']]);
  expect(await query(`SELECT * FROM '${file}'`)).toEqual([['1', '{"b":"x"}']]);
});

describe('each column has a field_id', () => {
  /** As the part has them: by the column's name. */
  async function idsOf(format: Format, content: string): Promise<Record<string, number>> {
    const file = save((await writePart(content, format)).bytes);
    const rows = await query(`SELECT name, field_id FROM parquet_schema('${file}') WHERE type IS NOT NULL`);
    return Object.fromEntries(rows.map(([name, id]) => [name, Number(id)]));
  }

  test('in the order of the columns, from 1, as Iceberg numbers those of a new table', async () => {
    const metadata: OutputSettings = { ...PARQUET, metadataColumns: ['_ingestion_time', '_job_id'] };
    const { settings } = outputFormat(['a', 'b'], metadata, {}, { fieldsMatch: 'subset', rescueColumn: 'rest' });
    const format = compileFormat({ ...settings, columns: ['a', 'b', 'c'] });
    expect(await idsOf(format, 'a,b,c\n1,2,3\n')).toEqual({ a: 1, b: 2, rest: 3, _ingestion_time: 4, _job_id: 5 });
  });

  test('which a field that is added at the end does not change', async () => {
    const before = await idsOf(outputFormat(['a', 'b'], PARQUET), 'a,b\n1,2\n');
    const after = await idsOf(outputFormat(['a', 'b', 'c'], PARQUET), 'a,b,c\n1,2,3\n');
    expect(after).toEqual({ ...before, c: 3 });
  });
});

const ROWS = 120_000;

test('row groups are written as they fill, and their rows stay in order', async () => {
  const content = Array.from({ length: ROWS }, (_, index) => `${index},text ${index % 7}\n`).join('');
  const { bytes } = await writePart(content, outputFormat([{ name: 'i', type: 'integer' }, 't'], PARQUET, { header: false }));
  const file = save(bytes);
  const [[groups]] = await query(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${file}')`);
  expect(Number(groups)).toBeGreaterThan(1);
  const rows = await query(`SELECT i, t FROM '${file}'`);
  expect(rows.length).toBe(ROWS);
  expect(rows.findIndex(([i, t], index) => i !== BigInt(index) || t !== `text ${index % 7}`)).toBe(-1);
}, 120_000);

test('a table of thousands of columns has row groups of hundreds of rows, and every value', async () => {
  const [columns, rows] = [4000, 400];
  const format = outputFormat(Array.from({ length: columns }, (_, index) => ({ name: `c${index}`, type: 'integer' as const })), PARQUET, { header: false });
  const content = Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_column, column) => row * columns + column).join(',') + '\n').join('');
  const file = save((await writePart(content, format)).bytes);
  const [[groups]] = await query(`SELECT count(DISTINCT row_group_id)::INTEGER FROM parquet_metadata('${file}')`);
  expect(Number(groups)).toBeLessThanOrEqual(rows / 200);
  expect(await query(`SELECT count(*)::INTEGER, sum(c0)::BIGINT::VARCHAR, sum(c3999)::BIGINT::VARCHAR FROM '${file}'`))
    .toEqual([[rows, String(columns * rows * (rows - 1) / 2), String(columns * rows * (rows - 1) / 2 + 3999 * rows)]]);
});

describe('the footer, which is written row group by row group', () => {
  const column = (name: string) => ({ name, type: 'INT64' as const, repetition_type: 'OPTIONAL' as const });

  test.each([1, 14, 15, 40])('is the one that the library writes of %i row groups', (groups) => {
    const schema = [{ name: 'record', num_children: 2 }, column('a'), column('b')];
    const whole = new ByteWriter();
    const own = new ByteWriter();
    const library = new ParquetWriter({ writer: whole, schema });
    const parquet = new ParquetWriter({ writer: own, schema });
    const footers = new RowGroupFooters(parquet);
    for (let group = 0; group < groups; group++) {
      const columnData = ['a', 'b'].map((name) => ({ name, data: [BigInt(group), null as never, 7n] }));
      void library.write({ columnData });
      void parquet.write({ columnData });
      footers.take();
    }
    void library.finish();
    footers.finish();
    expect(Buffer.from(own.getBytes())).toEqual(Buffer.from(whole.getBytes()));
  });

  test('leaves nothing of a row group with the library, which would keep a kilobyte for each of its columns', () => {
    const parquet = new ParquetWriter({ writer: new ByteWriter(), schema: [{ name: 'record', num_children: 1 }, column('a')] });
    const footers = new RowGroupFooters(parquet);
    void parquet.write({ columnData: [{ name: 'a', data: [1n] }] });
    footers.take();
    expect([parquet.row_groups, parquet.pendingIndexes]).toEqual([[], []]);
  });

  test('knows where the pages of a column are that has several', () => {
    const parquet = new ParquetWriter({ writer: new ByteWriter(), schema: [{ name: 'record', num_children: 1 }, column('a')] });
    const footers = new RowGroupFooters(parquet);
    void parquet.write({ columnData: [{ name: 'a', data: Array.from({ length: 1000 }, (_, index) => BigInt(index)) }], pageSize: 1000 });
    const [{ columns: [entry] }] = parquet.row_groups;
    footers.take();
    expect(entry).toMatchObject({ offset_index_offset: expect.any(BigInt), offset_index_length: expect.any(Number) });
  });
});

test('the parts of a file hold the same rows in the same order at every chunk size', async () => {
  const content = Array.from({ length: 5_000 }, (_, index) => `${index % 17 === 0 ? 'x' : index},"line\n${index}"\n`).join('');
  const format = outputFormat([{ name: 'i', type: 'integer' }, 't'], PARQUET, { header: false });
  const { bytes } = await writePart(content, format);
  const whole = await query(`SELECT * FROM '${save(bytes)}'`);
  const { chunks } = await runChunked(bytesSource(content), format, 16 * 1024);
  expect(chunks.length).toBeGreaterThan(2);
  const rows: unknown[][] = [];
  for (const chunk of chunks) rows.push(...await query(`SELECT * FROM '${save((await writePart(content, format, chunk)).bytes)}'`));
  expect(rows).toEqual(whole);
}, 120_000);

test('DuckDB reads any values that were not rejected', async () => {
  const fields: Field[] = [
    { name: 'text' }, { name: 'integer', type: 'integer' }, { name: 'number', type: 'number' }, { name: 'decimal', type: 'decimal', precision: 20, scale: 3 },
    { name: 'boolean', type: 'boolean' }, { name: 'date', type: 'date' }, { name: 'datetime', type: 'datetime' },
  ];
  const date = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }).map((value) => value.toISOString());
  const cell = (values: fc.Arbitrary<string>) => fc.oneof({ weight: 4, arbitrary: values }, { weight: 1, arbitrary: fc.constant('') });
  const record = fc.tuple(
    cell(fc.oneof(fc.constantFrom('a', 'b'), fc.string({ unit: 'binary', maxLength: 8 })).map((text) => `"${text.replaceAll('"', '""')}"`)),
    cell(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
    cell(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)),
    cell(fc.tuple(fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n }), fc.integer({ min: 0, max: 999 })).map(([whole, part]) => `${whole}.${part}`)),
    cell(fc.constantFrom('true', 'false')),
    cell(date.map((text) => text.slice(0, 10))),
    cell(fc.tuple(date, fc.integer({ min: 0, max: 999 })).map(([text, micros]) => `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`)),
  );
  await fc.assert(fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 60 }), async (records) => {
    const content = records.map((cells) => cells.join(',')).filter((line) => line !== '').join('\n') + '\n';
    const { bytes, rejects } = await writePart(content, outputFormat(fields, PARQUET, { header: false }));
    expect(rejects).toEqual([]);
    expect(await readBack(save(bytes), fields)).toEqual(await expected(content, fields));
  }), { numRuns: 150 });
}, 120_000);
