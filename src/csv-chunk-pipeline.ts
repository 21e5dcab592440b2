import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import { CODE_DIMENSION, DEFAULT_METRICS_NAMESPACE, METRICS, PIPELINE_DIMENSION } from './contract/metrics';
import { JOB_FAILED_EVENT, JOB_SUCCEEDED_EVENT } from './contract/payloads';
import { publishedSchema } from './contract/record-settings';
import { CsvChunkPipelineProps } from './csv-chunk-pipeline-props';
import { ICsvChunkPipeline } from './i-csv-chunk-pipeline';
import { KeyPrefixes } from './options/key-prefixes';
import { ResourceDefaults } from './options/resource-defaults';
import { SuffixCase } from './options/suffix-case';
import { CloseJob } from './pipeline/close-job.function';
import { checkCombinations } from './pipeline/combinations';
import { DeadLetters } from './pipeline/dead-letters';
import { FileIntake } from './pipeline/file-intake';
import { FinalizeJob } from './pipeline/finalize-job.function';
import { warnOfUnknown } from './pipeline/given-props';
import { expectTarget, jobEndedPattern, JobEvents } from './pipeline/job-events';
import { JobTable } from './pipeline/job-table';
import { MoveSource } from './pipeline/move-source.function';
import { ResourceNames } from './pipeline/names';
import { PlanChunks } from './pipeline/plan-chunks.function';
import { ProcessChunk } from './pipeline/process-chunk.function';
import { planRegions } from './pipeline/region-plan';
import { renderJobContract } from './pipeline/render-contract';
import { resolveSettings } from './pipeline/settings';
import { Storage } from './pipeline/storage';
import { SweepJobs } from './pipeline/sweep-jobs.function';
import { tagAll } from './pipeline/tags';
import { warnOfUnchecked } from './pipeline/unchecked-schema';
import { ValidateFile } from './pipeline/validate-file.function';
import { Workflow } from './pipeline/workflow';
import { REJECT_CODES } from './spec/error-codes';
import { PublishedForm, publishedFormOf } from './spec/output-columns';
import { expectGranted } from './synth/grants';
import { checkOneOf } from './synth/prop-checks';
import { checkGrantee } from './synth/prop-types';

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
   * Each tells of a file that lands, the workflow or the `intakeQueue`; a file matches one of them. Several, because a
   * rule holds few of a suffix's spellings. None with `Intake.manual()`.
   */
  public readonly startRules: events.IRule[];

  /**
   * Where files wait to be started, with `Intake.queue()` only. What a bucket notifies it of directly it takes too.
   */
  public readonly intakeQueue?: sqs.IQueue;

  /**
   * Events that could not be delivered for 24 hours, ended executions whose job could not be closed, and sweeps that
   * failed; with `Intake.queue()` also messages that start no job, with their reason (`ERROR_MESSAGE`). Every function has
   * it, those of the steps too, which never use it: the state machine waits for their answer, and closes the job where
   * there is none.
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

  /** The functions of all steps, by the step's name: `ValidateFile`, `PlanChunks` …; `StartJobs` with `Intake.queue()`. */
  public readonly functions: { [step: string]: lambda.Function };

  /** Where files land and where the pipeline keeps what, with every default filled in. */
  public readonly prefixes: KeyPrefixes;

  /** Which files start jobs; empty: every file. With `SuffixCase.ANY` in lower case. */
  public readonly suffixes: string[];

  /** Whether a suffix is meant in upper, lower or mixed case. */
  public readonly suffixCase: SuffixCase;

  /** How long after its claim a job that failed can be resumed. */
  public readonly resumeWindow: Duration;

  /** What constructs around the pipeline take over from it. */
  public readonly resourceDefaults: ResourceDefaults;

  /** How often the sweep runs, and measures what only it sees. */
  public readonly sweepInterval: Duration;
  /** @internal */
  public readonly _published: PublishedForm;
  /** @internal */
  public readonly _regionsEnvironment: { readonly [name: string]: string };

  private readonly storage: Storage;
  private readonly jobs: JobTable;
  private readonly names: ResourceNames;

  constructor(scope: Construct, id: string, props: CsvChunkPipelineProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    checkCombinations(this, settings, props);
    warnOfUnchecked(this, settings.records);
    warnOfUnknown(this, props);
    const names = new ResourceNames(this, props.environmentSuffix, props.resourceNaming, props.disasterRecovery?._role?.otherRegion);
    const regions = planRegions(this, props, settings, names);
    this.pipelineId = regions.pipelineId;
    const contract = renderJobContract(this.pipelineId, settings);

    const deadLetterQueue = new DeadLetters(this, 'DeadLetters', { settings, names }).queue;
    const storage = new Storage(this, 'Storage', { sourceBucket: props.sourceBucket, deadLetterQueue, settings, names, regions });
    const jobTable = new JobTable(this, 'JobTable', { ...settings, names, regions });
    const jobEvents = new JobEvents(this, 'JobEvents');

    const parts = { storage, jobTable, jobEvents, deadLetterQueue, contract, settings, names, regions };
    const validateFile = new ValidateFile(this, 'ValidateFile', parts);
    const planChunks = new PlanChunks(this, 'PlanChunks', parts);
    const processChunk = new ProcessChunk(this, 'ProcessChunk', parts);
    const finalizeJob = new FinalizeJob(this, 'FinalizeJob', parts);
    const moveSource = new MoveSource(this, 'MoveSource', parts);
    const closeJob = new CloseJob(this, 'CloseJob', parts);

    const steps = { validateFile, planChunks, processChunk, finalizeJob, moveSource, closeJob };
    const { stateMachine } = new Workflow(this, 'Workflow', { steps, storage, settings, names });
    const intake = new FileIntake(this, 'Intake', { ...parts, stateMachine });
    closeJob.allowToStart(stateMachine);
    closeJob.onExecutionEnded(stateMachine);
    const sweepJobs = new SweepJobs(this, 'SweepJobs', { ...parts, stateMachine });

    tagAll(this, settings.tags);

    this.storage = storage;
    this.sourceBucket = storage.sourceBucket;
    this.outputBucket = storage.outputBucket;
    this.jobs = jobTable;
    this.jobTable = jobTable.table;
    this.stateMachine = stateMachine;
    this.startRules = intake.rules;
    this.intakeQueue = intake.queue;
    this.deadLetterQueue = deadLetterQueue;
    this.validateFileFunction = validateFile.function;
    this.planChunksFunction = planChunks.function;
    this.processChunkFunction = processChunk.function;
    this.finalizeJobFunction = finalizeJob.function;
    this.moveSourceFunction = moveSource.function;
    this.closeJobFunction = closeJob.function;
    this.sweepJobsFunction = sweepJobs.function;
    this.functions = Object.fromEntries([...Object.values(steps), sweepJobs, ...intake.functions].map((step) => [step.node.id, step.function]));
    this.prefixes = settings.prefixes;
    this.suffixes = settings.suffixes;
    this.suffixCase = props.suffixCase ?? SuffixCase.ANY;
    this.resumeWindow = settings.resumeWindow;
    this.resourceDefaults = {
      runtime: settings.runtime,
      logRetention: settings.logRetention,
      removalPolicy: settings.removalPolicy,
      encryptionKey: settings.encryptionKey,
      tags: settings.tags,
    };
    this.sweepInterval = settings.sweepInterval;
    this._regionsEnvironment = regions.environment;
    this._published = publishedFormOf(publishedSchema(settings.records), settings.records.output);
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

  /** @internal */
  public _nameFor(maker: IConstruct, resourceType: string, part: string): string | undefined {
    return this.names.resourceName(resourceType, part, maker);
  }

  /**
   * Allows to put files under the incoming prefix, also by parts, and to use the bucket's key for it. A partner's account
   * (`new iam.AccountPrincipal('…')`), a role of it or a service is allowed in the policies of bucket and key, as by the
   * bucket's own `grantPut`. Where these are imported, a warning says what to add to them. With `Intake.manual()` the files
   * lie there until somebody starts them, who needs a right of their own for that.
   */
  public grantUpload(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantUpload(checkGrantee(grantee));
  }

  /**
   * Allows to list and read the published records, under their prefix alone. To other accounts and services as `grantUpload` does.
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadOutput(checkGrantee(grantee), 'output');
  }

  /**
   * Allows to list and read the rejected records, under their prefix alone. To other accounts and services as `grantUpload` does.
   */
  public grantReadQuarantine(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadOutput(checkGrantee(grantee), 'quarantine');
  }

  /**
   * Allows to list and read the reports, under their prefix alone. To other accounts and services as `grantUpload` does.
   */
  public grantReadReports(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadOutput(checkGrantee(grantee), 'reports');
  }

  /** Allows to read `_manifest.json` of every published file, by its key. */
  public grantReadManifests(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadManifests(checkGrantee(grantee));
  }

  /** Allows to look up and read files by their keys, under the incoming prefix and where they are moved to. */
  public grantReadSource(grantee: iam.IGrantable): iam.Grant {
    return this.storage.grantReadSource(checkGrantee(grantee));
  }

  /**
   * Allows to list jobs by status and time, and to read jobs, their chunks and audit entries, in the job table. The grantee
   * must be of the pipeline's account: any other is warned of, and the grant has no success.
   */
  public grantReadJobs(grantee: iam.IGrantable): iam.Grant {
    return this.jobs.grantRead(checkGrantee(grantee));
  }

  /**
   * Allows to start executions: to process a file that lies in the source bucket, to resume a failed job, or to process
   * the file of a job once more. All three are one right, because IAM does not look into an execution's input. Whoever
   * has it can have the pipeline process any file of its source bucket. The grantee must be of the pipeline's account,
   * because a state machine has no policy of its own: any other is warned of, and the grant has no success.
   */
  public grantStart(grantee: iam.IGrantable): iam.Grant {
    return expectGranted(this, checkGrantee(grantee), this.stateMachine.grantStartExecution(grantee), 'states:StartExecution on the state machine');
  }

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
  public onJobSucceeded(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onJobEnded(id, JOB_SUCCEEDED_EVENT, options);
  }

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
  public onJobFailed(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onJobEnded(id, JOB_FAILED_EVENT, options);
  }

  /**
   * A metric of this pipeline by its name: namespace `CsvChunkPipeline`, one dimension `Pipeline` with the pipeline's id.
   * `props` change statistic, period, unit, label and the like.
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
   * `FilesReceived`, a count: files under the incoming prefix that got their job, counted when they get it. A re-run
   * of a job's file is none of them.
   *
   * @default - sum over 5 minutes
   */
  public metricFilesReceived(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.filesReceived, props);
  }

  /**
   * `JobsSucceeded`, a count: jobs that were published.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsSucceeded(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsSucceeded, props);
  }

  /**
   * `JobsFailed`, a count: jobs that failed, `JobsRejected`, `JobsInterrupted` and those that were lost with their region
   * together. One that is interrupted again after a resume counts again.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsFailed(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsFailed, props);
  }

  /**
   * `JobsRejected`, a count: jobs that failed because of their file, such as a wrong header or too many rejected
   * records. Whoever sent the file is to be told.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsRejected(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsRejected, props);
  }

  /**
   * `JobsInterrupted`, a count: jobs that failed for another reason than their file, which a resume may still publish.
   * Whoever runs the pipeline is to look. One that is resumed too late, and so ends for good, counts again.
   *
   * @default - sum over 5 minutes
   */
  public metricJobsInterrupted(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsInterrupted, props);
  }

  /**
   * `RecordsRead`, a count: records of the jobs that ended.
   *
   * @default - sum over 5 minutes
   */
  public metricRecordsRead(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.recordsRead, props);
  }

  /**
   * `RecordsWritten`, a count: records that passed, of the jobs that ended. Those of a job that failed are not
   * published.
   *
   * @default - sum over 5 minutes
   */
  public metricRecordsWritten(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.recordsWritten, props);
  }

  /**
   * `RecordsRejected`, a count: records in quarantine, of the jobs that ended.
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
   * `RecordsFiltered`, a count: records that the transform left out, of the jobs that ended.
   *
   * @default - sum over 5 minutes
   */
  public metricRecordsFiltered(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.recordsFiltered, props);
  }

  /**
   * `BytesProcessed`, in bytes: those of the chunks that were processed, when each is done. A chunk that runs again (a
   * repair, a duplicate key) counts again.
   *
   * @default - sum over 5 minutes
   */
  public metricBytesProcessed(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.bytesProcessed, props);
  }

  /**
   * `ChunkRepairs`, a count: chunks that ran again because they did not begin where the one before them ended.
   *
   * @default - sum over 5 minutes
   */
  public metricChunkRepairs(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.chunkRepairs, props);
  }

  /**
   * `JobDuration`, in milliseconds: from the claim of a file to the end of its job.
   *
   * @default - average over 5 minutes
   */
  public metricJobDuration(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobDuration, { statistic: cloudwatch.Stats.AVERAGE, ...props });
  }

  /**
   * `OpenJobs`, a count: jobs that are open (`PLANNING`, `PROCESSING` or `PUBLISHING`), measured by each sweep, also
   * where there are none. A failed job that waits to be resumed is not open.
   *
   * @default - maximum over 5 minutes
   */
  public metricOpenJobs(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.openJobs, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * `JobsWaiting`, a count: failed jobs that wait for somebody to resume them, measured by each sweep, also where there
   * are none.
   *
   * @default - maximum over 5 minutes
   */
  public metricJobsWaiting(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.jobsWaiting, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * `OldestOpenJobAge`, in seconds: since the file of the oldest open job came, measured by each sweep, 0 where none is
   * open. A job that was resumed is as old as its file; one that processes a file once more as its own claim.
   *
   * @default - maximum over 5 minutes
   */
  public metricOldestOpenJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.oldestOpenJobAge, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * `OldestSlaJobAge`, in seconds: as `metricOldestOpenJobAge`, of the jobs whose files are no larger than 100 MiB, or
   * than the `slaFileSize` of `JobAlarms`; measured at the end of each of these jobs too, so that none that took longer
   * is missed between two sweeps.
   *
   * @default - maximum over 5 minutes
   */
  public metricOldestSlaJobAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.oldestSlaJobAge, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * `OldestFileAge`, in seconds: since the oldest file arrived of those under the incoming prefix whose job has not
   * ended, or that have none, measured by each sweep, 0 where there is none. One whose failed job waits to be resumed
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
    expectTarget(rule);
    return rule;
  }
}
