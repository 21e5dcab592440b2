/** The region that stands by does nothing; the one that takes over ends what the other one had, and processes its files. */
import { createdEvent, csv, World } from './support/world';
import { METRICS } from '../../src/contract/metrics';
import { ChunkTask } from '../../src/contract/payloads';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { moveSource } from '../../src/steps/move-source';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { JobReport } from '../../src/steps/report';
import { SweepJobsOutput } from '../../src/steps/sweep-jobs';
import { validateFile } from '../../src/steps/validate-file';

const MINUTE = 60_000;
const PRIMARY = 'us-east-1';
const STANDBY = 'eu-west-1';
const FILE = csv(20);
const KEY = 'incoming/a.csv';
const NOTHING: SweepJobsOutput = { closed: 0, resumed: 0, announced: 0, started: 0, aborted: 0, takenOver: 0 };

type State = 'PLANNING' | 'PROCESSING' | 'PUBLISHING' | 'SUCCEEDED' | 'FAILED';

class TwoRegions {
  readonly primary: World;
  readonly standby: World;
  private epoch = 0;

  constructor(contract = {}) {
    const world = (own: string) => new World('Enabled', contract, undefined, { own, primary: PRIMARY, bucket: `bucket-${own}` });
    this.primary = world(PRIMARY);
    this.standby = world(STANDBY);
  }

  /** All that is to be replicated, and is not left out. */
  replicate(from: World, to: World, isMeant: (key: string) => boolean = () => true): void {
    for (const item of from.jobs.written.values()) to.jobs.receive(item);
    for (const version of from.landing.allVersions()) if (isMeant(version.key)) to.landing.receive(version);
    for (const version of from.outputBucket.allVersions()) if (!version.key.startsWith('work/') && isMeant(version.key)) to.outputBucket.receive(version);
  }

  /** In the region that takes over; the other one sees it too. */
  async activate(world: World): Promise<void> {
    await world.jobs.moveFence({ activeRegion: world.regions!.own, epoch: ++this.epoch, since: world.deps.now().getTime() });
    const other = world === this.primary ? this.standby : this.primary;
    for (const item of world.jobs.written.values()) if (item.chunk_id === 'fence') other.jobs.receive(item);
  }

  /** A job of the primary as far as this. */
  async open(state: State): Promise<string> {
    const { primary: world } = this;
    const { fileId } = await validateFile({ event: createdEvent(world.land(KEY, FILE)), executionArn: world.nextExecution() }, world.deps);
    if (state === 'PLANNING') return fileId;
    const { manifestKey } = await planChunks({ fileId }, world.deps);
    for (const task of await world.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, world.deps);
    if (state === 'PUBLISHING') {
      jest.spyOn(world.output, 'completeUpload').mockImplementation(async () => { throw new Error('throttled'); });
      await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('throttled');
      jest.restoreAllMocks();
    } else if (state !== 'PROCESSING') {
      await finalizeJob({ fileId }, world.deps);
    }
    return fileId;
  }

  /** The primary is gone, and the standby has taken over for so long that its sweep goes ahead. */
  async takeOver(): Promise<SweepJobsOutput> {
    await this.activate(this.standby);
    this.standby.pass(16 * MINUTE);
    return this.standby.sweep();
  }
}

