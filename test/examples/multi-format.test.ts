/** examples/multi-format, requirement by requirement, on its template; its README says which test holds which. */
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { holdRequirements } from './requirements-table';
import { MultiFormatStack } from '../../examples/multi-format/multi-format-stack';
import { DEFAULT_SLA_FILE_SIZE_BYTES } from '../../src/contract/metrics';
import { asText, newApp, Resource, Synthesized } from '../synthesize';

const stack = new MultiFormatStack(newApp(), 'MultiFormat-qa', { environmentSuffix: 'qa', emails: ['orders@example.com'] });
const synthesized = new Synthesized(stack);
const resources = Object.entries(synthesized.template.toJSON().Resources as Record<string, Resource>);

const rawBucket = () => synthesized.one('AWS::S3::Bucket', 'OrdersStorageBucket').Properties;
const processedBucket = () => synthesized.one('AWS::S3::Bucket', 'OrdersStorageOutputBucket').Properties;
const alarm = (name: string) => synthesized.entries('AWS::CloudWatch::Alarm').find(([, { Properties }]) => Properties.AlarmName === `alarm-orders-${name}-qa`)![1].Properties;

holdRequirements('examples/multi-format/README.md', ['test/examples/multi-format.test.ts', 'test/e2e-around/multi-format.e2e.ts']);

test('one event rule takes .csv and .json as they are written, and no other', () => {
  const rules = synthesized.entries('AWS::Events::Rule').map(([, { Properties }]) => Properties).filter(({ EventPattern }) => EventPattern?.source[0] === 'aws.s3');
  expect(rules.map(({ EventPattern }) => EventPattern.detail.object.key)).toEqual([[{ wildcard: 'incoming/*.csv' }, { wildcard: 'incoming/*.json' }]]);
});

test('there is one Map for both formats', () => {
  const { States } = synthesized.definition();
  expect(Object.entries<any>(States).filter(([, { Type }]) => Type === 'Map').map(([name]) => name)).toEqual(['ProcessChunks']);
  expect(States.ProcessChunks.ItemProcessor.ProcessorConfig.Mode).toBe('DISTRIBUTED');
});

test('there is a raw bucket and a processed one, both versioned', () => {
  expect(synthesized.entries('AWS::S3::Bucket')).toHaveLength(2);
  for (const bucket of [rawBucket(), processedBucket()]) expect(bucket.VersioningConfiguration).toEqual({ Status: 'Enabled' });
});

test('what is kept in both goes to Glacier after 90 days', () => {
  const transitions = (bucket: any) => bucket.LifecycleConfiguration.Rules.filter(({ Transitions }: any) => Transitions !== undefined);
  const toGlacier = (prefix: string, StorageClass = 'GLACIER') => ({
    Id: prefix, Prefix: `${prefix}/`, Status: 'Enabled', Transitions: [{ StorageClass, TransitionInDays: 90 }],
  });
  expect(transitions(rawBucket())).toEqual(['incoming', 'processed', 'failed'].map((prefix) => toGlacier(prefix)));
  expect(transitions(processedBucket())).toEqual([toGlacier('output', 'GLACIER_IR'), toGlacier('quarantine'), toGlacier('reports')]);
});

