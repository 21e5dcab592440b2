/** Folders that do not take the results: one clear sentence, and nothing half is left visible. Real processes. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspace } from './workspace';

const { open, remove, build, path, args, report } = workspace();
let command: string;

beforeAll(() => {
  open();
  command = build();
  writeFileSync(path('mine.txt'), 'mine');
  writeFileSync(path('in.csv'), 'id,text\n' + '1,a\n'.repeat(100_000));
});
afterAll(remove);
beforeEach(() => rmSync(path('out'), { recursive: true, force: true }));

function run(out: string, options: { env?: NodeJS.ProcessEnv; uid?: number } = {}, ...flags: string[]) {
  return spawnSync(process.execPath, [command, ...args('in.csv', '--chunk-size', '256KiB', ...flags), '--out', out],
    { encoding: 'utf8', timeout: 20_000, ...options });
}

const refused = (out: string, reason: string) => ({
  status: 2, stdout: '', stderr: `csv-chunk-pipeline: expected --out to name a folder that can be written, got ${out}: ${reason}\ncsv-chunk-pipeline: see csv-chunk-pipeline --help\n`,
});

describe('a folder within the results of another run, or around them', () => {
  test('is refused: who reads the one would read the other, too', () => {
    expect(run(path('out')).status).toBe(0);
    const within = path('out', 'output', 'more');
    const { status, stderr } = run(within);
    expect(stderr).toContain(`expected --out to name a folder that lies in no results of another run, got ${within}, which lies in ${path('out', 'output')}: name another folder`);
    expect(status).toBe(2);
    expect(report()).toMatchObject({ status: 'SUCCEEDED' });

    rmSync(path('out'), { recursive: true });
    expect(run(path('out', 'output', '2026', 'may')).status).toBe(0);
    expect(run(path('out'))).toMatchObject({ status: 2, stderr: expect.stringContaining(`got those of another, whose --out is ${path('out', 'output', '2026', 'may')}: `) });

    rmSync(path('out'), { recursive: true });
    expect(run(path('out', 'quarantine')).status).toBe(0);
    expect(run(path('out'))).toMatchObject({ status: 2, stderr: expect.stringContaining(`expected ${path('out', 'quarantine')} to be for the results of one run, got those of another`) });
    expect(existsSync(path('out', 'quarantine', 'report.json'))).toBe(true);
  });

  test('is taken where the other run was killed before it had results', () => {
    mkdirSync(path('out', 'output', '.csv-chunk-pipeline-work-0123456789ab-1-1-abcdef', 'at-work'), { recursive: true });
    utimesSync(path('out', 'output', '.csv-chunk-pipeline-work-0123456789ab-1-1-abcdef'), 0, 0);
    expect(run(path('out')).status).toBe(0);
  });

  test('is taken where the report around it is of another program', () => {
    mkdirSync(path('out'));
    writeFileSync(path('out', 'report.json'), '{"tests": 3}');
    expect(run(path('out', 'output')).status).toBe(0);
  });
});

test('a folder whose name begins as a work folder does is somebody\'s own', () => {
  mkdirSync(path('out', '.csv-chunk-pipeline-work-mine'), { recursive: true });
  expect(run(path('out')).status).toBe(0);
  expect(existsSync(path('out', '.csv-chunk-pipeline-work-mine'))).toBe(true);
});

describe('bad usage, told at once', () => {
  test('a place that takes no folder: /proc', () => {
    expect(run('/proc/foo')).toMatchObject(refused('/proc/foo', 'a place that takes no folder, such as a link to nothing (ENOENT)'));
  });

  test.each(['link', 'link/below'])('a link to nothing: %s', (out) => {
    rmSync(path('link'), { force: true });
    symlinkSync('/nowhere', path('link'));
    expect(run(path(out))).toMatchObject(refused(path(out), 'a place that takes no folder, such as a link to nothing (ENOENT)'));
  });

  test.each(['in.csv', 'in.csv/below'])('a file: %s', (out) => {
    expect(run(path(out))).toMatchObject(refused(path(out), 'a file in place of a folder (ENOTDIR)'));
  });

  test('a name that is too long', () => {
    const out = path('x'.repeat(300));
    expect(run(out)).toMatchObject(refused(out, 'a name that is too long (ENAMETOOLONG)'));
  });

  /** For root every folder can be written: it becomes somebody else, over a copy of the workspace. */
  function asSomebodyElse(prepare: (folder: string) => void): { folder: string; status: number | null; stderr: string } {
    const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
    try {
      cpSync(path('.'), folder, { recursive: true });
      chmodSync(folder, 0o755);
      mkdirSync(join(folder, 'mine'));
      prepare(join(folder, 'mine'));
      const options = process.getuid!() === 0 ? { uid: 65534 } : {};
      const { status, stderr } = spawnSync(process.execPath,
        [join(folder, 'bin', 'csv-chunk-pipeline'), 'run', join(folder, 'in.csv'), '--schema', join(folder, 'schema.json'), '--out', join(folder, 'mine', 'out')],
        { encoding: 'utf8', ...options });
      return { folder: join(folder, 'mine', 'out'), status, stderr };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('a folder of somebody else', () => {
    const { folder, status, stderr } = asSomebodyElse((mine) => chmodSync(mine, 0o555));
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`got ${folder}: no right to write there (EACCES)`) });
  });

  test('parts of an earlier run that cannot be listed, and so would stay beside the new ones', () => {
    const { folder, status, stderr } = asSomebodyElse((mine) => {
      mkdirSync(join(mine, 'out', 'output'), { recursive: true });
      writeFileSync(join(mine, 'out', 'output', 'part-00009.jsonl'), 'of an earlier run');
      chmodSync(join(mine, 'out'), 0o777);
      chmodSync(join(mine, 'out', 'output'), 0o333);
    });
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`expected ${join(folder, 'output')} to be a folder whose files can be listed, because those of an earlier run are replaced, got none that can be read (EACCES)`) });
  });

  test('a result of somebody else, which cannot be taken away', () => {
    const { folder, status, stderr } = asSomebodyElse((mine) => {
      mkdirSync(join(mine, 'out', 'quarantine'), { recursive: true });
      writeFileSync(join(mine, 'out', 'quarantine', 'rejected.csv'), '');
      chmodSync(join(mine, 'out'), 0o777);
      chmodSync(join(mine, 'out', 'quarantine'), 0o555);
    });
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`expected ${join(folder, 'quarantine')} to be a folder that results can be moved to, got no right to write there (EACCES)`) });
  });

  // As in /tmp: everybody may write, and take away what is theirs alone. Only root can make what is somebody else's.
  (process.getuid!() === 0 ? test : test.skip)('a result of somebody else, in a folder of all', () => {
    const { folder, status, stderr } = asSomebodyElse((mine) => {
      mkdirSync(join(mine, 'out'));
      writeFileSync(join(mine, 'out', 'report.json'), '{}');
      chmodSync(join(mine, 'out'), 0o1777);
    });
    expect({ status, stderr }).toMatchObject({
      status: 2, stderr: expect.stringContaining(`expected ${join(folder, 'report.json')} to be removed, as results before a run's own are, got no right to write there (EPERM): name another folder as --out`),
    });
  });

  test.each(['output', 'quarantine'])('%s/ on another file system; what an earlier run has left stays', (name) => {
    expect(run(path('out')).status).toBe(0);
    // A mount, which a test cannot make, is this to those who move files to it.
    writeFileSync(path('mounted.js'), `
      const fs = require('node:fs/promises');
      const { rename } = fs;
      fs.rename = async (from, to) => {
        if (!to.startsWith(${JSON.stringify(path('out', name))})) return rename(from, to);
        throw Object.assign(new Error('EXDEV: cross-device link not permitted, rename'), { code: 'EXDEV', syscall: 'rename' });
      };`);
    const { status, stderr } = run(path('out'), { env: { ...process.env, NODE_OPTIONS: `--require ${path('mounted.js')}` } });
    expect(stderr).toContain(`expected ${path('out', name)} to be a folder that results can be moved to, got another file system, to which nothing is moved (EXDEV)`);
    expect(status).toBe(2);
    expect(readdirSync(path('out')).sort()).toEqual(['output', 'quarantine', 'report.json']);
  });

  test('a file that looks like one of the results, and that no report names, stays', () => {
    const quarantine = (name: string) => path('out', 'quarantine', name);
    const mine = ['rejected-1.csv', 'rejected-2.csv', 'rejected-20241105.csv'];
    mkdirSync(path('out', 'quarantine'), { recursive: true });
    for (const name of mine) writeFileSync(quarantine(name), 'mine');
    expect(run(path('out')).status).toBe(0);
    expect(readdirSync(path('out', 'quarantine')).sort()).toEqual([...mine, 'rejected.csv'].sort());

    // As an earlier run has it whose rejected records take three files. What a report says of other places is not a run's.
    const named = ['quarantine/rejected-2.csv', 'quarantine/rejected-3.csv', 'quarantine/rejected-1.csv', '../mine.txt', 'quarantine/../../mine.txt', 7];
    writeFileSync(path('out', 'report.json'), JSON.stringify({ ...report(), furtherRejectedKeys: named }));
    writeFileSync(quarantine('rejected-3.csv'), 'of an earlier run');
    expect(run(path('out')).status).toBe(0);
    expect(readdirSync(path('out', 'quarantine')).sort()).toEqual(['rejected-1.csv', 'rejected-20241105.csv', 'rejected.csv']);
    expect(existsSync(path('mine.txt'))).toBe(true);
  });

  test.each(['not JSON', 'null', '{"furtherRejectedKeys":7}'])('a report.json of %s names no further results', (text) => {
    mkdirSync(path('out', 'quarantine'), { recursive: true });
    writeFileSync(path('out', 'report.json'), text);
    writeFileSync(path('out', 'quarantine', 'rejected-2.csv'), 'mine');
    expect(run(path('out')).status).toBe(0);
    expect(existsSync(path('out', 'quarantine', 'rejected-2.csv'))).toBe(true);
  });

  // In Linux, memory: another file system than that of the link.
  test('--out, a link to a folder on another file system, is a folder as any other', () => {
    const elsewhere = mkdtempSync('/dev/shm/preflight-');
    try {
      symlinkSync(elsewhere, path('out'));
      expect(run(path('out')).status).toBe(0);
      expect(readdirSync(elsewhere).sort()).toEqual(['output', 'quarantine', 'report.json']);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  const MAKE: Record<string, (place: string) => void> = {
    'a folder': (place) => mkdirSync(place),
    'a link to nothing': (place) => symlinkSync('/nowhere', place),
    'a link to a file': (place) => symlinkSync(path('mine.txt'), place),
    'a named pipe': (place) => { expect(spawnSync('mkfifo', [place]).status).toBe(0); },
  };
  test.each(['report.json', 'quarantine/rejected.csv', 'output/part-00007.jsonl'].flatMap((name) => Object.keys(MAKE).map((kind) => [name, kind] as const)))(
    '%s is %s; what an earlier run has left stays', (name, kind) => {
      expect(run(path('out')).status).toBe(0);
      const before = readdirSync(path('out', 'output'));
      rmSync(path('out', name), { force: true });
      MAKE[kind](path('out', name));
      const { status, stderr } = run(path('out'));
      expect(stderr).toBe(`csv-chunk-pipeline: expected ${path('out', name)} to be a file, which the run replaces, or nothing, got ${kind.replace(/ to .*/, '')}: `
        + 'move it away, or name another folder as --out\ncsv-chunk-pipeline: see csv-chunk-pipeline --help\n');
      expect(status).toBe(2);
      expect(lstatSync(path('out', name)).isFile()).toBe(false);
      expect(readdirSync(path('out', 'output'))).toEqual(expect.arrayContaining(before));
      expect(readdirSync(path('out')).filter((entry) => entry.startsWith('.'))).toEqual([]);
    });

  // Two runs whose places of results are one are not seen by each other: a claim is one to the folder of --out.
  test.each(['output', 'quarantine'])('%s/ is a link; what an earlier run has left stays', (name) => {
    expect(run(path('out')).status).toBe(0);
    const shared = mkdtempSync(join(tmpdir(), 'preflight-'));
    try {
      rmSync(path('out', name), { recursive: true });
      symlinkSync(shared, path('out', name));
      const { status, stderr } = run(path('out'));
      expect(stderr).toContain(`expected ${path('out', name)} to be a folder of its own, got a link: another run, with another --out, may write to where it leads; `
        + 'make it a folder, or name one as --out that lies where the results are to be');
      expect(status).toBe(2);
      expect(readdirSync(shared)).toEqual([]);
      expect(readdirSync(path('out')).sort()).toEqual(['output', 'quarantine', 'report.json']);
    } finally {
      rmSync(shared, { recursive: true });
    }
  });

  test('a file in place of output/', () => {
    mkdirSync(path('out'));
    writeFileSync(path('out', 'output'), 'mine');
    const { status, stderr } = run(path('out'));
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`expected ${path('out', 'output')} to be a folder that results can be moved to, got a file in place of a folder (ENOTDIR)`) });
    expect(readdirSync(path('out'))).toEqual(['output']);
  });
});

