/**
 * What a pipeline consists of, as constructs of CDK Terrain, one for each service that the team asked for. They know
 * nothing of CloudFormation: each takes the arguments of its Terraform resource, and what belongs to it by name. What
 * their resources are called is left to CDK Terrain, so that there can be any number of each anywhere in a stack: a
 * `Queue` called `Jobs` is `aws_sqs_queue.Jobs` in the stack itself.
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
import { AssetType, Fn, TerraformAsset, TerraformMetaArguments } from 'cdktn';
import { Construct } from 'constructs';

/** By a name that each has among the others. */
export type Named<Props> = Readonly<Record<string, Props>>;

/** A policy as JSON. */
export interface PolicyProps extends TerraformMetaArguments {
  readonly policy: string;
}

/** The module's own resource has its name. */
const ITSELF = 'Default';

/** Makes what belongs to a module, in a scope of its own: policies and permissions may be called the same. */
function makeEach<Props, Made>(
  owner: Construct, group: string, named: Named<Props> | undefined, make: (scope: Construct, id: string, props: Props) => Made,
): Made[] {
  const scope = new Construct(owner, group);
  return Object.entries(named ?? {}).map(([name, props]) => make(scope, name, props));
}

// S3

export interface DataBucketProps extends Omit<S3BucketConfig, 'policy' | 'versioning' | 'lifecycleRule' | 'serverSideEncryptionConfiguration'> {
  /** @default Enabled */
  readonly versioning?: 'Enabled' | 'Suspended';
  /** @default - by S3's own keys */
  readonly encryption?: S3BucketServerSideEncryptionConfigurationRuleA[];
  /**
   * Who owns an object that another account has put there.
   *
   * @default BucketOwnerEnforced
   */
  readonly objectOwnership?: string;
  /** @default - closed to the public */
  readonly publicAccess?: Omit<S3BucketPublicAccessBlockConfig, 'bucket'>;
  /** @default - none */
  readonly lifecycleRules?: S3BucketLifecycleConfigurationRule[];
  /**
   * Whether EventBridge is told of what happens in the bucket.
   *
   * @default false
   */
  readonly eventbridge?: boolean;
  /** @default - none */
  readonly policies?: Named<PolicyProps>;
}

const CLOSED_TO_THE_PUBLIC: DataBucketProps['publicAccess'] = {
  blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
};

/** A bucket for data, with all that Terraform has a resource of its own for; where nothing is said, it is safe. */
export class DataBucket extends Construct {
  readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const {
      versioning = 'Enabled', encryption = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }], objectOwnership = 'BucketOwnerEnforced',
      publicAccess = CLOSED_TO_THE_PUBLIC, lifecycleRules = [], eventbridge = false, policies, ...arguments_
    } = props;
    this.bucket = new S3Bucket(this, ITSELF, arguments_);
    const { bucket } = this.bucket;
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, 'PublicAccess', { bucket, ...publicAccess });
    const ownership = new S3BucketOwnershipControls(this, 'Ownership', { bucket, rule: { objectOwnership } });
    const versions = new S3BucketVersioningA(this, 'Versioning', { bucket, versioningConfiguration: { status: versioning } });
    new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', { bucket, rule: encryption });
    if (lifecycleRules.length > 0) {
      // Rules for versions need versions.
      new S3BucketLifecycleConfiguration(this, 'Lifecycle', { bucket, rule: lifecycleRules, dependsOn: [versions] });
    }
    new S3BucketNotification(this, 'Notification', { bucket, eventbridge });
    // S3 refuses changes of one bucket's access that meet.
    makeEach(this, 'Policies', policies, (inside, name, { dependsOn = [], ...policy }) => (
      new S3BucketPolicy(inside, name, { bucket, ...policy, dependsOn: [...dependsOn, publicAccessBlock, ownership] })
    ));
  }
}

// DynamoDB

