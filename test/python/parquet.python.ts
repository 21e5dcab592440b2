/** Parquet parts, read by pyarrow: the library of pandas and many others. DuckDB's turn is in `test/engine/output`. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ensureVenv } from '../../emulator/venv';
import { JOB, jsonRecords, writePart } from '../engine/output/output-run';
import { SAMPLE, SAMPLE_CONTENT, SAMPLE_OFFSETS } from '../engine/output/parquet-sample';

const PYARROW = 'pyarrow==26.0.1';

/** Values as JSON Lines have them, but that numbers that a double would not hold are text. */
const READ = `
import json, sys
import pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
def text(value):
    return value if value is None or isinstance(value, (str, bool, float)) else str(value)
columns = [[text(value) for value in column.cast('string').to_pylist()] if str(column.type).startswith(('timestamp', 'date'))
           else [text(value) for value in column.to_pylist()] for column in table.columns]
ids = {field.name: field.metadata[b'PARQUET:field_id'].decode() for field in table.schema}
print(json.dumps({'types': {field.name: str(field.type) for field in table.schema}, 'ids': ids, 'rows': list(zip(*columns))}))
`;

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pyarrow-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

test('pyarrow reads each type, with the same values', async () => {
  const file = path.join(directory, 'sample.parquet');
  fs.writeFileSync(file, (await writePart(SAMPLE_CONTENT, SAMPLE)).bytes);
  const python = path.join(ensureVenv('pyarrow', [PYARROW]), 'python');
  const { types, ids, rows } = JSON.parse(execFileSync(python, ['-c', READ, file], { encoding: 'utf8', timeout: 120_000 })) as {
    types: Record<string, string>; ids: Record<string, string>; rows: unknown[][];
  };

  expect(types).toEqual({
    text: 'string',
    integer: 'int64',
    number: 'double',
    small: 'decimal128(9, 2)',
    medium: 'decimal128(18, 0)',
    large: 'decimal128(38, 10)',
    boolean: 'bool',
    date: 'date32[day]',
    datetime: 'timestamp[us, tz=UTC]',
    _job_id: 'string',
    _source_key: 'string',
    _byte_offset: 'int64',
    _ingestion_time: 'timestamp[us, tz=UTC]',
  });
  const { fields } = SAMPLE.settings.schema;
  expect(ids).toEqual(Object.fromEntries(Object.keys(types).map((name, index) => [name, String(index + 1)])));
  // Integers as texts: JSON.parse would round them.
  const published = await jsonRecords(SAMPLE_CONTENT, {
    ...SAMPLE, settings: { ...SAMPLE.settings, schema: { fields: fields.map((field) => field.type === 'integer' ? { ...field, type: 'decimal' } : field) } },
  });
  expect(rows).toEqual(published.map((record, index) => [
    ...fields.map(({ name, type }) => type === 'datetime' ? microseconds(record[name]) : type === 'decimal' ? plain(record[name]) : record[name]),
    JOB.jobId, JOB.sourceKey, String(SAMPLE_OFFSETS[index]), '2026-01-02 03:04:05.678000Z',
  ]));
});

/** As pyarrow prints it. */
function microseconds(value: unknown): unknown {
  return value === null ? null : (value as string).replace('T', ' ').replace(/\.(\d+)Z$/, (_, digits: string) => `.${digits.padEnd(6, '0')}Z`);
}

/** Python prints small decimals with an exponent. */
function plain(value: unknown): unknown {
  return value === '-0.0000000001' ? '-1E-10' : value === '0.0000000000' ? '0E-10' : value;
}
