import { allOf, CONTRACT, createdEvent, csv, World } from './support/world';
import { fileIdOf } from '../../src/contract/file-id';
import { ObjectCreatedEvent } from '../../src/contract/payloads';
import { PinnedObject } from '../../src/ports/source';
import { closeJob } from '../../src/steps/close-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { validateFile } from '../../src/steps/validate-file';

async function processing() {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(30)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await planChunks({ fileId }, world.deps);
  return { world, event, fileId, planKey: (await world.job(fileId)).plan_key! };
}

const task = (fileId: string, planKey: string) => ({ fileId, planKey, chunkId: 'chunk-0000000', task: 'PROCESS' as const, run: 1, round: 0, start: 0, end: 64 });

test('closes the job of the execution as resumable, with the message of the step that failed', async () => {
  const { world, event, fileId, planKey } = await processing();
  await world.jobs.startChunk(task(fileId, planKey), 1, Infinity);
  const error = { Error: 'Lambda.Unknown', Cause: JSON.stringify({ errorType: 'Error', errorMessage: 'out of memory', trace: [] }) };
  expect(await closeJob({ executionArn: 'arn-1', input: event, error }, world.deps)).toEqual({ status: 'CLOSED', fileId });
  expect(await world.job(fileId)).toMatchObject({
    status: 'FAILED',
    resumable: true,
    error_code: 'infrastructure',
    error_message: 'Lambda.Unknown: out of memory',
    process_end_time: expect.any(String),
  });
  expect(await world.jobs.chunk(fileId, 'chunk-0000000')).toMatchObject({ chunk_status: 'FAILED', error_message: 'Lambda.Unknown: out of memory' });
  expect(world.announced).toMatchObject([{ status: 'FAILED', resumable: true, errorCode: 'infrastructure' }]);
  expect(world.announced[0].reportKey).toBeUndefined();
});

test.each([0, 1])('a message that is cut ends with a whole character (%i more before them)', async (before) => {
  const { world, event, fileId } = await processing();
  const error = { Error: 'E', Cause: 'x'.repeat(before) + '😀'.repeat(1000) };
  await closeJob({ executionArn: 'arn-1', input: event, error }, world.deps);
  const message = (await world.job(fileId)).error_message!;
  expect(message).toBe(`E: ${'x'.repeat(before)}${'😀'.repeat(498)}`);
});

test('closes the job of an execution that was ended from outside', async () => {
  const { world, fileId } = await processing();
  await closeJob({ detail: { executionArn: 'arn-1', status: 'TIMED_OUT' } }, world.deps);
  expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: true, error_message: 'the execution ended as TIMED_OUT' });
});

test('has nothing to close when the execution claimed no job, or closed it', async () => {
  const { world, fileId } = await processing();
  const event = (executionArn: string) => ({ detail: { executionArn, status: 'FAILED' as const } });
  expect(await closeJob(event('arn-2'), world.deps)).toEqual({ status: 'NOTHING_TO_CLOSE' });

  await closeJob(event('arn-1'), world.deps);
  const before = await world.job(fileId);
  expect(await closeJob(event('arn-1'), world.deps)).toEqual({ status: 'NOTHING_TO_CLOSE', fileId });
  expect(await world.job(fileId)).toEqual(before);
  expect(world.announced.length).toBe(1);
});

test('tells of a job that ended without doing so', async () => {
  const world = new World();
  jest.spyOn(world.bus, 'announce').mockRejectedValueOnce(new Error('throttled'));
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(3, [1]))), 1);
  expect(world.announced).toEqual([]);
  const { execution_arn: executionArn } = await world.job(fileId);
  expect(await closeJob({ detail: { executionArn, status: 'FAILED' } }, world.deps)).toEqual({ status: 'NOTHING_TO_CLOSE', fileId });
  expect(world.announced).toMatchObject([{ status: 'FAILED', errorCode: 'too_many_rejects' }]);
});

