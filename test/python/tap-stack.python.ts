/** The package as a Python user gets it: the wheel from `npx projen package:python`, in an environment of its own. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EuroStack } from './euro-stack';
import { findPython, ROOT } from '../../emulator/prerequisites';
import { ensureVenv } from '../../emulator/venv';

const STEP_TIMEOUT_MS = 240_000;
const WHEELS = path.join(ROOT, 'dist/python');
const SUFFIX = 'python';

const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'python-example-'));
afterAll(() => fs.rmSync(workDir, { recursive: true, force: true }));

function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: STEP_TIMEOUT_MS });
}

/** The version of a package that the library is built against. */
function pinned(name: string): string {
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  return devDependencies[name];
}

/**
 * A fresh environment with the wheel in it. What the wheel depends on is large: it comes from an environment that
 * stays.
 */
function freshEnvironment(): string {
  const dependencies = ensureVenv('cdk', [`aws-cdk-lib==${pinned('aws-cdk-lib')}`, `constructs==${pinned('constructs')}`]);
  const [wheel] = fs.readdirSync(WHEELS).filter((file) => file.endsWith('.whl'));
  const environment = path.join(workDir, 'venv');
  const bin = path.join(environment, 'bin');
  const sitePackages = (python: string) => run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], workDir).trim();

  run(findPython(), ['-m', 'venv', environment], workDir);
  fs.writeFileSync(path.join(sitePackages(path.join(bin, 'python')), 'dependencies.pth'), sitePackages(path.join(dependencies, 'python')));
  run(path.join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', path.join(WHEELS, wheel)], workDir);
  return bin;
}

/** Runs the `app` of a `cdk.json` in its folder. */
function synthesize(example: string, stack: string, env: NodeJS.ProcessEnv): unknown {
  const folder = path.join(ROOT, 'examples', example);
  const { app } = JSON.parse(fs.readFileSync(path.join(folder, 'cdk.json'), 'utf8')) as { app: string };
  const outDir = path.join(workDir, example);
  run('/bin/sh', ['-c', app], folder, { ...env, CDK_OUTDIR: outDir, ENVIRONMENT_SUFFIX: SUFFIX });
  return JSON.parse(fs.readFileSync(path.join(outDir, `${stack}.template.json`), 'utf8'));
}

let pythonEnv: NodeJS.ProcessEnv;
beforeAll(() => {
  pythonEnv = { PATH: `${freshEnvironment()}:${process.env.PATH}`, PYTHONDONTWRITEBYTECODE: '1' };
});

test('the Python example synthesizes the same template as the TypeScript one', () => {
  const python = synthesize('python', `TapStack-${SUFFIX}`, pythonEnv);
  const typescript = synthesize('tap-stack', `TapStack-${SUFFIX}`, {});

  expect(python).toEqual(typescript);
});

// Its code is in the template by hash, and with it the contract: schema, output schema and batch size.
test('the Python example of a transform synthesizes the same template as its twin in TypeScript', () => {
  const app = new App({ outdir: path.join(workDir, 'euro-stack') });
  const typescript = Template.fromStack(new EuroStack(app)).toJSON();

  expect(synthesize('python-transform', 'EuroStack', pythonEnv)).toEqual(typescript);
});

// Whoever implements the interface in Python is called from the library's own JavaScript.
test('a rule for names, written in Python as docs/deployment.md has it, names every resource', () => {
  const [, script] = /^```python\n([^]*?)^```/m.exec(fs.readFileSync(path.join(ROOT, 'docs/deployment.md'), 'utf8'))!;
  const outDir = path.join(workDir, 'naming');
  run(path.join(pythonEnv.PATH!.split(':')[0], 'python'), ['-c', script], workDir, { ...pythonEnv, CDK_OUTDIR: outDir });
  const { Resources } = JSON.parse(fs.readFileSync(path.join(outDir, 'Tap.template.json'), 'utf8')) as { Resources: Record<string, { Type: string; Properties: any }> };
  const names = Object.values(Resources).flatMap(({ Type, Properties: { BucketName, TableName, RoleName, QueueName, DatabaseInput } }) => (
    [BucketName, TableName, RoleName, QueueName, DatabaseInput?.Name].filter(Boolean).map((name) => `${Type} ${name}`)));

  expect(names).toEqual(expect.arrayContaining([
    'AWS::S3::Bucket acme-dev-tap-bucket-data-111122223333-eu-west-1',
    'AWS::DynamoDB::GlobalTable acme-dev-tap-table-jobs-eu-west-1',
    'AWS::SQS::Queue acme-dev-tap-queue-dead-letters-eu-west-1',
    'AWS::IAM::Role acme-dev-tap-role-process-chunk-eu-west-1',
    'AWS::Glue::Database acme_dev_tap_database_catalog',
  ]));
});
