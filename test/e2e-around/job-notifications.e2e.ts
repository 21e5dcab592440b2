/** How each job ended, in the queue and in the topic of a pipeline that is deployed to the emulator. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { Delivery, QueueReader, settled } from './queue-reader';
import { waitFor } from '../../emulator/job-watch';
import { JobMessage } from '../../src/contract/job-message';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

const HEADER = 'transaction_id,account_id,transaction_date,amount,currency,merchant,category\n';

let pipeline: DeployedPipeline;
let queue: QueueReader;
let inbox: QueueReader;
beforeAll(() => {
  const { clientConfig, stacks: { JobNotifications: outputs } } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
  pipeline = new DeployedPipeline('JobNotifications');
  const sqs = new SQSClient(clientConfig);
  queue = new QueueReader(sqs, outputs.NotificationQueueUrl);
  inbox = new QueueReader(sqs, outputs.InboxUrl);
});

async function messagesOf(fileId: string): Promise<JobMessage[]> {
  return (await queue.all()).map((body) => JSON.parse(body) as JobMessage).filter((message) => message.fileId === fileId);
}

async function deliveriesOf(fileId: string): Promise<Delivery[]> {
  return (await inbox.all()).map((body) => JSON.parse(body) as Delivery).filter(({ Message }) => Message.includes(fileId));
}

function transactions(count: number, bad = 0): string {
  const rows = Array.from({ length: count }, (_, id) => (
    `T${String(id).padStart(9, '0')},A${id % 100},2026-11-21T10:00:00Z,${id < bad ? 'none' : '12.34'},EUR,Shop,food\n`
  ));
  return HEADER + rows.join('');
}

test('a file that is published is told in the queue, and not in the topic', async () => {
  const { job } = await pipeline.process('incoming/good file.csv', transactions(100));
  expect(job.status).toBe('SUCCEEDED');
  const messages = await settled('its message', 1, async () => messagesOf(job.file_id));
  expect(messages).toEqual([expect.objectContaining({
    version: '1',
    status: 'SUCCEEDED',
    run: 1,
    bucket: pipeline.bucket,
    key: 'incoming/good file.csv',
    recordsRead: 100,
    recordsWritten: 100,
    recordsRejected: 0,
    moveTo: job.moved_to,
    outputBucket: pipeline.bucket,
  })]);
  const [{ manifestKey, outputPrefix, rejectedKey, reportKey }] = messages;
  expect(JSON.parse((await pipeline.read(manifestKey!)).toString())).toMatchObject({ fileId: job.file_id, records: 100 });
  expect(await pipeline.keys(outputPrefix!)).toContain(manifestKey);
  for (const key of [rejectedKey, reportKey]) expect((await pipeline.read(key!)).length).toBeGreaterThan(0);
  expect(await deliveriesOf(job.file_id)).toEqual([]);
});

test('a file that is refused is told in both, once, also when its event comes again', async () => {
  const key = 'incoming/schlecht-ü.csv';
  const { job } = await pipeline.process(key, transactions(100, 50));
  expect(job).toMatchObject({ status: 'FAILED', error_code: 'too_many_rejects' });
  await settled('its message', 1, async () => messagesOf(job.file_id));
  const again = await pipeline.start({ detail: { bucket: { name: pipeline.bucket }, object: { key, 'version-id': job.version_id, 'etag': job.etag } } });
  await pipeline.ended(again);

  const messages = await settled('its message', 1, async () => messagesOf(job.file_id));
  expect(messages).toEqual([expect.objectContaining({ status: 'FAILED', failureKind: 'DATA', errorCode: 'too_many_rejects', resumable: false, recordsRejected: 50 })]);
  const deliveries = await settled('its text', 1, async () => deliveriesOf(job.file_id));
  expect(deliveries.map(({ Subject }) => Subject)).toEqual(['Job failed: schlecht-?.csv (too_many_rejects)']);
  const [{ Message: text, MessageAttributes: attributes }] = deliveries;
  expect(text).toContain(`File:     s3://${pipeline.bucket}/${key}\n`);
  expect(text).toContain('expected at most 1 % rejected records, got 50 of 100');
  expect(text).toContain(`Rejected records: s3://${pipeline.bucket}/${messages[0].rejectedKey}\n`);
  expect((await pipeline.rejected(await pipeline.jobs.read(job.file_id))).length).toBe(50);
  expect(attributes).toMatchObject({ errorCode: { Value: 'too_many_rejects' }, failureKind: { Value: 'DATA' } });
});

test('an execution that is aborted is told as failed, and its resume as succeeded, in order', async () => {
  const key = 'incoming/aborted.csv';
  const validator = await pipeline.processesOf('ValidateFile');
  validator.freeze();
  await pipeline.upload(key, transactions(100));
  const execution = await waitFor('its execution', async () => (await pipeline.executionsFor(key))[0]);
  await pipeline.stop(execution.executionArn!);
  const job = await waitFor('the job to be closed', async () => (await pipeline.jobs.jobsOf(key)).find(({ status }) => status === 'FAILED'));
  validator.thaw();
  await settled('its message', 1, async () => messagesOf(job.file_id));
  const deliveries = await settled('its text', 1, async () => deliveriesOf(job.file_id));
  expect(deliveries.map(({ Subject }) => Subject)).toEqual(['Job failed: aborted.csv (infrastructure)']);
  expect(deliveries[0].Message).toContain(`csv-chunk-pipeline resume --pipeline JobNotifications/Pipeline ${job.file_id}`);

  expect((await pipeline.resume(job.file_id)).status).toBe('SUCCEEDED');
  const messages = await settled('both messages', 2, async () => messagesOf(job.file_id));
  expect(messages.map(({ run, status, failureKind }) => [run, status, failureKind])).toEqual([[1, 'FAILED', 'INFRASTRUCTURE'], [2, 'SUCCEEDED', undefined]]);
  expect((await deliveriesOf(job.file_id)).length).toBe(1);
});
