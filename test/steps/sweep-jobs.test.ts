/** The guarantee behind the events: what nobody works on ends, or goes on, and what somebody works on is left alone. */
import { CONTRACT, createdEvent, csv, VERSIONINGS, World } from './support/world';
import { JobContract } from '../../src/contract/job-contract';
import { ChunkItem, chunkItemExpiry } from '../../src/contract/job-item';
import { ChunkTask } from '../../src/contract/payloads';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { SweepJobsOutput } from '../../src/steps/sweep-jobs';
import { validateFile } from '../../src/steps/validate-file';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FILE = csv(20);
const ARN = 'arn-1';

const NOTHING: SweepJobsOutput = { closed: 0, resumed: 0, announced: 0, started: 0, aborted: 0, takenOver: 0 };
const swept = (counts: Partial<SweepJobsOutput> = {}): SweepJobsOutput => ({ ...NOTHING, ...counts });

type State = 'PLANNING' | 'PROCESSING' | 'PUBLISHING';

/** What has come to its status a moment ago is left alone. */
function grown<T extends { readonly world: World }>(of: T): T {
  of.world.pass(2 * MINUTE);
  return of;
}

/** A job of an execution that does not run. */
async function open(state: State, contract: Partial<JobContract> = {}, world = new World('Enabled', contract), key = 'incoming/a.csv', executionArn = ARN) {
  const event = createdEvent(world.land(key, FILE));
  const { fileId } = await validateFile({ event, executionArn }, world.deps);
  const afterwards = { world, event, fileId };
  if (state === 'PLANNING') return grown(afterwards);
  const { manifestKey } = await planChunks({ fileId }, world.deps);
  for (const task of await world.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, world.deps);
  if (state === 'PUBLISHING') {
    jest.spyOn(world.output, 'completeUpload').mockRejectedValueOnce(new Error('throttled'));
    await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('throttled');
  }
  expect(await world.job(fileId)).toMatchObject({ status: state });
  return grown(afterwards);
}

/** A job that has ended, whose source was not moved. */
async function unmoved(contract: Partial<JobContract> = {}) {
  const { world, event, fileId } = await open('PUBLISHING', contract);
  await finalizeJob({ fileId }, world.deps);
  return grown({ world, event, fileId });
}

