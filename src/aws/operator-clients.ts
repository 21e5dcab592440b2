/**
 * The clients of the operator's commands. Region and credentials are those of the SDK's own chain, and an
 * `AWS_ENDPOINT_URL` leads all of them elsewhere.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsDeadLetters } from './dead-letters.client';
import { documentClient, DynamoTable } from './dynamo-table';
import { notingFailures } from './failed-calls';
import { DynamoJobTable } from './job-table.client';
import { StepFunctionsExecutions } from './operated-executions.client';
import { CloudFormationStacks } from './stacks.client';
import { OperatedPipeline, PipelineAddress, Stacks } from '../ports/operations';

/** Somebody waits, but a throttled call is worth some seconds. */
const CONFIG = { maxAttempts: 8 };

export function connectStacks(): Stacks {
  return new CloudFormationStacks(notingFailures(new CloudFormationClient(CONFIG), 'cloudformation'));
}

export function connectPipeline({ tableName, stateMachineArn, queueUrl }: PipelineAddress): OperatedPipeline {
  const dynamo = documentClient(notingFailures(new DynamoDBClient(CONFIG), 'dynamodb'));
  const stepFunctions = notingFailures(new SFNClient(CONFIG), 'states');
  return {
    jobs: new DynamoJobTable(dynamo, tableName),
    executions: new StepFunctionsExecutions(stepFunctions, stateMachineArn, new DynamoTable(dynamo, tableName)),
    // By default the queue's address would win over `AWS_ENDPOINT_URL`.
    deadLetters: new SqsDeadLetters(notingFailures(new SQSClient({ ...CONFIG, useQueueUrlAsEndpoint: false }), 'sqs'), queueUrl),
  };
}
