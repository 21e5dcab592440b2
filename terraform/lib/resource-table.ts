/**
 * Which Terraform resource each type of CloudFormation becomes, what references to it read, and what becomes of each
 * property. What has no row fails: it would be missing in Terraform, and nobody would know.
 */
import * as path from 'node:path';
import { CloudwatchEventTargetDeadLetterConfig } from '@cdktn/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroupConfig } from '@cdktn/provider-aws/lib/cloudwatch-log-group';
import {
  CloudwatchMetricAlarmConfig, CloudwatchMetricAlarmMetricQuery, CloudwatchMetricAlarmMetricQueryMetric,
} from '@cdktn/provider-aws/lib/cloudwatch-metric-alarm';
import {
  DynamodbTableAttribute, DynamodbTableConfig, DynamodbTableGlobalSecondaryIndex, DynamodbTablePointInTimeRecovery, DynamodbTableServerSideEncryption,
  DynamodbTableTtl,
} from '@cdktn/provider-aws/lib/dynamodb-table';
import {
  LambdaFunctionDeadLetterConfig, LambdaFunctionEnvironment, LambdaFunctionLoggingConfig, LambdaFunctionTracingConfig,
} from '@cdktn/provider-aws/lib/lambda-function';
import {
  S3BucketLifecycleConfigurationRule, S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload, S3BucketLifecycleConfigurationRuleExpiration,
  S3BucketLifecycleConfigurationRuleFilter, S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
  S3BucketLifecycleConfigurationRuleTransition,
} from '@cdktn/provider-aws/lib/s3-bucket-lifecycle-configuration';
import {
  S3BucketServerSideEncryptionConfigurationRuleA, S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
} from '@cdktn/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import {
  SfnStateMachineConfig, SfnStateMachineLoggingConfiguration, SfnStateMachineTracingConfiguration,
} from '@cdktn/provider-aws/lib/sfn-state-machine';
import { as, Convert, dimensions, fields, json, list, nothing, only, policy, Properties, spread, tags } from './conversions';
import {
  AsynchronousCallsProps, BundledFunctionProps, CodeProps, DataBucketProps, EventRuleProps, PermissionProps, PolicyProps, QueueProps,
  RolePolicyProps, RoleProps,
  SubscriptionProps, TargetProps, TopicProps,
} from './modules';
import { referencedIds } from './references';

export interface Row<Props> {
  readonly type: string;
  /** The Terraform resource that has the logical id as its name: references read its attributes. */
  readonly resource: string;
  /** The attribute that `Ref` reads. */
  readonly ref?: string;
  /** The attributes that `Fn::GetAtt` reads; the second of two is what follows it. */
  readonly attributes?: Readonly<Record<string, string | readonly [attribute: string, suffix: string]>>;
  readonly properties: Properties<Props>;
  /** What CloudFormation takes where nothing is said, and Terraform does not. */
  readonly defaults?: Partial<Props>;
}

/** What belongs to another resource, and is made by that one's module. */
export interface AttachedRow<Props, Owner> extends Row<Props> {
  /** The property that names the owner, and the prop of the owner's module that takes it. */
  readonly attachedTo: { readonly property: string; readonly as: keyof Owner & string };
}

/** What is no resource in Terraform, but an argument of another one. Its references read that one's attributes. */
export interface PartRow<Owner> extends Row<object> {
  /** The property that names the owner, and what that one gets. */
  readonly partOf: { readonly property: string; readonly gives: Partial<Owner> };
  /**
   * The property that names a function whose work Terraform does itself: it is left out, with its role and log group.
   */
  readonly doneBy?: string;
}

/** Blocks of which Terraform takes a list, and CloudFormation one. */
function listOfOne(convert: Convert): Convert {
  return (raw, at) => [convert(raw, at)];
}

/** A block that consists of one argument, which CloudFormation has no block for. */
function block<Arguments>(argument: keyof Arguments & string): Convert {
  return (raw, at) => ({ [argument]: at.value(raw) });
}

// S3

