/** What was asked of the pipeline of bank transactions, one by one: see the table in its README. */
import { holdRequirements } from './requirements-table';
import { TapStack } from '../../examples/tap-stack/tap-stack';
import { twoRegions } from '../../examples/tap-stack/two-regions';
import { asText, newApp, Synthesized } from '../synthesize';

const stack = new TapStack(newApp(), 'TapStack-qa', { environmentSuffix: 'qa', failureEmails: ['data-team@example.com'] });
const synthesized = new Synthesized(stack);

holdRequirements('examples/tap-stack/README.md', ['test/examples/tap-stack.test.ts', 'test/e2e-around/tap-stack.e2e.ts']);

/** CDK's own helper, which empties the bucket when the stack is deleted. */
const isHelper = (id: string) => id.startsWith('CustomS3AutoDelete');
const functions = synthesized.entries('AWS::Lambda::Function').filter(([id]) => !isHelper(id));

test('cuts files into chunks of 50 MiB, and works on 10 at a time', () => {
  expect(synthesized.contract()).toMatchObject({ chunkSizeBytes: 50 * 1024 ** 2, maxRejectedPercentage: 1 });
  expect(synthesized.state('ProcessChunks').MaxConcurrency).toBe(10);
});

test('the job table is as asked for', () => {
  const { KeySchema, BillingMode, Replicas: [{ PointInTimeRecoverySpecification }] } = synthesized.one('AWS::DynamoDB::GlobalTable').Properties;
  expect(KeySchema.map(({ AttributeName }: { AttributeName: string }) => AttributeName)).toEqual(['file_id', 'chunk_id']);
  expect([BillingMode, PointInTimeRecoverySpecification]).toEqual(['PAY_PER_REQUEST', { PointInTimeRecoveryEnabled: true }]);
});

test('files in incoming/ start the workflow', () => {
  const rules = synthesized.entries('AWS::Events::Rule').map(([, { Properties }]) => Properties).filter(({ EventPattern }) => EventPattern?.source[0] === 'aws.s3');
  expect(rules.length).toBeGreaterThan(0);
  for (const { EventPattern, Targets } of rules) {
    for (const { wildcard } of EventPattern.detail.object.key) expect(wildcard).toMatch(/^incoming\/\*\.csv$/i);
    expect(Targets[0].Arn.Ref).toMatch(/^TapWorkflowStateMachine/);
  }
});

test('header and types are checked against the schema', () => {
  expect(synthesized.contract().schema.fields.map(({ name, type = 'string' }) => [name, type])).toEqual([
    ['transaction_id', 'string'], ['account_id', 'string'], ['transaction_date', 'datetime'], ['amount', 'decimal'], ['currency', 'string'],
    ['merchant', 'string'], ['category', 'string'],
  ]);
});

test('each step is tried again at most 3 times, with exponential backoff', () => {
  for (const step of ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob']) {
    expect(synthesized.state(step).Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 3, IntervalSeconds: 2, BackoffRate: 2 });
  }
});

test('each step has 3 GB and 15 minutes', () => {
  expect(functions.length).toBeGreaterThan(0);
  for (const [, { Properties }] of functions) expect([Properties.MemorySize, Properties.Timeout]).toEqual([3072, 900]);
});

test('processed files go to Glacier after 30 days', () => {
  expect(synthesized.lifecycleRule('processed')).toMatchObject({ Prefix: 'processed/', Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 30 }] });
});

