import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { IMonitored } from './options/i-monitored';
import { KeyPrefixOptions } from './options/key-prefix-options';
import { ResourceDefaults } from './options/resource-defaults';

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
   * Each starts the workflow when a file lands; a file matches one of them. Several, because a rule holds few of a
   * suffix's spellings.
   */
  readonly startRules: events.IRule[];

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
  readonly prefixes: KeyPrefixOptions;

  /** What constructs around the pipeline take over from it. */
  readonly resourceDefaults: ResourceDefaults;

  /** How often the sweep runs, and measures what only it sees. */
  readonly sweepInterval: Duration;

  /**
   * Names a resource that stands around the pipeline by the rule of the pipeline's own ones.
   *
   * @param resourceType the first word of the name, such as `queue`
   * @param part what the resource is for
   * @returns undefined where CloudFormation is to generate the name
   */
  resourceName(resourceType: string, part: string): string | undefined;

  /** Allows to put files under the incoming prefix. */
  grantUpload(grantee: iam.IGrantable): iam.Grant;

  /** Allows to list and read the published records. */
  grantRead(grantee: iam.IGrantable): iam.Grant;

  /** Allows to list and read the rejected records. */
  grantReadQuarantine(grantee: iam.IGrantable): iam.Grant;

  /** Allows to list and read the reports. */
  grantReadReports(grantee: iam.IGrantable): iam.Grant;

  /**
   * Allows to resume a failed job, or to process the file of a job once more: to start an execution with
   * `{"resume": true, "fileId": "…"}` or `{"rerun": true, "fileId": "…"}`.
   */
  grantResume(grantee: iam.IGrantable): iam.Grant;

  /**
   * Runs a target when a job has succeeded. The event's detail holds `fileId`, `run`, `bucket`, `key`, `reportKey` and
   * the counts `recordsRead`, `recordsWritten`, `recordsRejected` and `recordsFiltered`; it is delivered at least once.
   */
  onJobSucceeded(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * Runs a target when a job has failed. The event's detail holds `fileId`, `run`, `bucket`, `key`, `errorCode`,
   * `errorMessage` and `resumable`; it is delivered at least once, and in any order: a job that is resumed has a greater
   * `run`, and the event of the greatest tells how it stands.
   */
  onJobFailed(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * A metric of this pipeline by its name, in the namespace `CsvChunkPipeline` with the dimension `Pipeline`, which is
   * `pipelineId`.
   *
   * @default - sum over 5 minutes
   */
  metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Files under the incoming prefix that got their job, counted when they get it: `FilesReceived`, a count. A re-run of a
   * job's file is none of them.
   *
   * @default - sum over 5 minutes
   */
  metricFilesReceived(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Jobs that were published: `JobsSucceeded`, a count.
   *
   * @default - sum over 5 minutes
   */
  metricJobsSucceeded(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Jobs that failed, `JobsRejected` and `JobsInterrupted` together: `JobsFailed`, a count. One that is interrupted again
   * after a resume counts again.
   *
   * @default - sum over 5 minutes
   */
  metricJobsFailed(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Jobs that failed because of their file, such as a wrong header or too many rejected records: `JobsRejected`, a count.
   * Whoever sent the file is to be told.
   *
   * @default - sum over 5 minutes
   */
  metricJobsRejected(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Jobs that failed for another reason than their file, which a resume may still publish: `JobsInterrupted`, a count.
   * Whoever runs the pipeline is to look. One that is resumed too late, and so ends for good, counts again.
   *
   * @default - sum over 5 minutes
   */
  metricJobsInterrupted(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Records of the jobs that ended: `RecordsRead`, a count.
   *
   * @default - sum over 5 minutes
   */
  metricRecordsRead(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Records that passed, of the jobs that ended: `RecordsWritten`, a count. Those of a job that failed are not published.
   *
   * @default - sum over 5 minutes
   */
  metricRecordsWritten(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Records in quarantine, of the jobs that ended: `RecordsRejected`, a count.
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
   * Records that the transform left out, of the jobs that ended: `RecordsFiltered`, a count.
   *
   * @default - sum over 5 minutes
   */
  metricRecordsFiltered(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Bytes of the chunks that were processed, when each is done: `BytesProcessed`, in bytes. A chunk that runs again (a
   * repair, a duplicate key) counts again.
   *
   * @default - sum over 5 minutes
   */
  metricBytesProcessed(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Chunks that ran again because they did not begin where the one before them ended: `ChunkRepairs`, a count.
   *
   * @default - sum over 5 minutes
   */
  metricChunkRepairs(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Time from the claim of a file to the end of its job: `JobDuration`, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  metricJobDuration(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Jobs that are open (`PLANNING`, `PROCESSING` or `PUBLISHING`), measured by each sweep, also where there are none:
   * `OpenJobs`, a count. A failed job that waits to be resumed is not open.
   *
   * @default - maximum over 5 minutes
   */
  metricOpenJobs(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Time since the claim of the oldest open job, measured by each sweep, 0 where none is open: `OldestOpenJobAge`, in
   * seconds. A job that was resumed is as old as its first claim.
   *
   * @default - maximum over 5 minutes
   */
  metricOldestOpenJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * As `metricOldestOpenJobAge`, of the jobs whose files are no larger than 100 MiB, or than the `slaFileSize` of
   * `JobAlarms`: `OldestSlaJobAge`, in seconds.
   *
   * @default - maximum over 5 minutes
   */
  metricOldestSlaJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Time since the oldest file arrived of those under the incoming prefix whose job has not ended, or that have none,
   * measured by each sweep, 0 where there is none: `OldestFileAge`, in seconds. One whose failed job waits to be resumed
   * does not count.
   *
   * @default - maximum over 5 minutes
   */
  metricOldestFileAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