const lifecycleRule = fields<S3BucketLifecycleConfigurationRule>({
  Id: 'id',
  Status: 'status',
  Prefix: as('filter', listOfOne(block<S3BucketLifecycleConfigurationRuleFilter>('prefix'))),
  Transitions: as('transition', list(fields<S3BucketLifecycleConfigurationRuleTransition>({ StorageClass: 'storageClass', TransitionInDays: 'days' }))),
  ExpirationInDays: as('expiration', listOfOne(block<S3BucketLifecycleConfigurationRuleExpiration>('days'))),
  ExpiredObjectDeleteMarker: as('expiration', listOfOne(block<S3BucketLifecycleConfigurationRuleExpiration>('expiredObjectDeleteMarker'))),
  NoncurrentVersionExpiration: as('noncurrentVersionExpiration', listOfOne(fields<S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration>({
    NoncurrentDays: 'noncurrentDays',
  }))),
  AbortIncompleteMultipartUpload: as('abortIncompleteMultipartUpload', listOfOne(fields<S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload>({
    DaysAfterInitiation: 'daysAfterInitiation',
  }))),
  // A rule without a prefix holds for all objects. Terraform wants to be told.
}, { filter: [{}] });

/** The helper of the CDK that empties a bucket knows by this tag which ones it may empty. */
const AUTO_DELETE_TAG = 'aws-cdk:auto-delete-objects';

const bucketTags: Convert = (raw, at) => tags((raw as Array<{ Key: string }>).filter(({ Key }) => Key !== AUTO_DELETE_TAG), at);

export const BUCKET: Row<DataBucketProps> = {
  type: 'AWS::S3::Bucket',
  resource: 'aws_s3_bucket',
  ref: 'bucket',
  attributes: { Arn: 'arn' },
  properties: {
    BucketName: 'bucket',
    BucketEncryption: spread(fields<DataBucketProps>({
      ServerSideEncryptionConfiguration: as('encryption', list(fields<S3BucketServerSideEncryptionConfigurationRuleA>({
        ServerSideEncryptionByDefault: as('applyServerSideEncryptionByDefault',
          fields<S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA>({ SSEAlgorithm: 'sseAlgorithm' })),
      }))),
    })),
    LifecycleConfiguration: spread(fields<DataBucketProps>({ Rules: as('lifecycleRules', list(lifecycleRule)) })),
    NotificationConfiguration: spread(fields<DataBucketProps>({
      EventBridgeConfiguration: spread(fields<DataBucketProps>({ EventBridgeEnabled: 'eventbridge' })),
    })),
    OwnershipControls: spread(fields<DataBucketProps>({ Rules: spread(only(fields<DataBucketProps>({ ObjectOwnership: 'objectOwnership' }))) })),
    PublicAccessBlockConfiguration: as('publicAccess', fields<DataBucketProps['publicAccess']>({
      BlockPublicAcls: 'blockPublicAcls',
      BlockPublicPolicy: 'blockPublicPolicy',
      IgnorePublicAcls: 'ignorePublicAcls',
      RestrictPublicBuckets: 'restrictPublicBuckets',
    })),
    Tags: as('tags', bucketTags),
    VersioningConfiguration: spread(fields<DataBucketProps>({ Status: 'versioning' })),
  },
};

const BUCKET_POLICY: AttachedRow<PolicyProps, DataBucketProps> = {
  type: 'AWS::S3::BucketPolicy',
  resource: 'aws_s3_bucket_policy',
  attachedTo: { property: 'Bucket', as: 'policies' },
  properties: { PolicyDocument: as('policy', policy) },
};

/** Terraform empties a bucket itself before it destroys it. */
const AUTO_DELETE_OBJECTS: PartRow<DataBucketProps> = {
  type: 'Custom::S3AutoDeleteObjects',
  resource: 'aws_s3_bucket',
  partOf: { property: 'BucketName', gives: { forceDestroy: true } },
  doneBy: 'ServiceToken',
  properties: {},
};

// DynamoDB

const ARGUMENT_OF_KEY = { HASH: 'hashKey', RANGE: 'rangeKey' } as const;

