import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { checkAroundProps } from './given-around-props';
import { namesBeside } from './names-beside';
import { checkSameEnvironment } from './same-environment';
import { takeOverTags } from './take-over-tags';
import { Env, NOTIFICATIONS_ENV } from '../contract/env';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { IMonitored } from '../options/i-monitored';
import { visibleJson } from '../spec/visible-text';
import { TypesOf } from '../synth/construct-props';
import { checkGrantee, isListOf, isText, isWith, isWord } from '../synth/prop-types';

/** Which messages of the queue are received in order, one after the other. */
export enum NotificationGrouping {
  /** Those of one source key: what came of a file's versions is received in order, files do not wait for each other. */
  SOURCE_KEY = 'SOURCE_KEY',

  /** All of the pipeline. */
  PIPELINE = 'PIPELINE',
}

/** Properties of `JobNotifications`. */
export interface JobNotificationsProps {
  /** The pipeline whose jobs are told of. It has one `JobNotifications`. */
  readonly pipeline: ICsvChunkPipeline;

  /**
   * Addresses that get an e-mail for each job that failed. AWS asks each of them once whether it wants to.
   *
   * @default - nobody; more can be subscribed to `failureTopic`
   */
  readonly failureEmails?: string[];

  /**
   * Which messages of the queue are received in order. One that its consumer fails on holds up those behind it in its
   * group.
   *
   * @default NotificationGrouping.SOURCE_KEY
   */
  readonly grouping?: NotificationGrouping;

  /**
   * Encrypts queues and topic, with names of files, counts and error messages. An alarm of CloudWatch can then publish
   * to the topic only where the key lets `cloudwatch.amazonaws.com` `kms:Decrypt` and `kms:GenerateDataKey*`. It must
   * not lie in the pipeline's stack where these notifications lie in another one.
   *
   * @default - that of the pipeline. Where it has none, SQS encrypts the queues with keys of its own, and the topic has
   * no key: CloudWatch, and other services, could not publish to one that has the key `alias/aws/sns`
   */
  readonly encryptionKey?: kms.IKey;
}

const TYPES: TypesOf<Omit<JobNotificationsProps, 'pipeline'>> = {
  failureEmails: isListOf(isText),
  grouping: isWord(NotificationGrouping),
  encryptionKey: isWith('keyArn', 'a key (kms.IKey)'),
};

/** What the consumer fails on so often goes to the dead-letter queue. */
const MAX_RECEIVE_COUNT = 5;

/** The notifications that a pipeline has. */
const OF_PIPELINE = new WeakMap<ICsvChunkPipeline, JobNotifications>();

/**
 * Tells how each job of a pipeline ended: a queue of every job, succeeded or failed, for programs, and a topic of those
 * that failed, for people. They are told by the steps that end a job, by those that close one from outside (aborted,
 * timed out), and by the sweep whatever these could not tell: at least once.
 *
 * @example
 * import { CsvChunkPipeline, JobNotifications } from 'cdk-csv-chunk-pipeline';
 *
 * declare const pipeline: CsvChunkPipeline;
 * new JobNotifications(pipeline, 'Notifications', { pipeline, failureEmails: ['data-team@example.com'] });
 */
export class JobNotifications extends Construct implements IMonitored {
  /**
   * First in, first out: a message for each job that has ended, in its group's order. See docs/notifications.md for its
   * fields. A consumer has 15 minutes for a message, which is kept for 7 days.
   */
  public readonly queue: sqs.IQueue;

  /**
   * A text for each job that has failed: which file, what was expected, what came, and what to do. Subscriptions may
   * filter by the attributes `pipelineId`, `errorCode` and `failureKind`. Alarms of the account may publish to it.
   */
  public readonly failureTopic: sns.ITopic;

  /** Messages that the queue's consumer has failed on 5 times, for 14 days. */
  public readonly deadLetterQueue: sqs.IQueue;

  /** None: those of the pipeline tell. */
  public readonly functions: { [step: string]: lambda.Function };

  private readonly pipeline: ICsvChunkPipeline;
  private readonly encryptionKey?: kms.IKey;

