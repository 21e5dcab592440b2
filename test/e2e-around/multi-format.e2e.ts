/** examples/multi-format on the emulator: CSV and JSON files in; records, catalog, queue, topic and metrics out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { GetPartitionsCommand, GlueClient, Partition } from '@aws-sdk/client-glue';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DuckDBConnection } from '@duckdb/node-api';
import { metricsIn, monitoring } from './deployed-monitoring';
import { Delivery, QueueReader, settled } from './queue-reader';
import { JobRecord, waitFor } from '../../emulator/job-watch';
import { keysOf } from '../../emulator/keys';
import { JobItem } from '../../src/contract/job-item';
import { JobMessage } from '../../src/contract/job-message';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

const { clientConfig, stacks: { MultiFormat: outputs } } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const pipeline = new DeployedPipeline('MultiFormat');
const s3 = new S3Client(clientConfig);
const sqs = new SQSClient({ ...clientConfig, useQueueUrlAsEndpoint: false });
const glue = new GlueClient(clientConfig);
const LIMIT_MS = 180_000;

interface Order {
  readonly order_id: string;
  readonly customer_id: string;
  readonly ordered_at: string;
  readonly amount: string;
  readonly currency: string;
}

const COLUMNS = ['order_id', 'customer_id', 'ordered_at', 'amount', 'currency'] as const;
const order = (id: number, changes: Partial<Order> = {}): Order => ({
  order_id: `o-${id}`, customer_id: `c-${id % 7}`, ordered_at: '28.11.2026 10:05', amount: `${id}.5`, currency: 'EUR', ...changes,
});
const ordersOf = (count: number) => Array.from({ length: count }, (_, id) => order(id));
const csvOf = (orders: readonly Order[]) => [COLUMNS.join(','), ...orders.map((one) => COLUMNS.map((name) => one[name]).join(',')), ''].join('\n');
const jsonOf = (orders: readonly Order[]) => JSON.stringify(orders, undefined, 1);

async function processedBytes(key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: outputs.ProcessedBucketName, Key: key }));
  return buffer(Body as NodeJS.ReadableStream);
}

const processedText = async (key: string) => (await processedBytes(key)).toString();

const directory = mkdtempSync(join(tmpdir(), 'e2e-multi-format-'));
let duckdb: DuckDBConnection;
beforeAll(async () => { duckdb = await DuckDBConnection.create(); });
afterAll(() => {
  duckdb.closeSync();
  rmSync(directory, { recursive: true });
});

/** What was published of a job, as its manifest lists it. */
async function publishedOrders({ file_id: fileId, ingest_date: date }: JobItem): Promise<Array<Record<string, unknown>>> {
  const manifest = await processedText(keysOf(fileId).publishedManifest(date));
  const { files } = JSON.parse(manifest) as { readonly files: ReadonlyArray<{ readonly key: string }> };
  const parts = await Promise.all(files.map(async ({ key }, index) => {
    const part = join(directory, `${fileId}-${String(index).padStart(5, '0')}.parquet`);
    writeFileSync(part, await processedBytes(key));
    return `'${part}'`;
  }));
  const columns = '* REPLACE (epoch_ms(ordered_at) AS ordered_at, CAST(amount AS VARCHAR) AS amount)';
  return (await duckdb.runAndReadAll(`SELECT ${columns} FROM read_parquet([${parts.join(', ')}])`)).getRowObjectsJS();
}

const notifications = new QueueReader(sqs, outputs.NotificationQueueUrl);
const inbox = new QueueReader(sqs, outputs.InboxUrl);
const deadLetters = new QueueReader(sqs, outputs.DeadLetterQueueUrl);

async function messagesOf(fileId: string): Promise<JobMessage[]> {
  return (await notifications.all()).map((body) => JSON.parse(body) as JobMessage).filter((message) => message.fileId === fileId);
}

