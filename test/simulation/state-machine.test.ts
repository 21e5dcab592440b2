import { ByHandServices, settled } from './by-hand-services';
import { Random } from '../../bench/random';
import { Execution, Services, StateMachine, TaskError, Timer } from '../../simulation/state-machine';
import { synthesize } from '../synthesize';

const ARN = 'arn:execution';

let services: ByHandServices;
beforeEach(() => { services = new ByHandServices(); });

/** The execution, in its first state. */
async function start(definition: unknown, input: unknown = { fileId: 'f' }): Promise<Execution> {
  const execution = new StateMachine(definition).start(ARN, input, services);
  await settled();
  return execution;
}

/** A machine of these states, the first one first. */
function machine(states: Record<string, object>, more: object = {}): any {
  return { StartAt: Object.keys(states)[0], States: states, ...more };
}

const END = { Type: 'Succeed' };
const task = (fields: object = {}) => ({ Type: 'Task', Resource: '${Step}', Next: 'End', ...fields });
const oneTask = (fields: object = {}) => machine({ Step: task(fields), End: END });
const retry = (errors: string[], fields: object = {}) => ({ ErrorEquals: errors, IntervalSeconds: 1, BackoffRate: 1, ...fields });

/** A map whose children are one task each; `fields` are the map's. */
function mapOf(fields: object = {}, child: object = {}): any {
  return {
    Type: 'Map',
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON' }, Parameters: { 'Bucket': '${Bucket}', 'Key.$': '$.manifestKey' },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Chunk',
      States: { Chunk: { Type: 'Task', Resource: '${Chunk}', End: true, OutputPath: null, ...child } },
    },
    ResultPath: null,
    Next: 'End',
    ...fields,
  };
}
const oneMap = (fields: object = {}, child: object = {}) => machine({ Chunks: mapOf(fields, child), End: END });
const MANIFEST = { manifestKey: 'manifest.json' };

describe('a task', () => {
  test('gets the input as it is, and its result is the output', async () => {
    const execution = await start(oneTask());
    expect(services.last).toMatchObject({ resource: '${Step}', payload: { fileId: 'f' }, executionArn: ARN, state: 'Step', attempt: 1 });
    await services.last.answer({ status: 'VALID' });
    expect(await execution.ended).toEqual({ status: 'SUCCEEDED', output: { status: 'VALID' } });
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('gets what Parameters say', async () => {
    const Parameters = {
      'event.$': '$',
      'file.$': '$.job.fileId',
      'executionArn.$': '$$.Execution.Id',
      'input.$': '$$.Execution.Input',
      'text.$': 'States.JsonToString($.job)',
      'nested': { 'file.$': '$.job.fileId', 'n': 1 },
      'fixed': 'as it is',
    };
    const input = { job: { fileId: 'f' } };
    await start(machine({ First: task({ Next: 'Step' }), Step: task({ Parameters }), End: END }), input);
    await services.last.answer({ job: { fileId: 'g' } });
    expect(services.last.payload).toEqual({
      event: { job: { fileId: 'g' } },
      file: 'g',
      executionArn: ARN,
      input,
      text: '{"fileId":"g"}',
      nested: { file: 'g', n: 1 },
      fixed: 'as it is',
    });
  });

  test.each([
    ['$', { ResultPath: '$' }, { r: 1 }],
    ['null: the input goes on', { ResultPath: null }, { fileId: 'f' }],
    ['a name: beside the input', { ResultPath: '$.result' }, { fileId: 'f', result: { r: 1 } }],
    ['a name that the input has', { ResultPath: '$.fileId' }, { fileId: { r: 1 } }],
    ['OutputPath after ResultPath', { ResultPath: '$.result', OutputPath: '$.result.r' }, 1],
    ['OutputPath null: nothing goes on', { OutputPath: null }, {}],
  ])('its result by %s', async (_, paths, output) => {
    const execution = await start(oneTask(paths));
    await services.last.answer({ r: 1 });
    expect(await execution.ended).toEqual({ status: 'SUCCEEDED', output });
  });

  test('with End ends the execution', async () => {
    const execution = await start(machine({ Step: { Type: 'Task', Resource: '${Step}', End: true } }));
    await services.last.answer(undefined);
    expect(await execution.ended).toEqual({ status: 'SUCCEEDED', output: null });
  });

  test.each([
    ['Parameters whose path leads nowhere', oneTask({ Parameters: { 'x.$': '$.missing' } })],
    ['Parameters whose path leads to what JSON does not have', oneTask({ Parameters: { 'x.$': '$.nothing' } })],
    ['an OutputPath that leads nowhere', oneTask({ OutputPath: '$.missing' })],
  ])('%s is an error that no Retry and no Catch sees', async (_, definition) => {
    Object.assign(definition.States.Step, { Retry: [retry(['States.ALL'])], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] });
    const execution = await start(definition, { nothing: undefined });
    await services.invocations[0]?.answer({});
    expect(await execution.ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining('could not be found') });
    expect(services.slept).toEqual([]);
  });

  test('a ResultPath that does not fit the input fails the execution', async () => {
    const execution = await start(oneTask({ ResultPath: '$.x' }), 'a text');
    await services.last.answer(1);
    expect(await execution.ended).toMatchObject({ status: 'FAILED', error: 'States.ResultPathMatchFailure' });
  });
});

