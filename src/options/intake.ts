import { Duration, Size } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Env, START_JOBS_ENV } from '../contract/env';
import { FileKeys, fileKeysEnv, IntakeName } from '../contract/file-keys';
import { BundledFunction, BundledFunctionProps } from '../synth/bundled-function';
import { checkInteger, checkSeconds } from '../synth/prop-checks';
import { checkNoOthers } from '../synth/prop-types';

/** How a queue takes files in. */
export interface QueueIntakeOptions {
  /**
   * Most messages that one call of StartJobs takes, 1 to 1,000.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * How long Lambda waits for a batch to fill up. Whole seconds, 5 minutes at most; at least 1 second where `batchSize`
   * is above 10.
   *
   * @default - none; 1 second where `batchSize` is above 10
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * How often a message is tried before it goes to the pipeline's dead-letter queue, 1 to 1,000. Each time that Step
   * Functions throttles the start counts too, so that few are too few in a burst.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * How long a message is away that StartJobs could not start a job for, before it is tried again. Whole seconds, 12
   * hours at most, and no less than the default: Lambda asks for six times the function's timeout.
   *
   * @default - 6 minutes, and `maxBatchingWindow`
   */
  readonly visibilityTimeout?: Duration;

  /**
   * Most calls of StartJobs at the same time, 2 to 1,000: what a burst of files takes of the account's concurrency, and
   * of the rate at which Step Functions starts executions.
   *
   * @default 10
   */
  readonly maxConcurrency?: number;
}

/** What an intake is made of; the pipeline's part of it. */
export interface IntakeParts {
  readonly stateMachine: sfn.IStateMachine;
  readonly deadLetterQueue: sqs.IQueue;
  readonly fileKeys: FileKeys;
  /** Rules that tell the target of each file that lands. */
  readonly rulesTo: (target: events.IRuleTarget) => events.IRule[];
  readonly functionProps: Omit<BundledFunctionProps, 'stem' | 'description' | 'environment' | 'memorySize' | 'timeout'>;
}

export interface RenderedIntake {
  readonly rules: events.IRule[];
  readonly queue?: sqs.IQueue;
  readonly functions: BundledFunction[];
}

type Render = (scope: Construct, parts: IntakeParts) => RenderedIntake;

/** How files come in: what starts a job for a file that lands. */
export class Intake {
  /** S3's event of each file starts an execution, by EventBridge alone. A file starts within a second or two. */
  public static events(): Intake {
    return new Intake('events', startByEvents);
  }

  /**
   * S3's events go through an SQS queue, and a function, StartJobs, takes them in batches: a burst of files waits in the
   * queue, where it can be seen, and no faster than Step Functions takes it. A message that is no event of a file of
   * the pipeline goes to the pipeline's dead-letter queue with its reason (`ERROR_MESSAGE`), as does one that could not
   * be started `maxReceiveCount` times; the rest of its batch goes on.
   *
   * The queue, `intakeQueue`, also takes what a bucket notifies it of directly (S3 event notifications, `Records`).
   *
   * @throws an option that is not possible, with the limit and the value
   */
  public static queue(options: QueueIntakeOptions = {}): Intake {
    const resolved = resolveOptions(options);
    return new Intake('queue', (scope, parts) => startByQueue(scope, parts, resolved));
  }

  /**
   * No file starts by itself: files lie under the incoming prefix until somebody starts an execution with them, by hand
   * or by an API (docs/operations.md has the input). The sweep starts none either; it still closes jobs, goes on with
   * them and tells of their ends. For a standby region, and where files are started by an API alone.
   */
  public static manual(): Intake {
    return new Intake('manual', () => ({ rules: [], functions: [] }));
  }

  /** @internal */
  public readonly _name: IntakeName;

  /** @internal */
  public readonly _render: Render;

  private constructor(name: IntakeName, render: Render) {
    this._name = name;
    this._render = render;
  }
}

function startByEvents(scope: Construct, { stateMachine, functionProps: { naming }, rulesTo }: IntakeParts): RenderedIntake {
  const role = new iam.Role(scope, 'Role', {
    roleName: naming.resourceName('role', 'intake'),
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com'),
  });
  return { rules: rulesTo(new targets.SfnStateMachine(stateMachine, { role })), functions: [] };
}

