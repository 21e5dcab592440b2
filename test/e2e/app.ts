/** What the end-to-end tests deploy, all at once: a stack for each way of setting up the pipeline. */
import * as path from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { TapStack, TRANSACTIONS } from '../../examples/tap-stack/tap-stack';
import { CsvChunkPipeline, CsvChunkPipelineProps, FieldType, TableSchema } from '../../src';

const FLIGHTS = TableSchema.fromFile(path.join(__dirname, 'flights.schema.json'));

const app = new App();

function deployPipeline(stackName: string, props: CsvChunkPipelineProps): void {
  const stack = new Stack(app, stackName);
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { removalPolicy: RemovalPolicy.DESTROY, ...props });
  new CfnOutput(stack, 'BucketName', { value: pipeline.sourceBucket.bucketName });
  new CfnOutput(stack, 'JobTableName', { value: pipeline.jobTable.tableName });
  new CfnOutput(stack, 'StateMachineArn', { value: pipeline.stateMachine.stateMachineArn });
}

new TapStack(app, 'Transactions', { environmentSuffix: 'e2e', pipeline: { chunkSize: Size.mebibytes(1) } });
deployPipeline('FlightsInSmallChunks', { schema: FLIGHTS, chunkSize: Size.mebibytes(1) });
deployPipeline('FlightsInLargeChunks', { schema: FLIGHTS, chunkSize: Size.mebibytes(8) });
// Every file starts a job, no record may be bad, and a record is soon too large.
deployPipeline('Strict', { schema: TRANSACTIONS, suffixes: [], maxRecordSize: Size.kibibytes(4) });
// Compressed files beside plain ones, of a limited size.
deployPipeline('Compressed', {
  schema: TRANSACTIONS,
  suffixes: ['.csv', '.gz'],
  chunkSize: Size.mebibytes(1),
  maxInflatedSize: Size.mebibytes(40),
});
deployPipeline('Keyed', {
  schema: TableSchema.fromFields(
    [{ name: 'order_id', type: FieldType.INTEGER }, { name: 'line_no', type: FieldType.INTEGER }, { name: 'note' }],
    { primaryKey: ['order_id', 'line_no'] },
  ),
  chunkSize: Size.mebibytes(1),
  maxRejectedRecords: 4,
});
// One chunk at a time and few retries: slow enough to be stopped, quick to give up.
deployPipeline('Slow', {
  schema: TRANSACTIONS,
  chunkSize: Size.mebibytes(1),
  maxConcurrency: 1,
  maxRejectedPercentage: 1,
  retryPolicy: { maxRetries: 1, interval: Duration.seconds(1) },
});
