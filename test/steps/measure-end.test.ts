/** What the end of a job is counted as. */
import { createdEvent, csv, World } from './support/world';

const counted = (world: World, ...names: string[]) => Object.fromEntries(names.map((name) => [name, world.metrics.get(name) ?? 0]));
const ENDS = ['FilesReceived', 'JobsSucceeded', 'JobsFailed', 'JobsRejected', 'JobsInterrupted'];

test('a published file is a job that succeeded, and each rejected record counts in all and by its code', async () => {
  const world = new World('Enabled', { maxRejectedPercentage: 50 });
  await world.execute(createdEvent(world.land('incoming/a.csv', `${csv(20, [3, 5])}7,too,many\n`)));
  expect(counted(world, ...ENDS)).toEqual({ FilesReceived: 1, JobsSucceeded: 1, JobsFailed: 0, JobsRejected: 0, JobsInterrupted: 0 });
  expect([...world.metrics].filter(([name]) => name.startsWith('RecordsRejected'))).toEqual([
    ['RecordsRejected', 3], ['RecordsRejected field_count', 1], ['RecordsRejected type', 2],
  ]);
});

test('a file that did not pass is a job that was rejected', async () => {
  const world = new World();
  await world.execute(createdEvent(world.land('incoming/a.csv', 'wrong,header\n1,a\n')));
  expect(counted(world, ...ENDS)).toEqual({ FilesReceived: 1, JobsSucceeded: 0, JobsFailed: 1, JobsRejected: 1, JobsInterrupted: 0 });
});

describe('a failure of ours', () => {
  const interrupt = async (world: World) => {
    jest.spyOn(world.output, 'openUpload').mockRejectedValue(new Error('S3 is down'));
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(20, [3]))));
    jest.restoreAllMocks();
    return fileId!;
  };

  test('is a job that was interrupted, whose records count when a resume ends it', async () => {
    const world = new World('Enabled', { maxRejectedPercentage: 50 });
    const fileId = await interrupt(world);
    expect(counted(world, ...ENDS)).toEqual({ FilesReceived: 1, JobsSucceeded: 0, JobsFailed: 1, JobsRejected: 0, JobsInterrupted: 1 });
    expect(world.metrics.has('RecordsRejected type')).toBe(false);

    await world.execute({ resume: true, fileId });
    expect(counted(world, ...ENDS, 'RecordsRejected type'))
      .toEqual({ 'FilesReceived': 1, 'JobsSucceeded': 1, 'JobsFailed': 1, 'JobsRejected': 0, 'JobsInterrupted': 1, 'RecordsRejected type': 1 });
  });

  test('that is resumed too late is still none of the file\'s', async () => {
    const world = new World();
    const fileId = await interrupt(world);
    world.pass(world.deps.contract.resumeWindowSeconds * 1000 + 1);
    await world.execute({ resume: true, fileId });
    expect(await world.job(fileId)).toMatchObject({ error_code: 'resumed_too_late', resumable: false });
    expect(counted(world, 'JobsRejected', 'JobsInterrupted')).toEqual({ JobsRejected: 0, JobsInterrupted: 2 });
  });

  test('before the claim is a file received, and its job interrupted', async () => {
    const world = new World();
    jest.spyOn(world.jobs, 'claim').mockRejectedValue(new Error('DynamoDB is down'));
    await world.execute(createdEvent(world.land('incoming/a.csv', csv(20))));
    expect(counted(world, 'FilesReceived', 'JobsInterrupted')).toEqual({ FilesReceived: 1, JobsInterrupted: 1 });
  });
});

test('a file whose event comes twice is received once', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20)));
  await world.execute(event);
  await world.execute(event);
  expect(counted(world, 'FilesReceived', 'JobsSucceeded')).toEqual({ FilesReceived: 1, JobsSucceeded: 1 });
});

describe('the age of a job for the SLA', () => {
  const MINUTE = 60_000;
  const age = (world: World) => {
    const measured = world.metrics.get('OldestSlaJobAge');
    return measured === undefined ? undefined : Math.round(measured / 10) * 10;
  };

  test('is measured at its end, whatever the sweep saw of it, from when its file came', async () => {
    const world = new World();
    const event = createdEvent(world.land('incoming/a.csv', csv(20)));
    world.pass(14 * MINUTE);
    const complete = world.output.completeUpload.bind(world.output);
    jest.spyOn(world.output, 'completeUpload').mockImplementationOnce(async (...upload) => {
      world.pass(3 * MINUTE);
      return complete(...upload);
    });
    await world.execute(event);
    expect([world.metrics.get('JobsSucceeded'), age(world)]).toEqual([1, 17 * 60]);
  });

  test('is not that of a file that is larger than the SLA is for', async () => {
    const world = new World();
    Object.assign(world.deps, { slaFileSizeBytes: csv(20).length - 1 });
    await world.execute(createdEvent(world.land('incoming/a.csv', csv(20))));
    expect([world.metrics.get('JobsSucceeded'), age(world)]).toEqual([1, undefined]);
  });

  test('of a job that processes an old file once more begins with its own claim', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(20))));
    world.pass(24 * 60 * MINUTE);
    world.metrics.clear();
    await world.execute({ rerun: true, fileId: fileId! });
    expect([world.metrics.get('JobsSucceeded'), age(world)]).toEqual([1, 0]);
  });

  test('begins with the claim where nothing says when the file came', async () => {
    const world = new World('Unversioned');
    const event = createdEvent(world.land('incoming/a.csv', csv(20)));
    world.landing.delete('incoming/a.csv');
    await world.execute({ ...event, time: 'yesterday' });
    expect([world.metrics.get('JobsRejected'), age(world)]).toEqual([1, 0]);
  });
});
