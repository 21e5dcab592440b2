/** Shared by the tests of the command: a folder for its files, and access to what it writes and prints. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/preflight/main';
import { JobReport } from '../../src/steps/report';

const ROOT = join(__dirname, '..', '..');
export const BIN = join(ROOT, 'bin', 'csv-chunk-pipeline');
export const SCHEMA = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] };

/** A folder with `schema.json`, which exists from `open` to `remove`. */
export function workspace() {
  let directory: string;
  const path = (...names: string[]) => join(directory, ...names);
  const parts = () => (existsSync(path('out', 'output')) ? readdirSync(path('out', 'output')).sort() : []);
  return {
    path,
    open() {
      directory = mkdtempSync(join(tmpdir(), 'preflight-'));
      writeFileSync(path('schema.json'), JSON.stringify(SCHEMA));
    },
    remove() { rmSync(directory, { recursive: true }); },

    /** Arguments that run the command on a file of the folder. */
    args: (name: string, ...flags: string[]) => ['run', path(name), '--schema', path('schema.json'), '--out', path('out'), ...flags],

    /** Builds the command from the current sources. @returns its path */
    build(): string {
      mkdirSync(path('bin'));
      writeFileSync(path('bin', 'csv-chunk-pipeline'), readFileSync(BIN));
      execFileSync(join('node_modules', '.bin', 'esbuild'), [
        'src/preflight/main.ts', '--bundle', '--platform=node', '--target=node20', '--main-fields=module,main',
        `--outfile=${path('assets', 'preflight', 'index.js')}`, '--log-level=error',
      ], { cwd: ROOT });
      return path('bin', 'csv-chunk-pipeline');
    },

    report: () => JSON.parse(readFileSync(path('out', 'report.json'), 'utf8')) as JobReport,
    parts,
    published: () => Buffer.concat(parts().map((name) => readFileSync(path('out', 'output', name)))),
    rejected: () => readFileSync(path('out', 'quarantine', 'rejected.csv'), 'utf8'),
  };
}

/** Runs the command in this process, with a new workspace for each test. */
export function commandInWorkspace() {
  const files = workspace();
  const said = { stdout: '', stderr: '' };

  beforeEach(() => {
    files.open();
    for (const stream of ['stdout', 'stderr'] as const) {
      said[stream] = '';
      jest.spyOn(process[stream], 'write').mockImplementation((text) => { said[stream] += String(text); return true; });
    }
  });

  afterEach(() => {
    jest.restoreAllMocks();
    files.remove();
  });

  return {
    ...files,
    said,
    /** @returns the exit status */
    run: async (name: string, content: string | Buffer, ...flags: string[]) => {
      writeFileSync(files.path(name), content);
      return main(files.args(name, ...flags));
    },
  };
}
