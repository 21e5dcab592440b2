import { createdEvent, csv, World } from './support/world';
import { closeJob } from '../../src/steps/close-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { validateFile } from '../../src/steps/validate-file';

async function processing() {
  const world = new World();
  const event = createdEvent(world.source.put('incoming/a.csv', csv(30)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await planChunks({ fileId }, world.deps);
  return { world, event, fileId, planKey: (await world.job(fileId)).plan_key! };
}

const task = (fileId: string, planKey: string) => ({ fileId, planKey, chunkId: 'chunk-0000000', task: 'PROCESS' as const, run: 1, round: 0, start: 0, end: 64 });

test('closes the job of the execution as resumable, with the message of the step that failed', async () => {
  const { world, event, fileId, planKey } = await processing();
  await world.jobs.startChunk(task(fileId, planKey), 1);
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

test('tells the event bus of a job that ended without doing so', async () => {
  const world = new World();
  const announce = jest.spyOn(world.bus, 'announce').mockRejectedValueOnce(new Error('throttled'));
  await expect(world.execute(createdEvent(world.source.put('incoming/a.csv', csv(3))), 1)).resolves.toMatchObject({ status: 'FAILED' });
  expect(announce).toHaveBeenCalledTimes(2);
  expect(world.announced).toMatchObject([{ status: 'SUCCEEDED' }]);
});