describe('an open job', () => {
  test.each(['PLANNING', 'PROCESSING'] as const)('that is %s, and whose execution has ended, is closed as resumable and told', async (state) => {
    const { world, fileId } = await open(state);
    expect(await world.sweep()).toEqual(swept({ closed: 1 }));
    expect(await world.job(fileId)).toMatchObject({
      status: 'FAILED', resumable: true, error_code: 'infrastructure', error_message: 'the execution has ended without closing its job',
    });
    expect(world.announced).toMatchObject([{ status: 'FAILED', resumable: true }]);
    expect(await world.sweep()).toEqual(swept());
    expect(await world.execute({ resume: true, fileId })).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('whose execution has ended gets no job any more, also where it lives on', async () => {
    const { world } = await open('PLANNING');
    await world.sweep();
    expect(await world.jobs.execution(ARN)).toMatchObject({ closed_at: expect.any(Number) });
  });

  test('that is PUBLISHING goes on in an execution that is started', async () => {
    const { world, fileId } = await open('PUBLISHING');
    const before = await world.job(fileId);
    expect(await world.sweep()).toEqual(swept({ resumed: 1 }));
    expect(await world.job(fileId)).toEqual(before);
    expect(world.started).toEqual([{ name: expect.stringMatching(new RegExp(`^resume-${fileId}-1-\\d+$`)), input: { resume: true, fileId, run: 1 } }]);
    expect(world.started[0].name.length).toBeLessThanOrEqual(80);
    expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
    expect(world.announced).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await world.sweep()).toEqual(swept());
  });

  describe('whose publication comes to nothing for months', () => {
    const HALF_A_TIME = CONTRACT.chunkItemsExpireAfterSeconds * 1000 / 2;
    const LONGEST = CONTRACT.longestJobSeconds * 1000;
    const chunksOf = async (world: World, fileId: string) => {
      const found: ChunkItem[] = [];
      for await (const chunk of world.jobs.chunks(fileId)) found.push(chunk);
      return found;
    };

    test('keeps the items of its chunks, without which it could not go on', async () => {
      const { world, fileId } = await open('PUBLISHING');
      const before = await chunksOf(world, fileId);
      for (let sweeps = 0; sweeps < 10; sweeps++) {
        world.pass(HALF_A_TIME - DAY);
        await world.sweep();
        world.jobs.expireChunks(world.deps.now().getTime());
      }
      expect(await chunksOf(world, fileId)).toEqual(before.map((chunk) => ({ ...chunk, expires_at: expect.any(Number) })));
      expect((await world.follow())[0]).toMatchObject({ status: 'SUCCEEDED', fileId });
    });

    test('keeps those that are not made again beside one that is', async () => {
      const { world, fileId } = await open('PUBLISHING');
      world.pass(LONGEST + HALF_A_TIME + DAY);
      const now = world.deps.now().getTime();
      const [{ chunk_id: chunkId, start, end, result_attempt: replaces }] = await chunksOf(world, fileId);
      const again = { fileId, chunkId, planKey: 'work/plan.json', task: 'PROCESS', run: 2, round: 4, start, end, replaces } as const;
      await world.jobs.startChunk(again, now, chunkItemExpiry(now, CONTRACT));
      await world.sweep();
      for (const chunk of await chunksOf(world, fileId)) expect(chunk.expires_at).toBeGreaterThanOrEqual(chunkItemExpiry(now, CONTRACT));
    });

    test('has them written once for each half of their time, and not before it has been open for longer than a job can be', async () => {
      const { world } = await open('PUBLISHING');
      const keep = jest.spyOn(world.jobs, 'keepChunks');
      world.pass(LONGEST - DAY);
      await world.sweep();
      expect(keep).not.toHaveBeenCalled();
      world.pass(HALF_A_TIME);
      await world.sweep();
      await world.sweep();
      expect(keep).toHaveBeenCalledTimes(1);
      world.pass(HALF_A_TIME + DAY);
      await world.sweep();
      expect(keep).toHaveBeenCalledTimes(2);
    });
  });

  test('is gone on with once by the sweeps of one hour, and again by one that comes later', async () => {
    const { world } = await open('PUBLISHING');
    world.pass(60 * MINUTE - (world.deps.now().getTime() % (60 * MINUTE)));
    await world.sweep();
    world.pass(15 * MINUTE);
    await world.sweep();
    expect(world.started.length).toBe(1);
    world.pass(60 * MINUTE);
    await world.sweep();
    expect(world.started.length).toBe(2);
    // Of the two one goes on.
    expect((await world.follow()).map(({ status, fileId }) => [status, fileId !== undefined])).toEqual([['SUCCEEDED', true], ['SUCCEEDED', false]]);
    expect(world.announced.length).toBe(1);
  });

  test('that has just changed is left alone: what is known of its execution may be older than its start', async () => {
    const world = new World();
    const { fileId } = await validateFile({ event: createdEvent(world.land('incoming/a.csv', FILE)), executionArn: 'arn-1' }, world.deps);
    expect(await world.sweep()).toEqual(swept());
    expect(await world.job(fileId)).toMatchObject({ status: 'PLANNING' });
    world.pass(2 * MINUTE);
    expect(await world.sweep()).toEqual(swept({ closed: 1 }));
  });

  test('that failed, and that nobody has resumed in time, is ended for good, and its file is where such files are', async () => {
    const { world, fileId } = await open('PROCESSING');
    await world.sweep();
    expect(await world.sweep()).toEqual(swept());
    world.pass(CONTRACT.resumeWindowSeconds * 1000);
    expect(await world.sweep()).toEqual(swept({ resumed: 1 }));
    await world.follow();
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: false, error_code: 'resumed_too_late', moved_to: `failed/${fileId}/a.csv` });
    world.pass(2 * MINUTE);
    await world.sweep();
    expect(world.openUploads()).toEqual([]);
  });

  test.each(['PLANNING', 'PROCESSING', 'PUBLISHING'] as const)('that is %s is left alone while its execution runs', async (state) => {
    const { world, fileId } = await open(state);
    const before = await world.job(fileId);
    world.running.add(ARN);
    world.pass(365 * DAY);
    expect(await world.sweep()).toEqual(swept());
    expect(await world.job(fileId)).toEqual(before);
    expect(world.started).toEqual([]);
  });

  test('is taken as it is now, not as the index has it', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    const settled = await world.job(fileId);
    jest.spyOn(world.jobs, 'unsettledJobs').mockImplementation(async function* () { yield fileId!; });
    world.pass(DAY);
    expect(await world.sweep()).toEqual(swept());
    expect([await world.job(fileId), world.started]).toEqual([settled, []]);
  });

  test('that a resume takes while it is swept stays with the resume', async () => {
    const { world, event, fileId } = await open('PROCESSING');
    const { isRunning } = world.stateMachine;
    jest.spyOn(world.stateMachine, 'isRunning').mockImplementation(async (arn) => {
      const answer = await isRunning(arn);
      // Between the answer and what comes of it.
      if (arn === ARN) {
        await closeJob({ executionArn: ARN, input: event, error: {} }, world.deps);
        await validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, world.deps);
      }
      return answer;
    });
    expect(await world.sweep()).toEqual(swept());
    expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING', run: 2, execution_arn: 'arn-2' });
  });
});

