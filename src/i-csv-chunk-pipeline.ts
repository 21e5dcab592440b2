import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { IConstruct } from 'constructs';
import { IMonitored } from './options/i-monitored';
import { KeyPrefixes } from './options/key-prefixes';
import { ResourceDefaults } from './options/resource-defaults';
import { SuffixCase } from './options/suffix-case';
import { PublishedForm } from './spec/output-columns';

/** A pipeline, for what stands around it: alarms, dashboards, readers, rules. */
export interface ICsvChunkPipeline extends IMonitored {
  /**
   * Identifies the pipeline in metrics, events and reports: stack name, path within the stack, environment suffix
   * (`TapStack-dev/Tap-dev`). When it changes, a file that had its job is a new one.
   */
  readonly pipelineId: string;

  /**
   * Where files land. React to further events of it by EventBridge rules: on a bucket that the pipeline made,
   * `addEventNotification` fails at synth, because it would replace the setting by which files start jobs.
   */
  readonly sourceBucket: s3.IBucket;

  /** Where published and rejected records, reports and work files go. */
  readonly outputBucket: s3.IBucket;

  /**
   * One item a job (`chunk_id` is `job`), one a chunk, one an execution (`file_id` is its ARN), and the audit entries;
   * index `TimestampIndex` by status and time.
   */
  readonly jobTable: dynamodb.ITable;

  /** One execution a file. */
  readonly stateMachine: sfn.IStateMachine;

  /**
   * Each tells of a file that lands, the workflow or the `intakeQueue`; a file matches one of them. Several, because a
   * rule holds few of a suffix's spellings. None with `Intake.manual()`.
   */
  readonly startRules: events.IRule[];

  /**
   * Where files wait to be started, with `Intake.queue()` only. What a bucket notifies it of directly it takes too.
   */
  readonly intakeQueue?: sqs.IQueue;

  /** Claims the job, checks the file and its header. */
  readonly validateFileFunction: lambda.Function;

  /** Finds the boundaries of the chunks. */
  readonly planChunksFunction: lambda.Function;

  /** Validates and normalises the records of one chunk. */
  readonly processChunkFunction: lambda.Function;

  /** Proves that no record is lost or doubled, and publishes. */
  readonly finalizeJobFunction: lambda.Function;

  /** Moves the source to where its outcome belongs. */
  readonly moveSourceFunction: lambda.Function;

  /** Closes the job of an execution that could not do so itself, or claims one for it. */
  readonly closeJobFunction: lambda.Function;

  /** Goes on with jobs that nobody works on, starts files that have no job, aborts uploads that nobody needs. */
  readonly sweepJobsFunction: lambda.Function;

  /** Where files land and where the pipeline keeps what, with every default filled in. */
  readonly prefixes: KeyPrefixes;

  /** Which files start jobs; empty: every file. With `SuffixCase.ANY` in lower case. */
  readonly suffixes: string[];

  /** Whether a suffix is meant in upper, lower or mixed case. */
  readonly suffixCase: SuffixCase;

  /** How long after its claim a job that failed can be resumed. */
  readonly resumeWindow: Duration;

  /** What constructs around the pipeline take over from it. */
  readonly resourceDefaults: ResourceDefaults;

  /** How often the sweep runs, and measures what only it sees. */
  readonly sweepInterval: Duration;

  /**
   * The format and the columns of the published records.
   *
   * @internal
   */
  readonly _published: PublishedForm;

  /**
   * `REGIONS_ENV`, where the pipeline has two regions.
   *
   * @internal
   */
  readonly _regionsEnvironment: { readonly [name: string]: string };

  /**
   * As `resourceName`, for a construct beside the pipeline that makes the resource: no other one gets the name.
   *
   * @internal
   */
  _nameFor(maker: IConstruct, resourceType: string, part: string): string | undefined;

  /**
   * Names a resource that stands around the pipeline by the rule of the pipeline's own ones.
   *
   * @param resourceType the first word of the name, such as `queue`
   * @param part what the resource is for
   * @returns undefined where CloudFormation is to generate the name
   */
  resourceName(resourceType: string, part: string): string | undefined;

  /**
   * Allows to put files under the incoming prefix, also by parts, and to use the bucket's key for it. A partner's account
   * (`new iam.AccountPrincipal('…')`), a role of it or a service is allowed in the policies of bucket and key, as by the
   * bucket's own `grantPut`. Where these are imported, a warning says what to add to them. With `Intake.manual()` the files
   * lie there until somebody starts them, who needs a right of their own for that.
   */
  grantUpload(grantee: iam.IGrantable): iam.Grant;