const keys: Convert = (raw, at) => Object.fromEntries((raw as Array<{ AttributeName: unknown; KeyType: keyof typeof ARGUMENT_OF_KEY }>)
  .map(({ AttributeName, KeyType }) => [ARGUMENT_OF_KEY[KeyType], at.value(AttributeName)]));

export const TABLE: Row<DynamodbTableConfig> = {
  type: 'AWS::DynamoDB::GlobalTable',
  resource: 'aws_dynamodb_table',
  ref: 'name',
  attributes: { Arn: 'arn' },
  properties: {
    TableName: 'name',
    BillingMode: 'billingMode',
    AttributeDefinitions: as('attribute', list(fields<DynamodbTableAttribute>({ AttributeName: 'name', AttributeType: 'type' }))),
    KeySchema: spread(keys),
    GlobalSecondaryIndexes: as('globalSecondaryIndex', list(fields<DynamodbTableGlobalSecondaryIndex>({
      IndexName: 'name',
      KeySchema: spread(keys),
      Projection: spread(fields<DynamodbTableGlobalSecondaryIndex>({ ProjectionType: 'projectionType' })),
    }))),
    SSESpecification: as('serverSideEncryption', fields<DynamodbTableServerSideEncryption>({
      SSEEnabled: 'enabled',
      SSEType: nothing('Terraform knows no other', ['KMS']),
    })),
    TimeToLiveSpecification: as('ttl', fields<DynamodbTableTtl>({ AttributeName: 'attributeName', Enabled: 'enabled' })),
    // The table itself is one of its replicas in CloudFormation, and the only one here.
    Replicas: spread(only(fields<DynamodbTableConfig>({
      Region: nothing('it is that of the provider'),
      PointInTimeRecoverySpecification: as('pointInTimeRecovery', fields<DynamodbTablePointInTimeRecovery>({ PointInTimeRecoveryEnabled: 'enabled' })),
      Tags: as('tags', tags),
    }))),
  },
};

// SQS

export const QUEUE: Row<QueueProps> = {
  type: 'AWS::SQS::Queue',
  resource: 'aws_sqs_queue',
  ref: 'url',
  attributes: { Arn: 'arn', QueueName: 'name' },
  properties: {
    QueueName: 'name',
    FifoQueue: 'fifoQueue',
    MessageRetentionPeriod: 'messageRetentionSeconds',
    VisibilityTimeout: 'visibilityTimeoutSeconds',
    SqsManagedSseEnabled: 'sqsManagedSseEnabled',
    RedrivePolicy: as('redrivePolicy', json),
    Tags: as('tags', tags),
  },
  // 1 MiB; Terraform's own default is a quarter of it.
  defaults: { maxMessageSize: 1_048_576 },
};

const QUEUE_POLICY: AttachedRow<PolicyProps, QueueProps> = {
  type: 'AWS::SQS::QueuePolicy',
  resource: 'aws_sqs_queue_policy',
  attachedTo: { property: 'Queues', as: 'policies' },
  properties: { PolicyDocument: as('policy', policy) },
};

// SNS

export const TOPIC: Row<TopicProps> = {
  type: 'AWS::SNS::Topic',
  resource: 'aws_sns_topic',
  ref: 'arn',
  properties: { TopicName: 'name', Tags: as('tags', tags) },
};

const TOPIC_POLICY: AttachedRow<PolicyProps, TopicProps> = {
  type: 'AWS::SNS::TopicPolicy',
  resource: 'aws_sns_topic_policy',
  attachedTo: { property: 'Topics', as: 'policies' },
  properties: { PolicyDocument: as('policy', policy) },
};

const SUBSCRIPTION: AttachedRow<SubscriptionProps, TopicProps> = {
  type: 'AWS::SNS::Subscription',
  resource: 'aws_sns_topic_subscription',
  attachedTo: { property: 'TopicArn', as: 'subscriptions' },
  properties: { Protocol: 'protocol', Endpoint: 'endpoint' },
};

// IAM

