/**
 * A crash at every single call that the steps make, before and after it takes effect. Whatever happens, the job ends as
 * if nothing had: the same bytes, the same counts, no record twice, the source moved.
 */
import { Crashes } from './support/crashes';
import { CONTRACT, createdEvent, csv, Ended, VERSIONINGS, World } from './support/world';
import { Versioning } from '../../simulation/memory-bucket';
import { ChunkTask, ObjectCreatedEvent } from '../../src/contract/payloads';
import { Schema } from '../../src/spec/schema';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { validateFile } from '../../src/steps/validate-file';

const FILE = csv(20, [12]);
/** Lines within quotes that look like records, and two guesses that fell for them. */
const TRAP = 'id,text\n1,"a\n2,b\n3,c"\n4,d\n5,"e\n6,f\n7,g"\n8,h\n';

/** Two duplicates in one chunk, one in another. */
const DUPLICATES = 'id,text\n' + [1, 2, 3, 1, 3, 6, 7, 8, 2].map((id, index) => `${id},${`row ${index} `.repeat(12)}\n`).join('');
/** Both. */
const TRAP_WITH_DUPLICATES = 'id,text\n1,"a\n2,b\n3,c"\n4,d\n5,"e\n6,f\n7,g"\n1,h\n4,i\n';
const KEYED: Schema = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }], primaryKey: 'id' };

const NOTHING_LEFT = { closed: 0, resumed: 0, announced: 0, started: 0, aborted: 0, takenOver: 0 };

/** The sweep comes each quarter of an hour. */
const QUARTER = 15 * 60_000;

async function later(world: World): Promise<void> {
  world.pass(QUARTER);
  await world.sweep();
  await world.follow();
}

interface Scenario {
  readonly name: string;
  readonly file: string;
  readonly maxRejectedRecords: number;
  readonly guessedStarts?: readonly number[];
  readonly schema?: Schema;
}

const SCENARIOS: Scenario[] = [
  { name: 'a job that is published', file: FILE, maxRejectedRecords: 1 },
  { name: 'a job with too many rejects', file: FILE, maxRejectedRecords: 0 },
  { name: 'a job with wrong guesses', file: TRAP, maxRejectedRecords: 0, guessedStarts: [0, TRAP.indexOf('2,b'), TRAP.indexOf('6,f')] },
  { name: 'a job with duplicate keys', file: DUPLICATES, maxRejectedRecords: 3, schema: KEYED },
  {
    name: 'a job with wrong guesses and duplicate keys',
    file: TRAP_WITH_DUPLICATES,
    maxRejectedRecords: 2,
    guessedStarts: [0, TRAP_WITH_DUPLICATES.indexOf('2,b'), TRAP_WITH_DUPLICATES.indexOf('6,f'), TRAP_WITH_DUPLICATES.indexOf('1,h')],
    schema: KEYED,
  },
];

interface Outcome {
  readonly published: string;
  readonly rejected: string | undefined;
  readonly source: string[];
  readonly counts: Array<number | undefined>;
  readonly status: string;
  readonly errorCode: string | undefined;
}

async function outcomeOf(world: World, { fileId }: Ended): Promise<Outcome> {
  const job = await world.job(fileId);
  return {
    published: world.published(),
    rejected: world.rejectedCsv(fileId!),
    source: world.landing.keys(),
    counts: [job.records_read, job.records_written, job.records_rejected],
    status: job.status,
    errorCode: job.error_code,
  };
}

/** All who want to hear of it have been told how the job ended. */
function expectTold({ announced, queued, notices }: World, { status }: Outcome): void {
  expect(announced.at(-1)).toMatchObject({ status });
  expect(JSON.parse(queued.at(-1)!.body)).toMatchObject({ status });
  expect(notices.length > 0).toBe(status === 'FAILED');
}

