import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { resolveFormerPrefixes, resolvePrefixes } from './prefixes';
import { checkSuffixes } from './suffixes';
import { checkRecordSettings, publishedSchema, RecordSettings } from '../contract/record-settings';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { DataLifecycle } from '../options/data-lifecycle';
import { InputFormat } from '../options/input-format';
import { OutputFormat } from '../options/output-format';
import { RecordTransform } from '../options/record-transform';
import { StepRetryPolicy } from '../options/step-retry-policy';
import { TableSchema } from '../options/table-schema';
import { hasKeys, Schema } from '../spec/schema';
import { checkDays, checkInteger, checkIsA, checkMinutes, checkNumber, checkSeconds, checkSize, formatSize } from '../synth/prop-checks';

const MIN_NODE_MAJOR = 22;

/** FinalizeJob merges the keys: 128 MiB of buffers, and about 300 MB of entries that share a hash at most. */
const MIN_MEMORY_WITH_KEYS = Size.gibibytes(1);

/** The props with every default filled in and every limit checked. */
export type Settings = ReturnType<typeof resolveSettings>;

export function resolveSettings(props: CsvChunkPipelineProps) {
  const chunkSize = checkSize('chunkSize', props.chunkSize ?? Size.mebibytes(50), { min: Size.mebibytes(1), max: Size.gibibytes(1) });
  const timeout = checkSeconds('timeout', props.timeout ?? Duration.minutes(15), { min: Duration.minutes(1), max: Duration.minutes(15) });
  const workflowTimeout = checkSeconds('workflowTimeout', props.workflowTimeout ?? Duration.hours(2), { max: Duration.days(365) });
  if (workflowTimeout.toSeconds() <= timeout.toSeconds()) {
    throw new Error(`workflowTimeout must be longer than timeout (${timeout.toHumanString()}), got ${workflowTimeout.toHumanString()}`);
  }
  const prefixes = resolvePrefixes(props.prefixes ?? {});
  const resumeWindow = checkSeconds('resumeWindow', props.resumeWindow ?? Duration.days(3), {});

  const records = resolveRecordSettings(props, chunkSize);

  return {
    records,
    transform: props.transform,
    maxConcurrency: checkInteger('maxConcurrency', props.maxConcurrency ?? 10, { min: 1, max: 10_000 }),
    retryPolicy: resolveRetryPolicy(props.retryPolicy ?? {}),
    prefixes,
    formerPrefixes: resolveFormerPrefixes(props.formerPrefixes ?? [], prefixes),
    suffixes: checkSuffixes(props.suffixes ?? ['.csv']),
    memorySize: checkMemorySize(props.memorySize ?? Size.gibibytes(3), publishedSchema(records)),
    timeout,
    runtime: checkRuntime(props.runtime ?? lambda.Runtime.NODEJS_22_X),
    logRetention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy: checkRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN),
    lifecycle: props.sourceBucket === undefined ? resolveLifecycle(props.lifecycle ?? {}, workflowTimeout, resumeWindow) : refuseLifecycle(props),
    workflowTimeout,
    resumeWindow,
    sweepInterval: checkMinutes('sweepInterval', props.sweepInterval ?? Duration.minutes(5), { min: Duration.minutes(1), max: Duration.days(1) }),
    encryptionKey: props.encryptionKey,
  };
}

function resolveRecordSettings(props: CsvChunkPipelineProps, chunkSize: Size): RecordSettings {
  const { _input: input, _dialect: dialect } = checkIsA(InputFormat, 'inputFormat', props.inputFormat === undefined ? InputFormat.bySuffix() : props.inputFormat);
  const records: RecordSettings = {
    schema: checkIsA(TableSchema, 'schema', props.schema)._descriptor,
    dialect,
    input,
    output: {
      ...checkIsA(OutputFormat, 'outputFormat', props.outputFormat === undefined ? OutputFormat.jsonLines() : props.outputFormat)._descriptor,
      metadataColumns: props.metadataColumns,
    },
    transform: props.transform === undefined ? undefined : checkIsA(RecordTransform, 'transform', props.transform)._contract,
    chunkSizeBytes: chunkSize.toBytes(),
    maxRecordSizeBytes: checkMaxRecordSize(props.maxRecordSize ?? Size.mebibytes(1), chunkSize).toBytes(),
    maxRejectedRecords: props.maxRejectedRecords === undefined
      ? undefined : checkInteger('maxRejectedRecords', props.maxRejectedRecords, { min: 0 }),
    maxRejectedPercentage: props.maxRejectedPercentage === undefined
      ? undefined : checkNumber('maxRejectedPercentage', props.maxRejectedPercentage, { min: 0, max: 100 }),
    allowEmptyOutput: props.allowEmptyOutput,
    strictSchema: props.strictSchema,
  };
  checkRecordSettings(records);
  return records;
}

