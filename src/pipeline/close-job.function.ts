import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Intake } from './intake';
import { JobEvents } from './job-events';
import { JobTable } from './job-table';
import { FunctionDefaults, PipelineFunction } from './pipeline-function';
import { Storage } from './storage';
import { CLOSE_JOB_ENV, Env } from '../contract/env';
import { ExecutionEndedEvent } from '../contract/payloads';

/** How an execution ends that did not close its job itself. */
const UNCLOSED: Array<ExecutionEndedEvent['detail']['status']> = ['TIMED_OUT', 'ABORTED', 'FAILED'];

export interface CloseJobProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly jobTable: JobTable;
  readonly jobEvents: JobEvents;
}

/** Closes the job of an execution that could not do so itself. */
export class CloseJob extends PipelineFunction {
  constructor(scope: Construct, id: string, private readonly props: CloseJobProps) {
    const { storage, jobTable, jobEvents } = props;
    super(scope, id, {
      ...props,
      stem: 'close-job',
      description: 'Closes the job of an execution that could not do so itself',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
        EVENT_BUS_NAME: jobEvents.bus.eventBusName,
      } satisfies Env<typeof CLOSE_JOB_ENV>,
    });
    jobTable.grantClose(this);
    jobEvents.grantPut(this);
  }

  /** A Catch runs inside an execution; one that timed out or was aborted runs nothing any more. */
  onExecutionEnded(stateMachine: sfn.IStateMachine, intake: Intake): void {
    // The rule's own dead letters are those that never reached Lambda; these are those that the function failed on,
    // thrice.
    this.version.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(intake.deadLetterQueue) });
    new events.Rule(this, 'ExecutionEnded', {
      ruleName: this.props.names.regional('rule', 'execution-ended'),
      description: 'An execution timed out, was aborted or failed: its job is closed if it is still open',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: UNCLOSED },
      },
      targets: [new targets.LambdaFunction(this.version, { deadLetterQueue: intake.deadLetterQueue })],
    });
  }
}