describe('a job that has ended', () => {
  test('and was not told is told, once', async () => {
    const { world, fileId } = await open('PUBLISHING');
    jest.spyOn(world.bus, 'announce').mockRejectedValueOnce(new Error('throttled'));
    expect(await finalizeJob({ fileId }, world.deps)).toMatchObject({ status: 'PUBLISHED' });
    world.pass(2 * MINUTE);
    expect(await world.sweep()).toEqual(swept({ announced: 1, resumed: 1 }));
    expect(world.announced).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
    await world.follow();
    expect(await world.sweep()).toEqual(swept());
    expect(world.announced.length).toBe(1);
  });

  test('as resumable is told, but not resumed: that is for a person', async () => {
    const { world } = await open('PROCESSING');
    jest.spyOn(world.bus, 'announce').mockRejectedValueOnce(new Error('throttled'));
    expect(await world.sweep()).toEqual(swept({ closed: 1 }));
    world.pass(15 * MINUTE);
    expect(await world.sweep()).toEqual(swept({ announced: 1 }));
    expect(world.announced).toMatchObject([{ status: 'FAILED', resumable: true }]);
    expect(world.started).toEqual([]);
    expect(await world.sweep()).toEqual(swept());
  });

  test('and whose source was not moved gets that done', async () => {
    const { world, fileId } = await unmoved();
    expect(await world.sweep()).toEqual(swept({ resumed: 1 }));
    expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
    expect(await world.job(fileId)).toMatchObject({ source_state: 'MOVED' });
    expect(world.landing.keys()).toEqual([`processed/${fileId}/a.csv`]);
    expect(world.announced.length).toBe(1);
    expect(await world.sweep()).toEqual(swept());
  });

  test('is left alone while its execution moves the source', async () => {
    const { world } = await unmoved();
    world.running.add(ARN);
    expect(await world.sweep()).toEqual(swept());
  });

  test('and whose source was not moved gets that done however long ago that is', async () => {
    const { world, fileId } = await unmoved();
    world.pass(400 * DAY);
    expect(await world.sweep()).toEqual(swept({ resumed: 1 }));
    expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
  });

  test('and is done costs no read of its own', async () => {
    const world = new World();
    await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    const read = jest.spyOn(world.jobs, 'job');
    expect(await world.sweep()).toEqual(swept());
    expect(read).not.toHaveBeenCalled();
  });
});

describe.each(VERSIONINGS)('a file in a bucket with %s', (_, versioning) => {
  const newWorld = () => new World(versioning);

  test('whose event never came is started', async () => {
    const world = newWorld();
    const object = world.land('incoming/deep/b.csv', FILE);
    world.pass(15 * MINUTE);
    expect(await world.sweep()).toEqual(swept({ started: 1 }));
    expect(world.started).toEqual([{ name: expect.stringMatching(/^sweep-[0-9a-f]{32}-\d+$/), input: createdEvent(object) }]);
    const [{ status, fileId }] = await world.follow();
    expect(status).toBe('SUCCEEDED');
    // The event comes after all.
    expect(await world.execute(createdEvent(object))).toEqual({ status: 'SUCCEEDED', fileId: undefined });
    expect(world.landing.keys()).toContain(`processed/${fileId}/b.csv`);
    expect(await world.sweep()).toEqual(swept());
  });

  test('is left alone when it has a job, whatever became of that', async () => {
    const world = newWorld();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    jest.spyOn(world.output, 'put').mockRejectedValue(new Error('S3 is down'));
    await world.execute(event);
    expect(world.landing.keys()).toEqual(['incoming/a.csv']);
    world.pass(DAY);
    expect(await world.sweep()).toEqual(swept());
  });

  test('is left alone when it was to stay where it is', async () => {
    const world = newWorld();
    jest.spyOn(world.mover, 'delete').mockResolvedValue(false);
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    expect(await world.job(fileId)).toMatchObject({ source_state: 'KEPT' });
    world.pass(DAY);
    expect(await world.sweep()).toEqual(swept());
  });
});

