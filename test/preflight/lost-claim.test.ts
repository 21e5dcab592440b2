/** A run that has lost its folder to another one, for example because its container was paused, leaves the other's results alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { promises, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { workspace } from './workspace';
import { showLife } from '../../src/preflight/folder-claim';
import { LocalOutputStore } from '../../src/preflight/local-output';

const { open, remove, build, path, args } = workspace();
const KEY = 'output/ingest_date=2026-01-01/file_id=f/part-00000.jsonl';
const SILENT_MS = 61_000;
const never = new AbortController().signal;
const stores: LocalOutputStore[] = [];

beforeEach(open);
afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  for (const store of stores.splice(0)) await store.close();
  remove();
});

const openStore = async () => {
  const store = await LocalOutputStore.open(path('out'), never);
  stores.push(store);
  return store;
};

/** A store whose claim is one of another container. */
async function foreignStore(): Promise<LocalOutputStore> {
  const own = await openStore();
  const { directory, workDirectory } = own.folders;
  const foreign = workDirectory.replace(basename(workDirectory), basename(workDirectory).replace(/work-[0-9a-f]{12}/, 'work-0123456789ab'));
  renameSync(workDirectory, foreign);
  return new LocalOutputStore({ directory, workDirectory: foreign });
}

async function publish(store: LocalOutputStore, text: string): Promise<void> {
  const id = await store.openUpload(KEY, { contentType: '' });
  await store.uploadPart(KEY, id, 1, Buffer.from(text));
  await store.completeUpload(KEY, id);
}

function silence({ folders: { workDirectory } }: LocalOutputStore): void {
  const before = new Date(Date.now() - SILENT_MS);
  utimesSync(workDirectory, before, before);
}

const publishedPart = () => readFileSync(path('out', 'output', 'part-00000.jsonl'), 'utf8');
const LOST = /^expected .*out to stay this run's folder to its end, got one whose work folder is gone: .* run it again/;

describe('a run that was silent for a minute, and whose folder another one has taken', () => {
  async function lost() {
    const a = await foreignStore();
    const id = await a.openUpload(KEY, { contentType: '' });
    await a.uploadPart(KEY, id, 1, Buffer.from('of a\n'));
    silence(a);
    const b = await openStore();
    expect(existsSync(a.folders.workDirectory)).toBe(false);
    await publish(b, 'of b\n');
    return { a, id };
  }

  test('cleans up nothing of the other one\'s', async () => {
    const { a } = await lost();
    await a.unpublish();
    await a.removeResults();
    await a.close();
    expect(publishedPart()).toBe('of b\n');
  });

  test('publishes nothing, and says what has happened', async () => {
    const { a, id } = await lost();
    await expect(a.completeUpload(KEY, id).then((isDone) => { if (!isDone) throw new Error('not there'); })).rejects.toThrow();
    await expect(a.put('reports/f.json', '{}')).rejects.toThrow(LOST);
    await expect(a.openUpload(KEY, { contentType: '' })).rejects.toThrow(LOST);
    await expect(a.report()).rejects.toThrow();
    expect(publishedPart()).toBe('of b\n');
    expect(readdirSync(path('out'))).not.toContain('report.json');
  });

  test('does not come back by a folder that it makes', async () => {
    const { a } = await lost();
    // As if the folder had been taken after the file was written, and before it is moved.
    const { workDirectory } = a.folders;
    const { move } = Object.getPrototypeOf(a) as { move(from: string, to: string): Promise<void> };
    await expect(move.call(a, join(workDirectory, 'put-1'), join(workDirectory, 'work', 'f', 'manifest.json'))).rejects.toThrow('ENOENT');
    expect(existsSync(workDirectory)).toBe(false);
  });
});

test('a clock that is a minute ahead takes nobody\'s folder', async () => {
  const a = await foreignStore();
  await publish(a, 'of a\n');
  const ahead = Date.now() + SILENT_MS;
  jest.spyOn(Date, 'now').mockReturnValue(ahead);
  await expect(LocalOutputStore.open(path('out'), never)).rejects.toThrow('which a run in another container, or on another machine, works in');
  expect(publishedPart()).toBe('of a\n');
  expect(existsSync(a.folders.workDirectory)).toBe(true);
});

