/**
 * What `handler-throughput.ts` measures, in a process of its own and bundled as a handler is: a chunk as ProcessChunk
 * has it, or one of the three things that it does, alone. `argv`: stage, endpoint, chunk file. Prints a `StageReport`.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { TRANSACTIONS_SCHEMA } from './files/transactions';
import type { Stage, StageReport } from './handler-throughput';
import { S3OutputStore } from '../src/aws/output-store.s3';
import { createS3Client } from '../src/aws/s3-client';
import { S3SourceStore } from '../src/aws/source-store.s3';
import { ObjectKeys } from '../src/contract/object-keys';
import { compileFormat } from '../src/engine/format/format';
import { Window } from '../src/engine/io/window';
import { processRecords } from '../src/engine/process/process-records';
import { ChunkOutput } from '../src/steps/chunk-output';
import { MultipartWriter, OUTPUT_PART_SIZE } from '../src/steps/multipart-writer';

const SOURCE = { bucket: 'bench', key: 'incoming/transactions.csv', lastModified: '' };
const UPLOAD_KEY = 'output/upload-alone';
/** The engine hands its output on in pieces of this size. */
const PIECE = 256 * 1024;
const MAX_RECORD_SIZE = 1024 * 1024;
const FORMAT = compileFormat({ schema: TRANSACTIONS_SCHEMA, dialect: {}, maxRecordSize: MAX_RECORD_SIZE });
const KEYS = new ObjectKeys(
  { processed: 'processed/', failed: 'failed/', output: 'output/', quarantine: 'quarantine/', reports: 'reports/', work: 'work/' }, '0'.repeat(32));

const JOB = { key: 'incoming/chunk.csv', ingest_date: '2026-01-01', process_start_time: '2026-01-01T00:00:00.000Z' };

const [, , stage, endpoint, chunkFile] = process.argv;
const size = statSync(chunkFile).size;
const s3 = createS3Client({
  endpoint, forcePathStyle: true, region: 'us-east-1', credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});
const store = new S3OutputStore(s3, SOURCE.bucket);
let requests = 0;
s3.middlewareStack.add((next) => async (args) => {
  requests++;
  return next(args);
}, { step: 'finalizeRequest', name: 'countRequests' });

/** @returns what is to be done after the time is taken */
type Round = () => Promise<() => Promise<void>>;

async function openSource() {
  const sources = new S3SourceStore(s3);
  const pin = await sources.head(SOURCE);
  if (pin === undefined) throw new Error(`expected ${SOURCE.key} at ${endpoint}, got none`);
  return sources.open(pin);
}

function processInMemory(write: (piece: Uint8Array) => void) {
  const bytes = readFileSync(chunkFile);
  const source = { size, read: async (start: number, end: number) => bytes.subarray(start, end) };
  const sink = { write: async (piece: Uint8Array) => write(piece), rejects: async () => undefined };
  return async () => processRecords(source, FORMAT, { start: 0, end: size }, sink);
}

const STAGES: Readonly<Record<Stage, () => Promise<Round>>> = {
  read: async () => {
    const source = await openSource();
    return async () => {
      const window = new Window(source, 0, size, MAX_RECORD_SIZE);
      for (await window.advance(0); !window.eof;) await window.advance(window.length);
      return async () => undefined;
    };
  },

  process: async () => {
    const run = processInMemory(() => undefined);
    return async () => {
      await run();
      return async () => undefined;
    };
  },

  upload: async () => {
    const pieces: Buffer[] = [];
    await processInMemory((piece) => pieces.push(Buffer.from(piece)))();
    const output = Buffer.concat(pieces);
    return async () => {
      const writer = new MultipartWriter(store, UPLOAD_KEY, { contentType: 'application/x-ndjson' }, OUTPUT_PART_SIZE);
      for (let at = 0; at < output.length; at += PIECE) await writer.write(output.subarray(at, at + PIECE));
      await writer.leaveOpen();
      return async () => writer.abort();
    };
  },

  together: async () => {
    const source = await openSource();
    return async () => {
      const task = { fileId: '', chunkId: 'chunk-0000000', planKey: '', task: 'PROCESS', run: 1, round: 0, start: 0, end: size } as const;
      const output = new ChunkOutput(store, KEYS, { task, attempt: 1, job: JOB, outputFormat: {}, chunkCount: 1 });
      const { part_key: key, upload_id: id, part_etags: etags } = await output.process(source, FORMAT, { fast: true, now: Date.now });
      return async () => {
        await store.completeUpload(key!, id!, etags!.map((etag, index) => ({ number: index + 1, etag })));
        await requireSameBytes(key!);
      };
    };
  },
};

/** What is fast and wrong is not worth a figure. */
async function requireSameBytes(key: string): Promise<void> {
  const expected = createHash('sha256');
  await processInMemory((piece) => expected.update(piece))();
  const got = createHash('sha256');
  for await (const piece of store.read(key)) got.update(piece);
  const [left, right] = [expected.digest('hex'), got.digest('hex')];
  if (left !== right) throw new Error(`expected an output of SHA-256 ${left}, got ${right}`);
}

async function main(): Promise<void> {
  const round = await STAGES[stage as Stage]();
  // A worker is warm for all of its chunks but the first.
  const finishFirst = await round();
  const { maxRSS } = process.resourceUsage();
  await finishFirst();
  requests = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const finish = await round();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const report: StageReport = { seconds, cpuSeconds: (user + system) / 1e6, requests, peakRssMb: maxRSS / 1024 };
  await finish();
  console.log(JSON.stringify(report));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