test('a file of a bucket with versions, whose event named none, is left alone', async () => {
  const world = new World();
  const event = createdEvent({ ...world.land('incoming/a.csv', FILE), versionId: undefined });
  await validateFile({ event, executionArn: ARN }, world.deps);
  world.running.add(ARN);
  world.pass(DAY);
  expect(await world.sweep()).toEqual(swept());
});

test('a file that landed a moment ago is left to its event', async () => {
  const world = new World();
  const object = world.land('incoming/a.csv', FILE);
  world.pass(Date.parse(object.lastModified) + 15 * MINUTE - world.deps.now().getTime() - 1000);
  expect(await world.sweep()).toEqual(swept());
  world.pass(2000);
  expect(await world.sweep()).toEqual(swept({ started: 1 }));
});

test('files that start no job are left alone', async () => {
  const world = new World();
  Object.assign(world.sweepSettings, { fileSuffixes: ['.csv', '.csv.gz'] });
  for (const key of ['incoming/folder/', 'incoming/a.txt', 'incoming/csv', 'other/a.csv']) world.land(key, FILE);
  world.pass(15 * MINUTE);
  expect(await world.sweep()).toEqual(swept());
  world.land('incoming/A.CSV', FILE);
  world.land('incoming/a.csv.gz', FILE);
  world.pass(15 * MINUTE);
  expect(await world.sweep()).toEqual(swept({ started: 2 }));
});

test('suffixes of one spelling take no other one', async () => {
  const world = new World();
  Object.assign(world.sweepSettings, { fileSuffixes: ['.csv'], suffixCase: 'exact' });
  for (const key of ['incoming/a.csv', 'incoming/b.CSV']) world.land(key, FILE);
  world.pass(15 * MINUTE);
  expect(await world.sweep()).toEqual(swept({ started: 1 }));
});

test('where files are started by hand no file is started, and all else is done as ever', async () => {
  const world = new World();
  Object.assign(world.sweepSettings, { intake: 'manual' });
  const { fileId } = await open('PUBLISHING', {}, world);
  await open('PROCESSING', {}, world, 'incoming/b.csv', 'arn-2');
  world.land('incoming/c.csv', FILE);
  world.pass(15 * MINUTE);
  expect(await world.sweep()).toEqual(swept({ closed: 1, resumed: 1 }));
  expect(world.started.map(({ input }) => input)).toEqual([{ resume: true, fileId, run: 1 }]);
});

describe('an open upload', () => {
  const OTHER = '0'.repeat(32);
  const leftOf = (fileId: string) => [`output/ingest_date=2026-11-21/file_id=${fileId}/part-00099.jsonl`, `quarantine/file_id=${fileId}/rejected.csv`, `work/${fileId}/staged-x`];

  async function leave(world: World, fileId: string): Promise<number> {
    for (const key of leftOf(fileId)) await world.output.openUpload(key, { contentType: 'text/plain' });
    return world.openUploads().length;
  }

  test('of a job that has ended for good is aborted, wherever it lies', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    expect(await leave(world, fileId!)).toBe(3);
    expect(await world.sweep()).toEqual(swept({ aborted: 3 }));
    expect(world.openUploads()).toEqual([]);
    expect(world.published().split('\n').length).toBe(21);
  });

  test.each(['PLANNING', 'PROCESSING', 'PUBLISHING'] as const)('of a job that is %s stays', async (state) => {
    const { world, fileId } = await open(state);
    world.running.add(ARN);
    const before = await leave(world, fileId);
    expect(await world.sweep()).toEqual(swept());
    expect(world.openUploads().length).toBe(before);
  });

  test('of a job that can be resumed stays', async () => {
    const { world, fileId } = await open('PROCESSING');
    const before = await leave(world, fileId);
    expect(await world.sweep()).toEqual(swept({ closed: 1 }));
    expect(world.openUploads().length).toBe(before);
  });

  test('of no job of this pipeline stays', async () => {
    const world = new World();
    await leave(world, OTHER);
    await world.output.openUpload('output/of-somebody-else', { contentType: 'text/plain' });
    expect(await world.sweep()).toEqual(swept());
    expect(world.openUploads().length).toBe(4);
  });

  test('of a copy of the source is aborted when that is moved, not before', async () => {
    const { world, fileId } = await unmoved();
    const own = `processed/${fileId}/a.csv`;
    const others = `failed/${OTHER}/a.csv`;
    for (const key of [own, others]) world.landing.openUpload(key);
    expect(await world.sweep()).toEqual(swept({ resumed: 1 }));
    expect(world.landing.openUploads().map(({ key }) => key)).toEqual([others, own]);
    await world.follow();
    expect(await world.sweep()).toEqual(swept({ aborted: 1 }));
    expect(world.landing.openUploads().map(({ key }) => key)).toEqual([others]);
  });
});

