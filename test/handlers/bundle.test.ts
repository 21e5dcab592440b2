/** What makes cold starts slow, above all that of ProcessChunk. Needs `npx projen bundle`. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ASSETS = path.join(__dirname, '..', '..', 'assets');
const METAFILES = path.join(__dirname, '..', '..', '.local', 'metafiles');
const BUNDLE = path.join(ASSETS, 'process-chunk', 'index.js');
const MAX_BYTES = 700_000;
const run = promisify(execFile);

interface Import {
  readonly path: string;
  readonly kind: string;
  readonly external?: boolean;
}

interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly Import[] }>>;
  readonly outputs: Readonly<Record<string, { readonly inputs: object }>>;
}

async function inNewProcess(script: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--no-warnings', '-e', script, BUNDLE], { timeout: 30_000 });
  return stdout.trim();
}

test('ProcessChunk is small', () => {
  expect(statSync(BUNDLE).size).toBeLessThanOrEqual(MAX_BYTES);
});

test('ProcessChunk is read byte by byte: it is ASCII', () => {
  expect(readFileSync(BUNDLE).every((byte) => byte < 128)).toBe(true);
});

// esbuild would wrap every module that such an import reaches, most of the SDK among them, in a function of its own. The
// operator's command has no cold start, but every source of credentials.
test.each(readdirSync(ASSETS).filter((bundle) => bundle !== 'operator'))('%s has no package that is loaded by import()', (bundle) => {
  const { inputs, outputs } = JSON.parse(readFileSync(path.join(METAFILES, `${bundle}.json`), 'utf8')) as Metafile;
  const bundled = new Set(Object.values(outputs).flatMap((output) => Object.keys(output.inputs)));
  const loaded = Object.values(inputs).flatMap(({ imports }) => imports).filter(({ kind, external }) => kind === 'dynamic-import' && external !== true);
  expect(loaded.map((target) => target.path).filter((target) => bundled.has(target) && target.includes('node_modules/'))).toEqual([]);
});

test('ProcessChunk compiles no WebAssembly when it is loaded', async () => {
  expect(await inNewProcess(`
    for (const name of ['Module', 'Instance', 'Memory', 'compile', 'instantiate', 'validate']) {
      WebAssembly[name] = function () { throw new Error('WebAssembly.' + name + ' at load'); };
    }
    console.log(typeof require(process.argv[1]).handler);
  `)).toBe('function');
});
