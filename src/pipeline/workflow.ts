import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2 } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { ManifestReader, MapResultWriter } from './manifest-map';
import { ResourceNames } from './names';
import { PipelineFunction } from './pipeline-function';
import { Settings } from './settings';
import { Storage } from './storage';
import { MAP_LABEL } from '../contract/metrics';
import {
  CloseJobTaskInput, FinalizeJobOutput, JobInput, MoveSourceOutput, PlanChunksOutput, ValidateFileInput, ValidateFileOutput,
} from '../contract/payloads';

/** Step Functions takes no larger number: as good as without end. */
const MOST_ATTEMPTS = 99_999_999;

const WAIT = { interval: Duration.seconds(1), backoffRate: 2, jitterStrategy: sfn.JitterType.FULL } satisfies sfn.RetryProps;

/**
 * For failures of a service itself, which pass, but which look the same as those that do not, such as a right that is
 * missing: 5 minutes on average, 10 at most. A try of the step is not used up.
 */
const SERVICE_RETRY: sfn.RetryProps = { ...WAIT, maxAttempts: 15, maxDelay: Duration.minutes(1) };

/**
 * Lambda failed, or could not be reached, or its answer was lost. The function may have run, which does no harm: each
 * step may be done twice. `AWSLambdaException` is also what a refused call ends with, so that none of them is tried
 * without end.
 */
const LAMBDA_SERVICE_ERRORS = ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'];

/**
 * An execution has room for 25,000 events in its history, and each try of a Lambda task takes three: scheduled,
 * started, failed. 20,000 are for 6,666 tries of throttled calls, 5,000 for the states themselves (seven each time that
 * a step is called again because its time was up). With full jitter a wait is half of the longest one on average, so
 * that 6,666 waits of up to a minute last 2.3 days. Where a workflow may take longer, the waits are longer as well (up
 * to 2 h 38 min for 365 days): its time runs out before its history does.
 */
function longestWait(workflowTimeout: Duration): Duration {
  const tries = Math.floor(20_000 / 3);
  return Duration.seconds(Math.max(60, Math.ceil(workflowTimeout.toSeconds() * 2 / tries)));
}

export interface WorkflowProps {
  readonly steps: {
    readonly validateFile: PipelineFunction;
    readonly planChunks: PipelineFunction;
    readonly processChunk: PipelineFunction;
    readonly finalizeJob: PipelineFunction;
    readonly moveSource: PipelineFunction;
    readonly closeJob: PipelineFunction;
  };
  readonly storage: Storage;
  readonly settings: Settings;
  readonly names: ResourceNames;
}

/** The state machine. A state holds ids and verdicts only; see `contract/payloads.ts`. */
export class Workflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, private readonly props: WorkflowProps) {
    super(scope, id);
    // Without the flag CDK drops `resultWriterV2` silently.
    this.node.setContext(STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2, true);
    const { settings, names, storage } = props;

