/** The API as it is deployed, called over HTTP with signed requests. */
import { HttpAnswer, SignedApi } from './signed-api';
import { generateTransactions } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';
import { HandlerProcesses } from '../e2e/handler-processes';

const STACK = 'WithJobApi';
const UNKNOWN = 'f'.repeat(32);
const UNVERSIONED = 'WithJobApiUnversioned';
const deployment = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const pipeline = new DeployedPipeline(STACK);
const api = apiOf(STACK);

function apiOf(stackName: string): SignedApi {
  return new SignedApi(deployment, deployment.stacks[stackName].JobApiId, 'v1');
}

const csv = (records: number, seed = 5) => Buffer.concat([...generateTransactions({ sizeBytes: records * 100, seed })]);
const status = async (jobId: string) => api.call('GET', '/status/{jobId}', { jobId });
const trigger = async (body: unknown, headers?: Record<string, string>) => api.call('POST', '/trigger', {}, { body, headers });
const list = async (query: Record<string, string> = {}) => api.call('GET', '/jobs', {}, { query });
const errorOf = ({ statusCode, body: { error } }: HttpAnswer) => [statusCode, error?.code, error?.field];

/** The job's status, when the job has ended. */
async function ended(jobId: string, of = api): Promise<HttpAnswer['body']> {
  return waitFor(`the end of ${jobId}`, async () => {
    const { statusCode, body } = await of.call('GET', '/status/{jobId}', { jobId });
    return statusCode === 200 && body.endTime !== undefined && body.sourceState !== undefined ? body : undefined;
  });
}

let succeeded: string;
let failed: string;

beforeAll(async () => {
  succeeded = (await pipeline.process('incoming/good.csv', csv(2000))).job.file_id;
  failed = (await pipeline.process('incoming/bad.csv', 'not,the,header\n1,2,3\n')).job.file_id;
});

test('the status of a job that SUCCEEDED leads to what it has left', async () => {
  const { statusCode, body } = await status(succeeded);
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ jobId: succeeded, status: 'SUCCEEDED', key: 'incoming/good.csv', sourceState: 'MOVED' });
  expect(body.counts.recordsRead).toBeGreaterThan(1900);
  expect(body.steps).toHaveLength(4);

  const read = async (link: string) => {
    const response = await fetch(link);
    expect(response.status).toBe(200);
    return response.text();
  };
  const job = await pipeline.jobs.read(succeeded);
  expect(JSON.parse(await read(body.links.report))).toEqual(await pipeline.report(job));
  const [heading, ...rejected] = (await read(body.links.rejected)).trim().split('\n');
  expect(heading).toMatch(/^_line,/);
  expect(rejected.length).toBeGreaterThanOrEqual(body.counts.recordsRejected);
  const manifest = JSON.parse(await read(body.links.manifest));
  expect(manifest.files.map(({ key }: { key: string }) => key).every((key: string) => key.includes(succeeded))).toBe(true);
  const inMinutes = (Date.parse(body.links.expiresAt) - Date.now()) / 60_000;
  expect(inMinutes).toBeGreaterThan(14);
  expect(inMinutes).toBeLessThanOrEqual(15);
});

test('the status of a job that failed says why, and what to do', async () => {
  const { body } = await status(failed);
  expect(body).toMatchObject({ status: 'FAILED', resumable: false, error: { code: 'header_mismatch', whatToDo: expect.stringContaining('correct the file and upload it again') } });
  expect(await (await fetch(body.links.report)).json()).toMatchObject({ errorCode: 'header_mismatch' });
  expect(body.links).not.toHaveProperty('manifest');
});

test('the report is the one in the bucket', async () => {
  const { statusCode, body } = await api.call('GET', '/jobs/{jobId}/report', { jobId: failed });
  expect([statusCode, body]).toEqual([200, await pipeline.report(await pipeline.jobs.read(failed))]);
});

