/** What the table makes of a template, on templates of a few resources. */
import { Testing } from 'cdktn';
import { Alarm, Queue } from '../lib/modules';
import { TemplateResource } from '../lib/pipeline-template';
import { ALARM, BUCKET, FUNCTION, LOG_GROUP, QUEUE, ROLE, Row, ROWS, TOPIC } from '../lib/resource-table';
import { TerraformParts } from '../lib/terraform-parts';

function partsOf(resources: Record<string, TemplateResource>): TerraformParts {
  return new TerraformParts({ resources, variables: { Email: 'email' }, assembly: '/assembly' }, { 'AWS::Region': ['us-east-1'] });
}

/** The props of the resource `Id`. */
function propsOf<Props>(row: Row<Props>, properties: object, others: Record<string, TemplateResource> = {}): Props {
  return partsOf({ Id: { Type: row.type, Properties: { ...properties } }, ...others }).of(row).find(({ id }) => id === 'Id')!.props;
}

describe('what has no row fails by name', () => {
  test.each<[string, Record<string, TemplateResource>, string]>([
    ['a type', { Stream: { Type: 'AWS::Kinesis::Stream' } }, 'Stream is a resource of the type AWS::Kinesis::Stream, for which lib/resource-table.ts has no row'],
    ['a property', { Jobs: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: 'x' } } },
      'KmsMasterKeyId of Jobs (AWS::SQS::Queue): no row of lib/resource-table.ts says what becomes of it'],
    ['a property of a property', { Data: { Type: 'AWS::S3::Bucket', Properties: { LifecycleConfiguration: { Rules: [{ Id: 'a' }, { TagFilters: [] }] } } } },
      'LifecycleConfiguration.Rules.1.TagFilters of Data (AWS::S3::Bucket): no row of lib/resource-table.ts says what becomes of it'],
    ['a property that every object has', { Jobs: { Type: 'AWS::SQS::Queue', Properties: { constructor: 'x' } } }, 'constructor of Jobs (AWS::SQS::Queue): no row'],
    ['a property of a version', { V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: 'f', Description: 'x' } } }, 'Description of V (AWS::Lambda::Version): no row'],
    ['a section of a resource', { Jobs: { Type: 'AWS::SQS::Queue', Condition: 'IsProd' } }, 'Condition of Jobs (AWS::SQS::Queue): has no form in Terraform here'],
    ['an intrinsic function', { Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::ImportValue': 'x' } } } },
      'QueueName of Jobs (AWS::SQS::Queue): Fn::ImportValue has no form in Terraform here'],
    ['an intrinsic function in a document', { Jobs: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::If': [] } } } } },
      'RedrivePolicy of Jobs (AWS::SQS::Queue): Fn::If has no form in Terraform here'],
    ['an attribute', { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['B', 'QueueUrl'] } } }, B: { Type: 'AWS::SQS::Queue' } },
      'QueueName of A (AWS::SQS::Queue): Fn::GetAtt QueueUrl of B (AWS::SQS::Queue) has no row in lib/resource-table.ts'],
    ['a Ref of what has none', { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'B' } } }, B: { Type: 'AWS::CloudWatch::Alarm' } },
      'QueueName of A (AWS::SQS::Queue): Ref of B (AWS::CloudWatch::Alarm) has no row in lib/resource-table.ts'],
    ['a reference to nothing', { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Nobody' } } } }, 'QueueName of A (AWS::SQS::Queue): Nobody is not there in Terraform'],
    ['a pseudo parameter', { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'AWS::StackId' } } } }, 'AWS::StackId is not there in Terraform'],
    ['a dependency on nothing', { A: { Type: 'AWS::SQS::Queue', DependsOn: ['Nobody'] } }, 'Nobody is not there in Terraform'],
    ['a deletion policy', { A: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Snapshot' } },
      'DeletionPolicy of A (AWS::SQS::Queue): must be one of Delete, Retain, RetainExceptOnCreate, got Snapshot'],
    ['a second replica', { T: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { Replicas: [{ Region: 'a' }, { Region: 'b' }] } } },
      'Replicas of T (AWS::DynamoDB::GlobalTable): must have one item, got 2: Terraform has room for one here'],
    ['another encryption of a table', { T: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { SSESpecification: { SSEEnabled: true, SSEType: 'AES256' } } } },
      'SSESpecification.SSEType of T (AWS::DynamoDB::GlobalTable): must be "KMS" (Terraform knows no other), got "AES256"'],
    ['a policy of two queues', {
      P: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'A' }, { Ref: 'B' }], PolicyDocument: { Statement: [] } } },
      A: { Type: 'AWS::SQS::Queue' },
      B: { Type: 'AWS::SQS::Queue' },
    }, 'Queues of P (AWS::SQS::QueuePolicy): must name one resource of the template, got [{"Ref":"A"},{"Ref":"B"}]'],
    ['a policy of a bucket of another stack', { P: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'theirs', PolicyDocument: { Statement: [] } } } },
      'Bucket of P (AWS::S3::BucketPolicy): must name one resource of the template, got "theirs"'],
    ['a permission for an alias', { P: { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { FunctionName: { Ref: 'F' }, Qualifier: 'live' } }, F: { Type: 'AWS::Lambda::Function' } },
      'Qualifier of P (AWS::Lambda::EventInvokeConfig): must name a version or a function of the template, got "live"'],
  ])('%s', (_, resources, message) => {
    expect(() => partsOf(resources)).toThrow(message);
  });
});

