import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DataLifecycle } from './options/data-lifecycle';
import { InputFormat } from './options/input-format';
import { KeyPrefixOptions } from './options/key-prefix-options';
import { MetadataColumn, OutputFormat } from './options/output-format';
import { RecordTransform } from './options/record-transform';
import { StepRetryPolicy } from './options/step-retry-policy';
import { TableSchema } from './options/table-schema';

/**
 * Settings of a `CsvChunkPipeline`. A value that is not possible throws at synth, with the prop, the limit and the
 * value.
 */
export interface CsvChunkPipelineProps {
  /**
   * What every record must be.
   */
  readonly schema: TableSchema;

  /**
   * What the files are written in: format, dialect, compression, encoding.
   *
   * @default InputFormat.bySuffix()
   */
  readonly inputFormat?: InputFormat;

  /**
   * Your own step: what becomes of valid records before they are published.
   *
   * @default - they are published as they are
   */
  readonly transform?: RecordTransform;

  /**
   * How the published records are written, one part file a chunk.
   *
   * @default OutputFormat.jsonLines()
   */
  readonly outputFormat?: OutputFormat;

  /**
   * Columns that say where each record comes from, after those of the schema and in this order. No field may have the
   * name of one.
   *
   * @default - none
   */
  readonly metadataColumns?: MetadataColumn[];

  /**
   * A file is cut into chunks of about this size, each at the start of a record. 1 MiB to 1 GiB: one worker has
   * `timeout` for one chunk.
   *
   * @default Size.mebibytes(50)
   */
  readonly chunkSize?: Size;

  /**
   * Chunks of one file that are processed at the same time, 1 to 10,000.
   *
   * @default 10
   */
  readonly maxConcurrency?: number;

  /**
   * How often a step is tried again after a failure that is not the data's fault.
   *
   * @default - 3 retries after 2, 4 and 8 seconds at most, with full jitter
   */
  readonly retryPolicy?: StepRetryPolicy;

  /**
   * Tags of every resource of the pipeline.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };

  /**
   * Where files land. A bucket of your own must send its events to EventBridge (the pipeline changes nothing of it),
   * and may hold other things beside the pipeline's prefixes. It needs a lifecycle rule that aborts incomplete uploads
   * (files above 5 GiB are moved by parts); where it takes the output too, both rules that `outputBucket` names. What
   * lies under its incoming prefix already is processed, too: see `sweepInterval`.
   *
   * @default - a new bucket: versioned, encrypted, TLS only, no public access
   */
  readonly sourceBucket?: s3.IBucket;

  /**
   * Where published and rejected records, reports and work files go. A bucket of your own needs two lifecycle rules, or
   * what jobs leave behind is kept, and paid, for ever: expire objects under `prefixes.work` (work files and staged
   * texts, each as large as the text of its file), and abort incomplete uploads in the whole bucket (parts that were
   * never published). Both after more days than `workflowTimeout` plus `resumeWindow`.
   *
   * @default - the source bucket
   */
  readonly outputBucket?: s3.IBucket;

  /**
   * Where files land and where the pipeline keeps what.
   *
   * @default - incoming/, processed/, failed/, output/, quarantine/, reports/, work/
   */
  readonly prefixes?: KeyPrefixOptions;

  /**
   * The prefixes of earlier deployments whose jobs may still be open or be resumed, at most 3 sets; of each set, what
   * is left out is the default, as it was then. The functions keep their rights under these prefixes, readers too, and
   * the rules of `lifecycle` go on. Files that land under a former incoming prefix start no job. A former prefix may
   * overlap with one of the same name only.
   *
   * @default - none: a job that was planned with other prefixes cannot be resumed
   */
  readonly formerPrefixes?: KeyPrefixOptions[];

  /**
   * A file starts a job when its key begins with the incoming prefix and ends with one of these, in upper, lower or
   * mixed case. An empty list takes every file. Each suffix needs event rules of its own, 2 for 3 letters and twice as
   * many for each further one; at most 32 in all. `.csv` does not take gzip files; `['.csv', '.csv.gz']` does (18
   * rules), and `['.csv', '.gz']` with 3.
   *
   * @default ['.csv']
   */
  readonly suffixes?: string[];