test('jobs are listed a page at a time, newest first, by status and by time', async () => {
  await Promise.all([1, 2, 3].map(async (number) => pipeline.process(`incoming/page-${number}.csv`, csv(50, number))));
  const { body: { jobs: all } } = await list();
  expect(all.length).toBeGreaterThanOrEqual(5);
  const times = all.map(({ since }: { since: string }) => since);
  expect(times).toEqual([...times].sort().reverse());

  const paged: string[] = [];
  for (let nextToken: string | undefined; paged.length === 0 || nextToken !== undefined;) {
    const { statusCode, body }: HttpAnswer = await list({ limit: '2', ...nextToken === undefined ? {} : { nextToken } });
    expect([statusCode, body.jobs.length <= 2]).toEqual([200, true]);
    paged.push(...body.jobs.map(({ jobId }: { jobId: string }) => jobId));
    nextToken = body.nextToken;
  }
  expect(paged).toEqual(all.map(({ jobId }: { jobId: string }) => jobId));

  const ofStatus = (await list({ status: 'FAILED' })).body.jobs;
  expect(ofStatus.map(({ jobId }: { jobId: string }) => jobId)).toEqual([failed]);
  expect((await list({ to: times.at(-1) })).body).toEqual({ jobs: [] });
  expect((await list({ from: times[0] })).body.jobs).toHaveLength(1);
});

test('a file whose event never came is started, and once', async () => {
  const silent = new DeployedPipeline(UNVERSIONED);
  const silentApi = apiOf(UNVERSIONED);
  const key = 'incoming/silent.csv';
  await silent.without('Intake', async () => {
    await silent.upload(key, csv(50));
    const start = async () => silentApi.call('POST', '/trigger', {}, { body: { action: 'start', key } });
    const first = await start();
    expect(first.statusCode).toBe(202);
    expect(await ended(first.body.jobId, silentApi)).toMatchObject({ status: 'SUCCEEDED', key, executionArn: first.body.executionArn });
    // It is moved.
    expect(errorOf(await start())).toEqual([404, 'object_not_found', 'key']);
    expect(await silent.jobs.jobsOf(key)).toHaveLength(1);
  });
});

test('a rerun is a new attempt each time, and one with an Idempotency-Key', async () => {
  const once = await trigger({ action: 'rerun', jobId: succeeded }, { 'Idempotency-Key': 'my-key' });
  const again = await trigger({ action: 'rerun', jobId: succeeded }, { 'Idempotency-Key': 'my-key' });
  expect([once.statusCode, again.body]).toEqual([202, once.body]);
  const other = await trigger({ action: 'rerun', jobId: succeeded });
  expect(other.body.jobId).not.toBe(once.body.jobId);
  for (const { body: { jobId } } of [once, other]) expect(await ended(jobId)).toMatchObject({ status: 'SUCCEEDED', rerunOf: succeeded });
  const reruns = (await list({ status: 'SUCCEEDED' })).body.jobs.filter(({ rerunOf }: { rerunOf?: string }) => rerunOf === succeeded);
  expect(reruns).toHaveLength(2);
});

describe('a job that is interrupted', () => {
  const key = 'incoming/interrupted.csv';
  let jobId: string;
  let workers: HandlerProcesses;

  beforeAll(async () => {
    workers = await pipeline.processesOf('ProcessChunk');
    await pipeline.upload(key, csv(80_000));
    jobId = (await pipeline.startedJob(key)).file_id;
    await workers.freezeDuring('in mid-job', async () => (await pipeline.jobs.read(jobId)).chunks.length > 0);
  });

  afterAll(() => workers.thaw());

  test('has 409 for every start while it is open', async () => {
    expect((await status(jobId)).body).toMatchObject({ status: 'PROCESSING' });
    const answers = [await trigger({ action: 'start', key }), await trigger({ action: 'resume', jobId }), await trigger({ action: 'rerun', jobId })];
    expect(answers.map(errorOf)).toEqual([[409, 'job_exists', 'key'], [409, 'job_open', 'jobId'], [409, 'job_open', 'jobId']]);
    for (const { body } of answers) expect(body.error.job).toEqual({ jobId, status: 'PROCESSING', run: 1 });
    expect(errorOf(await api.call('GET', '/jobs/{jobId}/report', { jobId }))).toEqual([404, 'report_not_found', undefined]);
  });

  test('is resumed once it has failed, and is published', async () => {
    await pipeline.stop((await pipeline.jobs.read(jobId)).job.execution_arn);
    await waitFor('the job to be closed', async () => (await status(jobId)).body.status === 'FAILED' || undefined);
    workers.thaw();
    expect((await status(jobId)).body).toMatchObject({ resumable: true, error: { code: 'infrastructure', whatToDo: expect.stringContaining('"action":"resume"') } });
    expect(errorOf(await trigger({ action: 'rerun', jobId }))).toEqual([409, 'job_resumable', 'jobId']);

    const { statusCode, body } = await trigger({ action: 'resume', jobId });
    expect([statusCode, body.jobId]).toEqual([202, jobId]);
    expect((await pipeline.ended(body.executionArn)).status).toBe('SUCCEEDED');
    expect((await status(jobId)).body).toMatchObject({ status: 'SUCCEEDED', run: 2 });
    expect(errorOf(await trigger({ action: 'resume', jobId }))).toEqual([409, 'job_succeeded', 'jobId']);
  });
});

