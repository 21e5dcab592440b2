/** Where the steps meet Lambda: clients, contract, logs, traces and metrics. Made once, at the cold start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { EventBridgeEvents } from './events.client';
import { DynamoJobTable } from './job-table.client';
import { S3OutputStore } from './output-store.s3';
import { Events, Meter, StepDeps } from './ports';
import { readEnv } from './read-env';
import { S3SourceMover } from './source-mover.s3';
import { S3SourceStore } from './source-store.s3';
import { CONTRACT_FILE_NAME, JobContract } from '../contract/job-contract';
import { METRICS, PIPELINE_DIMENSION } from '../contract/metrics';

const UNITS = new Map<string, (typeof MetricUnit)[keyof typeof MetricUnit]>([
  [METRICS.bytesProcessed, MetricUnit.Bytes],
  [METRICS.jobDuration, MetricUnit.Milliseconds],
]);

/** Milliseconds. A connection that has gone quiet would else hold a worker until its Lambda function times out. */
const S3_TIMEOUTS = { connectionTimeout: 5_000, socketTimeout: 30_000 };

interface Observability {
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly metrics: Metrics;
}

const contract = once((): JobContract => JSON.parse(readFileSync(join(__dirname, CONTRACT_FILE_NAME), 'utf8')) as JobContract);

const observability = once((): Observability => {
  const { pipelineId, metricsNamespace: namespace } = contract();
  const metrics = new Metrics({ namespace });
  // Powertools adds the service as a dimension of its own.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [PIPELINE_DIMENSION]: pipelineId });
  return { logger: new Logger({ serviceName: pipelineId }), tracer: new Tracer({ serviceName: pipelineId }), metrics };
});

/** The ports of a step, except the event bus. */
export const awsDeps = once((names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', ...string[]]): Omit<StepDeps, 'events'> => {
  const env = readEnv(names);
  const { logger, tracer, metrics } = observability();
  const s3 = tracer.captureAWSv3Client(new S3Client({ requestHandler: S3_TIMEOUTS }));
  const dynamo = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient({})), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const meter: Meter = { add: (metric, value) => { metrics.addMetric(metric, UNITS.get(metric) ?? MetricUnit.Count, value); } };
  return {
    jobs: new DynamoJobTable(dynamo, env.JOB_TABLE_NAME),
    source: new S3SourceStore(s3),
    mover: new S3SourceMover(s3),
    output: new S3OutputStore(s3, env.OUTPUT_BUCKET_NAME),
    contract: contract(),
    now: () => new Date(),
    log: { info: (message, details = {}) => logger.info(message, details), warn: (message, details = {}) => logger.warn(message, details) },
    meter,
  };
});

export const eventBus = once((names: readonly ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME']): Events =>
  new EventBridgeEvents(observability().tracer.captureAWSv3Client(new EventBridgeClient({})), readEnv(names).EVENT_BUS_NAME));

/** Runs a step with its ids in every log line, a trace segment of its own, and its metrics written at the end. */
export async function observed<T>(step: string, input: object, run: () => Promise<T>): Promise<T> {
  const { logger, tracer, metrics } = observability();
  logger.resetKeys();
  logger.appendKeys({ step, ...idsOf(input) });
  const parent = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  const segment = parent?.addNewSubsegment(`## ${step}`);
  if (segment !== undefined) tracer.setSegment(segment);
  tracer.annotateColdStart();
  try {
    const output = await run();
    logger.info('the step has ended', { output });
    return output;
  } catch (error) {
    tracer.addErrorAsMetadata(error as Error);
    logger.error('the step has failed', error as Error);
    throw error;
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    segment?.close();
    if (parent !== undefined) tracer.setSegment(parent);
  }
}

function idsOf(input: object): { fileId?: string; chunkId?: string; executionArn?: string } {
  const { fileId, chunkId, executionArn } = input as Record<string, string | undefined>;
  return { fileId, chunkId, executionArn };
}

function once<Arguments extends unknown[], T>(make: (...args: Arguments) => T): (...args: Arguments) => T {
  let made: { value: T } | undefined;
  return (...args) => (made ??= { value: make(...args) }).value;
}
