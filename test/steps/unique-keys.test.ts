import { park } from './support/park';
import { allOf, CONTRACT, createdEvent, tasksOfRound, World } from './support/world';
import { IndexedJobTable } from '../../simulation/indexed-job-table';
import { MemoryOutputStore } from '../../simulation/memory-stores';
import { JobContract } from '../../src/contract/job-contract';
import { ChunkTask } from '../../src/contract/payloads';
import * as duplicates from '../../src/engine/keys/find-duplicates';
import { Schema } from '../../src/spec/schema';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { validateFile } from '../../src/steps/validate-file';
import { bytesSource } from '../engine/support/engine-run';

const SCHEMA: Schema = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }], primaryKey: 'id' };
const HEADER = 'id,text\n';

/** Records of one line of 20 bytes; chunks of 64 bytes have about three of them. */
function file(...ids: Array<number | string>): string {
  return HEADER + ids.map((id, index) => `${id},row ${index}`.padEnd(19, '.') + '\n').join('');
}

const offsetOf = (record: number): number => HEADER.length + record * 20;

function newWorld(contract: Partial<JobContract> = {}): World {
  return new World('Enabled', { schema: SCHEMA, maxRejectedPercentage: 100, ...contract });
}

async function runFile(content: string, contract: Partial<JobContract> = {}) {
  const world = newWorld(contract);
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', content)));
  const tasks = async (round: number) => tasksOfRound(world, ended.fileId!, round);
  return { world, ended, tasks, rejected: rejectedOf(world, ended.fileId), job: await world.job(ended.fileId) };
}

function rejectedOf(world: World, fileId: string | undefined): string[] {
  return world.rejectedCsv(fileId!)!.trimEnd().split('\n').slice(1);
}

const publishedIds = (world: World): number[] => world.published().trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: number }).id);

test('the first record with a key is published, the later ones are rejected with where the first one is', async () => {
  const { world, rejected, job } = await runFile(file(1, 2, 3, 2, 5, 6, 1, 8, 9, 2));
  expect(publishedIds(world)).toEqual([1, 2, 3, 5, 6, 8, 9]);
  const first = (line: number, record: number) => `"must be unique (primaryKey id), the first one is on line ${line} (byte ${offsetOf(record)})"`;
  expect(rejected).toEqual([
    `5,${offsetOf(3)},unique,id,${first(3, 1)},utf-8,"2,row 3............"`,
    `8,${offsetOf(6)},unique,id,${first(2, 0)},utf-8,"1,row 6............"`,
    `11,${offsetOf(9)},unique,id,${first(3, 1)},utf-8,"2,row 9............"`,
  ]);
  expect(job).toMatchObject({ records_read: 10, records_written: 7, records_rejected: 3 });
  expect(job).toMatchObject({ rejects_by_code: { unique: 3 }, rejects_by_column: { id: 3 } });
});

test('just the chunks that hold a later duplicate run again, as they were', async () => {
  const { world, ended, tasks } = await runFile(file(1, 2, 3, 4, 5, 6, 7, 1, 9, 10, 11, 12));
  const planned = await tasks(0);
  const again = planned.find(({ start, end }) => start <= offsetOf(7) && offsetOf(7) < end)!;
  expect(planned.length).toBeGreaterThan(3);
  expect(await tasks(3)).toEqual([
    { ...again, round: 3, exclusionsKey: `work/${ended.fileId}/exclusions/${again.chunkId}-1` },
  ]);
  expect(await world.eventNames(ended.fileId!)).toEqual(['claimed', 'validated', 'planned', 'unique-keys', 'processed', 'judged', 'publishing', 'succeeded', 'announced', 'moved']);
  expect(world.openUploads()).toEqual([]);
});

test('a file without duplicates needs no further round', async () => {
  const { world, ended, rejected } = await runFile(file(1, 2, 3, 4, 5, 6, 7, 8));
  expect(ended.status).toBe('SUCCEEDED');
  expect(rejected).toEqual([]);
  expect(world.outputBucket.keys('work/').filter((key) => /manifest-1-[123]|exclusions/.test(key))).toEqual([]);
});

