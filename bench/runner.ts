import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { EngineReport, Job } from './engines/engine-run';
import { BenchFile } from './files/bench-file';

/** Generated files, bundles and outputs; not committed. */
export const WORK = path.join(__dirname, 'data');
const RUN_LIMIT_MS = 10 * 60_000;
const run = promisify(execFile);

/** Bundles the engines as they would be deployed, minified, so that no TypeScript loader shares their process. */
export async function bundleEngines(engines: readonly string[]): Promise<void> {
  await build({
    entryPoints: engines.map((engine) => path.join(__dirname, 'engines', `${engine}.ts`)),
    outdir: path.join(WORK, 'engines'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    external: ['@duckdb/*'],
    logLevel: 'error',
  });
}

export interface RunOptions {
  /** Where the output goes. Default: nowhere, because the speed of a disk is not an engine's. */
  readonly output?: string;
  /** Only the records that begin within this many bytes. */
  readonly chunkSize?: number;
  /** Times the second of two runs in the same process. */
  readonly warm?: boolean;
}

/** One run in a process of its own, as cold as a new worker. */
export async function runOnce(engine: string, { schema }: BenchFile, input: string,
  { output = devNull, chunkSize, warm }: RunOptions = {}): Promise<EngineReport> {
  const rejects = output === devNull ? devNull : `${output}.rejects`;
  const job: Job = { input, output, rejects, schema, chunkSize, warm };
  const script = path.join(WORK, 'engines', `${engine}.js`);
  const ended = run(process.execPath, [script, JSON.stringify(job)], { timeout: RUN_LIMIT_MS });
  // Its own message would repeat the whole job.
  const { stdout } = await ended.catch(({ killed, stderr }: { killed: boolean; stderr: string }) => {
    throw new Error(`${engine} on ${input}: ${killed ? `must end within ${RUN_LIMIT_MS / 1000} s, has not` : stderr}`);
  });
  return JSON.parse(stdout.trim().split('\n').pop()!) as EngineReport;
}