describe('a look at a claim that fails, as on a disk with faults, takes it for one that is there', () => {
  const fails = (name: 'access' | 'stat', of: RegExp) => {
    const original = promises[name] as (place: string) => Promise<unknown>;
    const looks: string[] = [];
    jest.spyOn(promises as { [of in typeof name]: typeof original }, name).mockImplementation(async (place) => {
      if (!of.test(place)) return original(place);
      looks.push(place);
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    });
    return looks;
  };
  /** It began later than this process, which would wait for it to go, did it not work already. */
  const younger = () => {
    const name = '.csv-chunk-pipeline-work-0123456789ab-1-999999999999-abc';
    mkdirSync(path('out', name), { recursive: true });
    return name;
  };

  test('of another run: it is at work, and the folder is in use', async () => {
    const looks = fails('access', new RegExp(`${younger()}/at-work$`));
    await expect(LocalOutputStore.open(path('out'), never)).rejects.toThrow('wait for its end, or name another folder');
    expect(looks.length).toBe(1);
  });

  test('of another run in another container: it is not taken for silent', async () => {
    const name = younger();
    fails('access', /at-work$/);
    fails('stat', new RegExp(`${name}$`));
    await expect(LocalOutputStore.open(path('out'), never)).rejects.toThrow('wait for its end, or name another folder');
    expect(existsSync(path('out', name))).toBe(true);
  });

  test('of this run: it is not lost', async () => {
    const store = await openStore();
    fails('access', /at-work$/);
    await store.checkClaim();
  });
});

describe('signs of life', () => {
  const signs = () => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask', 'hrtime', 'performance'] });

  test('have the time of the file system, not of a clock that is an hour behind', async () => {
    const { folders: { workDirectory } } = await openStore();
    const realNow = Date.now();
    signs().setSystemTime(realNow - 3_600_000);
    const before = new Date(realNow - SILENT_MS);
    utimesSync(workDirectory, before, before);
    const end = showLife(workDirectory, () => { throw new Error('not lost'); });
    jest.advanceTimersByTime(10_000);
    for (let looks = 0; looks < 100 && statSync(workDirectory).mtimeMs < realNow - 10_000; looks++) await sleep(20);
    end();
    expect(Math.abs(statSync(workDirectory).mtimeMs - realNow)).toBeLessThan(10_000);
  });

  test('find that the folder is gone', async () => {
    const { folders: { workDirectory } } = await openStore();
    signs();
    rmSync(workDirectory, { recursive: true });
    let isLost = false;
    const end = showLife(workDirectory, () => { isLost = true; });
    jest.advanceTimersByTime(10_000);
    for (let looks = 0; looks < 100 && !isLost; looks++) await sleep(20);
    end();
    expect(isLost).toBe(true);
    expect(existsSync(workDirectory)).toBe(false);
  });
});

describe('the command, once its work folder is gone', () => {
  async function robbed(...flags: string[]) {
    const command = build();
    writeFileSync(path('a.csv'), 'id,text\n' + '1,a\n'.repeat(100));
    const saysSo = `import { writeFileSync } from 'node:fs'; const called = () => writeFileSync(${JSON.stringify(path('called'))}, '');`;
    writeFileSync(path('slow.mjs'), `${saysSo} export default async (record) => { called(); await new Promise((resolve) => setTimeout(resolve, 100)); return record; };`);
    writeFileSync(path('pending.mjs'), `${saysSo} export default () => { called(); return new Promise((resolve) => setTimeout(resolve, 60_000)); };`);
    const run = spawn(process.execPath, [command, ...args('a.csv', ...flags.map((flag) => flag.endsWith('.mjs') ? path(flag) : flag))], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    run.stderr.on('data', (text) => { stderr += text; });
    const ended = once(run, 'close');
    while (run.exitCode === null && !existsSync(path('called'))) await sleep(10);
    // As the other run does it.
    renameSync(path('out', readdirSync(path('out')).find((name) => name.startsWith('.'))!), path('taken'));
    mkdirSync(path('out', 'output'), { recursive: true });
    writeFileSync(path('out', 'output', 'part-00000.jsonl'), 'of b\n');
    writeFileSync(path('out', 'report.json'), '{"status":"SUCCEEDED"}');
    const [status] = await ended;
    return { status, stderr };
  }

  test.each(['slow.mjs', 'pending.mjs'])('ends with 1, says so, and leaves what is there: %s', async (transform) => {
    const { status, stderr } = await robbed('--transform', transform, '--transform-timeout', '60');
    expect(stderr).toMatch(/got one whose work folder is gone: .* run it again/);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
    expect(status).toBe(1);
    expect(publishedPart()).toBe('of b\n');
    expect(readFileSync(path('out', 'report.json'), 'utf8')).toBe('{"status":"SUCCEEDED"}');
    expect(readdirSync(path('out')).sort()).toEqual(['output', 'report.json']);
  }, 60_000);
});

test('a run that leaves no report takes away the further files of rejected records that it has written', async () => {
  const store = await openStore();
  mkdirSync(path('out', 'quarantine'));
  writeFileSync(path('out', 'quarantine', 'rejected-3.csv'), 'mine');
  for (const name of ['rejected.csv', 'rejected-2.csv']) await store.put(`quarantine/file_id=f/${name}`, 'x');
  await store.removeResults();
  expect(readdirSync(path('out', 'quarantine'))).toEqual(['rejected-3.csv']);
});
