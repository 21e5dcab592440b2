import { Construct } from 'constructs';
import { JobTable } from './job-table';
import { FunctionDefaults, PipelineFunction } from './pipeline-function';
import { Storage } from './storage';
import { Env, PLAN_CHUNKS_ENV } from '../contract/env';

export interface PlanChunksProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly jobTable: JobTable;
}

/** Finds the boundaries of the chunks, writes plan and manifest. */
export class PlanChunks extends PipelineFunction {
  constructor(scope: Construct, id: string, props: PlanChunksProps) {
    const { storage, jobTable } = props;
    super(scope, id, {
      ...props,
      stem: 'plan-chunks',
      description: 'Finds the boundaries of the chunks, writes plan and manifest',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
      } satisfies Env<typeof PLAN_CHUNKS_ENV>,
    });
    storage.grantReadSource(this);
    storage.grantStage(this);
    jobTable.grantUpdate(this);
  }
}
