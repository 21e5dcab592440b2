/** A run that is stopped from outside leaves nothing and says so, whatever it does at that moment. Real processes. */
import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { workspace } from './workspace';
import { Progress } from '../../src/preflight/progress';
import { run as runJob } from '../../src/preflight/run';
import { readOptions } from '../../src/preflight/run-options';

const { open, remove, build, path, args, parts } = workspace();
const MANY = 'id,text\n' + Array.from({ length: 1_500_000 }, (_, id) => `${id},text ${id}\n`).join('');
const SAYS_SO = 'require("node:fs").writeFileSync(require("node:path").join(__dirname, "called"), "")';
let command: string;

beforeAll(() => {
  open();
  command = build();
  mkdirSync(path('tmp'));
  writeFileSync(path('many.csv'), MANY);
  writeFileSync(path('many.csv.gz'), gzipSync(MANY, { level: 1 }));
  writeFileSync(path('few.csv'), 'id,text\n1,a\n');
  writeFileSync(path('endless.cjs'), `module.exports = () => { ${SAYS_SO}; for (;;); };`);
  writeFileSync(path('pending.cjs'), `module.exports = () => { ${SAYS_SO}; return new Promise((resolve) => setTimeout(resolve, 60_000)); };`);
});
afterAll(remove);
beforeEach(() => rmSync(path('out'), { recursive: true, force: true }));

const inOut = () => (existsSync(path('out')) ? readdirSync(path('out')) : []);
const workFolder = () => inOut().find((name) => name.startsWith('.'));
const uploads = () => (workFolder() === undefined ? [] : readdirSync(path('out', workFolder()!)).filter((name) => name.startsWith('upload-')));

/** Whether the module's copy has noted so beside itself. */
const isCalled = () => readdirSync(path('tmp')).some((folder) => existsSync(path('tmp', folder, 'called')));

/** When the signal comes. */
const MOMENTS: Record<string, { file: string; flags: string[]; when: () => boolean }> = {
  'while the file is unpacked': { file: 'many.csv.gz', flags: [], when: () => uploads().length > 0 },
  'while chunks are processed': { file: 'many.csv', flags: ['--chunk-size', '64KiB'], when: () => uploads().length > 10 },
  'while one chunk is processed': { file: 'many.csv', flags: ['--concurrency', '1'], when: () => uploads().length > 0 },
  'while parts are published': { file: 'many.csv', flags: ['--chunk-size', '64KiB'], when: () => parts().some((name) => name.startsWith('part-')) },
  'in an endless loop of a module': { file: 'few.csv', flags: ['--transform', 'endless.cjs'], when: isCalled },
  'while a module\'s promise is pending': { file: 'few.csv', flags: ['--transform', 'pending.cjs'], when: isCalled },
};

async function stopWith(signal: NodeJS.Signals, { file, flags, when }: (typeof MOMENTS)[string], times = 1) {
  const run: ChildProcess = spawn(process.execPath, [command, ...args(file, ...flags.map((flag) => flag.endsWith('.cjs') ? path(flag) : flag))],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: path('tmp') } });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) run[stream]!.on('data', (text) => { said[stream] += text; });
  const ended = once(run, 'close');
  while (!when()) await sleep(1);
  for (let time = 0; time < times; time++) {
    if (time > 0) await sleep(3);
    run.kill(signal);
  }
  const [status, by] = await ended;
  return { ...said, status, by };
}

test.each(Object.keys(MOMENTS).flatMap((moment) => [[moment, 'SIGINT', 130], [moment, 'SIGTERM', 143]] as const))('%s: %s', async (moment, signal, status) => {
  expect(await stopWith(signal, MOMENTS[moment])).toEqual({
    status, by: null, stdout: '', stderr: `csv-chunk-pipeline: stopped by ${signal}: nothing is published, and nothing of this run is left\n`,
  });
  expect(inOut()).toEqual([]);
  expect(readdirSync(path('tmp'))).toEqual([]);
});

