import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { JobCatalog } from '../../../src';

export function deploy(app: App): void {
  const stack = new Stack(app, 'JobCatalog');
  const pipeline = pipelineWithOutputs(stack);
  const catalog = new JobCatalog(stack, 'Catalog', { pipeline, databaseName: 'payments', tableName: 'transactions', crawler: {} });
  new CfnOutput(stack, 'DatabaseName', { value: catalog.databaseName });
  new CfnOutput(stack, 'TableName', { value: catalog.tableName });
  new CfnOutput(stack, 'AddPartitionFunctionName', { value: catalog.functions.AddPartition.functionName });
  new CfnOutput(stack, 'DeadLetterQueueUrl', { value: catalog.deadLetterQueue.queueUrl });
}
