/** A batch of the intake queue: each file starts one execution, whatever comes beside it and however often it comes. */
import { createdEvent, csv, World } from './support/world';
import { FileKeys } from '../../src/contract/file-keys';
import { StartJobsInput } from '../../src/contract/payloads';
import { startJobs } from '../../src/steps/start-jobs';

const FILE_KEYS: FileKeys = { sourceBucket: 'landing', incomingPrefix: 'incoming/', fileSuffixes: ['.csv'], suffixCase: 'any' };

const asMessage = (event: object) => JSON.stringify({ 'source': 'aws.s3', 'detail-type': 'Object Created', ...event });
const batch = (...bodies: string[]): StartJobsInput => ({ Records: bodies.map((body, index) => ({ messageId: `m${index + 1}`, body })) });
const keyMessage = (key: string, bucket = 'landing') => asMessage({ detail: { bucket: { name: bucket }, object: { key, 'version-id': 'v' } } });

let world: World;
let refused: Array<{ body: string; reason: string }>;
let logged: string[];
beforeEach(() => {
  world = new World();
  refused = [];
  logged = [];
});

async function take(input: StartJobsInput, fileKeys: Partial<FileKeys> = {}): Promise<string[]> {
  const log = (message: string) => { logged.push(message); };
  const { batchItemFailures } = await startJobs(input, {
    ...world.deps,
    log: { info: log, warn: log },
    refused: { keep: async (body, reason) => { refused.push({ body, reason }); } },
    fileKeys: { ...FILE_KEYS, ...fileKeys },
  });
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

test('each file starts one execution, and has its job', async () => {
  const events = ['a', 'b', 'c'].map((name) => createdEvent(world.land(`incoming/${name}.csv`, csv(3))));
  expect(await take(batch(...events.map(asMessage)))).toEqual([]);
  expect(world.started.map(({ input }) => input)).toEqual(events.map((event) => JSON.parse(JSON.stringify(event))));
  for (const { name } of world.started) expect(name).toMatch(/^file-[0-9a-f]{32}$/);
  expect(await world.follow()).toMatchObject(events.map(() => ({ status: 'SUCCEEDED' })));
});

describe('a second delivery starts nothing', () => {
  test.each(['Enabled', 'Unversioned', 'Suspended'] as const)('in a bucket with versions %s', async (versioning) => {
    world = new World(versioning);
    const message = asMessage(createdEvent(world.land('incoming/a.csv', csv(3))));
    await take(batch(message, message));
    await take(batch(message));
    expect(world.started).toHaveLength(1);
  });

  test('but the same bytes, sent again, are another file', async () => {
    for (let time = 0; time < 2; time++) {
      await take(batch(asMessage(createdEvent(world.land('incoming/a.csv', csv(3))))));
      world.pass(1000);
    }
    expect(world.started).toHaveLength(2);
  });

  test('of the bucket itself, of a file that EventBridge told of', async () => {
    const { key, versionId, etag, sizeBytes: size, lastModified, bucket } = world.land('incoming/a b.csv', csv(3));
    await take(batch(asMessage(createdEvent({ bucket, key, versionId, etag, sizeBytes: size, lastModified }))));
    const Records = [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key: 'incoming/a+b.csv', size, eTag: etag, versionId } } }];
    await take(batch(JSON.stringify({ Records })));
    expect(world.started).toHaveLength(1);
  });
});

describe('what starts no job', () => {
  test.each<[string, string, Partial<FileKeys>]>([
    ['no event', 'expected an event of S3 in JSON, got something else', {}],
    [asMessage({ detail: {} }), 'expected a bucket and a key in the event of S3, got none', {}],
    [keyMessage('other/a.csv'), 'expected a key that begins with incoming/, and ends with .csv (in any case), got other/a.csv', {}],
    [keyMessage('incoming/a.txt'), 'expected a key that begins with incoming/, and ends with .csv (in any case), got incoming/a.txt', {}],
    [keyMessage('incoming/a.CSV'), 'expected a key that begins with incoming/, and ends with .csv or .json (as it is written), got incoming/a.CSV',
      { fileSuffixes: ['.csv', '.json'], suffixCase: 'exact' }],
    [keyMessage('other/a'), 'expected a key that begins with incoming/, got other/a', { fileSuffixes: [] }],
    [keyMessage('other/\u202e.csv'), 'expected a key that begins with incoming/, and ends with .csv (in any case), got other/\\u202e.csv', {}],
    [keyMessage('incoming/a.csv', 'another'), 'expected an object of bucket landing, got one of another', {}],
  ])('%s: it is put aside with its reason, and the rest of the batch goes on', async (body, reason, fileKeys) => {
    const good = keyMessage('incoming/good.csv');
    expect(await take(batch(body, good), fileKeys)).toEqual([]);
    expect(refused).toEqual([{ body, reason }]);
    expect(world.started).toHaveLength(1);
  });

  test('is told in at most 1,000 characters, whatever came', async () => {
    await take(batch(JSON.stringify({ 'source': 'x'.repeat(100_000), 'detail-type': 'y' })));
    expect(refused[0].reason).toMatch(/^expected an "Object Created" event of S3, got x{900,}$/);
    expect(refused[0].reason).toHaveLength(1000);
  });

  test('is told in whole characters', async () => {
    // The pair begins at the last place.
    const begin = 'expected an "Object Created" event of S3, got '.length;
    await take(batch(JSON.stringify({ 'source': `${'x'.repeat(999 - begin)}\u{1f600}`, 'detail-type': 'y' })));
    expect(refused[0].reason).toHaveLength(999);
    expect(refused[0].reason.isWellFormed()).toBe(true);
  });

  test('a test event of S3 and a folder are dropped, with a line in the log', async () => {
    expect(await take(batch(JSON.stringify({ Event: 's3:TestEvent' }), keyMessage('incoming/folder/')), { fileSuffixes: [] })).toEqual([]);
    expect(refused).toEqual([]);
    expect(world.started).toEqual([]);
    expect(logged).toEqual(['a test event of S3 is dropped: it is about no file', 'a folder is no file: nothing is started']);
  });

  test('cannot be put aside: it comes back', async () => {
    const failures = startJobs(batch('no event', keyMessage('incoming/a.csv')), {
      ...world.deps, refused: { keep: async () => { throw new Error('throttled'); } }, fileKeys: FILE_KEYS,
    });
    expect(await failures).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(world.started).toHaveLength(1);
  });
});

test('a start that is throttled comes back, alone', async () => {
  const start = jest.spyOn(world.stateMachine, 'start').mockRejectedValueOnce(new Error('throttled'));
  const keys = ['incoming/a.csv', 'incoming/b.csv', 'incoming/c.csv'];
  expect(await take(batch(...keys.map((key) => keyMessage(key))))).toEqual(['m1']);
  expect(logged).toEqual(['a message comes back: no job could be started for it']);
  start.mockRestore();
  // The whole batch may come back: where the function dies, nobody knows how far it was.
  expect(await take(batch(...keys.map((key) => keyMessage(key))))).toEqual([]);
  expect(world.started).toHaveLength(3);
});

test('what there is no time for comes back, before the function is ended in its midst', async () => {
  let left = 60_000;
  world.timeLeft = () => left -= 6_000;
  const failed = await take(batch(...Array.from({ length: 40 }, (_, index) => keyMessage(`incoming/${index}.csv`))));
  expect(failed.length).toBeGreaterThan(0);
  expect(world.started.length).toBeGreaterThan(0);
  expect(world.started.length + failed.length).toBe(40);
});