test('queries find every record, whatever its age: nothing is warned of', () => {
  expect(Annotations.fromStack(synthesized.stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([]);
  const { SerdeInfo } = synthesized.one('AWS::Glue::Table').Properties.TableInput.StorageDescriptor;
  expect(SerdeInfo.SerializationLibrary).toBe('org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe');
});

test('each step has 5 minutes', () => {
  const timeouts = synthesized.entries('AWS::Lambda::Function').map(([, { Properties }]) => [Properties.FunctionName, Properties.Timeout]);
  expect(Object.fromEntries(timeouts)).toEqual({
    ...Object.fromEntries(['validate-file', 'plan-chunks', 'process-chunk', 'finalize-job', 'move-source', 'close-job', 'sweep-jobs']
      .map((step) => [`function-orders-${step}-qa`, 300])),
    // Those beside the steps: README.md says why.
    'function-orders-start-jobs-qa': 60,
    'function-orders-add-partition-qa': 900,
  });
});

test('executions are logged in full', () => {
  const { LoggingConfiguration, TracingConfiguration } = synthesized.one('AWS::StepFunctions::StateMachine').Properties;
  expect(LoggingConfiguration).toMatchObject({ Level: 'ALL', Destinations: [expect.anything()] });
  expect(TracingConfiguration).toEqual({ Enabled: true });
});

test('an alarm goes off when more than 5 % of the calls of a function fail in 5 minutes', () => {
  const functions = synthesized.entries('AWS::Lambda::Function');
  const alarms = synthesized.entries('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties).filter(({ AlarmName }) => AlarmName.startsWith('alarm-orders-function-errors-'));
  expect(alarms).toHaveLength(functions.length);
  for (const { Threshold, ComparisonOperator, EvaluationPeriods, TreatMissingData, Metrics } of alarms) {
    expect([Threshold, ComparisonOperator, EvaluationPeriods, TreatMissingData]).toEqual([5, 'GreaterThanThreshold', 1, 'notBreaching']);
    const metrics = Metrics.filter(({ MetricStat }: any) => MetricStat !== undefined);
    expect(metrics.map(({ MetricStat }: any) => [MetricStat.Metric.MetricName, MetricStat.Period])).toEqual([['Errors', 300], ['Invocations', 300]]);
  }
});

test('an alarm goes off when the job of a file of up to 100 MB is older than 15 minutes', () => {
  expect(alarm('job-age')).toMatchObject({ MetricName: 'OldestSlaJobAge', Threshold: 900, ComparisonOperator: 'GreaterThanThreshold', Period: 300, EvaluationPeriods: 1 });
  // 100 MiB are what the sweep measures unless it is told another size.
  expect(synthesized.one('AWS::Lambda::Function', 'SweepJobsFunction').Properties.Environment.Variables).not.toHaveProperty('SLA_FILE_SIZE_BYTES');
  expect(DEFAULT_SLA_FILE_SIZE_BYTES).toBe(100 * 1024 ** 2);
});

test('each alarm is told to the topic', () => {
  const topic = { Ref: expect.stringMatching(/^NotificationsFailureTopic/) };
  for (const [, { Properties }] of synthesized.entries('AWS::CloudWatch::Alarm')) expect(Properties.AlarmActions).toEqual([topic]);
  const statements = synthesized.one('AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement;
  expect(statements).toContainEqual(expect.objectContaining({ Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } }));
  expect(synthesized.one('AWS::SNS::Subscription').Properties).toMatchObject({ Protocol: 'email', Endpoint: 'orders@example.com' });
});

/** What a name is a property of, and what its first word is. The names of roles and buckets have the region too. */
const NAMES: Record<string, [property: string, name: RegExp]> = {
  'AWS::CloudWatch::Alarm': ['AlarmName', /^alarm-orders-[a-z0-9-]+-qa$/],
  'AWS::DynamoDB::GlobalTable': ['TableName', /^table-orders-jobs-qa$/],
  'AWS::Events::Rule': ['Name', /^rule-orders-[a-z0-9-]+-qa$/],
  'AWS::Glue::Crawler': ['Name', /^crawler-orders-catalog-qa$/],
  'AWS::IAM::Role': ['RoleName', /^role-orders-[a-z-]+-\$\{AWS::Region\}-qa$/],
  'AWS::Lambda::Function': ['FunctionName', /^function-orders-[a-z-]+-qa$/],
  'AWS::Logs::LogGroup': ['LogGroupName', /^(\/aws\/vendedlogs\/states\/)?log-group-orders-[a-z-]+-qa$/],
  'AWS::S3::Bucket': ['BucketName', /^bucket-orders(-output)?-\$\{AWS::AccountId\}-\$\{AWS::Region\}-qa$/],
  'AWS::SNS::Topic': ['TopicName', /^topic-orders-failures-qa$/],
  'AWS::SQS::Queue': ['QueueName', /^queue-orders-[a-z-]+-qa(\.fifo)?$/],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', /^state-machine-orders-workflow-qa$/],
};

/** What is no resource of its own, or has its name within: Athena takes no hyphens in that of a database. */
const WITHOUT_NAME = [
  'AWS::Glue::Database', 'AWS::Glue::Table', 'AWS::IAM::Policy', 'AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Permission',
  'AWS::Lambda::Version', 'AWS::S3::BucketPolicy', 'AWS::SNS::Subscription', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy',
];

test('every name is {resource-type}-{purpose}-{suffix}', () => {
  expect([...new Set(resources.map(([, { Type }]) => Type))].sort()).toEqual([...Object.keys(NAMES), ...WITHOUT_NAME].sort());
  for (const [type, [property, name]] of Object.entries(NAMES)) {
    for (const [, { Properties }] of synthesized.entries(type)) expect(asText(Properties[property])).toMatch(name);
  }
  expect(synthesized.one('AWS::Glue::Database').Properties.DatabaseInput.Name).toBe('database_orders_catalog_qa');
});

/** Those to which CloudFormation gives no tags. */
const WITHOUT_TAGS = WITHOUT_NAME.filter((type) => type !== 'AWS::Lambda::EventSourceMapping');

test('everything is tagged Environment=Production and Project=ETL-Pipeline', () => {
  for (const [id, { Type, Properties }] of resources) {
    if (WITHOUT_TAGS.includes(Type)) continue;
    // Glue has tags as a map, and those of a global table lie on its replicas.
    const { Tags } = Properties.Replicas?.[0] ?? Properties;
    const tags = Array.isArray(Tags) ? Object.fromEntries(Tags.map(({ Key, Value }: any) => [Key, Value])) : Tags;
    expect([id, tags]).toEqual([id, { Environment: 'Production', Project: 'ETL-Pipeline' }]);
  }
});

describe('no wildcard but where AWS has nothing narrower', () => {
  const asList = <T>(value: T | T[]): T[] => Array.isArray(value) ? value : [value];
  const statements = resources.filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action: actions, Resource: ones }) => asList<any>(ones).map((one) => ({ actions: asList<string>(actions), resource: flat(one) })));

  function flat(resource: any): string {
    return JSON.stringify(resource).replace(/[\s\S]*"Fn::Split"[\s\S]*?\]\}\]\}/, '{state machine}');
  }

  test('only X-Ray and the deliveries of logs are allowed for every resource', () => {
    const actions = new Set(statements.filter(({ resource }) => resource === '"*"').flatMap((statement) => statement.actions));
    expect([...actions].sort()).toEqual([
      'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery',
      'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
      'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
    ]);
  });

  test('no action is a wildcard, and other resources have one only behind their own name', () => {
    for (const { actions } of statements) expect(actions.join()).not.toContain('*');
    const behindAName = [
      // Objects under a prefix.
      /"OrdersStorage(Output)?Bucket\w+","Arn"\]\},"\/(incoming|processed|failed|output|quarantine|reports|work)\/.*\*"/,
      // The versions that running executions invoke.
      /"Orders\w+Function\w+","Arn"\]\},":\*"/,
      // The executions of the state machine, and of its Map.
      /^\{state machine\},"(\/ProcessChunks)?:\*"/,
      // The log streams of the group that all crawlers share.
      /":log-group:\/aws-glue\/crawlers:\*"/,
    ];
    const others = statements.map(({ resource }) => resource).filter((resource) => resource !== '"*"' && resource.includes('*'));
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((resource) => !behindAName.some((known) => known.test(resource)))).toEqual([]);
  });
});

