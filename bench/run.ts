/**
 * `npm run bench`: the full job (split, validate, normalise, write JSON Lines, keep the rejects) by this engine and its
 * peers, in turn, several rounds in one session. It first checks that all come to the same output, then prints the
 * ratios of the fastest rounds: a shared machine's single times mean little. docs/performance.md says what each engine
 * does.
 *
 *   npm run bench -- --file transactions --size-mb 50 --rounds 5
 *   npm run bench -- --handler     only: reading, processing and uploading of a chunk overlap
 *   npm run bench -- --load        only: what ProcessChunk adds to loading the SDK
 */
import { mkdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { checkAgreement } from './agreement';
import { EngineReport } from './engines/engine-run';
import { FILES } from './files';
import { BenchFile } from './files/bench-file';
import { benchHandler } from './handler-throughput';
import { benchLoadTime } from './load-time';
import { bundleEngines, runOnce, WORK } from './runner';
import { BASELINE, comparisonTable, fastest, Reports, table } from './table';

const OURS = 'ours';
const ENGINES = [OURS, 'ours-exact', BASELINE, 'csv-parse', 'papaparse', 'duckdb-valid', 'duckdb-rejects'];
const CHUNK_SIZE = 16 * 1024 * 1024;
const CHUNK_HEAD = ['file', 'the whole file, MB/s', "a new process's first chunk, MB/s", 'share', 'its next one, MB/s', 'share'];
/** Each load takes a tenth of a second. */
const LOADS_A_ROUND = 10;

interface Options {
  readonly files: readonly BenchFile[];
  readonly engines: readonly string[];
  readonly sizeMb: number | undefined;
  readonly rounds: number;
  readonly handler: boolean;
  readonly load: boolean;
}

async function main(): Promise<void> {
  const { files, engines, sizeMb, rounds, handler, load } = readOptions();
  if (handler) await benchHandler(rounds);
  if (load) await benchLoadTime(rounds * LOADS_A_ROUND);
  if (handler || load) return;
  mkdirSync(WORK, { recursive: true });
  await bundleEngines(engines);
  console.log(`${rounds} rounds, Node.js ${process.versions.node}, ${cpus()[0].model}`);
  const chunks: string[][] = [];
  for (const file of files) {
    const input = await file.provide(WORK, sizeMb);
    const megabytes = statSync(input).size / 1e6;
    console.log(`\n### ${file.name}, ${megabytes.toFixed(0)} MB\n`);
    console.log(`All agree: ${await checkAgreement(engines, file, input)}\n`);
    const reports = await timeRounds(engines, file, input, rounds);
    console.log(comparisonTable(reports, megabytes));
    if (reports.has(OURS)) chunks.push(await timeChunk(file, input, megabytes / fastest(reports.get(OURS)!), rounds));
  }
  console.log(`\n### One chunk of 16 MiB\n\n${table(CHUNK_HEAD, chunks)}`);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      'file': { type: 'string', multiple: true, default: FILES.map(({ name }) => name) },
      'engine': { type: 'string', multiple: true, default: ENGINES },
      'size-mb': { type: 'string' },
      'rounds': { type: 'string', default: '3' },
      'handler': { type: 'boolean', default: false },
      'load': { type: 'boolean', default: false },
    },
  });
  const files = values.file.map((wanted) => oneOf('file', wanted, FILES.map(({ name }) => name)));
  const engines = values.engine.map((wanted) => oneOf('engine', wanted, ENGINES));
  return {
    files: FILES.filter(({ name }) => files.includes(name)),
    engines: ENGINES.filter((engine) => engine === BASELINE || engines.includes(engine)),
    sizeMb: values['size-mb'] === undefined ? undefined : positive('size-mb', values['size-mb']),
    rounds: positive('rounds', values.rounds),
    handler: values.handler,
    load: values.load,
  };
}

function oneOf(option: string, value: string, known: readonly string[]): string {
  if (!known.includes(value)) throw new Error(`--${option} must be one of ${known.join(', ')}, got ${value}`);
  return value;
}

function positive(option: string, value: string): number {
  if (!(Number(value) > 0)) throw new Error(`--${option} must be a number above 0, got ${value}`);
  return Number(value);
}

/** In turn, so that what else the machine does meets them all alike. */
async function timeRounds(engines: readonly string[], file: BenchFile, input: string, rounds: number): Promise<Reports> {
  const reports = new Map<string, EngineReport[]>(engines.map((engine) => [engine, []]));
  for (let round = 0; round < rounds; round++) {
    for (const engine of engines) reports.get(engine)!.push(await runOnce(engine, file, input));
  }
  return reports;
}

/**
 * One chunk alone: as the first of a new worker, with all that is done once, and as the next one of the same worker.
 */
async function timeChunk(file: BenchFile, input: string, fileMbPerSecond: number, rounds: number): Promise<string[]> {
  const [first, next]: EngineReport[][] = [[], []];
  for (let round = 0; round < rounds; round++) {
    first.push(await runOnce(OURS, file, input, { chunkSize: CHUNK_SIZE }));
    next.push(await runOnce(OURS, file, input, { chunkSize: CHUNK_SIZE, warm: true }));
  }
  const megabytes = Math.min(CHUNK_SIZE, statSync(input).size) / 1e6;
  const cells = [first, next].flatMap((runs) => {
    const mbPerSecond = megabytes / fastest(runs);
    return [mbPerSecond.toFixed(0), `${(100 * mbPerSecond / fileMbPerSecond).toFixed(0)} %`];
  });
  return [file.name, fileMbPerSecond.toFixed(0), ...cells];
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
