/** examples/status-api on the emulator: files in, the API's answers out, and what the nightly check tells. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { metricsIn } from './deployed-monitoring';
import { HttpAnswer, SignedApi } from './signed-api';
import { waitFor } from '../../emulator/job-watch';
import { QualityReport } from '../../src/services/check-quality';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

const deployment = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const outputs = deployment.stacks.StatusApi;
const pipeline = new DeployedPipeline('StatusApi');
const api = apiOf('StatusApi');
const OF_PIPELINE = { Pipeline: 'StatusApi/Payments-e2e' };

function apiOf(stackName: string): SignedApi {
  const [, apiId] = /^https:\/\/(\w+)\.execute-api\./.exec(deployment.stacks[stackName].ApiEndpoint)!;
  return new SignedApi(deployment, apiId, 'v1');
}

const HEADER = 'payment_id,account_id,paid_at,amount,currency,channel';
const PAYMENTS = [
  'p-1,a-1,2026-11-28 10:00:00,12.5,EUR,web',
  'p-2,a-2,11/28/2026 09:05,-3,USD,branch',
  'p-3,a-1,2026-11-28T23:59:59Z,0.10,EUR,',
];
const NOT_A_PAYMENT = 'p-4,a-9,2026-11-28 10:00:00,a lot,EUR,app';

const fileOf = (...rows: readonly string[]) => [HEADER, ...rows, ''].join('\n');
const times = (count: number, rows: readonly string[]) => Array.from({ length: count }, () => rows).flat();
const trigger = async (body: unknown) => api.call('POST', '/trigger', {}, { body });
const list = async (query: Record<string, string> = {}) => api.call('GET', '/jobs', {}, { query });
const errorOf = ({ statusCode, body: { error } }: HttpAnswer) => [statusCode, error?.code, error?.field];

/** The job's status, when its file has been moved too: that is the last thing to happen. */
async function ended(jobId: string, of = api): Promise<HttpAnswer['body']> {
  return waitFor(`the end of ${jobId}`, async () => {
    const { body } = await of.call('GET', '/status/{jobId}', { jobId });
    return body.endTime !== undefined && body.sourceState === 'MOVED' ? body : undefined;
  });
}

async function processed(key: string, file: string): Promise<HttpAnswer['body']> {
  return ended((await pipeline.process(key, file)).job.file_id);
}

async function readLink(link: string): Promise<string> {
  const response = await fetch(link);
  expect(response.status).toBe(200);
  return response.text();
}

const since = Date.now();
/** 300 payments, and one record that is none: published without it. */
let published: HttpAnswer['body'];
/** A quarter of its records are no payments: refused. */
let refused: HttpAnswer['body'];

beforeAll(async () => {
  published = await processed('incoming/payments 28.csv', fileOf(...times(100, PAYMENTS), NOT_A_PAYMENT));
  refused = await processed('incoming/nonsense.csv', fileOf(...PAYMENTS, NOT_A_PAYMENT));
});

test('the API tells how a file stands, and links to what it has left', async () => {
  expect(published).toMatchObject({
    status: 'SUCCEEDED',
    key: 'incoming/payments 28.csv',
    counts: { recordsRead: 301, recordsWritten: 300, recordsRejected: 1, recordsFiltered: 0 },
    rejectsByCode: { type: 1 },
  });
  expect(published.steps.map(({ step }: { step: string }) => step)).toEqual(['ValidateFile', 'PlanChunks', 'ProcessChunks', 'FinalizeJob']);
  expect(JSON.parse(await readLink(published.links.report))).toMatchObject({ status: 'SUCCEEDED', recordsRead: 301 });
  expect(await readLink(published.links.rejected)).toContain('a lot');
});

