import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glueCatalog } from '../aws/catalog.glue';
import { readEnv } from '../aws/read-env';
import { awsDeps, Invocation, observed } from '../aws/runtime';
import { CATALOG_FORM_FILE_NAME } from '../contract/catalog-table';
import { ADD_PARTITION_ENV } from '../contract/env';
import { addPartition, AddPartitionInput, AddPartitionOutput } from '../services/add-partition';

/** Entry point of the Lambda function, for the events of jobs that have succeeded, and for the repair's schedule. */
export async function handler(input: AddPartitionInput, invocation: Invocation): Promise<AddPartitionOutput> {
  return observed('AddPartition', input, () => {
    const { OUTPUT_BUCKET_NAME: bucket, CATALOG_DATABASE_NAME: database, CATALOG_TABLE_NAME: table } = readEnv(ADD_PARTITION_ENV);
    return addPartition(input, {
      ...awsDeps(ADD_PARTITION_ENV, invocation),
      catalog: glueCatalog(database, table),
      bucket,
      table: JSON.parse(readFileSync(join(__dirname, CATALOG_FORM_FILE_NAME), 'utf8')),
    });
  });
}
