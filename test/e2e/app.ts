/** What the end-to-end tests deploy, all at once: a stack for each way of setting up the pipeline. */
import * as path from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { deployEdition } from './redeployed-app';
import { TapStack, TRANSACTIONS } from '../../examples/tap-stack/tap-stack';
import {
  CsvChunkPipeline, CsvChunkPipelineProps, CsvDialect, FieldsMatch, FieldType, FileCompression,
  InputFormat, MetadataColumn, OutputFormat, RecordTransform, TableSchema, TextEncoding,
} from '../../src';

const FLIGHTS = TableSchema.fromFile(path.join(__dirname, 'flights.schema.json'));

const app = new App();

function deployPipeline(stackName: string, props: CsvChunkPipelineProps | ((stack: Stack) => CsvChunkPipelineProps)): CsvChunkPipeline {
  const stack = new Stack(app, stackName);
  const own = typeof props === 'function' ? props(stack) : props;
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { removalPolicy: RemovalPolicy.DESTROY, ...own });
  new CfnOutput(stack, 'BucketName', { value: pipeline.sourceBucket.bucketName });
  new CfnOutput(stack, 'JobTableName', { value: pipeline.jobTable.tableName });
  new CfnOutput(stack, 'StateMachineArn', { value: pipeline.stateMachine.stateMachineArn });
  return pipeline;
}

/**
 * For many files at once. The emulator gives throttled calls a name of its own, and draws no waits at random: those that
 * wait would come back all together, after longer and longer waits.
 */
function knowThrottlesOfTheEmulator({ stateMachine }: CsvChunkPipeline): void {
  const machine = stateMachine.node.defaultChild as CfnStateMachine;
  const { 'Fn::Join': [separator, pieces] } = Stack.of(stateMachine).resolve(machine.definitionString) as { 'Fn::Join': [string, unknown[]] };
  const known = pieces.map((piece) => typeof piece !== 'string' ? piece : piece.replaceAll(
    /"ErrorEquals":\["Lambda.TooManyRequestsException"\],"IntervalSeconds":1,("MaxAttempts":\d+,)"BackoffRate":2/g,
    '"ErrorEquals":["Lambda.TooManyRequestsException","Lambda.Unknown"],"IntervalSeconds":3,$1"BackoffRate":1',
  ));
  if (known.join() === pieces.join()) throw new Error('expected the workflow to wait for throttled calls as it did when this was written, it does not');
  machine.addPropertyOverride('DefinitionString', { 'Fn::Join': [separator, known] });
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
  inputFormat: InputFormat.bySuffix({ maxDecodedSize: Size.mebibytes(40) }),
});
deployPipeline('Parquet', {
  schema: TRANSACTIONS,
  chunkSize: Size.mebibytes(1),
  outputFormat: OutputFormat.parquet(),
  metadataColumns: [MetadataColumn.JOB_ID, MetadataColumn.SOURCE_KEY, MetadataColumn.BYTE_OFFSET, MetadataColumn.INGESTION_TIME],
});
deployPipeline('Keyed', {
  schema: TableSchema.fromFields(
    [{ name: 'order_id', type: FieldType.INTEGER }, { name: 'line_no', type: FieldType.INTEGER }, { name: 'note' }],
    { primaryKey: ['order_id', 'line_no'] },
  ),
  chunkSize: Size.mebibytes(1),
  maxRejectedRecords: 4,
});
// What a European spreadsheet exports, with columns of its own.
deployPipeline('Formats', {
  schema: TableSchema.fromFields(
    [
      { name: 'order_id', type: FieldType.INTEGER },
      { name: 'customer' },
      { name: 'price', aliases: ['Preis (€)'], type: FieldType.DECIMAL, scale: 2, decimalChar: ',' },
    ],
    { primaryKey: ['order_id'], fieldsMatch: FieldsMatch.SUBSET, rescueColumn: 'others' },
  ),
  inputFormat: InputFormat.bySuffix({ dialect: CsvDialect.fromOptions({ delimiter: ';' }), encoding: TextEncoding.WINDOWS_1252 }),
  suffixes: ['.csv', '.gz'],
  chunkSize: Size.mebibytes(1),
  maxRejectedRecords: 6,
  outputFormat: OutputFormat.csv({ compression: FileCompression.GZIP }),
});
deployPipeline('ModuleTransform', {
  schema: TableSchema.fromFields([{ name: 'id', type: FieldType.INTEGER }, { name: 'text' }]),
  transform: RecordTransform.fromModule(path.join(__dirname, 'transforms', 'normalize.mjs'), {
    outputSchema: TableSchema.fromFields([{ name: 'id', type: FieldType.INTEGER }, { name: 'kind' }, { name: 'text' }]),
  }),
  chunkSize: Size.mebibytes(1),
  maxRejectedRecords: 2,
});
deployPipeline('FunctionTransform', (stack) => {
  const amounts = [{ name: 'transaction_id' }, { name: 'amount', type: FieldType.DECIMAL, scale: 2 }, { name: 'currency' }];
  return {
    schema: TableSchema.fromFields(amounts),
    // The function of the Python example.
    transform: RecordTransform.fromFunction(new Function(stack, 'ToEuros', {
      runtime: Runtime.PYTHON_3_13,
      handler: 'handler.handler',
      code: Code.fromAsset(path.join(__dirname, '..', '..', 'examples', 'python-transform', 'to_euros')),
      timeout: Duration.minutes(1),
    }).currentVersion, {
      outputSchema: TableSchema.fromFields([...amounts, { name: 'amount_eur', type: FieldType.DECIMAL, scale: 2 }]),
    }),
    chunkSize: Size.mebibytes(1),
    maxRejectedRecords: 10,
    retryPolicy: { maxRetries: 1, interval: Duration.seconds(1) },
  };
});
// One chunk at a time and few retries: slow enough to be stopped, quick to give up.
deployPipeline('Slow', {
  schema: TRANSACTIONS,
  chunkSize: Size.mebibytes(1),
  maxConcurrency: 1,
  maxRejectedPercentage: 1,
  retryPolicy: { maxRetries: 1, interval: Duration.seconds(1) },
});
// The same, for tests that freeze and kill its functions, and keep its events from coming.
const ATTENDED = {
  schema: TRANSACTIONS,
  chunkSize: Size.mebibytes(1),
  maxConcurrency: 1,
  maxRejectedPercentage: 1,
  retryPolicy: { maxRetries: 1, interval: Duration.seconds(1) },
};
deployPipeline('Protocol', ATTENDED);
deployPipeline('Unversioned', (stack) => {
  const sourceBucket = new Bucket(stack, 'Source', { removalPolicy: RemovalPolicy.DESTROY });
  (sourceBucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return { ...ATTENDED, sourceBucket };
});
deployPipeline('Fragile', {
  ...ATTENDED,
  schema: TableSchema.fromFields([{ name: 'id', type: FieldType.INTEGER }, { name: 'text' }]),
  transform: RecordTransform.fromModule(path.join(__dirname, 'transforms', 'fragile.mjs')),
});
knowThrottlesOfTheEmulator(deployPipeline('Many', { schema: TRANSACTIONS, chunkSize: Size.mebibytes(1), maxConcurrency: 15, maxRejectedPercentage: 1 }));
deployEdition(app, 'first');