async function textsOf(fileId: string): Promise<Delivery[]> {
  return (await inbox.all()).map((body) => JSON.parse(body) as Delivery).filter(({ Message: text }) => text.includes(fileId));
}

async function partitionOf(fileId: string): Promise<Partition | undefined> {
  const { Partitions = [] } = await glue.send(new GetPartitionsCommand({ DatabaseName: outputs.DatabaseName, TableName: outputs.TableName }));
  return Partitions.find(({ Values = [] }) => Values[1] === fileId);
}

/** The event that has told of a file. */
async function eventOf({ key }: JobItem): Promise<object> {
  const [{ input }] = await pipeline.executionsFor(key);
  return { 'version': '0', 'detail-type': 'Object Created', 'source': 'aws.s3', ...JSON.parse(input!) as object };
}

async function sendToIntake(body: string): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: outputs.IntakeQueueUrl, MessageBody: body }));
}

const since = Date.now();
/** The same 200 orders in both. */
let csv: JobRecord;
let json: JobRecord;
/** Half of its orders have no amount. */
let refused: JobRecord;

beforeAll(async () => {
  csv = await pipeline.process('incoming/shop 1.csv', csvOf(ordersOf(200)));
  json = await pipeline.process('incoming/shop 2.json', jsonOf(ordersOf(200)));
  refused = await pipeline.process('incoming/broken.json', jsonOf(ordersOf(20).map((one, index) => index < 10 ? { ...one, amount: 'much' } : one)));
}, LIMIT_MS);

test('CSV and JSON files are published alike', async () => {
  for (const { job } of [csv, json]) expect(job).toMatchObject({ status: 'SUCCEEDED', records_read: 200, records_written: 200 });
  const published = await publishedOrders(csv.job);
  expect(published[3]).toEqual({
    order_id: 'o-3', customer_id: 'c-3', ordered_at: BigInt(Date.parse('2026-11-28T10:05:00Z')), amount: '3.50', currency: 'EUR', needs_review: false,
  });
  expect(published).toHaveLength(200);
  expect(await publishedOrders(json.job)).toEqual(published);
});

test('sources stay in the raw bucket, what came of them lies in the processed one', async () => {
  const prefixesIn = async (bucket: string) => {
    const prefixes = new Set<string>();
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
      for (const { Key: key } of Contents) prefixes.add(key!.replace(/\/.*/, ''));
    }
    return [...prefixes].sort();
  };
  await waitFor('the files to be moved', async () => (await pipeline.keys('incoming/')).length === 0 || undefined);
  expect(await prefixesIn(outputs.RawBucketName)).toEqual(['failed', 'processed']);
  expect(await prefixesIn(outputs.ProcessedBucketName)).toEqual(['output', 'quarantine', 'reports', 'work']);
});

test('a file of another suffix, or another spelling of it, is left alone', async () => {
  const others = ['incoming/orders.CSV', 'incoming/orders.jsonl', 'incoming/orders.csv.gz'];
  for (const key of others) await pipeline.upload(key, csvOf(ordersOf(1)));
  expect(await pipeline.sweep()).toMatchObject({ started: 0 });
  expect(await pipeline.keys('incoming/')).toEqual([...others].sort());
  for (const key of others) await pipeline.remove(key);
});

test('the rule of the company leaves out, refuses and marks orders', async () => {
  const orders = [...ordersOf(200), order(200, { customer_id: 'TEST-7' }), order(201, { currency: 'JPY' }), order(202, { amount: '10000.01' }), order(203, { amount: '10000' })];
  const { job } = await pipeline.process('incoming/ruled.csv', csvOf(orders));
  expect(job).toMatchObject({ status: 'SUCCEEDED', records_read: 204, records_written: 202, records_filtered: 1, records_rejected: 1, rejects_by_code: { transform: 1 } });
  const published = await publishedOrders(job);
  expect(published.filter(({ needs_review: needsReview }) => needsReview).map(({ order_id: id }) => id)).toEqual(['o-202']);
  expect(published.at(-1)).toMatchObject({ order_id: 'o-203', amount: '10000.00', needs_review: false });
  expect(await processedText(job.rejected_key!)).toContain('expected one of the currencies EUR, USD, GBP, got JPY');
});

