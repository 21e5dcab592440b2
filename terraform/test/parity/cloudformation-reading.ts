/**
 * What a CloudFormation template says. Written for itself, by CloudFormation's reference: it shares nothing with lib.
 */
import * as path from 'node:path';
import { Facts, readAll, term } from './facts';

/** What `Ref` gives of each type. */
const REF: Record<string, string> = {
  'AWS::S3::Bucket': 'name',
  'AWS::DynamoDB::GlobalTable': 'name',
  'AWS::SQS::Queue': 'url',
  'AWS::SNS::Topic': 'arn',
  'AWS::IAM::Role': 'name',
  'AWS::Lambda::Function': 'name',
  'AWS::StepFunctions::StateMachine': 'arn',
  'AWS::Events::Rule': 'name',
  'AWS::Logs::LogGroup': 'name',
};
const GET_ATT: Record<string, string> = { Arn: 'arn', QueueName: 'name' };
const PARAMETERS: Record<string, string> = {
  'AWS::Partition': '<partition>',
  'AWS::Region': '<region>',
  'AWS::AccountId': '<account>',
  'FailureEmail': '<e-mail>',
};

export function readTemplate(template: any): Facts {
  const { resources, resolve } = resolver(template);
  const versions = Object.values<any>(resources).filter(({ Type }) => Type === 'AWS::Lambda::Version');
  const isPublished = (id: string) => versions.some(({ Properties }) => Properties.FunctionName.Ref === id);
  return Object.fromEntries(Object.entries<any>(resources).map(([id, resource]) => {
    const [kind, read] = READERS[resource.Type] ?? [`unknown type ${resource.Type}`, () => ({})];
    return [`${kind} ${id}`, readAll({ ...resource, Properties: resolve(resource.Properties) }, ({ Type, Properties, ...others }) => {
      const { Metadata, DependsOn, DeletionPolicy, UpdateReplacePolicy, ...unknown } = others;
      return {
        ...read(Properties),
        ...Type === 'AWS::Lambda::Function' && isPublished(id) ? { published: true } : {},
        dependsOn: DependsOn && [...DependsOn].sort(),
        kept: ['RetainExceptOnCreate', 'Retain'].includes(DeletionPolicy) || undefined,
        keptWhenReplaced: UpdateReplacePolicy === 'Retain' || undefined,
        ...unknown,
      };
    })];
  }));
}

function resolver({ Resources: resources }: any) {
  const reference = (id: string, attribute?: string): string => {
    if (id in PARAMETERS) return PARAMETERS[id];
    const { Type, Properties } = resources[id];
    if (Type === 'AWS::Lambda::Version') return term(Properties.FunctionName.Ref, attribute === undefined ? 'version-arn' : 'version');
    if (Type === 'AWS::Logs::LogGroup' && attribute === 'Arn') return `${term(id, 'arn')}:*`;
    return term(id, attribute === undefined ? REF[Type] : GET_ATT[attribute]);
  };
  const resolve = (value: any): any => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    if ('Ref' in value) return reference(value.Ref);
    if ('Fn::GetAtt' in value) return reference(value['Fn::GetAtt'][0], value['Fn::GetAtt'][1]);
    if ('Fn::Join' in value) return value['Fn::Join'][1].map(resolve).join(value['Fn::Join'][0]);
    if ('Fn::Split' in value) return resolve(value['Fn::Split'][1]).split(value['Fn::Split'][0]);
    if ('Fn::Select' in value) return resolve(value['Fn::Select'][1])[Number(value['Fn::Select'][0])];
    if ('Fn::Sub' in value) return value['Fn::Sub'].replace(/\$\{([^}]*)\}/g, (_: string, name: string) => reference(name));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item)]));
  };
  return { resources, resolve };
}

