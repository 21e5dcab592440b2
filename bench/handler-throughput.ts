/**
 * `npm run bench -- --handler`: what a chunk of 50 MiB costs ProcessChunk, against what reading it, processing it and
 * uploading its output cost alone, on a local S3 as slow as a Lambda function's network. Where the three overlap, all
 * together cost little more than the slowest.
 */
import { ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { generateTransactions } from './generate-transactions';
import { table } from './table';

const STAGES = ['read', 'process', 'upload', 'together'] as const;
export type Stage = (typeof STAGES)[number];

export interface StageReport {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Requests to S3. */
  readonly requests: number;
  readonly peakRssMb: number;
}

const MEGABYTES_PER_SECOND = 75;
const LATENCY_MS = 30;
const CHUNK_SIZE = 50 * 1024 * 1024;
/** Slowest stage over all together. */
const WANTED_RATIO = 0.85;
const LIMIT_MS = 120_000;
const WORK = path.join(__dirname, 'data');
const run = promisify(execFile);

/** @returns the time of the slowest stage alone over that of all together */
export async function benchHandler(rounds: number): Promise<number> {
  mkdirSync(WORK, { recursive: true });
  const chunk = path.join(WORK, 'transactions-chunk.csv');
  if (!existsSync(chunk)) await pipeline(generateTransactions({ sizeBytes: CHUNK_SIZE }), createWriteStream(chunk));
  await build({
    entryPoints: ['server', 'stages'].map((name) => path.join(__dirname, `handler-throughput-${name}.ts`)),
    outdir: path.join(WORK, 'handler'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const server = spawn(process.execPath, [path.join(WORK, 'handler', 'handler-throughput-server.js'), String(MEGABYTES_PER_SECOND), String(LATENCY_MS)],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const endpoint = await urlOf(server);
    const answer = await fetch(`${endpoint}/bench/incoming/transactions.csv`, { method: 'PUT', body: readFileSync(chunk) });
    if (!answer.ok) throw new Error(`expected the local S3 to take the chunk, got ${answer.status}`);
    return await compare(endpoint, rounds, chunk);
  } finally {
    server.stdin!.end();
  }
}

async function urlOf(server: ChildProcess): Promise<string> {
  const [url] = await once(createInterface(server.stdout!), 'line', { signal: AbortSignal.timeout(LIMIT_MS) }) as [string];
  return url;
}

async function compare(endpoint: string, rounds: number, chunk: string): Promise<number> {
  const reports = new Map<Stage, StageReport[]>(STAGES.map((stage) => [stage, []]));
  // In turn: what else the machine does hits all of them.
  for (let round = 0; round < rounds; round++) {
    for (const stage of STAGES) reports.get(stage)!.push(await runStage(stage, endpoint, chunk));
  }
  console.log(`a chunk of 50 MiB, fastest of ${rounds} rounds, S3 of ${MEGABYTES_PER_SECOND} MB/s each way and ${LATENCY_MS} ms a request\n`);
  const best = new Map([...reports].map(([stage, rows]) => [stage, rows.reduce((a, b) => a.seconds < b.seconds ? a : b)]));
  console.log(table(['', 'seconds', 'CPU seconds', 'requests', 'peak RSS MB'], [...best].map(([stage, { seconds, cpuSeconds, requests, peakRssMb }]) => [
    stage === 'together' ? 'all together' : `${stage} alone`, seconds.toFixed(2), cpuSeconds.toFixed(2), String(requests), peakRssMb.toFixed(0),
  ])));
  const together = best.get('together')!.seconds;
  best.delete('together');
  const ratio = Math.max(...[...best.values()].map(({ seconds }) => seconds)) / together;
  console.log(`\nslowest alone / all together: ${(ratio * 100).toFixed(0)} % (wanted: at least ${WANTED_RATIO * 100} %)`);
  return ratio;
}

async function runStage(stage: Stage, endpoint: string, chunk: string): Promise<StageReport> {
  const script = path.join(WORK, 'handler', 'handler-throughput-stages.js');
  const { stdout } = await run(process.execPath, [script, stage, endpoint, chunk], { timeout: LIMIT_MS });
  return JSON.parse(stdout) as StageReport;
}
