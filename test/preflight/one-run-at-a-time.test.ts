/** Of several runs into one folder one works, and a run that has ended, however it has, holds nothing. Real processes. */
import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { workspace } from './workspace';

const { open, remove, build, path, args, parts, published } = workspace();
const PREFIX = '.csv-chunk-pipeline-work-';
const RECORDS = 20;
let command: string;

beforeAll(() => {
  open();
  command = build();
  for (const name of ['a', 'b']) writeFileSync(path(`${name}.csv`), 'id,text\n' + `1,${name}\n`.repeat(RECORDS));
  writeFileSync(path('slow.mjs'), 'export default async (record) => { await new Promise((resolve) => setTimeout(resolve, 100)); return record; };');
  mkdirSync(path('tmp'));
});
afterAll(remove);
beforeEach(() => rmSync(path('out'), { recursive: true, force: true }));

const hidden = () => readdirSync(path('out')).filter((name) => name.startsWith('.'));
const env = () => ({ ...process.env, TMPDIR: path('tmp') });
const runOn = (name: string, ...flags: string[]) => spawnSync(process.execPath, [command, ...args(name, ...flags)], { encoding: 'utf8', env: env(), cwd: path('tmp') });

/** A run that takes two seconds. */
function slowRun(name: string): ChildProcess {
  return spawn(process.execPath, [command, ...args(name, '--transform', path('slow.mjs'))], { stdio: ['ignore', 'ignore', 'pipe'], env: env() });
}

async function endOf(run: ChildProcess): Promise<{ status: number; stderr: string }> {
  let stderr = '';
  run.stderr!.on('data', (text) => { stderr += text; });
  const [status] = await once(run, 'close') as [number];
  return { status, stderr };
}

async function atWork(): Promise<string> {
  for (;;) {
    const [folder] = existsSync(path('out')) ? hidden() : [];
    if (folder !== undefined && existsSync(path('out', folder, 'at-work'))) return folder;
    await sleep(20);
  }
}

async function killed(run: ChildProcess): Promise<string> {
  const folder = await atWork();
  run.kill('SIGKILL');
  await once(run, 'close');
  return folder;
}

function claimOf(folder: string): { place: string; pid: string; start: string } {
  const [place, pid, start] = folder.slice(PREFIX.length).split('-');
  return { place, pid, start };
}

test('the second is refused while the first works, and the folder holds the first one\'s file alone', async () => {
  const first = slowRun('a.csv');
  const ended = endOf(first);
  await atWork();
  const second = runOn('b.csv');
  expect(second.status).toBe(2);
  expect(second.stderr).toContain(`expected --out to name a folder for this run alone, got ${path('out')}, which the run with the process id ${first.pid} works in: `
    + 'wait for its end, or name another folder');
  expect(await ended).toEqual({ status: 0, stderr: '' });
  expect(published().toString()).toBe('{"id":1,"text":"a"}\n'.repeat(RECORDS));
  expect(hidden()).toEqual([]);
});

test.each(['by a link', 'by a link above it', 'relative', 'with a slash at its end'])('the same folder by another name is the same folder: %s', async (spelling) => {
  for (const [link, to] of [['link-to-out', path('out')], ['link-above', path('.')]]) {
    rmSync(path(link), { force: true });
    symlinkSync(to, path(link));
  }
  const spellings: Record<string, string> = {
    'by a link': path('link-to-out'),
    'by a link above it': path('link-above', 'out'),
    'relative': '../out',
    'with a slash at its end': `${path('out')}/`,
  };
  const ended = endOf(slowRun('a.csv'));
  await atWork();
  const second = runOn('b.csv', '--out', spellings[spelling]);
  expect(second).toMatchObject({ status: 2, stderr: expect.stringContaining('works in: wait for its end, or name another folder') });
  expect(await ended).toEqual({ status: 0, stderr: '' });
  expect(published().toString()).toBe('{"id":1,"text":"a"}\n'.repeat(RECORDS));
});

test('of six that start in the same instant one works', async () => {
  const ends = await Promise.all(Array.from({ length: 6 }, async (_, index) => endOf(slowRun(index % 2 === 0 ? 'a.csv' : 'b.csv'))));
  expect(ends.map(({ status }) => status).sort()).toEqual([0, 2, 2, 2, 2, 2]);
  expect(new Set(published().toString().trimEnd().split('\n')).size).toBe(1);
  expect(published().toString().trimEnd().split('\n').length).toBe(RECORDS);
  expect(hidden()).toEqual([]);
});

test('one that was killed holds nothing', async () => {
  await killed(slowRun('a.csv'));
  expect(runOn('b.csv')).toMatchObject({ status: 0, stderr: '' });
  expect(published().toString()).toContain('"b"');
  expect(hidden()).toEqual([]);
});

test('one that was killed, and that nobody has noticed yet, holds nothing', async () => {
  // `sleep`, in the place of the shell, never asks for its children's ends: they stay as zombies.
  const slow = [process.execPath, command, ...args('a.csv', '--transform', path('slow.mjs'))].map((word) => `'${word}'`).join(' ');
  const parent = spawn('sh', ['-c', `${slow} & exec sleep 60`], { stdio: 'ignore', env: env() });
  try {
    process.kill(Number(claimOf(await atWork()).pid), 'SIGKILL');
    await sleep(200);
    expect(runOn('b.csv')).toMatchObject({ status: 0, stderr: '' });
  } finally {
    parent.kill();
  }
});

test('the id of a process that has ended, taken by another one, holds nothing', async () => {
  const { place, start } = claimOf(await killed(slowRun('a.csv')));
  const reused = `${PREFIX}${place}-${process.pid}-${start}-abc`;
  mkdirSync(path('out', reused, 'at-work'), { recursive: true });
  expect(runOn('b.csv')).toMatchObject({ status: 0, stderr: '' });
  expect(hidden()).toEqual([]);
});

test('a process that cannot be looked at, in another container, holds the folder as long as it shows that it lives', () => {
  const other = path('out', `${PREFIX}0123456789ab-1-1-abc`);
  mkdirSync(other, { recursive: true });

  const refused = runOn('b.csv');
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('which a run in another container, or on another machine, works in, or did a minute ago') });
  expect(existsSync(other)).toBe(true);
  const before = new Date(Date.now() - 61_000);
  utimesSync(other, before, before);
  expect(runOn('b.csv')).toMatchObject({ status: 0, stderr: '' });
  expect(hidden()).toEqual([]);
});

test('folders of other names stay', () => {
  mkdirSync(path('out', '.work-mine'), { recursive: true });
  expect(runOn('a.csv').status).toBe(0);
  expect(hidden()).toEqual(['.work-mine']);
  expect(parts().length).toBe(1);
});
