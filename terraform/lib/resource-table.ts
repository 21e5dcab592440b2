/**
 * Which Terraform resource each type of CloudFormation becomes, what references to it read, and what becomes of each
 * property. What has no row fails: it would be missing in Terraform, and nobody would know.
 */
import { CloudwatchEventTargetDeadLetterConfig } from '@cdktn/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroupConfig } from '@cdktn/provider-aws/lib/cloudwatch-log-group';
import {
  CloudwatchMetricAlarmConfig, CloudwatchMetricAlarmMetricQuery, CloudwatchMetricAlarmMetricQueryMetric,
} from '@cdktn/provider-aws/lib/cloudwatch-metric-alarm';
import {
  DynamodbTableAttribute, DynamodbTableConfig, DynamodbTableGlobalSecondaryIndex, DynamodbTableGlobalSecondaryIndexKeySchema,
  DynamodbTablePointInTimeRecovery, DynamodbTableServerSideEncryption, DynamodbTableTtl,
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
import {
  add, as, Asset, block, Convert, dimensions, fields, json, keyedBy, list, listOfOne, nothing, only, policy, Properties, ReferenceForms, spread, tags,
} from './conversions';
import {
  AsynchronousCallsProps, BundledFunctionProps, CodeProps, DataBucketProps, EventRuleProps, PermissionProps, PolicyProps, QueueProps,
  RolePolicyProps, RoleProps, SubscriptionProps, TargetProps, TopicProps,
} from './modules';

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
  /** The properties without which Terraform, or the module, would take something else than CloudFormation. */
  readonly required?: readonly string[];
}

/** What belongs to another resource, and is made by that one's module. */
export interface AttachedRow<Props, Owner> extends Row<Props> {
  /** The properties that name the owner, how each may, and the prop of the owner's module that takes it. */
  readonly attachedTo: { readonly by: Readonly<Record<string, ReferenceForms>>; readonly as: keyof Owner & string };
}

/** What is no resource in Terraform, but an argument of another one. Its references read that one's attributes. */
export interface PartRow<Owner> extends Row<object> {
  /** The property that names the owner, how it may, and what that one gets. */
  readonly partOf: { readonly by: Readonly<Record<string, ReferenceForms>>; readonly gives: Partial<Owner> };
  /**
   * The property that names a function whose work Terraform does itself: it is left out, with its role and log group.
   */
  readonly doneBy?: string;
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
}, { defaults: { filter: [{}] } });

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
    }, { required: ['ServerSideEncryptionConfiguration'] })),
    LifecycleConfiguration: spread(fields<DataBucketProps>({ Rules: as('lifecycleRules', list(lifecycleRule)) })),
    NotificationConfiguration: spread(fields<DataBucketProps>({
      EventBridgeConfiguration: spread(fields<DataBucketProps>({ EventBridgeEnabled: 'eventbridge' })),
    })),
    OwnershipControls: spread(fields<DataBucketProps>({ Rules: spread(only(fields<DataBucketProps>({ ObjectOwnership: 'objectOwnership' }, { required: ['ObjectOwnership'] }))) }, { required: ['Rules'] })),
    PublicAccessBlockConfiguration: as('publicAccess', fields<NonNullable<DataBucketProps['publicAccess']>>({
      BlockPublicAcls: 'blockPublicAcls',
      BlockPublicPolicy: 'blockPublicPolicy',
      IgnorePublicAcls: 'ignorePublicAcls',
      RestrictPublicBuckets: 'restrictPublicBuckets',
    }, { required: ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'] })),
    Tags: as('tags', bucketTags),
    VersioningConfiguration: spread(fields<DataBucketProps>({ Status: 'versioning' }, { required: ['Status'] })),
  },
  // The module's own defaults are the safe ones.
  required: ['BucketEncryption', 'OwnershipControls', 'PublicAccessBlockConfiguration', 'VersioningConfiguration'],
};

const BUCKET_POLICY: AttachedRow<PolicyProps, DataBucketProps> = {
  type: 'AWS::S3::BucketPolicy',
  resource: 'aws_s3_bucket_policy',
  attachedTo: { by: { Bucket: { [BUCKET.type]: ['Ref'] } }, as: 'policies' },
  properties: { PolicyDocument: as('policy', policy) },
  required: ['PolicyDocument'],
};

/** Terraform empties a bucket itself before it destroys it. */
const AUTO_DELETE_OBJECTS: PartRow<DataBucketProps> = {
  type: 'Custom::S3AutoDeleteObjects',
  resource: 'aws_s3_bucket',
  partOf: { by: { BucketName: { [BUCKET.type]: ['Ref'] } }, gives: { forceDestroy: true } },
  doneBy: 'ServiceToken',
  properties: {},
};

// DynamoDB

interface Key {
  readonly name: string;
  readonly type: string;
}

const ARGUMENT_OF_KEY: Readonly<Record<string, string>> = { HASH: 'hashKey', RANGE: 'rangeKey' };

/** A table's own keys; those of an index are a list in Terraform too. */
const keys: Convert = (raw, at) => {
  const arguments_ = {};
  for (const { name, type } of list(fields<Key>({ AttributeName: 'name', KeyType: 'type' }, { required: ['AttributeName', 'KeyType'] }))(raw, at) as Key[]) {
    add(arguments_, { [ARGUMENT_OF_KEY[type] ?? at.fail(`must be of HASH and RANGE keys, got ${type}`)]: name }, at);
  }
  return arguments_;
};

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
      KeySchema: as('keySchema', list(fields<DynamodbTableGlobalSecondaryIndexKeySchema>({ AttributeName: 'attributeName', KeyType: 'keyType' }))),
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
  required: ['TableName', 'AttributeDefinitions', 'KeySchema', 'Replicas'],
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
  attachedTo: { by: { Queues: { [QUEUE.type]: ['Ref'] } }, as: 'policies' },
  properties: { PolicyDocument: as('policy', policy) },
  required: ['PolicyDocument'],
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
  attachedTo: { by: { Topics: { [TOPIC.type]: ['Ref'] } }, as: 'policies' },
  properties: { PolicyDocument: as('policy', policy) },
  required: ['PolicyDocument'],
};

