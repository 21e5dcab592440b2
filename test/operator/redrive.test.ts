import { executionArn, FakeAccount, fileIdOf } from './fake-account';

const fileEvent = (id: string, key = 'incoming/a.csv') => ({
  'version': '0',
  id,
  'detail-type': 'Object Created',
  'source': 'aws.s3',
  'time': '2026-11-29T10:00:00Z',
  'detail': { bucket: { name: 'bucket' }, object: { key, 'size': 3, 'etag': 'e', 'version-id': 'v' } },
});
const endedEvent = (id: string, execution: string, input: unknown) => ({
  'version': '0',
  id,
  'detail-type': 'Step Functions Execution Status Change',
  'source': 'aws.states',
  'detail': { executionArn: executionArn(execution), status: 'TIMED_OUT', input: input === undefined ? null : JSON.stringify(input) },
});
const scheduledEvent = { 'version': '0', 'id': 's', 'detail-type': 'Scheduled Event', 'source': 'aws.events', 'detail': {} };
let account: FakeAccount;
beforeEach(() => { account = new FakeAccount(); });

test('a file that started nothing: its event starts an execution, named by the event', async () => {
  account.addLetter('m1', fileEvent('5f9a-1'), { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'not allowed\u001b[0m' });
  expect(await account.operate('redrive')).toBe(0);
  expect(account.started).toEqual([{ name: 'redrive-5f9a-1', input: fileEvent('5f9a-1') }]);
  expect(account.deleted).toEqual(['m1']);
  expect(account.stdout).toBe('m1  started  file incoming/a.csv  (NO_PERMISSIONS: not allowed\\u001b[0m)\n1 message: 1 started, 0 deleted, 0 left\n');
});

test('the same message once more starts nothing', async () => {
  account.addLetter('m1', fileEvent('5f9a-1'));
  account.addLetter('m2', fileEvent('5f9a-1'));
  expect(await account.operate('redrive')).toBe(0);
  expect(account.started).toHaveLength(1);
  expect(account.deleted).toEqual(['m1', 'm2']);
  expect(account.stdout).toContain('m2  deleted  file incoming/a.csv: it was started before\n2 messages: 1 started, 1 deleted, 0 left\n');
});

test('a message is deleted only after its start was accepted', async () => {
  account.addLetter('m1', fileEvent('1'));
  account.addLetter('m2', fileEvent('2'));
  account.failure = new Error('throttled');
  expect(await account.operate('redrive')).toBe(1);
  expect(account.stderr).toContain('failed: throttled');
  expect(account.deleted).toEqual([]);
  expect(account.released).toEqual(['m1', 'm2']);
});

describe('an ended execution that CloseJob did not hear of, or failed on', () => {
  test('with a job: deleted, the sweep closes it', async () => {
    account.claims.set(executionArn('x'), fileIdOf('1'));
    account.addLetter('m1', endedEvent('e1', 'x', fileEvent('f')));
    expect(await account.operate('redrive')).toBe(0);
    expect(account.started).toEqual([]);
    expect(account.deleted).toEqual(['m1']);
    expect(account.stdout).toContain(`the sweep closes its job ${fileIdOf('1')}, if it is open`);
  });

  test.each([fileEvent('f'), { resume: true, fileId: fileIdOf('1'), run: 2 }, { rerun: true, fileId: fileIdOf('1') }])('of which no job came: started again with its input', async (input) => {
    account.addLetter('m1', endedEvent('e1', 'x', input));
    expect(await account.operate('redrive')).toBe(0);
    expect(account.started).toEqual([{ name: 'redrive-e1', input }]);
    expect(account.deleted).toEqual(['m1']);
  });

  test.each([undefined, {}, [], { resume: true }])('of which no job came, with no input to start with (%j): left, and told', async (input) => {
    account.addLetter('m1', endedEvent('e1', 'x', input));
    expect(await account.operate('redrive')).toBe(1);
    expect(account.stdout).toContain(`m1  left  ended execution ${executionArn('x')}: no job came of it, and the event has no input to start again with`);
    expect(account.deleted).toEqual([]);
  });
});

test('a failed sweep is deleted: the next one does the same', async () => {
  account.addLetter('m1', scheduledEvent);
  expect(await account.operate('redrive')).toBe(0);
  expect(account.started).toEqual([]);
  expect(account.deleted).toEqual(['m1']);
});