/** StartJobs only starts executions: a call of Step Functions takes some 50 ms, and 16 run at a time. */
const START_JOBS_TIMEOUT = Duration.minutes(1);
const START_JOBS_MEMORY = Size.mebibytes(512);
/** What Lambda asks for, so that a message does not come back while the batch it was in is still tried. */
const VISIBLE_AFTER_TIMEOUTS = 6;
/** Above that many messages Lambda wants a batching window. */
const LARGEST_BATCH_AT_ONCE = 10;

const OPTIONS: Readonly<Record<keyof QueueIntakeOptions, true>> = {
  batchSize: true, maxBatchingWindow: true, maxReceiveCount: true, visibilityTimeout: true, maxConcurrency: true,
};

function resolveOptions(options: QueueIntakeOptions) {
  checkNoOthers('options', options, Object.keys(OPTIONS));
  const batchSize = checkInteger('batchSize', options.batchSize ?? 10, { min: 1, max: 1000 });
  const leastWindow = Duration.seconds(batchSize > LARGEST_BATCH_AT_ONCE ? 1 : 0);
  const maxBatchingWindow = checkSeconds('maxBatchingWindow', options.maxBatchingWindow ?? leastWindow, { min: leastWindow, max: Duration.minutes(5) });
  const leastVisibility = Duration.seconds(VISIBLE_AFTER_TIMEOUTS * START_JOBS_TIMEOUT.toSeconds() + maxBatchingWindow.toSeconds());
  return {
    batchSize,
    maxBatchingWindow,
    maxReceiveCount: checkInteger('maxReceiveCount', options.maxReceiveCount ?? 5, { min: 1, max: 1000 }),
    visibilityTimeout: checkSeconds('visibilityTimeout', options.visibilityTimeout ?? leastVisibility, { min: leastVisibility, max: Duration.hours(12) }),
    maxConcurrency: checkInteger('maxConcurrency', options.maxConcurrency ?? 10, { min: 2, max: 1000 }),
  };
}

function startByQueue(scope: Construct, parts: IntakeParts, options: ReturnType<typeof resolveOptions>): RenderedIntake {
  const { stateMachine, deadLetterQueue, fileKeys, functionProps, rulesTo } = parts;
  const queue = new sqs.Queue(scope, 'Queue', {
    queueName: functionProps.naming.resourceName('queue', 'intake'),
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: options.visibilityTimeout,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: options.maxReceiveCount },
  });
  const startJobs = new BundledFunction(scope, 'StartJobs', {
    ...functionProps,
    stem: 'start-jobs',
    description: 'Starts an execution for each file that the intake queue tells of',
    environment: {
      STATE_MACHINE_ARN: stateMachine.stateMachineArn,
      DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
      ...fileKeysEnv(fileKeys),
    } satisfies Env<typeof START_JOBS_ENV>,
    memorySize: START_JOBS_MEMORY,
    timeout: START_JOBS_TIMEOUT,
  });
  iam.Grant.addToPrincipal({ grantee: startJobs, actions: ['sqs:SendMessage'], resourceArns: [deadLetterQueue.queueArn] });
  stateMachine.grantStartExecution(startJobs);
  startJobs.function.addEventSource(new SqsEventSource(queue, {
    batchSize: options.batchSize,
    maxBatchingWindow: options.maxBatchingWindow,
    maxConcurrency: options.maxConcurrency,
    reportBatchItemFailures: true,
  }));
  // The policy that lets an execution start the Map's children comes after the state machine: no file may come before
  // it.
  startJobs.node.addDependency(stateMachine);
  const rules = rulesTo({ bind: () => ({ arn: queue.queueArn }) });
  queue.addToResourcePolicy(allowRules(rules, queue));
  return { rules, queue, functions: [startJobs] };
}

/** One statement for all rules, and not one for each, as the CDK makes them: a queue's policy holds 20. */
export function allowRules(rules: readonly events.IRule[], queue: sqs.IQueue): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowStartRules',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': rules.map(({ ruleArn }) => ruleArn) } },
  });
}
