/**
 * What a pipeline consists of, as constructs of CDK Terrain. They know nothing of CloudFormation: each takes the
 * arguments of its Terraform resource, and what belongs to it by the name of its own resource.
 */
import { CloudwatchEventRule, CloudwatchEventRuleConfig } from '@cdktn/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget, CloudwatchEventTargetConfig } from '@cdktn/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroup, CloudwatchLogGroupConfig } from '@cdktn/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchMetricAlarm, CloudwatchMetricAlarmConfig } from '@cdktn/provider-aws/lib/cloudwatch-metric-alarm';
import { DynamodbTable, DynamodbTableConfig } from '@cdktn/provider-aws/lib/dynamodb-table';
import { IamRole, IamRoleConfig } from '@cdktn/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktn/provider-aws/lib/iam-role-policy';
import { LambdaFunction, LambdaFunctionConfig } from '@cdktn/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktn/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktn/provider-aws/lib/lambda-permission';
import { S3Bucket, S3BucketConfig } from '@cdktn/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration, S3BucketLifecycleConfigurationRule } from '@cdktn/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketNotification } from '@cdktn/provider-aws/lib/s3-bucket-notification';
import { S3BucketOwnershipControls } from '@cdktn/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktn/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock, S3BucketPublicAccessBlockConfig } from '@cdktn/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA, S3BucketServerSideEncryptionConfigurationRuleA } from '@cdktn/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktn/provider-aws/lib/s3-bucket-versioning';
import { SfnStateMachine, SfnStateMachineConfig } from '@cdktn/provider-aws/lib/sfn-state-machine';
import { SnsTopic, SnsTopicConfig } from '@cdktn/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktn/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktn/provider-aws/lib/sns-topic-subscription';
import { SqsQueue, SqsQueueConfig } from '@cdktn/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktn/provider-aws/lib/sqs-queue-policy';
import { AssetType, Fn, TerraformAsset, TerraformElement, TerraformMetaArguments } from 'cdktn';
import { Construct } from 'constructs';

/** By the name of the Terraform resource. */
export type Named<Props> = Readonly<Record<string, Props>>;

/** A policy as JSON. */
export interface PolicyProps extends TerraformMetaArguments {
  readonly policy: string;
}

/** The module's id is the name of its resource: `aws_sqs_queue.Jobs`. */
function withName<Element extends TerraformElement>(name: string, element: Element): Element {
  element.overrideLogicalId(name);
  return element;
}

function forEach<Props>(named: Named<Props> | undefined, make: (name: string, props: Props) => TerraformElement): void {
  for (const [name, props] of Object.entries(named ?? {})) withName(name, make(name, props));
}

// S3

export interface DataBucketProps extends Omit<S3BucketConfig, 'policy' | 'versioning' | 'lifecycleRule' | 'serverSideEncryptionConfiguration'> {
  /** `Enabled` or `Suspended`. */
  readonly versioning: string;
  readonly encryption: S3BucketServerSideEncryptionConfigurationRuleA[];
  /** Who owns an object that another account has put there. */
  readonly objectOwnership: string;
  readonly publicAccess: Omit<S3BucketPublicAccessBlockConfig, 'bucket'>;
  readonly lifecycleRules: S3BucketLifecycleConfigurationRule[];
  /** Whether EventBridge is told of what happens in the bucket. */
  readonly eventbridge: boolean;
  readonly policies?: Named<PolicyProps>;
}

/** A bucket for data, with everything that Terraform has a resource of its own for. */
export class DataBucket extends Construct {
  readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const { versioning, encryption, objectOwnership, publicAccess, lifecycleRules, eventbridge, policies, ...arguments_ } = props;
    this.bucket = withName(id, new S3Bucket(this, 'Bucket', arguments_));
    const { bucket } = this.bucket;
    const publicAccessBlock = withName(id, new S3BucketPublicAccessBlock(this, 'PublicAccess', { bucket, ...publicAccess }));
    const ownership = withName(id, new S3BucketOwnershipControls(this, 'Ownership', { bucket, rule: { objectOwnership } }));
    const versions = withName(id, new S3BucketVersioningA(this, 'Versioning', { bucket, versioningConfiguration: { status: versioning } }));
    withName(id, new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', { bucket, rule: encryption }));
    // Rules for versions need versions.
    withName(id, new S3BucketLifecycleConfiguration(this, 'Lifecycle', { bucket, rule: lifecycleRules, dependsOn: [versions] }));
    withName(id, new S3BucketNotification(this, 'Notification', { bucket, eventbridge }));
    // S3 refuses changes of one bucket's access that meet.
    forEach(policies, (name, { dependsOn = [], ...policy }) => (
      new S3BucketPolicy(this, name, { bucket, ...policy, dependsOn: [...dependsOn, publicAccessBlock, ownership] })
    ));
  }
}

// DynamoDB

/** A table. */
export class Table extends Construct {
  readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, props: DynamodbTableConfig) {
    super(scope, id);
    this.table = withName(id, new DynamodbTable(this, 'Table', props));
  }
}

// SQS

export interface QueueProps extends Omit<SqsQueueConfig, 'policy'> {
  readonly policies?: Named<PolicyProps>;
}

