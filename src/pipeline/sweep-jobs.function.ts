import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { JobEvents } from './job-events';
import { JobTable } from './job-table';
import { FunctionDefaults, PipelineFunction } from './pipeline-function';
import { Storage } from './storage';
import { fileKeysIn } from './suffixes';
import { Env, PIPELINE_ADDRESS_ENV, SWEEP_JOBS_ENV } from '../contract/env';
import { fileKeysEnv } from '../contract/file-keys';

export interface SweepJobsProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly jobTable: JobTable;
  readonly jobEvents: JobEvents;
  readonly stateMachine: sfn.IStateMachine;
}

/** Goes on with jobs that nobody works on, starts files that have no job, aborts uploads that nobody needs. */
export class SweepJobs extends PipelineFunction {
  constructor(scope: Construct, id: string, props: SweepJobsProps) {
    const { storage, jobTable, jobEvents, stateMachine, settings, names, deadLetterQueue, regions } = props;
    super(scope, id, {
      ...props,
      stem: 'sweep-jobs',
      description: 'Goes on with jobs that nobody works on, starts files that have no job, aborts uploads that nobody needs',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
        EVENT_BUS_NAME: jobEvents.bus.eventBusName,
        STATE_MACHINE_ARN: stateMachine.stateMachineArn,
        INTAKE: settings.intake._name,
        PIPELINE_ID: regions.pipelineId,
        DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
        ...fileKeysEnv(fileKeysIn(storage.sourceBucket, settings)),
      } satisfies Env<typeof SWEEP_JOBS_ENV> & Env<typeof PIPELINE_ADDRESS_ENV>,
    });
    // Nobody starts files in a standby, so that its sweep does.
    if (settings.intake._name !== 'manual' || regions.takesOver) storage.grantFindFiles(this);
    storage.grantAbortUploads(this);
    if (regions.takesOver) storage.grantTakeOver(this);
    jobTable.grantSweep(this);
    jobEvents.grantPut(this);
    stateMachine.grantStartExecution(this);
    stateMachine.grantExecution(this, 'states:DescribeExecution');

    // The next sweep does what this one could not.
    this.version.configureAsyncInvoke({ retryAttempts: 0 });
    new events.Rule(this, 'Schedule', {
      ruleName: names.regional('rule', 'sweep'),
      description: 'Time to look for jobs and files that no event has brought on',
      schedule: events.Schedule.rate(settings.sweepInterval),
      targets: [new targets.LambdaFunction(this.version, { deadLetterQueue })],
    });
  }
}