describe('an execution that failed before it had a job', () => {
  const FILE = csv(5);

  test.each([
    ['S3 is down, bucket with versions', 'Enabled', 'head'],
    ['S3 is down, bucket without versions', 'Unversioned', 'head'],
    ['DynamoDB is down', 'Enabled', 'claim'],
  ] as const)('(%s): the file gets a job that is FAILED and resumable, and that is told', async (_, versioning, down) => {
    const world = new World(versioning);
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    const method = down === 'head' ? jest.spyOn(world.source, 'head') : jest.spyOn(world.jobs, 'claim');
    for (let attempt = 0; attempt < 4; attempt++) (method as jest.SpyInstance).mockRejectedValueOnce(new Error('503'));
    const { fileId, status } = await world.execute(event);
    expect(status).toBe('FAILED');
    const job = await world.job(fileId);
    expect(job).toMatchObject({
      status: 'FAILED',
      resumable: true,
      error_code: 'infrastructure',
      error_message: 'Error: 503',
      key: 'incoming/a.csv',
      size_bytes: FILE.length,
      process_end_time: expect.any(String),
      execution_arn: 'execution-1',
      run: 1,
    });
    expect(job).not.toHaveProperty('event_pending');
    expect(world.announced).toMatchObject([{ status: 'FAILED', resumable: true, errorCode: 'infrastructure', fileId, key: 'incoming/a.csv' }]);
    expect(world.metrics.get('JobsFailed')).toBe(1);

    // The status event of the same execution.
    const ended = { detail: { executionArn: 'execution-1', status: 'FAILED' as const, input: JSON.stringify(event) } };
    expect(await closeJob(ended, world.deps)).toEqual({ status: 'NOTHING_TO_CLOSE', fileId });
    expect(world.announced.length).toBe(1);
    expect(await world.execute({ resume: true, fileId: fileId! })).toMatchObject({ status: 'SUCCEEDED', fileId });
  });

  test('and whose end could not be told at once is told by the next try', async () => {
    const world = new World();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    const input = { detail: { executionArn: 'arn-1', status: 'ABORTED' as const, input: JSON.stringify(event) } };
    jest.spyOn(world.bus, 'announce').mockRejectedValueOnce(new Error('throttled'));
    expect(await closeJob(input, world.deps)).toMatchObject({ status: 'CLOSED' });
    expect(world.announced).toEqual([]);
    expect(await closeJob(input, world.deps)).toMatchObject({ status: 'NOTHING_TO_CLOSE' });
    expect(world.announced).toMatchObject([{ status: 'FAILED', resumable: true, errorMessage: 'the execution ended as ABORTED' }]);
  });

  test('leaves the file of another execution to that', async () => {
    const { world, event, fileId } = await processing();
    const before = await world.job(fileId);
    const input = { detail: { executionArn: 'arn-2', status: 'FAILED' as const, input: JSON.stringify(event) } };
    expect(await closeJob(input, world.deps)).toEqual({ status: 'NOTHING_TO_CLOSE', fileId });
    expect(await world.job(fileId)).toEqual(before);
    expect(world.announced).toEqual([]);
  });

  test('and whose file is gone meanwhile: a resume says so', async () => {
    const world = new World();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    world.landing.expire('incoming/a.csv');
    const { fileId } = await closeJob({ executionArn: 'arn-1', input: event, error: { Error: 'States.Timeout' } }, world.deps);
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: true, error_message: 'States.Timeout' });
    expect(await world.execute({ resume: true, fileId: fileId! })).toMatchObject({ status: 'FAILED', errorCode: 'source_changed' });
  });

  test.each<[string, string | null | undefined]>([
    ['a folder', JSON.stringify(createdEvent(new World().land('incoming/folder/', '')))],
    ['a resume', '{"resume":true,"fileId":"f"}'],
    ['a rerun', '{"rerun":true,"fileId":"f"}'],
    ['something else', '{"file":"a.csv"}'],
    ['no JSON', '{'],
    ['nothing', null],
    ['what is not known', undefined],
  ])('and was started with %s has nothing to close', async (_, input) => {
    const world = new World();
    expect(await closeJob({ detail: { executionArn: 'arn-1', status: 'FAILED', input } }, world.deps)).toEqual({ status: 'NOTHING_TO_CLOSE' });
    expect(world.announced).toEqual([]);
    expect(await allOf(world.jobs.jobsByStatus('FAILED', 0))).toEqual([]);
  });
});

test('keeps a data verdict that was not carried out yet', async () => {
  const { world, event, fileId } = await processing();
  await world.jobs.changeJob(await world.job(fileId), { error_code: 'source_changed', error_message: 'expected object' }, { event: 'rejected', at: 1 });
  await closeJob({ executionArn: 'arn-1', input: event, error: { Error: 'States.Timeout' } }, world.deps);
  expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: true, error_code: 'source_changed', error_message: 'expected object' });
});

test('an automatic resume that fails as well starts no other at once', async () => {
  const { world, event, fileId } = await processing();
  await world.jobs.changeJob(await world.job(fileId), { status: 'PUBLISHING' }, { event: 'publishing', at: 1 });
  const error = { Error: 'States.Timeout' };
  expect(await closeJob({ executionArn: 'arn-1', input: event, error }, world.deps)).toEqual({ status: 'PUBLISHING', fileId });
  const [{ input }] = world.started;
  await validateFile({ event: input, executionArn: 'arn-2' }, world.deps);
  expect(await closeJob({ executionArn: 'arn-2', input, error }, world.deps)).toEqual({ status: 'PUBLISHING', fileId });
  expect(world.started.length).toBe(1);
  // One that a person has started does.
  const byHand = { resume: true, fileId } as const;
  await validateFile({ event: byHand, executionArn: 'arn-3' }, world.deps);
  expect(await closeJob({ executionArn: 'arn-3', input: byHand, error }, world.deps)).toEqual({ status: 'PUBLISHING', fileId });
  expect(world.started.map(({ name }) => name)).toEqual([`resume-${fileId}-1`, `resume-${fileId}-3`]);
});

const exactEvent = (object: PinnedObject): ObjectCreatedEvent => {
  const event = createdEvent(object);
  return { ...event, detail: { ...event.detail, object: { ...event.detail.object, 'last-modified': object.lastModified } } };
};

test.each([
  ['a named version', new World('Enabled'), createdEvent],
  ['an object that JobApi has told a job of', new World('Unversioned'), exactEvent],
])('claims %s also where S3 does not answer, and a resume goes on with it', async (_, world, eventOf) => {
  const object = world.land('incoming/a.csv', csv(3));
  const event = eventOf(object);
  const head = jest.spyOn(world.source, 'head').mockRejectedValue(new Error('access denied'));
  const closed = await closeJob({ executionArn: 'arn-1', input: event, error: { Error: 'Error', Cause: 'access denied' } }, world.deps);
  expect(closed).toEqual({ status: 'CLOSED', fileId: fileIdOf(CONTRACT.pipelineId, object) });
  expect(world.announced).toMatchObject([{ status: 'FAILED', resumable: true, errorMessage: 'Error: access denied' }]);
  head.mockRestore();
  expect(await world.execute(event)).toMatchObject({ errorCode: 'StartRefused' });
  expect(await world.execute({ resume: true, fileId: closed.fileId! })).toMatchObject({ status: 'SUCCEEDED' });
});