const SUBSCRIPTION: AttachedRow<SubscriptionProps, TopicProps> = {
  type: 'AWS::SNS::Subscription',
  resource: 'aws_sns_topic_subscription',
  attachedTo: { by: { TopicArn: { [TOPIC.type]: ['Ref'] } }, as: 'subscriptions' },
  properties: { Protocol: 'protocol', Endpoint: 'endpoint' },
  required: ['Protocol', 'Endpoint'],
};

// IAM

export const ROLE: Row<RoleProps> = {
  type: 'AWS::IAM::Role',
  resource: 'aws_iam_role',
  ref: 'name',
  attributes: { Arn: 'arn' },
  properties: { RoleName: 'name', AssumeRolePolicyDocument: as('assumeRolePolicy', policy), Tags: as('tags', tags) },
  required: ['AssumeRolePolicyDocument'],
};

const ROLE_POLICY: AttachedRow<RolePolicyProps, RoleProps> = {
  type: 'AWS::IAM::Policy',
  resource: 'aws_iam_role_policy',
  attachedTo: { by: { Roles: { [ROLE.type]: ['Ref'] } }, as: 'policies' },
  properties: { PolicyName: 'name', PolicyDocument: as('policy', policy) },
  required: ['PolicyName', 'PolicyDocument'],
};

// Lambda

/** Terraform uploads the archive itself, from the directory that the CDK would have uploaded. */
const code: Convert = (raw, at) => {
  const location = fields<Pick<Asset, 'bucket' | 'key'>>({ S3Bucket: 'bucket', S3Key: 'key' }, { required: ['S3Bucket', 'S3Key'] });
  const { bucket, key } = location(raw, at) as Pick<Asset, 'bucket' | 'key'>;
  const asset = at.around.assets.find((one) => one.key === key && at.value({ 'Fn::Sub': one.bucket }) === bucket);
  if (asset === undefined) return at.fail(`must be an asset of the stack, got ${JSON.stringify(raw)}`);
  return { directory: asset.directory, hash: asset.hash } satisfies CodeProps;
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
    LoggingConfig: as('loggingConfig', fields<LambdaFunctionLoggingConfig>({ LogGroup: 'logGroup' }, { defaults: { logFormat: 'Text' } })),
    TracingConfig: as('tracingConfig', fields<LambdaFunctionTracingConfig>({ Mode: 'mode' })),
    Tags: as('tags', tags),
  },
  required: ['FunctionName', 'Code', 'Handler', 'Runtime', 'Role'],
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
  partOf: { by: { FunctionName: { [FUNCTION.type]: ['Ref'] } }, gives: { publish: true } },
  properties: {},
};

/** Of a function as it is now, or of its version. */
const CALLED: ReferenceForms = { [FUNCTION.type]: ['Ref', 'Arn'], [VERSION.type]: ['Ref'] };

const PERMISSION: AttachedRow<PermissionProps, BundledFunctionProps> = {
  type: 'AWS::Lambda::Permission',
  resource: 'aws_lambda_permission',
  attachedTo: { by: { FunctionName: CALLED }, as: 'permissions' },
  properties: {
    FunctionName: as('published', (raw, at) => at.around.typeOf(at.resourceId(raw, CALLED)) === VERSION.type),
    Action: 'action',
    Principal: 'principal',
    SourceArn: 'sourceArn',
  },
  required: ['Action', 'Principal'],
};

const EVENT_INVOKE_CONFIG: AttachedRow<AsynchronousCallsProps, BundledFunctionProps> = {
  type: 'AWS::Lambda::EventInvokeConfig',
  resource: 'aws_lambda_function_event_invoke_config',
  attachedTo: { by: { FunctionName: { [FUNCTION.type]: ['Ref'] }, Qualifier: { [VERSION.type]: ['Version'] } }, as: 'asynchronousCalls' },
  properties: { MaximumRetryAttempts: 'maximumRetryAttempts' },
  defaults: { published: true },
  required: ['MaximumRetryAttempts'],
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
  required: ['DefinitionString', 'RoleArn'],
};

// EventBridge

const target = fields<TargetProps & { readonly id: string }>({
  Id: 'id',
  Arn: 'arn',
  RoleArn: 'roleArn',
  DeadLetterConfig: as('deadLetterConfig', fields<CloudwatchEventTargetDeadLetterConfig>({ Arn: 'arn' })),
}, { required: ['Id', 'Arn'] });

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
    Targets: as('targets', keyedBy<{ readonly id: string }>('id', target)),
    Tags: as('tags', tags),
  },
  required: ['Targets'],
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
    }, { defaults: { returnData: true } }))),
    Tags: as('tags', tags),
  },
  required: ['AlarmName', 'ComparisonOperator', 'EvaluationPeriods'],
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
