/** Who hears of a job's end, and what becomes of a job whose end could not be told. */
import { createdEvent, csv, Ended, World } from './support/world';
import { JobMessage } from '../../src/contract/job-message';
import { closeJob } from '../../src/steps/close-job';
import { announceEnd } from '../../src/steps/end-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { validateFile } from '../../src/steps/validate-file';

const QUARTER = 15 * 60_000;

const bodies = ({ queued }: World): JobMessage[] => queued.map(({ body }) => JSON.parse(body) as JobMessage);

async function end(world: World, content: string): Promise<Ended> {
  return world.execute(createdEvent(world.land('incoming/orders 1.csv', content)));
}

test('a job that succeeded: the bus and the queue hear the same, the topic nothing', async () => {
  const world = new World('Enabled', { maxRejectedRecords: 1 });
  const { fileId } = await end(world, csv(20, [3]));
  const [message] = world.announced;
  const outputPrefix = `output/ingest_date=2026-11-21/file_id=${fileId}/`;
  expect(message).toEqual({
    version: '1',
    pipelineId: 'Stack/Pipeline',
    fileId,
    run: 1,
    status: 'SUCCEEDED',
    bucket: 'landing',
    key: 'incoming/orders 1.csv',
    versionId: 'version-1',
    sizeBytes: csv(20, [3]).length,
    moveTo: `processed/${fileId}/orders 1.csv`,
    startedAt: expect.stringMatching(/^2026-11-21T23:59:59\.9/),
    endedAt: expect.stringMatching(/^2026-11-22T00:00:0/),
    recordsRead: 20,
    recordsWritten: 19,
    recordsRejected: 1,
    recordsFiltered: 0,
    outputBucket: 'output',
    outputPrefix,
    manifestKey: `${outputPrefix}_manifest.json`,
    rejectedKey: `quarantine/file_id=${fileId}/rejected.csv`,
    reportKey: `reports/file_id=${fileId}.json`,
  });
  expect(world.outputBucket.keys()).toEqual(expect.arrayContaining([message.manifestKey, message.rejectedKey, message.reportKey]));
  expect(world.landing.keys()).toEqual([message.moveTo]);
  expect(bodies(world)).toEqual([JSON.parse(JSON.stringify(message))]);
  expect(world.notices).toEqual([]);
  expect(await world.job(fileId)).not.toHaveProperty('event_pending');
});

test('a message that is too long for a queue ends with a whole character', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/orders.csv', csv(20)));
  const { fileId } = await validateFile({ event, executionArn: 'arn' }, world.deps);
  const job = await world.job(fileId);
  for (const before of ['', 'x']) {
    await announceEnd({ ...job, status: 'FAILED', event_pending: true, error_code: 'infrastructure', error_message: before + '😀'.repeat(3000) }, world.deps);
    expect(world.announced.at(-1)!.errorMessage).toMatch(/^x?(?:😀)+$/u);
  }
});

test('the report and the mail escape what would act on who reads them', async () => {
  const world = new World();
  await world.execute(createdEvent(world.land('incoming/a\u202e\u009b31m.csv', csv(20, [3]))));
  const report = world.outputBucket.keys().find((key) => key.startsWith('reports/'))!;
  const text = world.outputBucket.text(report)!;
  expect(text).toMatch(/^[\n -~]+$/);
  expect(JSON.parse(text).fileName).toBe('a\u202e\u009b31m.csv');
  expect(world.notices[0].text).toContain('a\\u202e\\u009b31m.csv');
  expect(`${world.notices[0].subject}${world.notices[0].text}`).toMatch(/^[\n -~]+$/);
});

test('a file that is refused: all three hear of it, with what was expected and what came', async () => {
  const world = new World();
  const { fileId } = await end(world, csv(20, [3]));
  expect(world.announced).toMatchObject([{
    status: 'FAILED',
    failureKind: 'DATA',
    resumable: false,
    errorCode: 'too_many_rejects',
    errorMessage: expect.stringMatching(/^expected at most 0 rejected/),
    moveTo: `failed/${fileId}/orders 1.csv`,
    recordsRejected: 1,
  }]);
  expect(world.announced[0].outputPrefix).toBeUndefined();
  expect(world.announced[0].manifestKey).toBeUndefined();
  expect(bodies(world)).toEqual(JSON.parse(JSON.stringify(world.announced)));
  expect(world.notices).toMatchObject([{ subject: 'Job failed: orders 1.csv (too_many_rejects)', attributes: { failureKind: 'DATA' } }]);
});

test('a job that is interrupted says until when it can be resumed; one that is resumed is told again, under its new run', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await planChunks({ fileId }, world.deps);
  await closeJob({ detail: { executionArn: 'arn-1', status: 'ABORTED' } }, world.deps);
  expect(bodies(world)).toMatchObject([{
    status: 'FAILED', run: 1, failureKind: 'INFRASTRUCTURE', resumable: true, errorCode: 'infrastructure', resumableUntil: expect.stringMatching(/^2026-11-24T23:59:59/),
  }]);
  expect(world.notices[0].subject).toBe('Job failed: a.csv (infrastructure)');

  await world.execute({ resume: true, fileId });
  expect(bodies(world).map(({ run, status }) => [run, status])).toEqual([[1, 'FAILED'], [2, 'SUCCEEDED']]);
  const [first, second] = world.queued;
  expect(first.groupId).toBe(second.groupId);
  expect(first.deduplicationId).not.toBe(second.deduplicationId);
});

