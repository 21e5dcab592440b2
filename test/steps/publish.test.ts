/** A job that is PUBLISHING only goes forward, also where uploads that it is made of are gone. */
import { allOf, CONTRACT, createdEvent, csv, World } from './support/world';
import { Versioning } from '../../simulation/memory-bucket';
import { JobContract } from '../../src/contract/job-contract';
import { ChunkItem } from '../../src/contract/job-item';
import { Schema } from '../../src/spec/schema';

const FILE = csv(30, [7]);
const KEYED: Schema = { ...CONTRACT.schema, primaryKey: 'id' };
/** The last record has the key of the first. */
const DUPLICATE = csv(30) + '0,again\n';

async function published(file: string, contract: Partial<JobContract>) {
  const world = new World('Enabled', contract);
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', file)));
  return { bytes: world.published(), rejected: world.rejectedCsv(fileId!) };
}

/** S3 is down from the third part on, until it is mended. */
function failFromThirdPart({ output }: World): () => void {
  const original = output.completeUpload.bind(output);
  const complete = jest.spyOn(output, 'completeUpload').mockImplementation(async (key, ...args) => {
    if (!/part-0000[01]/.test(key)) throw new Error('S3 is down');
    return original(key, ...args);
  });
  return () => complete.mockRestore();
}

/** A job whose first two parts are visible when its execution has ended. */
async function interrupted(file = FILE, contract: Partial<JobContract> = { maxRejectedRecords: 5 }, versioning: Versioning = 'Enabled') {
  const world = new World(versioning, contract);
  const mend = failFromThirdPart(world);
  const event = createdEvent(world.land('incoming/a.csv', file));
  const { fileId, error } = await world.execute(event);
  expect(error?.message).toBe('S3 is down');
  mend();
  const chunks = async (): Promise<ChunkItem[]> => allOf(world.jobs.chunks(fileId!));
  return { world, fileId: fileId!, chunks, visible: world.published() };
}

test('is PUBLISHING while parts of it are visible, and nobody is told that it has failed', async () => {
  const { world, fileId, visible } = await interrupted();
  expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING', run: 1 });
  expect(await world.job(fileId)).not.toHaveProperty('error_code');
  expect(visible).not.toBe('');
  expect(world.announced).toEqual([]);
  expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
  expect(world.published()).toBe((await published(FILE, { maxRejectedRecords: 5 })).bytes);
});

test.each<[string, string, Partial<JobContract>]>([
  ['of a file with a reject', FILE, { maxRejectedRecords: 5 }],
  ['of a file with a duplicate', DUPLICATE, { maxRejectedRecords: 5, schema: KEYED }],
])('uploads that are gone are made again, each once, to the same bytes: %s', async (_, file, contract) => {
  const undisturbed = await published(file, contract);
  const { world, fileId, chunks, visible } = await interrupted(file, contract);
  const before = await chunks();
  // The lifecycle rule of the bucket, days later.
  world.pass(8 * 86_400_000);
  world.loseUploads();
  const start = jest.spyOn(world.jobs, 'startChunk');
  expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);

  expect(world.published()).toBe(undisturbed.bytes);
  expect(world.published().startsWith(visible)).toBe(true);
  expect(world.rejectedCsv(fileId)).toBe(undisturbed.rejected!.replaceAll(/file_id=[0-9a-f]{32}/g, `file_id=${fileId}`));
  const lost = before.slice(2);
  expect(start.mock.calls.map(([{ chunkId, replaces, round, run }]) => ({ chunkId, replaces, round, run })))
    .toEqual(lost.map(({ chunk_id: chunkId, result_attempt: replaces }) => ({ chunkId, replaces, round: 4, run: 2 })));
  expect((await chunks()).map(({ attempt }) => attempt)).toEqual(before.map(({ attempt }, index) => index < 2 ? attempt : attempt + 1));
  expect(world.openUploads()).toEqual([]);
  expect(world.announced).toMatchObject([{ status: 'SUCCEEDED', recordsRead: (await world.job(fileId)).records_read }]);
  const manifest = await world.output.getJson<{ records: number }>(world.outputBucket.keys('output/').find((key) => key.endsWith('_manifest.json'))!);
  expect(manifest.records).toBe(world.published().split('\n').length - 1);
});