test('a terminal that is closed stops it too; what is not the run\'s stays', async () => {
  mkdirSync(path('out', 'output'), { recursive: true });
  writeFileSync(path('out', 'output', 'notes.txt'), 'mine');
  expect(await stopWith('SIGHUP', MOMENTS['while parts are published'])).toMatchObject({ status: 129, stderr: expect.stringContaining('stopped by SIGHUP') });
  expect(inOut()).toEqual(['output']);
  expect(readdirSync(path('out', 'output'))).toEqual(['notes.txt']);
});

test.each(['while chunks are processed', 'while parts are published'])('%s: a signal that comes three times is one', async (moment) => {
  expect(await stopWith('SIGTERM', MOMENTS[moment], 3)).toEqual({
    status: 143, by: null, stdout: '', stderr: 'csv-chunk-pipeline: stopped by SIGTERM: nothing is published, and nothing of this run is left\n',
  });
  expect(inOut()).toEqual([]);
});

describe('a signal that comes once the file is published changes nothing of it, and the status says so', () => {
  /** Sends it at that moment, from within. */
  const LATE_MOMENTS: Record<string, string> = {
    'when the report has come to its place': `
      const fs = require('node:fs/promises');
      const { rename } = fs;
      fs.rename = async (from, to) => { await rename(from, to); if (to.endsWith('report.json')) signal(); };`,
    'while the work folder is removed': `
      const fs = require('node:fs/promises');
      const { rm } = fs;
      fs.rm = async (path, ...rest) => { if (/csv-chunk-pipeline-work-[^/]*$/.test(path)) signal(); return rm(path, ...rest); };`,
    'while the copy of the module is removed': `
      const fs = require('node:fs/promises');
      const { rm } = fs;
      fs.rm = async (path, ...rest) => { if (path.startsWith(process.env.TMPDIR)) signal(); return rm(path, ...rest); };`,
    'when the first line is printed': `
      const { write } = process.stdout;
      process.stdout.write = (...args) => { process.stdout.write = write; signal(); return process.stdout.write(...args); };`,
    'when the last line is printed': `
      const { write } = process.stdout;
      process.stdout.write = (text, ...rest) => { const done = write.call(process.stdout, text, ...rest); if (text.startsWith('chunks')) signal(); return done; };`,
    'at the process\'s end': 'process.on("exit", signal);',
  };

  test.each(Object.keys(LATE_MOMENTS).flatMap((moment) => (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => [moment, signal] as const)))('%s: %s', (moment, signal) => {
    writeFileSync(path('late.js'), `
      const { isMainThread } = require('node:worker_threads');
      const { writeSync } = require('node:fs');
      const signal = () => { writeSync(2, 'sent\\n'); process.kill(process.pid, ${JSON.stringify(signal)}); };
      if (isMainThread) { ${LATE_MOMENTS[moment]} }`);
    writeFileSync(path('same.cjs'), 'module.exports = (record) => record;');
    const { status, signal: by, stdout, stderr } = spawnSync(process.execPath, [command, ...args('few.csv', '--transform', path('same.cjs'))],
      { encoding: 'utf8', env: { ...process.env, TMPDIR: path('tmp'), NODE_OPTIONS: `--require ${path('late.js')}` } });
    expect({ status, by, stderr }).toEqual({ status: 0, by: null, stderr: 'sent\n' });
    expect(stdout).toContain('published 1\n');
    expect(stdout).toContain(`see ${path('out', 'report.json')}`);
    expect(inOut().sort()).toEqual(['output', 'quarantine', 'report.json']);
    expect(readdirSync(path('tmp'))).toEqual([]);
  });
});

/** The work folder takes a minute to be removed, of which is said when it begins. */
function slowRemoval(): NodeJS.ProcessEnv {
  writeFileSync(path('slow-removal.js'), `
    const fs = require('node:fs/promises');
    const { rm } = fs;
    fs.rm = async (path, ...rest) => {
      if (!/csv-chunk-pipeline-work-[^/]*$/.test(path)) return rm(path, ...rest);
      fs.writeFile(${JSON.stringify(path('removing'))}, '');
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    };`);
  return { ...process.env, NODE_OPTIONS: `--require ${path('slow-removal.js')}` };
}

