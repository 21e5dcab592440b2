/**
 * `npm run bench`: the full job (split, validate, normalise, write JSON Lines, keep the rejects) by this engine and its
 * peers, in turn, several rounds in one session. It first checks that all come to the same output, then prints the ratios of
 * the fastest rounds: a shared machine's single times mean little.
 *
 *   npm run bench -- --size-mb 200 --rounds 5
 */
import { execFile } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { cpus, devNull } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { EngineReport } from './engines/engine-run';
import { generateTransactions } from './generate-transactions';

const BASELINE = 'fast-csv';
const ENGINES = ['ours', 'ours-exact', BASELINE];
const RUN_LIMIT_MS = 10 * 60_000;
const WORK = path.join(__dirname, 'data');
const run = promisify(execFile);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'size-mb': { type: 'string', default: '200' }, 'rounds': { type: 'string', default: '3' } } });
  const sizeMb = Number(values['size-mb']);
  const rounds = Number(values.rounds);
  mkdirSync(WORK, { recursive: true });
  const input = await transactionsFile(sizeMb);
  await bundleEngines();

  console.log(`transactions, ${sizeMb} MB, ${rounds} rounds, Node.js ${process.versions.node}, ${cpus()[0].model}`);
  await checkAgreement(input);
  const reports = new Map<string, EngineReport[]>(ENGINES.map((engine) => [engine, []]));
  for (let round = 0; round < rounds; round++) {
    for (const engine of ENGINES) reports.get(engine)!.push(await runEngine(engine, input, false));
  }
  printTable(reports, statSync(input).size / 1e6);
}

async function transactionsFile(sizeMb: number): Promise<string> {
  const file = path.join(WORK, `transactions-${sizeMb}.csv`);
  if (!existsSync(file)) {
    await pipeline(generateTransactions({ sizeBytes: sizeMb * 1e6, textAfterQuotes: false }), createWriteStream(file));
  }
  return file;
}

/** As they would be deployed: bundled, so that no TypeScript loader shares their process. */
async function bundleEngines(): Promise<void> {
  await build({
    entryPoints: ENGINES.map((engine) => path.join(__dirname, 'engines', `${engine}.ts`)),
    outdir: path.join(WORK, 'engines'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
}

async function runEngine(engine: string, input: string, check: boolean): Promise<EngineReport> {
  const script = path.join(WORK, 'engines', `${engine}.js`);
  // What is timed goes nowhere: the speed of a disk is not an engine's.
  const output = check ? path.join(WORK, `${engine}.jsonl`) : devNull;
  const { stdout } = await run(process.execPath, [script, input, output, check ? 'check' : ''], { timeout: RUN_LIMIT_MS });
  return JSON.parse(stdout.trim().split('\n').pop()!) as EngineReport;
}

async function checkAgreement(input: string): Promise<void> {
  const seen = new Map<string, string[]>();
  for (const engine of ENGINES) {
    const { sha256, written, rejected } = await runEngine(engine, input, true);
    const outcome = `${written} published, ${rejected} rejected, SHA-256 ${sha256}`;
    seen.set(outcome, [...seen.get(outcome) ?? [], engine]);
  }
  if (seen.size > 1) throw new Error(`the engines differ, there is nothing to compare:\n${[...seen].map(([outcome, names]) => `  ${names.join(', ')}: ${outcome}`).join('\n')}`);
  console.log(`all agree: ${[...seen.keys()][0]}\n`);
}

function printTable(reports: ReadonlyMap<string, readonly EngineReport[]>, megabytes: number): void {
  const best = (engine: string) => Math.min(...reports.get(engine)!.map(({ seconds }) => seconds));
  console.log('| engine | times fast-csv | MB/s | peak RSS MB |');
  console.log('|---|---|---|---|');
  for (const [engine, runs] of reports) {
    const rss = Math.max(...runs.map(({ peakRssMb }) => peakRssMb));
    console.log(`| ${engine} | ${(best(BASELINE) / best(engine)).toFixed(1)} | ${(megabytes / best(engine)).toFixed(0)} | ${rss.toFixed(0)} |`);
  }
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
