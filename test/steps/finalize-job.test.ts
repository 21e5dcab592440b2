import { createdEvent, csv, World } from './support/world';
import { JobContract } from '../../src/contract/job-contract';
import { ChunkTask } from '../../src/contract/payloads';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { ShardEncoder } from '../../src/steps/reject-shard';
import { validateFile } from '../../src/steps/validate-file';

/** A job whose chunks all have their results. */
async function processed(file = csv(30), world = new World('Unversioned')) {
  const event = createdEvent(world.land('incoming/a.csv', file));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  const { manifestKey } = await planChunks({ fileId }, world.deps);
  const tasks = await world.output.getJson<ChunkTask[]>(manifestKey!);
  for (const task of tasks) await processChunk(task, world.deps);
  return { world, event, fileId, tasks };
}

/** Two parts appear, then S3 says no once. */
function throttleThirdPart({ output }: World): void {
  const complete = output.completeUpload.bind(output);
  let isThrottled = false;
  jest.spyOn(output, 'completeUpload').mockImplementation(async (key, ...args) => {
    if (isThrottled || !key.includes('part-00002')) return complete(key, ...args);
    isThrottled = true;
    throw new Error('throttled');
  });
}

const VERDICT = { error_code: 'source_changed', error_message: 'expected object' } as const;
const BY_TWIN = { event: 'rejected', at: 1 };

test('a verdict that comes while FinalizeJob gathers the rejects is carried out by the retry: nothing is published', async () => {
  const { world, fileId } = await processed();
  const put = world.output.put.bind(world.output);
  jest.spyOn(world.output, 'put').mockImplementationOnce(async (...args) => {
    await world.jobs.changeJob(await world.job(fileId), VERDICT, BY_TWIN);
    return put(...args);
  });
  await expect(finalizeJob({ fileId }, world.deps))
    .rejects.toThrow(/to be as it was read \(PROCESSING in run 1, revision 3\), got PROCESSING in run 1 with the verdict source_changed, revision 4$/);
  expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING' });
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
  expect(world.published()).toBe('');
  expect(world.openUploads()).toEqual([]);
});

test('a verdict that was reached before the job is PUBLISHING, and is written after, changes nothing', async () => {
  const { world, fileId, tasks } = await processed();
  const read = await world.job(fileId);
  throttleThirdPart(world);
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('throttled');
  expect(world.published()).not.toBe('');
  // A worker that has read the job before.
  expect(await world.jobs.changeJob(read, VERDICT, BY_TWIN)).toBeUndefined();
  // One that reads it now, whose chunk runs once more.
  world.land('incoming/a.csv', csv(31));
  const again = { ...tasks[0], round: 4, replaces: 1 };
  await expect(processChunk(again, world.deps)).rejects.toThrow(`job ${fileId} is being published, and chunk-0000000 has to be made again`);
  expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING' });
  expect(await world.job(fileId)).not.toHaveProperty('error_code');
});

test('a worker whose twin has done the chunk does not reject the job when the source changes after that', async () => {
  const { world, fileId, tasks } = await processed();
  jest.spyOn(world.jobs, 'startChunk').mockResolvedValue(2);
  world.land('incoming/a.csv', csv(31));
  expect(await processChunk(tasks[0], world.deps)).toEqual({});
  expect(await world.job(fileId)).not.toHaveProperty('error_code');
});

test('of many workers that find the source changed one tells', async () => {
  const { world, fileId, tasks } = await processed();
  world.land('incoming/a.csv', csv(31));
  const scans = tasks.map((task): ChunkTask => ({ ...task, task: 'SCAN' }));
  await Promise.all(scans.map(async (scan) => processChunk(scan, world.deps)));
  expect((await world.eventNames(fileId)).filter((event) => event === 'rejected')).toEqual(['rejected']);
  expect(await world.job(fileId)).toMatchObject({ error_code: 'source_changed' });
});

test('the verdict stands in the job item before the first row of rejected.csv is written', async () => {
  const { world, fileId } = await processed(csv(30, [3]));
  jest.spyOn(world.output, 'put').mockRejectedValueOnce(new Error('slow down'));
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('slow down');
  expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING', error_code: 'too_many_rejects', records_read: 30, records_rejected: 1 });
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
});

