import { DAY, FakeAccount, fileIdOf, HOUR, interrupted, job, NOW } from './fake-account';

let account: FakeAccount;
beforeEach(() => { account = new FakeAccount(); });

const listed = () => account.stdout.split('\n').filter((line) => /^[0-9a-f]{32}/.test(line)).map((line) => line[0]).join('');

beforeEach(() => {
  account.add(
    job('1', 'PLANNING', { timestamp: NOW - 90 * DAY }),
    job('2', 'PROCESSING'),
    job('3', 'PUBLISHING', { run: 2 }),
    job('4', 'FAILED', { ...interrupted, timestamp: NOW - 3 * DAY }),
    job('5', 'FAILED', { resumable: false, error_code: 'header_mismatch', error_message: 'expected the header id, got name' }),
    job('6', 'FAILED', { ...interrupted, timestamp: NOW - 15 * DAY }),
    job('7', 'SUCCEEDED', { timestamp: NOW - 30_000 }),
  );
  account.states.set(job('2', 'PROCESSING').execution_arn, { status: 'RUNNING' });
  account.states.set(job('3', 'PUBLISHING').execution_arn, { status: 'ABORTED' });
});

test.each([
  [[], '12345'],
  [['--status', 'open'], '123'],
  [['--status', 'failed'], '45'],
  [['--status', 'failed', '--since', '16d'], '645'],
  [['--status', 'failed', '--since', '3h'], '5'],
  [['--status', 'succeeded'], '7'],
  [['--status', 'all', '--since', '1m'], '1237'],
])('%j lists, by status and then the oldest first: %s', async (args, expected) => {
  expect(await account.operate('jobs', ...args)).toBe(0);
  expect(listed()).toBe(expected);
});

test('says of each job what an operator needs to know', async () => {
  await account.operate('jobs');
  expect(account.stdout).toBe([
    'FILE ID                           STATUS      RUN  AGE   STATE      FILE            REASON',
    `${fileIdOf('1')}  PLANNING    1    90 d  stopped    incoming/1.csv  its execution has ended: the next sweep closes or resumes the job`,
    `${fileIdOf('2')}  PROCESSING  1    2 h   runs       incoming/2.csv`,
    `${fileIdOf('3')}  PUBLISHING  2    2 h   stopped    incoming/3.csv  its execution has ended: the next sweep closes or resumes the job`,
    `${fileIdOf('4')}  FAILED      1    3 d   resumable  incoming/4.csv  infrastructure: the execution ended as ABORTED`,
    `${fileIdOf('5')}  FAILED      1    2 h   for good   incoming/5.csv  header_mismatch: expected the header id, got name`,
    '5 jobs: 3 open, 1 to resume',
    '',
  ].join('\n'));
});

test('lines are cut to the terminal, and not where nobody looks', async () => {
  account.columns = 80;
  await account.operate('jobs');
  expect(account.stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  expect(account.stdout).toContain('…\n');
});

test('a JSON line for each job', async () => {
  await account.operate('jobs', '--json');
  const jobs = account.stdout.trim().split('\n').map((line) => JSON.parse(line));
  expect(jobs).toHaveLength(5);
  expect(jobs[2]).toEqual({
    fileId: fileIdOf('3'),
    bucket: 'bucket',
    key: 'incoming/3.csv',
    status: 'PUBLISHING',
    run: 2,
    since: '2026-11-29T10:00:00.000Z',
    ageSeconds: 7200,
    executionArn: expect.stringContaining('of-3'),
    executionRuns: false,
  });
  expect(jobs[3]).toMatchObject({ resumable: true, errorCode: 'infrastructure', errorMessage: 'the execution ended as ABORTED', ageSeconds: 3 * 24 * 3600 });
  expect(jobs[4]).toMatchObject({ resumable: false });
});

test.each([['--status', 'failed'], ['--status', 'failed', '--json']])('nothing of a file name acts on the terminal: %j', async (...args) => {
  account.jobs.clear();
  account.add(job('8', 'FAILED', { ...interrupted, key: 'incoming/\u001b[2J\r\nx\u202e.csv', error_message: 'got "\u0007"' }));
  await account.operate('jobs', ...args);
  expect(account.stdout).toContain(String.raw`incoming/\u001b[2J\r\nx\u202e.csv`);
  // eslint-disable-next-line no-control-regex
  expect(account.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test('a very long name is cut in the table, and whole in the JSON', async () => {
  account.jobs.clear();
  const key = `incoming/${'a'.repeat(900)}/the end.csv`;
  account.add(job('8', 'FAILED', { ...interrupted, key }));
  await account.operate('jobs', '--status', 'failed');
  expect(account.stdout).toMatch(/ {2}incoming\/a+…a+\/the end\.csv {2}/);
  expect(Math.max(...account.stdout.split('\n').map((line) => line.length))).toBeLessThan(300);
  account.stdout = '';
  await account.operate('jobs', '--status', 'failed', '--json');
  expect(JSON.parse(account.stdout).key).toBe(key);
});

test('no jobs', async () => {
  account.jobs.clear();
  expect(await account.operate('jobs')).toBe(0);
  expect(account.stdout).toBe('no jobs: 0 open, 0 to resume\n');
});

test('a job that changes its status meanwhile is listed once', async () => {
  account.jobs.set('again', { ...job('2', 'FAILED', interrupted), timestamp: NOW - HOUR });
  await account.operate('jobs');
  expect(listed()).toBe('12345');
  expect(account.stdout).toMatch(new RegExp(`^${fileIdOf('2')}  FAILED`, 'm'));
});