  constructor(scope: Construct, id: string, props: JobNotificationsProps) {
    super(scope, id);
    checkAroundProps(this, 'JobNotifications', props, TYPES);
    const { pipeline, failureEmails = [], grouping = NotificationGrouping.SOURCE_KEY } = props;
    this.pipeline = pipeline;
    this.encryptionKey = props.encryptionKey ?? pipeline.resourceDefaults.encryptionKey;
    checkEmails(failureEmails);
    checkSameEnvironment(this, pipeline);
    checkStacks(this, pipeline, this.encryptionKey);
    takePipeline(this, pipeline);

    this.deadLetterQueue = this.createQueue('DeadLetterQueue', 'notifications-dead-letters', { retentionPeriod: Duration.days(14) });
    this.queue = this.createQueue('Queue', 'notifications', {
      visibilityTimeout: Duration.minutes(15),
      retentionPeriod: Duration.days(7),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.failureTopic = this.createTopic(failureEmails);
    this.functions = {};

    const environment = {
      NOTIFICATION_QUEUE_URL: this.queue.queueUrl,
      NOTIFICATION_GROUPING: grouping,
      FAILURE_TOPIC_ARN: this.failureTopic.topicArn,
    } satisfies Env<typeof NOTIFICATIONS_ENV>;
    for (const fn of [pipeline.finalizeJobFunction, pipeline.closeJobFunction, pipeline.sweepJobsFunction]) {
      Object.entries(environment).forEach(([name, value]) => fn.addEnvironment(name, value));
      this.grantTell(fn);
    }
    takeOverTags(this, pipeline);
  }

  /** Allows to receive and delete messages of the queue. */
  public grantConsume(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantConsumeMessages(checkGrantee(grantee));
  }

  private createQueue(id: string, part: string, props: sqs.QueueProps): sqs.Queue {
    const name = namesBeside(this, this.pipeline).resourceName('queue', part);
    return new sqs.Queue(this, id, {
      ...props,
      fifo: true,
      queueName: name === undefined ? undefined : `${name}.fifo`,
      encryption: this.encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      encryptionMasterKey: this.encryptionKey,
      enforceSSL: true,
      removalPolicy: this.pipeline.resourceDefaults.removalPolicy,
    });
  }

  private createTopic(emails: string[]): sns.Topic {
    const topic = new sns.Topic(this, 'FailureTopic', {
      topicName: namesBeside(this, this.pipeline).resourceName('topic', 'failures'),
      masterKey: this.encryptionKey,
      enforceSSL: true,
    });
    // A topic with a policy has SNS's own no more, which lets the account's alarms publish.
    topic.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowAlarmsOfTheAccount',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    }));
    for (const email of emails) new sns.Subscription(topic, email, { topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: email });
    return topic;
  }

  private grantTell(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
    iam.Grant.addToPrincipal({ grantee, actions: ['sns:Publish'], resourceArns: [this.failureTopic.topicArn] });
    this.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}

function takePipeline(notifications: JobNotifications, pipeline: ICsvChunkPipeline): void {
  const first = OF_PIPELINE.get(pipeline);
  if (first !== undefined) {
    throw new Error(`pipeline must have one JobNotifications, got ${visibleJson(notifications.node.path)} beside ${visibleJson(first.node.path)}: `
      + 'subscribe more to its failureTopic, or use onJobSucceeded and onJobFailed of the pipeline, which may be many');
  }
  OF_PIPELINE.set(pipeline, notifications);
}

function checkEmails(emails: string[]): void {
  emails.forEach((email, index) => {
    if (!/^[^\s@/]+@[^\s@/]+$/.test(email)) throw new Error(`failureEmails[${index}] must be an e-mail address, got ${JSON.stringify(email)}`);
    if (emails.indexOf(email) !== index) throw new Error(`failureEmails must name each address once, got ${visibleJson(email)} twice`);
  });
}

/** The pipeline's functions name queue and topic: the stack of these comes first. */
function checkStacks(notifications: JobNotifications, pipeline: ICsvChunkPipeline, key: kms.IKey | undefined): void {
  const stack = Stack.of(notifications);
  const pipelineStack = Stack.of(pipeline);
  const isMadeByPipelineStack = key !== undefined && Token.isUnresolved(key.keyArn) && Stack.of(key) === pipelineStack;
  if (isMadeByPipelineStack && stack !== pipelineStack) {
    throw new Error(`encryptionKey must not lie in the stack of the pipeline (${visibleJson(pipelineStack.node.path)}) where the notifications lie in another one `
      + `(${visibleJson(stack.node.path)}), because each stack would need the other one, got ${visibleJson(key.node.path)}: `
      + 'give a key of another stack, or make the notifications in the pipeline\'s');
  }
}
