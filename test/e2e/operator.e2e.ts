import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeployedPipeline } from './deployed-pipeline';
import { Deployment } from './global-setup';
import { HandlerProcesses } from './handler-processes';
import { runCommand as run } from './operator-command';
import { generateTransactions } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';

const { clientConfig } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;

async function jobsOf(name: string, ...flags: string[]): Promise<Array<Record<string, unknown>>> {
  const { status, stdout, stderr } = await run('jobs', '--pipeline', name, '--json', ...flags);
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function deadLetterQueueOf(stackName: string): Promise<string> {
  const { StackResources = [] } = await new CloudFormationClient(clientConfig).send(new DescribeStackResourcesCommand({ StackName: stackName }));
  return StackResources.find(({ ResourceType }) => ResourceType === 'AWS::SQS::Queue')!.PhysicalResourceId!;
}

const csv = (records: number) => Buffer.concat([...generateTransactions({ sizeBytes: records * 100, seed: 5 })]);

describe('a pipeline is named', () => {
  test.each(['Transactions/Tap-e2e', 'Transactions'])('%s', async (name) => {
    expect(await run('jobs', '--pipeline', name)).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    ['Nowhere/Tap-e2e', 'expected a stack Nowhere in this account and region, found none'],
    ['Transactions/Tap-prod', 'expected --pipeline to name one of the pipelines of the stack Transactions (Transactions/Tap-e2e), got Transactions/Tap-prod'],
  ])('%s is none', async (name, message) => {
    const { status, stdout, stderr } = await run('jobs', '--pipeline', name);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});

describe('without a look at the stack', () => {
  const without = (name: string, ...args: string[]) => run('jobs', '--sweep-function', name, ...args);
  let sweep: string;

  beforeAll(async () => {
    const { StackResources = [] } = await new CloudFormationClient(clientConfig).send(new DescribeStackResourcesCommand({ StackName: 'Transactions' }));
    sweep = StackResources.find(({ LogicalResourceId }) => /SweepJobsFunction[0-9A-F]{8}$/.test(LogicalResourceId!))!.PhysicalResourceId!;
  });

  test('a pipeline is found by its SweepJobs function, with its table, state machine and queue', async () => {
    const pipeline = new DeployedPipeline('Transactions');
    const { job } = await pipeline.process('incoming/without-stack.csv', csv(100));
    const listed = await without(sweep, '--status', 'succeeded', '--json');
    expect(listed).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining(job.file_id) });
    expect(await run('redrive', '--pipeline', 'Transactions/Tap-e2e', '--sweep-function', sweep, '--dry-run'))
      .toMatchObject({ status: 0, stderr: '', stdout: '0 messages: 0 would be started, 0 would be deleted, 0 left\n' });
    const rerun = await run('rerun', '--sweep-function', sweep, job.file_id, '--yes', '--wait', '--timeout', '90s');
    expect(rerun).toMatchObject({ status: 0, stdout: expect.stringContaining(`${job.file_id}  SUCCEEDED`) });
  });

  test('another function, one of another pipeline, and one that is not there are none', async () => {
    const another = await without(sweep.replace('sweep-jobs', 'close-job'));
    expect([another.status, another.stderr]).toEqual([1, expect.stringContaining('expected --sweep-function to be the SweepJobs function of a pipeline')]);
    const ofAnother = await without(sweep, '--pipeline', 'Keyed/Pipeline');
    expect([ofAnother.status, ofAnother.stderr]).toEqual([1, expect.stringContaining('expected --pipeline to be Transactions/Tap-e2e')]);
    const nowhere = await without('nowhere');
    expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringMatching(/expected lambda:GetFunctionConfiguration to succeed, got ResourceNotFoundException: .*nowhere/)]);
  });
});

describe('a job that is interrupted', () => {
  const NAME = 'Slow/Pipeline';
  const pipeline = new DeployedPipeline('Slow');
  const key = 'incoming/operated.csv';
  let fileId: string;
  let workers: HandlerProcesses;

  const listed = async () => (await jobsOf(NAME)).find((job) => job.fileId === fileId);

  beforeAll(async () => {
    workers = await pipeline.processesOf('ProcessChunk');
    await pipeline.upload(key, csv(80_000));
    fileId = (await pipeline.startedJob(key)).file_id;
    // The command may take longer than the job.
    await workers.freezeDuring('in mid-job', async () => (await pipeline.jobs.read(fileId)).chunks.length > 0);
  });

  afterAll(() => workers.thaw());

  test('is listed as open while its execution runs, and is not resumed', async () => {
    expect(await waitFor('the job in the index', listed)).toMatchObject({ key, executionRuns: true });
    const { status, stderr } = await run('resume', '--pipeline', NAME, fileId);
    expect(status).toBe(1);
    expect(stderr).toMatch(/expected a job that has ended, got one that is P/);
  });

  test('is listed with its reason once it has failed', async () => {
    await pipeline.stop((await pipeline.jobs.read(fileId)).job.execution_arn);
    const failed = await waitFor('the job to be closed', async () => {
      const job = await listed();
      return job?.status === 'FAILED' ? job : undefined;
    });
    workers.thaw();
    expect(failed).toMatchObject({ resumable: true, errorCode: 'infrastructure', errorMessage: expect.stringContaining('ABORTED') });
  });

  test('is no job to rerun', async () => {
    const { status, stderr } = await run('rerun', '--pipeline', NAME, fileId, '--yes');
    expect(status).toBe(1);
    expect(stderr).toContain('`resume` does only what is left');
  });

  test('is resumed, and waited for', async () => {
    const { status, stdout } = await run('resume', '--pipeline', NAME, fileId, '--wait', '--timeout', '90s');
    expect(stdout).toContain(`${fileId}  SUCCEEDED`);
    expect(status).toBe(0);
    expect((await pipeline.jobs.read(fileId)).job).toMatchObject({ status: 'SUCCEEDED', run: 2 });
  });
});

