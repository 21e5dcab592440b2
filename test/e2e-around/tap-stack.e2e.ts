/** The example of bank transactions, as it is deployed: files in, outcome in the queue and in the topic. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { Delivery, QueueReader, settled } from './queue-reader';
import { csvOf } from './transactions-file';
import { JobMessage } from '../../src/contract/job-message';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

let pipeline: DeployedPipeline;
let queue: QueueReader;
let inbox: QueueReader;
beforeAll(() => {
  const { clientConfig, stacks: { TapStack: outputs } } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
  pipeline = new DeployedPipeline('TapStack');
  const sqs = new SQSClient(clientConfig);
  queue = new QueueReader(sqs, outputs.QueueUrl);
  inbox = new QueueReader(sqs, outputs.InboxUrl);
});

async function messagesOf(fileId: string): Promise<JobMessage[]> {
  return (await queue.all()).map((body) => JSON.parse(body) as JobMessage).filter((message) => message.fileId === fileId);
}

async function textsOf(fileId: string): Promise<string[]> {
  return (await inbox.all()).map((body) => (JSON.parse(body) as Delivery).Message).filter((text) => text.includes(fileId));
}

test('a file of several chunks is published as one', async () => {
  const { job, chunks } = await pipeline.process('incoming/many.csv', csvOf({ records: 40_000, badAmounts: 10 }));
  expect(chunks.length).toBeGreaterThan(1);
  expect(job).toMatchObject({ status: 'SUCCEEDED', records_read: 40_000, records_written: 39_990, records_rejected: 10 });
  expect(await settled('its message', 1, async () => messagesOf(job.file_id))).toMatchObject([{ status: 'SUCCEEDED', recordsWritten: 39_990 }]);
});

test('a published file is told in the queue, once', async () => {
  const key = 'incoming/good.csv';
  const { job } = await pipeline.process(key, csvOf({ records: 100 }));
  const again = await pipeline.start({ detail: { bucket: { name: pipeline.bucket }, object: { key, 'version-id': job.version_id, 'etag': job.etag } } });
  await pipeline.ended(again);
  expect(await settled('its message', 1, async () => messagesOf(job.file_id))).toMatchObject([{ status: 'SUCCEEDED', key, run: 1 }]);
  expect(await textsOf(job.file_id)).toEqual([]);
});

test('a file with a wrong header fails, and is told as failed', async () => {
  const { job } = await pipeline.process('incoming/other.csv', 'id,when,how much\n1,2026-11-29,3.50\n');
  expect(job).toMatchObject({ status: 'FAILED', error_code: 'header_mismatch' });
  expect(await settled('its message', 1, async () => messagesOf(job.file_id))).toMatchObject([{ status: 'FAILED', failureKind: 'DATA', errorCode: 'header_mismatch' }]);
  const [text, ...more] = await settled('its text', 1, async () => textsOf(job.file_id));
  expect(more).toEqual([]);
  expect(text).toContain('transaction_id');
  expect(await pipeline.keys('failed/')).toContain(job.moved_to);
});
