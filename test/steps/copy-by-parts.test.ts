/** Files that one request does not copy: each call of MoveSource goes on where the one before it stood. */
import { createdEvent, csv, World } from './support/world';
import { MemorySourceMover } from '../../simulation/memory-stores';
import { Scheduler } from '../../simulation/scheduler';
import { JobItem, UploadedPart } from '../../src/contract/job-item';
import { moveSource } from '../../src/steps/move-source';

const GIB = 1024 ** 3;
const FILE = csv(3);
const PART = 4;
const PARTS = Math.ceil(FILE.length / PART);

/** A job that has succeeded, whose file is not moved yet, and a store that copies so little of it at a time. */
async function unmoved(limits: readonly number[] = [PART, PART]) {
  const world = new World('Unversioned');
  jest.spyOn(world.mover, 'copy').mockRejectedValue(new Error('later'));
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
  const mover = new MemorySourceMover([world.landing], ...limits);
  const original = mover.copyPart.bind(mover);
  const copyPart = jest.spyOn(mover, 'copyPart');
  /** @param parts that there is time for */
  const move = async (parts = Infinity) => {
    let left = Number.isFinite(parts) ? 2 * parts : Infinity;
    return moveSource({ fileId: fileId! }, { ...world.deps, mover, timeLeft: () => left-- });
  };
  return {
    world,
    fileId: fileId!,
    mover,
    copyPart: original,
    toKey: `processed/${fileId}/a.csv`,
    move,
    job: async (): Promise<JobItem> => world.job(fileId),
    /** Requests so far. */
    copied: () => copyPart.mock.calls.map(([, , , part]) => part),
    loseCopies: () => world.landing.openUploads().forEach(({ key, uploadId }) => world.landing.abortUpload(key, uploadId)),
  };
}

test('copies all parts and moves the file', async () => {
  const { world, toKey, move, job, fileId, copied } = await unmoved();
  expect(await move()).toEqual({ status: 'SUCCEEDED', fileId, errorCode: '', errorMessage: '' });
  expect(world.landing.keys()).toEqual([toKey]);
  expect(world.landing.text(toKey)).toBe(FILE);
  expect(copied().length).toBe(PARTS);
  expect(world.landing.openUploads()).toEqual([]);
  expect(await job()).toMatchObject({ source_state: 'MOVED', moved_to: toKey });
});

/** The smallest one, and the largest that S3 holds. */
test.each([5 * GIB + 1, 50e12])('copies %d bytes in at most 10,000 parts, none larger than S3 takes', async (size) => {
  const { world, mover, move, job, copied } = await unmoved([]);
  await world.jobs.changeJob(await job(), { size_bytes: size }, { event: 'grown', at: 0 });
  jest.spyOn(mover, 'copyPart').mockImplementation(async (_source, _toKey, _uploadId, { number, start, end }) => ({ number, etag: '', size: end - start }));
  const complete = jest.spyOn(mover, 'completeCopy').mockResolvedValue(true);
  await move();
  expect(complete.mock.calls[0][3].reduce((sum, part) => sum + part.size, 0)).toBe(size);
  expect(copied().length).toBeLessThanOrEqual(10_000);
  expect(Math.max(...copied().map(({ start, end }) => end - start))).toBeLessThanOrEqual(mover.largestCopy);
});