describe('Retry', () => {
  test('waits longer each time, up to MaxDelaySeconds, then the error stands', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 20 }];
    const execution = await start(oneTask({ Retry }));
    for (let failure = 1; failure <= 5; failure++) {
      expect(services.invocations.map(({ attempt }) => attempt)).toEqual(Array.from({ length: failure }, (_, index) => index + 1));
      await services.last.fail('Broken', `time ${failure}`);
      await services.pass(20);
    }
    expect(services.slept).toEqual([2000, 6000, 18_000, 20_000]);
    expect(await execution.ended).toEqual({ status: 'FAILED', error: 'Broken', cause: 'time 5' });
  });

  test('without numbers: three times, 1, 2 and 4 seconds', async () => {
    const execution = await start(oneTask({ Retry: [{ ErrorEquals: ['States.ALL'] }] }));
    for (let failure = 1; failure <= 4; failure++) {
      await services.last.fail('Broken');
      await services.pass(10);
    }
    expect(services.slept).toEqual([1000, 2000, 4000]);
    expect(await execution.ended).toEqual({ status: 'FAILED', error: 'Broken' });
  });

  test('does not try before its time', async () => {
    await start(oneTask({ Retry: [retry(['States.ALL'], { IntervalSeconds: 5 })] }));
    await services.last.fail('Broken');
    await services.pass(4.999);
    expect(services.invocations).toHaveLength(1);
    await services.pass(0.001);
    expect(services.invocations).toHaveLength(2);
  });

  test('with jitter FULL waits anything from nothing to that long', async () => {
    services.chances = [0, 0.25, 0.999];
    await start(oneTask({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 4, BackoffRate: 2, JitterStrategy: 'FULL' }] }));
    for (let failure = 1; failure <= 3; failure++) {
      await services.last.fail('Broken');
      await services.pass(20);
    }
    expect(services.slept).toEqual([0, 2000, 15_984]);
  });

  test('each retrier counts for itself, and the first that knows the error decides, used up or not', async () => {
    const execution = await start(oneTask({
      Retry: [retry(['A', 'B'], { MaxAttempts: 2 }), retry(['C'], { IntervalSeconds: 5 }), retry(['States.ALL'])],
    }));
    for (const error of ['A', 'B', 'C', 'B']) {
      await services.last.fail(error);
      await services.pass(10);
    }
    expect(services.slept).toEqual([1000, 1000, 5000]);
    expect(await execution.ended).toMatchObject({ status: 'FAILED', error: 'B' });
  });

  test('counts anew when the state is entered again', async () => {
    const definition = machine({
      Step: task({ Next: 'Verdict', Retry: [retry(['States.ALL'], { MaxAttempts: 1 })] }),
      Verdict: {
        Type: 'Choice',
        Choices: [{ Variable: '$.status', StringEquals: 'UNFINISHED', Next: 'Step' }, { Variable: '$.status', StringEquals: 'DONE', Next: 'End' }],
      },
      End: END,
    });
    const execution = await start(definition);
    for (const status of ['UNFINISHED', 'UNFINISHED', 'DONE']) {
      await services.last.fail('Broken');
      await services.pass(1);
      await services.last.answer({ status });
    }
    expect(await execution.ended).toEqual({ status: 'SUCCEEDED', output: { status: 'DONE' } });
    expect(services.invocations.map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2, 1, 2]);
  });

  test('MaxAttempts 0 is no retry, and does not leave the error to the next retrier', async () => {
    const execution = await start(oneTask({ Retry: [retry(['A'], { MaxAttempts: 0 }), retry(['States.ALL'])] }));
    await services.last.fail('A');
    expect(await execution.ended).toMatchObject({ status: 'FAILED', error: 'A' });
  });

  test('as good as without end', async () => {
    await start(oneTask({ Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 99_999_999, MaxDelaySeconds: 60 }] }));
    for (let failure = 1; failure <= 2000; failure++) {
      await services.last.fail('Lambda.TooManyRequestsException');
      await services.pass(60);
    }
    expect(services.invocations).toHaveLength(2001);
    expect(services.slept.at(-1)).toBe(60_000);
  });

  test.each(['States.DataLimitExceeded', 'States.Runtime'])('States.ALL is not %s', async (error) => {
    const execution = await start(oneTask({ Retry: [retry(['States.ALL'])], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] }));
    await services.last.fail(error);
    expect(await execution.ended).toMatchObject({ status: 'FAILED', error });
  });

  test('any Error is told by its name', async () => {
    services.invoke = () => Promise.reject(new RangeError('too far'));
    expect(await (await start(oneTask())).ended).toEqual({ status: 'FAILED', error: 'RangeError', cause: 'too far' });
  });
});