test.each<[unknown, string]>([
  ['not JSON', 'expected an event in JSON, got something else'],
  [[1], 'expected an event in JSON, got something else'],
  [{}, 'expected an event of S3, of Step Functions or of a schedule, got another message'],
  [{ 'source': 'aws.ec2', 'detail-type': 'Gone' }, 'got aws.ec2, Gone'],
  [{ ...fileEvent('1'), detail: { bucket: {} } }, 'expected a bucket and a key in the event of S3, got none'],
  [{ ...endedEvent('1', 'x', {}), detail: null }, 'expected the ARN of an execution in the event of Step Functions, got none'],
])('%j is left in the queue, and told', async (body, reason) => {
  account.addLetter('m1', body);
  account.addLetter('m2', fileEvent('2'));
  expect(await account.operate('redrive')).toBe(1);
  expect(account.stdout).toContain(`m1  left  ${reason}`.replace('left  got', 'left  expected an event of S3, of Step Functions or of a schedule, got'));
  expect(account.stdout).toContain('2 messages: 1 started, 0 deleted, 1 left\n');
  expect(account.deleted).toEqual(['m2']);
  expect(account.released).toEqual(['m1']);
});

/** As the bucket itself notifies a queue. */
const notification = (...keys: string[]) => ({
  Records: keys.map((key) => ({
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    eventTime: '2026-11-29T10:00:00.000Z',
    s3: { bucket: { name: 'bucket' }, object: { key, size: 3, eTag: 'e', versionId: 'v' } },
  })),
});
const inputOf = (key: string) => (
  { time: '2026-11-29T10:00:00.000Z', detail: { bucket: { name: 'bucket' }, object: { key, 'size': 3, 'etag': 'e', 'version-id': 'v' } } }
);

describe('a message of the intake queue', () => {
  test('that StartJobs could not start starts an execution', async () => {
    account.addLetter('m1', fileEvent('5f9a-1'));
    account.addLetter('m2', notification('incoming/a+b%2B.csv'));
    expect(await account.operate('redrive')).toBe(0);
    expect(account.started).toEqual([{ name: 'redrive-5f9a-1', input: fileEvent('5f9a-1') }, { name: 'redrive-m2', input: inputOf('incoming/a b+.csv') }]);
    expect(account.deleted).toEqual(['m1', 'm2']);
  });

  test('of several files starts all of them, each once', async () => {
    account.addLetter('m1', notification('incoming/a.csv', 'incoming/b.csv'));
    account.addLetter('m1', notification('incoming/a.csv', 'incoming/b.csv'));
    expect(await account.operate('redrive')).toBe(0);
    expect(account.started).toEqual([{ name: 'redrive-m1', input: inputOf('incoming/a.csv') }, { name: 'redrive-m1-2', input: inputOf('incoming/b.csv') }]);
    expect(account.stdout).toContain('m1  started  file incoming/a.csv, incoming/b.csv\n');
  });

  test('that StartJobs refused starts nothing, whatever it looks like: it is left, with the reason', async () => {
    account.addLetter('m1', fileEvent('1', 'other/a.csv'), { ERROR_CODE: 'REFUSED', ERROR_MESSAGE: 'expected a key that begins with incoming/, got other/a.csv' });
    expect(await account.operate('redrive')).toBe(1);
    expect(account.started).toEqual([]);
    expect(account.deleted).toEqual([]);
    expect(account.stdout).toContain(
      'm1  left  message of the intake queue that starts no job  (REFUSED: expected a key that begins with incoming/, got other/a.csv)\n');
  });

  test('that is a test event of S3 is deleted', async () => {
    account.addLetter('m1', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'bucket' });
    expect(await account.operate('redrive')).toBe(0);
    expect(account.deleted).toEqual(['m1']);
  });

  test('of an object that was removed is left', async () => {
    const { Records: [record] } = notification('incoming/a.csv');
    account.addLetter('m1', { Records: [{ ...record, eventName: 'ObjectRemoved:Delete' }] });
    expect(await account.operate('redrive')).toBe(1);
    expect(account.stdout).toContain('m1  left  expected records of S3 of objects that were created (ObjectCreated:…), got aws:s3, ObjectRemoved:Delete\n');
  });
});

test('--dry-run says what would be done, and changes nothing', async () => {
  account.addLetter('m1', fileEvent('1'));
  account.addLetter('m2', scheduledEvent);
  account.addLetter('m3', 'x');
  expect(await account.operate('redrive', '--dry-run')).toBe(0);
  expect(account.stdout).toMatch(/^m1 {2}would start .*\nm2 {2}would delete .*\nm3 {2}left .*\n3 messages: 1 would be started, 1 would be deleted, 1 left\n$/);
  expect(account.started).toEqual([]);
  expect(account.deleted).toEqual([]);
  expect(account.released).toEqual(['m1', 'm2', 'm3']);
});

test('all batches, and at most --max messages', async () => {
  for (let index = 0; index < 25; index++) account.addLetter(`m${index}`, fileEvent(`e${index}`));
  expect(await account.operate('redrive', '--max', '12')).toBe(0);
  expect(account.deleted).toHaveLength(12);
  expect(await account.operate('redrive')).toBe(0);
  expect(account.deleted).toHaveLength(25);
  expect(account.stdout).toContain('13 messages: 13 started, 0 deleted, 0 left');
});

test('an empty queue', async () => {
  expect(await account.operate('redrive')).toBe(0);
  expect(account.stdout).toBe('0 messages: 0 started, 0 deleted, 0 left\n');
});