test('no two rows are of one type', () => {
  expect(new Set(ROWS.map(({ type }) => type)).size).toBe(ROWS.length);
});

test('a parameter becomes a variable', () => {
  expect(propsOf(QUEUE, { QueueName: { Ref: 'Email' } }).name).toBe('${var.email}');
});

test('the ARN of a log group is that of its streams', () => {
  const policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', Roles: [{ Ref: 'Id' }], PolicyDocument: { Statement: [{ Resource: { 'Fn::GetAtt': ['Logs', 'Arn'] } }] } } };
  const { policies } = propsOf(ROLE, {}, { Policy: policy, Logs: { Type: LOG_GROUP.type } });
  expect(policies).toEqual({ Policy: { name: 'p', policy: '{"Statement":[{"Resource":"${aws_cloudwatch_log_group.Logs.arn}:*"}]}' } });
});

test('what belongs to a resource is made with it', () => {
  const subscription = { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Id' }, Protocol: 'email', Endpoint: { Ref: 'Email' } } };
  expect(propsOf(TOPIC, { TopicName: 't' }, { One: subscription, Two: subscription }).subscriptions).toEqual({
    One: { protocol: 'email', endpoint: '${var.email}' }, Two: { protocol: 'email', endpoint: '${var.email}' },
  });
});

describe('a version', () => {
  const version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Id' } }, DeletionPolicy: 'Retain' };

  test('is published with its function, whose resource its references read', () => {
    const group = {
      Type: LOG_GROUP.type,
      Properties: { LogGroupName: { 'Fn::Join': ['', [{ Ref: 'Version' }, { 'Fn::GetAtt': ['Version', 'Version'] }]] } },
      DependsOn: 'Version',
    };
    const parts = partsOf({ Id: { Type: FUNCTION.type, Properties: {} }, Version: version, Group: group });
    expect(parts.of(FUNCTION)).toEqual([{ id: 'Id', props: { publish: true } }]);
    expect(parts.of(LOG_GROUP)).toEqual([{
      id: 'Group',
      props: { name: '${aws_lambda_function.Id.qualified_arn}${aws_lambda_function.Id.version}', dependsOn: [{ fqn: 'aws_lambda_function.Id' }] },
    }]);
  });

  test('and its function are told apart in a permission', () => {
    const permission = (id: string) => ({ Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: id }, Action: 'a', Principal: 'p' } });
    const { permissions } = propsOf(FUNCTION, {}, { Version: version, ToVersion: permission('Version'), ToFunction: permission('Id') });
    expect(permissions).toEqual({ ToVersion: { published: true, action: 'a', principal: 'p' }, ToFunction: { published: false, action: 'a', principal: 'p' } });
  });
});