test('results go to a FIFO queue, failures to a topic', () => {
  const { FifoQueue, VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = synthesized.one('AWS::SQS::Queue', 'NotificationsQueue').Properties;
  expect([FifoQueue, VisibilityTimeout, MessageRetentionPeriod]).toEqual([true, 900, 7 * 24 * 3600]);
  expect(asText(RedrivePolicy.deadLetterTargetArn)).toContain('NotificationsDeadLetterQueue');
  expect(synthesized.one('AWS::SNS::Subscription').Properties).toMatchObject({ Protocol: 'email', Endpoint: 'data-team@example.com' });
});

test('has a dashboard', () => {
  expect(asText(synthesized.one('AWS::CloudWatch::Dashboard').Properties.DashboardBody)).toContain('"widgets"');
});

test('is traced, all functions and the state machine', () => {
  for (const [, { Properties }] of functions) expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
  expect(synthesized.one('AWS::StepFunctions::StateMachine').Properties.TracingConfiguration).toEqual({ Enabled: true });
});

test('logs every execution in full', () => {
  const { Level, IncludeExecutionData } = synthesized.one('AWS::StepFunctions::StateMachine').Properties.LoggingConfiguration;
  expect([Level, IncludeExecutionData ?? true]).toEqual(['ALL', true]);
});

test('keeps logs for 30 days', () => {
  const groups = synthesized.entries('AWS::Logs::LogGroup');
  expect(groups.length).toBeGreaterThanOrEqual(functions.length + 1);
  for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(30);
});

test('has a log group for every function', () => {
  const all = synthesized.entries('AWS::Lambda::Function');
  expect(new Set(all.map(([, { Properties }]) => asText(Properties.LoggingConfig?.LogGroup))).size).toBe(all.length);
});

test('every role is denied to delete buckets and tables', () => {
  const deny = synthesized.one('AWS::IAM::Policy', 'DenyDeletion').Properties;
  expect(deny.PolicyDocument.Statement).toEqual([{ Effect: 'Deny', Action: ['s3:DeleteBucket', 'dynamodb:DeleteTable'], Resource: '*' }]);
  expect(deny.Roles.map(asText).sort()).toEqual(synthesized.entries('AWS::IAM::Role').map(([id]) => '${' + id + '}').sort());
});

test('has no policy that AWS manages, also where CDK brings a helper of its own', () => {
  const roles = synthesized.entries('AWS::IAM::Role');
  expect(roles.some(([id]) => isHelper(id))).toBe(true);
  for (const [, { Properties }] of roles) expect(Properties.ManagedPolicyArns).toBeUndefined();
});

const TAGGED = [
  'AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::IAM::Role', 'AWS::SQS::Queue', 'AWS::SNS::Topic',
  'AWS::Logs::LogGroup',
];

test.each(TAGGED)('everything is tagged: %s', (type) => {
  const tags = [{ Key: 'Environment', Value: 'Production' }, { Key: 'Project', Value: 'ETL' }];
  const found = synthesized.entries(type);
  expect(found.length).toBeGreaterThan(0);
  // Those of a global table lie on its replicas.
  for (const [, { Properties }] of found) expect((Properties.Replicas?.[0] ?? Properties).Tags).toEqual(expect.arrayContaining(tags));
});

/** Property that names a resource, by type. */
const NAMES: Record<string, string> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Events::Rule': 'Name',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::IAM::Role': 'RoleName',
};

test.each(Object.entries(NAMES))('every name ends with the suffix: %s', (type, property) => {
  const named = synthesized.entries(type).filter(([id]) => !isHelper(id));
  expect(named.length).toBeGreaterThan(0);
  for (const [, { Properties }] of named) expect(asText(Properties[property])).toMatch(/^\/?[a-z].*-tap-.*-qa(?:\.fifo)?$/);
});

test('all can be destroyed', () => {
  expect(JSON.stringify(synthesized.template.toJSON())).not.toContain('"Retain');
  synthesized.template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
});

test('says where everything is', () => {
  expect(Object.keys(synthesized.template.toJSON().Outputs).sort()).toEqual(['BucketName', 'DashboardUrl', 'JobTableName', 'QueueUrl', 'StateMachineArn', 'TopicArn']);
});

test('us-east-1 works, eu-west-1 stands by and knows the same jobs', () => {
  const stacks = twoRegions(newApp(), { environmentSuffix: 'qa', account: '111122223333', standbyRegion: 'eu-west-1' });
  expect(stacks.primary.dependencies).toContain(stacks.standby);
  const [primary, standby] = [new Synthesized(stacks.primary), new Synthesized(stacks.standby)];

  const table = primary.one('AWS::DynamoDB::GlobalTable').Properties;
  expect(table.Replicas.map(({ Region }: { Region: string }) => Region)).toEqual(['us-east-1', 'eu-west-1']);
  standby.template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
  expect(standby.one('AWS::Lambda::Function', 'SweepJobsFunction').Properties.Environment.Variables.JOB_TABLE_NAME).toBe(table.TableName);
  // A file's id is made of it.
  expect(primary.contract().pipelineId).toMatch(/Tap-qa$/);
  expect(standby.contract().pipelineId).toBe(primary.contract().pipelineId);

  const bucket = standby.one('AWS::S3::Bucket').Properties.BucketName;
  const { Rules } = primary.one('AWS::S3::Bucket').Properties.ReplicationConfiguration;
  for (const { Destination } of Rules) expect(asText(Destination.Bucket)).toContain(bucket);
  expect(Rules.map(({ Filter }: { Filter: { Prefix: string } }) => Filter.Prefix)).toEqual(expect.arrayContaining(['incoming/', 'output/']));
  // Whoever deploys it once more takes no way back away: it is there unless the first deployment is asked for.
  expect(standby.one('AWS::S3::Bucket').Properties.ReplicationConfiguration.Rules).toHaveLength(Rules.length);
  const first = twoRegions(newApp(), { environmentSuffix: 'qa', account: '111122223333', standbyRegion: 'eu-west-1', isFirstDeployment: true });
  expect(new Synthesized(first.standby).one('AWS::S3::Bucket').Properties.ReplicationConfiguration).toBeUndefined();
  // A file that S3 brings starts nothing in the standby.
  expect(standby.entries('AWS::Events::Rule').filter(([, { Properties }]) => Properties.EventPattern?.source[0] === 'aws.s3')).toEqual([]);
});
