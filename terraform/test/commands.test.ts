/** `npm run synth` and `npm run package`, as they are called. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { KEPT, newApp, SETTINGS, synthesize } from './synthesized';

const PACKAGE = path.join(__dirname, '..');
const { outdir: temporary } = newApp();

function run(script: string, argument: string) {
  const env = { ...process.env, CDKTF_OUTDIR: path.join(temporary, 'out'), TZ: 'Pacific/Auckland' };
  return spawnSync('npm', ['run', '--silent', script, '--', argument], { cwd: PACKAGE, encoding: 'utf8', timeout: 5 * 60_000, env });
}

function settingsFile(content: object): string {
  const file = path.join(temporary, 'settings.json');
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

/** Path and hash of every file. */
function contentsOf(directory: string): Record<string, string> {
  const files = fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((entry) => path.join(entry.parentPath, entry.name)).sort().map((file) => [
    path.relative(directory, file), createHash('sha256').update(fs.readFileSync(file)).digest('hex'),
  ]));
}

test('synth writes each stack of the settings, and its archives', () => {
  const second = { ...SETTINGS, environmentSuffix: 'prod', backend: { ...SETTINGS.backend, key: 'prod.tfstate' } };
  const { status, stderr } = run('synth', settingsFile({ Tap: SETTINGS, Prod: second }));
  expect([status, stderr]).toEqual([0, '']);
  for (const [stack, key] of [['Tap', SETTINGS.backend.key], ['Prod', 'prod.tfstate']]) {
    const directory = path.join(temporary, 'out', 'stacks', stack);
    const { terraform, resource } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.tf.json'), 'utf8'));
    expect(terraform.backend.s3.key).toBe(key);
    for (const { filename } of Object.values<any>(resource.aws_lambda_function)) expect(fs.existsSync(path.join(directory, filename))).toBe(true);
  }
  // What another process writes, at another time and in another time zone, is the same, the archives to the byte.
  const [written, here] = [path.join(temporary, 'out', 'stacks', 'Tap'), synthesize(KEPT).directory].map((directory) => {
    const { 'cdk.tf.json': _, ...archives } = contentsOf(directory);
    const { '//': __, ...config } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.tf.json'), 'utf8'));
    return { archives, config };
  });
  expect(written).toEqual(here);
}, 5 * 60_000);

test('synth lays the lock file beside the settings into each stack', () => {
  const lock = path.join(temporary, '.terraform.lock.hcl');
  fs.writeFileSync(lock, 'provider "x" {}');
  try {
    expect(run('synth', settingsFile({ Tap: SETTINGS }))).toMatchObject({ status: 0, stderr: '' });
    expect(fs.readFileSync(path.join(temporary, 'out', 'stacks', 'Tap', '.terraform.lock.hcl'), 'utf8')).toBe('provider "x" {}');
  } finally {
    fs.rmSync(lock);
  }
}, 5 * 60_000);

test.each([
  ['wrong settings', { Tap: { ...SETTINGS, accountId: '1' } }, 'accountId must be 12 digits in a text, got "1"\n'],
  ['what the construct refuses', { Tap: { ...SETTINGS, environmentSuffix: 'Test' } }, 'environmentSuffix must be lower-case letters, digits and hyphens, got "Test"\n'],
])('synth says %s in one line', (_, settings, message) => {
  expect(run('synth', settingsFile(settings))).toMatchObject({ status: 1, stderr: message });
}, 5 * 60_000);

test('a fault of the program is shown whole', () => {
  const fault = path.join(temporary, 'fault.ts');
  fs.writeFileSync(fault, `import { runProgram } from ${JSON.stringify(path.join(PACKAGE, 'lib', 'run-program'))};\nrunProgram(() => { throw new TypeError('no such thing'); });\n`);
  const { status, stderr } = spawnSync(process.execPath, [require.resolve('tsx/cli'), fault], { encoding: 'utf8', timeout: 60_000 });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^TypeError: no such thing\n\s+at .*fault\.ts:2/)]);
}, 60_000);

test('package writes what is needed without the CDK: the configuration, the archives, how to use them, the command, and the licenses', () => {
  const directory = path.join(temporary, 'shipped');
  const { status, stderr } = run('package', directory);
  expect([status, stderr]).toEqual([0, '']);
  const files = Object.keys(contentsOf(directory));
  const { version } = JSON.parse(fs.readFileSync(path.join(PACKAGE, '..', 'package.json'), 'utf8'));
  const { resource } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.tf.json'), 'utf8'));
  const archives = Object.values<any>(resource.aws_lambda_function).map(({ filename }) => filename);
  const command = ['bin/csv-chunk-pipeline', 'assets/operator/index.js', 'assets/preflight/index.js'];
  expect(files.sort()).toEqual(['LICENSE', 'README.md', 'THIRD-PARTY-LICENSES', 'cdk.tf.json', ...command, ...archives].sort());
  for (const [args, usage] of [[['jobs', '--help'], 'csv-chunk-pipeline jobs'], [['run', '--help'], 'csv-chunk-pipeline run']] as const) {
    const called = spawnSync(path.join(directory, command[0]), args, { cwd: temporary, encoding: 'utf8', timeout: 60_000 });
    expect([called.status, called.stdout]).toEqual([0, expect.stringContaining(`Usage: ${usage}`)]);
  }
  const read = (file: string) => fs.readFileSync(path.join(directory, file), 'utf8');
  expect(read('LICENSE')).toContain('Apache License');
  // Of a package that the archives hold.
  expect(read('THIRD-PARTY-LICENSES')).toMatch(/@aws-sdk\/client-s3[^]*Apache License/);
  expect([read('README.md').split('\n')[2], JSON.parse(read('cdk.tf.json')).output.version.value]).toEqual([`Version ${version}.`, version]);
  expect(fs.readdirSync(path.dirname(directory)).filter((name) => name.startsWith('shipped'))).toEqual(['shipped']);

  // It takes the place of an earlier result.
  const contents = contentsOf(directory);
  fs.writeFileSync(path.join(directory, 'LICENSE'), 'of an earlier result');
  expect(run('package', directory)).toMatchObject({ status: 0, stderr: '' });
  expect(contentsOf(directory)).toEqual(contents);
}, 5 * 60_000);

describe('package deletes nothing that is not its own', () => {
  const refused = (directory: string, held: string) => expect(run('package', directory)).toMatchObject({
    status: 1, stderr: `directory must be new, empty or an earlier result, got ${directory}, which holds ${held}\n`,
  });

  test.each([
    ['of somebody else', ['notes.txt']],
    ['with a result and something else', ['cdk.tf.json', 'terraform.tfstate']],
    ['with a part of a result', ['README.md', 'cdk.tf.json']],
  ])('a directory %s', (_, files) => {
    const directory = fs.mkdtempSync(path.join(temporary, 'theirs-'));
    for (const file of files) fs.writeFileSync(path.join(directory, file), 'theirs');
    refused(directory, files[0]);
    expect(fs.readdirSync(directory)).toEqual(files);
    for (const file of files) expect(fs.readFileSync(path.join(directory, file), 'utf8')).toBe('theirs');
  }, 5 * 60_000);

  test('a file', () => {
    const file = path.join(temporary, 'a-file');
    fs.writeFileSync(file, 'theirs');
    refused(file, file);
    expect(fs.readFileSync(file, 'utf8')).toBe('theirs');
  }, 5 * 60_000);
});
