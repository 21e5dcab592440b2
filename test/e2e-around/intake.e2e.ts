/** How files come in: through a queue, by hand, and with suffixes of one spelling. */
import { GetQueueAttributesCommand, Message, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { generateTransactions } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';
import { runCommand } from '../e2e/operator-command';

const { clientConfig, stacks } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const FILE = Buffer.concat([...generateTransactions({ sizeBytes: 2_000, seed: 12, badShare: 0 })]);
const LIMIT_MS = 180_000;

const eventOf = (bucket: string, key: string) => ({
  'version': '0', 'detail-type': 'Object Created', 'source': 'aws.s3', 'time': '2026-11-29T10:00:00Z', 'detail': { bucket: { name: bucket }, object: { key } },
});
const settled = async (pipeline: DeployedPipeline, count: number) => waitFor(`${count} jobs to be settled`, async () => {
  const jobs = await pipeline.jobs.allJobs();
  return jobs.length >= count && jobs.every(({ source_state: state }) => state !== undefined) ? jobs : undefined;
}, LIMIT_MS, 500);

describe('through a queue', () => {
  const pipeline = new DeployedPipeline('IntakeByQueue');
  const { IntakeQueueUrl, DeadLetterQueueUrl } = stacks.IntakeByQueue;
  const sqs = new SQSClient({ ...clientConfig, useQueueUrlAsEndpoint: false });

  async function send(...bodies: unknown[]): Promise<void> {
    const Entries = bodies.map((body, index) => ({ Id: String(index), MessageBody: typeof body === 'string' ? body : JSON.stringify(body) }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: IntakeQueueUrl, Entries }));
  }

  const isEmpty = async () => waitFor('the intake queue to be empty', async () => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: IntakeQueueUrl, AttributeNames: ['All'] }));
    return Attributes!.ApproximateNumberOfMessages === '0' && Attributes!.ApproximateNumberOfMessagesNotVisible === '0' ? true : undefined;
  }, LIMIT_MS);

  async function deadLetters(count: number): Promise<Message[]> {
    const found = new Map<string, Message>();
    return waitFor(`${count} dead letters`, async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({
        QueueUrl: DeadLetterQueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0, MessageAttributeNames: ['All'],
      }));
      for (const message of Messages) found.set(message.MessageId!, message);
      return found.size >= count ? [...found.values()] : undefined;
    }, LIMIT_MS);
  }

  test('a burst of 30 files is 30 jobs, each started once and published', async () => {
    const keys = Array.from({ length: 30 }, (_, index) => `incoming/burst/${index}.csv`);
    await Promise.all(keys.map(async (key) => pipeline.upload(key, FILE)));
    const jobs = await settled(pipeline, 30);
    expect(jobs.map(({ key }) => key).sort()).toEqual([...keys].sort());
    expect(jobs.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
    await isEmpty();
    const executions = (await Promise.all(keys.map(async (key) => pipeline.executionsFor(key)))).flat();
    expect(executions).toHaveLength(30);
    for (const { name } of executions) expect(name).toMatch(/^file-[0-9a-f]{32}$/);
    expect(await pipeline.keys('incoming/')).toEqual([]);
  }, LIMIT_MS);

  test('what is no file goes to the dead-letter queue with its reason, and its neighbours start', async () => {
    await pipeline.without('Intake', async () => {
      await pipeline.upload('incoming/by event.csv', FILE);
      await pipeline.upload('incoming/by notification+ü.csv', FILE);
    });
    const notification = {
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      eventTime: '2026-11-29T10:00:00.000Z',
      s3: { bucket: { name: pipeline.bucket }, object: { key: 'incoming/by+notification%2B%C3%BC.csv' } },
    };
    await send(
      'no event', eventOf(pipeline.bucket, 'incoming/by event.csv'), { Service: 'Amazon S3', Event: 's3:TestEvent' },
      eventOf(pipeline.bucket, 'reports/a.csv'), { Records: [notification] },
    );

    expect(await pipeline.endedFor('incoming/by event.csv')).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await pipeline.endedFor('incoming/by notification+ü.csv')).toMatchObject([{ status: 'SUCCEEDED' }]);
    await isEmpty();
    const dead = (await deadLetters(2)).map(({ Body, MessageAttributes: { ERROR_CODE: code, ERROR_MESSAGE: message } = {} }) => (
      [Body, code?.StringValue, message?.StringValue]
    ));
    expect(dead).toHaveLength(2);
    expect(dead).toContainEqual(['no event', 'REFUSED', 'expected an event of S3 in JSON, got something else']);
    expect(dead).toContainEqual([
      expect.stringContaining('reports/a.csv'), 'REFUSED', 'expected a key that begins with incoming/, and ends with .csv (in any case), got reports/a.csv',
    ]);
  }, LIMIT_MS);

  test('a message that comes twice starts nothing more', async () => {
    await pipeline.without('Intake', async () => pipeline.upload('incoming/twice.csv', FILE));
    const message = eventOf(pipeline.bucket, 'incoming/twice.csv');
    await send(message, message);
    expect(await pipeline.endedFor('incoming/twice.csv')).toMatchObject([{ status: 'SUCCEEDED' }]);
    await send(message);
    await isEmpty();
    expect(await pipeline.executionsFor('incoming/twice.csv')).toHaveLength(1);
    expect(await pipeline.jobs.jobsOf('incoming/twice.csv')).toHaveLength(1);
  }, LIMIT_MS);

  test('redrive leaves what was refused, and starts the event of a file that was started too often in vain', async () => {
    await pipeline.without('Intake', async () => pipeline.upload('incoming/in-vain.csv', FILE));
    await sqs.send(new SendMessageBatchCommand({
      QueueUrl: DeadLetterQueueUrl, Entries: [{ Id: '0', MessageBody: JSON.stringify(eventOf(pipeline.bucket, 'incoming/in-vain.csv')) }],
    }));
    const { status, stdout } = await runCommand('redrive', '--pipeline', 'IntakeByQueue/Pipeline');
    expect(stdout).toContain('3 messages: 1 started, 0 deleted, 2 left');
    expect(stdout).toContain('message of the intake queue that starts no job  (REFUSED: expected an event of S3 in JSON, got something else)');
    expect(status).toBe(1);
    expect(await pipeline.endedFor('incoming/in-vain.csv')).toMatchObject([{ status: 'SUCCEEDED' }]);
  }, LIMIT_MS);
});

