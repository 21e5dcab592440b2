import { createdEvent, csv, VERSIONINGS, World } from './support/world';
import { Versioning } from '../../simulation/memory-bucket';
import { validateFile } from '../../src/steps/validate-file';

const FILE = csv(20, [3]);

async function ended(contract = {}, versioning: Versioning = 'Enabled') {
  const world = new World(versioning, contract);
  const event = createdEvent(world.land('incoming/a.csv', FILE));
  const { fileId } = await world.execute(event);
  return { world, first: fileId! };
}

const refusal = async (world: World, fileId: string) => (await world.execute({ rerun: true, fileId })).refusal;

test.each(VERSIONINGS)('the file of a job that failed is processed once more, as a job of its own (bucket with %s)', async (_, versioning) => {
  const { world, first } = await ended({}, versioning);
  const before = await world.job(first);
  expect(before).toMatchObject({ status: 'FAILED', resumable: false });
  world.deploy({ maxRejectedRecords: 1 });

  const again = await world.execute({ rerun: true, fileId: first });
  expect(again).toMatchObject({ status: 'SUCCEEDED' });
  expect(again.fileId).not.toBe(first);
  expect(await world.job(again.fileId)).toMatchObject({
    rerun_of: first, key: 'incoming/a.csv', file_name: 'a.csv', read_key: `failed/${first}/a.csv`, moved_to: `processed/${again.fileId}/a.csv`, records_written: 19, run: 1,
  });
  expect(world.published().split('\n').length).toBe(20);
  // The first job has its file where it lies, and its outcome.
  expect(await world.job(first)).toEqual(before);
  expect(world.landing.keys())
    .toEqual([`failed/${first}/a.csv`, `failed/${first}/a.csv.report.json`, `processed/${again.fileId}/a.csv`]);
});

test('of a job that succeeded is another job with its own output, and so is each further one', async () => {
  const { world, first } = await ended({ maxRejectedRecords: 1 });
  const ids = [first];
  for (const from of [first, first]) ids.push((await world.execute({ rerun: true, fileId: from })).fileId!);
  ids.push((await world.execute({ rerun: true, fileId: ids[1] })).fileId!);
  expect(new Set(ids).size).toBe(4);
  const filesOf = (id: string) => world.outputBucket.keys('output/').filter((key) => key.includes(`/file_id=${id}/`)).length;
  expect(filesOf(first)).toBeGreaterThan(1);
  expect(ids.map(filesOf)).toEqual(ids.map(() => filesOf(first)));
  expect(world.openUploads()).toEqual([]);
});

test('an execution that tries again makes no second one', async () => {
  const { world, first } = await ended();
  const input = { event: { rerun: true, fileId: first }, executionArn: 'arn-9' } as const;
  const once = await validateFile(input, world.deps);
  expect(once.status).toBe('VALID');
  expect(await validateFile(input, world.deps)).toEqual(once);
});

test('that fails for its data leaves a copy of the file with why', async () => {
  const { world, first } = await ended();
  const { fileId, errorCode } = await world.execute({ rerun: true, fileId: first });
  expect(errorCode).toBe('too_many_rejects');
  expect(world.landing.keys()).toEqual([first, fileId!].flatMap((id) => [`failed/${id}/a.csv`, `failed/${id}/a.csv.report.json`]).sort());
});

test('that is interrupted can be resumed', async () => {
  const { world, first } = await ended({ maxRejectedRecords: 1 });
  jest.spyOn(world.output, 'put').mockRejectedValueOnce(new Error('slow down'));
  const { fileId } = await world.execute({ rerun: true, fileId: first }, 1);
  expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: true });
  expect(await world.execute({ resume: true, fileId: fileId! })).toMatchObject({ status: 'SUCCEEDED', fileId });
});

describe('is refused', () => {
  test('where there is no such job', async () => {
    expect(await refusal(new World(), 'none')).toBe('expected a job none to process once more, got none');
  });

  test('where the job is open, or to be resumed', async () => {
    const world = new World();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    const expected = `expected job ${fileId} to have ended for good, with its file moved, before that is processed once more, got`;
    expect(await refusal(world, fileId)).toBe(`${expected} PLANNING`);
    world.pass(3 * 60_000);
    await world.sweep();
    expect(await refusal(world, fileId)).toBe(`${expected} FAILED, to be resumed: start {"resume":true,"fileId":"${fileId}"}`);
  });

  test('where the file was gone before it could be moved', async () => {
    const world = new World();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    world.landing.expire('incoming/a.csv');
    const { fileId } = await world.execute(event);
    expect(await refusal(world, fileId!)).toMatch(/got FAILED, but its file was gone$/);
  });

  test('where the file was deleted since', async () => {
    const { world, first } = await ended();
    world.landing.expire(`failed/${first}/a.csv`);
    expect(await refusal(world, first)).toBe(`expected the file of job ${first} at failed/${first}/a.csv, got none: it was deleted since`);
  });
});

test('a file that lies in an archive has to be restored first', async () => {
  const { world, first } = await ended();
  const head = world.source.head.bind(world.source);
  jest.spyOn(world.source, 'head').mockImplementation(async (object) => ({ ...(await head(object))!, isArchived: true }));
  expect(await refusal(world, first)).toBe(`expected the file of job ${first} at failed/${first}/a.csv to be one that can be read, got one in an archive: restore it first`);
});
