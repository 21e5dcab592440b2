import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { checkMemorySize, checkTimeout, resolveStepSettings } from './function-settings';
import { checkGiven } from './given-props';
import { resolveLifecycle } from './lifecycle';
import { resolveFormerPrefixes, resolvePrefixes } from './prefixes';
import { checkSuffixes } from './suffixes';
import { checkTags } from './tags';
import { SUFFIX_CASES } from '../contract/file-keys';
import { checkRecordSettings, publishedSchema, RecordSettings } from '../contract/record-settings';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { InputFormat } from '../options/input-format';
import { Intake } from '../options/intake';
import { OutputBucket } from '../options/output-bucket';
import { OutputFormat } from '../options/output-format';
import { StepRetryPolicy } from '../options/step-retry-policy';
import { SuffixCase } from '../options/suffix-case';
import { hasKeys } from '../spec/schema';
import { checkDays, checkInteger, checkMinutes, checkNumber, checkSeconds, checkSize, checkWord, describe, formatSize } from '../synth/prop-checks';

const MIN_NODE_MAJOR = 22;

/** The props with every default filled in and every limit checked. */
export type Settings = ReturnType<typeof resolveSettings>;

export function resolveSettings(props: CsvChunkPipelineProps) {
  checkGiven(props);
  const chunkSize = checkSize('chunkSize', props.chunkSize ?? Size.mebibytes(50), { min: Size.mebibytes(1), max: Size.gibibytes(1) });
  const timeout = checkTimeout('timeout', props.timeout ?? Duration.minutes(15));
  const memorySize = checkMemorySize('memorySize', props.memorySize ?? Size.mebibytes(3008));
  const workflowTimeout = checkSeconds('workflowTimeout', props.workflowTimeout ?? Duration.hours(2), { max: Duration.days(365) });
  const prefixes = resolvePrefixes(props.prefixes ?? {});
  const resumeWindow = checkSeconds('resumeWindow', props.resumeWindow ?? Duration.days(3), {});

  const longestJob = workflowTimeout.plus(resumeWindow);
  const outputBucket = props.outputBucket ?? OutputBucket.sameAsSource();
  const records = resolveRecordSettings(props, chunkSize);
  const suffixCase = checkWord('suffixCase', props.suffixCase ?? SuffixCase.ANY, SUFFIX_CASES);

  return {
    records,
    transform: props.transform,
    maxConcurrency: checkInteger('maxConcurrency', props.maxConcurrency ?? 10, { min: 1, max: 10_000 }),
    retryPolicy: resolveRetryPolicy(props.retryPolicy ?? {}),
    prefixes,
    formerPrefixes: resolveFormerPrefixes(props.formerPrefixes ?? [], prefixes),
    intake: props.intake ?? Intake.events(),
    suffixes: checkSuffixes(props.suffixes ?? ['.csv'], suffixCase),
    suffixCase,
    memorySize,
    timeout,
    steps: resolveStepSettings(props.steps ?? {}, { memorySize, timeout }, { workflowTimeout, hasKeys: hasKeys(publishedSchema(records)) }),
    runtime: checkRuntime(props.runtime ?? lambda.Runtime.NODEJS_22_X),
    logRetention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy: checkRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE),
    outputBucket,
    lifecycle: resolveLifecycle(props.lifecycle ?? {}, { sourceBucket: props.sourceBucket, outputBucket }, longestJob),
    longestJob,
    // Often enough for the sweep, which keeps the items of jobs that are still open.
    chunkItemsExpireAfter: checkDays('chunkItemsExpireAfter', props.chunkItemsExpireAfter ?? Duration.days(90), { min: Duration.days(7) }),
    workflowTimeout,
    resumeWindow,
    sweepInterval: checkMinutes('sweepInterval', props.sweepInterval ?? Duration.minutes(5), { min: Duration.minutes(1), max: Duration.days(1) }),
    encryptionKey: props.encryptionKey,
    tags: checkTags(props.tags ?? {}),
  };
}

function resolveRecordSettings(props: CsvChunkPipelineProps, chunkSize: Size): RecordSettings {
  const { _input: input, _dialect: dialect } = props.inputFormat ?? InputFormat.bySuffix();
  const records: RecordSettings = {
    schema: props.schema._descriptor,
    dialect,
    input,
    output: {
      ...(props.outputFormat ?? OutputFormat.jsonLines())._descriptor,
      metadataColumns: props.metadataColumns,
    },
    transform: props.transform?._contract,
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

function checkRuntime(runtime: lambda.Runtime): lambda.Runtime {
  const major = /^nodejs(\d+)\.x$/.exec(runtime.name)?.[1];
  if (major === undefined || Number(major) < MIN_NODE_MAJOR) {
    throw new Error(`runtime must be Node.js ${MIN_NODE_MAJOR} or later, got ${runtime.name}`);
  }
  return runtime;
}

/** `SNAPSHOT` is not among them: buckets, tables, queues and log groups have none. */
const REMOVAL_POLICIES = [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, RemovalPolicy.RETAIN, RemovalPolicy.DESTROY];

function checkRemovalPolicy(policy: RemovalPolicy): RemovalPolicy {
  if (!REMOVAL_POLICIES.includes(policy)) {
    throw new Error('removalPolicy must be RETAIN_ON_UPDATE_OR_DELETE, RETAIN or DESTROY (of buckets, tables and logs CloudFormation makes no snapshot), '
      + `got ${describe(policy)}`);
  }
  return policy;
}