export const ROLE: Row<RoleProps> = {
  type: 'AWS::IAM::Role',
  resource: 'aws_iam_role',
  ref: 'name',
  attributes: { Arn: 'arn' },
  properties: { RoleName: 'name', AssumeRolePolicyDocument: as('assumeRolePolicy', policy), Tags: as('tags', tags) },
};

const ROLE_POLICY: AttachedRow<RolePolicyProps, RoleProps> = {
  type: 'AWS::IAM::Policy',
  resource: 'aws_iam_role_policy',
  attachedTo: { property: 'Roles', as: 'policies' },
  properties: { PolicyName: 'name', PolicyDocument: as('policy', policy) },
};

// Lambda

/** The archive of a template's asset is made of the directory of that name. */
const code: Convert = (raw, at) => {
  const hash = path.basename(String((raw as { S3Key: unknown }).S3Key), '.zip');
  return { directory: path.join(at.around.assembly, `asset.${hash}`), hash } satisfies CodeProps;
};

/** Whether a version is named, not the function. */
const isVersion: Convert = (raw, at) => {
  const [type] = referencedIds(raw).map(at.around.typeOf);
  if (type !== VERSION.type && type !== FUNCTION.type) at.fail(`must name a version or a function of the template, got ${JSON.stringify(raw)}`);
  return type === VERSION.type;
};

export const FUNCTION: Row<BundledFunctionProps> = {
  type: 'AWS::Lambda::Function',
  resource: 'aws_lambda_function',
  ref: 'function_name',
  attributes: { Arn: 'arn' },
  properties: {
    FunctionName: 'functionName',
    Description: 'description',
    Code: as('code', code),
    Handler: 'handler',
    Runtime: 'runtime',
    MemorySize: 'memorySize',
    Timeout: 'timeout',
    Role: 'role',
    Environment: as('environment', fields<LambdaFunctionEnvironment>({ Variables: 'variables' })),
    DeadLetterConfig: as('deadLetterConfig', fields<LambdaFunctionDeadLetterConfig>({ TargetArn: 'targetArn' })),
    LoggingConfig: as('loggingConfig', fields<LambdaFunctionLoggingConfig>({ LogGroup: 'logGroup' }, { logFormat: 'Text' })),
    TracingConfig: as('tracingConfig', fields<LambdaFunctionTracingConfig>({ Mode: 'mode' })),
    Tags: as('tags', tags),
  },
};

/**
 * Terraform publishes a version whenever the function changes, and leaves the earlier ones to the executions that call
 * them.
 */
const VERSION: PartRow<BundledFunctionProps> = {
  type: 'AWS::Lambda::Version',
  resource: 'aws_lambda_function',
  ref: 'qualified_arn',
  attributes: { Version: 'version' },
  partOf: { property: 'FunctionName', gives: { publish: true } },
  properties: {},
};

const PERMISSION: AttachedRow<PermissionProps, BundledFunctionProps> = {
  type: 'AWS::Lambda::Permission',
  resource: 'aws_lambda_permission',
  attachedTo: { property: 'FunctionName', as: 'permissions' },
  properties: { FunctionName: as('published', isVersion), Action: 'action', Principal: 'principal', SourceArn: 'sourceArn' },
};

const EVENT_INVOKE_CONFIG: AttachedRow<AsynchronousCallsProps, BundledFunctionProps> = {
  type: 'AWS::Lambda::EventInvokeConfig',
  resource: 'aws_lambda_function_event_invoke_config',
  attachedTo: { property: 'FunctionName', as: 'asynchronousCalls' },
  properties: { Qualifier: as('published', isVersion), MaximumRetryAttempts: 'maximumRetryAttempts' },
};

// Step Functions

