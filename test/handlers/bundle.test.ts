/** What a cold start of ProcessChunk pays for. Needs `npx projen bundle`. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const BUNDLE = path.join(__dirname, '..', '..', 'assets', 'process-chunk', 'index.js');
const MAX_BYTES = 700_000;
const run = promisify(execFile);

async function inNewProcess(script: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--no-warnings', '-e', script, BUNDLE], { timeout: 30_000 });
  return stdout.trim();
}

test('is small', () => {
  expect(statSync(BUNDLE).size).toBeLessThanOrEqual(MAX_BYTES);
});

test('compiles no WebAssembly when it is loaded', async () => {
  expect(await inNewProcess(`
    for (const name of ['Module', 'Instance', 'Memory', 'compile', 'instantiate', 'validate']) {
      WebAssembly[name] = function () { throw new Error('WebAssembly.' + name + ' at load'); };
    }
    console.log(typeof require(process.argv[1]).handler);
  `)).toBe('function');
});