describe('bad input', () => {
  test.each<[string, () => Promise<HttpAnswer>, [number, string, string | undefined]]>([
    ['an unknown job', async () => status(UNKNOWN), [404, 'job_not_found', 'jobId']],
    ['what is no id of a job', async () => status('nonsense'), [400, 'invalid_request', 'jobId']],
    ['an unknown status', async () => list({ status: 'DONE' }), [400, 'invalid_request', 'status']],
    ['a time without its zone', async () => list({ from: '2026-11-29T12:00:00' }), [400, 'invalid_request', 'from']],
    ['a limit that is none', async () => list({ limit: 'all' }), [400, 'invalid_request', 'limit']],
    ['a page token that is not ours', async () => list({ nextToken: 'e30.x' }), [400, 'invalid_request', 'nextToken']],
    ['a parameter that is misspelt', async () => list({ state: 'FAILED' }), [400, 'invalid_request', 'state']],
    ['no body', async () => trigger(''), [400, 'invalid_request', 'body']],
    ['a body that is no JSON', async () => trigger('{'), [400, 'invalid_request', 'body']],
    ['an unknown action', async () => trigger({ action: 'stop', jobId: UNKNOWN }), [400, 'invalid_request', 'action']],
    ['a file outside of the prefix', async () => trigger({ action: 'start', key: 'processed/a.csv' }), [400, 'invalid_request', 'key']],
    ['a file of another suffix', async () => trigger({ action: 'start', key: 'incoming/a.exe' }), [400, 'invalid_request', 'key']],
    ['a file that is not there', async () => trigger({ action: 'start', key: 'incoming/none.csv' }), [404, 'object_not_found', 'key']],
    ['a version that is not there', async () => trigger({ action: 'start', key: 'incoming/none.csv', versionId: 'x' }), [404, 'object_not_found', 'versionId']],
    ['a resume of an unknown job', async () => trigger({ action: 'resume', jobId: UNKNOWN }), [404, 'job_not_found', 'jobId']],
    ['a resume of a job that failed for good', async () => trigger({ action: 'resume', jobId: failed }), [409, 'job_failed_for_good', 'jobId']],
  ])('%s', async (_, ask, expected) => {
    const answer = await ask();
    expect(errorOf(answer)).toEqual(expected);
    expect(answer.body.error.requestId).toMatch(/\S/);
    expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.(js|ts):\d+/);
  });

  test('a link that was changed, or has expired, is refused by S3', async () => {
    const { report } = (await status(succeeded)).body.links as { report: string };
    const old = new URL(report);
    old.searchParams.set('X-Amz-Date', '20200101T000000Z');
    expect((await fetch(old)).status).toBe(403);
  });

  test('what is no route is answered in the same form', async () => {
    const { statusCode, body } = await api.send('GET', '/nothing');
    expect([statusCode, body.error.code, typeof body.error.requestId]).toEqual([403, 'access_denied', 'string']);
  });
});