describe('a job that has ended for good', () => {
  const NAME = 'Transactions/Tap-e2e';
  const pipeline = new DeployedPipeline('Transactions');

  test('is not resumed; rerun makes a job of its own of its file, with its own output', async () => {
    const first = await pipeline.process('incoming/rerun.csv', csv(1000));
    const { file_id: fileId } = first.job;
    const resumed = await run('resume', '--pipeline', NAME, fileId);
    expect([resumed.status, resumed.stderr]).toEqual([1, expect.stringContaining('there is nothing to resume')]);
    const unsure = await run('rerun', '--pipeline', NAME, fileId);
    expect([unsure.status, unsure.stderr]).toEqual([1, expect.stringContaining('expected --yes')]);

    expect(await run('rerun', '--pipeline', NAME, fileId, '--yes', '--wait', '--timeout', '90s')).toMatchObject({ status: 0 });
    const reruns = (await jobsOf(NAME, '--status', 'succeeded')).filter(({ rerunOf }) => rerunOf === fileId);
    expect(reruns).toHaveLength(1);
    const rerun = await pipeline.jobs.read(reruns[0].fileId as string);
    expect(rerun.job.file_id).not.toBe(fileId);
    expect((await pipeline.published(rerun)).equals(await pipeline.published(first))).toBe(true);
  });

  test('has no other answer for a job that is not there', async () => {
    const { status, stderr } = await run('resume', '--pipeline', NAME, 'f'.repeat(32));
    expect([status, stderr]).toEqual([1, expect.stringContaining('expected a job of this pipeline, found none')]);
  });
});

describe('the dead-letter queue', () => {
  const NAME = 'Keyed/Pipeline';
  const pipeline = new DeployedPipeline('Keyed');
  const sqs = new SQSClient(clientConfig);
  let queueUrl: string;

  const send = async (body: unknown) => sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(body) }));
  const file = 'order_id,line_no,note\n1,1,a\n';
  /** The event of a file whose rule could not reach the state machine. */
  const eventOf = (id: string, key: string) => ({
    id, 'version': '0', 'detail-type': 'Object Created', 'source': 'aws.s3', 'detail': { bucket: { name: pipeline.bucket }, object: { key } },
  });

  beforeAll(async () => { queueUrl = await deadLetterQueueOf('Keyed'); });

  test('is empty', async () => {
    expect(await run('redrive', '--pipeline', NAME)).toMatchObject({ status: 0, stdout: '0 messages: 0 started, 0 deleted, 0 left\n' });
  });

  test('the event of a file that started nothing makes it a job, once', async () => {
    // Without the suffix that starts jobs by itself.
    const key = 'incoming/undelivered.dat';
    await pipeline.upload(key, file);
    await send(eventOf('e2e-undelivered', key));
    const dry = await run('redrive', '--pipeline', NAME, '--dry-run');
    expect(dry).toMatchObject({ status: 0, stdout: expect.stringContaining(`would start  file ${key}`) });

    const done = await run('redrive', '--pipeline', NAME);
    expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('1 message: 1 started, 0 deleted, 0 left') });
    const { execution_arn: executionArn } = await pipeline.startedJob(key);
    expect(executionArn).toMatch(/:redrive-e2e-undelivered$/);
    expect((await pipeline.ended(executionArn)).status).toBe('SUCCEEDED');

    await send(eventOf('e2e-undelivered', key));
    expect(await run('redrive', '--pipeline', NAME)).toMatchObject({ status: 0, stdout: expect.stringContaining('it was started before') });
    expect(await pipeline.jobs.jobsOf(key)).toHaveLength(1);
  });

  test('an ended execution whose job is known is deleted, a message of something else is left', async () => {
    const { job } = await pipeline.process('incoming/known.csv', file);
    await send({
      'id': 'e2e-ended',
      'source': 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      'detail': { executionArn: job.execution_arn, status: 'FAILED', input: '{}' },
    });
    await send({ source: 'somebody.else' });
    const { status, stdout } = await run('redrive', '--pipeline', NAME);
    expect(stdout).toContain(`the sweep closes its job ${job.file_id}, if it is open`);
    expect(stdout).toContain('2 messages: 0 started, 1 deleted, 1 left');
    expect(status).toBe(1);
    expect(await run('redrive', '--pipeline', NAME)).toMatchObject({ status: 1, stdout: expect.stringContaining('1 message: 0 started, 0 deleted, 1 left') });
  });
});
