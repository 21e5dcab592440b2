import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
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

/** Closes the job of an execution that could not do so itself, or claims one for it. */
export class CloseJob extends PipelineFunction {
  constructor(scope: Construct, id: string, private readonly props: CloseJobProps) {
    const { storage, jobTable, jobEvents } = props;
    super(scope, id, {
      ...props,
      stem: 'close-job',
      description: 'Closes the job of an execution that could not do so itself, or claims one for it',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
        EVENT_BUS_NAME: jobEvents.bus.eventBusName,
      } satisfies Env<typeof CLOSE_JOB_ENV>,
    });
    storage.grantReadSource(this);
    jobTable.grantReadChunks(this);
    jobEvents.grantPut(this);
  }

  /** What an execution leaves in the midst of its publication goes on in another one. */
  allowToStart(stateMachine: sfn.IStateMachine): void {
    // A policy of its own: the state machine comes after the function, and that after its role's other policy.
    new iam.Policy(this, 'StartExecution', {
      statements: [new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] })],
      roles: [this.role],
    });
  }

  /** A Catch runs inside an execution; one that timed out or was aborted runs nothing any more. */
  onExecutionEnded(stateMachine: sfn.IStateMachine): void {
    const { names, deadLetterQueue } = this.props;
    new events.Rule(this, 'ExecutionEnded', {
      ruleName: names.regional('rule', 'execution-ended'),
      description: 'An execution timed out, was aborted or failed: its job is closed if it is still open',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: UNCLOSED },
      },
      targets: [new targets.LambdaFunction(this.version, { deadLetterQueue })],
    });
  }
}