test('results that are taken away go without their report first: what is left, should that be broken off, counts for nothing', () => {
  expect(run(path('out')).status).toBe(0);
  writeFileSync(path('broken.js'), `
    const fs = require('node:fs/promises');
    const { rename } = fs;
    fs.rename = async (from, to) => { if (/part-\\d+/.test(from)) process.exit(9); return rename(from, to); };`);
  expect(run(path('out'), { env: { ...process.env, NODE_OPTIONS: `--require ${path('broken.js')}` } }).status).toBe(9);
  expect(readdirSync(path('out', 'output')).length).toBeGreaterThan(1);
  expect(existsSync(path('out', 'report.json'))).toBe(false);
});

describe('a disk that becomes full', () => {
  /** Makes writes fail as the kernel does, once so many bytes are written, in each thread: at the calls that reach it. */
  function full(after: number): { env: NodeJS.ProcessEnv } {
    writeFileSync(path('full.js'), `
      const fs = require('node:fs/promises');
      let left = ${after};
      for (const name of ['appendFile', 'writeFile']) {
        const original = fs[name];
        fs[name] = async (file, data, ...rest) => {
          left -= data.length;
          if (left >= 0) return original(file, data, ...rest);
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
        };
      }`);
    return { env: { ...process.env, NODE_OPTIONS: `--require ${path('full.js')}` } };
  }

  test.each(['1', '2'])('in the middle: the report says so, and nothing else is there (%s threads)', (threads) => {
    const { status, stderr } = run(path('out'), full(1_000_000), '--concurrency', threads);
    expect(stderr).toBe(`csv-chunk-pipeline: the job failed, nothing is published (infrastructure): DiskFault: expected ${path('out')} to take what the run writes, `
      + 'got a disk that is full (ENOSPC)\n');
    expect(status).toBe(1);
    expect(report()).toMatchObject({ status: 'FAILED', errorCode: 'infrastructure' });
    expect(readdirSync(path('out'))).toEqual(['report.json']);
  });

  test('before the first byte: a sentence, and nothing is there', () => {
    const { status, stderr } = run(path('out'), full(0));
    expect(stderr).toBe(`csv-chunk-pipeline: nothing is published, and no report is written: expected ${path('out')} to take what the run writes, got a disk that is full (ENOSPC)\n`);
    expect(status).toBe(1);
    expect(existsSync(path('out')) ? readdirSync(path('out')) : []).toEqual([]);
  });

  test('a limit to the size of files, which the kernel holds', () => {
    const words = [process.execPath, command, ...args('in.csv')].map((word) => `'${word}'`).join(' ');
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f 8; exec ${words}`], { encoding: 'utf8' });
    expect(stderr).toContain(`expected ${path('out')} to take what the run writes, got a limit to the size of files (EFBIG)`);
    expect(status).toBe(1);
    expect(readdirSync(path('out'))).toEqual(['report.json']);
  });
});
