import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { DataLifecycle, PrefixLifecycle, StorageClassTransition } from '../options/data-lifecycle';
import { DisasterRecovery } from '../options/disaster-recovery';
import { InputFormat } from '../options/input-format';
import { Intake } from '../options/intake';
import { KeyPrefixOptions } from '../options/key-prefix-options';
import { OutputBucket } from '../options/output-bucket';
import { OutputFormat } from '../options/output-format';
import { RecordTransform } from '../options/record-transform';
import { StepRetryPolicy } from '../options/step-retry-policy';
import { FunctionSettings, StepSettings } from '../options/step-settings';
import { TableSchema } from '../options/table-schema';
import { checkGivenProps, TypesOf, warnOfUnknownProps } from '../synth/construct-props';
import {
  checkObject, isDoing, isDuration, isFlag, isListOf, isMadeBy, isNumber, isOneOf, isSize, isStructOf, isText, isWith,
} from '../synth/prop-types';

const isBucket = isWith('bucketArn', 'a bucket (s3.IBucket)');

const PREFIXES: TypesOf<KeyPrefixOptions> = {
  incoming: isText, processed: isText, failed: isText, output: isText, quarantine: isText, reports: isText, work: isText,
};

const TRANSITION: TypesOf<StorageClassTransition> = { storageClass: isWith('value', 'a storage class (s3.StorageClass)'), after: isDuration };

const PREFIX_LIFECYCLE: TypesOf<PrefixLifecycle> = { expireAfter: isDuration, transition: isStructOf(TRANSITION) };

const isPrefixLifecycle = isStructOf(PREFIX_LIFECYCLE);

const LIFECYCLE: TypesOf<DataLifecycle> = {
  incoming: isPrefixLifecycle,
  processed: isPrefixLifecycle,
  failed: isPrefixLifecycle,
  output: isPrefixLifecycle,
  quarantine: isPrefixLifecycle,
  reports: isPrefixLifecycle,
  work: isPrefixLifecycle,
  noncurrentVersionsExpireAfter: isDuration,
  abortIncompleteUploadsAfter: isDuration,
};

const FUNCTION: TypesOf<FunctionSettings> = { memorySize: isSize, timeout: isDuration };

const isFunction = isStructOf(FUNCTION);

const STEPS: TypesOf<StepSettings> = {
  validateFile: isFunction,
  planChunks: isFunction,
  processChunk: isFunction,
  finalizeJob: isFunction,
  moveSource: isFunction,
  closeJob: isFunction,
  sweepJobs: isFunction,
};

const RETRY_POLICY: TypesOf<StepRetryPolicy> = { maxRetries: isNumber, interval: isDuration, backoffRate: isNumber, maxDelay: isDuration };

const PROPS: TypesOf<CsvChunkPipelineProps> = {
  schema: isMadeBy(TableSchema),
  inputFormat: isMadeBy(InputFormat),
  transform: isMadeBy(RecordTransform),
  outputFormat: isMadeBy(OutputFormat),
  metadataColumns: isListOf(isText),
  chunkSize: isSize,
  maxConcurrency: isNumber,
  retryPolicy: isStructOf(RETRY_POLICY),
  tags: checkObject,
  sourceBucket: isBucket,
  outputBucket: isMadeBy(OutputBucket),
  prefixes: isStructOf(PREFIXES),
  formerPrefixes: isListOf(isStructOf(PREFIXES)),
  suffixes: isListOf(isText),
  suffixCase: isText,
  intake: isMadeBy(Intake),
  maxRecordSize: isSize,
  maxRejectedRecords: isNumber,
  maxRejectedPercentage: isNumber,
  allowEmptyOutput: isFlag,
  strictSchema: isFlag,
  memorySize: isSize,
  timeout: isDuration,
  steps: isStructOf(STEPS),
  runtime: isWith('supportsInlineCode', 'a lambda.Runtime'),
  logRetention: isOneOf('logs.RetentionDays', RetentionDays),
  removalPolicy: isText,
  lifecycle: isStructOf(LIFECYCLE),
  workflowTimeout: isDuration,
  resumeWindow: isDuration,
  sweepInterval: isDuration,
  chunkItemsExpireAfter: isDuration,
  encryptionKey: isWith('keyArn', 'a key (kms.IKey)'),
  disasterRecovery: isMadeBy(DisasterRecovery),
  environmentSuffix: isText,
  resourceNaming: isDoing('resourceName', 'a rule with a method resourceName (IResourceNaming)'),
};

export function checkGiven(props: CsvChunkPipelineProps): void {
  checkGivenProps(props, PROPS, ['schema']);
}

export function warnOfUnknown(scope: Construct, props: CsvChunkPipelineProps): void {
  warnOfUnknownProps(scope, 'the pipeline', props, PROPS);
}
