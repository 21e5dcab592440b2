import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { StepTrace } from '../../src/aws/step-trace';

const TRACED = 'Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1;Lineage=1:2:3';

let daemon: Socket;
let received: string[];

beforeEach(async () => {
  received = [];
  daemon = createSocket('udp4').on('message', (message) => { received.push(message.toString()); });
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
});
afterEach(() => daemon.close());

function trace(header = TRACED): StepTrace {
  return new StepTrace({ AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`, _X_AMZN_TRACE_ID: header });
}

async function documents(count: number): Promise<Array<Record<string, unknown>>> {
  while (received.length < count) await once(daemon, 'message', { signal: AbortSignal.timeout(5_000) });
  return received.map((message) => {
    const [head, body] = message.split('\n');
    expect(JSON.parse(head)).toEqual({ format: 'json', version: 1 });
    return JSON.parse(body) as Record<string, unknown>;
  });
}

/** A client whose requests are answered without a network. */
function client(answer: () => Promise<unknown>): S3Client {
  const s3 = new S3Client({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
  s3.middlewareStack.add(() => answer as never, { step: 'serialize', priority: 'high' });
  return s3;
}

const get = new GetObjectCommand({ Bucket: 'b', Key: 'k' });

test('a step is a subsegment of the function\'s segment, the first one a cold start', async () => {
  const steps = trace();
  expect(await steps.step('PlanChunks', async () => 1)).toBe(1);
  await steps.step('PlanChunks', async () => 2);
  const [first, second] = await documents(2);
  expect(first).toMatchObject({
    name: '## PlanChunks', type: 'subsegment', trace_id: '1-67891233-abcdef012345678912345678', parent_id: '463ac35c9f6413ad', annotations: { ColdStart: true },
  });
  expect(first.id).toMatch(/^[0-9a-f]{16}$/);
  expect(first.end_time).toBeGreaterThanOrEqual(first.start_time as number);
  expect(second).toMatchObject({ annotations: { ColdStart: false } });
});

test('a step that fails is a fault, and fails', async () => {
  await expect(trace().step('PlanChunks', async () => { throw new TypeError('no such chunk'); })).rejects.toThrow('no such chunk');
  expect(await documents(1)).toMatchObject([{ fault: true, cause: { exceptions: [{ type: 'TypeError', message: 'no such chunk' }] } }]);
});

test('an AWS call is a subsegment of its step', async () => {
  const steps = trace();
  const s3 = steps.traced(client(async () => ({ response: {}, output: { $metadata: { requestId: 'r', attempts: 2, httpStatusCode: 206 } } })));
  await steps.step('ProcessChunk', async () => s3.send(get));
  const [call, step] = await documents(2);
  expect(call).toMatchObject({
    name: 'S3',
    namespace: 'aws',
    parent_id: step.id,
    http: { response: { status: 206 } },
    aws: { operation: 'GetObject', region: 'eu-west-1', request_id: 'r', retries: 1 },
  });
  expect(call).not.toHaveProperty('fault');
});

test.each([
  [412, { error: true }],
  [429, { error: true, throttle: true }],
  [503, { fault: true }],
])('an AWS call that is answered by %d says whose fault it is, and fails', async (httpStatusCode, blame) => {
  const steps = trace();
  const s3 = steps.traced(client(async () => { throw Object.assign(new Error('refused'), { $metadata: { httpStatusCode } }); }));
  await expect(steps.step('ProcessChunk', async () => s3.send(get))).rejects.toThrow('refused');
  expect((await documents(2))[0]).toMatchObject({ ...blame, http: { response: { status: httpStatusCode } }, cause: { exceptions: [{ message: 'refused' }] } });
});

test('a call that outlives its step ends as ever, and is not told of: its step, and maybe the invocation, are over', async () => {
  const steps = trace();
  let answer!: (output: unknown) => void;
  let fail!: (error: Error) => void;
  const answers = [new Promise((resolve) => { answer = resolve; }), new Promise((_, reject) => { fail = reject; })];
  const s3 = steps.traced(client(async () => answers.shift()));
  const calls: Array<Promise<unknown>> = [];
  await steps.step('ProcessChunk', async () => { calls.push(s3.send(get), s3.send(get)); });
  await steps.step('Next', async () => {
    answer({ response: {}, output: { $metadata: { httpStatusCode: 200 } } });
    fail(new Error('refused'));
    expect(await Promise.allSettled(calls)).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { message: 'refused' } }]);
  });
  await trace().step('Last', async () => undefined);
  expect((await documents(3)).map(({ name }) => name)).toEqual(['## ProcessChunk', '## Next', '## Last']);
});

test.each(['', TRACED.replace('Sampled=1', 'Sampled=0')])('what is not sampled is not sent: %j', async (header) => {
  const steps = trace(header);
  const s3 = steps.traced(client(async () => ({ response: {}, output: { $metadata: {} } })));
  await steps.step('ProcessChunk', async () => s3.send(get));
  // Anything that had been sent before would arrive first.
  await trace().step('Last', async () => undefined);
  expect((await documents(1)).map(({ name }) => name)).toEqual(['## Last']);
});

test('without a daemon a step runs as ever', async () => {
  expect(await new StepTrace({ _X_AMZN_TRACE_ID: TRACED }).step('PlanChunks', async () => 1)).toBe(1);
});