describe('Catch', () => {
  const caught = (...Catch: object[]) => machine({
    Step: task({ Catch, Retry: [retry(['Again'], { MaxAttempts: 1 })] }),
    First: task(),
    Second: task(),
    End: END,
  });

  test('the first that knows the error, with the error beside the input', async () => {
    await start(caught({ ErrorEquals: ['A'], Next: 'First' }, { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Second' }));
    await services.last.fail('B', 'why');
    expect(services.last).toMatchObject({ state: 'Second', payload: { fileId: 'f', error: { Error: 'B', Cause: 'why' } } });
  });

  test.each([
    [undefined, { Error: 'A' }],
    ['$', { Error: 'A' }],
    [null, { fileId: 'f' }],
  ])('with ResultPath %j', async (ResultPath, payload) => {
    await start(caught({ ErrorEquals: ['A'], ResultPath, Next: 'First' }, { ErrorEquals: ['States.ALL'], Next: 'Second' }));
    await services.last.fail('A');
    expect(services.last).toMatchObject({ state: 'First', payload });
  });

  test('comes when the retries are used up', async () => {
    await start(caught({ ErrorEquals: ['States.ALL'], Next: 'First' }));
    await services.last.fail('Again');
    await services.pass(1);
    expect(services.last.state).toBe('Step');
    await services.last.fail('Again');
    expect(services.last.state).toBe('First');
  });

  test('an error that none knows fails the execution', async () => {
    const execution = await start(caught({ ErrorEquals: ['A'], Next: 'First' }));
    await services.last.fail('B', 'why');
    expect(await execution.ended).toEqual({ status: 'FAILED', error: 'B', cause: 'why' });
  });
});

describe('a task\'s timeout', () => {
  test('is States.Timeout; the function lives on, and its answer is ignored', async () => {
    const execution = await start(oneTask({
      TimeoutSeconds: 60, Retry: [retry(['States.ALL'], { MaxAttempts: 1 })], Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'End' }],
    }));
    await services.pass(60);
    await services.invocations[0].answer('late, while it waits for the retry');
    await services.pass(1);
    expect(services.invocations).toHaveLength(2);
    await services.invocations[0].answer('later');
    await services.pass(60);
    expect(await execution.ended).toEqual({ status: 'SUCCEEDED', output: { fileId: 'f', error: { Error: 'States.Timeout' } } });
    await services.invocations[1].fail('Late');
    expect(services.waiting).toBe(0);
  });

  test('does not count once there is an answer', async () => {
    const execution = await start(machine({ Step: task({ TimeoutSeconds: 60, Next: 'Next' }), Next: task({ TimeoutSeconds: 90 }), End: END }));
    await services.pass(59);
    await services.last.answer({});
    expect(services.waiting).toBe(1);
    await services.pass(89);
    expect(execution.status).toBe('RUNNING');
    await services.last.answer({});
    expect(execution.status).toBe('SUCCEEDED');
    expect(services.waiting).toBe(0);
  });

  test('is each attempt\'s own', async () => {
    const execution = await start(oneTask({ TimeoutSeconds: 60, Retry: [retry(['States.ALL'])] }));
    await services.pass(50);
    await services.last.fail('Broken');
    await services.pass(1 + 59);
    expect(services.invocations).toHaveLength(2);
    await services.last.answer({});
    expect(execution.status).toBe('SUCCEEDED');
  });
});

describe('Choice, Succeed and Fail', () => {
  const choice = machine({
    Verdict: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.status', StringEquals: 'A', Next: 'First' },
        { Or: [{ Variable: '$.status', StringEquals: 'B' }, { Variable: '$.status', StringEquals: 'A' }], Next: 'Second' },
      ],
    },
    First: task(),
    Second: task(),
    End: END,
  });

  test.each([['A', 'First'], ['B', 'Second']])('%s: the first rule that holds', async (status, state) => {
    await start(choice, { status });
    expect(services.last).toMatchObject({ state, payload: { status } });
  });

  test.each([
    [{ status: 'C' }, 'States.NoChoiceMatched'],
    [{ status: 1 }, 'States.NoChoiceMatched'],
    [{}, 'States.Runtime'],
  ])('no rule for %j: %s', async (input, error) => {
    expect(await (await start(choice, input)).ended).toMatchObject({ status: 'FAILED', error });
    expect(services.invocations).toEqual([]);
  });

  test.each([
    [{ Error: 'E', Cause: 'why' }, { error: 'E', cause: 'why' }],
    [{ ErrorPath: '$.error.Error', CausePath: 'States.JsonToString($.error)' }, { error: 'A', cause: '{"Error":"A"}' }],
    [{}, {}],
    [{ ErrorPath: '$.missing' }, { error: 'States.Runtime' }],
    [{ ErrorPath: '$.error' }, { error: 'States.Runtime' }],
  ])('Fail with %j', async (fields, ended) => {
    const execution = await start(machine({ Failed: { Type: 'Fail', Comment: 'so it is', ...fields } }), { error: { Error: 'A' } });
    expect(await execution.ended).toMatchObject({ status: 'FAILED', ...ended });
  });
});