describe('the region that stands by', () => {
  test('refuses whatever is started there, and says which region is active and what to do', async () => {
    const { standby } = new TwoRegions();
    const { refusal, errorCode } = await standby.execute(createdEvent(standby.land(KEY, FILE)));
    expect(errorCode).toBe('StartRefused');
    expect(refusal).toBe(`expected region ${STANDBY} to be the active one, got ${PRIMARY}, which is active unless somebody switches: nothing is changed here. `
      + `To make ${STANDBY} active run csv-chunk-pipeline activate --pipeline NAME --region ${STANDBY}`);
    expect(await standby.allJobs()).toEqual([]);
  });

  test('sweeps nothing, though it has files without a job and jobs without an execution', async () => {
    const regions = new TwoRegions();
    await regions.open('PROCESSING');
    regions.replicate(regions.primary, regions.standby);
    regions.standby.land('incoming/b.csv', FILE);
    regions.standby.pass(60 * MINUTE);
    expect(await regions.standby.sweep()).toEqual(NOTHING);
    expect(regions.standby.started).toEqual([]);
    const measured = [METRICS.openJobs, METRICS.jobsWaiting, METRICS.oldestOpenJobAge, METRICS.oldestSlaJobAge, METRICS.oldestFileAge];
    expect(measured.map((metric) => regions.standby.metrics.get(metric))).toEqual([0, 0, 0, 0, 0]);
  });

  test.each([
    ['PLANNING', 'PlanChunks', planChunks],
    ['PROCESSING', 'FinalizeJob', finalizeJob],
    ['PUBLISHING', 'FinalizeJob', finalizeJob],
    ['SUCCEEDED', 'MoveSource', moveSource],
  ] as const)('once it was the active one: a job that is %s stays so, and %s stops before it has done anything', async (state, _, step) => {
    const regions = new TwoRegions();
    const { primary } = regions;
    const fileId = await regions.open(state);
    const [job, files, output] = [await primary.job(fileId), primary.landing.keys(), primary.outputBucket.keys()];
    await regions.activate(regions.standby);
    await expect(step({ fileId }, primary.deps)).rejects.toThrow(`expected region ${PRIMARY} to be the active one, got ${STANDBY}, which is active since 2026-11-2`);
    expect([await primary.job(fileId), primary.landing.keys(), primary.outputBucket.keys()]).toEqual([job, files, output]);
  });

  test('does not process a chunk, and closes no job', async () => {
    const regions = new TwoRegions();
    const { primary } = regions;
    const fileId = await regions.open('PROCESSING');
    const job = await primary.job(fileId);
    const [task] = await primary.output.getJson<ChunkTask[]>(job.manifest_key!);
    await regions.activate(regions.standby);
    await expect(processChunk(task, primary.deps)).rejects.toThrow('to be the active one');
    const ended = { detail: { executionArn: job.execution_arn, status: 'ABORTED' } } as const;
    expect(await closeJob(ended, primary.deps)).toEqual({ status: 'NOTHING_TO_CLOSE' });
    expect(await primary.job(fileId)).toEqual(job);
  });
});