/** What is left to acknowledge, and why it is so. */
const ACKNOWLEDGED: Array<{ finding: RegExp; reason: string }> = [
  { finding: /^AwsSolutions-S1$/, reason: 'Access logs need another bucket of the account' },
  { finding: /^AwsSolutions-L1$/, reason: 'The bundles are made for Node.js 22, a supported runtime; the prop `runtime` takes a later one' },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<OrdersStorage(Output)?Bucket\w+\.Arn>\/(incoming|processed|failed|output|quarantine|reports|work)\/.*\*\]$/,
    reason: 'The objects under one prefix',
  },
  { finding: /^AwsSolutions-IAM5\[Resource::<Orders\w+Function\w+\.Arn>:\*\]$/, reason: 'The versions that running executions invoke' },
  { finding: /^AwsSolutions-IAM5\[Resource::arn:.*:execution:.*:\*\]$/, reason: 'The child executions of the Map, as Step Functions asks for it' },
  { finding: /^AwsSolutions-IAM5\[Resource::arn:.*:log-group:\/aws-glue\/crawlers:\*\]$/, reason: 'The streams of the log group that Glue gives to all crawlers' },
  { finding: /^AwsSolutions-IAM5\[Resource::\*\]$/, reason: 'X-Ray and log deliveries know no resources' },
  { finding: /^AwsSolutions-GL1$/, reason: 'A security configuration is of the account; the crawler\'s log holds names of folders, and no record' },
];

