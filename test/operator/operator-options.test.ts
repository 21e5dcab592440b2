import { FakeAccount } from './fake-account';
import { readOperatorOptions } from '../../src/operator/operator-options';

const P = ['--pipeline', 'Stack/Tap'];
const ID = 'a'.repeat(32);
const ARN = 'arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:Stack-TapSweepJobsFunction6C2F5B3C-X1';
const DAY = 86_400_000;

test.each<[string[], object]>([
  [['jobs', ...P], { command: 'jobs', pipeline: 'Stack/Tap', status: undefined, sinceMs: 14 * DAY, json: false }],
  [['jobs', '--json', ...P, '--status', 'all', '--since', '90m'], { command: 'jobs', pipeline: 'Stack/Tap', status: 'all', sinceMs: 5_400_000, json: true }],
  [['resume', ID, ...P, ID, 'b'], { command: 'resume', pipeline: 'Stack/Tap', fileIds: [ID, 'b'], sinceMs: 14 * DAY, wait: undefined }],
  [['resume', ...P, '--all-failed', '--wait'], { command: 'resume', pipeline: 'Stack/Tap', fileIds: [], sinceMs: 14 * DAY, wait: { timeoutMs: 7_200_000 } }],
  [['rerun', ...P, ID, '--yes', '--wait', '--timeout', '90s'], { command: 'rerun', pipeline: 'Stack/Tap', fileId: ID, yes: true, wait: { timeoutMs: 90_000 } }],
  [['jobs', '--sweep-function', 'function-tap-sweep-jobs-dev'], { command: 'jobs', pipeline: undefined, sweepFunction: 'function-tap-sweep-jobs-dev', sinceMs: 14 * DAY, json: false }],
  [['redrive', ...P, '--sweep-function', ARN], { command: 'redrive', pipeline: 'Stack/Tap', sweepFunction: ARN, max: 1000, dryRun: false }],
  [['redrive', ...P], { command: 'redrive', pipeline: 'Stack/Tap', max: 1000, dryRun: false }],
  [['redrive', ...P, '--max', '5', '--dry-run'], { command: 'redrive', pipeline: 'Stack/Tap', max: 5, dryRun: true }],
])('%j', (args, options) => {
  expect(readOperatorOptions(args)).toEqual(options);
});

test.each<[string[], string]>([
  [['jobs'], 'expected --pipeline or --sweep-function, got none'],
  [['jobs', '--pipeline', ''], 'expected --pipeline or --sweep-function, got none'],
  [['jobs', '--sweep-function', ''], 'expected --sweep-function to be the name or the ARN of a function, got ""'],
  [['jobs', ...P, '--sweep-function', 'a b'], 'expected --sweep-function to be the name or the ARN of a function, got "a b"'],
  [['jobs', '--sweep-function', ARN.replace('lambda', 'states')], 'expected --sweep-function to be the name or the ARN of a function, got "arn:aws-us-gov:states:'],
  [['jobs', '--pipeline', '/Tap', '--sweep-function', ARN], "expected --pipeline to be a stack's name, or begin with one and /, got /Tap"],
  [['jobs', '--pipeline', '-x'], "Option '--pipeline' argument is ambiguous. Did you forget"],
  [['jobs', '--pipeline', '1/Tap'], "expected --pipeline to be a stack's name, or begin with one and /, got 1/Tap"],
  [['jobs', '--pipeline', '/Tap'], "expected --pipeline to be a stack's name, or begin with one and /, got /Tap"],
  [['jobs', ...P, ID], `expected no further argument, got ${ID}`],
  [['jobs', ...P, '--status', 'done'], 'expected --status to be open, failed, succeeded, all, got done'],
  [['jobs', ...P, '--status', 'open', '--since', '3d'], 'expected --since beside jobs that have ended'],
  [['jobs', ...P, '--since', '3'], 'expected --since to be a number with s, m, h or d, such as 12h, got 3'],
  [['jobs', ...P, '--since', '0d'], 'expected --since to be a number with s, m, h or d, such as 12h, got 0d'],
  [['jobs', ...P, '--wait'], "Unknown option '--wait'"],
  [['resume', ...P], 'expected at least one FILE_ID, or --all-failed, got none'],
  [['resume', ...P, ID, '--all-failed'], `expected FILE_IDs or --all-failed, got both (${ID})`],
  [['resume', ...P, ID, '--since', '3d'], 'expected --since beside --all-failed only'],
  [['resume', ...P, ID, '--timeout', '3m'], 'expected --timeout beside --wait only'],
  [['resume', ...P, 'incoming/a.csv'], 'expected a FILE_ID as `jobs` lists it, got "incoming/a.csv"'],
  [['resume', ...P, ''], 'expected a FILE_ID as `jobs` lists it, got ""'],
  [['rerun', ...P], 'expected a FILE_ID, got none'],
  [['rerun', ...P, ID, 'b'], 'expected no further argument, got b'],
  [['redrive', ...P, '--max', '0'], 'expected --max to be a whole number of at least 1, got 0'],
  [['redrive', ...P, '--max', '1e3'], 'expected --max to be a whole number of at least 1, got 1e3'],
])('%j is refused before anything is asked for: %s', async (args, message) => {
  const account = new FakeAccount();
  const [command, ...rest] = args;
  expect(await account.run(command, ...rest)).toBe(2);
  expect(account.stderr).toContain(`csv-chunk-pipeline: ${message}`);
  expect(account.stderr).toContain(`see csv-chunk-pipeline ${command} --help`);
  expect(account.stdout).toBe('');
});

test.each(['jobs', 'resume', 'rerun', 'redrive'])('%s --help prints its usage', async (command) => {
  const account = new FakeAccount();
  expect(await account.run(command, '--help')).toBe(0);
  expect(account.stdout).toMatch(new RegExp(`^Usage: csv-chunk-pipeline ${command} --pipeline NAME`));
  expect(account.stdout).toContain('Exit status: 0');
});

test('a failed call is one sentence, exit status 1', async () => {
  const account = new FakeAccount();
  account.stacksFailure = Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
  expect(await account.operate('jobs')).toBe(1);
  expect(account.stderr).toBe('csv-chunk-pipeline: failed: Rate exceeded\n');
});
