/**
 * What each output, and a key, costs: 50 MB of transactions as one chunk through the engine, from memory to nowhere.
 * Prints MB of CSV a second (wall clock, and of CPU time, which counts zlib's thread too), the best of several runs
 * that take turns, and the size of what is written.
 *
 * Bundled as the handlers are, because tsx keeps function names at a cost that is felt here:
 *   npx esbuild bench/output-formats.ts --bundle --platform=node --main-fields=module,main | node - 3
 */
import { TRANSACTIONS_SCHEMA } from './files/transactions';
import { TRANSACTION_HEADER, transactions } from './generate-transactions';
import { compileFormat } from '../src/engine/format/format';
import { ByteSource } from '../src/engine/io/byte-source';
import { processRecords } from '../src/engine/process/process-records';
import { MetadataColumnName, OutputSettings } from '../src/spec/output-settings';

const SIZE = 50_000_000;
const RUNS = Number(process.argv[2] ?? 3);
const MEGA = 1e6;
const NAME_WIDTH = 36;

const metadataColumns: MetadataColumnName[] = ['_job_id', '_source_key', '_byte_offset', '_ingestion_time'];
const OUTPUTS: Readonly<Record<string, { readonly output: OutputSettings; readonly fast?: false; readonly keyed?: true }>> = {
  'JSON Lines': { output: {} },
  'JSON Lines, exact path': { output: {}, fast: false },
  'JSON Lines, gzip': { output: { gzip: true } },
  'JSON Lines, metadata': { output: { metadataColumns } },
  'JSON Lines, primary key': { output: {}, keyed: true },
  'JSON Lines, primary key, exact path': { output: {}, keyed: true, fast: false },
  'CSV': { output: { format: 'csv' } },
  'CSV, exact path': { output: { format: 'csv' }, fast: false },
  'CSV, primary key': { output: { format: 'csv' }, keyed: true },
  'CSV, formula-safe': { output: { format: 'csv', formulaSafe: true } },
  'CSV, gzip': { output: { format: 'csv', gzip: true } },
  'Parquet': { output: { format: 'parquet' } },
};
const job = { jobId: '5c7e4287d7df2985573cbcdacd0c2978', sourceKey: 'incoming/transactions.csv', ingestionTime: '2026-01-01T00:00:00.000Z' };

interface Figures {
  wallSeconds: number;
  cpuSeconds: number;
  bytes: number;
}

async function measure(content: Buffer, { output, fast, keyed }: (typeof OUTPUTS)[string]): Promise<Figures> {
  const source: ByteSource = { size: content.length, read: async (start, end) => content.subarray(start, end) };
  const format = compileFormat({ schema: keyed ? { ...TRANSACTIONS_SCHEMA, primaryKey: 'transaction_id' } : TRANSACTIONS_SCHEMA, dialect: {}, maxRecordSize: 1024 * 1024, output });
  const sink = { write: async () => undefined, rejects: async () => undefined, writeKeys: async () => undefined };
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { outputBytes } = await processRecords(source, format, { start: 0, end: content.length }, sink, { fast, job });
  const { user, system } = process.cpuUsage(cpu);
  return { wallSeconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / MEGA, bytes: outputBytes };
}

function generate(): Buffer {
  let text = TRANSACTION_HEADER;
  for (const record of transactions({ sizeBytes: SIZE, textAfterQuotes: false })) text += record.text;
  return Buffer.from(text);
}

async function main(): Promise<void> {
  const content = generate();
  const best = new Map<string, Figures>();
  for (let run = 0; run < RUNS; run++) {
    for (const [name, way] of Object.entries(OUTPUTS)) {
      const figures = await measure(content, way);
      const so = best.get(name) ?? figures;
      best.set(name, {
        wallSeconds: Math.min(so.wallSeconds, figures.wallSeconds), cpuSeconds: Math.min(so.cpuSeconds, figures.cpuSeconds), bytes: figures.bytes,
      });
    }
  }
  const rate = (seconds: number) => (content.length / MEGA / seconds).toFixed(0).padStart(7);
  console.log(`${'output'.padEnd(NAME_WIDTH)}   MB/s  CPU-MB/s  MB written`);
  for (const [name, { wallSeconds, cpuSeconds, bytes }] of best) {
    console.log(`${name.padEnd(NAME_WIDTH)}${rate(wallSeconds)}   ${rate(cpuSeconds)}     ${(bytes / MEGA).toFixed(1).padStart(7)}`);
  }
  console.log(`peak RSS ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB, ${(content.length / MEGA).toFixed(0)} of it the input`);
}

void main();