test('a file that is published is told in the queue, and not to the topic', async () => {
  expect(await settled('its message', 1, async () => messagesOf(csv.job.file_id))).toEqual([expect.objectContaining({
    status: 'SUCCEEDED', key: 'incoming/shop 1.csv', bucket: outputs.RawBucketName, outputBucket: outputs.ProcessedBucketName, recordsRead: 200, recordsWritten: 200,
  })]);
  expect(await textsOf(csv.job.file_id)).toEqual([]);
});

test('a file that does not pass is told to the topic and in the queue, once', async () => {
  const { job } = refused;
  expect(job).toMatchObject({ status: 'FAILED', error_code: 'too_many_rejects', resumable: false });
  expect(await settled('its message', 1, async () => messagesOf(job.file_id))).toEqual([expect.objectContaining({
    status: 'FAILED', failureKind: 'DATA', errorCode: 'too_many_rejects', recordsRead: 20, recordsRejected: 10,
  })]);
  const texts = await settled('its text', 1, async () => textsOf(job.file_id));
  expect(texts.map(({ Subject }) => Subject)).toEqual(['Job failed: broken.json (too_many_rejects)']);
  expect(texts[0].Message).toContain('expected at most 1 % rejected records, got 10 of 20');
  expect(texts[0].Message).toContain(`Rejected records: s3://${outputs.ProcessedBucketName}/${job.rejected_key}\n`);
});

test('a second delivery starts nothing more, and is told once', async () => {
  for (const { job } of [csv, refused]) {
    const event = await eventOf(job);
    // Through the queue, and past it.
    for (let count = 0; count < 2; count++) await sendToIntake(JSON.stringify(event));
    await pipeline.ended(await pipeline.start(event));
    await waitFor('the intake queue to be empty', async () => {
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: outputs.IntakeQueueUrl, AttributeNames: ['All'] }));
      return Attributes!.ApproximateNumberOfMessages === '0' && Attributes!.ApproximateNumberOfMessagesNotVisible === '0' ? true : undefined;
    });
    const executions = await pipeline.executionsFor(job.key);
    expect(executions.map(({ name }) => name!.startsWith('file-')).sort()).toEqual([false, true]);
    expect(await pipeline.jobs.jobsOf(job.key)).toHaveLength(1);
    expect(await settled('its message', 1, async () => messagesOf(job.file_id))).toHaveLength(1);
  }
  expect(await textsOf(csv.job.file_id)).toHaveLength(0);
  expect(await textsOf(refused.job.file_id)).toHaveLength(1);
});

test('a burst of both formats is taken from the queue, each file once', async () => {
  const keys = Array.from({ length: 12 }, (_, index) => `incoming/burst/${index}.${index % 2 === 0 ? 'csv' : 'json'}`);
  await Promise.all(keys.map(async (key, index) => pipeline.upload(key, index % 2 === 0 ? csvOf(ordersOf(5)) : jsonOf(ordersOf(5)))));
  const jobs = await waitFor('their jobs', async () => {
    const found = (await pipeline.jobs.allJobs()).filter(({ key }) => key.startsWith('incoming/burst/'));
    return found.length >= keys.length && found.every(({ source_state: state }) => state !== undefined) ? found : undefined;
  }, LIMIT_MS, 500);
  expect(jobs.map(({ key, status }) => `${key} ${status}`).sort()).toEqual(keys.map((key) => `${key} SUCCEEDED`).sort());
  for (const key of keys) expect((await pipeline.executionsFor(key)).map(({ name }) => name)).toEqual([expect.stringMatching(/^file-[0-9a-f]{32}$/)]);
}, LIMIT_MS);