describe('what cannot be swept', () => {
  test('keeps nothing else from its turn, and the sweep fails with it', async () => {
    const { world, fileId } = await open('PROCESSING');
    const second = await open('PLANNING', {}, world, 'incoming/b.csv', 'arn-2');
    const third = await open('PUBLISHING', {}, world, 'incoming/c.csv', 'arn-3');
    const fourth = world.land('incoming/d.csv', FILE);
    world.pass(15 * MINUTE);
    const job = world.jobs.job.bind(world.jobs);
    const broken = jest.spyOn(world.jobs, 'job').mockImplementation(async (id) => {
      if (id === fileId) throw new Error('DynamoDB is down');
      return job(id);
    });
    // Once for the job, once for its file, once for its uploads.
    await expect(world.sweep()).rejects.toThrow(new RegExp(`^expected the sweep to reach everything, got \\d+ failures, the first of them: ${fileId}: DynamoDB is down$`));
    broken.mockRestore();
    expect(await world.job(second.fileId)).toMatchObject({ status: 'FAILED', resumable: true });
    expect(world.started.map(({ input }) => input)).toEqual([
      { resume: true, fileId: third.fileId, run: 1 }, createdEvent(fourth),
    ]);
    expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING' });
    expect(await world.sweep()).toMatchObject({ closed: 1 });
  });

  test('is told also where the list itself breaks off', async () => {
    const { world, fileId } = await unmoved();
    jest.spyOn(world.source, 'list').mockImplementation(async function* () { throw new Error('S3 is down'); });
    await expect(world.sweep()).rejects.toThrow('the first of them: S3 is down');
    expect(world.started).toMatchObject([{ input: { fileId } }]);
  });

  test('in the time that there is is told, and left to the next sweep', async () => {
    const world = new World();
    for (let index = 0; index < 10; index++) world.land(`incoming/${index}.csv`, FILE);
    world.pass(15 * MINUTE);
    let left = 10;
    world.timeLeft = () => left--;
    await expect(world.sweep()).rejects.toThrow(/^expected the sweep to reach everything, got \d failures, the first of them: the time was up before incoming\//);
    expect(world.started.length).toBeGreaterThan(0);
    expect(world.started.length).toBeLessThan(10);
    world.timeLeft = () => Infinity;
    await world.follow();
    await world.sweep();
    expect((await world.follow()).every(({ status }) => status === 'SUCCEEDED')).toBe(true);
    expect(world.landing.keys().filter((key) => key.startsWith('incoming/'))).toEqual([]);
  });
});

describe('what a sweep measures', () => {
  const measured = async (world: World): Promise<Record<string, number>> => {
    world.metrics.clear();
    await world.sweep().catch(() => undefined);
    return Object.fromEntries([...world.metrics].filter(([name]) => /^(OpenJobs|JobsWaiting|Oldest)/.test(name))
      // Each look at the clock takes some milliseconds, and S3 tells whole seconds.
      .map(([name, value]) => [name, name.startsWith('Oldest') ? Math.round(value / 10) * 10 : value]));
  };
  const NONE = { OpenJobs: 0, JobsWaiting: 0, OldestOpenJobAge: 0, OldestSlaJobAge: 0, OldestFileAge: 0 };

  test('is 0 where there is nothing, so that no data means no sweep', async () => {
    expect(await measured(new World())).toEqual(NONE);
  });

  test.each(['PLANNING', 'PROCESSING', 'PUBLISHING'] as const)('counts a job that is %s, from when its file came', async (state) => {
    const { world } = await open(state);
    world.running.add(ARN);
    world.pass(20 * MINUTE);
    expect(await measured(world)).toEqual({ ...NONE, OpenJobs: 1, OldestOpenJobAge: 22 * 60, OldestSlaJobAge: 22 * 60, OldestFileAge: 22 * 60 });
  });

  test('counts a job that waits to be resumed as such, for as long as it waits, and as nothing else', async () => {
    const { world, fileId } = await open('PROCESSING');
    // This one finds the job open, and closes it.
    expect(await measured(world)).toMatchObject({ OpenJobs: 1, JobsWaiting: 0 });
    for (let hours = 0; hours < 3; hours++) {
      world.pass(60 * MINUTE);
      expect(await measured(world)).toEqual({ ...NONE, JobsWaiting: 1 });
    }
    await world.execute({ resume: true, fileId: fileId! });
    expect(await measured(world)).toEqual(NONE);
  });

  test('counts the wait for a late event, or in the intake queue', async () => {
    const world = new World();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    world.pass(14 * MINUTE);
    await validateFile({ event, executionArn: ARN }, world.deps);
    world.running.add(ARN);
    expect(await measured(world)).toEqual({ ...NONE, OpenJobs: 1, OldestOpenJobAge: 14 * 60, OldestSlaJobAge: 14 * 60, OldestFileAge: 14 * 60 });
  });

  test('counts a job that processes an old file once more from its own claim', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    world.pass(10 * DAY);
    await validateFile({ event: { rerun: true, fileId: fileId! }, executionArn: ARN }, world.deps);
    world.running.add(ARN);
    world.pass(5 * MINUTE);
    expect(await measured(world)).toEqual({ ...NONE, OpenJobs: 1, OldestOpenJobAge: 300, OldestSlaJobAge: 300 });
  });

  test('counts a job that was resumed as old as its file', async () => {
    const { world, fileId } = await open('PROCESSING');
    await world.sweep();
    world.pass(60 * MINUTE);
    await validateFile({ event: { resume: true, fileId: fileId! }, executionArn: 'arn-2' }, world.deps);
    world.running.add('arn-2');
    const { OpenJobs, OldestOpenJobAge } = await measured(world);
    expect(OpenJobs).toBe(1);
    expect(OldestOpenJobAge).toBeGreaterThanOrEqual(60 * 60);
  });

  test('leaves out jobs that have ended, and files that could not be moved away', async () => {
    const { world } = await unmoved();
    world.pass(60 * MINUTE);
    expect(await measured(world)).toEqual(NONE);
  });

  test('of the SLA leaves out what is larger than it says', async () => {
    const { world } = await open('PROCESSING');
    world.running.add(ARN);
    Object.assign(world.deps, { slaFileSizeBytes: FILE.length - 1 });
    expect(await measured(world)).toMatchObject({ OpenJobs: 1, OldestOpenJobAge: expect.any(Number), OldestSlaJobAge: 0 });
    Object.assign(world.deps, { slaFileSizeBytes: FILE.length });
    const { OldestOpenJobAge, OldestSlaJobAge } = await measured(world);
    expect(OldestSlaJobAge).toBe(OldestOpenJobAge);
    expect(OldestSlaJobAge).toBeGreaterThan(100);
  });

  test('is the age of a file that has no job, before and after that is started', async () => {
    const world = new World();
    world.land('incoming/a.csv', FILE);
    world.land('elsewhere/b.csv', FILE);
    world.pass(10 * MINUTE);
    world.land('incoming/c.csv', FILE);
    expect(await measured(world)).toEqual({ ...NONE, OldestFileAge: 600 });
    expect(world.started).toEqual([]);
    world.pass(10 * MINUTE);
    expect(await measured(world)).toEqual({ ...NONE, OldestFileAge: 1200 });
    expect(world.started.length).toBe(1);
  });

  test('is not said of jobs and files that not all were seen', async () => {
    const { world } = await open('PROCESSING');
    jest.spyOn(world.jobs, 'job').mockRejectedValue(new Error('DynamoDB is down'));
    world.pass(15 * MINUTE);
    expect(await measured(world)).toEqual({});
    jest.restoreAllMocks();

    jest.spyOn(world.source, 'list').mockImplementation(async function* () { throw new Error('S3 is down'); });
    expect(Object.keys(await measured(world)).sort()).toEqual(['JobsWaiting', 'OldestOpenJobAge', 'OldestSlaJobAge', 'OpenJobs']);
  });

  test('is said also where a job could be seen but not brought on', async () => {
    const { world } = await open('PROCESSING');
    jest.spyOn(world.jobs, 'closeExecution').mockRejectedValue(new Error('DynamoDB takes no writes'));
    expect(await measured(world)).toMatchObject({ OpenJobs: 1, OldestFileAge: expect.any(Number) });
  });
});