/** A queue, and who may do what with it. */
export class Queue extends Construct {
  readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    const { policies, ...arguments_ } = props;
    this.queue = withName(id, new SqsQueue(this, 'Queue', arguments_));
    forEach(policies, (name, policy) => new SqsQueuePolicy(this, name, { queueUrl: this.queue.url, ...policy }));
  }
}

// SNS

export interface SubscriptionProps extends TerraformMetaArguments {
  readonly protocol: string;
  readonly endpoint: string;
}

export interface TopicProps extends Omit<SnsTopicConfig, 'policy'> {
  readonly policies?: Named<PolicyProps>;
  readonly subscriptions?: Named<SubscriptionProps>;
}

/** A topic, who may publish to it, and who is told. */
export class Topic extends Construct {
  readonly topic: SnsTopic;

  constructor(scope: Construct, id: string, props: TopicProps) {
    super(scope, id);
    const { policies, subscriptions, ...arguments_ } = props;
    this.topic = withName(id, new SnsTopic(this, 'Topic', arguments_));
    const { arn } = this.topic;
    forEach(policies, (name, policy) => new SnsTopicPolicy(this, name, { arn, ...policy }));
    forEach(subscriptions, (name, subscription) => new SnsTopicSubscription(this, name, { topicArn: arn, ...subscription }));
  }
}

// IAM

export interface RolePolicyProps extends PolicyProps {
  readonly name: string;
}

export interface RoleProps extends Omit<IamRoleConfig, 'inlinePolicy' | 'managedPolicyArns'> {
  readonly policies?: Named<RolePolicyProps>;
}

/** A role, and what it may do. */
export class Role extends Construct {
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const { policies, ...arguments_ } = props;
    this.role = withName(id, new IamRole(this, 'Role', arguments_));
    forEach(policies, (name, policy) => new IamRolePolicy(this, name, { role: this.role.name, ...policy }));
  }
}

// Lambda

export interface CodeProps {
  readonly directory: string;
  /** Of the content. */
  readonly hash: string;
}

/** What may be said of the function or of the version that `publish` makes. */
export interface OfVersion extends TerraformMetaArguments {
  /** Holds for the published version, not for the function as it is now. */
  readonly published?: boolean;
}

export interface PermissionProps extends OfVersion {
  readonly action: string;
  readonly principal: string;
  readonly sourceArn?: string;
}

export interface AsynchronousCallsProps extends OfVersion {
  readonly maximumRetryAttempts: number;
}

export interface BundledFunctionProps extends Omit<LambdaFunctionConfig, 'filename' | 'sourceCodeHash'> {
  readonly code: CodeProps;
  readonly permissions?: Named<PermissionProps>;
  readonly asynchronousCalls?: Named<AsynchronousCallsProps>;
}

/** A function whose code lies beside the configuration, as a zip archive. */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { code, permissions, asynchronousCalls, ...arguments_ } = props;
    const archive = new TerraformAsset(this, 'Code', { path: code.directory, type: AssetType.ARCHIVE, assetHash: code.hash });
    this.function = withName(id, new LambdaFunction(this, 'Function', {
      ...arguments_, filename: archive.path, sourceCodeHash: Fn.filebase64sha256(archive.path),
    }));
    const { functionName } = this.function;
    const qualifier = ({ published }: OfVersion) => published ? this.function.version : undefined;
    forEach(permissions, (name, { published, ...permission }) => (
      new LambdaPermission(this, name, { functionName, qualifier: qualifier({ published }), ...permission })
    ));
    forEach(asynchronousCalls, (name, { published, ...calls }) => (
      new LambdaFunctionEventInvokeConfig(this, name, { functionName, qualifier: qualifier({ published }), ...calls })
    ));
  }
}

// Step Functions

/** A workflow. */
export class StateMachine extends Construct {
  readonly stateMachine: SfnStateMachine;

  constructor(scope: Construct, id: string, props: SfnStateMachineConfig) {
    super(scope, id);
    this.stateMachine = withName(id, new SfnStateMachine(this, 'StateMachine', props));
  }
}

// EventBridge

export type TargetProps = Omit<CloudwatchEventTargetConfig, 'rule' | 'targetId'>;

export interface EventRuleProps extends CloudwatchEventRuleConfig {
  /** By their ids in the rule. */
  readonly targets: Readonly<Record<string, TargetProps>>;
}

/** A rule, and what it calls. */
export class EventRule extends Construct {
  readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, props: EventRuleProps) {
    super(scope, id);
    const { targets, ...arguments_ } = props;
    this.rule = withName(id, new CloudwatchEventRule(this, 'Rule', arguments_));
    for (const [targetId, target] of Object.entries(targets)) {
      withName(`${id}${targetId}`, new CloudwatchEventTarget(this, targetId, { rule: this.rule.name, targetId, ...target }));
    }
  }
}

// CloudWatch

/** Where a function or a workflow writes its log. */
export class LogGroup extends Construct {
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: CloudwatchLogGroupConfig) {
    super(scope, id);
    this.logGroup = withName(id, new CloudwatchLogGroup(this, 'LogGroup', props));
  }
}

/** An alarm. */
export class Alarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: CloudwatchMetricAlarmConfig) {
    super(scope, id);
    this.alarm = withName(id, new CloudwatchMetricAlarm(this, 'Alarm', props));
  }
}