/** By type: the kind of the facts, and what is said. */
const READERS: Record<string, [kind: string, read: (properties: any) => object]> = {
  'AWS::S3::Bucket': ['bucket', (p) => ({
    name: p.BucketName,
    encryption: p.BucketEncryption.ServerSideEncryptionConfiguration.map((rule: any) => rule.ServerSideEncryptionByDefault.SSEAlgorithm),
    versioning: p.VersioningConfiguration.Status,
    ownership: p.OwnershipControls.Rules.map((rule: any) => rule.ObjectOwnership),
    publicAccessBlocked: [
      p.PublicAccessBlockConfiguration.BlockPublicAcls, p.PublicAccessBlockConfiguration.BlockPublicPolicy,
      p.PublicAccessBlockConfiguration.IgnorePublicAcls, p.PublicAccessBlockConfiguration.RestrictPublicBuckets,
    ],
    eventbridge: p.NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled,
    lifecycle: p.LifecycleConfiguration.Rules.map((rule: any) => ({
      id: rule.Id,
      status: rule.Status,
      prefix: rule.Prefix,
      transitions: rule.Transitions?.map((transition: any) => `${transition.StorageClass} after ${transition.TransitionInDays}`),
      expires: rule.ExpirationInDays,
      expiresMarkers: rule.ExpiredObjectDeleteMarker,
      versionsExpire: rule.NoncurrentVersionExpiration?.NoncurrentDays,
      uploadsAborted: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    })),
    tags: map(p.Tags, 'Key'),
  })],
  'AWS::S3::BucketPolicy': ['resource policy', (p) => ({ of: p.Bucket, policy: p.PolicyDocument })],
  'Custom::S3AutoDeleteObjects': ['emptying', (p) => ({ of: p.BucketName, by: p.ServiceToken })],
  'AWS::DynamoDB::GlobalTable': ['table', (p) => ({
    name: p.TableName,
    billing: p.BillingMode,
    attributes: Object.fromEntries(p.AttributeDefinitions.map((attribute: any) => [attribute.AttributeName, attribute.AttributeType])),
    keys: keys(p.KeySchema),
    indexes: p.GlobalSecondaryIndexes.map((index: any) => ({
      name: index.IndexName, keys: keys(index.KeySchema), has: index.Projection.ProjectionType,
    })),
    pointInTimeRecovery: p.Replicas[0].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
    ttl: [p.TimeToLiveSpecification.AttributeName, p.TimeToLiveSpecification.Enabled],
    encrypted: p.SSESpecification.SSEEnabled,
    encryptedBy: p.SSESpecification.SSEType,
    tags: map(p.Replicas[0].Tags, 'Key'),
    replicas: p.Replicas.map((replica: any) => replica.Region),
  })],
  'AWS::SQS::Queue': ['queue', (p) => ({
    name: p.QueueName,
    fifo: p.FifoQueue,
    retention: p.MessageRetentionPeriod,
    visibility: p.VisibilityTimeout,
    encrypted: p.SqsManagedSseEnabled,
    redrive: p.RedrivePolicy,
    tags: map(p.Tags, 'Key'),
  })],
  'AWS::SQS::QueuePolicy': ['resource policy', (p) => ({ of: p.Queues.join(), policy: p.PolicyDocument })],
  'AWS::SNS::Topic': ['topic', (p) => ({ name: p.TopicName, tags: map(p.Tags, 'Key') })],
  'AWS::SNS::TopicPolicy': ['resource policy', (p) => ({ of: p.Topics.join(), policy: p.PolicyDocument })],
  'AWS::SNS::Subscription': ['subscription', (p) => ({ of: p.TopicArn, protocol: p.Protocol, endpoint: p.Endpoint })],
  'AWS::IAM::Role': ['role', (p) => ({ name: p.RoleName, trust: p.AssumeRolePolicyDocument, inline: p.Policies, tags: map(p.Tags, 'Key') })],
  'AWS::IAM::Policy': ['role policy', (p) => ({ name: p.PolicyName, of: p.Roles.join(), policy: p.PolicyDocument })],
  'AWS::Lambda::Function': ['function', (p) => ({
    name: p.FunctionName,
    description: p.Description,
    code: path.basename(p.Code.S3Key, '.zip'),
    codeFrom: p.Code.S3Bucket,
    handler: p.Handler,
    runtime: p.Runtime,
    memory: p.MemorySize,
    timeout: p.Timeout,
    role: p.Role,
    environment: p.Environment?.Variables,
    deadLetters: p.DeadLetterConfig.TargetArn,
    logGroup: p.LoggingConfig.LogGroup,
    tracing: p.TracingConfig?.Mode,
    tags: map(p.Tags, 'Key'),
  })],
  'AWS::Lambda::Version': ['version', (p) => ({ of: p.FunctionName })],
  'AWS::Lambda::Permission': ['permission', (p) => ({ to: p.FunctionName, action: p.Action, principal: p.Principal, source: p.SourceArn })],
  'AWS::Lambda::EventInvokeConfig': ['asynchronous calls', (p) => ({ of: p.FunctionName, qualifier: p.Qualifier, retries: p.MaximumRetryAttempts })],
  'AWS::Logs::LogGroup': ['log group', (p) => ({ name: p.LogGroupName, retention: p.RetentionInDays, tags: map(p.Tags, 'Key') })],
  'AWS::StepFunctions::StateMachine': ['state machine', (p) => ({
    name: p.StateMachineName,
    type: p.StateMachineType,
    definition: JSON.parse(p.DefinitionString),
    role: p.RoleArn,
    logLevel: p.LoggingConfiguration.Level,
    logs: p.LoggingConfiguration.Destinations.map((destination: any) => destination.CloudWatchLogsLogGroup.LogGroupArn).join(),
    tracing: p.TracingConfiguration.Enabled,
    tags: map(p.Tags, 'Key'),
  })],
  'AWS::Events::Rule': ['rule', (p) => ({
    name: p.Name,
    description: p.Description,
    pattern: p.EventPattern,
    schedule: p.ScheduleExpression,
    state: p.State,
    targets: Object.fromEntries(p.Targets.map((target: any) => [
      target.Id, { arn: target.Arn, role: target.RoleArn, deadLetters: target.DeadLetterConfig.Arn },
    ])),
    tags: map(p.Tags, 'Key'),
  })],
  'AWS::CloudWatch::Alarm': ['alarm', (p) => ({
    name: p.AlarmName,
    description: p.AlarmDescription,
    actions: p.AlarmActions,
    okActions: p.OKActions,
    operator: p.ComparisonOperator,
    evaluationPeriods: p.EvaluationPeriods,
    datapointsToAlarm: p.DatapointsToAlarm,
    threshold: p.Threshold,
    missing: p.TreatMissingData,
    metric: p.MetricName,
    namespace: p.Namespace,
    dimensions: map(p.Dimensions, 'Name'),
    period: p.Period,
    statistic: p.Statistic,
    queries: p.Metrics?.map((query: any) => ({
      id: query.Id,
      expression: query.Expression,
      label: query.Label,
      returns: query.ReturnData,
      metric: query.MetricStat?.Metric.MetricName,
      namespace: query.MetricStat?.Metric.Namespace,
      dimensions: map(query.MetricStat?.Metric.Dimensions, 'Name'),
      period: query.MetricStat?.Period,
      statistic: query.MetricStat?.Stat,
    })),
    tags: map(p.Tags, 'Key'),
  })],
};

function map(pairs: any[] | undefined, key: string): object | undefined {
  return pairs && Object.fromEntries(pairs.map((pair) => [pair[key], pair.Value]));
}

function keys(schema: any[]): string[] {
  return schema.map((key) => `${key.KeyType} ${key.AttributeName}`);
}
