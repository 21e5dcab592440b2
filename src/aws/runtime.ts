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
import { CLIENT_SETTINGS } from './client-settings';
import { documentClient } from './dynamo-table';
import { StepFunctionsExecutions } from './executions.client';
import { EventBridgeEvents } from './job-events.client';
import { DynamoJobTable } from './job-table.client';
import { S3OutputStore } from './output-store.s3';
import { lambdaEnv, readEnv } from './read-env';
import { createS3Client } from './s3-client';
import { S3SourceMover } from './source-mover.s3';
import { S3SourceStore } from './source-store.s3';
import { StepTrace } from './step-trace';
import { TRANSFORM_FUNCTION_ENV } from '../contract/env';
import { CONTRACT_FILE_NAME, JobContract, PipelineIdentity } from '../contract/job-contract';
import { CODE_DIMENSION, METRIC_UNITS, PIPELINE_DIMENSION } from '../contract/metrics';
import { INVOKE_FUNCTION_FILE } from '../contract/transform-contract';
import { Executions } from '../ports/executions';
import { Events, Meter } from '../ports/observers';
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

type LastingDeps = Omit<StepDeps, 'source' | 'output' | 'userCode' | 'events' | 'executions' | 'fastPath' | 'timeLeft'> & {
  readonly source: S3SourceStore;
  readonly output: S3OutputStore;
};

const lastingDeps = once((names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', ...string[]]): LastingDeps => {
  const env = readEnv(names);
  const { logger, trace, metrics } = observability();
  const s3 = trace.traced(createS3Client());
  const dynamo = documentClient(trace.traced(new DynamoDBClient(CLIENT_SETTINGS)));
  const meter: Meter = {
    add: (metric, value) => { metrics.addMetric(metric, METRIC_UNITS[metric], value); },
    // All metrics of one line have its dimensions: one with another has a line of its own.
    addByCode: (metric, code, value) => {
      ofPipeline(metrics.singleMetric(), contract().pipelineId).addDimension(CODE_DIMENSION, code).addMetric(metric, METRIC_UNITS[metric], value);
    },
  };
  return {
    jobs: new DynamoJobTable(dynamo, env.JOB_TABLE_NAME),
    source: new S3SourceStore(s3),
    mover: new S3SourceMover(s3),
    output: new S3OutputStore(s3, env.OUTPUT_BUCKET_NAME),
    contract: contract() as JobContract,
    now: () => new Date(),
    newId: randomUUID,
    log: { info: (message, details = {}) => logger.info(message, details), warn: (message, details = {}) => logger.warn(message, details) },
    meter,
  };
});

/** What a step needs, except the event bus, the executions, the user's code and the switch of ProcessChunk. */
export function awsDeps(names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', ...string[]], invocation: Invocation): LastingDeps & Pick<StepDeps, 'timeLeft'> {
  return { ...lastingDeps(names), timeLeft: () => invocation.getRemainingTimeInMillis() };
}

let bus: Events | undefined;

/** A plain function, because `once` would pull EventBridge's client into the bundle of every step. */
export function eventBus(names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME', ...string[]]): Events {
  bus ??= new EventBridgeEvents(observability().trace.traced(new EventBridgeClient(CLIENT_SETTINGS)), readEnv(names).EVENT_BUS_NAME);
  return bus;
}

let stepFunctions: SFNClient | undefined;

/** A plain function, as `eventBus` is one. */
export function executions(stateMachineArn: string): Executions {
  stepFunctions ??= observability().trace.traced(new SFNClient(CLIENT_SETTINGS));
  return new StepFunctionsExecutions(stepFunctions, stateMachineArn);
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
