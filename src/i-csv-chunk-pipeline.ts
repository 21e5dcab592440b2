import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
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
   * Events that could not be delivered for 24 hours, ended executions whose job could not be closed, and sweeps that
   * failed.
   */
  readonly deadLetterQueue: sqs.IQueue;

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

  /** The functions of all steps, by the step's name: `ValidateFile`, `PlanChunks` … */
  readonly functions: { [step: string]: lambda.Function };

  /** Where files land and where the pipeline keeps what, with every default filled in. */
  readonly prefixes: KeyPrefixOptions;

  /** Which files start jobs, in lower case; empty: every file. */
  readonly suffixes: string[];

  /** How long after its claim a job that failed can be resumed. */
  readonly resumeWindow: Duration;

  /** What constructs around the pipeline take over from it. */
  readonly resourceDefaults: ResourceDefaults;

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

  /** Allows to read `_manifest.json` of every published file, by its key. */
  grantReadManifests(grantee: iam.IGrantable): iam.Grant;

  /** Allows to look up and read files by their keys, under the incoming prefix and where they are moved to. */
  grantReadSource(grantee: iam.IGrantable): iam.Grant;

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
   * A metric of this pipeline by its name.
   *
   * @default - sum over 5 minutes
   */
  metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Jobs that were published. */
  metricJobsSucceeded(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Jobs that failed: because of their data, or interrupted, which a resume may still publish. One that is interrupted
   * again after a resume counts again.
   */
  metricJobsFailed(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Records of the jobs that ended. */
  metricRecordsRead(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Records that passed. */
  metricRecordsWritten(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Records in quarantine. */
  metricRecordsRejected(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Records that the transform left out. */
  metricRecordsFiltered(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Bytes of the chunks that were processed, when each is done. A chunk that runs again (a repair, a duplicate key)
   * counts again.
   */
  metricBytesProcessed(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Chunks that ran again because they did not begin where the one before them ended. */
  metricChunkRepairs(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Time from the claim of a file to the end of its job, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  metricJobDuration(props?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
