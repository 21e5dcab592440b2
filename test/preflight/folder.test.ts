/** Folders that do not take the results: one clear sentence, and nothing half is left visible. Real processes. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspace } from './workspace';

const { open, remove, build, path, args, report } = workspace();
let command: string;

beforeAll(() => {
  open();
  command = build();
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

  test('a folder of somebody else', () => {
    // For root every folder can be written: it becomes somebody else.
    const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
    try {
      cpSync(path('.'), folder, { recursive: true });
      chmodSync(folder, 0o755);
      mkdirSync(join(folder, 'mine'), { mode: 0o555 });
      const options = process.getuid!() === 0 ? { uid: 65534 } : {};
      const { status, stderr } = spawnSync(process.execPath,
        [join(folder, 'bin', 'csv-chunk-pipeline'), 'run', join(folder, 'in.csv'), '--schema', join(folder, 'schema.json'), '--out', join(folder, 'mine', 'out')],
        { encoding: 'utf8', ...options });
      expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`got ${join(folder, 'mine', 'out')}: no right to write there (EACCES)`) });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  // In Linux, memory: another file system than that of the folder.
  test.each(['output', 'quarantine'])('%s/ on another file system; what an earlier run has left stays', (name) => {
    expect(run(path('out')).status).toBe(0);
    const elsewhere = mkdtempSync('/dev/shm/preflight-');
    try {
      rmSync(path('out', name), { recursive: true });
      symlinkSync(elsewhere, path('out', name));
      const { status, stderr } = run(path('out'));
      expect(stderr).toContain(`expected ${path('out', name)} to be a folder that results can be moved to, got another file system, to which nothing is moved (EXDEV)`);
      expect(status).toBe(2);
      expect(readdirSync(elsewhere)).toEqual([]);
      expect(readdirSync(path('out')).sort()).toEqual(['output', 'quarantine', 'report.json']);
    } finally {
      rmSync(elsewhere, { recursive: true });
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