/** At 150 MB a second for each part, in calls of 15 minutes: a part of 5 TB takes four seconds, one of 50 TB half a minute. */
test.each([
  [1e12, 2],
  [5e12, 6],
  [50e12, 60],
  // The largest object of all: 10,000 parts of 5 GiB.
  [10_000 * 5 * GIB, 65],
])('copies %d bytes in as many calls as it takes, and each part once', async (size, mostCalls) => {
  const { world, mover, job, fileId } = await unmoved([]);
  await world.jobs.changeJob(await job(), { size_bytes: size }, { event: 'grown', at: 0 });
  const scheduler = new Scheduler(0);
  const there = new Map<number, UploadedPart>();
  let most = 0;
  let inFlight = 0;
  const requests = jest.spyOn(mover, 'copyPart').mockImplementation(async (_source, _toKey, _uploadId, { number, start, end }) => {
    most = Math.max(most, ++inFlight);
    await scheduler.sleep((end - start) / 150_000);
    inFlight--;
    there.set(number, { number, etag: '', size: end - start });
    return there.get(number);
  });
  jest.spyOn(mover, 'copiedParts').mockImplementation(async () => [...there.values()]);
  jest.spyOn(mover, 'completeCopy').mockImplementation(async () => Promise.resolve(world.landing.put(`processed/${fileId}/a.csv`, FILE) !== undefined));
  let status = 'UNFINISHED';
  let calls = 0;
  for (; status === 'UNFINISHED'; calls++) {
    const deadline = scheduler.now + 900_000;
    const moving = moveSource({ fileId }, { ...world.deps, mover, timeLeft: () => deadline - scheduler.now });
    await scheduler.run();
    ({ status } = await moving);
    expect(scheduler.now).toBeLessThan(deadline);
  }
  expect(status).toBe('SUCCEEDED');
  expect(calls).toBeLessThanOrEqual(mostCalls);
  const copied = requests.mock.calls.map(([, , , { number, start, end }]) => ({ number, start, end })).sort((a, b) => a.number - b.number);
  expect(copied.map(({ number }) => number)).toEqual(copied.map((_, index) => index + 1));
  expect(copied.map(({ start }) => start)).toEqual([0, ...copied.slice(0, -1).map(({ end }) => end)]);
  expect(copied.at(-1)!.end).toBe(size);
  expect({ parts: copied.length <= 10_000, most }).toEqual({ parts: true, most: 16 });
  expect(Math.max(...copied.map(({ start, end }) => end - start))).toBeLessThanOrEqual(5 * GIB);
  // However many parts there are, the job's item names the upload alone.
  expect(Buffer.byteLength(JSON.stringify(await job()))).toBeLessThan(5000);
});

test('is UNFINISHED when the time is up, and goes on: no part is copied twice', async () => {
  const { world, toKey, move, job, fileId, copied } = await unmoved();
  const statuses: string[] = [];
  while (statuses.at(-1) !== 'SUCCEEDED') {
    if (statuses.length > PARTS) throw new Error('no end');
    statuses.push((await move(3)).status);
    if (statuses.at(-1) === 'UNFINISHED') expect(world.landing.keys()).toEqual(['incoming/a.csv']);
  }
  expect(statuses.length).toBeGreaterThan(2);
  expect(copied().map(({ number }) => number).sort((a, b) => a - b)).toEqual(Array.from({ length: PARTS }, (_, index) => index + 1));
  expect(world.landing.text(toKey)).toBe(FILE);
  expect(await job()).toMatchObject({ source_state: 'MOVED' });
  expect((await world.eventNames(fileId)).filter((event) => event.startsWith('move'))).toEqual(['move-begun', 'moved']);
});

test('copies a part a call however little time there is', async () => {
  const { move, copied } = await unmoved();
  for (let call = 1; call <= 3; call++) {
    expect((await move(0)).status).toBe('UNFINISHED');
    expect(copied().length).toBe(call);
  }
});

test('goes on after a crash with the parts that are not there yet', async () => {
  const { world, mover, copyPart, toKey, move, copied } = await unmoved();
  const throttled = jest.spyOn(mover, 'copyPart').mockImplementation(async (source, to, uploadId, part) => {
    if (part.number > 5) throw new Error('503 Slow Down');
    return copyPart(source, to, uploadId, part);
  });
  await expect(move()).rejects.toThrow('503 Slow Down');
  const there = new Set((await mover.copiedParts('landing', toKey, world.landing.openUploads()[0].uploadId))!.map(({ number }) => number));
  expect(there).toEqual(new Set([1, 2, 3, 4, 5]));
  throttled.mockClear().mockImplementation(copyPart);
  expect((await move()).status).toBe('SUCCEEDED');
  expect(copied().length).toBe(PARTS - there.size);
  expect(world.landing.text(toKey)).toBe(FILE);
});

