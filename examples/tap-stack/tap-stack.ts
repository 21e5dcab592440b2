import { Aspects, CfnOutput, RemovalPolicy, Size, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
// In a project of your own: from 'cdk-csv-chunk-pipeline'.
import { CsvChunkPipeline, CsvChunkPipelineProps, DenyDeletion, FieldType, TableSchema } from '../../src';

/** Bank transactions, as a CSV file delivers them. */
export const TRANSACTIONS = TableSchema.fromFields([
  { name: 'transaction_id', constraints: { required: true } },
  { name: 'account_id', constraints: { required: true } },
  {
    name: 'transaction_date',
    type: FieldType.DATETIME,
    formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'],
    constraints: { required: true },
  },
  { name: 'amount', type: FieldType.DECIMAL, precision: 18, scale: 2, constraints: { required: true } },
  { name: 'currency', constraints: { required: true, pattern: '[A-Z]{3}' } },
  { name: 'merchant' },
  { name: 'category' },
]);

export interface TapStackProps extends StackProps {
  /**
   * Ends every name: `dev`, `pr-17`.
   */
  readonly environmentSuffix: string;

  /**
   * Settings of the pipeline in place of the ones below: a smaller chunk size shows parallel work on a small file.
   *
   * @default - none
   */
  readonly pipeline?: Partial<CsvChunkPipelineProps>;
}

/** Bank transactions land in `incoming/`, and are published if at most 1 % of a file's records are rejected. */
export class TapStack extends Stack {
  public readonly pipeline: CsvChunkPipeline;

  constructor(scope: Construct, id: string, props: TapStackProps) {
    super(scope, id, props);

    this.pipeline = new CsvChunkPipeline(this, 'Tap', {
      schema: TRANSACTIONS,
      prefixes: { incoming: 'incoming/' },
      chunkSize: Size.mebibytes(50),
      maxConcurrency: 10,
      maxRejectedPercentage: 1,
      tags: { Environment: 'Production', Project: 'ETL' },
      environmentSuffix: props.environmentSuffix,
      removalPolicy: RemovalPolicy.DESTROY,
      ...props.pipeline,
    });
    Aspects.of(this).add(new DenyDeletion());

    new CfnOutput(this, 'BucketName', { value: this.pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'JobTableName', { value: this.pipeline.jobTable.tableName });
    new CfnOutput(this, 'StateMachineArn', { value: this.pipeline.stateMachine.stateMachineArn });
  }
}