test('payments are published under enriched/, with where they come from', async () => {
  const { files } = JSON.parse(await readLink(published.links.manifest)) as { readonly files: ReadonlyArray<{ readonly key: string }> };
  const parts = await Promise.all(files.map(async ({ key }) => pipeline.read(key)));
  for (const { key } of files) expect(key).toMatch(/^enriched\//);
  const records = Buffer.concat(parts).toString().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toHaveLength(300);
  const origin = { _job_id: published.jobId, _source_key: 'incoming/payments 28.csv', _ingestion_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) };
  expect(records.slice(0, 3)).toEqual([
    {
      payment_id: 'p-1',
      account_id: 'a-1',
      paid_at: '2026-11-28T10:00:00.000Z',
      amount: '12.50',
      currency: 'EUR',
      channel: 'web',
      direction: 'CREDIT',
      channel_group: 'ONLINE',
      _byte_offset: HEADER.length + 1,
      ...origin,
    },
    {
      payment_id: 'p-2',
      account_id: 'a-2',
      paid_at: '2026-11-28T09:05:00.000Z',
      amount: '-3.00',
      currency: 'USD',
      channel: 'branch',
      direction: 'DEBIT',
      channel_group: 'PERSONAL',
      _byte_offset: expect.any(Number),
      ...origin,
    },
    {
      payment_id: 'p-3',
      account_id: 'a-1',
      paid_at: '2026-11-28T23:59:59.000Z',
      amount: '0.10',
      currency: 'EUR',
      channel: null,
      direction: 'CREDIT',
      channel_group: 'OTHER',
      _byte_offset: expect.any(Number),
      ...origin,
    },
  ]);
});

test('the history of a job tells count and time of each stage', async () => {
  const counts = { validate: 301, transform: 300, write: 300 };
  const { body: report } = await api.call('GET', '/jobs/{jobId}/report', { jobId: published.jobId });
  const { events } = await pipeline.jobs.read(published.jobId);
  const entry = events.find(({ event }) => event === 'processed')!.stages as Record<string, unknown>;
  for (const [stage, records] of Object.entries(counts)) {
    expect(report.timings[stage]).toEqual({ records, seconds: expect.any(Number) });
    expect(entry[stage]).toEqual({ records, milliseconds: expect.any(Number) });
  }
});

test('a file that fails is told as failing, with its reason and what to do', async () => {
  const noPayments = await processed('incoming/orders.csv', 'order_id,amount\n1,2\n');
  expect(noPayments).toMatchObject({ status: 'FAILED', resumable: false, error: { code: 'header_mismatch', whatToDo: expect.stringContaining('correct the file') } });
  expect(refused).toMatchObject({
    status: 'FAILED',
    resumable: false,
    error: { code: 'too_many_rejects', message: expect.stringContaining('expected at most 1 % rejected records, got 1 of 4') },
  });
  expect(await readLink(refused.links.rejected)).toContain('a lot');
  expect(refused.links).not.toHaveProperty('manifest');
  expect(await pipeline.keys('failed/')).toEqual(expect.arrayContaining([`failed/${noPayments.jobId}/orders.csv`, `failed/${refused.jobId}/nonsense.csv`]));
  const { body: { jobs } } = await list({ status: 'FAILED' });
  expect(jobs.map(({ jobId }: { jobId: string }) => jobId)).toEqual([noPayments.jobId, refused.jobId]);
});

test('a file whose event comes twice has one job, and is published once', async () => {
  const { version_id: versionId, etag } = (await pipeline.jobs.read(published.jobId)).job;
  const object = { 'key': published.key, 'version-id': versionId, etag };
  const again = await pipeline.ended(await pipeline.start({ detail: { bucket: { name: pipeline.bucket }, object } }));
  expect(again.status).toBe('SUCCEEDED');
  expect(await pipeline.jobs.jobsOf(published.key)).toHaveLength(1);
  const manifests = (await pipeline.keys('enriched/')).filter((key) => key.includes(published.jobId) && key.endsWith('_manifest.json'));
  expect(manifests).toHaveLength(1);
  expect(await ended(published.jobId)).toMatchObject({ status: 'SUCCEEDED', run: 1, endTime: published.endTime });
});

test('a file is processed once more by the API, as a job of its own', async () => {
  const { statusCode, body } = await trigger({ action: 'rerun', jobId: published.jobId });
  expect(statusCode).toBe(202);
  expect(await ended(body.jobId)).toMatchObject({ status: 'SUCCEEDED', rerunOf: published.jobId, counts: { recordsWritten: 300 } });
});

test('a file that did not start by itself is started by the API', async () => {
  const key = 'incoming/unheard.csv';
  const unversioned = new DeployedPipeline('StatusApiUnversioned');
  const itsApi = apiOf('StatusApiUnversioned');
  await unversioned.without('Intake', async () => {
    await unversioned.upload(key, fileOf(...PAYMENTS));
    const { statusCode, body } = await itsApi.call('POST', '/trigger', {}, { body: { action: 'start', key } });
    expect(statusCode).toBe(202);
    expect(await ended(body.jobId, itsApi)).toMatchObject({ status: 'SUCCEEDED', key, counts: { recordsWritten: 3 } });
  });
});

