/** Which of its two bundles the command loads. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USAGES } from '../../src/operator/operator-options';

const BIN = join(__dirname, '..', '..', 'bin', 'csv-chunk-pipeline');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bin-'));
  mkdirSync(join(directory, 'bin'));
  copyFileSync(BIN, join(directory, 'bin', 'command'));
  for (const bundle of ['operator', 'preflight']) {
    mkdirSync(join(directory, 'assets', bundle), { recursive: true });
    writeFileSync(join(directory, 'assets', bundle, 'index.js'), `exports.main = async (args) => {
      if (args.includes('stop')) return new Promise(() => undefined);
      console.log('${bundle}', ...args);
      return 0;
    };`);
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]) => spawnSync(process.execPath, [join(directory, 'bin', 'command'), ...args], { encoding: 'utf8' });

test.each(Object.keys(USAGES))('%s is the operator\'s', (word) => {
  expect(run(word, '--help')).toMatchObject({ status: 0, stdout: `operator ${word} --help\n`, stderr: '' });
});

test.each([[[]], [['run', 'jobs']], [['--help']], [['job']]])('%j is the preflight command\'s', (args) => {
  expect(run(...args)).toMatchObject({ status: 0, stdout: `${['preflight', ...args].join(' ')}\n`, stderr: '' });
});

test.each([['jobs', 'the command has stopped before its end'], ['run', 'the run has stopped before its end, nothing is published']])(
  '%s that stops half-way is no success', (word, message) => {
    expect(run(word, 'stop')).toMatchObject({ status: 1, stderr: `csv-chunk-pipeline: ${message}: a promise was never settled\n` });
  });
