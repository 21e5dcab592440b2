/**
 * `npm run hostile`: what a file costs that means harm, beside a plain one of the same size: both through the whole preflight
 * command, each in a new process, in turn. It prints the ratios of the least CPU time and of the least peak memory, and fails
 * where one is above the file's bound. What a process takes to begin is taken off the CPU time. Another program can make any
 * run slower and none faster: where a ratio is too high both files are run again, some times, before that counts.
 *
 *   npm run hostile -- --size-mb 8 --rounds 3 --file quotes
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { contentOf, HOSTILE_FILES, HostileFile } from './hostile-files';
import { WORK } from './runner';
import { row, table } from './table';

/** Of one file, when a ratio is too high. */
const MOST_ROUNDS = 6;
/** Below it a difference in CPU time is noise. */
const LEAST_CPU_SECONDS = 0.05;
/** Of the process itself, in Linux: `maxRSS` begins with what the parent has. */
const PEAK_RSS_MB = 'Number(/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]) / 1024';
/** Fewer records are much larger, or smaller, than those of the plain file. */
const MANY_RECORDS = 1000;
const HEAD = ['file', 'times the CPU time', 'times the memory', 'at most', 'a record', 'a byte read and written', 'CPU s', 'plain, CPU s', 'peak RSS MB'];
const RUN_LIMIT_MS = 10 * 60_000;
const run = promisify(execFile);
const COMMAND = path.join(WORK, 'hostile-command.js');
const FOLDER = path.join(WORK, 'hostile');