test('a job that was interrupted is told as resumable, and resumed by the API', async () => {
  const key = 'incoming/interrupted.csv';
  const validators = await pipeline.processesOf('ValidateFile');
  validators.freeze();
  try {
    await pipeline.upload(key, fileOf(...PAYMENTS));
    const { executionArn } = await waitFor('its execution', async () => (await pipeline.executionsFor(key))[0]);
    await pipeline.stop(executionArn!);
    const { jobId } = await waitFor('the job to be closed', async () => (
      (await list({ status: 'FAILED' })).body.jobs.find((job: { key: string }) => job.key === key)
    ));
    validators.thaw();
    const { body: interrupted } = await api.call('GET', '/status/{jobId}', { jobId });
    expect(interrupted).toMatchObject({ resumable: true, error: { code: 'infrastructure', whatToDo: expect.stringContaining('"action":"resume"') } });
    expect((await trigger({ action: 'resume', jobId })).statusCode).toBe(202);
    expect(await ended(jobId)).toMatchObject({ status: 'SUCCEEDED', run: 2, counts: { recordsWritten: 3 } });
  } finally {
    validators.thaw();
  }
});

test('what cannot be is answered with the field and the state', async () => {
  const answers = [
    await trigger({ action: 'start', key: 'enriched/part.json' }),
    await trigger({ action: 'start', key: 'incoming/none.csv' }),
    await trigger({ action: 'resume', jobId: refused.jobId }),
    await trigger({ action: 'resume', jobId: published.jobId }),
    await api.call('GET', '/status/{jobId}', { jobId: 'f'.repeat(32) }),
    await list({ status: 'DONE' }),
  ];
  expect(answers.map(errorOf)).toEqual([
    [400, 'invalid_request', 'key'], [404, 'object_not_found', 'key'], [409, 'job_failed_for_good', 'jobId'], [409, 'job_succeeded', 'jobId'],
    [404, 'job_not_found', 'jobId'], [400, 'invalid_request', 'status'],
  ]);
  expect((await api.send('GET', '/jobs', { isSigned: false })).statusCode).toBe(403);
});

test('the nightly check tells people of what was rejected, and writes a report', async () => {
  const command = new InvokeCommand({ FunctionName: outputs.QualityCheckFunctionName, Payload: '{}' });
  const { Payload, FunctionError } = await new LambdaClient(deployment.clientConfig).send(command);
  const answer = Buffer.from(Payload!).toString();
  expect([FunctionError, answer]).toEqual([undefined, answer]);
  const { reportKey } = JSON.parse(answer) as { readonly reportKey: string };
  const report = JSON.parse((await pipeline.read(reportKey)).toString()) as QualityReport;
  expect(report.findings).toEqual([expect.objectContaining({ kind: 'REJECTS', fileId: refused.jobId, key: 'incoming/nonsense.csv' })]);

  const receive = new ReceiveMessageCommand({ QueueUrl: outputs.InboxUrl });
  const text = await waitFor('the message', async () => (await new SQSClient(deployment.clientConfig).send(receive)).Messages?.[0].Body);
  expect(text).toContain(`1. REJECTS incoming/nonsense.csv (job ${refused.jobId})\n`);
  expect(text).toContain('expected at most 1 % of the records to be rejected, got 25.00 % (1 of 4)');
});

test('the metrics behind alarms and dashboard have their values', async () => {
  const ofJobs = await metricsIn('log-group-payments-finalize-job-e2e', 'JobsFailed', since);
  for (const values of [
    { JobsSucceeded: 1, RecordsRead: 301, RecordsWritten: 300, RecordsRejected: 1 },
    { JobsFailed: 1, JobsRejected: 1, RecordsRead: 4, RecordsRejected: 1 },
    { Code: 'type', RecordsRejected: 1 },
  ]) {
    expect(ofJobs).toContainEqual(expect.objectContaining({ ...OF_PIPELINE, ...values }));
  }
  expect(await metricsIn('log-group-payments-quality-check-e2e', 'QualityFindings', since)).toContainEqual({ ...OF_PIPELINE, QualityFindings: 1, QualityChecks: 1 });
});