test('one that has planned nothing yet can be resumed at any time', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20)));
  await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await closeJob({ detail: { executionArn: 'arn-1', status: 'ABORTED' } }, world.deps);
  expect(world.announced).toMatchObject([{ resumable: true }]);
  expect(world.announced[0].resumableUntil).toBeUndefined();
});

test('a second delivery of the file\'s event tells nothing', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20, [3])));
  await world.execute(event);
  await world.execute(event);
  expect([world.announced.length, world.queued.length, world.notices.length]).toEqual([1, 1, 1]);
});

test('places are those of the prefixes that the job was planned with', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await planChunks({ fileId }, world.deps);
  await closeJob({ detail: { executionArn: 'arn-1', status: 'ABORTED' } }, world.deps);
  world.deploy({ prefixes: { processed: 'b/', failed: 'c/', output: 'd/', quarantine: 'e/', reports: 'f/', work: 'g/' } });
  await world.execute({ resume: true, fileId });
  expect(world.announced[1]).toMatchObject({ status: 'SUCCEEDED', outputPrefix: expect.stringMatching(/^output\//), rejectedKey: expect.stringMatching(/^quarantine\//) });
  expect(world.outputBucket.keys()).toEqual(expect.arrayContaining([world.announced[1].manifestKey, world.announced[1].rejectedKey]));
});

test('a message that is very long is cut: a queue would refuse it', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await world.jobs.changeJob(await world.job(fileId), { error_code: 'header_mismatch', error_message: '\u0001'.repeat(300_000) }, { event: 'rejected', at: 1 });
  await closeJob({ detail: { executionArn: 'arn-1', status: 'ABORTED' } }, world.deps);
  expect(Buffer.byteLength(world.queued[0].body)).toBeLessThan(64_000);
  expect(Buffer.byteLength(world.notices[0].text)).toBeLessThan(64_000);
});

describe.each([
  ['the event bus', 'events', (world: World) => jest.spyOn(world.bus, 'announce')],
  ['the queue', 'queue', (world: World) => jest.spyOn(world.jobQueue, 'send')],
  ['the topic', 'topic', (world: World) => jest.spyOn(world.failureTopic, 'publish')],
])('where %s does not answer', (_, name, method) => {
  const counts = ({ announced, queued, notices }: World) => [announced, queued, notices].map(({ length }) => length);

  test('the job goes its way, the others are told once, and the sweep tells the one that is left until it can', async () => {
    const world = new World();
    const refused = method(world).mockRejectedValue(new Error('no answer'));
    const { fileId, errorCode } = await end(world, csv(20, [3]));
    expect(errorCode).toBe('too_many_rejects');
    expect(world.landing.keys().some((key) => key.startsWith('failed/'))).toBe(true);
    const others = ['events', 'queue', 'topic'].map((other) => other === name ? 0 : 1);
    expect(counts(world)).toEqual(others);
    expect(world.warnings).toEqual(['the end of the job is not told yet, the sweep will try again']);
    // Moving the source takes the mark from no job.
    expect(await world.job(fileId)).toMatchObject({ event_pending: true, source_state: 'MOVED', unsettled: 'yes' });

    world.pass(QUARTER);
    await expect(world.sweep()).rejects.toThrow(`${fileId}: expected to tell all of the end of job ${fileId}, got no answer of ${name} (no answer)`);
    expect(counts(world)).toEqual(others);
    refused.mockRestore();
    world.pass(QUARTER);
    expect(await world.sweep()).toMatchObject({ announced: 1 });
    expect(counts(world)).toEqual([1, 1, 1]);
    expect(await world.eventNames(fileId!)).toEqual(expect.arrayContaining(['announced-in-part', 'announced']));
    expect(await world.job(fileId)).not.toHaveProperty('announced_to');
    expect(await world.job(fileId)).not.toHaveProperty('unsettled');
    expect(await world.sweep()).toMatchObject({ announced: 0 });
  });
});

test('a new end is told to all, whoever was told the one before', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(20)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  jest.spyOn(world.jobQueue, 'send').mockRejectedValueOnce(new Error('no answer'));
  await closeJob({ detail: { executionArn: 'arn-1', status: 'ABORTED' } }, world.deps);
  expect(await world.job(fileId)).toMatchObject({ announced_to: ['events', 'topic'] });
  await world.execute({ resume: true, fileId });
  expect(world.announced.map(({ status }) => status)).toEqual(['FAILED', 'SUCCEEDED']);
  expect(bodies(world).map(({ status }) => status)).toEqual(['SUCCEEDED']);
});

test('a queue that is gone for good keeps no job from succeeding, nor the sweep from moving its source', async () => {
  const world = new World();
  jest.spyOn(world.jobQueue, 'send').mockRejectedValue(new Error('the queue does not exist'));
  const move = jest.spyOn(world.mover, 'copy').mockRejectedValue(new Error('access denied'));
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(20))), 1);
  move.mockRestore();
  world.pass(QUARTER);
  await expect(world.sweep()).rejects.toThrow('the queue does not exist');
  expect(await world.follow()).toMatchObject([{ status: 'SUCCEEDED', fileId }]);
  expect(await world.job(fileId)).toMatchObject({ status: 'SUCCEEDED', source_state: 'MOVED', event_pending: true });
});

test('a pipeline without notifications tells the bus alone', async () => {
  const world = new World();
  Object.assign(world.deps, { notifications: undefined });
  const { fileId } = await end(world, csv(20, [3]));
  expect([world.announced.length, world.queued.length, world.notices.length]).toEqual([1, 0, 0]);
  expect(await world.job(fileId)).not.toHaveProperty('event_pending');
});
