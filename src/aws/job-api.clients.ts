/** What the API needs of AWS. Made once, at the cold start. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CLIENT_SETTINGS } from './client-settings';
import { documentClient } from './dynamo-table';
import { S3JobObjects } from './job-objects.s3';
import { DynamoJobTable } from './job-table.client';
import { logFailure, pipelineIdentity, traced } from './runtime';
import { createS3Client } from './s3-client';
import { hasStatus } from './s3-errors';
import { pinned } from './s3-head';
import { StepFunctionsStarts } from './state-machine.client';
import { Env, JOB_API_ENV } from '../contract/env';
import { FoundObject, SourceStore } from '../ports/source';

/** Somebody waits, and API Gateway for 29 seconds at most. */
const CONFIG = { ...CLIENT_SETTINGS, maxAttempts: 4, requestHandler: { connectionTimeout: 2_000, socketTimeout: 10_000 } };

export function jobApiClients(env: Env<typeof JOB_API_ENV>) {
  const s3 = traced(createS3Client(CONFIG));
  return {
    jobs: new DynamoJobTable(documentClient(traced(new DynamoDBClient(CONFIG))), env.JOB_TABLE_NAME),
    executions: new StepFunctionsStarts(traced(new SFNClient(CONFIG)), env.STATE_MACHINE_ARN),
    source: { head: async (object) => found(s3, object) } satisfies Pick<SourceStore, 'head'>,
    objects: new S3JobObjects(s3, env.OUTPUT_BUCKET_NAME),
    pipelineId: pipelineIdentity().pipelineId,
    noteFailure: (error: unknown, requestId: string) => logFailure('a request has failed', error, { requestId }),
  };
}

/** S3 answers 400 to an id that cannot be that of a version: there is no such version. */
async function found(s3: S3Client, object: Parameters<SourceStore['head']>[0]): Promise<FoundObject | undefined> {
  return pinned(s3, object).catch((error: unknown) => {
    if (object.versionId !== undefined && hasStatus(error, 400)) return undefined;
    throw error;
  });
}