/** A table; the keys of an index are its `keySchema`. */
export class Table extends Construct {
  readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, props: DynamodbTableConfig) {
    super(scope, id);
    this.table = new DynamodbTable(this, ITSELF, props);
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
    this.queue = new SqsQueue(this, ITSELF, arguments_);
    makeEach(this, 'Policies', policies, (inside, name, policy) => new SqsQueuePolicy(inside, name, { queueUrl: this.queue.url, ...policy }));
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
    this.topic = new SnsTopic(this, ITSELF, arguments_);
    const { arn } = this.topic;
    makeEach(this, 'Policies', policies, (inside, name, policy) => new SnsTopicPolicy(inside, name, { arn, ...policy }));
    makeEach(this, 'Subscriptions', subscriptions, (inside, name, subscription) => (
      new SnsTopicSubscription(inside, name, { topicArn: arn, ...subscription })
    ));
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
    this.role = new IamRole(this, ITSELF, arguments_);
    makeEach(this, 'Policies', policies, (inside, name, policy) => new IamRolePolicy(inside, name, { role: this.role.name, ...policy }));
  }
}

// Lambda

export interface CodeProps {
  readonly directory: string;
  /** Of the content. */
  readonly hash: string;
}

/**
 * A function that is published has versions: each is its code and settings as they were, and stays as it is when the
 * function changes. Whoever calls a version never meets code that has just been replaced.
 */
export interface OfVersion extends TerraformMetaArguments {
  /**
   * Holds for the version that was published last, not for the function as it is now. Needs `publish` of the function.
   *
   * @default false
   */
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

/** What is said of a version is said of the next one before it is taken back: there is always one that may be called. */
const IN_PLACE_OF_ANOTHER = { createBeforeDestroy: true };

/** A function whose code lies beside the configuration, as a zip archive. */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly permissions: LambdaPermission[];

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { code, permissions, asynchronousCalls, ...arguments_ } = props;
    const archive = new TerraformAsset(this, 'Code', { path: code.directory, type: AssetType.ARCHIVE, assetHash: code.hash });
    this.function = new LambdaFunction(this, ITSELF, {
      ...arguments_, filename: archive.path, sourceCodeHash: Fn.filebase64sha256(archive.path),
    });
    const { functionName } = this.function;
    const qualifier = ({ published }: OfVersion) => published ? this.function.version : undefined;
    this.permissions = makeEach(this, 'Permissions', permissions, (inside, name, { published, ...permission }) => (
      new LambdaPermission(inside, name, { lifecycle: IN_PLACE_OF_ANOTHER, functionName, qualifier: qualifier({ published }), ...permission })
    ));
    makeEach(this, 'AsynchronousCalls', asynchronousCalls, (inside, name, { published, ...calls }) => (
      new LambdaFunctionEventInvokeConfig(inside, name, {
        lifecycle: IN_PLACE_OF_ANOTHER, functionName, qualifier: qualifier({ published }), ...calls,
      })
    ));
  }
}

// Step Functions

/** A workflow, as a definition in Amazon States Language. */
export class StateMachine extends Construct {
  readonly stateMachine: SfnStateMachine;

  constructor(scope: Construct, id: string, props: SfnStateMachineConfig) {
    super(scope, id);
    this.stateMachine = new SfnStateMachine(this, ITSELF, props);
  }
}

// EventBridge

export type TargetProps = Omit<CloudwatchEventTargetConfig, 'rule' | 'targetId'>;

export interface EventRuleProps extends CloudwatchEventRuleConfig {
  /** By their ids in the rule. */
  readonly targets: Named<TargetProps>;
  /**
   * Let the rule call its targets: they are there before a target is told, and as long as it is.
   *
   * @default - none
   */
  readonly permissions?: LambdaPermission[];
}

/** A rule, and what it calls. */
export class EventRule extends Construct {
  readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, props: EventRuleProps) {
    super(scope, id);
    const { targets, permissions = [], ...arguments_ } = props;
    this.rule = new CloudwatchEventRule(this, ITSELF, arguments_);
    makeEach(this, 'Targets', targets, (inside, targetId, target) => {
      const dependsOn = [...target.dependsOn ?? [], ...permissions];
      return new CloudwatchEventTarget(inside, targetId, { rule: this.rule.name, targetId, ...target, ...dependsOn.length > 0 ? { dependsOn } : {} });
    });
  }
}

// CloudWatch

/** Where a function or a workflow writes its log. */
export class LogGroup extends Construct {
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: CloudwatchLogGroupConfig) {
    super(scope, id);
    this.logGroup = new CloudwatchLogGroup(this, ITSELF, props);
  }
}

/** Goes off when a metric is what it should not be, and tells whom it has as `alarmActions`. */
export class Alarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: CloudwatchMetricAlarmConfig) {
    super(scope, id);
    this.alarm = new CloudwatchMetricAlarm(this, ITSELF, props);
  }
}