describe('by hand', () => {
  const pipeline = new DeployedPipeline('IntakeByHand');

  test('a file starts nothing, and the sweep does not start it: who starts it has its job', async () => {
    await pipeline.upload('incoming/a.csv', FILE);
    await pipeline.upload('incoming/b.csv', FILE);
    expect(await pipeline.sweep()).toMatchObject({ started: 0 });
    expect(await pipeline.jobs.allJobs()).toEqual([]);

    const execution = await pipeline.ended(await pipeline.start({ detail: { bucket: { name: pipeline.bucket }, object: { key: 'incoming/a.csv' } } }));
    expect(execution.status).toBe('SUCCEEDED');
    expect(await pipeline.sweep()).toMatchObject({ started: 0 });
    expect(await settled(pipeline, 1)).toMatchObject([{ key: 'incoming/a.csv', status: 'SUCCEEDED' }]);
    expect(await pipeline.keys('incoming/')).toEqual(['incoming/b.csv']);
  }, LIMIT_MS);
});

describe('with suffixes of one spelling', () => {
  const pipeline = new DeployedPipeline('IntakeExact');

  test('one rule starts .csv and .json, and neither it nor the sweep takes .CSV', async () => {
    const record = {
      transaction_id: 't', account_id: 'a', transaction_date: '2026-11-29T10:00:00Z', amount: '1.00', currency: 'EUR', merchant: 'm', category: 'c',
    };
    await pipeline.upload('incoming/c.CSV', FILE);
    await pipeline.upload('incoming/a.csv', FILE);
    await pipeline.upload('incoming/b.json', JSON.stringify([record]));
    const jobs = await settled(pipeline, 2);
    expect(jobs.map(({ key, status }) => `${key} ${status}`).sort()).toEqual(['incoming/a.csv SUCCEEDED', 'incoming/b.json SUCCEEDED']);
    expect(await pipeline.sweep()).toMatchObject({ started: 0 });
    expect(await pipeline.keys('incoming/')).toEqual(['incoming/c.CSV']);
  }, LIMIT_MS);
});