interface Cost {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  /** Read of the file, and written below `--out`. */
  readonly bytes: number;
  readonly records: number;
  readonly errorCode?: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'size-mb': { type: 'string', default: '8' }, 'rounds': { type: 'string', default: '3' }, 'file': { type: 'string', multiple: true } },
  });
  const sizeBytes = Number(values['size-mb']) * 1e6;
  const rounds = Number(values.rounds);
  if (!(sizeBytes > 0 && rounds > 0)) throw new Error(`--size-mb and --rounds must be numbers above 0, got ${values['size-mb']} and ${values.rounds}`);
  const files = HOSTILE_FILES.filter(({ name }) => values.file?.some((wanted) => name.includes(wanted)) ?? true);
  mkdirSync(FOLDER, { recursive: true });
  await build({
    entryPoints: [path.join(__dirname, '..', 'src', 'preflight', 'main.ts')],
    outfile: COMMAND,
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const start = { ...files[0], suffix: 'csv', pack: undefined, encoding: undefined } as const;
  const idle = leastOf(await costs(start, 'plain', contentOf(start, 'plain', 1), Math.max(rounds, 3)));
  console.log(table(HEAD, []));
  for (const file of files) {
    const { hostile, plain, ratios } = await compare(file, sizeBytes, rounds, idle);
    const isAbove = ratios.cpu > file.most.cpu || ratios.memory > file.most.memory;
    if (isAbove) {
      console.error(`${file.name}: expected at most ${file.most.cpu} times the CPU time and ${file.most.memory} times the memory of a plain file`);
      process.exitCode = 1;
    }
    const bounds = `${file.most.cpu}, ${file.most.memory}`;
    const aRecord = hostile.records < MANY_RECORDS ? '' : ratios.cpuPerRecord.toFixed(1);
    const figures = [hostile.cpuSeconds.toFixed(2), plain.cpuSeconds.toFixed(2), hostile.peakRssMb.toFixed(0)];
    console.log(row([file.name, ratios.cpu.toFixed(1), ratios.memory.toFixed(1), bounds, aRecord, ratios.cpuPerByte.toFixed(1), ...figures]));
  }
  rmSync(FOLDER, { recursive: true });
}

/** In as many rounds as are asked for, and in some more while a ratio is above its bound. */
async function compare(file: HostileFile, sizeBytes: number, rounds: number, idle: Cost) {
  const contents = { hostile: contentOf(file, 'hostile', sizeBytes), plain: contentOf(file, 'plain', sizeBytes) };
  const seen: { readonly hostile: Cost[]; readonly plain: Cost[] } = { hostile: [], plain: [] };
  for (;;) {
    for (const which of ['plain', 'hostile'] as const) seen[which].push(...await costs(file, which, contents[which], 1));
    const hostile = leastOf(seen.hostile);
    const plain = leastOf(seen.plain);
    const ratios = ratiosOf(hostile, plain, idle);
    const isWithin = ratios.cpu <= file.most.cpu && ratios.memory <= file.most.memory;
    if (seen.plain.length >= rounds && (isWithin || seen.plain.length >= MOST_ROUNDS)) return { hostile, plain, ratios };
  }
}

function ratiosOf(hostile: Cost, plain: Cost, idle: Cost) {
  const [hostileCpu, plainCpu] = [hostile, plain].map(({ cpuSeconds }) => Math.max(cpuSeconds - idle.cpuSeconds, LEAST_CPU_SECONDS));
  const cpu = hostileCpu / plainCpu;
  return {
    cpu,
    memory: hostile.peakRssMb / plain.peakRssMb,
    cpuPerRecord: cpu * plain.records / hostile.records,
    cpuPerByte: cpu * plain.bytes / hostile.bytes,
  };
}

function leastOf(all: readonly Cost[]): Cost {
  const least = (figure: 'cpuSeconds' | 'peakRssMb') => Math.min(...all.map((cost) => cost[figure]));
  return { ...all[0], cpuSeconds: least('cpuSeconds'), peakRssMb: least('peakRssMb') };
}

async function costs(file: HostileFile, which: 'hostile' | 'plain', content: Buffer, rounds: number): Promise<Cost[]> {
  const input = path.join(FOLDER, `input.${file.suffix}${file.pack?.suffix ?? ''}`);
  const schema = path.join(FOLDER, 'schema.json');
  const output = path.join(FOLDER, 'output');
  writeFileSync(input, content);
  writeFileSync(schema, JSON.stringify(file[which].schema));
  const args = ['run', input, '--schema', schema, '--out', output, '--concurrency', '1', '--max-rejected', '100%'];
  const script = `require(${JSON.stringify(COMMAND)}).main(${JSON.stringify(args)}, ${JSON.stringify(COMMAND)}).then(() => {
    const { user, system } = process.cpuUsage();
    console.log('\\n' + JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakRssMb: ${PEAK_RSS_MB} }));
  })`;
  const measured: Cost[] = [];
  while (measured.length < rounds) {
    rmSync(output, { recursive: true, force: true });
    const ended = run(process.execPath, ['-e', script], { timeout: RUN_LIMIT_MS });
    const { stdout, stderr } = await ended.catch(({ killed, stderr: told }: { killed: boolean; stderr: string }) => {
      throw new Error(`${file.name}: ${killed ? `must end within ${RUN_LIMIT_MS / 1000} s, has not` : told}`);
    });
    const cost = { ...JSON.parse(stdout.trim().split('\n').pop()!) as Cost, ...outcomeOf(output, content.length) };
    const expected = which === 'plain' ? [undefined] : file.refusal === undefined ? [undefined, 'nothing_to_publish'] : [file.refusal];
    if (!expected.includes(cost.errorCode)) {
      throw new Error(`${file.name}, ${which}: expected it to end with ${expected[0] ?? 'no error'}, got ${cost.errorCode}: ${stderr}`);
    }
    measured.push(cost);
  }
  rmSync(input);
  return measured;
}

function outcomeOf(output: string, inputBytes: number): Pick<Cost, 'bytes' | 'records' | 'errorCode'> {
  const { errorCode, recordsRead = 0 } = JSON.parse(readFileSync(path.join(output, 'report.json'), 'utf8')) as { errorCode?: string; recordsRead?: number };
  const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = files.map(({ parentPath, name }) => statSync(path.join(parentPath, name)).size);
  return { errorCode, records: recordsRead, bytes: written.reduce((sum, size) => sum + size, inputBytes) };
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