export const STATE_MACHINE: Row<SfnStateMachineConfig> = {
  type: 'AWS::StepFunctions::StateMachine',
  resource: 'aws_sfn_state_machine',
  ref: 'arn',
  properties: {
    StateMachineName: 'name',
    StateMachineType: 'type',
    DefinitionString: 'definition',
    RoleArn: 'roleArn',
    LoggingConfiguration: as('loggingConfiguration', fields<SfnStateMachineLoggingConfiguration>({
      Destinations: spread(only(fields<SfnStateMachineLoggingConfiguration>({
        CloudWatchLogsLogGroup: spread(fields<SfnStateMachineLoggingConfiguration>({ LogGroupArn: 'logDestination' })),
      }))),
      Level: 'level',
    })),
    TracingConfiguration: as('tracingConfiguration', fields<SfnStateMachineTracingConfiguration>({ Enabled: 'enabled' })),
    Tags: as('tags', tags),
  },
};

// EventBridge

/** By their ids. */
const targets: Convert = (raw, at) => Object.fromEntries((raw as Array<{ readonly Id: string }>).map(({ Id, ...target }) => [
  Id,
  fields<TargetProps>({
    Arn: 'arn',
    RoleArn: 'roleArn',
    DeadLetterConfig: as('deadLetterConfig', fields<CloudwatchEventTargetDeadLetterConfig>({ Arn: 'arn' })),
  })(target, at.inside(Id)),
]));

export const RULE: Row<EventRuleProps> = {
  type: 'AWS::Events::Rule',
  resource: 'aws_cloudwatch_event_rule',
  ref: 'name',
  attributes: { Arn: 'arn' },
  properties: {
    Name: 'name',
    Description: 'description',
    EventPattern: as('eventPattern', json),
    ScheduleExpression: 'scheduleExpression',
    State: 'state',
    Targets: as('targets', targets),
    Tags: as('tags', tags),
  },
};

// CloudWatch

export const LOG_GROUP: Row<CloudwatchLogGroupConfig> = {
  type: 'AWS::Logs::LogGroup',
  resource: 'aws_cloudwatch_log_group',
  ref: 'name',
  // CloudFormation's ARN is that of the group's streams.
  attributes: { Arn: ['arn', ':*'] },
  properties: { LogGroupName: 'name', RetentionInDays: 'retentionInDays', Tags: as('tags', tags) },
};

export const ALARM: Row<CloudwatchMetricAlarmConfig> = {
  type: 'AWS::CloudWatch::Alarm',
  resource: 'aws_cloudwatch_metric_alarm',
  properties: {
    AlarmName: 'alarmName',
    AlarmDescription: 'alarmDescription',
    AlarmActions: 'alarmActions',
    OKActions: 'okActions',
    ComparisonOperator: 'comparisonOperator',
    EvaluationPeriods: 'evaluationPeriods',
    DatapointsToAlarm: 'datapointsToAlarm',
    Threshold: 'threshold',
    TreatMissingData: 'treatMissingData',
    MetricName: 'metricName',
    Namespace: 'namespace',
    Dimensions: as('dimensions', dimensions),
    Period: 'period',
    Statistic: 'statistic',
    Metrics: as('metricQuery', list(fields<CloudwatchMetricAlarmMetricQuery>({
      Id: 'id',
      Label: 'label',
      Expression: 'expression',
      MetricStat: as('metric', fields<CloudwatchMetricAlarmMetricQueryMetric>({
        Metric: spread(fields<CloudwatchMetricAlarmMetricQueryMetric>({ MetricName: 'metricName', Namespace: 'namespace', Dimensions: as('dimensions', dimensions) })),
        Period: 'period',
        Stat: 'stat',
      })),
      ReturnData: 'returnData',
    }, { returnData: true }))),
    Tags: as('tags', tags),
  },
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyRow = Row<any> & Partial<Pick<AttachedRow<any, any>, 'attachedTo'> & Pick<PartRow<any>, 'partOf' | 'doneBy'>>;

export const ROWS: readonly AnyRow[] = [
  BUCKET, BUCKET_POLICY, AUTO_DELETE_OBJECTS,
  TABLE,
  QUEUE, QUEUE_POLICY,
  TOPIC, TOPIC_POLICY, SUBSCRIPTION,
  ROLE, ROLE_POLICY,
  FUNCTION, VERSION, PERMISSION, EVENT_INVOKE_CONFIG,
  STATE_MACHINE,
  RULE,
  LOG_GROUP, ALARM,
];
