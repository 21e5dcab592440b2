/**
 * `npm run bench -- --load`: what ProcessChunk adds to loading the SDK at a cold start. Fresh processes, in turn; the
 * least time of each counts: ProcessChunk's bundle, the SDK's clients as they come, and the clients as our bundles have
 * them, all by the same command of esbuild. CPU time tells more where others share the machine.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { table } from './table';

const ROOT = path.join(__dirname, '..');
const WORK = path.join(__dirname, 'data', 'load-time');
const HANDLER = 'src/handlers/process-chunk.handler.ts';
const SDK_AS_IT_COMES = 'the SDK as it comes';
const SDK_AS_BUNDLED = 'the SDK as our bundles have it';
const PROCESS_CHUNK = 'ProcessChunk';
const BUNDLES = [
  { name: SDK_AS_IT_COMES, entryPoint: 'bench/load-time-sdk.ts', asItComes: true },
  { name: SDK_AS_BUNDLED, entryPoint: 'bench/load-time-sdk.ts', asItComes: false },
  { name: PROCESS_CHUNK, entryPoint: HANDLER, asItComes: false },
];
const WANTED_MS = 10;
const LIMIT_MS = 60_000;
const LOAD = `
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  require(process.argv[1]);
  const { user, system } = process.cpuUsage(cpuBefore);
  console.log(JSON.stringify({ ms: performance.now() - start, cpuMs: (user + system) / 1000 }));`;
const run = promisify(execFile);

interface LoadTime {
  readonly ms: number;
  /** CPU time of all threads. */
  readonly cpuMs: number;
}

interface Tasks {
  readonly tasks: Readonly<Record<string, { readonly steps: ReadonlyArray<{ readonly execArgs: readonly string[] }> }>>;
}

export async function benchLoadTime(rounds: number): Promise<void> {
  mkdirSync(WORK, { recursive: true });
  const files = new Map<string, string>();
  for (const { name, entryPoint, asItComes } of BUNDLES) files.set(name, await bundle(name, entryPoint, asItComes));
  const best = new Map<string, LoadTime>([...files.keys()].map((name) => [name, { ms: Infinity, cpuMs: Infinity }]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, file] of files) best.set(name, least(best.get(name)!, await load(file)));
  }
  console.log(`fastest of ${rounds} fresh processes, Node.js ${process.versions.node}\n`);
  const rows = [...best].map(([name, { ms, cpuMs }]) => [name, ms.toFixed(1), cpuMs.toFixed(1), (statSync(files.get(name)!).size / 1000).toFixed(0)]);
  console.log(table(['', 'ms to load', 'CPU ms', 'KB'], rows));
  for (const sdk of [SDK_AS_IT_COMES, SDK_AS_BUNDLED]) {
    const { ms, cpuMs } = best.get(PROCESS_CHUNK)!;
    const added = `${(ms - best.get(sdk)!.ms).toFixed(1)} ms, ${(cpuMs - best.get(sdk)!.cpuMs).toFixed(1)} of CPU time`;
    console.log(`\n${PROCESS_CHUNK} adds to ${sdk}: ${added} (wanted: at most ${WANTED_MS} ms)`);
  }
}

/** Bundled with the very command that bundles the handler. */
async function bundle(name: string, entryPoint: string, asItComes: boolean): Promise<string> {
  const outfile = path.join(WORK, `${name}.js`);
  const { tasks } = JSON.parse(readFileSync(path.join(ROOT, '.projen', 'tasks.json'), 'utf8')) as Tasks;
  const [esbuild, ...args] = tasks['bundle:handlers/process-chunk.handler'].steps[0].execArgs;
  const ours = args.filter((arg) => !arg.startsWith('--outfile=') && !(asItComes && arg.startsWith('--alias:')))
    .map((arg) => arg === HANDLER ? entryPoint : arg);
  await run(path.join(ROOT, 'node_modules', '.bin', esbuild), [...ours, `--outfile=${outfile}`], { cwd: ROOT, timeout: LIMIT_MS });
  return outfile;
}

function least(one: LoadTime, other: LoadTime): LoadTime {
  return { ms: Math.min(one.ms, other.ms), cpuMs: Math.min(one.cpuMs, other.cpuMs) };
}

async function load(file: string): Promise<LoadTime> {
  const { stdout } = await run(process.execPath, ['--no-warnings', '-e', LOAD, file], { timeout: LIMIT_MS });
  return JSON.parse(stdout) as LoadTime;
}
