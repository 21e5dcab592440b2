/**
 * A function that lives on after its execution has ended: a task that timed out, an execution that was stopped. None of
 * them stops a running function. Whatever it does then, late by as long as it likes, is in vain or to the same end.
 */
import { park } from './support/park';
import { CONTRACT, createdEvent, csv, VERSIONINGS, World } from './support/world';
import { Versioning } from '../../simulation/memory-bucket';
import { JobContract } from '../../src/contract/job-contract';
import { ChunkTask, ExecutionInput } from '../../src/contract/payloads';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { validateFile } from '../../src/steps/validate-file';

const FILE = csv(20);

function landed(versioning: Versioning = 'Enabled', contract: Partial<JobContract> = {}) {
  const world = new World(versioning, contract);
  return { world, event: createdEvent(world.land('incoming/a.csv', FILE)) };
}

/** From the rule on executions that have ended. */
async function close({ deps }: World, executionArn: string, input?: ExecutionInput) {
  return closeJob({ detail: { executionArn, status: 'TIMED_OUT', input: JSON.stringify(input) } }, deps);
}

async function expectToEnd(world: World, fileId: string, records = 20): Promise<void> {
  expect(await world.execute({ resume: true, fileId })).toMatchObject({ status: 'SUCCEEDED', fileId });
  expect(world.published().split('\n').length).toBe(records + 1);
  expect(world.openUploads()).toEqual([]);
  expect(world.announced.map(({ status, resumable }) => [status, resumable])).toEqual([['FAILED', true], ['SUCCEEDED', undefined]]);
}

describe.each(VERSIONINGS)('a ValidateFile that outlives its execution, in a bucket with %s', (_, versioning) => {
  test.each(['claim', 'head'] as const)('(held at %s) claims nothing: the job is FAILED, and a resume ends it', async (method) => {
    const { world, event } = landed(versioning);
    const call = method === 'claim' ? park(world.jobs, method) : park(world.source, method);
    const zombie = validateFile({ event, executionArn: 'arn-1' }, world.deps);
    await call.parked;
    const { status, fileId } = await close(world, 'arn-1', event);
    expect(status).toBe('CLOSED');
    const closed = await world.job(fileId);
    expect(closed).toMatchObject({ status: 'FAILED', resumable: true, error_code: 'infrastructure', error_message: 'the execution ended as TIMED_OUT' });

    call.release();
    await expect(zombie).rejects.toThrow(`expected job ${fileId} to be PLANNING, got FAILED in run 1`);
    expect(await world.job(fileId)).toEqual(closed);
    expect(await close(world, 'arn-1', event)).toEqual({ status: 'NOTHING_TO_CLOSE', fileId });
    await expectToEnd(world, fileId!);
  });

  test('claims nothing also where nobody knows what it was started with: the sweep starts the file', async () => {
    const { world, event } = landed(versioning);
    const claim = park(world.jobs, 'claim');
    const zombie = validateFile({ event, executionArn: 'arn-1' }, world.deps);
    await claim.parked;
    expect(await close(world, 'arn-1')).toEqual({ status: 'NOTHING_TO_CLOSE' });
    claim.release();
    await expect(zombie).rejects.toThrow(/^expected execution arn-1 to be one that goes on, got one that was closed at .*Z: it gets no job any more$/);
    world.pass(15 * 60_000);
    expect(await world.sweep()).toMatchObject({ started: 1 });
    expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test('tells an execution that came after it nothing else than a duplicate', async () => {
    const { world, event } = landed(versioning);
    const note = park(world.jobs, 'note');
    const zombie = validateFile({ event, executionArn: 'arn-1' }, world.deps);
    await note.parked;
    await close(world, 'arn-1', event);
    const again = await world.execute(event);
    note.release();
    await zombie.catch(() => undefined);
    expect(again).toMatchObject({ status: 'FAILED', errorCode: 'StartRefused' });
  });
});

describe('a resume that outlives its execution', () => {
  async function resuming(method: 'execution' | 'changeJob') {
    const { world, event } = landed();
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    await close(world, 'arn-1', event);
    const call = park(world.jobs, method);
    const input = { resume: true, fileId } as const;
    const zombie = validateFile({ event: input, executionArn: 'arn-2' }, world.deps);
    await call.parked;
    const before = await world.job(fileId);
    expect(await close(world, 'arn-2', input)).toEqual({ status: 'NOTHING_TO_CLOSE' });
    return { world, fileId, call, zombie, before };
  }

  test.each(['execution', 'changeJob'] as const)('(%s) reclaims nothing: the job stays as it is, and the next resume ends it', async (method) => {
    const { world, fileId, call, zombie, before } = await resuming(method);
    call.release();
    await expect(zombie).rejects.toThrow(method === 'changeJob' ? `expected job ${fileId} to be as it was read` : 'got one that was closed');
    expect(await world.job(fileId)).toEqual(before);
    await expectToEnd(world, fileId);
  });

  test('reclaims nothing after the next resume either', async () => {
    const { world, fileId, call, zombie } = await resuming('changeJob');
    await expectToEnd(world, fileId);
    const ended = await world.job(fileId);
    call.release();
    await expect(zombie).rejects.toThrow('to be as it was read');
    expect(await world.job(fileId)).toEqual(ended);
  });
});

describe('CloseJob', () => {
  test('finds the job of its execution whatever its status becomes meanwhile, without the index', async () => {
    const { world, event } = landed();
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    const index = jest.spyOn(world.jobs, 'jobsByStatus');
    const read = park(world.jobs, 'job');
    const closing = close(world, 'arn-1', event);
    await read.parked;
    await planChunks({ fileId }, world.deps);
    read.release();
    expect(await closing).toEqual({ status: 'CLOSED', fileId });
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: true });
    expect(index).not.toHaveBeenCalled();
  });

  test('that has read the job before it changed changes nothing; its retry does', async () => {
    const { world, event } = landed();
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    const change = park(world.jobs, 'changeJob');
    const closing = close(world, 'arn-1', event);
    await change.parked;
    await planChunks({ fileId }, world.deps);
    change.release();
    await expect(closing).rejects.toThrow(/to be as it was read \(PLANNING in run 1, revision 1\), got PROCESSING in run 1, revision 2$/);
    expect(await close(world, 'arn-1', event)).toEqual({ status: 'CLOSED', fileId });
  });
});

