import type { APIGatewayProxyEvent } from 'aws-lambda';
import { handler } from '../../src/handlers/job-api.handler';

const logged: unknown[] = [];
jest.mock('../../src/aws/runtime', () => ({
  observed: async (_step: string, _input: object, run: () => Promise<unknown>) => { logged.push(await run()); },
}));
jest.mock('../../src/aws/job-api.clients', () => ({ jobApiClients: (env: object) => ({ clientsOf: env }) }));
jest.mock('../../src/services/job-api/answer-request', () => ({ answerRequest: jest.fn(async () => ({ statusCode: 202, headers: {}, body: '{"link":"secret"}' })) }));

const ENV = {
  JOB_TABLE_NAME: 'jobs',
  OUTPUT_BUCKET_NAME: 'out',
  SOURCE_BUCKET_NAME: 'landing',
  INCOMING_PREFIX: 'incoming/',
  FILE_SUFFIXES: '[".csv"]',
  SUFFIX_CASE: 'any',
  STATE_MACHINE_ARN: 'arn',
  RESUME_WINDOW_SECONDS: '259200',
  LINK_EXPIRY_SECONDS: '900',
};
beforeAll(() => { Object.assign(process.env, ENV); });
afterAll(() => { for (const name of Object.keys(ENV)) delete process.env[name]; });

const lastCall = () => jest.requireMock<Record<string, jest.Mock>>('../../src/services/job-api/answer-request').answerRequest.mock.lastCall!;

/** As API Gateway sends it. */
const event = (more: Partial<APIGatewayProxyEvent>) => ({
  httpMethod: 'GET',
  resource: '/jobs',
  path: '/jobs',
  headers: null,
  pathParameters: null,
  multiValueQueryStringParameters: null,
  body: null,
  isBase64Encoded: false,
  requestContext: { requestId: 'request-1' },
  ...more,
} as unknown as APIGatewayProxyEvent);

test('what is not there is none', async () => {
  expect(await handler(event({}))).toEqual({ statusCode: 202, headers: {}, body: '{"link":"secret"}' });
  expect(lastCall()[0]).toEqual({ method: 'GET', path: '/jobs', pathParameters: {}, queryParameters: {}, headers: {}, body: undefined, requestId: 'request-1' });
});

test('parameters, headers in any case, a body in base64', async () => {
  await handler(event({
    httpMethod: 'POST',
    resource: '/status/{jobId}',
    pathParameters: { jobId: 'x' },
    multiValueQueryStringParameters: { status: ['FAILED', 'SUCCEEDED'] },
    headers: { 'idempotency-KEY': 'k' },
    body: Buffer.from('{"ä":1}').toString('base64'),
    isBase64Encoded: true,
  }));
  expect(lastCall()[0]).toMatchObject({
    method: 'POST', path: '/status/{jobId}', pathParameters: { jobId: 'x' }, queryParameters: { status: ['FAILED', 'SUCCEEDED'] }, headers: { 'idempotency-key': 'k' }, body: '{"ä":1}',
  });
});

test('knows which files start jobs, and for how long what holds', async () => {
  await handler(event({}));
  expect(lastCall()[1]).toMatchObject({
    clientsOf: ENV, files: { sourceBucket: 'landing', incomingPrefix: 'incoming/', fileSuffixes: ['.csv'], suffixCase: 'any' }, resumeWindowSeconds: 259_200, linkExpirySeconds: 900,
  });
});

test('no answer stands in the logs', async () => {
  await handler(event({}));
  expect(logged.at(-1)).toEqual({ requestId: 'request-1', method: 'GET', path: '/jobs', statusCode: 202 });
  expect(JSON.stringify(logged)).not.toContain('secret');
});