test('without keys in the schema no shard is written, and duplicates are data', async () => {
  const { world } = await runFile(file(1, 1, 1, 1), { schema: CONTRACT.schema });
  expect(publishedIds(world)).toEqual([1, 1, 1, 1]);
  expect(world.outputBucket.keys('work/').filter((key) => key.includes('/keys/'))).toEqual([]);
});

test('duplicates count against the limits: above them nothing is published, and rejected.csv has them', async () => {
  const { world, ended, rejected, job } = await runFile(file(1, 2, 3, 4, 1, 2), { maxRejectedPercentage: undefined, maxRejectedRecords: 1 });
  expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'too_many_rejects' });
  expect(job.error_message).toMatch(/^expected at most 1 rejected records, got 2 of 6; most often \(2\) unique in "id", first on line \d+: must be unique/);
  expect(rejected.length).toBe(2);
  expect(world.outputBucket.keys('output/')).toEqual([]);
  expect(world.openUploads()).toEqual([]);
});

test('a record that is rejected for another reason holds no key', async () => {
  const { world, rejected } = await runFile(file(1, '2,too many', 3, 2, 5, 2));
  expect(publishedIds(world)).toEqual([1, 3, 2, 5]);
  expect(rejected.map((row) => row.split(',').slice(0, 3).join())).toEqual([`3,${offsetOf(1)},field_count`, `7,${offsetOf(5)},unique`]);
});

test('keys are values, not texts: 1, +1 and 01 are the same number', async () => {
  const { world } = await runFile(file(1, 'x', '+1', '01', '10', '-0', '0'));
  expect(publishedIds(world)).toEqual([1, 10, 0]);
});

test('a value of a primary key is required; one that is missing of another key is no duplicate', async () => {
  const schema: Schema = {
    fields: [{ name: 'id', type: 'integer' }, { name: 'text', constraints: { unique: true } }, { name: 'code' }],
    primaryKey: ['id'],
    uniqueKeys: [['text', 'code']],
    quotedMissingValues: false,
  };
  const { rejected } = await runFile('id,text,code\n1,,x\n2,,x\n,a,y\n4,a,\n5,a,\n6,b,z\n7,"",z\n8,"",\n', { schema });
  expect(rejected.map((row) => row.replace(/,utf-8.*/, ''))).toEqual([
    '4,23,required,id,"expected a value, got none"',
    '6,33,unique,text,"must be unique (unique text), the first one is on line 5 (byte 28)"',
    '9,51,unique,text,"must be unique (unique text), the first one is on line 8 (byte 44)"',
  ]);
});

test('a key of several fields is named with all of them, and has no column', async () => {
  const schema = { ...SCHEMA, primaryKey: ['id', 'text'] };
  const { rejected, job } = await runFile(HEADER + '1,a\n1,b\n2,a\n1,a\n', { schema });
  expect(rejected).toEqual(['5,20,unique,,"must be unique (primaryKey id, text), the first one is on line 2 (byte 8)",utf-8,"1,a"']);
  expect(job.rejects_by_column).toEqual({ '(whole record)': 1 });
});

test('keys are checked after a repair of the boundaries, over the records as they are', async () => {
  const trap = HEADER + Array.from({ length: 6 }, (_, id) => `${id % 4},"a\n${id + 100},b\n${id + 200},c"\n`).join('');
  const world = newWorld();
  world.guessedStarts = [0, trap.indexOf('101,b'), trap.indexOf('104,b')];
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', trap)));
  expect(publishedIds(world)).toEqual([0, 1, 2, 3]);
  expect(rejectedOf(world, ended.fileId).filter((row) => row.includes(',unique,')).map((row) => row.split(',')[0])).toEqual(['14', '17']);
  expect(await world.eventNames(ended.fileId!)).toEqual(expect.arrayContaining(['repair-1', 'repair-2', 'unique-keys']));
  expect(world.openUploads()).toEqual([]);
});

/** A job that has been through round 3, with its tasks. */
async function finished() {
  const { world, ended, tasks } = await runFile(file(1, 2, 3, 4, 5, 6, 1, 2));
  return { world, fileId: ended.fileId!, first: await tasks(0), again: await tasks(3) };
}

