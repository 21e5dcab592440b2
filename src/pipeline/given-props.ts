import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { DataLifecycle } from '../options/data-lifecycle';
import { InputFormat } from '../options/input-format';
import { Intake } from '../options/intake';
import { KeyPrefixOptions } from '../options/key-prefix-options';
import { OutputFormat } from '../options/output-format';
import { RecordTransform } from '../options/record-transform';
import { StepRetryPolicy } from '../options/step-retry-policy';
import { TableSchema } from '../options/table-schema';
import {
  checkObject, checkProperties, isDuration, isFlag, isListOf, isMadeBy, isNumber, isOneOf, isSize, isStruct, isText, isWith, TypeCheck,
} from '../synth/prop-types';

type TypesOf<Struct> = Readonly<Record<keyof Struct, TypeCheck>>;

const isBucket = isWith('bucketArn', 'a bucket (s3.IBucket)');

const PREFIXES: TypesOf<KeyPrefixOptions> = {
  incoming: isText, processed: isText, failed: isText, output: isText, quarantine: isText, reports: isText, work: isText,
};

const LIFECYCLE: TypesOf<DataLifecycle> = {
  processedToGlacierAfter: isDuration,
  failedExpireAfter: isDuration,
  quarantineExpireAfter: isDuration,
  workExpireAfter: isDuration,
  noncurrentVersionsExpireAfter: isDuration,
  abortIncompleteUploadsAfter: isDuration,
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
  retryPolicy: isStruct(RETRY_POLICY),
  tags: checkObject,
  sourceBucket: isBucket,
  outputBucket: isBucket,
  prefixes: isStruct(PREFIXES),
  formerPrefixes: isListOf(isStruct(PREFIXES)),
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
  runtime: isWith('supportsInlineCode', 'a lambda.Runtime'),
  logRetention: isOneOf('logs.RetentionDays', RetentionDays),
  removalPolicy: isText,
  lifecycle: isStruct(LIFECYCLE),
  workflowTimeout: isDuration,
  resumeWindow: isDuration,
  sweepInterval: isDuration,
  encryptionKey: isWith('keyArn', 'a key (kms.IKey)'),
  environmentSuffix: isText,
  resourceNaming: isWith('resourceName', 'a rule with a method resourceName (IResourceNaming)'),
};

/**
 * Holds that the props are of their types, which no compiler says to callers in JavaScript.
 *
 * @throws Error that names the prop, what was expected and what came
 */
export function checkGiven(props: CsvChunkPipelineProps): void {
  checkObject('props', props);
  // Without it there is nothing to do.
  PROPS.schema('schema', props.schema);
  checkProperties(props, PROPS);
}