describe('an execution that ends while its job is being published', () => {
  async function processed() {
    const { world, event } = landed();
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    const { manifestKey } = await planChunks({ fileId }, world.deps);
    for (const task of await world.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, world.deps);
    return { world, event, fileId };
  }

  test('leaves it PUBLISHING, announces nothing, and starts one execution that finishes it', async () => {
    const { world, event, fileId } = await processed();
    const complete = park(world.output, 'completeUpload');
    const zombie = finalizeJob({ fileId }, world.deps);
    await complete.parked;
    const before = await world.job(fileId);
    expect(before.status).toBe('PUBLISHING');
    // The Catch of the workflow, and the event of its end.
    const error = { Error: 'States.Timeout' };
    expect(await closeJob({ executionArn: 'arn-1', input: event, error }, world.deps)).toEqual({ status: 'PUBLISHING', fileId });
    expect(await close(world, 'arn-1', event)).toEqual({ status: 'PUBLISHING', fileId });
    expect(await world.job(fileId)).toEqual(before);
    expect(world.announced).toEqual([]);
    expect(world.started).toEqual([{ name: `resume-${fileId}-1`, input: { resume: true, fileId, run: 1 } }]);

    expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
    const ended = await world.job(fileId);
    complete.release();
    await zombie.catch(() => undefined);
    expect(await world.job(fileId)).toEqual(ended);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', run: 2, source_state: 'MOVED' });
    expect(world.announced).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(world.published().split('\n').length).toBe(21);
  });

  test('may be finished by the zombie first: the execution that was started has nothing to do', async () => {
    const { world, event, fileId } = await processed();
    const complete = park(world.output, 'completeUpload');
    const zombie = finalizeJob({ fileId }, world.deps);
    await complete.parked;
    await close(world, 'arn-1', event);
    complete.release();
    expect(await zombie).toEqual({ status: 'PUBLISHED', fileId });
    // What remains to be done is to move the source.
    expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
    expect(world.announced).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(world.landing.keys()).toEqual([`processed/${fileId}/a.csv`]);
    // A sweep that had looked before starts it once more, for that run.
    expect(await world.execute({ resume: true, fileId, run: 2 })).toEqual({ status: 'SUCCEEDED', fileId: undefined });
  });

  test('is not closed on a stale read', async () => {
    const { world, event, fileId } = await processed();
    const change = park(world.jobs, 'changeJob');
    const closing = close(world, 'arn-1', event);
    await change.parked;
    jest.spyOn(world.output, 'completeUpload').mockRejectedValueOnce(new Error('throttled'));
    await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('throttled');
    change.release();
    await expect(closing).rejects.toThrow(/got PUBLISHING in run 1, revision \d+$/);
    expect(await world.job(fileId)).toMatchObject({ status: 'PUBLISHING' });
    expect(await close(world, 'arn-1', event)).toEqual({ status: 'PUBLISHING', fileId });
    expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(world.announced).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test('publishes nothing where it was closed first', async () => {
    const { world, event, fileId } = await processed();
    const put = park(world.output, 'put');
    const zombie = finalizeJob({ fileId }, world.deps);
    await put.parked;
    expect(await close(world, 'arn-1', event)).toEqual({ status: 'CLOSED', fileId });
    put.release();
    await expect(zombie).rejects.toThrow(/got FAILED in run 1 with the verdict infrastructure/);
    expect(world.published()).toBe('');
    await expectToEnd(world, fileId);
  });
});

describe('a PlanChunks of the run before, after a deployment of another schema and a resume', () => {
  const ANSWERS = {
    old: Array.from({ length: 20 }, (_, id) => `{"id":${id},"text":"record ${id}"}\n`).join(''),
    new: Array.from({ length: 20 }, (_, id) => `{"id":"${id}","text":"record ${id}"}\n`).join(''),
  };
  const DEPLOYED: JobContract = { ...CONTRACT, schema: { fields: [{ name: 'id' }, { name: 'text' }] }, chunkSizeBytes: 100, fingerprint: 'd'.repeat(64) };

  describe.each([
    ['before it has read the job', 'jobs', 'job'],
    ['before it writes its plan', 'output', 'put'],
    ['before its plan counts', 'jobs', 'changeJob'],
  ] as const)('that was held %s', (_, port, method) => {
    test.each(['RESUMED', 'PLANNED', 'HALF_PROCESSED', 'PUBLISHED'] as const)('and goes on when the job is %s: one schema in all parts', async (moment) => {
      const { world, event } = landed();
      const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
      const call = port === 'jobs' ? park(world.jobs, method as 'job') : park(world.output, 'put');
      const zombie = planChunks({ fileId }, world.deps).catch(() => undefined);
      await call.parked;
      await close(world, 'arn-1', event);

      const deployed = { ...world.deps, contract: DEPLOYED };
      const goOn = async (now: typeof moment) => {
        if (now !== moment) return;
        call.release();
        await zombie;
      };
      expect(await validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, deployed)).toEqual({ status: 'VALID', fileId });
      await goOn('RESUMED');
      const { manifestKey } = await planChunks({ fileId }, deployed);
      await goOn('PLANNED');
      const tasks = await world.output.getJson<ChunkTask[]>(manifestKey!);
      for (const task of tasks.slice(0, 3)) await processChunk(task, deployed);
      await goOn('HALF_PROCESSED');
      for (const task of tasks.slice(3)) await processChunk(task, deployed);
      expect(await finalizeJob({ fileId }, deployed)).toEqual({ status: 'PUBLISHED', fileId });
      await goOn('PUBLISHED');

      // Only one that reads the job after the resume is first, and then its plan is everybody's.
      const winner = moment === 'RESUMED' && method === 'job' ? 'old' : 'new';
      expect(world.published()).toBe(ANSWERS[winner]);
      expect(await world.job(fileId)).toMatchObject({
        status: 'SUCCEEDED', records_written: 20, run: 2, schema_fingerprint: winner === 'old' ? CONTRACT.fingerprint : DEPLOYED.fingerprint,
      });
      expect(await world.output.getJson(`reports/file_id=${fileId}.json`)).toMatchObject({ recordsWritten: 20 });
    });
  });
});

test('a worker of the run before changes nothing of a job that was resumed too late, and the sweep takes away what it leaves', async () => {
  const { world, event } = landed('Enabled', { resumeWindowSeconds: 3600 });
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  const { manifestKey } = await planChunks({ fileId }, world.deps);
  const [task] = await world.output.getJson<ChunkTask[]>(manifestKey!);
  const finish = park(world.jobs, 'finishChunk');
  const zombie = processChunk(task, world.deps);
  await finish.parked;
  await close(world, 'arn-1', event);
  world.pass(2 * 3600 * 1000);
  expect(await world.execute({ resume: true, fileId })).toMatchObject({ status: 'FAILED', fileId, errorCode: 'resumed_too_late' });
  const ended = await world.job(fileId);
  finish.release();
  expect(await zombie).toEqual({});
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
  expect([await world.job(fileId), world.published()]).toEqual([ended, '']);
  expect(await world.sweep()).toMatchObject({ aborted: 1 });
  expect(world.openUploads()).toEqual([]);
});