describe('a bucket that is emptied', () => {
  const resources = {
    Id: { Type: BUCKET.type, Properties: { Tags: [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }, { Key: 'Team', Value: 'data' }] } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Id' },
        PolicyDocument: { Statement: [{ Sid: 'Ours', Principal: { AWS: '*' } }, { Sid: 'Theirs', Principal: { AWS: { 'Fn::GetAtt': ['HelperRole', 'Arn'] } } }] },
      },
    },
    Emptying: { Type: 'Custom::S3AutoDeleteObjects', Properties: { BucketName: { Ref: 'Id' }, ServiceToken: { 'Fn::GetAtt': ['Helper', 'Arn'] } } },
    Helper: { Type: FUNCTION.type, Properties: { Role: { 'Fn::GetAtt': ['HelperRole', 'Arn'] }, LoggingConfig: { LogGroup: { Ref: 'HelperLogs' } } } },
    HelperRole: { Type: ROLE.type, Properties: { Policies: [] } },
    HelperLogs: { Type: LOG_GROUP.type },
  };

  test('is emptied by Terraform, without the function and what it may do', () => {
    const parts = partsOf(resources);
    expect(parts.of(BUCKET)).toEqual([{
      id: 'Id', props: { forceDestroy: true, tags: { Team: 'data' }, policies: { Policy: { policy: '{"Statement":[{"Sid":"Ours","Principal":{"AWS":"*"}}]}' } } },
    }]);
    expect([parts.of(FUNCTION), parts.of(ROLE), parts.of(LOG_GROUP)]).toEqual([[], [], []]);
  });

  test('who needs the function otherwise is told', () => {
    const Alarm_ = { Type: ALARM.type, Properties: { Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Helper' } }] } };
    expect(() => partsOf({ ...resources, Alarm_ })).toThrow('Dimensions of Alarm_ (AWS::CloudWatch::Alarm): Helper is not there in Terraform');
  });
});

test('what CloudFormation keeps, Terraform refuses to destroy', () => {
  const parts = partsOf({
    Kept: { Type: QUEUE.type, DeletionPolicy: 'Retain' },
    KeptLater: { Type: QUEUE.type, DeletionPolicy: 'RetainExceptOnCreate' },
    Deleted: { Type: QUEUE.type, DeletionPolicy: 'Delete' },
  });
  expect(parts.of(QUEUE)).toEqual([
    { id: 'Kept', props: { maxMessageSize: 1048576, lifecycle: { preventDestroy: true } } },
    { id: 'KeptLater', props: { maxMessageSize: 1048576, lifecycle: { preventDestroy: true } } },
    { id: 'Deleted', props: { maxMessageSize: 1048576 } },
  ]);
});

test('an alarm has who is told that it is over, and how many periods of how many it takes', () => {
  const topic = { Topic: { Type: TOPIC.type, Properties: { TopicName: 't' } } };
  expect(propsOf(ALARM, { OKActions: [{ Ref: 'Topic' }], EvaluationPeriods: 3, DatapointsToAlarm: 2 }, topic)).toEqual({
    okActions: ['${aws_sns_topic.Topic.arn}'], evaluationPeriods: 3, datapointsToAlarm: 2,
  });
});

test('a query of an alarm returns data where nothing else is said, as in CloudFormation', () => {
  expect(propsOf(ALARM, { Metrics: [{ Id: 'a' }, { Id: 'b', ReturnData: false }] }).metricQuery).toEqual([{ id: 'a', returnData: true }, { id: 'b', returnData: false }]);
});

test('a lifecycle rule without a prefix holds for all objects', () => {
  const { lifecycleRules } = propsOf(BUCKET, { LifecycleConfiguration: { Rules: [{ Id: 'all', ExpirationInDays: 1 }, { Id: 'some', Prefix: 'a/' }] } });
  expect(lifecycleRules).toEqual([{ id: 'all', filter: [{}], expiration: [{ days: 1 }] }, { id: 'some', filter: [{ prefix: 'a/' }] }]);
});

test('`${` and `%{` in a text come to Terraform as text, through every module', () => {
  const synthesized = Testing.synthScope((scope) => {
    const parts = partsOf({
      Id: { Type: QUEUE.type, Properties: { QueueName: '${name}', Tags: [{ Key: '${key}', Value: '%{value}' }], RedrivePolicy: { a: '${b}' } } },
      Alarm: { Type: ALARM.type, Properties: { AlarmName: 'a', AlarmDescription: 'costs $${x}', ComparisonOperator: 'c', EvaluationPeriods: 1 } },
    });
    parts.of(QUEUE).forEach(({ id, props }) => new Queue(scope, id, props));
    parts.of(ALARM).forEach(({ id, props }) => new Alarm(scope, id, props));
  });
  const { resource } = JSON.parse(synthesized);
  expect(resource.aws_sqs_queue.Id).toMatchObject({ name: '$${name}', tags: { '$${key}': '%%{value}' }, redrive_policy: '{"a":"$${b}"}' });
  expect(resource.aws_cloudwatch_metric_alarm.Alarm.alarm_description).toBe('costs $$${x}');
});
