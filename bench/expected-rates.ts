/**
 * What the table of rates in src/spec/throughput.ts is taken from, beside bench/output-formats.ts, bench/merge-keys.ts
 * and the handler's bench: making text of files that cannot be cut in place, a transform that does nothing, and what a
 * read of S3 costs the SDK's client. Prints CPU time, the least of several runs that take turns.
 *
 * Bundled as the handlers are, because tsx keeps function names at a cost that is felt here:
 *   npx esbuild bench/handler-throughput-server.ts --bundle --platform=node --outfile=bench/data/server.js
 *   npx esbuild bench/expected-rates.ts --bundle --platform=node --main-fields=module,main |
 *     node - bench/data/server.js 3
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { TRANSACTIONS_SCHEMA } from './files/transactions';
import { TRANSACTION_HEADER, transactions } from './generate-transactions';
import { table } from './table';
import { S3ByteSource } from '../src/aws/s3-byte-source';
import { compileFormat } from '../src/engine/format/format';
import { ByteSource } from '../src/engine/io/byte-source';
import { WHOLE_FILE } from '../src/engine/io/read-ahead';
import { processRecords } from '../src/engine/process/process-records';
import { decoded } from '../src/engine/staging/decode';
import { ResolvedInput } from '../src/engine/staging/resolved-input';
import { AnswerReader } from '../src/engine/transform/answer-reader';
import { ModuleTransform } from '../src/engine/transform/module-transform';

const [SERVER, ROUNDS = '3'] = process.argv.slice(2);
const MEGA = 1e6;
const SIZE = 50 * MEGA;
const READS = 2000;
const AT_ONCE = 20;

interface Work {
  readonly name: string;
  /** What its rate is told in: megabytes of text, or things. */
  readonly amount: number;
  readonly unit: 'MB/s' | 'µs each';
  run(): Promise<unknown>;
}

const sourceOf = (bytes: Buffer): ByteSource => ({ size: bytes.length, read: async (start, end) => bytes.subarray(start, end) });

function staging(name: string, file: Buffer, textSize: number, input: Partial<ResolvedInput>): Work {
  const resolved: ResolvedInput = { format: 'csv', compression: 'none', encoding: 'utf-8', ...input };
  const run = async () => { for await (const _ of decoded(sourceOf(file), resolved, 2 ** 40, WHOLE_FILE)); };
  return { name: `making text: ${name}`, amount: textSize, unit: 'MB/s', run };
}

function stagings(csv: Buffer): Work[] {
  const objects = csv.toString().split('\n').slice(1, -1).map((line) => JSON.stringify({ id: line.slice(0, 8), text: line }));
  const array = Buffer.from(`[${objects.join(',\n')}]`);
  const cyrillic = Buffer.alloc(SIZE, Buffer.concat([Buffer.from([0xd2, 0xee, 0xe2, 0xe0, 0xf0]), Buffer.from(',1234567,a text\n')]));
  const japanese = Buffer.alloc(SIZE, Buffer.concat([Buffer.from([0x93, 0xfa, 0x96, 0x7b]), Buffer.from(',1234567,a text\n')]));
  return [
    staging('gzip', gzipSync(csv, { level: 6 }), csv.length, { compression: 'gzip' }),
    staging('UTF-16', Buffer.from(csv.toString(), 'utf16le'), csv.length, { encoding: 'utf-16le' }),
    staging('a single-byte encoding', cyrillic, cyrillic.length, { encoding: 'windows-1251' }),
    staging('a multi-byte encoding', japanese, japanese.length, { encoding: 'shift_jis' }),
    staging('a JSON array', array, array.length, { format: 'json' }),
    staging('concatenated JSON', Buffer.from(objects.join(' ')), array.length, { format: 'concatenated-json' }),
    staging('a property of a JSON object', Buffer.concat([Buffer.from('{"a":'), array, Buffer.from('}')]), array.length, { format: 'json', property: 'a' }),
  ];
}

function processing(csv: Buffer): Work[] {
  const sink = { write: async () => undefined, rejects: async () => undefined, writeKeys: async () => undefined };
  const plain = compileFormat({ schema: TRANSACTIONS_SCHEMA, dialect: {}, maxRecordSize: 1024 ** 2 });
  const transform = () => new ModuleTransform((record) => record, plain.recordColumns, new AnswerReader(TRANSACTIONS_SCHEMA, TRANSACTIONS_SCHEMA));
  const objects = Buffer.from(csv.toString().split('\n').slice(1, -1).map((line) => {
    const [id, ...rest] = line.split(',');
    return JSON.stringify({ id, rest: rest.join(',') });
  }).join('\n'));
  const json = compileFormat({ schema: { fields: [{ name: 'id' }, { name: 'rest' }] }, dialect: {}, maxRecordSize: 1024 ** 2, recordFormat: 'json' });
  const range = { start: 0, end: csv.length };
  return [
    { name: 'processing: a transform that does nothing', amount: csv.length, unit: 'MB/s', run: async () => processRecords(sourceOf(csv), plain, range, sink, { transform: transform() }) },
    { name: 'processing: JSON Lines', amount: objects.length, unit: 'MB/s', run: async () => processRecords(sourceOf(objects), json, { start: 0, end: objects.length }, sink) },
  ];
}

function reads(endpoint: string, bytes: number): Work {
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const source = new S3ByteSource(s3, { bucket: 'bench', key: 'object', sizeBytes: MEGA, etag: '', lastModified: '' });
  const run = async () => {
    for (let read = 0; read < READS; read += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, async () => source.read(0, bytes)));
  };
  return { name: `a read of ${bytes / 1024} KiB`, amount: READS, unit: 'µs each', run };
}

async function main(): Promise<void> {
  let text = TRANSACTION_HEADER;
  for (const record of transactions({ sizeBytes: SIZE, textAfterQuotes: false })) text += record.text;
  const csv = Buffer.from(text);
  const server = spawn(process.execPath, [SERVER, '10000', '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [endpoint] = await once(createInterface(server.stdout), 'line') as [string];
  await fetch(`${endpoint}/bench/object`, { method: 'PUT', body: Buffer.alloc(MEGA) });
  const works = [...stagings(csv), ...processing(csv), reads(endpoint, 16 * 1024), reads(endpoint, 256 * 1024)];
  const least = new Map<Work, number>();
  for (let round = 0; round < Number(ROUNDS); round++) {
    for (const work of works) {
      const before = process.cpuUsage();
      await work.run();
      const { user, system } = process.cpuUsage(before);
      least.set(work, Math.min(least.get(work) ?? Infinity, (user + system) / MEGA));
    }
  }
  server.stdin.end();
  const told = (unit: Work['unit'], amount: number, seconds: number) => unit === 'MB/s' ? (amount / MEGA / seconds).toFixed(0) : (seconds * MEGA / amount).toFixed(2);
  console.log(table(['work', 'rate', 'in'], [...least].map(([{ name, unit, amount }, seconds]) => [name, told(unit, amount, seconds), unit])));
}

void main();
