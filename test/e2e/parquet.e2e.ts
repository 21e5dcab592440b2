/** Published Parquet, as a reader of the bucket finds it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import { DeployedPipeline } from './deployed-pipeline';
import { TRANSACTION_HEADER, transactions } from '../../bench/generate-transactions';
import { JobRecord } from '../../emulator/job-watch';

// Chunks of 1 MiB, all metadata columns.
const pipeline = new DeployedPipeline('Parquet');
const KEY = 'incoming/transactions.csv';

const directory = mkdtempSync(join(tmpdir(), 'e2e-parquet-'));
const records = [...transactions({ sizeBytes: 5_000_000, seed: 23 })].filter(({ fault }) => fault === undefined).map(({ text }) => text);
let record: JobRecord;
let keys: string[];
let duckdb: DuckDBConnection;

beforeAll(async () => {
  duckdb = await DuckDBConnection.create();
  record = await pipeline.process(KEY, TRANSACTION_HEADER + records.join(''));
  keys = (await pipeline.publishedKeys(record)).filter((key) => key.includes('/part-'));
  for (const [index, key] of keys.entries()) writeFileSync(join(directory, `${String(index).padStart(5, '0')}.parquet`), await pipeline.read(key));
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(directory, { recursive: true });
});

async function query(sql: string): Promise<unknown[][]> {
  return (await duckdb.runAndReadAll(sql)).getRowsJS();
}

const parts = `read_parquet('${directory}/*.parquet')`;

test('one part a chunk, each a whole file', async () => {
  expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_written: records.length });
  expect(keys.length).toBe(record.chunks.length);
  expect(keys.length).toBeGreaterThanOrEqual(4);
  expect(keys.map((key) => key.slice(key.lastIndexOf('/') + 1))).toEqual(keys.map((_, index) => `part-${String(index).padStart(5, '0')}.parquet`));
});

test('typed columns', async () => {
  const columns = await query(`DESCRIBE SELECT * FROM ${parts}`);
  expect(columns.map(([name, type]) => [name, type])).toEqual([
    ['transaction_id', 'VARCHAR'], ['account_id', 'VARCHAR'], ['transaction_date', 'TIMESTAMP WITH TIME ZONE'], ['amount', 'DECIMAL(18,2)'],
    ['currency', 'VARCHAR'], ['merchant', 'VARCHAR'], ['category', 'VARCHAR'],
    ['_job_id', 'VARCHAR'], ['_source_key', 'VARCHAR'], ['_byte_offset', 'BIGINT'], ['_ingestion_time', 'TIMESTAMP WITH TIME ZONE'],
  ]);
});

test('every record in the order of the file, with where it comes from', async () => {
  const rows = await query(`SELECT transaction_id, _byte_offset FROM ${parts}`);
  let offset = TRANSACTION_HEADER.length;
  const expected = records.map((text) => {
    const row = [text.slice(0, text.indexOf(',')), BigInt(offset)];
    offset += Buffer.byteLength(text);
    return row;
  });
  expect(rows.length).toBe(expected.length);
  expect(rows.findIndex(([id, at], index) => id !== expected[index][0] || at !== expected[index][1])).toBe(-1);

  const { job } = record;
  expect(await query(`SELECT DISTINCT _job_id, _source_key, epoch_ms(_ingestion_time) FROM ${parts}`))
    .toEqual([[job.file_id, KEY, BigInt(Date.parse(job.process_start_time))]]);
});