test('a round that makes uploads again and is interrupted itself is followed by another one, which the sweep starts', async () => {
  const { world, fileId, chunks } = await interrupted();
  world.loseUploads();
  const { length } = await chunks();
  const last = `chunk-${String(length - 1).padStart(7, '0')}`;
  const original = world.jobs.startChunk.bind(world.jobs);
  const broken = jest.spyOn(world.jobs, 'startChunk').mockImplementation(async (task, at, expiresAt) => {
    if (task.chunkId === last) throw new Error('DynamoDB is down');
    return original(task, at, expiresAt);
  });
  expect(await world.follow()).toMatchObject([{ status: 'FAILED', error: { message: 'DynamoDB is down' } }]);
  expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING', run: 2 });
  expect(world.announced).toEqual([]);
  expect(await world.follow()).toEqual([]);

  broken.mockRestore();
  world.pass(3 * 60_000);
  expect(await world.sweep()).toMatchObject({ resumed: 1 });
  expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
  expect(world.published()).toBe((await published(FILE, { maxRejectedRecords: 5 })).bytes);
  // Those that the interrupted round had made were not made once more.
  expect((await chunks()).map(({ attempt }) => attempt)).toEqual([1, 1, ...Array.from({ length: length - 2 }, () => 2)]);
  expect(await world.job(fileId)).toMatchObject({ run: 3 });
});

test.each(['a worker that crashed', 'a worker that failed'])('a chunk whose result is taken back by %s is made again by the next run', async (how) => {
  const { world, fileId, chunks } = await interrupted();
  world.loseUploads();
  if (how === 'a worker that failed') {
    jest.spyOn(world.output, 'uploadPart').mockRejectedValue(new Error('S3 is down'));
  } else {
    jest.spyOn(world.output, 'openUpload').mockRejectedValue(new Error('crash'));
    jest.spyOn(world.jobs, 'failChunk').mockRejectedValue(new Error('crash'));
  }
  await world.follow();
  jest.restoreAllMocks();
  expect((await chunks()).filter(({ chunk_status: status }) => status !== 'SUCCEEDED').length).toBe(1);
  world.pass(3 * 60_000);
  await world.sweep();
  expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
  expect(world.published()).toBe((await published(FILE, { maxRejectedRecords: 5 })).bytes);
});

test('what is made again and lost again is made once more', async () => {
  const { world, fileId } = await interrupted();
  world.loseUploads();
  const original = world.output.completeUpload.bind(world.output);
  let losses = 0;
  jest.spyOn(world.output, 'completeUpload').mockImplementation(async (key, uploadId, parts) => {
    if (key.includes('part-00003') && ++losses === 2) await world.output.abortUpload(key, uploadId);
    return original(key, uploadId, parts);
  });
  expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
  expect(world.published()).toBe((await published(FILE, { maxRejectedRecords: 5 })).bytes);
});

test('where the source is gone too the job stays PUBLISHING, until somebody puts it back: it is never told as failed', async () => {
  const { world, fileId } = await interrupted(FILE, { maxRejectedRecords: 5 }, 'Unversioned');
  world.loseUploads();
  world.landing.expire('incoming/a.csv');
  expect(await world.follow()).toMatchObject([{ status: 'FAILED', error: { message: expect.stringMatching(/ is being published, and chunk-\d+ has to be made again because its upload is gone: expected .*, got none: the object is gone$/) } }]);
  expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING' });
  expect(world.announced).toEqual([]);

  world.pass(3 * 60_000);
  world.land('incoming/a.csv', FILE);
  await world.sweep();
  expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
  expect(world.published()).toBe((await published(FILE, { maxRejectedRecords: 5 })).bytes);
});

test('what is made again must be what was proved: a transform that answers otherwise is told', async () => {
  const world = new World('Enabled', { transform: { kind: 'function', batchSize: 100 } });
  let isChanged = false;
  world.userCode.invoke = async (request) => ({ hasFailed: false, answer: isChanged ? request.replaceAll(/"id":\d+/g, '"id":"x"') : request });
  const mend = failFromThirdPart(world);
  const { fileId, error } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(30))));
  expect(error?.message).toBe('S3 is down');
  mend();
  world.loseUploads();
  isChanged = true;
  const [ended] = await world.follow();
  expect(ended.error?.message).toMatch(/^expected records_written of job .* to be 30 again after chunks were run once more, got \d+: the transform must answer the same each time$/);
  expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING' });
});
