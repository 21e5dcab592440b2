/**
 * What a file costs that means harm, beside a plain one of the same size: both through the whole preflight command, each in a
 * new process, in turn. It prints the ratios of the least CPU time and of the least peak memory, and fails where one is above
 * its bound. What a process takes to begin is taken off the CPU time.
 *
 *   npx tsx bench/hostile.ts --size-mb 8 --rounds 3
 */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { contentOf, HOSTILE_FILES, HostileFile } from './hostile-files';
import { WORK } from './runner';
import { table } from './table';

/**
 * A plain record of two bytes takes the fast path 50 ns. A reject is read by the exact path, told, and written twice, with
 * some 200 bytes of its reason: that is what the first bound allows.
 */
const MOST_CPU = 40;
const MOST_MEMORY = 3;
const RUN_LIMIT_MS = 10 * 60_000;
const run = promisify(execFile);
const COMMAND = path.join(WORK, 'hostile-command.js');

interface Cost {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'size-mb': { type: 'string', default: '8' }, 'rounds': { type: 'string', default: '3' }, 'file': { type: 'string', multiple: true } } });
  const sizeBytes = Number(values['size-mb']) * 1e6;
  const rounds = Number(values.rounds);
  if (!(sizeBytes > 0 && rounds > 0)) throw new Error(`--size-mb and --rounds must be numbers above 0, got ${values['size-mb']} and ${values.rounds}`);
  const files = HOSTILE_FILES.filter(({ name }) => values.file?.some((wanted) => name.includes(wanted)) ?? true);
  mkdirSync(WORK, { recursive: true });
  await build({
    entryPoints: [path.join(__dirname, '..', 'src', 'preflight', 'main.ts')],
    outfile: COMMAND,
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const idle = await leastCost(files[0], 'plain', 1, rounds);
  const rows: string[][] = [];
  for (const file of files) {
    const plain = await leastCost(file, 'plain', sizeBytes, rounds);
    const hostile = await leastCost(file, 'hostile', sizeBytes, rounds);
    const cpu = (hostile.cpuSeconds - idle.cpuSeconds) / Math.max(plain.cpuSeconds - idle.cpuSeconds, idle.cpuSeconds / 10);
    const memory = hostile.peakRssMb / plain.peakRssMb;
    if (cpu > MOST_CPU || memory > MOST_MEMORY) process.exitCode = 1;
    const figures = [hostile.cpuSeconds.toFixed(2), plain.cpuSeconds.toFixed(2), hostile.peakRssMb.toFixed(0)];
    rows.push([file.name, cpu.toFixed(1), memory.toFixed(1), ...figures]);
  }
  console.log(table(['file', 'times the CPU time', 'times the memory', 'CPU s', 'plain, CPU s', 'peak RSS MB'], rows));
  if (process.exitCode === 1) console.error(`expected at most ${MOST_CPU} times the CPU time and ${MOST_MEMORY} times the memory of a plain file`);
}

async function leastCost(file: HostileFile, which: 'hostile' | 'plain', sizeBytes: number, rounds: number): Promise<Cost> {
  const folder = path.join(WORK, 'hostile');
  const input = path.join(folder, `input.${file.suffix}`);
  const schema = path.join(folder, 'schema.json');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(input, contentOf(file, which, sizeBytes));
  writeFileSync(schema, JSON.stringify(file.schema));
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    const output = path.join(folder, 'output');
    const args = ['run', input, '--schema', schema, '--out', output, '--concurrency', '1', '--max-rejected', '100%'];
    const script = `require(${JSON.stringify(COMMAND)}).main(${JSON.stringify(args)}, ${JSON.stringify(COMMAND)}).then(() => {
      const { user, system } = process.cpuUsage();
      console.log('\\n' + JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakRssMb: process.resourceUsage().maxRSS / 1024 }));
    })`;
    const ended = run(process.execPath, ['-e', script], { timeout: RUN_LIMIT_MS });
    const { stdout } = await ended.catch(({ killed, stderr }: { killed: boolean; stderr: string }) => {
      throw new Error(`${file.name}: ${killed ? `must end within ${RUN_LIMIT_MS / 1000} s, has not` : stderr}`);
    });
    costs.push(JSON.parse(stdout.trim().split('\n').pop()!) as Cost);
    rmSync(output, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
  return { cpuSeconds: Math.min(...costs.map(({ cpuSeconds }) => cpuSeconds)), peakRssMb: Math.min(...costs.map(({ peakRssMb }) => peakRssMb)) };
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