test.each([
  ['is published', 'id,text\n1,a\n', 0, ['output', 'quarantine', 'report.json']],
  ['is refused', 'id,text\nx,a\n', 1, ['quarantine', 'report.json']],
])('a second signal ends a run whose file %s too, with the status that its report has, while the work folder is removed', async (_, content, status, left) => {
  writeFileSync(path('told.csv'), content);
  rmSync(path('removing'), { force: true });
  const run = spawn(process.execPath, [command, ...args('told.csv')], { stdio: ['ignore', 'ignore', 'pipe'], env: slowRemoval() });
  let stderr = '';
  run.stderr.on('data', (text) => { stderr += text; });
  const ended = once(run, 'close');
  while (!existsSync(path('removing'))) await sleep(1);
  for (const wait of [0, 3, 2500]) {
    await sleep(wait);
    run.kill('SIGINT');
  }
  expect(await ended).toEqual([status, null]);
  expect(stderr).toBe('csv-chunk-pipeline: stopped by SIGINT once more: the job has ended as report.json says, and the work folder is left, which the next run removes\n');
  const isWork = (name: string) => name.startsWith('.csv-chunk-pipeline-work-');
  expect(inOut().filter(isWork)).toHaveLength(1);
  expect(inOut().filter((name) => !isWork(name)).sort()).toEqual(left);
  expect(spawnSync(process.execPath, [command, ...args('few.csv')]).status).toBe(0);
  expect(inOut().sort()).toEqual(['output', 'quarantine', 'report.json']);
});

test('whoever imports the run alone hears signals as before', async () => {
  const listeners = () => (['SIGHUP', 'SIGINT', 'SIGTERM'] as const).map((name) => process.listenerCount(name));
  const before = listeners();
  let during: number[] = [];
  const step = () => { during = listeners(); };
  const progress: Progress = { step, unpacked: () => undefined, expect: () => undefined, chunk: () => undefined, end: () => undefined };
  expect(await runJob(readOptions(args('few.csv'), {})!, progress)).toMatchObject({ status: 'SUCCEEDED' });
  expect([during, listeners()]).toEqual([before, before]);
});

test('a second signal, of somebody who cannot wait, ends it at once, and says that something is left; the next run removes it', async () => {
  const run = spawn(process.execPath, [command, ...args('many.csv', '--chunk-size', '64KiB')],
    { stdio: ['ignore', 'ignore', 'pipe'], env: slowRemoval() });
  let stderr = '';
  run.stderr.on('data', (text) => { stderr += text; });
  const ended = once(run, 'close');
  while (uploads().length === 0) await sleep(1);
  run.kill('SIGINT');
  await sleep(2500);
  run.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(stderr).toBe('csv-chunk-pipeline: stopped by SIGINT once more, before all that the run has written was taken away: what is left counts for nothing, the next run removes it\n');
  expect(inOut()).toEqual([expect.stringMatching(/^\.csv-chunk-pipeline-work-/)]);
  expect(spawnSync(process.execPath, [command, ...args('few.csv')]).status).toBe(0);
  expect(inOut().sort()).toEqual(['output', 'quarantine', 'report.json']);
});

test('a signal that comes as soon as somebody has read that the file is published: the status is that of the run, too', async () => {
  for (let time = 0; time < 10; time++) {
    const run = spawn(process.execPath, [command, ...args('few.csv')], { stdio: ['ignore', 'pipe', 'ignore'] });
    run.stdout.on('data', () => run.kill('SIGINT'));
    expect(await once(run, 'close')).toEqual([0, null]);
    expect(inOut().sort()).toEqual(['output', 'quarantine', 'report.json']);
  }
});

test('a second run may follow at once', async () => {
  await stopWith('SIGTERM', MOMENTS['while chunks are processed']);
  const [status] = await once(spawn(process.execPath, [command, ...args('few.csv')], { stdio: 'ignore' }), 'close');
  expect(status).toBe(0);
  expect(inOut().sort()).toEqual(['output', 'quarantine', 'report.json']);
});
