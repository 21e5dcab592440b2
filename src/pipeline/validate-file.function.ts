import { Construct } from 'constructs';
import { JobTable } from './job-table';
import { FunctionDefaults, PipelineFunction } from './pipeline-function';
import { Storage } from './storage';
import { Env, VALIDATE_FILE_ENV } from '../contract/env';

export interface ValidateFileProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly jobTable: JobTable;
}

/** Claims the job, checks the file and its header. */
export class ValidateFile extends PipelineFunction {
  constructor(scope: Construct, id: string, props: ValidateFileProps) {
    const { storage, jobTable } = props;
    super(scope, id, {
      ...props,
      stem: 'validate-file',
      description: 'Claims the job, checks the file and its header',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
      } satisfies Env<typeof VALIDATE_FILE_ENV>,
    });
    storage.grantReadSource(this);
    storage.grantWriteManifest(this);
    jobTable.grantReadChunks(this);
  }
}
