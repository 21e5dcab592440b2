import { CfnOutput, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { TRANSACTIONS } from '../../../examples/tap-stack/tap-stack';
import { CsvChunkPipeline, CsvChunkPipelineProps } from '../../../src';

/** A pipeline of bank transactions, and the outputs that `DeployedPipeline` reads. */
export function pipelineWithOutputs(stack: Stack, props: Partial<CsvChunkPipelineProps> = {}): CsvChunkPipeline {
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', {
    schema: TRANSACTIONS,
    chunkSize: Size.mebibytes(1),
    maxRejectedPercentage: 1,
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
  new CfnOutput(stack, 'BucketName', { value: pipeline.sourceBucket.bucketName });
  new CfnOutput(stack, 'JobTableName', { value: pipeline.jobTable.tableName });
  new CfnOutput(stack, 'StateMachineArn', { value: pipeline.stateMachine.stateMachineArn });
  return pipeline;
}