test('a message that is no upload goes to the dead-letter queue with its reason', async () => {
  await sendToIntake('no event');
  const found = await waitFor('the message', async () => (await deadLetters.messages()).find(({ Body }) => Body === 'no event'));
  const { ERROR_CODE: code, ERROR_MESSAGE: message } = found.MessageAttributes!;
  expect([code.StringValue, message.StringValue]).toEqual(['REFUSED', 'expected an event of S3 in JSON, got something else']);
});

test('the catalog has a partition for each published file, and none for another', async () => {
  for (const { job } of [csv, json]) {
    const partition = await waitFor(`a partition of ${job.key}`, async () => partitionOf(job.file_id));
    expect(partition.Values).toEqual([job.ingest_date, job.file_id]);
    expect(partition.StorageDescriptor!.Location).toBe(`s3://${outputs.ProcessedBucketName}/output/ingest_date=${job.ingest_date}/file_id=${job.file_id}/`);
    expect(partition.StorageDescriptor!.Columns!.map(({ Name }) => Name)).toEqual([...COLUMNS, 'needs_review']);
  }
  expect(await partitionOf(refused.job.file_id)).toBeUndefined();
});

test('the job table tells the history of a file', async () => {
  const history = async ({ job }: JobRecord) => waitFor('the last entry', async () => {
    const { events } = await pipeline.jobs.read(job.file_id);
    return events.some(({ event }) => event === 'announced') && events.some(({ event }) => event === 'moved') ? events : undefined;
  });
  const events = await history(csv);
  expect(events.map(({ event }) => event)).toEqual(['claimed', 'validated', 'planned', 'processed', 'judged', 'publishing', 'succeeded', 'announced', 'moved']);
  for (const { at, run } of events) expect([Number.isInteger(at), run]).toEqual([true, 1]);
  expect(events[3]).toMatchObject({ stages: { transform: { records: 200 } } });
  expect((await history(refused)).map(({ event }) => event)).toContain('failed');
});

test('the metrics that the alarms look at have the values of the files', async () => {
  const ofPipeline = { Pipeline: 'MultiFormat/Orders-e2e' };
  const ended = await metricsIn('log-group-orders-finalize-job-e2e', 'JobsRejected', since);
  for (const values of [
    { JobsSucceeded: 1, RecordsRead: 200, RecordsWritten: 200, RecordsRejected: 0 },
    { JobsFailed: 1, JobsRejected: 1, RecordsRead: 20, RecordsRejected: 10 },
  ]) expect(ended).toContainEqual(expect.objectContaining({ ...ofPipeline, ...values }));
});

test('a job that nobody works on is older than the SLA at the next sweep', async () => {
  const key = 'incoming/stopped.csv';
  await pipeline.without('ExecutionEnded', async () => {
    await pipeline.upload(key, csvOf(ordersOf(60_000)));
    const { execution_arn: started } = await pipeline.startedJob(key);
    await pipeline.stop(started);
    await pipeline.ended(started);
  });
  const before = Date.now();
  // It sweeps as it would in 20 minutes.
  expect(await pipeline.sweep()).toMatchObject({ closed: 1 });
  const [swept] = await metricsIn('log-group-orders-sweep-jobs-e2e', 'OldestSlaJobAge', before);
  expect(swept).toMatchObject({ Pipeline: 'MultiFormat/Orders-e2e', OpenJobs: 1, JobsInterrupted: 1 });
  const alarm = await monitoring('DescribeAlarms', { 'AlarmNames.member.1': 'alarm-orders-job-age-e2e' });
  const [, threshold] = /<Threshold>([\d.]+)<\/Threshold>/.exec(alarm)!;
  // What it saw open, and what this had come to when it closed it.
  const ages = [swept.OldestSlaJobAge].flat().map(Number);
  expect([Number(threshold), ages.length, Math.max(...ages) > Number(threshold)]).toEqual([900, 2, true]);
}, LIMIT_MS);