test('workers of the first round and of this one that come late change nothing', async () => {
  const { world, first, again } = await finished();
  const tasks = [...first, ...again];
  const items = await Promise.all(tasks.map(async ({ fileId, chunkId }) => world.jobs.chunk(fileId, chunkId)));
  for (const task of tasks) expect(await world.jobs.startChunk(task, 0, Infinity)).toBeUndefined();
  expect(await Promise.all(tasks.map(async ({ fileId, chunkId }) => world.jobs.chunk(fileId, chunkId)))).toEqual(items);
});

test('a duplicate in a chunk that ran without its duplicates is an error of ours, not a further round', async () => {
  const { world, fileId, again: [task] } = await finished();
  const chunk = (await world.jobs.chunk(fileId, task.chunkId))!;
  // The shard of the first round in the place of the last one's.
  const shard = world.outputBucket.get(`work/${fileId}/keys/${task.chunkId}-1`);
  world.outputBucket.put(chunk.key_shard_key!, shard.bytes);
  Object.assign(chunk, { key_runs: [shard.bytes.length / 32] });
  const notJudged = { status: 'PROCESSING', records_read: undefined } as const;
  await world.jobs.changeJob(await world.job(fileId), notJudged, { event: 'reopened', at: 0 });
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow(`internal: expected no duplicate key in ${task.chunkId} after it was run without them, got 1`);
});

test('a task whose exclusions are not records of the chunk fails', async () => {
  const { world, again: [task] } = await finished();
  const list = Buffer.from(world.outputBucket.get(task.exclusionsKey!).bytes);
  list.writeDoubleLE(list.readDoubleLE(0) + 1, 0);
  world.outputBucket.put('work/other', list);
  const source = { ...world.deps.source, open: () => bytesSource(file(1, 2, 3, 4, 5, 6, 1, 2)) };
  await expect(processChunk({ ...task, round: 4, exclusionsKey: 'work/other' }, { ...world.deps, source }))
    .rejects.toThrow('internal: expected to exclude 1 records, got 0: there is no valid one at byte 129');
});