describe('a map', () => {
  const done = () => services.invocations.map(({ payload }) => payload);

  test('reads the manifest and runs a child for each item, as an execution of its own', async () => {
    services.items = [{ chunk: 1 }, { chunk: 2 }];
    const execution = await start(oneMap({}, { Parameters: { 'task.$': '$', 'by.$': '$$.Execution.Id', 'input.$': '$$.Execution.Input' } }), MANIFEST);
    expect(services.read).toEqual(['${Bucket}/manifest.json']);
    expect(services.invocations.map(({ executionArn }) => executionArn)).toEqual([`${ARN}/Chunks:1`, `${ARN}/Chunks:2`]);
    expect(done()).toEqual([1, 2].map((chunk) => ({ task: { chunk }, by: `${ARN}/Chunks:${chunk}`, input: { chunk } })));
    await services.invocations[1].answer({});
    expect(execution.status).toBe('RUNNING');
    await services.invocations[0].answer({});
    expect(await execution.ended).toEqual({ status: 'SUCCEEDED', output: MANIFEST });
  });

  test('no item, no child', async () => {
    expect(await (await start(oneMap(), MANIFEST)).ended).toEqual({ status: 'SUCCEEDED', output: MANIFEST });
  });

  test('runs as many at once as MaxConcurrency says, in the order of the manifest', async () => {
    services.items = [1, 2, 3, 4, 5];
    const execution = await start(oneMap({ MaxConcurrency: 2 }), MANIFEST);
    expect(done()).toEqual([1, 2]);
    await services.invocations[1].answer({});
    expect(done()).toEqual([1, 2, 3]);
    await services.invocations[2].answer({});
    await services.invocations[0].answer({});
    expect(done()).toEqual([1, 2, 3, 4, 5]);
    await services.invocations[3].answer({});
    expect(execution.status).toBe('RUNNING');
    await services.invocations[4].answer({});
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('a child retries by itself', async () => {
    services.items = [1, 2];
    const execution = await start(oneMap({}, { Retry: [retry(['States.ALL'])] }), MANIFEST);
    await services.invocations[0].fail('Broken');
    await services.invocations[1].answer({});
    await services.pass(1);
    expect(done()).toEqual([1, 2, 1]);
    await services.last.answer({});
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('a child that fails for good fails the map; its siblings start nothing more, and what they wait for is ignored', async () => {
    services.items = [1, 2, 3, 4, 5];
    const definition = machine({
      Chunks: mapOf({ MaxConcurrency: 3, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Close' }] },
        { TimeoutSeconds: 600, Retry: [retry(['Again'], { IntervalSeconds: 30 })] }),
      Close: task(),
      End: END,
    });
    const execution = await start(definition, MANIFEST);
    await services.invocations[0].fail('Again');
    await services.invocations[1].fail('Broken', 'why');
    expect(services.last).toMatchObject({
      state: 'Close',
      payload: {
        ...MANIFEST, error: { Error: 'States.ExceedToleratedFailureThreshold', Cause: 'The specified tolerated failure threshold was exceeded' },
      },
    });
    expect(services.waiting).toBe(0);
    await services.invocations[2].answer({});
    await services.pass(1000);
    expect(done().slice(0, 3)).toEqual([1, 2, 3]);
    expect(services.invocations).toHaveLength(4);
    await services.last.answer({});
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('a map that failed and is tried again begins with all its items, and as many at once as before', async () => {
    services.items = [1, 2, 3];
    const execution = await start(oneMap({ MaxConcurrency: 2, Retry: [retry(['States.ALL'])] }), MANIFEST);
    await services.invocations[0].fail('Broken');
    await services.pass(1);
    expect(done()).toEqual([1, 2, 1, 2]);
    await services.invocations[1].answer({});
    expect(done()).toEqual([1, 2, 1, 2]);
    await services.invocations[2].answer({});
    await services.invocations[3].answer({});
    await services.last.answer({});
    expect(execution.status).toBe('SUCCEEDED');
  });

  test.each([
    ['cannot be read', () => { services.itemsFail = new TaskError('NoSuchKey', 'it is not there'); }, 'it is not there'],
    ['is no list', () => { services.items = { chunk: 1 }; }, 'expected a list in manifest.json, got {"chunk":1}'],
  ])('a manifest that %s is States.ItemReaderFailed, which can be tried again', async (_, breaks, cause) => {
    breaks();
    const execution = await start(oneMap({ Retry: [retry(['States.ItemReaderFailed'], { MaxAttempts: 2 })] }), MANIFEST);
    await services.pass(2);
    expect(services.read).toHaveLength(3);
    expect(await execution.ended).toEqual({ status: 'FAILED', error: 'States.ItemReaderFailed', cause });
  });

  test('a child of a second round has a name of its own', async () => {
    services.items = [1];
    const definition = machine({ Chunks: mapOf({ Next: 'Step' }), Step: task({ Next: 'Chunks' }), End: END });
    await start(definition, MANIFEST);
    await services.last.answer({});
    await services.last.answer(MANIFEST);
    expect(services.invocations.map(({ executionArn }) => executionArn)).toEqual([`${ARN}/Chunks:1`, ARN, `${ARN}/Chunks:2`]);
  });

  const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: '${Bucket}', Prefix: 'work/map-results' } };

  test('the results are written once all children are through', async () => {
    services.writeResults = async (bucket, prefix) => { services.written.push(`${bucket}/${prefix}`); };
    services.items = [1];
    const execution = await start(oneMap({ ResultWriter }), MANIFEST);
    expect(services.written).toEqual([]);
    await services.last.answer({});
    expect(services.written).toEqual(['${Bucket}/work/map-results']);
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('results that cannot be written are States.ResultWriterFailed', async () => {
    services.writeResults = () => Promise.reject(new TaskError('AccessDenied', 'no'));
    const execution = await start(oneMap({ ResultWriter }), MANIFEST);
    expect(await execution.ended).toEqual({ status: 'FAILED', error: 'States.ResultWriterFailed', cause: 'no' });
  });

  test('nobody writes results unless told to', async () => {
    expect(await (await start(oneMap({ ResultWriter }), MANIFEST)).ended).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('stopped', () => {
  /** What is left of an execution that was stopped: nothing. */
  async function expectNothingMore(execution: Execution) {
    const before = services.invocations.length;
    execution.stop();
    expect(execution.status).toBe('ABORTED');
    expect(services.waiting).toBe(0);
    for (const invocation of services.invocations) await invocation.answer({ status: 'GO_ON' });
    await services.pass(100_000);
    expect(services.invocations).toHaveLength(before);
    expect(await execution.ended).toEqual({ status: 'ABORTED' });
    execution.stop();
    expect(execution.status).toBe('ABORTED');
  }

  test('before its first state', async () => {
    const execution = new StateMachine(oneTask()).start(ARN, {}, services);
    await expectNothingMore(execution);
    expect(services.invocations).toEqual([]);
  });

  test('while a task runs', async () => {
    await expectNothingMore(await start(oneTask({ TimeoutSeconds: 60 })));
  });

  test('while a task runs that then fails', async () => {
    const execution = await start(oneTask({ Retry: [retry(['States.ALL'])], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Step' }] }));
    execution.stop();
    await services.last.fail('Broken');
    await expectNothingMore(execution);
  });

  test('while it waits for a retry', async () => {
    const execution = await start(oneTask({ Retry: [retry(['States.ALL'])] }));
    await services.last.fail('Broken');
    await expectNothingMore(execution);
  });

  test('while the manifest is read', async () => {
    let give: (items: unknown) => void = () => {};
    services.readItems = () => new Promise((resolve) => { give = resolve; });
    const execution = await start(oneMap(), MANIFEST);
    execution.stop();
    give([1, 2]);
    await expectNothingMore(execution);
    expect(services.invocations).toEqual([]);
  });

  test('while children run, wait, and are yet to come', async () => {
    services.items = [1, 2, 3, 4];
    const execution = await start(oneMap({ MaxConcurrency: 2 }, { TimeoutSeconds: 60, Retry: [retry(['States.ALL'])] }), MANIFEST);
    await services.invocations[0].fail('Broken');
    await expectNothingMore(execution);
  });

  test('when it has ended already: nothing changes', async () => {
    const execution = await start(oneTask());
    await services.last.answer({});
    execution.stop();
    expect(await execution.ended).toEqual({ status: 'SUCCEEDED', output: {} });
    expect(execution.status).toBe('SUCCEEDED');
  });
});

describe('the state machine\'s timeout', () => {
  test('ends it at any state, its children too', async () => {
    services.items = [1, 2, 3];
    const definition = oneMap({ MaxConcurrency: 2 }, { Retry: [retry(['States.ALL'], { IntervalSeconds: 7200 })] });
    const execution = await start({ ...definition, TimeoutSeconds: 7200 }, MANIFEST);
    await services.pass(3600);
    await services.invocations[0].fail('Broken');
    await services.pass(3599);
    expect(execution.status).toBe('RUNNING');
    await services.pass(1);
    expect(await execution.ended).toEqual({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(services.waiting).toBe(0);
    await services.invocations[1].answer({});
    await services.pass(10_000);
    expect(services.invocations).toHaveLength(2);
  });

  test('is not caught', async () => {
    const definition = { ...oneTask({ Retry: [retry(['States.ALL'])], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] }), TimeoutSeconds: 60 };
    const execution = await start(definition);
    await services.pass(60);
    expect(execution.status).toBe('TIMED_OUT');
    expect(services.invocations).toHaveLength(1);
  });

  test('an execution that ends in time leaves no timer', async () => {
    const execution = await start({ ...oneTask(), TimeoutSeconds: 60 });
    await services.last.answer({});
    expect(services.waiting).toBe(0);
    await services.pass(60);
    expect(execution.status).toBe('SUCCEEDED');
  });
});

test('the same machine runs many executions at once, none of which knows of the others', async () => {
  const definition = new StateMachine(oneTask({ Retry: [retry(['States.ALL'], { MaxAttempts: 1 })] }));
  const [first, second] = ['first', 'second'].map((arn) => definition.start(arn, { arn }, services));
  await settled();
  for (const invocation of [...services.invocations]) await invocation.fail('Broken');
  await services.pass(1);
  expect(services.invocations.map(({ executionArn, attempt }) => `${executionArn} ${attempt}`)).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
  first.stop();
  await services.invocations[3].answer('done');
  expect(await second.ended).toEqual({ status: 'SUCCEEDED', output: 'done' });
});

describe('in any order of what happens', () => {
  const WORK = {
    TimeoutSeconds: 60,
    Retry: [retry(['States.ALL'], { MaxAttempts: 1, JitterStrategy: 'FULL' })],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Close' }],
  };
  const DEFINITION = new StateMachine(machine({
    Plan: task({ ...WORK, Next: 'Chunks' }),
    Chunks: mapOf({ MaxConcurrency: 2, Catch: WORK.Catch, Next: 'Finalize' }, { ...WORK, Catch: [] }),
    Finalize: task({ ...WORK, Next: 'Verdict' }),
    Verdict: {
      Type: 'Choice',
      Choices: ['Finalize', 'Chunks', 'End'].map((state) => ({ Variable: '$.status', StringEquals: state, Next: state })),
    },
    Close: task({ ...WORK, ResultPath: null, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Failed' }], Next: 'Failed' }),
    Failed: { Type: 'Fail' },
    End: END,
  }, { TimeoutSeconds: 7200 }));

  /** Calls fail, come late or never; timers come too early; now and then the execution is stopped. All of it by lot. */
  async function run(seed: number): Promise<{ trace: string[]; status: string }> {
    const random = new Random(seed + 1);
    const trace: string[] = [];
    const answers: Array<() => void> = [];
    const timers: Array<{ timer: Timer; wake: () => void }> = [];
    const later = <T>(value: T) => new Promise<T>((resolve, reject) => {
      answers.push(() => random.chance(0.1) ? reject(new TaskError('Broken')) : resolve(value));
    });
    const byLot: Services = {
      invoke: (_, __, { executionArn, state, attempt }) => {
        expect(execution.status).toBe('RUNNING');
        trace.push(`${executionArn} ${state} ${attempt}`);
        return later({ ...MANIFEST, status: random.pick(['Finalize', 'Chunks', 'End']) });
      },
      readItems: () => later([1, 2, 3, 4]),
      sleep: (ms, timer) => {
        trace.push(`sleep ${ms}`);
        return new Promise((wake) => { timers.push({ timer, wake }); });
      },
      random: () => random.next(),
    };
    const execution = DEFINITION.start(ARN, {}, byLot);
    await settled();
    while (answers.length + timers.length > 0) {
      if (answers.length === 0 || (timers.length > 0 && random.chance(0.05))) timers.splice(random.below(timers.length), 1)[0].wake();
      else answers.splice(random.below(answers.length), 1)[0]();
      if (random.chance(0.01)) execution.stop();
      await settled();
      if (execution.status !== 'RUNNING') expect(timers.filter(({ timer }) => !timer.cancelled)).toEqual([]);
    }
    const { status } = await execution.ended;
    return { trace, status };
  }

  test('an execution ends, starts nothing more by then, leaves no timer, and the same seed is the same run', async () => {
    const statuses = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const first = await run(seed);
      expect(await run(seed)).toEqual(first);
      statuses.add(first.status);
    }
    expect([...statuses].sort()).toEqual(['ABORTED', 'FAILED', 'SUCCEEDED', 'TIMED_OUT']);
  });
});

describe('what a definition holds that is not interpreted is refused by name', () => {
  test.each<[string, any, string]>([
    [
      'a state of another kind',
      machine({ Wait: { Type: 'Wait', Seconds: 1, Next: 'Wait' } }),
      'Wait.Type: expected Task or Map or Choice or Succeed or Fail, got "Wait"',
    ],
    ['a field of the machine', machine({ End: END }, { Version: '1.0' }), 'state machine: expected only fields that are interpreted'],
    ['another query language', machine({ End: END }, { QueryLanguage: 'JSONata' }), 'QueryLanguage: expected JSONPath, got "JSONata"'],
    ['a field of a task', oneTask({ InputPath: '$.x' }), 'got InputPath'],
    ['a field of a task', oneTask({ HeartbeatSeconds: 5 }), 'got HeartbeatSeconds'],
    ['a field of a map', oneMap({ ToleratedFailurePercentage: 5 }), 'got ToleratedFailurePercentage'],
    ['a field of a map', oneMap({ ItemBatcher: {} }), 'got ItemBatcher'],
    ['a result of a map', oneMap({ ResultPath: '$.x' }), 'Chunks.ResultPath: expected null, got "$.x"'],
    ['a field of Succeed', machine({ End: { ...END, OutputPath: null } }), 'End: expected only fields that are interpreted (Comment, Type), got OutputPath'],
    ['a field of Retry', oneTask({ Retry: [retry(['A'], { Comment: '' })] }), 'Step.Retry[0]: expected only fields'],
    ['a field of Catch', oneTask({ Catch: [{ ErrorEquals: ['A'], Next: 'End', Assign: {} }] }), 'got Assign'],
    [
      'a comparison',
      machine({ C: { Type: 'Choice', Choices: [{ Variable: '$.x', StringMatches: '*', Next: 'C' }] } }),
      'C.Choices[0].StringEquals: expected a text, got nothing',
    ],
    ['Default', machine({ C: { Type: 'Choice', Choices: [], Default: 'C' } }), 'got Default'],
    ['And', machine({ C: { Type: 'Choice', Choices: [{ And: [], Next: 'C' }] } }), 'C.Choices[0].Variable: expected $, $.name'],
    ['a rule within a rule', machine({ C: { Type: 'Choice', Choices: [{ Or: [{ Or: [] }], Next: 'C' }] } }), 'C.Choices[0].Or[0].Variable: expected'],
    ['a service integration', oneTask({ Resource: 'arn:aws:states:::lambda:invoke' }), 'Step.Resource: expected a Lambda function'],
    [
      'another reader',
      oneMap({ ItemReader: { ...mapOf().ItemReader, Resource: 'arn:aws:states:::s3:listObjectsV2' } }),
      'Chunks.ItemReader.Resource: expected s3:getObject',
    ],
    [
      'a manifest that is no JSON',
      oneMap({ ItemReader: { ...mapOf().ItemReader, ReaderConfig: { InputType: 'CSV' } } }),
      'InputType: expected JSON, got "CSV"',
    ],
    ['a reader without a key', oneMap({ ItemReader: { ...mapOf().ItemReader, Parameters: { Bucket: 'b' } } }), 'Key: expected Key or Key.$, got nothing'],
    ['a map within the execution', oneMap({ ItemProcessor: { ...mapOf().ItemProcessor, ProcessorConfig: { Mode: 'INLINE' } } }), 'Mode: expected DISTRIBUTED'],
    [
      'express children',
      oneMap({ ItemProcessor: { ...mapOf().ItemProcessor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } } }),
      'ExecutionType: expected STANDARD',
    ],
    ['another path', oneTask({ Parameters: { 'x.$': '$.a[0]' } }), 'Step.Parameters.x.$: expected $, $.name'],
    ['another value of the context', oneTask({ Parameters: { 'x.$': '$$.State.Name' } }), 'got "$$.State.Name"'],
    ['another function', oneTask({ Parameters: { 'x.$': 'States.UUID()' } }), 'got "States.UUID()"'],
    ['a list of parameters', oneTask({ Parameters: { x: [1] } }), 'Step.Parameters.x: expected no list, got [1]'],
    ['a deep ResultPath', oneTask({ ResultPath: '$.a.b' }), 'Step.ResultPath: expected null, $ or $.name, got "$.a.b"'],
    ['an error name of States', oneTask({ Retry: [retry(['States.TaskFailed'])] }), 'ErrorEquals: expected of the names of States'],
    ['States.ALL among others', oneTask({ Retry: [retry(['A', 'States.ALL'])] }), 'Step.Retry: expected States.ALL alone and last'],
    [
      'States.ALL before others',
      oneTask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }, { ErrorEquals: ['A'], Next: 'End' }] }),
      'Step.Catch: expected States.ALL alone',
    ],
    ['another jitter', oneTask({ Retry: [retry(['A'], { JitterStrategy: 'HALF' })] }), 'JitterStrategy: expected FULL or NONE, got "HALF"'],
    ['a number that is none', oneTask({ TimeoutSeconds: '60' }), 'Step.TimeoutSeconds: expected a whole number of at least 1, got "60"'],
    ['a backoff that shrinks', oneTask({ Retry: [retry(['A'], { BackoffRate: 0.5 })] }), 'BackoffRate: expected a number of at least 1, got 0.5'],
    ['a state that is not there', oneTask({ Next: 'Gone' }), 'state machine: expected one of the states Step, End, got Gone'],
    ['a catch that leads nowhere', oneTask({ Catch: [{ ErrorEquals: ['A'], Next: 'Gone' }] }), 'got Gone'],
    ['no next state', machine({ Step: { Type: 'Task', Resource: 'r' } }), 'Step.Next: expected a text, got nothing'],
    ['Next and End', oneTask({ End: true }), 'Step.Next: expected nothing beside End, got "End"'],
    ['Error and ErrorPath', machine({ F: { Type: 'Fail', Error: 'E', ErrorPath: '$.e' } }), 'F.ErrorPath: expected nothing beside Error'],
    ['no object', 'text', 'state machine: expected an object, got "text"'],
  ])('%s', (_, definition, message) => {
    expect(() => new StateMachine(definition)).toThrow(message);
  });

  test('also in a child', () => {
    expect(() => new StateMachine(oneMap({}, { InputPath: '$' }))).toThrow('Chunk: expected only fields that are interpreted');
    expect(() => new StateMachine(oneMap({}, { Catch: [{ ErrorEquals: ['A'], Next: 'End' }] })))
      .toThrow('Chunks.ItemProcessor: expected one of the states Chunk, got End');
  });
});

describe('the definition of the construct', () => {
  test('holds nothing that is not interpreted', () => {
    expect(() => new StateMachine(synthesize().definition())).not.toThrow();
  });

  test('a file goes through it from its event to its end', async () => {
    services.items = [{ chunkId: '1' }, { chunkId: '2' }];
    const event = { detail: { object: { key: 'incoming/a.csv' } } };
    const execution = await start(synthesize().definition(), event);
    const step = () => services.last.state;
    expect(services.last).toMatchObject({ state: 'ValidateFile', payload: { event, executionArn: ARN } });
    await services.last.answer({ status: 'VALID', fileId: 'f' });
    expect(services.last).toMatchObject({ state: 'PlanChunks', payload: { fileId: 'f' } });
    await services.last.answer({ status: 'PLANNED', fileId: 'f', ...MANIFEST });
    expect(step()).toBe('ProcessChunk');
    for (const chunk of services.invocations.slice(-2)) await chunk.answer({});
    expect(services.last).toMatchObject({ state: 'FinalizeJob', payload: { fileId: 'f' } });
    await services.last.answer({ status: 'PUBLISHED', fileId: 'f' });
    expect(step()).toBe('MoveSource');
    await services.last.answer({ status: 'SUCCEEDED', fileId: 'f', errorCode: '', errorMessage: '' });
    expect(await execution.ended).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('a step that fails for good has the job closed, and the execution fails with the step\'s error', async () => {
    const execution = await start(synthesize({ retryPolicy: { maxRetries: 0 } }).definition(), {});
    await services.last.answer({ status: 'VALID', fileId: 'f' });
    await services.last.fail('Broken', 'why');
    expect(services.last).toMatchObject({ state: 'CloseJob', payload: { executionArn: ARN, error: { Error: 'Broken', Cause: 'why' } } });
    await services.last.answer({ status: 'CLOSED' });
    expect(await execution.ended).toEqual({ status: 'FAILED', error: 'Broken', cause: '{"Error":"Broken","Cause":"why"}' });
  });
});