  /**
   * Allows to list and read the published records, under their prefix alone. To other accounts and services as `grantUpload` does.
   */
  grantRead(grantee: iam.IGrantable): iam.Grant;

  /**
   * Allows to list and read the rejected records, under their prefix alone. To other accounts and services as `grantUpload` does.
   */
  grantReadQuarantine(grantee: iam.IGrantable): iam.Grant;

  /**
   * Allows to list and read the reports, under their prefix alone. To other accounts and services as `grantUpload` does.
   */
  grantReadReports(grantee: iam.IGrantable): iam.Grant;

  /** Allows to read `_manifest.json` of every published file, by its key. */
  grantReadManifests(grantee: iam.IGrantable): iam.Grant;

  /** Allows to look up and read files by their keys, under the incoming prefix and where they are moved to. */
  grantReadSource(grantee: iam.IGrantable): iam.Grant;

  /** Allows to list jobs by status and time, and to read jobs, their chunks and audit entries, in the job table. */
  grantReadJobs(grantee: iam.IGrantable): iam.Grant;

  /**
   * Allows to start executions: to process a file that lies in the source bucket, to resume a failed job, or to process
   * the file of a job once more. All three are one right, because IAM does not look into an execution's input. Whoever
   * has it can have the pipeline process any file of its source bucket. The grantee must be of the pipeline's account,
   * because a state machine has no policy of its own: any other is warned of, and the grant has no success.
   */
  grantStart(grantee: iam.IGrantable): iam.Grant;

