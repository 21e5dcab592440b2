import { Duration, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { CODE_DIMENSION, DEFAULT_METRICS_NAMESPACE, METRICS, PIPELINE_DIMENSION } from './contract/metrics';
import { JOB_FAILED_EVENT, JOB_SUCCEEDED_EVENT } from './contract/payloads';
import { CsvChunkPipelineProps } from './csv-chunk-pipeline-props';
import { ICsvChunkPipeline } from './i-csv-chunk-pipeline';
import { KeyPrefixOptions } from './options/key-prefix-options';
import { ResourceDefaults } from './options/resource-defaults';
import { CloseJob } from './pipeline/close-job.function';
import { DeadLetters } from './pipeline/dead-letters';
import { FinalizeJob } from './pipeline/finalize-job.function';
import { Intake } from './pipeline/intake';
import { jobEndedPattern, JobEvents } from './pipeline/job-events';
import { JobTable } from './pipeline/job-table';
import { MoveSource } from './pipeline/move-source.function';
import { ResourceNames } from './pipeline/names';
import { pipelineIdOf } from './pipeline/pipeline-id';
import { PlanChunks } from './pipeline/plan-chunks.function';
import { ProcessChunk } from './pipeline/process-chunk.function';
import { renderJobContract } from './pipeline/render-contract';
import { resolveSettings } from './pipeline/settings';
import { Storage } from './pipeline/storage';
import { SweepJobs } from './pipeline/sweep-jobs.function';
import { warnOfUnchecked } from './pipeline/unchecked-schema';
import { ValidateFile } from './pipeline/validate-file.function';
import { Workflow } from './pipeline/workflow';
import { REJECT_CODES } from './spec/error-codes';
import { checkOneOf } from './synth/prop-checks';

/**
 * Large CSV files land in a bucket; each is cut into record-aligned chunks, every record is checked against a schema
 * and normalised, in parallel, and the file is published whole or not at all: every record ends up either published or
 * quarantined with a reason, exactly once.
 */
export class CsvChunkPipeline extends Construct implements ICsvChunkPipeline {
  /**
   * Where files land. React to further events of it by EventBridge rules: on a bucket that the pipeline made,
   * `addEventNotification` fails at synth, because it would replace the setting by which files start jobs.
   */
  public readonly sourceBucket: s3.IBucket;

  /** Where published and rejected records, reports and work files go. */
  public readonly outputBucket: s3.IBucket;

  /**
   * One item a job (`chunk_id` is `job`), one a chunk, one an execution (`file_id` is its ARN), and the audit entries;
   * indexes `TimestampIndex` by status and time, and `UnsettledIndex` of the jobs that something is left to be done for.
   */
  public readonly jobTable: dynamodb.ITable;

  /** One execution a file. */
  public readonly stateMachine: sfn.IStateMachine;

  /**
   * Each starts the workflow when a file lands; a file matches one of them. Several, because a rule holds few of a
   * suffix's spellings.
   */
  public readonly startRules: events.IRule[];

  /**
   * Events that could not be delivered for 24 hours, ended executions whose job could not be closed, and sweeps that
   * failed.
   */
  public readonly deadLetterQueue: sqs.IQueue;

  /** Claims the job, checks the file and its header. */
  public readonly validateFileFunction: lambda.Function;

  /** Finds the boundaries of the chunks. */
  public readonly planChunksFunction: lambda.Function;

  /** Validates and normalises the records of one chunk. */
  public readonly processChunkFunction: lambda.Function;

  /** Proves that no record is lost or doubled, and publishes. */
  public readonly finalizeJobFunction: lambda.Function;

  /** Moves the source to where its outcome belongs. */
  public readonly moveSourceFunction: lambda.Function;

  /** Closes the job of an execution that could not do so itself, or claims one for it. */
  public readonly closeJobFunction: lambda.Function;

  /** Goes on with jobs that nobody works on, starts files that have no job, aborts uploads that nobody needs. */
  public readonly sweepJobsFunction: lambda.Function;

  /**
   * Identifies the pipeline in metrics, events and reports: stack name, path within the stack, environment suffix
   * (`TapStack-dev/Tap-dev`). When it changes, a file that had its job is a new one, and what still lies under the
   * incoming prefix is processed.
   */
  public readonly pipelineId: string;

  /** The functions of all steps, by the step's name: `ValidateFile`, `PlanChunks` … */
  public readonly functions: { [step: string]: lambda.Function };

  /** Where files land and where the pipeline keeps what, with every default filled in. */
  public readonly prefixes: KeyPrefixOptions;

  /** What constructs around the pipeline take over from it. */
  public readonly resourceDefaults: ResourceDefaults;

  /** How often the sweep runs, and measures what only it sees. */
  public readonly sweepInterval: Duration;

  private readonly storage: Storage;
  private readonly names: ResourceNames;

  constructor(scope: Construct, id: string, props: CsvChunkPipelineProps) {
    super(scope, id);
    this.pipelineId = pipelineIdOf(this, props.environmentSuffix);
    const settings = resolveSettings(props);
    warnOfUnchecked(this, settings.records);
    const names = new ResourceNames(this, props.environmentSuffix);
    const contract = renderJobContract(this.pipelineId, settings);

    const storage = new Storage(this, 'Storage', { sourceBucket: props.sourceBucket, outputBucket: props.outputBucket, settings, names });
    const jobTable = new JobTable(this, 'JobTable', { ...settings, names });
    const jobEvents = new JobEvents(this, 'JobEvents');
    const deadLetterQueue = new DeadLetters(this, 'DeadLetters', { settings, names }).queue;

    const parts = { storage, jobTable, jobEvents, deadLetterQueue, contract, settings, names };
    const validateFile = new ValidateFile(this, 'ValidateFile', parts);
    const planChunks = new PlanChunks(this, 'PlanChunks', parts);
    const processChunk = new ProcessChunk(this, 'ProcessChunk', parts);
    const finalizeJob = new FinalizeJob(this, 'FinalizeJob', parts);
    const moveSource = new MoveSource(this, 'MoveSource', parts);
    const closeJob = new CloseJob(this, 'CloseJob', parts);

    const steps = { validateFile, planChunks, processChunk, finalizeJob, moveSource, closeJob };
    const { stateMachine } = new Workflow(this, 'Workflow', { steps, storage, settings, names });
    const intake = new Intake(this, 'Intake', { storage, stateMachine, deadLetterQueue, settings, names });
    closeJob.allowToStart(stateMachine);
    closeJob.onExecutionEnded(stateMachine);
    const sweepJobs = new SweepJobs(this, 'SweepJobs', { ...parts, stateMachine });

    Object.entries(props.tags ?? {}).forEach(([key, value]) => Tags.of(this).add(key, value));

    this.storage = storage;
    this.sourceBucket = storage.sourceBucket;
    this.outputBucket = storage.outputBucket;
    this.jobTable = jobTable.table;
    this.stateMachine = stateMachine;
    this.startRules = intake.rules;
    this.deadLetterQueue = deadLetterQueue;
    this.validateFileFunction = validateFile.function;
    this.planChunksFunction = planChunks.function;
    this.processChunkFunction = processChunk.function;
    this.finalizeJobFunction = finalizeJob.function;
    this.moveSourceFunction = moveSource.function;
    this.closeJobFunction = closeJob.function;
    this.sweepJobsFunction = sweepJobs.function;
    this.functions = Object.fromEntries([...Object.values(steps), sweepJobs].map((step) => [step.node.id, step.function]));
    this.prefixes = settings.prefixes;
    this.resourceDefaults = {
      runtime: settings.runtime,
      logRetention: settings.logRetention,
      removalPolicy: settings.removalPolicy,
      encryptionKey: settings.encryptionKey,
      tags: props.tags ?? {},
    };
    this.sweepInterval = settings.sweepInterval;
    this.names = names;
  }

  /**
   * Names a resource that stands around the pipeline by the rule of the pipeline's own ones.
   *
   * @param resourceType the first word of the name, such as `queue`
   * @param part what the resource is for
   * @returns undefined where CloudFormation is to generate the name
   */
  public resourceName(resourceType: string, part: string): string | undefined {
    return this.names.resourceName(resourceType, part);
  }

  /** Allows to put files under the incoming prefix. */
  public grantUpload(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantUpload(grantee);
  }

  /** Allows to list and read the published records. */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadOutput(grantee, 'output');
  }

  /** Allows to list and read the rejected records. */
  public grantReadQuarantine(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadOutput(grantee, 'quarantine');
  }

  /** Allows to list and read the reports. */
  public grantReadReports(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadOutput(grantee, 'reports');
  }

  /**
   * Allows to resume a failed job, or to process the file of a job once more: to start an execution with
   * `{"resume": true, "fileId": "…"}` or `{"rerun": true, "fileId": "…"}`.
   */
  public grantResume(grantee: iam.IGrantable): iam.Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }

  /**
   * Runs a target when a job has succeeded. The event's detail holds `fileId`, `run`, `bucket`, `key`, `reportKey` and
   * the counts `recordsRead`, `recordsWritten`, `recordsRejected` and `recordsFiltered`; it is delivered at least once.
   */
  public onJobSucceeded(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onJobEnded(id, JOB_SUCCEEDED_EVENT, options);
  }

  /**
   * Runs a target when a job has failed. The event's detail holds `fileId`, `run`, `bucket`, `key`, `errorCode`,
   * `errorMessage` and `resumable`; it is delivered at least once, and in any order: a job that is resumed has a greater
   * `run`, and the event of the greatest tells how it stands.
   */
  public onJobFailed(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onJobEnded(id, JOB_FAILED_EVENT, options);
  }

  /**
   * A metric of this pipeline by its name, in the namespace `CsvChunkPipeline` with the dimension `Pipeline`, which is
   * `pipelineId`.
   *
   * @default - sum over 5 minutes
   */
  public metric(metricName: string, props: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: DEFAULT_METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { [PIPELINE_DIMENSION]: this.pipelineId },
      statistic: cloudwatch.Stats.SUM,
      ...props,
    }).attachTo(this);
  }

  /**
   * Files under the incoming prefix that got their job, counted when they get it: `FilesReceived`, a count. A re-run of a
   * job's file is none of them.
   *
   * @default - sum over 5 minutes
   */
  public metricFilesReceived(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.filesReceived, props);
  }

  /**
   * Jobs that were published: `JobsSucceeded`, a count.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsSucceeded(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsSucceeded, props);
  }

  /**
   * Jobs that failed, `JobsRejected` and `JobsInterrupted` together: `JobsFailed`, a count. One that is interrupted again
   * after a resume counts again.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsFailed(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsFailed, props);
  }

  /**
   * Jobs that failed because of their file, such as a wrong header or too many rejected records: `JobsRejected`, a count.
   * Whoever sent the file is to be told.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsRejected(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsRejected, props);
  }

  /**
   * Jobs that failed for another reason than their file, which a resume may still publish: `JobsInterrupted`, a count.
   * Whoever runs the pipeline is to look. One that is resumed too late, and so ends for good, counts again.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsInterrupted(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsInterrupted, props);
  }

  /**
   * Records of the jobs that ended: `RecordsRead`, a count.
   *
   * @default - sum over 5 minutes
   */
  public metricRecordsRead(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.recordsRead, props);
  }

  /**
   * Records that passed, of the jobs that ended: `RecordsWritten`, a count. Those of a job that failed are not published.
   *
   * @default - sum over 5 minutes
   */
  public metricRecordsWritten(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.recordsWritten, props);
  }

  /**
   * Records in quarantine, of the jobs that ended: `RecordsRejected`, a count.
   *
   * @default - sum over 5 minutes
   */
  public metricRecordsRejected(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.recordsRejected, props);
  }

  /**
   * Records in quarantine that were rejected for one reason, of the jobs that ended: `RecordsRejected`, a count, with the
   * dimension `Code` beside `Pipeline`.
   *
   * @param code `field_count`, `type` … as in the column `_code` of `rejected.csv`
   * @default - sum over 5 minutes
   */
  public metricRecordsRejectedByCode(code: string, props: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    checkOneOf('code', code, REJECT_CODES);
    return this.metric(METRICS.recordsRejected, { ...props, dimensionsMap: { [PIPELINE_DIMENSION]: this.pipelineId, [CODE_DIMENSION]: code } });
  }

  /**
   * Records that the transform left out, of the jobs that ended: `RecordsFiltered`, a count.
   *
   * @default - sum over 5 minutes
   */
  public metricRecordsFiltered(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.recordsFiltered, props);
  }

  /**
   * Bytes of the chunks that were processed, when each is done: `BytesProcessed`, in bytes. A chunk that runs again (a
   * repair, a duplicate key) counts again.
   *
   * @default - sum over 5 minutes
   */
  public metricBytesProcessed(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.bytesProcessed, props);
  }

  /**
   * Chunks that ran again because they did not begin where the one before them ended: `ChunkRepairs`, a count.
   *
   * @default - sum over 5 minutes
   */
  public metricChunkRepairs(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.chunkRepairs, props);
  }

  /**
   * Time from the claim of a file to the end of its job: `JobDuration`, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  public metricJobDuration(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobDuration, { statistic: cloudwatch.Stats.AVERAGE, ...props });
  }

  /**
   * Jobs that are open (`PLANNING`, `PROCESSING` or `PUBLISHING`), measured by each sweep, also where there are none:
   * `OpenJobs`, a count. A failed job that waits to be resumed is not open.
   *
   * @default - maximum over 5 minutes
   */
  public metricOpenJobs(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.openJobs, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * Time since the claim of the oldest open job, measured by each sweep, 0 where none is open: `OldestOpenJobAge`, in
   * seconds. A job that was resumed is as old as its first claim.
   *
   * @default - maximum over 5 minutes
   */
  public metricOldestOpenJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.oldestOpenJobAge, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * As `metricOldestOpenJobAge`, of the jobs whose files are no larger than 100 MiB, or than the `slaFileSize` of
   * `JobAlarms`: `OldestSlaJobAge`, in seconds.
   *
   * @default - maximum over 5 minutes
   */
  public metricOldestSlaJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.oldestSlaJobAge, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * Time since the oldest file arrived of those under the incoming prefix whose job has not ended, or that have none,
   * measured by each sweep, 0 where there is none: `OldestFileAge`, in seconds. One whose failed job waits to be resumed
   * does not count.
   *
   * @default - maximum over 5 minutes
   */
  public metricOldestFileAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.oldestFileAge, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  private onJobEnded(id: string, detailType: string, options: events.OnEventOptions): events.Rule {
    const rule = new events.Rule(options.crossStackScope ?? this, id, {
      ruleName: options.ruleName,
      description: options.description,
      eventPattern: jobEndedPattern(this.pipelineId, detailType),
    });
    rule.addEventPattern(options.eventPattern);
    rule.addTarget(options.target);
    return rule;
  }
}