  /**
   * A record with more bytes is rejected (`record_size`). 1 KiB to 16 MiB, and no more than `chunkSize`.
   *
   * @default Size.mebibytes(1)
   */
  readonly maxRecordSize?: Size;

  /**
   * A job with more rejected records fails, and nothing of the file is published. 0 or more. With
   * `maxRejectedPercentage` too, a job must be within both.
   *
   * @default - no limit if `maxRejectedPercentage` is set, otherwise 0
   */
  readonly maxRejectedRecords?: number;

  /**
   * A job with a larger share of rejected records fails, and nothing of the file is published. 0 to 100.
   *
   * @default - no limit if `maxRejectedRecords` is set, otherwise 0
   */
  readonly maxRejectedPercentage?: number;

  /**
   * True: a file whose records are all rejected (within the limits) or left out by the transform succeeds, and publishes
   * nothing. Otherwise it fails (`nothing_to_publish`). A file without any record succeeds either way.
   *
   * @default false
   */
  readonly allowEmptyOutput?: boolean;

  /**
   * True: a schema that asks for what no record is checked for, such as `foreignKeys`, is an error at synth. Otherwise
   * it is a warning, and each report tells it (`notChecked`).
   *
   * @default false
   */
  readonly strictSchema?: boolean;

  /**
   * Memory, and with it the CPU share, of every function. Whole MiB, 512 MiB to 10,240 MiB; at least 1 GiB where the
   * published records have keys. (A new AWS account may be limited to 3,008 MiB until its quota is raised.)
   *
   * @default Size.gibibytes(3)
   */
  readonly memorySize?: Size;

  /**
   * How long one run of a function may take: one chunk, for the workers. 1 to 15 minutes.
   *
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;

  /**
   * The functions' runtime: Node.js 22 or later.
   *
   * @default lambda.Runtime.NODEJS_22_X
   */
  readonly runtime?: lambda.Runtime;

  /**
   * How long the logs of the functions and of the state machine are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What becomes of bucket, job table, dead-letter queue and logs when the pipeline is removed. `RETAIN` keeps them;
   * with an `environmentSuffix` they keep their names too, and a second deployment finds those taken. `DESTROY` deletes
   * them with all that is in them: also every object of a bucket that the pipeline made.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long objects stay in the bucket that the pipeline makes. With a `sourceBucket` of your own it makes none, and
   * this must be left out.
   *
   * @default - sources to Glacier after 30 days; work files and overwritten or deleted versions expire after 30 days,
   * unpublished parts after 7; the rest stays
   */
  readonly lifecycle?: DataLifecycle;

  /**
   * How long one execution may take. Longer than `timeout`, at most 365 days.
   *
   * @default Duration.hours(2)
   */
  readonly workflowTimeout?: Duration;

  /**
   * How long after a job began it can be resumed. A later resume ends it for good (`resumed_too_late`), because its
   * unpublished parts may be gone; its file can then be processed once more, as another job.
   * Work files and unpublished parts must outlive `workflowTimeout` (the resumed run) plus this, which is checked
   * against `lifecycle`.
   *
   * @default Duration.days(3)
   */
  readonly resumeWindow?: Duration;

  /**
   * How often the pipeline looks for jobs that nobody works on and for files that have no job: what events have not
   * brought, it goes on with. Whole minutes, 1 minute to 1 day. Files that lay under the incoming prefix before the
   * pipeline was deployed have no job: the first sweep starts them. Each sweep also measures how old the oldest open job
   * and the oldest file that waits are, so that an alarm on them is no finer than this.
   *
   * @default Duration.minutes(5)
   */
  readonly sweepInterval?: Duration;

  /**
   * Encrypts the bucket and the job table that the pipeline makes. Your own buckets' keys are taken from them.
   *
   * @default - keys that S3 and DynamoDB manage
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Names every resource `{resource}-{purpose}-{suffix}`, so that one account can hold several environments. Lower-case
   * letters, digits and hyphens. What `removalPolicy` retains keeps its name: to deploy again after a removal, delete
   * or import it, or take another suffix.
   *
   * @default - CloudFormation generates the names
   */
  readonly environmentSuffix?: string;
}