describe('where the merge takes longer than a step lives', () => {
  const FILE = file(1, 2, 3, 4, 5, 6, 1, 2, 9, 3, 11, 12, 1, 14, 15, 9);
  /** However often a step looks at the clock, half of its time is over. */
  const noTime = () => {
    let left = Number.MAX_SAFE_INTEGER;
    return () => left /= 3;
  };

  test('it is done in slices, in both rounds, to the same bytes', async () => {
    const whole = await runFile(FILE);
    const world = newWorld();
    world.timeLeft = noTime();
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    expect(ended.status).toBe('SUCCEEDED');
    expect(world.published()).toBe(whole.world.published());
    expect(rejectedOf(world, ended.fileId)).toEqual(whole.rejected);
    const events = await world.eventNames(ended.fileId!);
    const round = events.indexOf('unique-keys');
    for (const ofRound of [events.slice(0, round), events.slice(round)]) expect(ofRound.filter((name) => name === 'keys-paused').length).toBeGreaterThan(2);
    expect(await world.job(ended.fileId)).not.toHaveProperty('key_merge_key');
  });

  /** A job whose first run has begun round 3 and was stopped then; its second run pauses in the merge. */
  async function pausedInRunTwo(meanwhile: (world: World, round3: readonly ChunkTask[]) => void = () => undefined) {
    const world = newWorld();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    const { manifestKey } = await planChunks({ fileId }, world.deps);
    for (const task of await world.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, world.deps);
    const { manifestKey: again } = await finalizeJob({ fileId }, world.deps);
    const round3 = await world.output.getJson<ChunkTask[]>(again!);
    meanwhile(world, round3);
    await closeJob({ executionArn: 'arn-1', input: event, error: { Error: 'States.Timeout' } }, world.deps);
    await validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, world.deps);
    world.timeLeft = noTime();
    expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'UNFINISHED', fileId });
    return { world, fileId, round3 };
  }

  async function expectToEndAs(whole: Awaited<ReturnType<typeof runFile>>, world: World, fileId: string): Promise<void> {
    for (let calls = 0; calls < 100; calls++) {
      world.timeLeft = noTime();
      const { status, manifestKey } = await finalizeJob({ fileId }, world.deps);
      if (status === 'PUBLISHED') break;
      if (manifestKey !== undefined) for (const task of await world.output.getJson<ChunkTask[]>(manifestKey)) await processChunk(task, world.deps);
    }
    expect(await world.job(fileId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.published()).toBe(whole.world.published());
    expect(rejectedOf(world, fileId)).toEqual(whole.rejected);
  }

  test('late workers of the run before change nothing, and it goes on', async () => {
    const whole = await runFile(FILE);
    const { world, fileId, round3 } = await pausedInRunTwo();
    const chunks = async () => allOf(world.jobs.chunks(fileId));
    const before = await chunks();
    for (const task of round3) expect(await processChunk(task, world.deps)).toEqual({});
    expect(await chunks()).toEqual(before);
    await expectToEndAs(whole, world, fileId);
    expect(world.warnings).not.toContain('what was saved is of other work: it begins anew');
  });

  test('where one of them was let in before the resume the keys are others: it begins anew, and says so', async () => {
    const whole = await runFile(FILE);
    let goOn = async (): Promise<unknown> => undefined;
    const { world, fileId } = await pausedInRunTwo((stopped, [task]) => {
      const start = park(stopped.jobs, 'startChunk');
      const late = processChunk(task, stopped.deps);
      goOn = async () => {
        await start.parked;
        start.release();
        return late;
      };
    });
    expect(await goOn()).toEqual({});
    await expectToEndAs(whole, world, fileId);
    expect(world.warnings).toContain('what was saved is of other work: it begins anew');
  });

  test('a resumed run goes on where the merge stood', async () => {
    const whole = await runFile(FILE);
    const world = newWorld();
    world.timeLeft = noTime();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    const change = jest.spyOn(world.jobs, 'changeJob').mockImplementation(async (job, changes, told) => {
      if (job.key_merge_key !== undefined && changes.status === undefined) throw new Error('the table is gone');
      return IndexedJobTable.prototype.changeJob.call(world.jobs, job, changes, told);
    });
    const { fileId = '' } = await world.execute(event);
    change.mockRestore();
    const { key_merge_key: key, resumable } = await world.job(fileId);
    expect({ resumable, key }).toEqual({ resumable: true, key: expect.stringMatching(/^work\/.*\/key-merge-/) });
    const getJson = jest.spyOn(world.output, 'getJson');
    expect(await world.execute({ resume: true, fileId })).toMatchObject({ status: 'SUCCEEDED' });
    expect(getJson.mock.calls.map(([read]) => read)).toContain(key);
    expect(world.warnings).not.toContain('what was saved is of other work: it begins anew');
    expect(world.published()).toBe(whole.world.published());
  });

  test('a slice that could not say how far it was is done again', async () => {
    const whole = await runFile(FILE);
    const world = newWorld();
    world.timeLeft = noTime();
    let calls = 0;
    jest.spyOn(world.output, 'put').mockImplementation(async (...args) => {
      if (/\/key-merge-.*\.json$/.test(args[0]) && calls++ % 2 === 0) throw new Error('slow down');
      return MemoryOutputStore.prototype.put.apply(world.output, args);
    });
    expect(await world.execute(createdEvent(world.land('incoming/a.csv', FILE)))).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls).toBeGreaterThan(5);
    expect(world.published()).toBe(whole.world.published());
  });
});

test('more conflicts than there is memory for are a verdict: nothing is published', async () => {
  const limited = jest.spyOn(duplicates, 'findDuplicates').mockResolvedValue(undefined);
  const { world, ended, job } = await runFile(file(1, 1));
  limited.mockRestore();
  expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'too_many_duplicates' });
  expect(job).toMatchObject({
    resumable: false, error_message: 'expected at most 4000000 keys of records to be those of other records too, got more', records_read: 2,
  });
  expect(world.outputBucket.keys('output/')).toEqual([]);
  expect(world.openUploads()).toEqual([]);
});