describe.each(SCENARIOS)('$name', ({ file, maxRejectedRecords, guessedStarts, schema = CONTRACT.schema }) => {
  function newWorld(versioning: Versioning, crashes: Crashes): World {
    const world = new World(versioning, { maxRejectedRecords, schema, chunkSizeBytes: 160 }, crashes);
    world.guessedStarts = guessedStarts;
    return world;
  }

  async function undisturbed(versioning: Versioning): Promise<{ outcome: Outcome; calls: number }> {
    const crashes = new Crashes();
    const world = newWorld(versioning, crashes);
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv', file)));
    return { outcome: await outcomeOf(world, ended), calls: crashes.calls };
  }

  describe.each(['before', 'after'] as const)('a crash %s the effect of a call', (effect) => {
    test.each(VERSIONINGS)('is made good by the retry of the step (bucket with %s)', async (_, versioning) => {
      const { outcome, calls } = await undisturbed(versioning);
      expect(calls).toBeGreaterThan(30);
      for (let call = 0; call < calls; call++) {
        const crashes = new Crashes(call, effect);
        const world = newWorld(versioning, crashes);
        const ended = await world.execute(createdEvent(world.land('incoming/a.csv', file)));

        expect(crashes.happened).toBe(true);
        expect({ call, ...await outcomeOf(world, ended) }).toEqual({ call, ...outcome });
        // Whoever could not be told at once hears of it from the sweep.
        await later(world);
        expectTold(world, outcome);
      }
    });

    test('that lasts leaves the job resumable or going forward, and a resume or the sweep ends it as if nothing had happened', async () => {
      const { outcome, calls } = await undisturbed('Enabled');
      const seen = new Set<string>();
      for (let call = 0; call < calls; call++) {
        const crashes = new Crashes(call, effect, true);
        const world = newWorld('Enabled', crashes);
        const event = createdEvent(world.land('incoming/a.csv', file));
        const first = await world.execute(event, 1);

        if (crashes.wasOfTelling) {
          expect({ call, ...await outcomeOf(world, first) }).toEqual({ call, ...outcome });
          await expect(world.sweep()).resolves.toEqual(NOTHING_LEFT);
          world.pass(QUARTER);
          await expect(world.sweep()).rejects.toThrow('crash in ');
          crashes.mend();
          await later(world);
          expectTold(world, outcome);
          continue;
        }
        if (crashes.wasOfResult) {
          expect({ call, ...await outcomeOf(world, first) }).toEqual({ call, ...outcome });
          continue;
        }
        expect(first).toMatchObject({ status: 'FAILED', error: expect.objectContaining({ message: expect.stringMatching(/^crash in /) }) });
        // Also where nothing was claimed: no file is without a job.
        const fileId = first.fileId!;
        const job = await world.job(fileId);
        const state = job.status === 'FAILED' && job.resumable === true ? 'RESUMABLE' : job.status;
        seen.add(state);
        expect({ call, state }).toEqual({ call, state: expect.stringMatching(/^(RESUMABLE|PUBLISHING|SUCCEEDED|FAILED)$/) });
        // CloseJob has started what goes on with a publication.
        if (state === 'PUBLISHING') expect(await world.follow()).toEqual([expect.objectContaining({ fileId })]);
        else if (state === 'RESUMABLE') await world.execute({ resume: true, fileId });
        // The job has ended, and its source is where it was.
        else await later(world);
        expect({ call, ...await outcomeOf(world, { status: 'SUCCEEDED', fileId }) }).toEqual({ call, ...outcome });
        expect(world.announced.filter(({ resumable }) => resumable !== true).every(({ status }) => status === outcome.status)).toBe(true);
        if (outcome.status === 'SUCCEEDED' && state !== 'RESUMABLE') expect(world.announced.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
      }
      expect([...seen].sort()).toEqual(outcome.status === 'SUCCEEDED' ? ['PUBLISHING', 'RESUMABLE', 'SUCCEEDED'] : ['FAILED', 'RESUMABLE']);
    });

    test('that lasts, of an execution whose end nobody hears of, is made good by the sweep and at most one resume', async () => {
      const { outcome, calls } = await undisturbed('Unversioned');
      for (let call = 0; call < calls; call++) {
        const crashes = new Crashes(call, effect, true);
        const world = newWorld('Unversioned', crashes);
        const event = createdEvent(world.land('incoming/a.csv', file));
        const error = await world.flow(event, world.nextExecution(), 1).then(() => undefined, (thrown: Error) => thrown);
        expect({ call, failed: error !== undefined }).toEqual({ call, failed: !crashes.wasOfTelling && !crashes.wasOfResult });
        if (error !== undefined) expect(error.message).toMatch(/^crash in /);

        crashes.mend();
        await later(world);
        const [job] = await world.allJobs();
        if (job.resumable === true) await world.execute({ resume: true, fileId: job.file_id });
        expect({ call, ...await outcomeOf(world, { status: 'SUCCEEDED', fileId: job.file_id }) }).toEqual({ call, ...outcome });
        // What crashed attempts have left open is cleared away.
        await world.sweep();
        expect({ call, uploads: world.openUploads().length }).toEqual({ call, uploads: 0 });
        expect(await world.sweep()).toEqual(NOTHING_LEFT);
      }
    });
  });
});

test('an event that comes again never reclaims a job that is to be resumed', async () => {
  const world = new World('Enabled', {}, new Crashes(20, 'before', true));
  const event = createdEvent(world.land('incoming/a.csv', FILE));
  const { fileId } = await world.execute(event, 1);
  const before = await world.job(fileId);
  expect(before).toMatchObject({ status: 'FAILED', resumable: true, error_code: 'infrastructure' });

  expect(await world.execute(event)).toMatchObject({ status: 'FAILED', errorCode: 'StartRefused', refusal: expect.stringContaining('to resume it start') });
  expect(await world.job(fileId)).toEqual(before);
});

describe.each([
  ['CloseJob', async (world: World, event: ObjectCreatedEvent) => closeJob({ executionArn: 'arn-1', input: event, error: { Error: 'States.Timeout' } }, world.deps)],
  ['SweepJobs', async (world: World) => world.sweep()],
])('a crash of %s', (_, act) => {
  const STATES = ['LANDED', 'PLANNING', 'PROCESSING', 'PUBLISHING', 'SUCCEEDED'] as const;

  /** The job of an execution that has ended there. */
  async function reach(state: (typeof STATES)[number], crashes: Crashes) {
    const world = new World('Unversioned', {}, crashes);
    const event = createdEvent(world.land('incoming/a.csv', csv(20)));
    if (state === 'LANDED') return { world, event };
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    if (state === 'PLANNING') return { world, event };
    const { manifestKey } = await planChunks({ fileId }, world.deps);
    for (const task of await world.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, world.deps);
    if (state === 'PUBLISHING') jest.spyOn(world.output, 'completeUpload').mockRejectedValueOnce(new Error('throttled'));
    if (state === 'PUBLISHING' || state === 'SUCCEEDED') await finalizeJob({ fileId }, world.deps).catch(() => undefined);
    expect(await world.job(fileId)).toMatchObject({ status: state });
    return { world, event };
  }

  describe.each(['before', 'after'] as const)('%s the effect of a call', (effect) => {
    test.each(STATES)('is made good by the next one, by the sweep and at most one resume: %s', async (state) => {
      const counted = new Crashes();
      await reach(state, counted);
      for (let call = counted.calls; ; call++) {
        const crashes = new Crashes(call, effect);
        const { world, event } = await reach(state, crashes);
        world.pass(QUARTER);
        await act(world, event).catch(() => undefined);
        if (!crashes.happened) {
          expect(call).toBeGreaterThan(counted.calls);
          break;
        }
        world.pass(QUARTER);
        await act(world, event);
        await world.follow();
        await later(world);
        const [{ file_id: fileId, resumable }] = await world.allJobs();
        if (resumable === true) await world.execute({ resume: true, fileId });
        expect({ call, job: await world.job(fileId) }).toMatchObject({ call, job: { status: 'SUCCEEDED', source_state: 'MOVED', records_written: 20 } });
        expect(world.published().split('\n').length).toBe(21);
        expect(world.landing.keys()).toEqual([`processed/${fileId}/a.csv`]);
        const ends = [...new Set(world.announced.map(({ status }) => status))];
        expect({ call, ends }).toEqual({ call, ends: resumable === true ? ['FAILED', 'SUCCEEDED'] : ['SUCCEEDED'] });
        await world.sweep();
        expect(await world.sweep()).toEqual(NOTHING_LEFT);
        expect(world.openUploads()).toEqual([]);
      }
    });
  });
});