function resolveRetryPolicy(policy: StepRetryPolicy): Required<StepRetryPolicy> {
  const interval = checkSeconds('retryPolicy.interval', policy.interval ?? Duration.seconds(2), { min: Duration.seconds(1) });
  const maxDelay = checkSeconds('retryPolicy.maxDelay', policy.maxDelay ?? Duration.minutes(1), { max: Duration.days(1) });
  if (maxDelay.toSeconds() <= interval.toSeconds()) {
    throw new Error(`retryPolicy.maxDelay must be longer than retryPolicy.interval (${interval.toHumanString()}), got ${maxDelay.toHumanString()}`);
  }
  return {
    maxRetries: checkInteger('retryPolicy.maxRetries', policy.maxRetries ?? 3, { min: 0, max: 10 }),
    interval,
    backoffRate: checkNumber('retryPolicy.backoffRate', policy.backoffRate ?? 2, { min: 1, max: 10 }),
    maxDelay,
  };
}

function checkMaxRecordSize(maxRecordSize: Size, chunkSize: Size): Size {
  checkSize('maxRecordSize', maxRecordSize, { min: Size.kibibytes(1), max: Size.mebibytes(16) });
  if (maxRecordSize.toBytes() > chunkSize.toBytes()) {
    throw new Error(`maxRecordSize must be at most ${formatSize(chunkSize)}, the chunkSize, got ${formatSize(maxRecordSize)}`);
  }
  return maxRecordSize;
}

function checkMemorySize(memorySize: Size, schema: Schema): Size {
  checkSize('memorySize', memorySize, { min: Size.mebibytes(512), max: Size.mebibytes(10_240) });
  if (hasKeys(schema) && memorySize.toBytes() < MIN_MEMORY_WITH_KEYS.toBytes()) {
    throw new Error(`memorySize must be at least ${formatSize(MIN_MEMORY_WITH_KEYS)} where the schema of the published records has keys, `
      + `got ${formatSize(memorySize)}`);
  }
  if (memorySize.toBytes() % Size.mebibytes(1).toBytes() !== 0) {
    throw new Error(`memorySize must be whole MiB, got ${formatSize(memorySize)}`);
  }
  return memorySize;
}

function checkRuntime(runtime: lambda.Runtime): lambda.Runtime {
  const major = /^nodejs(\d+)\.x$/.exec(runtime.name)?.[1];
  if (major === undefined || Number(major) < MIN_NODE_MAJOR) {
    throw new Error(`runtime must be Node.js ${MIN_NODE_MAJOR} or later, got ${runtime.name}`);
  }
  return runtime;
}

function checkRemovalPolicy(policy: RemovalPolicy): RemovalPolicy {
  if (policy !== RemovalPolicy.RETAIN && policy !== RemovalPolicy.DESTROY) {
    throw new Error(`removalPolicy must be RETAIN or DESTROY, got ${policy}`);
  }
  return policy;
}

/** The rules are of the bucket that the pipeline makes, and it makes none beside a source bucket. */
function refuseLifecycle({ lifecycle }: CsvChunkPipelineProps): undefined {
  if (lifecycle !== undefined) {
    throw new Error('lifecycle must be left out with a sourceBucket of your own, whose rules the pipeline does not touch, '
      + `got ${Object.keys(lifecycle).join(', ') || '{}'}`);
  }
}

/** What is left out stays undefined: such objects are kept. */
export type ResolvedLifecycle = ReturnType<typeof resolveLifecycle>;

function resolveLifecycle(lifecycle: DataLifecycle, workflowTimeout: Duration, resumeWindow: Duration) {
  const resolved = {
    processedToGlacierAfter: checkDays('lifecycle.processedToGlacierAfter', lifecycle.processedToGlacierAfter ?? Duration.days(30)),
    failedExpireAfter: lifecycle.failedExpireAfter && checkDays('lifecycle.failedExpireAfter', lifecycle.failedExpireAfter),
    quarantineExpireAfter: lifecycle.quarantineExpireAfter && checkDays('lifecycle.quarantineExpireAfter', lifecycle.quarantineExpireAfter),
    workExpireAfter: checkDays('lifecycle.workExpireAfter', lifecycle.workExpireAfter ?? Duration.days(30)),
    noncurrentVersionsExpireAfter:
      checkDays('lifecycle.noncurrentVersionsExpireAfter', lifecycle.noncurrentVersionsExpireAfter ?? Duration.days(30)),
    abortIncompleteUploadsAfter:
      checkDays('lifecycle.abortIncompleteUploadsAfter', lifecycle.abortIncompleteUploadsAfter ?? Duration.days(7)),
  };
  const longestJob = workflowTimeout.plus(resumeWindow);
  for (const name of ['workExpireAfter', 'abortIncompleteUploadsAfter'] as const) {
    if (resolved[name].toMilliseconds() <= longestJob.toMilliseconds()) {
      throw new Error(`lifecycle.${name} must be longer than workflowTimeout plus resumeWindow `
        + `(${longestJob.toHumanString()}), got ${resolved[name].toHumanString()}`);
    }
  }
  return resolved;
}