    const role = new iam.Role(this, 'Role', {
      roleName: names.role('workflow'),
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
    });
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      stateMachineName: names.regional('state-machine', 'workflow'),
      stateMachineType: sfn.StateMachineType.STANDARD,
      comment: 'One file: validate, plan, process in parallel, publish whole or not at all',
      definitionBody: sfn.DefinitionBody.fromChainable(this.define()),
      timeout: settings.workflowTimeout,
      tracingEnabled: true,
      logs: {
        // A name that is ours to choose lies under this prefix: such groups do not count against the size limit of the
        // account's resource policy for logs.
        destination: new logs.LogGroup(this, 'Logs', {
          logGroupName: prepend('/aws/vendedlogs/states/', names.regional('log-group', 'workflow')),
          retention: settings.logRetention,
          removalPolicy: settings.removalPolicy,
        }),
        level: sfn.LogLevel.ALL,
      },
      role,
    });
    storage.grantRunMap(role);
    // The definition names one version; an execution that began before a deployment still invokes the one before.
    role.addToPolicy(new iam.PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: Object.values(props.steps).map((step) => `${step.function.functionArn}:*`),
    }));
  }

  private define(): sfn.IChainable {
    const { steps } = this.props;
    const interrupted = this.closeJob();

    const moveSource = this.task('MoveSource', steps.moveSource, jobInput());
    const finalizeJob = this.task('FinalizeJob', steps.finalizeJob, jobInput());
    const planChunks = this.task('PlanChunks', steps.planChunks, jobInput());
    const validateFile = this.task('ValidateFile', steps.validateFile, sfn.TaskInput.fromObject({
      event: sfn.JsonPath.entirePayload,
      executionArn: sfn.JsonPath.executionId,
    } satisfies Payload<ValidateFileInput>));
    const processChunks = this.processChunks();
    // All chunks are through, only the list of their (empty) results was not written: the job table has what counts.
    processChunks.addCatch(finalizeJob, { errors: ['States.ResultWriterFailed'], resultPath: sfn.JsonPath.DISCARD });
    for (const step of [validateFile, planChunks, processChunks, finalizeJob, moveSource]) {
      step.addCatch(interrupted, { resultPath: pathOf<CloseJobTaskInput>('error') });
    }

    const nothingToDo = new sfn.Succeed(this, 'NothingToDo');

    moveSource.next(this.choose<MoveSourceOutput>('JobOutcome', {
      UNFINISHED: moveSource,
      SUCCEEDED: new sfn.Succeed(this, 'JobSucceeded'),
      FAILED: new sfn.Fail(this, 'JobFailed', {
        comment: 'The data did not pass: nothing is published',
        errorPath: pathOf<MoveSourceOutput>('errorCode'),
        causePath: pathOf<MoveSourceOutput>('errorMessage'),
      }),
    }));
    finalizeJob.next(this.choose<FinalizeJobOutput>('JobVerdict', {
      UNFINISHED: finalizeJob,
      NEXT_ROUND: processChunks,
      PUBLISHED: moveSource,
      FAILED: moveSource,
    }));
    processChunks.next(finalizeJob);
    planChunks.next(this.choose<PlanChunksOutput>('PlanVerdict', { PLANNED: processChunks, REJECTED: finalizeJob }));
    return validateFile.next(this.choose<ValidateFileOutput>('FileVerdict', {
      VALID: planChunks,
      RESUMED: processChunks,
      PROCESSED: finalizeJob,
      REJECTED: finalizeJob,
      DUPLICATE: nothingToDo,
      IGNORED: nothingToDo,
      REFUSED: new sfn.Fail(this, 'StartRefused', {
        comment: 'Nothing was done: the job failed before, or is not one to resume',
        errorPath: pathOf<ValidateFileOutput>('errorCode'),
        causePath: pathOf<ValidateFileOutput>('errorMessage'),
      }),
    }));
  }

  /** Each status of a step's output leads somewhere, or the definition does not compile. */
  private choose<Output extends { status: string }>(name: string, ways: Readonly<Record<Output['status'], sfn.IChainable>>): sfn.Choice {
    const choice = new sfn.Choice(this, name);
    const targets = new Map<sfn.IChainable, string[]>();
    for (const [status, target] of Object.entries<sfn.IChainable>(ways)) targets.set(target, [...targets.get(target) ?? [], status]);
    for (const [target, statuses] of targets) choice.when(statusIs(statuses), target);
    return choice;
  }

  /** One child execution for each entry of the manifest; what they find is in the job table. */
  private processChunks(): sfn.DistributedMap {
    const { steps, settings, storage } = this.props;
    const processChunk = this.task('ProcessChunk', steps.processChunk, undefined, {
      // The children's results count against the 256 KiB of a state, also discarded ones: each is `{}`.
      outputPath: sfn.JsonPath.DISCARD,
    });
    const map = new sfn.DistributedMap(this, 'ProcessChunks', {
      label: MAP_LABEL,
      maxConcurrency: settings.maxConcurrency,
      itemReader: new ManifestReader(storage, pathOf<PlanChunksOutput>('manifestKey')),
      resultWriterV2: new MapResultWriter(storage),
      resultPath: sfn.JsonPath.DISCARD,
    });
    map.itemProcessor(processChunk);
    // Nothing has run when the manifest could not be read: S3 is busy, or it is not there. Any other failure has had
    // its retries in the children.
    map.addRetry({ ...SERVICE_RETRY, errors: ['States.ItemReaderFailed'] });
    return map;
  }

  /**
   * The way of a step whose retries are used up: the job is closed, resumable, and the execution fails with the step's
   * error.
   */
  private closeJob(): sfn.IChainable {
    const fail = new sfn.Fail(this, 'JobInterrupted', {
      comment: 'Not the data: the job can be resumed',
      errorPath: `${pathOf<CloseJobTaskInput>('error')}.Error`,
      // Not every error has a Cause.
      causePath: sfn.JsonPath.jsonToString(sfn.JsonPath.objectAt(pathOf<CloseJobTaskInput>('error'))),
    });
    return this.task('CloseJob', this.props.steps.closeJob, sfn.TaskInput.fromObject({
      executionArn: sfn.JsonPath.executionId,
      // Nothing may be claimed yet: then CloseJob makes a job of what the execution was started with.
      input: sfn.JsonPath.objectAt('$$.Execution.Input'),
      error: sfn.JsonPath.objectAt(pathOf<CloseJobTaskInput>('error')),
    } satisfies Payload<CloseJobTaskInput>), { resultPath: sfn.JsonPath.DISCARD })
      .addCatch(fail, { resultPath: sfn.JsonPath.DISCARD })
      .next(fail);
  }

  private task(name: string, step: PipelineFunction, payload?: sfn.TaskInput, paths: Pick<sfn.TaskStateBaseProps, 'resultPath' | 'outputPath'> = {}) {
    const { settings } = this.props;
    const task = new tasks.LambdaInvoke(this, name, {
      lambdaFunction: step.version,
      payload,
      payloadResponseOnly: true,
      // True would add six retries of its own.
      retryOnServiceExceptions: false,
      // The function has ended by then, and its answer is lost: without this the task would wait as long as the
      // workflow may.
      taskTimeout: sfn.Timeout.duration(step.timeout.plus(Duration.minutes(1))),
      ...paths,
    });
    // Nothing has run: the call waits as long as the workflow may, and only its timeout ends that.
    task.addRetry({ ...WAIT, maxAttempts: MOST_ATTEMPTS, maxDelay: longestWait(settings.workflowTimeout), errors: ['Lambda.TooManyRequestsException'] });
    task.addRetry({ ...SERVICE_RETRY, errors: LAMBDA_SERVICE_ERRORS });
    const { maxRetries, interval, backoffRate, maxDelay } = settings.retryPolicy;
    task.addRetry({
      maxAttempts: maxRetries, interval, backoffRate, maxDelay, jitterStrategy: sfn.JitterType.FULL, errors: [sfn.Errors.ALL],
    });
    return task;
  }
}

/** A payload has a value for each property of what the handler takes. */
type Payload<Input> = { readonly [Name in keyof Input]: unknown };

function jobInput(): sfn.TaskInput {
  return sfn.TaskInput.fromObject({ fileId: sfn.JsonPath.stringAt(pathOf<JobInput>('fileId')) } satisfies Payload<JobInput>);
}

function pathOf<Output>(property: keyof Output & string): string {
  return `$.${property}`;
}

function statusIs(statuses: readonly string[]): sfn.Condition {
  const [first, ...others] = statuses.map((status) => sfn.Condition.stringEquals('$.status', status));
  return others.length === 0 ? first : sfn.Condition.or(first, ...others);
}

function prepend(prefix: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : prefix + name;
}
