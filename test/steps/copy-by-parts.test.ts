/** Files that one request does not copy: each call of MoveSource goes on where the one before it stood. */
import { MemorySource } from './support/memory-source';
import { createdEvent, csv, World } from './support/world';
import { JobItem, UploadedPart } from '../../src/contract/job-item';
import { PendingUpload } from '../../src/ports/pending-upload';
import { CopyPart, LARGEST_COPY, PinnedObject, SourceMover } from '../../src/ports/source';
import { moveSource } from '../../src/steps/move-source';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;
const PART = 512 * MIB;
/** 12 parts. */
const SIZE = 6 * 1024 * MIB - 5;

/** A bucket that knows sizes only: which bytes were copied to where. */
class SizedBucket implements SourceMover {
  readonly sizes = new Map<string, { readonly etag: string; readonly size: number }>();
  readonly copies = new Map<string, { readonly key: string; readonly parts: Map<number, CopyPart> }>();
  readonly copied: CopyPart[] = [];
  private opened = 0;

  async head({ bucket, key }: Pick<PinnedObject, 'bucket' | 'key'>): Promise<PinnedObject | undefined> {
    const found = this.sizes.get(key);
    return found && { bucket, key, etag: found.etag, sizeBytes: found.size, lastModified: '2026-01-01T00:00:00.000Z' };
  }

  async copy(): Promise<boolean> { throw new Error('too large'); }

  async openCopy(source: PinnedObject, toKey: string): Promise<string | undefined> {
    if (!this.isThere(source)) return undefined;
    const uploadId = `copy-${++this.opened}`;
    this.copies.set(uploadId, { key: toKey, parts: new Map() });
    return uploadId;
  }

  async copiedParts(_bucket: string, _toKey: string, uploadId: string): Promise<readonly UploadedPart[] | undefined> {
    const copy = this.copies.get(uploadId);
    return copy && [...copy.parts.values()].map(partOf);
  }

  async copyPart(source: PinnedObject, _toKey: string, uploadId: string, part: CopyPart): Promise<UploadedPart | undefined> {
    if (!this.isThere(source)) return undefined;
    const copy = this.copies.get(uploadId);
    if (copy === undefined) throw new Error('NoSuchUpload');
    this.copied.push(part);
    copy.parts.set(part.number, part);
    return partOf(part);
  }

  async completeCopy(_bucket: string, toKey: string, uploadId: string, parts: readonly UploadedPart[]): Promise<boolean> {
    const copy = this.copies.get(uploadId);
    if (copy === undefined) return false;
    expect(parts.map(({ number }) => number)).toEqual(parts.map((_, index) => index + 1));
    let end = 0;
    for (const { number } of parts) {
      const part = copy.parts.get(number)!;
      expect(part.start).toBe(end);
      ({ end } = part);
    }
    this.sizes.set(toKey, { etag: 'copied', size: end });
    this.copies.delete(uploadId);
    return true;
  }

  async abortCopy(_bucket: string, _toKey: string, uploadId: string): Promise<void> { this.copies.delete(uploadId); }
  async* pendingCopies(): AsyncIterable<PendingUpload> { return; }
  async putText(): Promise<void> { return; }

  async delete({ key }: PinnedObject): Promise<boolean> {
    this.sizes.delete(key);
    return true;
  }

  private isThere({ key, etag }: PinnedObject): boolean {
    return this.sizes.get(key)?.etag === etag;
  }
}

const partOf = ({ number, start, end }: CopyPart): UploadedPart => ({ number, etag: `part-${number}`, size: end - start });

/** A job that has succeeded, over a file of that size, which is not moved yet. */
async function unmoved(size = SIZE) {
  const world = new World(new MemorySource(false));
  jest.spyOn(world.source, 'copy').mockRejectedValue(new Error('later'));
  const { fileId } = await world.execute(createdEvent(world.source.put('incoming/a.csv', csv(3))));
  const ended = await world.job(fileId);
  await world.jobs.changeJob(ended, { size_bytes: size, last_modified: '2026-01-01T00:00:00.000Z' }, { event: 'grown', at: 0 });
  const mover = new SizedBucket();
  mover.sizes.set('incoming/a.csv', { etag: ended.etag, size });
  const toKey = `processed/${fileId}/a.csv`;
  /** @param parts that there is time for */
  const move = async (parts = Infinity) => {
    let left = Number.isFinite(parts) ? 2 * parts : Infinity;
    return moveSource({ fileId: fileId! }, { ...world.deps, mover, timeLeft: () => left-- });
  };
  return { world, fileId: fileId!, mover, toKey, move, job: async (): Promise<JobItem> => world.job(fileId) };
}

test('copies all parts and moves the file', async () => {
  const { mover, toKey, move, job, fileId } = await unmoved();
  expect(await move()).toEqual({ status: 'SUCCEEDED', fileId, errorCode: '', errorMessage: '' });
  expect([...mover.sizes]).toEqual([[toKey, { etag: 'copied', size: SIZE }]]);
  expect(mover.copied.length).toBe(12);
  expect(mover.copies.size).toBe(0);
  expect(await job()).toMatchObject({ source_state: 'MOVED', moved_to: toKey });
});

