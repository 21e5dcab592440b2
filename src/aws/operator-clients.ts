/**
 * The clients of the operator's commands. Region and credentials are those of the SDK's own chain, and an
 * `AWS_ENDPOINT_URL` leads all of them elsewhere.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsDeadLetters } from './dead-letters.client';
import { documentClient, DynamoTable } from './dynamo-table';
import { notingFailures } from './failed-calls';
import { functionSettings } from './function-settings.client';
import { DynamoJobTable } from './job-table.client';
import { OperatorExecutions } from './operated-executions.client';
import { CloudFormationStacks } from './stacks.client';
import { OptionalEnv, REGIONS_ENV } from '../contract/env';
import { FunctionSettings, OperatedPipeline, PipelineAddress, Stacks } from '../ports/operations';

/** Somebody waits, but a throttled call is worth some seconds. */
const CONFIG = { maxAttempts: 8 };

/** @param region default: the one of the environment or the profile */
export function connectStacks(region?: string): Stacks {
  return new CloudFormationStacks(notingFailures(new CloudFormationClient({ ...CONFIG, region }), 'cloudformation'));
}

/** @param functionName or its ARN */
export async function readFunctionSettings(functionName: string, region?: string): Promise<FunctionSettings> {
  return functionSettings(notingFailures(new LambdaClient({ ...CONFIG, region }), 'lambda'), functionName);
}

export async function connectPipeline(address: PipelineAddress, region?: string): Promise<OperatedPipeline> {
  const config = { ...CONFIG, region };
  const settings = async () => readFunctionSettings(address.sweepFunctionName, region);
  const tableName = address.tableName ?? (await settings()).JOB_TABLE_NAME;
  const dynamo = documentClient(notingFailures(new DynamoDBClient(config), 'dynamodb'));
  const stepFunctions = notingFailures(new SFNClient(config), 'states');
  return {
    jobs: new DynamoJobTable(dynamo, tableName),
    executions: new OperatorExecutions(stepFunctions, address.stateMachineArn, new DynamoTable(dynamo, tableName)),
    // By default the queue's address would win over `AWS_ENDPOINT_URL`.
    deadLetters: new SqsDeadLetters(notingFailures(new SQSClient({ ...config, useQueueUrlAsEndpoint: false }), 'sqs'), address.queueUrl),
    regions: async () => {
      const { OWN_REGION: own, PRIMARY_REGION: primary }: OptionalEnv<typeof REGIONS_ENV> = await settings();
      return own === undefined || primary === undefined ? undefined : { own, primary };
    },
  };
}