describe('the region that takes over', () => {
  test('leaves the jobs of the other one alone for 15 minutes: what it wrote may still come', async () => {
    const regions = new TwoRegions();
    const fileId = await regions.open('PROCESSING');
    regions.replicate(regions.primary, regions.standby);
    await regions.activate(regions.standby);
    regions.standby.pass(14 * MINUTE);
    expect(await regions.standby.sweep()).toMatchObject({ takenOver: 0 });
    expect(await regions.standby.job(fileId)).toMatchObject({ status: 'PROCESSING' });
  });

  test.each(['PLANNING', 'PROCESSING', 'PUBLISHING'] as const)('ends a job that was %s, tells of it, and processes its file once more', async (state) => {
    const regions = new TwoRegions();
    const { standby } = regions;
    const fileId = await regions.open(state);
    regions.replicate(regions.primary, standby);
    expect(await regions.takeOver()).toMatchObject({ takenOver: 1, started: 0 });
    expect(await standby.job(fileId)).toMatchObject({
      status: 'FAILED', error_code: 'region_lost', resumable: false, bucket: `bucket-${STANDBY}`, moved_to: KEY, error_message: expect.stringContaining(`got a switch to ${STANDBY}`),
    });
    expect(standby.announced).toMatchObject([{ fileId, status: 'FAILED', errorCode: 'region_lost', failureKind: 'LOST' }]);
    const counted = [METRICS.jobsFailed, METRICS.jobsRejected, METRICS.jobsInterrupted].map((name) => standby.metrics.get(name));
    expect(counted).toEqual([1, undefined, undefined]);
    expect(standby.started).toEqual([{ name: expect.stringMatching(new RegExp(`^takeover-${fileId}-\\d+$`)), input: { rerun: true, fileId, once: true } }]);

    const [again] = await standby.follow();
    expect(again).toMatchObject({ status: 'SUCCEEDED' });
    expect(await standby.job(again.fileId)).toMatchObject({ rerun_of: fileId, read_key: KEY, records_written: 20 });
    expect(standby.published().split('\n').length).toBe(21);
    standby.pass(5 * MINUTE);
    expect(await standby.sweep()).toMatchObject({ takenOver: 1 });
    expect(await standby.job(fileId)).toMatchObject({ source_state: 'KEPT' });
    standby.pass(5 * MINUTE);
    expect(await standby.sweep()).toEqual(NOTHING);
    expect(standby.started.length).toBe(1);
  });

  test('reads the version that the job was about, not one that came later under its key', async () => {
    const regions = new TwoRegions();
    await regions.open('PROCESSING');
    regions.primary.pass(1000);
    regions.primary.land(KEY, csv(3));
    regions.replicate(regions.primary, regions.standby);
    await regions.takeOver();
    const jobs = await Promise.all((await regions.standby.follow()).map(async ({ fileId }) => regions.standby.job(fileId)));
    expect(jobs.map(({ records_written: written, rerun_of: of }) => [written, of !== undefined])).toEqual([[20, true], [3, false]]);
  });

  test('starts the file again where the execution came to nothing, and makes one job of several starts', async () => {
    const regions = new TwoRegions();
    const { standby } = regions;
    await regions.open('PROCESSING');
    regions.replicate(regions.primary, standby);
    await regions.takeOver();
    standby.pass(60 * MINUTE);
    expect(await standby.sweep()).toMatchObject({ takenOver: 1 });
    expect(standby.started.length).toBe(2);
    expect((await standby.follow()).map(({ status, fileId }) => [status, fileId !== undefined])).toEqual([['SUCCEEDED', true], ['SUCCEEDED', false]]);
    expect((await standby.allJobs()).length).toBe(2);
  });

  test('leaves a job whose file has not come yet until it has', async () => {
    const regions = new TwoRegions();
    const { standby } = regions;
    const fileId = await regions.open('PROCESSING');
    regions.replicate(regions.primary, standby, (key) => !key.startsWith('incoming/'));
    expect(await regions.takeOver()).toEqual(NOTHING);
    expect(await standby.job(fileId)).toMatchObject({ status: 'PROCESSING' });
    regions.replicate(regions.primary, standby);
    expect(await standby.sweep()).toMatchObject({ takenOver: 1 });
  });

  test('finds the file where it has moved it itself: both had the job, and the other one wrote last', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const bad = primary.land(KEY, 'wrong,header\n1,a\n');
    standby.landing.receive(primary.landing.list()[0]);
    const { fileId } = await validateFile({ event: createdEvent(bad), executionArn: primary.nextExecution() }, primary.deps);
    await regions.activate(standby);
    const [ended] = [await standby.execute(createdEvent({ ...bad, bucket: standby.landing.name }))];
    expect(ended).toMatchObject({ fileId, errorCode: 'header_mismatch' });
    expect(standby.landing.keys()).toEqual([`failed/${fileId}/a.csv`, `failed/${fileId}/a.csv.report.json`]);
    standby.jobs.receive(primary.jobs.written.get(`${fileId} job`)!);
    standby.pass(16 * MINUTE);
    expect(await standby.sweep()).toMatchObject({ takenOver: 1 });
    expect(await standby.follow()).toMatchObject([{ status: 'FAILED', errorCode: 'header_mismatch' }]);
  });

  test('knows by the manifest that a job was published, though its item does not say so', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('PUBLISHING');
    for (const item of primary.jobs.written.values()) standby.jobs.receive(item);
    await finalizeJob({ fileId }, primary.deps);
    for (const version of primary.outputBucket.allVersions()) standby.outputBucket.receive(version);
    for (const version of primary.landing.allVersions()) standby.landing.receive(version);
    expect(await standby.job(fileId)).toMatchObject({ status: 'PUBLISHING' });
    expect(await regions.takeOver()).toEqual({ ...NOTHING, takenOver: 1 });
    expect(await standby.job(fileId)).toMatchObject({ status: 'SUCCEEDED', records_written: 20, report_key: `reports/file_id=${fileId}.json`, source_state: 'KEPT' });
    const outputPrefix = `output/ingest_date=2026-11-21/file_id=${fileId}/`;
    const named = {
      outputPrefix, manifestKey: `${outputPrefix}_manifest.json`, rejectedKey: `quarantine/file_id=${fileId}/rejected.csv`, reportKey: `reports/file_id=${fileId}.json`,
    };
    expect(standby.announced).toMatchObject([{ fileId, status: 'SUCCEEDED', recordsRead: 20, ...named }]);
    expect(standby.announced).toMatchObject([JSON.parse(standby.queued[0].body)]);
    expect(standby.outputBucket.keys()).toEqual(expect.arrayContaining([named.manifestKey, named.rejectedKey, named.reportKey]));
    expect(standby.started).toEqual([]);
  });

  test('knows by the report how many files the rejected records of such a job take, and waits for them', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('PUBLISHING');
    for (const item of primary.jobs.written.values()) standby.jobs.receive(item);
    await primary.jobs.changeJob(await primary.job(fileId), { rejected_files: 3 }, { event: 'publishing', at: 1 });
    await finalizeJob({ fileId }, primary.deps);
    for (const version of primary.outputBucket.allVersions()) standby.outputBucket.receive(version);
    for (const version of primary.landing.allVersions()) standby.landing.receive(version);
    const { report_key: reportKey } = await primary.job(fileId);
    const { furtherRejectedKeys } = await primary.output.getJson<JobReport>(reportKey!);
    expect(furtherRejectedKeys).toHaveLength(2);
    await standby.output.put(furtherRejectedKeys![0], 'the second file', 'text/csv');
    await regions.takeOver();
    expect((await standby.job(fileId)).status).toBe('PUBLISHING');
    await standby.output.put(furtherRejectedKeys![1], 'the third file', 'text/csv');
    await regions.takeOver();
    expect(await standby.job(fileId)).toMatchObject({ status: 'SUCCEEDED', rejected_files: 3 });
  });

  test('takes a manifest for none as long as a part that it names is not here', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('PUBLISHING');
    regions.replicate(primary, standby);
    await finalizeJob({ fileId }, primary.deps);
    for (const version of primary.outputBucket.allVersions()) if (!version.key.includes('part-00001')) standby.outputBucket.receive(version);
    await regions.takeOver();
    expect(await standby.job(fileId)).toMatchObject({ error_code: 'region_lost' });
  });

  describe.each([['the report', 'reports/', 'reportKey'], ['rejected.csv', 'quarantine/', 'rejectedKey']] as const)('where %s is not here yet', (_, prefix, field) => {
    /** All of the publication but this, and the job as it was before it or after. */
    const published = async (regions: TwoRegions, state: 'PUBLISHING' | 'SUCCEEDED'): Promise<string> => {
      const { primary, standby } = regions;
      jest.spyOn(primary.bus, 'announce').mockRejectedValue(new Error('throttled'));
      const fileId = await regions.open(state);
      const before = [...primary.jobs.written.values()];
      if (state === 'PUBLISHING') await finalizeJob({ fileId }, primary.deps);
      jest.restoreAllMocks();
      for (const item of before) standby.jobs.receive(item);
      for (const version of primary.landing.allVersions()) standby.landing.receive(version);
      for (const version of primary.outputBucket.allVersions()) if (!version.key.startsWith(prefix)) standby.outputBucket.receive(version);
      return fileId;
    };

    test.each(['PUBLISHING', 'SUCCEEDED'] as const)('nobody is told of a job that was published (%s) until it is', async (state) => {
      const regions = new TwoRegions();
      const { primary, standby } = regions;
      const fileId = await published(regions, state);
      expect(await regions.takeOver()).toEqual(NOTHING);
      expect([standby.announced, standby.started, (await standby.job(fileId)).status]).toEqual([[], [], state]);
      for (const version of primary.outputBucket.allVersions()) standby.outputBucket.receive(version);
      standby.pass(MINUTE);
      expect(await standby.sweep()).toEqual({ ...NOTHING, takenOver: 1 });
      expect(standby.announced).toMatchObject([{ fileId, status: 'SUCCEEDED', reportKey: expect.any(String), rejectedKey: expect.any(String) }]);
    });

    test('an hour after the switch all are told without it: readers wait for the message, and it may never come', async () => {
      const regions = new TwoRegions();
      const { standby } = regions;
      const fileId = await published(regions, 'PUBLISHING');
      await regions.takeOver();
      standby.pass(45 * MINUTE);
      expect(await standby.sweep()).toEqual({ ...NOTHING, takenOver: 1 });
      expect(standby.announced).toMatchObject([{ fileId, status: 'SUCCEEDED', manifestKey: expect.any(String), recordsRead: 20 }]);
      expect(standby.announced[0][field]).toBeUndefined();
      expect((await standby.job(fileId)).unsettled).toBeUndefined();
    });
  });

  test('nobody is told of a job that has ended before the parts are here that its manifest names', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    jest.spyOn(primary.bus, 'announce').mockRejectedValue(new Error('throttled'));
    const fileId = await regions.open('SUCCEEDED');
    jest.restoreAllMocks();
    regions.replicate(primary, standby, (key) => !key.includes('part-00001'));
    expect(await regions.takeOver()).toEqual(NOTHING);
    regions.replicate(primary, standby);
    expect(await standby.sweep()).toEqual({ ...NOTHING, takenOver: 1 });
    expect(standby.announced).toMatchObject([{ fileId, status: 'SUCCEEDED' }]);
  });

  test.each([
    ['where it landed', () => true, KEY, 'KEPT'],
    ['where it was to be moved, if it was moved before it was replicated', (key: string) => !key.startsWith('incoming/'), /^processed\//, 'KEPT'],
    ['nowhere', (key: string) => !/^(incoming|processed)\//.test(key), undefined, 'GONE'],
  ] as const)('settles a job that has ended and whose source was not moved: the source is %s', async (_, isMeant, movedTo, state) => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('SUCCEEDED');
    for (const item of primary.jobs.written.values()) standby.jobs.receive(item);
    await moveSource({ fileId }, primary.deps);
    const landed = primary.jobs.written;
    expect(landed.size).toBeGreaterThan(0);
    standby.landing.receive({ ...primary.landing.list()[0], key: KEY, versionId: (await primary.job(fileId)).version_id! });
    if (!isMeant(KEY)) standby.landing.delete(KEY, { versionId: (await primary.job(fileId)).version_id });
    for (const version of primary.landing.allVersions()) if (isMeant(version.key)) standby.landing.receive(version);
    expect(await regions.takeOver()).toEqual({ ...NOTHING, takenOver: 1 });
    const job = await standby.job(fileId);
    expect([job.source_state, job.moved_to]).toEqual([state, movedTo instanceof RegExp ? expect.stringMatching(movedTo) : movedTo]);
    expect(job).toMatchObject({ status: 'SUCCEEDED', bucket: `bucket-${STANDBY}` });
    expect(job.unsettled).toBeUndefined();
  });

  test('tells all who hear of ends here of one that those of the other region have heard of in part, once', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    jest.spyOn(primary.bus, 'announce').mockRejectedValue(new Error('throttled'));
    const fileId = await regions.open('SUCCEEDED');
    jest.restoreAllMocks();
    expect(await primary.job(fileId)).toMatchObject({ event_pending: true, announced_to: ['queue'] });
    regions.replicate(primary, standby);
    jest.spyOn(standby.bus, 'announce').mockRejectedValue(new Error('throttled'));
    await expect(regions.takeOver()).rejects.toThrow('throttled');
    await expect(standby.sweep()).rejects.toThrow('throttled');
    jest.restoreAllMocks();
    expect(await standby.sweep()).toEqual({ ...NOTHING, takenOver: 1 });
    expect([standby.announced.length, standby.queued.length]).toEqual([1, 1]);
    expect((await standby.job(fileId)).unsettled).toBeUndefined();
  });

  test('processes the file of a lost job once more though nobody can be told of that job\'s end', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('PROCESSING');
    regions.replicate(primary, standby);
    jest.spyOn(standby.jobQueue, 'send').mockRejectedValue(new Error('the queue is gone'));
    await regions.takeOver();
    // The start came to nothing.
    standby.started.length = 0;
    standby.pass(61 * MINUTE);
    expect(await standby.sweep()).toMatchObject({ takenOver: 1 });
    expect(await standby.follow()).toMatchObject([{ status: 'SUCCEEDED' }]);
    jest.restoreAllMocks();
    standby.pass(3 * MINUTE);
    await standby.sweep();
    await standby.sweep();
    expect(await standby.job(fileId)).toMatchObject({ status: 'FAILED', error_code: 'region_lost', source_state: 'KEPT' });
    expect((await standby.job(fileId)).unsettled).toBeUndefined();
    expect(standby.queued.map(({ body }) => JSON.parse(body).fileId).filter((id) => id === fileId)).toEqual([fileId]);
  });

  test('resumes no job of the other region: what it has uploaded lies there', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('PROCESSING');
    const { execution_arn: executionArn } = await primary.job(fileId);
    await closeJob({ detail: { executionArn, status: 'ABORTED' } }, primary.deps);
    regions.replicate(primary, standby);
    await regions.activate(standby);
    const { errorCode, refusal } = await standby.execute({ resume: true, fileId });
    expect([errorCode, refusal]).toEqual(['StartRefused', expect.stringContaining('to be one of region eu-west-1, because what it has uploaded lies in the region')]);
    expect(await standby.job(fileId)).toEqual(await primary.job(fileId));
  });

  test('takes a file that has no job without waiting for an event, which comes to no standby', async () => {
    const regions = new TwoRegions();
    const { standby } = regions;
    await regions.activate(standby);
    standby.land('incoming/new.csv', FILE);
    standby.pass(3 * MINUTE);
    expect(await standby.sweep()).toEqual({ ...NOTHING, started: 1 });
    expect(await standby.follow()).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test('knows a file of the other region by its version: it has its job', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const event = createdEvent(primary.land(KEY, FILE));
    regions.replicate(primary, standby);
    const { fileId } = await primary.execute(event);
    regions.replicate(primary, standby);
    expect(standby.landing.keys()).toEqual([KEY, `processed/${fileId}/a.csv`]);
    expect(await regions.takeOver()).toEqual(NOTHING);
  });

  test('processes the file of an ended job of the other region once more when somebody asks for it', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const { fileId } = await primary.execute(createdEvent(primary.land(KEY, FILE)));
    regions.replicate(primary, standby);
    await regions.activate(standby);
    expect(await standby.execute({ rerun: true, fileId: fileId! })).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('a file that both regions have taken, because they could not see each other', () => {
  const KEYED = { schema: { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }], primaryKey: 'id' } } as const;

  /** The standby claims what the primary has claimed, later. */
  const claimedAgain = async ({ primary, standby }: TwoRegions): Promise<string> => {
    for (const version of primary.landing.allVersions()) standby.landing.receive(version);
    const { version_id: versionId, etag, size_bytes: sizeBytes, last_modified: lastModified } = (await primary.allJobs())[0];
    const event = createdEvent({ bucket: standby.landing.name, key: KEY, versionId, etag, sizeBytes, lastModified });
    return (await validateFile({ event, executionArn: standby.nextExecution() }, standby.deps)).fileId;
  };

  test('each has chunks of its own: their results lie in its own bucket', async () => {
    const regions = new TwoRegions(KEYED);
    const { primary, standby } = regions;
    const fileId = await regions.open('PROCESSING');
    await regions.activate(standby);
    expect(await claimedAgain(regions)).toBe(fileId);
    const { manifestKey } = await planChunks({ fileId }, standby.deps);
    for (const item of primary.jobs.written.values()) if (item.chunk_id.startsWith('chunk-')) standby.jobs.receive(item);
    for (const task of await standby.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, standby.deps);
    expect(await finalizeJob({ fileId }, standby.deps)).toMatchObject({ status: 'PUBLISHED' });
    const chunks = [...standby.jobs.written.values()].map(({ chunk_id: id }) => id).filter((id) => id.includes('chunk-'));
    expect([...new Set(chunks)]).toEqual([0, 1, 2, 3].map((index) => `standby-chunk-000000${index}`));
  });

  test('the region that has published it knows that, also if the other one had taken it on another day', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('SUCCEEDED');
    await regions.activate(standby);
    standby.pass(40 * MINUTE);
    await claimedAgain(regions);
    for (const item of standby.jobs.written.values()) primary.jobs.receive(item);
    expect([await primary.job(fileId), primary.outputBucket.keys()]).toMatchObject([
      { status: 'PLANNING', ingest_date: '2026-11-22' },
      expect.arrayContaining([`output/ingest_date=2026-11-21/file_id=${fileId}/_manifest.json`]),
    ]);
    await regions.activate(primary);
    primary.pass(60 * MINUTE);
    await primary.sweep();
    // The figures are those of the report: the other region's item has none.
    expect(await primary.job(fileId)).toMatchObject({ status: 'SUCCEEDED', ingest_date: '2026-11-21', records_read: 20, records_written: 20, rejects_by_code: {} });
    const manifestKey = `output/ingest_date=2026-11-21/file_id=${fileId}/_manifest.json`;
    expect(primary.announced.at(-1)).toMatchObject({ fileId, status: 'SUCCEEDED', recordsRead: 20, manifestKey });
    expect(primary.started).toEqual([]);
  });
});