/** The smallest one, and the largest that S3 holds. */
test.each([LARGEST_COPY + 1, 50e12])('copies %d bytes in at most 10,000 parts, none larger than S3 takes', async (size) => {
  const { mover, toKey, move } = await unmoved(size);
  await move();
  expect(mover.sizes.get(toKey)!.size).toBe(size);
  expect(mover.copied.length).toBeLessThanOrEqual(10_000);
  expect(Math.max(...mover.copied.map(({ start, end }) => end - start))).toBeLessThanOrEqual(LARGEST_COPY);
});

test('is UNFINISHED when the time is up, and goes on: no part is copied twice', async () => {
  const { world, mover, toKey, move, job, fileId } = await unmoved();
  const statuses: string[] = [];
  while (statuses.at(-1) !== 'SUCCEEDED') {
    if (statuses.length > 12) throw new Error('no end');
    statuses.push((await move(3)).status);
    if (statuses.at(-1) === 'UNFINISHED') expect([mover.sizes.has('incoming/a.csv'), mover.sizes.has(toKey)]).toEqual([true, false]);
  }
  expect(statuses.length).toBeGreaterThan(2);
  expect(mover.copied.map(({ number }) => number).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  expect(mover.sizes.get(toKey)!.size).toBe(SIZE);
  expect(await job()).toMatchObject({ source_state: 'MOVED', move_upload_id: 'copy-1' });
  expect((await world.eventNames(fileId)).filter((event) => event.startsWith('move'))).toEqual(['move-begun', 'moved']);
});

test('copies a part a call however little time there is', async () => {
  const { mover, move } = await unmoved();
  for (let call = 1; call <= 3; call++) {
    expect((await move(0)).status).toBe('UNFINISHED');
    expect(mover.copied.length).toBe(call);
  }
});

test('goes on after a crash with the parts that are not there yet', async () => {
  const { mover, toKey, move } = await unmoved();
  const copyPart = mover.copyPart.bind(mover);
  jest.spyOn(mover, 'copyPart').mockImplementation(async (source, to, uploadId, part) => {
    if (part.number > 5) throw new Error('503 Slow Down');
    return copyPart(source, to, uploadId, part);
  });
  await expect(move()).rejects.toThrow('503 Slow Down');
  jest.restoreAllMocks();
  expect((await move()).status).toBe('SUCCEEDED');
  expect(mover.copied.length).toBe(12);
  expect(mover.sizes.get(toKey)!.size).toBe(SIZE);
});

test.each(['before', 'after'])('a crash %s the source is deleted copies nothing once more', async (when) => {
  const { mover, toKey, move, job } = await unmoved();
  const remove = mover.delete.bind(mover);
  jest.spyOn(mover, 'delete').mockImplementationOnce(async (source) => {
    if (when === 'after') await remove(source);
    throw new Error('connection reset');
  });
  await expect(move()).rejects.toThrow('connection reset');
  expect((await move()).status).toBe('SUCCEEDED');
  expect(mover.copied.length).toBe(12);
  expect([...mover.sizes.keys()]).toEqual([toKey]);
  expect(await job()).toMatchObject({ source_state: 'MOVED', moved_to: toKey });
});

test('takes a copy whose end was not heard of for what it is', async () => {
  const { mover, toKey, move } = await unmoved();
  const complete = mover.completeCopy.bind(mover);
  jest.spyOn(mover, 'completeCopy').mockImplementationOnce(async (...args) => {
    await complete(...args);
    return false;
  });
  expect((await move()).status).toBe('SUCCEEDED');
  expect([...mover.sizes.keys()]).toEqual([toKey]);
});

test('begins anew where its upload is gone in between', async () => {
  const { mover, toKey, move, job } = await unmoved();
  expect((await move(3)).status).toBe('UNFINISHED');
  mover.copies.clear();
  expect((await move()).status).toBe('SUCCEEDED');
  expect(mover.sizes.get(toKey)!.size).toBe(SIZE);
  expect(await job()).toMatchObject({ move_upload_id: 'copy-2' });
});

test('an upload that is aborted while it is completed is an error, and the retry copies anew', async () => {
  const { mover, toKey, move } = await unmoved();
  jest.spyOn(mover, 'completeCopy').mockImplementationOnce(async () => {
    mover.copies.clear();
    return false;
  });
  await expect(move()).rejects.toThrow(`expected the copy to ${toKey} to be open until it is completed, got none: somebody has aborted it`);
  expect((await move()).status).toBe('SUCCEEDED');
});

test.each(['before it begins', 'in between', 'in mid-call'])('a source that is gone %s: the job ends all the same, and says so', async (when) => {
  const { world, fileId, mover, move, job } = await unmoved();
  const lose = () => mover.sizes.set('incoming/a.csv', { etag: 'newer', size: TIB });
  if (when === 'in between') await move(3);
  if (when === 'in mid-call') {
    const copyPart = mover.copyPart.bind(mover);
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
  expect([...mover.sizes.keys()]).toEqual(['incoming/a.csv']);
  expect(mover.copies.size).toBe(0);
  expect(await world.eventNames(fileId)).toContain('source-gone');
});

test('of two at a time both end well', async () => {
  const { mover, toKey, move, job } = await unmoved();
  await Promise.allSettled([move(), move()]);
  expect((await move()).status).toBe('SUCCEEDED');
  expect([...mover.sizes.keys()]).toEqual([toKey]);
  expect(await job()).toMatchObject({ source_state: 'MOVED' });
});

test('parts are of one size but the last', async () => {
  const { mover, move } = await unmoved();
  await move();
  expect(new Set(mover.copied.filter(({ number }) => number < 12).map(({ start, end }) => end - start))).toEqual(new Set([PART]));
});
