/** A pipeline that is deployed again, with another schema and other prefixes, while a job of it is interrupted. */
import { App, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { CsvChunkPipeline, FieldType, KeyPrefixOptions, TableSchema } from '../../src';

const EDITIONS: Readonly<Record<'first' | 'second', { idType: FieldType; prefixes: KeyPrefixOptions; formerPrefixes?: KeyPrefixOptions[] }>> = {
  first: { idType: FieldType.INTEGER, prefixes: {} },
  second: {
    idType: FieldType.STRING,
    prefixes: { processed: 'done/', output: 'published/', quarantine: 'refused/', reports: 'told/', work: 'kept/' },
    formerPrefixes: [{}],
  },
};

export function deployEdition(app: App, edition: keyof typeof EDITIONS): void {
  const { idType, ...prefixes } = EDITIONS[edition];
  const stack = new Stack(app, 'Redeployed');
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', {
    schema: TableSchema.fromFields([{ name: 'id', type: idType }, { name: 'text' }]),
    chunkSize: Size.mebibytes(1),
    maxConcurrency: 1,
    retryPolicy: { maxRetries: 1, interval: Duration.seconds(1) },
    // A worker lives on through the deployment, and so does its version.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...prefixes,
  });
  new CfnOutput(stack, 'BucketName', { value: pipeline.sourceBucket.bucketName });
  new CfnOutput(stack, 'JobTableName', { value: pipeline.jobTable.tableName });
  new CfnOutput(stack, 'StateMachineArn', { value: pipeline.stateMachine.stateMachineArn });
}

if (require.main === module) deployEdition(new App(), 'second');
