/** What each handler gives its step beside the clients. */
import { handler as closeJob } from '../../src/handlers/close-job.handler';
import { handler as finalizeJob } from '../../src/handlers/finalize-job.handler';
import { handler as moveSource } from '../../src/handlers/move-source.handler';
import { handler as planChunks } from '../../src/handlers/plan-chunks.handler';
import { handler as startJobs } from '../../src/handlers/start-jobs.handler';
import { handler as sweepJobs } from '../../src/handlers/sweep-jobs.handler';
import { handler as validateFile } from '../../src/handlers/validate-file.handler';

jest.mock('../../src/aws/runtime', () => ({
  awsDeps: (_names: unknown, invocation: { getRemainingTimeInMillis: () => number }) => ({ timeLeft: () => invocation.getRemainingTimeInMillis() }),
  eventBus: () => 'the event bus',
  notifications: () => 'the queue and the topic',
  executions: (stateMachineArn: string) => ({ of: stateMachineArn }),
  plainDeps: (invocation: { getRemainingTimeInMillis: () => number }) => ({ timeLeft: () => invocation.getRemainingTimeInMillis() }),
  refusedMessages: (deadLetterQueueUrl: string) => ({ to: deadLetterQueueUrl }),
  observed: async (_step: string, _input: object, run: () => Promise<unknown>) => run(),
}));
jest.mock('../../src/steps/validate-file', () => ({ validateFile: jest.fn(async () => ({})) }));
jest.mock('../../src/steps/plan-chunks', () => ({ planChunks: jest.fn(async () => ({})) }));
jest.mock('../../src/steps/finalize-job', () => ({ finalizeJob: jest.fn(async () => ({})) }));
jest.mock('../../src/steps/move-source', () => ({ moveSource: jest.fn(async () => ({})) }));
jest.mock('../../src/steps/close-job', () => ({ closeJob: jest.fn(async () => ({})) }));
jest.mock('../../src/steps/sweep-jobs', () => ({ sweepJobs: jest.fn(async () => ({})) }));
jest.mock('../../src/steps/start-jobs', () => ({ startJobs: jest.fn(async () => ({})) }));

const EXECUTION = 'arn:aws:states:eu-west-1:123456789012:execution:pipeline:7f0c';
const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';
const SWEEP_ENV = {
  JOB_TABLE_NAME: 'jobs',
  OUTPUT_BUCKET_NAME: 'out',
  EVENT_BUS_NAME: 'default',
  SOURCE_BUCKET_NAME: 'landing',
  INCOMING_PREFIX: 'incoming/',
  FILE_SUFFIXES: '[".csv"]',
  SUFFIX_CASE: 'any',
  INTAKE: 'manual',
  STATE_MACHINE_ARN: MACHINE,
  DEAD_LETTER_QUEUE_URL: 'https://sqs/dead-letters',
};
const FILE_KEYS = { sourceBucket: 'landing', incomingPrefix: 'incoming/', fileSuffixes: ['.csv'], suffixCase: 'any' };

/** The deps that the step was called with last. */
function depsOf(module: string, step: string): Record<string, unknown> & { readonly timeLeft: () => number } {
  return jest.requireMock<Record<string, jest.Mock>>(`../../src/steps/${module}`)[step].mock.lastCall!.at(-1);
}

beforeAll(() => { Object.assign(process.env, SWEEP_ENV); });
afterAll(() => { for (const name of Object.keys(SWEEP_ENV)) delete process.env[name]; });

test.each([
  ['validate-file', 'validateFile', validateFile],
  ['plan-chunks', 'planChunks', planChunks],
  ['finalize-job', 'finalizeJob', finalizeJob],
  ['move-source', 'moveSource', moveSource],
  ['close-job', 'closeJob', closeJob],
  ['sweep-jobs', 'sweepJobs', sweepJobs],
  ['start-jobs', 'startJobs', startJobs],
])('%s knows how much time its function has left', async (module, step, handler) => {
  let left = 900_000;
  await handler({ executionArn: EXECUTION } as never, { getRemainingTimeInMillis: () => left });
  const { timeLeft } = depsOf(module, step);
  expect(timeLeft()).toBe(900_000);
  left = 7;
  expect(timeLeft()).toBe(7);
});

test.each([
  ['a task', { executionArn: EXECUTION, error: {} }],
  ['an event', { detail: { executionArn: EXECUTION, status: 'TIMED_OUT' } }],
])('CloseJob starts executions of the state machine that %s came from', async (_, input) => {
  await closeJob(input as never, { getRemainingTimeInMillis: () => 1 });
  expect(depsOf('close-job', 'closeJob')).toMatchObject({ executions: { of: MACHINE }, events: 'the event bus' });
});

test('FinalizeJob, CloseJob and SweepJobs tell the event bus, the queue and the topic of a job\'s end', async () => {
  const invocation = { getRemainingTimeInMillis: () => 1 };
  const told = { events: 'the event bus', notifications: 'the queue and the topic' };
  await finalizeJob({ fileId: 'f' }, invocation);
  expect(depsOf('finalize-job', 'finalizeJob')).toMatchObject(told);
  await closeJob({ executionArn: EXECUTION, error: {} } as never, invocation);
  expect(depsOf('close-job', 'closeJob')).toMatchObject(told);
  await sweepJobs({}, invocation);
  expect(depsOf('sweep-jobs', 'sweepJobs')).toMatchObject(told);
});

test('SweepJobs knows where files come in, and how', async () => {
  await sweepJobs({}, { getRemainingTimeInMillis: () => 1 });
  expect(depsOf('sweep-jobs', 'sweepJobs')).toMatchObject({
    executions: { of: MACHINE }, events: 'the event bus', sweep: { ...FILE_KEYS, intake: 'manual' },
  });
});

test('StartJobs knows which files are the pipeline\'s, what to start and where to put the rest', async () => {
  await startJobs({ Records: [] }, { getRemainingTimeInMillis: () => 1 });
  expect(depsOf('start-jobs', 'startJobs')).toMatchObject({ executions: { of: MACHINE }, refused: { to: 'https://sqs/dead-letters' }, fileKeys: FILE_KEYS });
});

test.each([[undefined, 320], ['1024', 320], ['3008', 1312], ['10240', 4928]])('FinalizeJob holds keys by the memory that it has: of %s MiB %i', async (memory, held) => {
  if (memory !== undefined) process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE = memory;
  await finalizeJob({ fileId: 'f' }, { getRemainingTimeInMillis: () => 1 });
  delete process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  expect(depsOf('finalize-job', 'finalizeJob')).toMatchObject({ keyBufferBytes: held * 1024 * 1024 });
});

test.each([[undefined, 100 * 1024 * 1024], ['5000', 5000]])('whoever ends jobs or sees open ones measures an SLA of files up to the size that is told: %s', async (told, slaFileSizeBytes) => {
  const invocation = { getRemainingTimeInMillis: () => 1 };
  if (told !== undefined) process.env.SLA_FILE_SIZE_BYTES = told;
  await finalizeJob({ fileId: 'f' }, invocation);
  await closeJob({ executionArn: EXECUTION, error: {} } as never, invocation);
  await sweepJobs({}, invocation);
  delete process.env.SLA_FILE_SIZE_BYTES;
  for (const deps of [depsOf('finalize-job', 'finalizeJob'), depsOf('close-job', 'closeJob'), depsOf('sweep-jobs', 'sweepJobs')]) expect(deps).toMatchObject({ slaFileSizeBytes });
});