test('throws when a rejected record is missing in the quarantine', async () => {
  const { world, fileId } = await processed(csv(5, [1, 3]), new World('Enabled', { maxRejectedRecords: 2, chunkSizeBytes: 1000 }));
  const shard = `work/${fileId}/rejects/chunk-0000000-1`;
  const rejects = [{ line: 2, byteOffset: 10, code: 'type', message: '', record: Buffer.from('x') }] as const;
  world.outputBucket.put(shard, Buffer.from(new ShardEncoder().encode(rejects)));
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow(`internal: expected 2 rows in quarantine/file_id=${fileId}/rejected.csv, got 1`);
  expect(world.published()).toBe('');
});

describe('where rejected.csv takes longer than a step lives', () => {
  const BAD = [0, 3, 4, 11, 12, 13, 20, 29];
  /** At this look at the clock after the first one the time is up. */
  const countdown = (calls: number) => {
    let left = 2 * calls - 1;
    return () => left--;
  };

  async function inSlices(world: World, fileId: string, rows: number, between = async (_: number): Promise<void> => undefined) {
    const statuses: string[] = [];
    while (statuses.at(-1) === undefined || statuses.at(-1) === 'UNFINISHED') {
      if (statuses.length > 50) throw new Error('no end');
      statuses.push((await finalizeJob({ fileId }, { ...world.deps, timeLeft: countdown(rows) })).status);
      await between(statuses.length);
    }
    return statuses;
  }

  describe.each([
    ['published', { maxRejectedRecords: 8 }, 'PUBLISHED'],
    ['refused', { maxRejectedRecords: 7 }, 'FAILED'],
  ] as const)('and the job is %s', (_, limits, end) => {
    const job = async (contract: Partial<JobContract> = {}) => processed(csv(30, BAD), new World('Enabled', { ...limits, ...contract }));

    test.each([1, 2, 3])('it is written in slices (of %d rows at a time), to the same bytes', async (rows) => {
      const whole = await job();
      expect(await finalizeJob({ fileId: whole.fileId }, whole.world.deps)).toMatchObject({ status: end });
      const { world, fileId } = await job();
      const statuses = await inSlices(world, fileId, rows);
      expect(statuses.length).toBeGreaterThan(2);
      expect(statuses).toEqual([...statuses.slice(1).map(() => 'UNFINISHED'), end]);
      expect(world.rejectedCsv(fileId)).toBe(whole.world.rejectedCsv(whole.fileId));
      expect(world.published()).toBe(whole.world.published());
      expect(await world.job(fileId)).toMatchObject({ records_read: 30, records_rejected: 8 });
      expect(world.announced).toMatchObject([{ status: end === 'PUBLISHED' ? 'SUCCEEDED' : 'FAILED' }]);
      expect(world.openUploads()).toEqual([]);
    });

    test('the job item has the verdict from the first slice on, and nothing is visible or told before the last', async () => {
      const { world, fileId } = await job();
      await inSlices(world, fileId, 2, async () => {
        const { status, error_code: code, records_rejected: rejected } = await world.job(fileId);
        expect(rejected).toBe(8);
        expect(code).toBe(end === 'FAILED' ? 'too_many_rejects' : undefined);
        if (status === 'PROCESSING') expect([world.published(), world.rejectedCsv(fileId), world.announced]).toEqual(['', undefined, []]);
      });
    });

    test('a slice that crashed is written again', async () => {
      const whole = await job();
      await finalizeJob({ fileId: whole.fileId }, whole.world.deps);
      const { world, fileId } = await job();
      const change = jest.spyOn(world.jobs, 'changeJob');
      const statuses: string[] = [];
      for (let call = 0; statuses.at(-1) !== end; call++) {
        // Each other call cannot say how far it is.
        if (call % 2 === 1) change.mockRejectedValueOnce(new Error('throttled'));
        const finalizing = finalizeJob({ fileId }, { ...world.deps, timeLeft: countdown(2) });
        statuses.push(await finalizing.then(({ status }) => status, (error: Error) => error.message));
      }
      expect(new Set(statuses)).toEqual(new Set(['UNFINISHED', 'throttled', end]));
      expect(world.rejectedCsv(fileId)).toBe(whole.world.rejectedCsv(whole.fileId));
    });

    test('an interruption between two slices is resumed to the same bytes', async () => {
      const whole = await job();
      await finalizeJob({ fileId: whole.fileId }, whole.world.deps);
      const { world, event, fileId } = await job();
      expect(await finalizeJob({ fileId }, { ...world.deps, timeLeft: countdown(2) })).toMatchObject({ status: 'UNFINISHED' });
      await closeJob({ executionArn: 'arn-1', input: event, error: { Error: 'States.Timeout' } }, world.deps);
      expect(await world.execute({ resume: true, fileId })).toMatchObject({ fileId, errorCode: end === 'FAILED' ? 'too_many_rejects' : '' });
      expect(world.rejectedCsv(fileId)).toBe(whole.world.rejectedCsv(whole.fileId));
    });

    test('a resume goes on with it where it stood', async () => {
      const { world, event, fileId } = await job();
      await finalizeJob({ fileId }, { ...world.deps, timeLeft: countdown(2) });
      const { quarantine_key: key } = await world.job(fileId);
      await closeJob({ executionArn: 'arn-1', input: event, error: { Error: 'States.Timeout' } }, world.deps);
      const getJson = jest.spyOn(world.output, 'getJson');
      await world.execute({ resume: true, fileId });
      expect(key).toMatch(/^work\/.*\/quarantine-/);
      expect(getJson.mock.calls.map(([read]) => read)).toContain(key);
    });

    test('what keeps a slice from being written is told, and loses nothing of those before it', async () => {
      const { world, fileId } = await job();
      await finalizeJob({ fileId }, { ...world.deps, timeLeft: countdown(2) });
      const before = await world.job(fileId);
      const read = jest.spyOn(world.output, 'read').mockImplementation(() => { throw new Error('slow down'); });
      await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('slow down');
      expect(await world.job(fileId)).toEqual(before);
      read.mockRestore();
      expect(await finalizeJob({ fileId }, world.deps)).toMatchObject({ status: end });
    });

    test('an upload that is gone between two slices is begun anew', async () => {
      const large = 'x'.repeat(50_000);
      const file = 'id,text\n' + Array.from({ length: 400 }, (_row, id) => `${id % 2 === 0 ? 'none' : id},${large}${id}\n`).join('');
      const contract = { maxRejectedRecords: end === 'FAILED' ? 1 : 200, chunkSizeBytes: 5_000_000, maxRecordSizeBytes: 100_000 };
      const newJob = async () => {
        const made = await processed(file, new World('Enabled', contract));
        const { output, outputBucket } = made.world;
        // Pieces as large as those of S3: small ones take long.
        jest.spyOn(output, 'read').mockImplementation(async function* (key) { yield outputBucket.get(key).bytes; });
        return made;
      };
      const whole = await newJob();
      await finalizeJob({ fileId: whole.fileId }, whole.world.deps);
      const { world, fileId } = await newJob();
      let lost = 0;
      const statuses = await inSlices(world, fileId, 60, async (slice) => {
        if (slice > 2) return;
        lost += world.outputBucket.openUploads('quarantine/').length;
        world.loseUploads('quarantine/');
      });
      expect(lost).toBeGreaterThan(0);
      expect(statuses.at(-1)).toBe(end);
      expect(world.rejectedCsv(fileId)!.length).toBeGreaterThan(8 * 1024 ** 2);
      expect(world.rejectedCsv(fileId) === whole.world.rejectedCsv(whole.fileId)).toBe(true);
      expect(await world.job(fileId)).toMatchObject({ records_rejected: 200 });
    });
  });

  test('so does the workflow, from one call of FinalizeJob to the next', async () => {
    const world = new World('Enabled', { maxRejectedRecords: 8 });
    const read = jest.spyOn(world.output, 'getJson');
    // Two rows, then half of the time that a call had is over: of four calls three go on where another one paused.
    let left = 1;
    world.timeLeft = () => left *= 0.7;
    expect(await world.execute(createdEvent(world.land('incoming/a.csv', csv(30, BAD))))).toMatchObject({ status: 'SUCCEEDED' });
    expect(read.mock.calls.filter(([key]) => key.includes('/quarantine-')).length).toBe(3);
  });
});
