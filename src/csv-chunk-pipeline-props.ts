import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DataLifecycle } from './options/data-lifecycle';
import { DisasterRecovery } from './options/disaster-recovery';
import { IResourceNaming } from './options/i-resource-naming';
import { InputFormat } from './options/input-format';
import { Intake } from './options/intake';
import { KeyPrefixOptions } from './options/key-prefix-options';
import { OutputBucket } from './options/output-bucket';
import { MetadataColumn, OutputFormat } from './options/output-format';
import { RecordTransform } from './options/record-transform';
import { StepRetryPolicy } from './options/step-retry-policy';
import { StepSettings } from './options/step-settings';
import { SuffixCase } from './options/suffix-case';
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
   * Tags of every resource of the pipeline: at most 50, with those that its stack and app have. Keys of 1 to 128
   * letters, digits, blanks and `_ . : / = + - @`, no two of which differ in letter case alone and none of which begins
   * with `aws:`; values of at most 256 of the same.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };

  /**
   * Where files land. A bucket of your own must lie in the pipeline's region and account, send its events to EventBridge
   * (the pipeline changes nothing of it), and may hold other things beside the pipeline's prefixes. It needs a lifecycle
   * rule that aborts incomplete uploads (files above 5 GiB are moved by parts); where it takes the output too, both rules
   * that `OutputBucket.existing` names. A bucket of the same app that lacks one of this is a warning at synth; of an
   * imported one nothing is known. What lies under its incoming prefix already is processed, too: see `sweepInterval`.
   *
   * To switch EventBridge on for an imported bucket, once: `aws s3api put-bucket-notification-configuration --bucket NAME
   * --notification-configuration '{"EventBridgeConfiguration": {}}'`. This replaces all notifications of the bucket: put
   * what `aws s3api get-bucket-notification-configuration --bucket NAME` prints into the same JSON, to keep it. (The
   * CDK's `enableEventBridgeNotification` on an imported bucket does so with a function of its own.)
   *
   * A bucket of another account tells that account's event bus alone, which needs a rule that forwards the events; in
   * another region it is an error. Two pipelines of one app may share a bucket, if they take different files and none
   * works under a prefix where the other one keeps something else.
   *
   * @default - a new bucket: versioned, encrypted, TLS only, no public access
   */
  readonly sourceBucket?: s3.IBucket;

  /**
   * Where published and rejected records, reports and work files go.
   *
   * @default OutputBucket.sameAsSource()
   */
  readonly outputBucket?: OutputBucket;

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
   * How files come in: what starts a job for a file that lands.
   *
   * @default Intake.events()
   */
  readonly intake?: Intake;

  /**
   * A file starts a job when its key begins with the incoming prefix and ends with one of these, spelled as
   * `suffixCase` says. An empty list takes every file. In any case a suffix needs 2 event rules for 3 letters and twice
   * as many for each further one; at most 32 in all, of the 300 that an event bus has. `.csv` does not take gzip files;
   * `['.csv', '.csv.gz']` does (18 rules), and `['.csv', '.gz']` with 3.
   *
   * @default ['.csv']
   */
  readonly suffixes?: string[];

  /**
   * In which spellings `suffixes` take a file. `EXACT` needs far fewer event rules: `['.csv', '.json']` one, where `ANY`
   * takes 6. Files of another spelling are left alone.
   *
   * @default SuffixCase.ANY
   */
  readonly suffixCase?: SuffixCase;

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
   * Memory, and with it the CPU share, of every function, unless `steps` says otherwise. Whole MiB, 512 MiB to 10,240
   * MiB; of FinalizeJob at least 1 GiB where the published records have keys. The default is the most that a new AWS
   * account allows, until its quota is raised.
   *
   * @default Size.mebibytes(3008)
   */
  readonly memorySize?: Size;

  /**
   * How long one run of a function may take: one chunk, for the workers. 1 to 15 minutes, and no less than `chunkSize`
   * takes at 25 MB a second (8 MB where the output is Parquet), times the share of a vCPU that `memorySize` gives where
   * that is less than 1,769 MiB.
   *
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;

  /**
   * Memory and time of single steps.
   *
   * @default - `memorySize` and `timeout` for all of them
   */
  readonly steps?: StepSettings;

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
   * What becomes of bucket, job table, dead-letter queue and logs when the pipeline is removed.
   * `RETAIN_ON_UPDATE_OR_DELETE` keeps them, but for those of a first deployment that fails, which would be in the way of
   * the next one; `RETAIN` keeps these, too. With an `environmentSuffix` what is kept keeps its name, and a second
   * deployment finds it taken. `DESTROY` deletes everything with all that is in it: also every object of a bucket that
   * the pipeline made, and, with each deployment that changes the functions, the versions that running executions
   * invoke. Their jobs then end as `FAILED` and can be resumed; with the other policies they go on with the code that
   * they began with. A job table with a replica (`DisasterRecovery.primary()`) it deletes only when its deletion
   * protection is taken away, because the other region may work on it (docs/disaster-recovery.md). `SNAPSHOT` is an error.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long objects stay in the buckets that the pipeline makes, and in which storage class, prefix by prefix. What lies
   * in a bucket of your own must be left out here.
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
   * How long the job table keeps the items of a job's chunks when the job can have no more need of them: after
   * `workflowTimeout` plus `resumeWindow`, and longer where it is still being published. Its own item, its audit entries and
   * its report stay. Whole days, 7 or more; DynamoDB deletes within some days after that.
   *
   * @default Duration.days(90)
   */
  readonly chunkItemsExpireAfter?: Duration;

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
   * Encrypts the bucket and the job table that the pipeline makes: a symmetric key in the pipeline's region. Your own
   * buckets' keys are taken from them.
   *
   * @default - keys that S3 and DynamoDB manage
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The same pipeline stands by in another region: the job table, the files and what was published are replicated, and one
   * command makes the standby the active one. Needs an `environmentSuffix` and a stack of a known account and region. What
   * lies under the incoming prefix expires after 30 days, also files that nobody has started, unless `lifecycle.incoming`
   * says when.
   *
   * @default DisasterRecovery.none()
   */
  readonly disasterRecovery?: DisasterRecovery;

  /**
   * Names every resource `{resource}-{purpose}-{suffix}`, so that one account can hold several environments. Lower-case
   * letters, digits and hyphens; at most 26 characters together with the purpose, which is the construct's id in lower
   * case with hyphens between its words (`BankTap` is `bank-tap`, and leaves 18): the name of a bucket has no room for
   * more. Another pipeline of the app in the same account and region must have another id or suffix, and no two resources
   * of the app may get one name. What `removalPolicy` retains keeps its name: to deploy again after a removal, delete or
   * import it, or take another suffix. The one thing without is CDK's helper that empties the buckets of a stack before
   * they are deleted (`RemovalPolicy.DESTROY`): its role, function and log group have generated names.
   *
   * @default - CloudFormation generates the names
   */
  readonly environmentSuffix?: string;

  /**
   * A rule of your own for the names of all resources, those of constructs around the pipeline too. Each name is checked
   * against what its service takes, and against all others of the app. What is said of names at `environmentSuffix` and `removalPolicy` holds for them as
   * well. `environmentSuffix`, which is part of the pipeline's id, is handed to the rule.
   *
   * @default - `{resource}-{purpose}-{suffix}` with an `environmentSuffix`; without one CloudFormation generates the names
   */
  readonly resourceNaming?: IResourceNaming;
}
