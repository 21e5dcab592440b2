/** Where the steps meet Lambda: clients, contract, logs, traces and metrics. Made once, at the cold start. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_SETTINGS, OBSERVER_SETTINGS } from './client-settings';
import { documentClient } from './dynamo-table';
import { StepFunctionsExecutions } from './executions.client';
import { SnsFailureTopic } from './failure-topic.client';
import { EventBridgeEvents } from './job-events.client';
import { SqsJobQueue } from './job-queue.client';
import { DynamoJobTable } from './job-table.client';
import { S3OutputStore } from './output-store.s3';
import { lambdaEnv, readEnv, readOptionalEnv } from './read-env';
import { SqsRefusedMessages } from './refused-messages.client';
import { createS3Client } from './s3-client';
import { S3SourceMover } from './source-mover.s3';
import { S3SourceStore } from './source-store.s3';
import { StepFunctionsStarts } from './state-machine.client';
import { StepTrace, TraceableClient } from './step-trace';
import { NOTIFICATIONS_ENV, REGIONS_ENV, TRANSFORM_FUNCTION_ENV } from '../contract/env';
import { CONTRACT_FILE_NAME, JobContract, PipelineIdentity } from '../contract/job-contract';
import { messageGroupingOf } from '../contract/job-message';
import { CODE_DIMENSION, METRIC_UNITS, PIPELINE_DIMENSION } from '../contract/metrics';
import { INVOKE_FUNCTION_FILE } from '../contract/transform-contract';
import { Executions } from '../ports/executions';
import { Events, Log, Meter, Notifications } from '../ports/observers';
import { RefusedMessages } from '../ports/refused-messages';
import { regionsOf } from '../ports/regions';
import { StepDeps } from '../ports/step-deps';
import { Invoke } from '../ports/user-code';

interface Observability {
  readonly logger: Logger;
  readonly trace: StepTrace;
  readonly metrics: Metrics;
}

/** Functions around the pipeline have its identity there, the steps all of the contract. */
const contract = once((): PipelineIdentity => JSON.parse(readFileSync(join(__dirname, CONTRACT_FILE_NAME), 'utf8')) as PipelineIdentity);

const observability = once((): Observability => {
  const { pipelineId, metricsNamespace: namespace } = contract();
  const metrics = ofPipeline(new Metrics({ namespace }), pipelineId);
  return { logger: new Logger({ serviceName: pipelineId }), trace: new StepTrace(lambdaEnv()), metrics };
});

function ofPipeline(metrics: Metrics, pipelineId: string): Metrics {
  // Powertools adds the service as a dimension of its own.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [PIPELINE_DIMENSION]: pipelineId });
  return metrics;
}

/** The part of Lambda's context that the handlers hand on. */
export interface Invocation {
  readonly getRemainingTimeInMillis: () => number;
}

type LastingDeps = Pick<StepDeps, 'regions' | 'mover' | 'newId' | 'meter'> & {
  readonly jobs: DynamoJobTable;
  readonly source: S3SourceStore;
  readonly output: S3OutputStore;
};

const log: Log = {
  info: (message, details = {}) => observability().logger.info(message, details),
  warn: (message, details = {}) => observability().logger.warn(message, details),
};

/** What every step needs, and a function that has no store needs besides its clients. */
export function plainDeps(invocation: Invocation): Pick<StepDeps, 'contract' | 'now' | 'timeLeft' | 'log'> {
  return { contract: contract() as JobContract, now: () => new Date(), timeLeft: () => invocation.getRemainingTimeInMillis(), log };
}

// Marked as pure, so that a function that needs no store has none in its bundle.
const lastingDeps = /* @__PURE__ */ once((names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', ...string[]]): LastingDeps => {
  const env = readEnv(names);
  const regions = regionsOf(readOptionalEnv(REGIONS_ENV));
  const { trace, metrics } = observability();
  const s3 = trace.traced(createS3Client());
  const dynamo = documentClient(trace.traced(new DynamoDBClient(CLIENT_SETTINGS)));
  const meter: Meter = {
    add: (metric, value) => { metrics.addMetric(metric, METRIC_UNITS[metric], value); },
    // All metrics of one line have its dimensions: one with another has a line of its own.
    addByCode: (metric, code, value) => {
      const single = ofPipeline(metrics.singleMetric(), pipelineIdentity().pipelineId);
      single.addDimension(CODE_DIMENSION, code).addMetric(metric, METRIC_UNITS[metric], value);
    },
  };
  return {
    jobs: new DynamoJobTable(dynamo, env.JOB_TABLE_NAME, regions),
    regions,
    source: new S3SourceStore(s3),
    mover: new S3SourceMover(s3),
    output: new S3OutputStore(s3, env.OUTPUT_BUCKET_NAME),
    newId: randomUUID,
    meter,
  };
});

