/** `npm run synth` and `npm run package`, as they are called. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { newApp, SETTINGS, synthesize } from './synthesized';

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
  const [written, here] = [path.join(temporary, 'out', 'stacks', 'Tap'), synthesize(SETTINGS).directory].map((directory) => {
    const { 'cdk.tf.json': _, ...archives } = contentsOf(directory);
    const { '//': __, ...config } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.tf.json'), 'utf8'));
    return { archives, config };
  });
  expect(written).toEqual(here);
}, 5 * 60_000);

test('synth refuses wrong settings in one line', () => {
  const { status, stderr } = run('synth', settingsFile({ Tap: { ...SETTINGS, region: 'us-est-1' } }));
  expect([status, stderr]).toEqual([1, 'region must be a region of AWS such as "us-east-1", got "us-est-1"\n']);
}, 5 * 60_000);

test('package writes what is needed without the CDK: the configuration, the archives, how to use them, the command, and the licenses', () => {
  const directory = path.join(temporary, 'shipped');
  const { status, stderr } = run('package', directory);
  expect([status, stderr]).toEqual([0, '']);
  const files = Object.keys(contentsOf(directory));
  const { resource } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.tf.json'), 'utf8'));
  const archives = Object.values<any>(resource.aws_lambda_function).map(({ filename }) => filename);
  const command = ['bin/csv-chunk-pipeline', 'assets/operator/index.js', 'assets/preflight/index.js'];
  expect(files.sort()).toEqual(['LICENSE', 'README.md', 'THIRD-PARTY-LICENSES', 'cdk.tf.json', ...command, ...archives].sort());
  for (const [args, usage] of [[['jobs', '--help'], 'csv-chunk-pipeline jobs'], [['run', '--help'], 'csv-chunk-pipeline run']] as const) {
    const called = spawnSync(path.join(directory, 'bin/csv-chunk-pipeline'), args, { cwd: temporary, encoding: 'utf8', timeout: 60_000 });
    expect([called.status, called.stdout]).toEqual([0, expect.stringContaining(`Usage: ${usage}`)]);
  }
}, 5 * 60_000);
