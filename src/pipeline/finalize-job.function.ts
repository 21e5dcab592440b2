import { Construct } from 'constructs';
import { JobEvents } from './job-events';
import { JobTable } from './job-table';
import { FunctionDefaults, PipelineFunction } from './pipeline-function';
import { Storage } from './storage';
import { Env, FINALIZE_JOB_ENV } from '../contract/env';

export interface FinalizeJobProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly jobTable: JobTable;
  readonly jobEvents: JobEvents;
}

/** Proves that no record is lost or doubled, publishes the file whole or not at all. */
export class FinalizeJob extends PipelineFunction {
  constructor(scope: Construct, id: string, props: FinalizeJobProps) {
    const { storage, jobTable, jobEvents } = props;
    super(scope, id, {
      ...props,
      stem: 'finalize-job',
      description: 'Proves that no record is lost or doubled, publishes the file whole or not at all',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
        EVENT_BUS_NAME: jobEvents.bus.eventBusName,
      } satisfies Env<typeof FINALIZE_JOB_ENV>,
    });
    storage.grantPublish(this);
    jobTable.grantReadChunks(this);
    jobEvents.grantPut(this);
  }
}