/** What a step needs, except who hears of the end, the executions, the user's code and the switch of ProcessChunk. */
export function awsDeps(names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', ...string[]], invocation: Invocation): LastingDeps & ReturnType<typeof plainDeps> {
  return { ...lastingDeps(names), ...plainDeps(invocation) };
}

let bus: Events | undefined;

/** A plain function, because `once` would pull EventBridge's client into the bundle of every step. */
export function eventBus(names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME', ...string[]]): Events {
  bus ??= new EventBridgeEvents(observability().trace.traced(new EventBridgeClient(OBSERVER_SETTINGS)), readEnv(names).EVENT_BUS_NAME);
  return bus;
}

let told: Notifications | undefined;

/** A plain function, as `eventBus` is one. @returns undefined where no JobNotifications stands beside the pipeline */
export function notifications(): Notifications | undefined {
  if (readOptionalEnv(NOTIFICATIONS_ENV).NOTIFICATION_QUEUE_URL === undefined) return undefined;
  told ??= createNotifications();
  return told;
}

function createNotifications(): Notifications {
  const env = readEnv(NOTIFICATIONS_ENV);
  const { trace } = observability();
  return {
    queue: new SqsJobQueue(trace.traced(new SQSClient(OBSERVER_SETTINGS)), env.NOTIFICATION_QUEUE_URL),
    topic: new SnsFailureTopic(trace.traced(new SNSClient(OBSERVER_SETTINGS)), env.FAILURE_TOPIC_ARN),
    grouping: messageGroupingOf(env.NOTIFICATION_GROUPING),
  };
}

let stepFunctions: SFNClient | undefined;

/** A plain function, as `eventBus` is one. */
export function executions(stateMachineArn: string, settings: Partial<typeof CLIENT_SETTINGS> = {}): Executions {
  stepFunctions ??= observability().trace.traced(new SFNClient({ ...CLIENT_SETTINGS, ...settings }));
  return new StepFunctionsExecutions(new StepFunctionsStarts(stepFunctions, stateMachineArn));
}

let refused: RefusedMessages | undefined;

/** A plain function, as `eventBus` is one. */
export function refusedMessages(deadLetterQueueUrl: string, settings: Partial<typeof CLIENT_SETTINGS> = {}): RefusedMessages {
  // By default the queue's address would win over `AWS_ENDPOINT_URL`.
  const client = () => observability().trace.traced(new SQSClient({ ...CLIENT_SETTINGS, ...settings, useQueueUrlAsEndpoint: false }));
  return refused ??= new SqsRefusedMessages(client(), deadLetterQueueUrl);
}

let invoke: Invoke | undefined;

/** The client is in a separate bundle, which is deployed only when the transform is a function. */
async function createInvoke(): Promise<Invoke> {
  const client = await import(pathToFileURL(join(__dirname, INVOKE_FUNCTION_FILE)).href) as typeof import('./invoke-function');
  return client.createInvoke(readEnv(TRANSFORM_FUNCTION_ENV).TRANSFORM_FUNCTION_ARN, (made) => observability().trace.traced(made));
}

/** Calls the Lambda function that the pipeline was deployed with. */
export const invokeUserFunction: Invoke = async (request) => {
  invoke ??= await createInvoke();
  return invoke(request);
};

/** What a function around the pipeline is known by. */
export function pipelineIdentity(): PipelineIdentity {
  return contract() as PipelineIdentity;
}

/** For the clients of functions around the pipeline: their calls are in the trace. */
export function traced<Client extends TraceableClient>(client: Client): Client {
  return observability().trace.traced(client);
}

/** Writes a failure that the function itself answers to the log. */
export function logFailure(message: string, error: unknown, details: Readonly<Record<string, unknown>>): void {
  observability().logger.error(message, { error: error as Error, ...details });
}

/** Runs a step with its ids in every log line and a subsegment in the trace, and writes its metrics at the end. */
export async function observed<T>(step: string, input: object, run: () => Promise<T>): Promise<T> {
  const { logger, trace, metrics } = observability();
  logger.resetKeys();
  logger.appendKeys({ step, ...idsOf(input) });
  try {
    const output = await trace.step(step, run);
    logger.info('the step has ended', { output });
    return output;
  } catch (error) {
    logger.error('the step has failed', error as Error);
    throw error;
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}

function idsOf(input: object): { fileId?: string; chunkId?: string; executionArn?: string } {
  const { fileId, chunkId, executionArn } = input as Record<string, string | undefined>;
  const { detail } = input as { readonly detail?: { readonly executionArn?: string } };
  return { fileId, chunkId, executionArn: executionArn ?? detail?.executionArn };
}

function once<Arguments extends unknown[], T>(make: (...args: Arguments) => T): (...args: Arguments) => T {
  let made: { value: T } | undefined;
  return (...args) => (made ??= { value: make(...args) }).value;
}
