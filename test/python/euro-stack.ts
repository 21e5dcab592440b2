import * as path from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ROOT } from '../../emulator/prerequisites';
import { CsvChunkPipeline, TableField, FieldType, RecordTransform, TableSchema } from '../../src';

const FIELDS: TableField[] = [
  { name: 'transaction_id', constraints: { required: true } },
  { name: 'amount', type: FieldType.DECIMAL, precision: 18, scale: 2, constraints: { required: true } },
  { name: 'currency', constraints: { required: true, pattern: '[A-Z]{3}' } },
];
const AMOUNT_EUR: TableField = { name: 'amount_eur', type: FieldType.DECIMAL, precision: 18, scale: 2, constraints: { required: true } };

/** `examples/python-transform` in TypeScript. */
export class EuroStack extends Stack {
  constructor(app: App) {
    super(app, 'EuroStack');
    const toEuros = new Function(this, 'ToEuros', {
      runtime: Runtime.PYTHON_3_13,
      handler: 'handler.handler',
      code: Code.fromAsset(path.join(ROOT, 'examples/python-transform/to_euros')),
      memorySize: 1024,
      timeout: Duration.minutes(1),
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    const pipeline = new CsvChunkPipeline(this, 'Pipeline', {
      schema: TableSchema.fromFields(FIELDS),
      transform: RecordTransform.fromFunction(toEuros.currentVersion, { outputSchema: TableSchema.fromFields([...FIELDS, AMOUNT_EUR]) }),
      maxRejectedPercentage: 1,
    });
    new CfnOutput(this, 'BucketName', { value: pipeline.sourceBucket.bucketName });
  }
}
