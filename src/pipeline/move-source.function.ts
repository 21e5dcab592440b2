import { Construct } from 'constructs';
import { JobTable } from './job-table';
import { FunctionDefaults, PipelineFunction } from './pipeline-function';
import { Storage } from './storage';
import { Env, MOVE_SOURCE_ENV } from '../contract/env';

export interface MoveSourceProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly jobTable: JobTable;
}

/** Moves the source to where its outcome belongs. */
export class MoveSource extends PipelineFunction {
  constructor(scope: Construct, id: string, props: MoveSourceProps) {
    const { storage, jobTable } = props;
    super(scope, id, {
      ...props,
      stem: 'move-source',
      description: 'Moves the source to where its outcome belongs',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
      } satisfies Env<typeof MOVE_SOURCE_ENV>,
    });
    storage.grantMoveSource(this);
    jobTable.grantUpdate(this);
  }
}
