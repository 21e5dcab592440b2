/** The command on every kind of output. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DuckDBConnection } from '@duckdb/node-api';
import { commandInWorkspace } from './workspace';

const CONTENT = 'id,text\n' + Array.from({ length: 10_000 }, (_, id) => `${id},"=text, ${id}"\n`).join('');
const IDS = Array.from({ length: 10_000 }, (_, id) => id);

const { path, parts, published, rejected, said, run: runOn } = commandInWorkspace();
const run = async (content: string, ...flags: string[]) => runOn('in.csv', content, '--chunk-size', '64KiB', ...flags);
const names = (suffix: string) => parts().map((_, index) => `part-${String(index).padStart(5, '0')}${suffix}`);

test.each<[string[], string, (bytes: Buffer) => number[]]>([
  [['--format', 'jsonl', '--gzip'], '.jsonl.gz', (bytes) => gunzipSync(bytes).toString().trimEnd().split('\n').map((line) => JSON.parse(line).id)],
  [['--format', 'csv', '--no-csv-header'], '.csv', (bytes) => bytes.toString().trimEnd().split('\n').map((line) => Number(line.split(',')[0]))],
  [['--format', 'csv', '--no-csv-header', '--gzip'], '.csv.gz', (bytes) => gunzipSync(bytes).toString().trimEnd().split('\n').map((line) => parseInt(line, 10))],
])('%j publishes all records in parts of its own suffix', async (flags, suffix, idsOf) => {
  expect(await run(CONTENT, ...flags)).toBe(0);
  expect(parts().length).toBeGreaterThan(2);
  expect(parts()).toEqual(names(suffix));
  expect(idsOf(published())).toEqual(IDS);
});

test('--format csv begins each part with the names; --formula-safe disarms texts', async () => {
  expect(await run(CONTENT, '--format', 'csv', '--formula-safe')).toBe(0);
  for (const name of parts()) expect(readFileSync(path('out', 'output', name), 'utf8')).toMatch(/^id,text\n\d+,"'=text, \d+"\n/);
});

test('--format parquet', async () => {
  expect(await run(CONTENT, '--format', 'parquet')).toBe(0);
  expect(parts().length).toBeGreaterThan(2);
  expect(parts()).toEqual(names('.parquet'));
  const duckdb = await DuckDBConnection.create();
  const rows = (await duckdb.runAndReadAll(`SELECT id FROM read_parquet('${path('out', 'output')}/*.parquet')`)).getRowsJS();
  duckdb.closeSync();
  expect(rows.map(([id]) => Number(id))).toEqual(IDS);
});

test('--metadata adds the columns', async () => {
  expect(await run('id,text\n7,a\n', '--metadata', '_byte_offset,_source_key')).toBe(0);
  expect(JSON.parse(published().toString())).toEqual({ id: 7, text: 'a', _byte_offset: 8, _source_key: path('in.csv') });
});

test('the parts of a run before it are taken away, whatever its format', async () => {
  await run(CONTENT, '--format', 'csv', '--gzip');
  expect(await run('id,text\n1,a\n', '--format', 'parquet')).toBe(0);
  expect(parts()).toEqual(['part-00000.parquet']);
});

test('a value that Parquet cannot hold is a reject', async () => {
  expect(await run('id,text\n9223372036854775808,a\n', '--format', 'parquet')).toBe(1);
  expect(rejected()).toContain('\n2,8,constraint,id,"must fit into INT64 (Parquet), got ""9223372036854775808""",');
});

test('a schema that the output has no column for is a wrong call', async () => {
  writeFileSync(path('schema.json'), JSON.stringify({ fields: [{ name: 'sum', type: 'decimal' }] }));
  expect(await run('sum\n1\n', '--format', 'parquet')).toBe(2);
  expect(said.stderr).toMatch(/schema\.fields\[0\]\.scale must be given for Parquet \(field "sum"\)/);
});

test('of a line that is longer than 8 MiB rejected.csv keeps its beginning; where it is, and how long, tells how to cut it out of the file and send it again', async () => {
  const MIB = 1024 * 1024;
  const long = `2,"${'x'.repeat(9 * MIB)}, ""y"" ü"`;
  const file = Buffer.from(`id,text\n1,a\n${long}\n3,c\n`);
  expect(await runOn('in.csv', file, '--max-rejected', '1')).toBe(0);
  const [, row] = rejected().split('\n');
  const [, byteOffset, size] = /^3,(\d+),record_size,,"a record must have at most 1048576 bytes, this one has more: its first line has (\d+), of which the first 8388608 are kept here",utf-8,/.exec(row)!;
  expect(row.endsWith(`,"${long.slice(0, 8 * MIB).replaceAll('"', '""')}"`)).toBe(true);

  const cutOut = file.subarray(Number(byteOffset), Number(byteOffset) + Number(size));
  expect(cutOut.equals(Buffer.from(long))).toBe(true);
  expect(await runOn('again.csv', Buffer.concat([Buffer.from('id,text\n'), cutOut]), '--max-record-size', '10MiB')).toBe(0);
  expect(JSON.parse(published().toString())).toEqual({ id: 2, text: `${'x'.repeat(9 * MIB)}, "y" ü` });
});