  /**
   * Runs a target when a job has succeeded; one that has none is an error at synth. The event comes at least once, on the
   * default bus, with source `cdk-csv-chunk-pipeline`, detail type `CSV Job Succeeded` and the pipeline's id as its
   * resource. Its detail (docs/notifications.md says when each field is there):
   *
   * | field | what it is |
   * |---|---|
   * | `version` | `1` |
   * | `pipelineId` | the pipeline's id |
   * | `fileId` | the job's id, 32 hex digits |
   * | `run` | 1, and one more with each resume |
   * | `status` | `SUCCEEDED` |
   * | `bucket`, `key`, `versionId` | where the file landed |
   * | `sizeBytes` | the file's size |
   * | `moveTo` | the key that the file is moved to |
   * | `startedAt`, `endedAt` | when the file was claimed, and when its job ended |
   * | `recordsRead` | records of the file |
   * | `recordsWritten` | those that were published |
   * | `recordsRejected` | those in quarantine |
   * | `recordsFiltered` | those that the transform left out |
   * | `outputBucket` | the bucket of the keys below |
   * | `outputPrefix`, `manifestKey` | where the parts lie, and their list |
   * | `rejectedKey` | the rejected records |
   * | `reportKey` | the job's report |
   */
  onJobSucceeded(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * Runs a target when a job has failed; one that has none is an error at synth. The event comes at least once and in any
   * order, on the default bus, with source `cdk-csv-chunk-pipeline`, detail type `CSV Job Failed` and the pipeline's id as
   * its resource. A job that is resumed has a greater `run`, and the event of the greatest tells how it stands. Its detail
   * (docs/notifications.md says when each field is there):
   *
   * | field | what it is |
   * |---|---|
   * | `version` | `1` |
   * | `pipelineId` | the pipeline's id |
   * | `fileId` | the job's id, 32 hex digits |
   * | `run` | 1, and one more with each resume |
   * | `status` | `FAILED` |
   * | `bucket`, `key`, `versionId` | where the file landed |
   * | `sizeBytes` | the file's size |
   * | `moveTo` | the key that the file is moved to |
   * | `startedAt`, `endedAt` | when the file was claimed, and when its job ended |
   * | `failureKind` | `DATA`, a verdict on the file; `INFRASTRUCTURE`, the job was interrupted; or `LOST`, with its region |
   * | `errorCode`, `errorMessage` | why, as docs/error-codes.md lists it |
   * | `resumable`, `resumableUntil` | true: a resume goes on with the job, until then; left out where it failed for good |
   * | `recordsRead`, `recordsWritten` | as of one that succeeded; left out where the records were not all read |
   * | `recordsRejected`, `recordsFiltered` | the same |
   * | `outputBucket` | the bucket of the keys below |
   * | `rejectedKey` | the rejected records; left out where there are none |
   * | `reportKey` | the job's report; left out where there is none |
   */
  onJobFailed(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * A metric of this pipeline by its name: namespace `CsvChunkPipeline`, one dimension `Pipeline` with the pipeline's id.
   * `props` change statistic, period, unit, label and the like.
   *
   * @default - sum over 5 minutes
   */
  metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `FilesReceived`, a count: files under the incoming prefix that got their job, counted when they get it. A re-run
   * of a job's file is none of them.
   *
   * @default - sum over 5 minutes
   */
  metricFilesReceived(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `JobsSucceeded`, a count: jobs that were published.
   *
   * @default - sum over 5 minutes
   */
  metricJobsSucceeded(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `JobsFailed`, a count: jobs that failed, `JobsRejected`, `JobsInterrupted` and those that were lost with their region
   * together. One that is interrupted again after a resume counts again.
   *
   * @default - sum over 5 minutes
   */
  metricJobsFailed(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `JobsRejected`, a count: jobs that failed because of their file, such as a wrong header or too many rejected
   * records. Whoever sent the file is to be told.
   *
   * @default - sum over 5 minutes
   */
  metricJobsRejected(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `JobsInterrupted`, a count: jobs that failed for another reason than their file, which a resume may still publish.
   * Whoever runs the pipeline is to look. One that is resumed too late, and so ends for good, counts again.
   *
   * @default - sum over 5 minutes
   */
  metricJobsInterrupted(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `RecordsRead`, a count: records of the jobs that ended.
   *
   * @default - sum over 5 minutes
   */
  metricRecordsRead(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `RecordsWritten`, a count: records that passed, of the jobs that ended. Those of a job that failed are not
   * published.
   *
   * @default - sum over 5 minutes
   */
  metricRecordsWritten(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `RecordsRejected`, a count: records in quarantine, of the jobs that ended.
   *
   * @default - sum over 5 minutes
   */
  metricRecordsRejected(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Records in quarantine that were rejected for one reason, of the jobs that ended: `RecordsRejected`, a count, with the
   * dimension `Code` beside `Pipeline`.
   *
   * @param code `field_count`, `type` … as in the column `_code` of `rejected.csv`
   * @default - sum over 5 minutes
   */
  metricRecordsRejectedByCode(code: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `RecordsFiltered`, a count: records that the transform left out, of the jobs that ended.
   *
   * @default - sum over 5 minutes
   */
  metricRecordsFiltered(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `BytesProcessed`, in bytes: those of the chunks that were processed, when each is done. A chunk that runs again (a
   * repair, a duplicate key) counts again.
   *
   * @default - sum over 5 minutes
   */
  metricBytesProcessed(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `ChunkRepairs`, a count: chunks that ran again because they did not begin where the one before them ended.
   *
   * @default - sum over 5 minutes
   */
  metricChunkRepairs(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `JobDuration`, in milliseconds: from the claim of a file to the end of its job.
   *
   * @default - average over 5 minutes
   */
  metricJobDuration(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `OpenJobs`, a count: jobs that are open (`PLANNING`, `PROCESSING` or `PUBLISHING`), measured by each sweep, also
   * where there are none. A failed job that waits to be resumed is not open.
   *
   * @default - maximum over 5 minutes
   */
  metricOpenJobs(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `JobsWaiting`, a count: failed jobs that wait for somebody to resume them, measured by each sweep, also where there
   * are none.
   *
   * @default - maximum over 5 minutes
   */
  metricJobsWaiting(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `OldestOpenJobAge`, in seconds: since the file of the oldest open job came, measured by each sweep, 0 where none is
   * open. A job that was resumed is as old as its file; one that processes a file once more as its own claim.
   *
   * @default - maximum over 5 minutes
   */
  metricOldestOpenJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `OldestSlaJobAge`, in seconds: as `metricOldestOpenJobAge`, of the jobs whose files are no larger than 100 MiB, or
   * than the `slaFileSize` of `JobAlarms`; measured at the end of each of these jobs too, so that none that took longer
   * is missed between two sweeps.
   *
   * @default - maximum over 5 minutes
   */
  metricOldestSlaJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * `OldestFileAge`, in seconds: since the oldest file arrived of those under the incoming prefix whose job has not
   * ended, or that have none, measured by each sweep, 0 where there is none. One whose failed job waits to be resumed
   * does not count.
   *
   * @default - maximum over 5 minutes
   */
  metricOldestFileAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
