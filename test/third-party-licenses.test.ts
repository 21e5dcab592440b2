/** The licences of the bundles as `npx projen bundle` made them. */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const METAFILES = path.join(ROOT, '.local', 'metafiles');

const bundles = fs.readdirSync(path.join(ROOT, 'assets'));
const licenses = fs.readFileSync(path.join(ROOT, 'THIRD-PARTY-LICENSES'), 'utf8');

/** Names of the packages of which something is in the bundle. */
function packagesOf(bundle: string): string[] {
  const { outputs } = JSON.parse(fs.readFileSync(path.join(METAFILES, `${bundle}.json`), 'utf8')) as { outputs: Record<string, { inputs: object }> };
  const paths = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)).filter((input) => input.includes('node_modules/'));
  const names = paths.map((input) => input.split('node_modules/').at(-1)!.split('/')).map(([first, second]) => first.startsWith('@') ? `${first}/${second}` : first);
  return [...new Set(names)];
}

test.each(bundles)('each package in %s is named with its version and licence', (bundle) => {
  const packages = packagesOf(bundle);
  // The preflight command and the engine's part for synth know nothing of AWS.
  expect(packages.includes('@smithy/core')).toBe(!['check-schema', 'preflight'].includes(bundle));
  expect(packages.filter((name) => !new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\S* \\(\\S.*\\)$`, 'm').test(licenses))).toEqual([]);
});

test('the licence follows word for word', () => {
  const license = fs.readFileSync(path.join(ROOT, 'node_modules', 'mnemonist', 'LICENSE.txt'), 'utf8').trim();
  expect(license).toContain('Copyright');
  expect(licenses).toMatch(/^mnemonist /m);
  expect(licenses).toContain(license);
});

test('what the WebAssembly module is made with is named too', () => {
  expect(licenses).toMatch(/^assemblyscript \S+ \(Apache-2\.0\)$/m);
});

test('the file is in the package that is published', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', timeout: 60_000 })) as
    [{ files: Array<{ path: string }> }];
  expect(files.map((file) => file.path)).toEqual(expect.arrayContaining(['THIRD-PARTY-LICENSES', 'assets/process-chunk/index.js']));
});