describe('the way back', () => {
  test('is the same in the other direction: what the standby had not ended is processed once more', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    await regions.activate(standby);
    const { fileId } = await validateFile({ event: createdEvent(standby.land(KEY, FILE)), executionArn: standby.nextExecution() }, standby.deps);
    regions.replicate(standby, primary);
    await regions.activate(primary);
    primary.pass(16 * MINUTE);
    expect(await primary.sweep()).toMatchObject({ takenOver: 1 });
    expect(await primary.follow()).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await primary.job(fileId)).toMatchObject({ error_code: 'region_lost', bucket: `bucket-${PRIMARY}` });
    expect(await standby.execute(createdEvent(standby.land('incoming/b.csv', FILE)))).toMatchObject({ errorCode: 'StartRefused' });
  });

  test('a job that was lost, and whose file had not begun again, is begun in the region that is active by then', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('PROCESSING');
    regions.replicate(primary, standby);
    await regions.takeOver();
    regions.replicate(standby, primary);
    await regions.activate(primary);
    primary.pass(40 * MINUTE);
    expect(await primary.sweep()).toMatchObject({ takenOver: 1 });
    expect(await primary.follow()).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await primary.job(fileId)).toMatchObject({ error_code: 'region_lost' });
  });

  test('of a job that processes a file once more the file may be where the first job has moved it here', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const first = await regions.open('PUBLISHING');
    regions.replicate(primary, standby);
    await finalizeJob({ fileId: first }, primary.deps);
    await moveSource({ fileId: first }, primary.deps);
    await regions.takeOver();
    const input = { event: { rerun: true, fileId: first, once: true }, executionArn: standby.nextExecution() } as const;
    const { fileId } = await validateFile(input, standby.deps);
    regions.replicate(standby, primary, (key) => !key.startsWith('incoming/'));
    await regions.activate(primary);
    primary.pass(40 * MINUTE);
    expect(await primary.sweep()).toMatchObject({ takenOver: 2 });
    expect(await primary.job(fileId)).toMatchObject({ error_code: 'region_lost', moved_to: `processed/${first}/a.csv` });
    expect(await primary.follow()).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test('where a job of the standby is here before the switch itself, it is left alone, however old it is', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    await standby.jobs.moveFence({ activeRegion: STANDBY, epoch: 1, since: standby.deps.now().getTime() });
    const { fileId } = await standby.execute(createdEvent(standby.land(KEY, FILE)));
    const job = await standby.job(fileId!);
    primary.jobs.receive({ ...job, event_pending: true, unsettled: 'yes' });
    primary.pass(3 * 60 * MINUTE);
    expect(await primary.sweep()).toMatchObject({ takenOver: 0 });
    expect([primary.announced, (await primary.job(fileId!)).bucket]).toEqual([[], job.bucket]);
  });

  test('before anything was taken over: the jobs of the region go on there', async () => {
    const regions = new TwoRegions();
    const { primary, standby } = regions;
    const fileId = await regions.open('PROCESSING');
    await regions.activate(standby);
    await regions.activate(primary);
    primary.pass(3 * MINUTE);
    expect(await primary.sweep()).toMatchObject({ closed: 1 });
    expect(await primary.execute({ resume: true, fileId })).toMatchObject({ status: 'SUCCEEDED' });
  });
});

test('where there is one region, no step reads a fence', async () => {
  const world = new World();
  const read = jest.spyOn(world.jobs, 'fence');
  await world.execute(createdEvent(world.land(KEY, FILE)));
  await world.sweep();
  expect(read).not.toHaveBeenCalled();
});
