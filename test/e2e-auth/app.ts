/** What is deployed where each function has its own role's rights, and no others. */
import { App, Aspects, CfnOutput, CliCredentialsStackSynthesizer, Duration, IAspect, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Bucket, CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { TapStack } from '../../examples/tap-stack/tap-stack';
import { CsvChunkPipeline, FieldType, InputFormat, OutputBucket, TableSchema } from '../../src';

/** The emulator is reached without TLS, which these policies refuse. */
class AllowPlainHttp implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnBucketPolicy || node instanceof CfnQueuePolicy || node instanceof CfnTopicPolicy)) return;
    const { Statement: statements } = Stack.of(node).resolve(node.policyDocument) as { Statement: Array<{ Condition?: object }> };
    const others = statements.filter(({ Condition: condition }) => !JSON.stringify(condition ?? {}).includes('aws:SecureTransport'));
    node.addPropertyOverride('PolicyDocument.Statement', others);
  }
}

// The CLI's own credentials: the roles of the bootstrap stack would need rights of their own.
const app = new App({ defaultStackSynthesizer: new CliCredentialsStackSynthesizer() });
Aspects.of(app).add(new AllowPlainHttp());

const settings = { chunkSize: Size.mebibytes(1), retryPolicy: { maxRetries: 1, interval: Duration.seconds(1) } };

new TapStack(app, 'Tap', { environmentSuffix: 'auth', pipeline: settings });

// With a bucket for the source, without versions, and another one for what is made of it.
const stack = new Stack(app, 'Keyed');
const sourceBucket = new Bucket(stack, 'Source', { removalPolicy: RemovalPolicy.DESTROY });
(sourceBucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
const outputBucket = new Bucket(stack, 'Output', { removalPolicy: RemovalPolicy.DESTROY });
const pipeline = new CsvChunkPipeline(stack, 'Pipeline', {
  ...settings,
  sourceBucket,
  outputBucket: OutputBucket.existing(outputBucket),
  schema: TableSchema.fromFields([{ name: 'id', type: FieldType.INTEGER }, { name: 'note' }], { primaryKey: ['id'] }),
  inputFormat: InputFormat.bySuffix(),
  suffixes: ['.csv', '.gz'],
  maxConcurrency: 1,
  maxRejectedRecords: 10,
  removalPolicy: RemovalPolicy.DESTROY,
});
new CfnOutput(stack, 'BucketName', { value: sourceBucket.bucketName });
new CfnOutput(stack, 'OutputBucketName', { value: outputBucket.bucketName });
new CfnOutput(stack, 'JobTableName', { value: pipeline.jobTable.tableName });
new CfnOutput(stack, 'StateMachineArn', { value: pipeline.stateMachine.stateMachineArn });