test('passes the AWS Solutions checks, but for what is acknowledged with a reason', () => {
  const found = new AwsSolutionsChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName);
  expect(found.filter((id) => !ACKNOWLEDGED.some(({ finding }) => finding.test(id)))).toEqual([]);
  expect(ACKNOWLEDGED.filter(({ finding }) => !found.some((id) => finding.test(id)))).toEqual([]);
});

test('the rule of the company runs over each valid record, and what it returns is checked', () => {
  const { transform } = synthesized.contract('ProcessChunkFunction');
  expect(transform).toMatchObject({ kind: 'module', name: 'order-rules.mjs' });
  expect(transform!.outputSchema!.fields.map(({ name }) => name)).toEqual(['order_id', 'customer_id', 'ordered_at', 'amount', 'currency', 'needs_review']);
});

test('uploads go through a queue, in batches that fail in parts', () => {
  const queue = synthesized.one('AWS::SQS::Queue', 'IntakeQueue').Properties;
  expect(queue.RedrivePolicy).toMatchObject({ deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^OrdersDeadLetters/), 'Arn'] } });
  expect(synthesized.one('AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 5,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^OrdersIntakeQueue/), 'Arn'] },
  });
});

test('the catalog reads the processed bucket, and a crawler looks at it daily', () => {
  const { TableInput, DatabaseName } = synthesized.one('AWS::Glue::Table').Properties;
  expect(asText(TableInput.StorageDescriptor.Location)).toMatch(/^s3:\/\/\$\{OrdersStorageOutputBucket\w+\}\/output\/$/);
  expect(TableInput.StorageDescriptor.Columns).toEqual([
    { Name: 'order_id', Type: 'string' }, { Name: 'customer_id', Type: 'string' }, { Name: 'ordered_at', Type: 'timestamp' },
    { Name: 'amount', Type: 'decimal(18,2)' }, { Name: 'currency', Type: 'string' }, { Name: 'needs_review', Type: 'boolean' },
  ]);
  const { Targets, Schedule } = synthesized.one('AWS::Glue::Crawler').Properties;
  expect(Targets).toEqual({ CatalogTargets: [{ DatabaseName, Tables: ['orders'] }] });
  expect(Schedule).toEqual({ ScheduleExpression: 'cron(0 3 * * ? *)' });
});

test('data and history stay when the stack is deleted', () => {
  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup']) {
    for (const [id, { DeletionPolicy }] of synthesized.entries(type)) expect([id, DeletionPolicy]).toEqual([id, 'RetainExceptOnCreate']);
  }
});

test('says where buckets, table, state machine, queue, topic and catalog are', () => {
  expect(Object.keys(synthesized.template.toJSON().Outputs).sort()).toEqual([
    'DatabaseName', 'FailureTopicArn', 'JobTableName', 'NotificationQueueUrl', 'ProcessedBucketName', 'RawBucketName', 'StateMachineArn', 'TableName',
  ]);
});
