import { DAY, executionArn, FakeAccount, fileIdOf, interrupted, job, NOW } from './fake-account';

let account: FakeAccount;
beforeEach(() => {
  account = new FakeAccount();
  account.add(
    job('1', 'FAILED', interrupted),
    job('2', 'FAILED', { ...interrupted, timestamp: NOW - DAY }),
    job('3', 'FAILED', { resumable: false, error_code: 'too_many_rejects', error_message: 'expected 0 rejects at most, got 3' }),
    job('4', 'SUCCEEDED'),
    job('a', 'FAILED', { resumable: false, error_code: 'region_lost', error_message: 'got a switch' }),
    job('b', 'FAILED', { resumable: false, error_code: 'resumed_too_late', error_message: 'got one later' }),
    job('5', 'PROCESSING'),
    job('6', 'PUBLISHING'),
    job('7', 'FAILED', { ...interrupted, timestamp: NOW - 15 * DAY }),
    job('8', 'SUCCEEDED', { moved_to: undefined, source_state: undefined }),
    job('0', 'FAILED', { resumable: false, moved_to: undefined, source_state: 'GONE' }),
  );
  account.states.set(executionArn('of-5'), { status: 'RUNNING' });
  account.states.set(executionArn('of-6'), { status: 'TIMED_OUT' });
});

describe('resume', () => {
  test('starts an execution for each job', async () => {
    expect(await account.operate('resume', fileIdOf('1'), fileIdOf('2'))).toBe(0);
    expect(account.started).toEqual([{ input: { resume: true, fileId: fileIdOf('1') } }, { input: { resume: true, fileId: fileIdOf('2') } }]);
    expect(account.stdout).toContain(`${fileIdOf('1')}  resumed by ${executionArn('started-1')}\n`);
  });

  test.each([
    ['4', 'expected a job that failed, got one that SUCCEEDED: there is nothing to resume; `rerun` processes its file once more'],
    ['3', 'got one that failed for good (too_many_rejects, `jobs` says why): mend the file and upload it again'],
    ['5', `expected a job that has ended, got one that is PROCESSING: the execution ${executionArn('of-5')} works on it`],
    ['6', `got one that is PUBLISHING; its execution ${executionArn('of-6')} has ended (TIMED_OUT): the sweep, every 5 minutes`],
    ['a', 'got one that failed for good (region_lost, `jobs` says why): there is nothing to be done, its file is processed once more as a job of its own'],
    ['b', 'got one that failed for good (resumed_too_late, `jobs` says why): `rerun` processes its file once more'],
    ['9', 'expected a job of this pipeline, found none'],
  ])('job %s is refused with a sentence, and the others are resumed', async (digit, sentence) => {
    expect(await account.operate('resume', fileIdOf(digit), fileIdOf('1'))).toBe(1);
    expect(account.stderr).toContain(`csv-chunk-pipeline: ${fileIdOf(digit)}: `);
    expect(account.stderr).toContain(sentence);
    expect(account.started).toEqual([{ input: { resume: true, fileId: fileIdOf('1') } }]);
  });

  test.each([[[], '21'], [['--since', '16d'], '721'], [['--since', '1h'], '']])('--all-failed %j: those that are resumable', async (args, digits) => {
    expect(await account.operate('resume', '--all-failed', ...args)).toBe(0);
    const started = account.started.map(({ input }) => (input as { fileId: string }).fileId[0]);
    expect(started.sort()).toEqual([...digits].sort());
    if (digits === '') expect(account.stdout).toBe('no job to resume\n');
  });

  test('--wait ends with the executions: 0 when all succeed', async () => {
    const ends = [...'12'].map((digit) => () => account.states.set(executionArn(`started-${digit}`), { status: 'SUCCEEDED' }));
    account.onSleep = () => { ends.pop()?.(); };
    expect(await account.operate('resume', fileIdOf('1'), fileIdOf('2'), '--wait')).toBe(0);
    expect(account.stdout).toContain(`${fileIdOf('2')}  SUCCEEDED\n${fileIdOf('1')}  SUCCEEDED\n`);
  });

  test('--wait ends with 1, and why, when one fails', async () => {
    account.onSleep = () => {
      account.states.set(executionArn('started-1'), { status: 'SUCCEEDED' });
      account.states.set(executionArn('started-2'), { status: 'FAILED', error: 'StartRefused', cause: 'the job runs already' });
    };
    expect(await account.operate('resume', fileIdOf('1'), fileIdOf('2'), '--wait')).toBe(1);
    expect(account.stdout).toContain(`${fileIdOf('2')}  FAILED  StartRefused: the job runs already\n`);
  });

  test('--wait ends with 1 when the time is up', async () => {
    let slept = 0;
    account.onSleep = () => { slept++; };
    expect(await account.operate('resume', fileIdOf('1'), '--wait', '--timeout', '12s')).toBe(1);
    expect(slept).toBe(3);
    expect(account.stderr).toContain(`${fileIdOf('1')}: expected it to end within --timeout, got an execution that still runs: ${executionArn('started-1')}`);
  });

  test('a call that fails is told', async () => {
    account.failure = new Error('throttled');
    expect(await account.operate('resume', fileIdOf('1'))).toBe(1);
    expect(account.stderr).toBe('csv-chunk-pipeline: failed: throttled\n');
  });
});

describe('rerun', () => {
  test('starts an attempt of its own for a job that failed for good', async () => {
    expect(await account.operate('rerun', fileIdOf('3'))).toBe(0);
    expect(account.started).toEqual([{ input: { rerun: true, fileId: fileIdOf('3') } }]);
    expect(account.stdout).toBe(`${fileIdOf('3')}  processed once more by ${executionArn('started-1')}\n`);
  });

  test('of a job that SUCCEEDED only with --yes', async () => {
    expect(await account.operate('rerun', fileIdOf('4'))).toBe(1);
    expect(account.stderr).toContain('expected --yes, because the job SUCCEEDED: its records would be published twice, in two folders');
    expect(account.started).toEqual([]);
    expect(await account.operate('rerun', fileIdOf('4'), '--yes')).toBe(0);
    expect(account.started).toEqual([{ input: { rerun: true, fileId: fileIdOf('4') } }]);
  });

  test('of a job that was lost with its region only with --yes: its file has another one', async () => {
    expect(await account.operate('rerun', fileIdOf('a'))).toBe(1);
    expect(account.stderr).toContain('expected --yes, because the job is one of region_lost, whose file has another job: its records would be published twice');
    expect(account.started).toEqual([]);
    expect(await account.operate('rerun', fileIdOf('a'), '--yes')).toBe(0);
  });

  test.each([
    ['1', 'expected a job that has ended for good, got one that can be resumed (infrastructure): `resume` does only what is left'],
    ['5', 'expected a job that has ended, got one that is PROCESSING'],
    ['8', 'got one whose file is not moved yet: the sweep'],
    ['0', 'got one whose file was gone when the job ended: upload the file again'],
    ['9', 'expected a job of this pipeline, found none'],
  ])('job %s is refused, --yes or not', async (digit, sentence) => {
    expect(await account.operate('rerun', fileIdOf(digit), '--yes')).toBe(1);
    expect(account.stderr).toContain(sentence);
    expect(account.started).toEqual([]);
  });

  test('--wait tells how it ended', async () => {
    account.onSleep = () => { account.states.set(executionArn('started-1'), { status: 'FAILED', error: 'too_many_rejects', cause: 'again' }); };
    expect(await account.operate('rerun', fileIdOf('3'), '--wait')).toBe(1);
    expect(account.stdout).toContain('FAILED  too_many_rejects: again');
  });
});
