/** What a team asked for whose own stack is described in Terraform: its behaviour, one by one. See docs/raw-payments.md. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { holdRequirements } from './requirements-table';
import { RawPaymentsStack } from '../../examples/raw-payments/raw-payments-stack';
import { permissionsOf } from '../around/role-permissions';
import { createdEvent, World } from '../steps/support/world';
import { newApp, Resource, Synthesized } from '../synthesize';

const PAGE = 'docs/raw-payments.md';
const synthesized = new Synthesized(new RawPaymentsStack(newApp(), 'RawPayments', { failureEmails: ['data-team@example.com'] }));
const functions = synthesized.entries('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
const tasks = ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob'];

holdRequirements(PAGE, ['test/examples/raw-payments.test.ts']);

test('the page shows the stack as it is tested', () => {
  const root = path.join(__dirname, '..', '..');
  const stack = fs.readFileSync(path.join(root, 'examples', 'raw-payments', 'raw-payments-stack.ts'), 'utf8');
  expect(fs.readFileSync(path.join(root, PAGE), 'utf8')).toContain(stack.slice(stack.indexOf('export interface')));
});

test('files land in raw/, and move to processed/ or failed/', () => {
  const keys = synthesized.entries('AWS::Events::Rule').flatMap(([, { Properties }]) => Properties.EventPattern?.detail.object?.key ?? []);
  for (const { wildcard } of keys) expect(wildcard).toMatch(/^raw\/\*\.csv$/i);
  expect(synthesized.contract().prefixes).toMatchObject({ processed: 'processed/', failed: 'failed/' });
});

test('objects are encrypted by S3, the table by the key that AWS manages for DynamoDB', () => {
  const [{ ServerSideEncryptionByDefault: encryption }] = synthesized.one('AWS::S3::Bucket').Properties.BucketEncryption.ServerSideEncryptionConfiguration;
  expect(encryption).toEqual({ SSEAlgorithm: 'AES256' });
  // KMS, with no key of one's own: alias/aws/dynamodb.
  expect(synthesized.one('AWS::DynamoDB::GlobalTable').Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
});

test('processed files go to Glacier after 90 days', () => {
  expect(synthesized.lifecycleRule('processed')).toMatchObject({ Prefix: 'processed/', Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 90 }] });
});

test('everything is tagged', () => {
  const TAKE_TAGS = [
    'AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::IAM::Role',
    'AWS::Events::Rule', 'AWS::CloudWatch::Alarm', 'AWS::Logs::LogGroup',
  ];
  const { Resources } = synthesized.template.toJSON() as { Resources: Record<string, Resource> };
  for (const [id, { Type, Properties }] of Object.entries(Resources)) {
    // Those of a global table lie on its replicas.
    const tags = (Properties?.Replicas?.[0] ?? Properties)?.Tags;
    const expected = TAKE_TAGS.includes(Type) ? expect.arrayContaining([{ Key: 'Environment', Value: 'Production' }, { Key: 'Project', Value: 'ETL-Pipeline' }]) : undefined;
    expect([id, Type, tags]).toEqual([id, Type, expected]);
  }
  for (const type of TAKE_TAGS) expect([type, synthesized.entries(type).length > 0]).toEqual([type, true]);
});

test('every state that does something is tried again, and caught', () => {
  for (const task of tasks) expect(synthesized.state(task).Retry.length).toBeGreaterThan(0);
  expect(synthesized.state('ProcessChunks').Retry.length).toBeGreaterThan(0);
  // What a child of the Map fails with fails the Map, which is caught.
  for (const state of [...tasks.filter((task) => task !== 'ProcessChunk'), 'ProcessChunks']) {
    expect(synthesized.state(state).Catch.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
  }
});

test('every function has a dead-letter queue, and is traced', () => {
  expect(functions.length).toBeGreaterThanOrEqual(tasks.length);
  for (const { DeadLetterConfig, TracingConfig } of functions) expect([DeadLetterConfig?.TargetArn, TracingConfig]).toEqual([expect.anything(), { Mode: 'Active' }]);
});

test('failures are told by e-mail, published by the functions of the workflow\'s failure path', () => {
  expect(synthesized.one('AWS::SNS::Subscription').Properties).toMatchObject({ Protocol: 'email', Endpoint: 'data-team@example.com' });
  for (const step of ['FinalizeJob', 'CloseJob']) {
    expect(synthesized.one('AWS::Lambda::Function', `${step}Function`).Properties.Environment.Variables.FAILURE_TOPIC_ARN).toEqual({ Ref: expect.stringContaining('FailureTopic') });
    const [role] = synthesized.entries('AWS::IAM::Role').map(([id]) => id).filter((id) => id.includes(`${step}Role`));
    expect(permissionsOf(synthesized, role).filter((line) => line.startsWith('sns:'))).toEqual([expect.stringMatching(/^sns:Publish \| \${\w+FailureTopic\w+}$/)]);
  }
});

test('an alarm for each function goes off above 5 % errors in 5 minutes', () => {
  const ratios = synthesized.entries('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties)
    .filter(({ Metrics = [] }) => JSON.stringify(Metrics).includes('"Errors"'));
  expect(ratios).toHaveLength(functions.length);
  for (const { Threshold, ComparisonOperator, Metrics, TreatMissingData } of ratios) {
    expect([Threshold, ComparisonOperator, TreatMissingData]).toEqual([5, 'GreaterThanThreshold', 'notBreaching']);
    for (const { MetricStat } of Metrics.filter((metric: { MetricStat?: object }) => metric.MetricStat)) expect(MetricStat.Period).toBe(300);
  }
});

describe('a file', () => {
  const { schema, maxRejectedRecords } = synthesized.contract();
  const header = 'customer_id,transaction_id,note,timestamp,amount\n';

  async function ended(content: string) {
    const world = new World('Enabled', { schema, maxRejectedRecords, fingerprint: 'f' });
    const { fileId } = await world.execute(createdEvent(world.land('raw/payments.csv', content)));
    return { job: await world.job(fileId), published: world.published() };
  }

  test('timestamps are published in ISO 8601, amounts as decimals', async () => {
    const { published } = await ended(`${header}c-1,t-1,,11/29/2026 06:30,7\nc-2,t-2,x,2026-11-29 06:30:15,0012.5\n`);
    expect(published.trim().split('\n').map((line): unknown => JSON.parse(line))).toEqual([
      { transaction_id: 't-1', customer_id: 'c-1', amount: '7.00', timestamp: '2026-11-29T06:30:00.000Z' },
      { transaction_id: 't-2', customer_id: 'c-2', amount: '12.50', timestamp: '2026-11-29T06:30:15.000Z' },
    ]);
  });

  test.each(['transaction_id', 'customer_id', 'amount', 'timestamp'])('a file without the column %s fails', async (column) => {
    const { job, published } = await ended(`${header.replace(column, 'other')}c-1,t-1,,2026-11-29 06:30:15,7\n`);
    expect([job.status, job.error_code, published]).toEqual(['FAILED', 'header_mismatch', '']);
    expect(job.error_message).toContain(column);
  });

  test('the table tells name, begin, end, status and error, on success and on failure', async () => {
    const { job } = await ended(`${header}c-1,t-1,,11/29/2026 06:30,7\n`);
    expect(job).toMatchObject({ file_name: 'payments.csv', status: 'SUCCEEDED', process_start_time: expect.any(String), process_end_time: expect.any(String) });
    expect(job.error_message).toBeUndefined();
    const { job: failed } = await ended(`${header}c-1,t-1,,yesterday,7\n`);
    expect(failed).toMatchObject({
      file_name: 'payments.csv',
      status: 'FAILED',
      process_start_time: expect.any(String),
      process_end_time: expect.any(String),
      error_message: expect.stringContaining('timestamp'),
    });
  });
});
