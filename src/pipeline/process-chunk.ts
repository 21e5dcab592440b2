import { Construct } from 'constructs';
import { JobTable } from './job-table';
import { FunctionDefaults, PipelineFunction } from './pipeline-function';
import { Storage } from './storage';
import { Env, PROCESS_CHUNK_ENV } from '../contract/env';

export interface ProcessChunkProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly jobTable: JobTable;
}

/** Validates and normalises the records of one chunk. */
export class ProcessChunk extends PipelineFunction {
  constructor(scope: Construct, id: string, props: ProcessChunkProps) {
    const { storage, jobTable } = props;
    super(scope, id, {
      ...props,
      stem: 'process-chunk',
      description: 'Validates and normalises the records of one chunk',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
      } satisfies Env<typeof PROCESS_CHUNK_ENV>,
    });
    storage.grantReadSource(this);
    storage.grantWriteChunk(this);
    jobTable.grantUpdate(this);
  }
}