test.each(['before', 'after'])('a crash %s the source is deleted copies nothing once more', async (when) => {
  const { world, mover, toKey, move, job, copied } = await unmoved();
  const remove = mover.delete.bind(mover);
  jest.spyOn(mover, 'delete').mockImplementationOnce(async (source) => {
    if (when === 'after') await remove(source);
    throw new Error('connection reset');
  });
  await expect(move()).rejects.toThrow('connection reset');
  expect((await move()).status).toBe('SUCCEEDED');
  expect(copied().length).toBe(PARTS);
  expect(world.landing.keys()).toEqual([toKey]);
  expect(await job()).toMatchObject({ source_state: 'MOVED', moved_to: toKey });
});

test('takes a copy whose end was not heard of for what it is', async () => {
  const { world, mover, toKey, move } = await unmoved();
  const complete = mover.completeCopy.bind(mover);
  jest.spyOn(mover, 'completeCopy').mockImplementationOnce(async (...args) => {
    await complete(...args);
    return false;
  });
  expect((await move()).status).toBe('SUCCEEDED');
  expect(world.landing.keys()).toEqual([toKey]);
});

test('begins anew where its upload is gone in between', async () => {
  const { world, toKey, move, job, loseCopies } = await unmoved();
  expect((await move(3)).status).toBe('UNFINISHED');
  const { move_upload_id: lost } = await job();
  loseCopies();
  expect((await move()).status).toBe('SUCCEEDED');
  expect(world.landing.text(toKey)).toBe(FILE);
  expect((await job()).move_upload_id).not.toBe(lost);
});

test('an upload that is aborted while it is completed is an error, and the retry copies anew', async () => {
  const { mover, toKey, move, loseCopies } = await unmoved();
  jest.spyOn(mover, 'completeCopy').mockImplementationOnce(async () => {
    loseCopies();
    return false;
  });
  await expect(move()).rejects.toThrow(`expected the copy to ${toKey} to be open until it is completed, got none: somebody has aborted it`);
  expect((await move()).status).toBe('SUCCEEDED');
});

test.each(['before it begins', 'in between', 'in mid-call'])('a source that is gone %s: the job ends all the same, and says so', async (when) => {
  const { world, fileId, mover, copyPart, move, job } = await unmoved();
  const lose = () => world.landing.put('incoming/a.csv', 'newer');
  if (when === 'in between') await move(3);
  if (when === 'in mid-call') {
    jest.spyOn(mover, 'copyPart').mockImplementation(async (...args) => {
      if (args[3].number === 4) lose();
      return copyPart(...args);
    });
  } else {
    lose();
  }
  expect((await move()).status).toBe('SUCCEEDED');
  expect(await job()).toMatchObject({ source_state: 'GONE' });
  expect(await job()).not.toHaveProperty('moved_to');
  expect(world.landing.keys()).toEqual(['incoming/a.csv']);
  expect(world.landing.openUploads()).toEqual([]);
  expect(await world.eventNames(fileId)).toContain('source-gone');
});

test('of two at a time both end well', async () => {
  const { world, toKey, move, job } = await unmoved();
  await Promise.allSettled([move(), move()]);
  expect((await move()).status).toBe('SUCCEEDED');
  expect(world.landing.keys()).toEqual([toKey]);
  expect(await job()).toMatchObject({ source_state: 'MOVED' });
});

test('parts are of one size but the last', async () => {
  const { move, copied } = await unmoved();
  await move();
  expect(new Set(copied().filter(({ number }) => number < PARTS).map(({ start, end }) => end - start))).toEqual(new Set([PART]));
});

test('parts of another size, of before a deployment, are copied anew', async () => {
  const { world, move, mover, toKey, fileId } = await unmoved([PART, PART]);
  expect(await move(2)).toMatchObject({ status: 'UNFINISHED' });
  const larger = new MemorySourceMover([world.landing], PART, PART + 3);
  expect(await moveSource({ fileId }, { ...world.deps, mover: larger })).toMatchObject({ status: 'SUCCEEDED' });
  expect(mover.copyPartSize).toBe(PART);
  expect(world.landing.text(toKey)).toBe(FILE);
});
