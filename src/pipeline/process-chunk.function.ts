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
    const { storage, jobTable, settings: { transform } } = props;
    super(scope, id, {
      ...props,
      stem: 'process-chunk',
      description: 'Validates and normalises the records of one chunk',
      environment: {
        JOB_TABLE_NAME: jobTable.table.tableName,
        OUTPUT_BUCKET_NAME: storage.outputBucket.bucketName,
        ...transform?._environment,
      } satisfies Env<typeof PROCESS_CHUNK_ENV>,
      codeFiles: transform?._codeFiles,
    });
    storage.grantReadSource(this);
    storage.grantWriteChunk(this);
    jobTable.grantUpdate(this);
    transform?._grant(this);
  }
}
