import { Aspects, CfnOutput, RemovalPolicy, Size, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
// In a project of your own: from 'cdk-csv-chunk-pipeline'.
import { CsvChunkPipeline, CsvChunkPipelineProps, DenyDeletion, FieldType, JobDashboard, JobNotifications, TableSchema } from '../../src';

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
   * Addresses that get an e-mail for each file that was not published.
   *
   * @default - none
   */
  readonly failureEmails?: string[];

  /**
   * Settings of the pipeline in place of the ones below: a smaller chunk size shows parallel work on a small file.
   *
   * @default - none
   */
  readonly pipeline?: Partial<CsvChunkPipelineProps>;
}

/**
 * Bank transactions land in `incoming/`, and are published if at most 1 % of a file's records are rejected. A queue tells
 * programs how each file ended, a topic tells people of those that failed, a dashboard shows how things stand.
 */
export class TapStack extends Stack {
  public readonly pipeline: CsvChunkPipeline;
  public readonly notifications: JobNotifications;
  public readonly dashboard: JobDashboard;

  constructor(scope: Construct, id: string, props: TapStackProps) {
    super(scope, id, props);

    this.pipeline = new CsvChunkPipeline(this, 'Tap', {
      schema: TRANSACTIONS,
      prefixes: { incoming: 'incoming/' },
      chunkSize: Size.mebibytes(50),
      maxConcurrency: 10,
      // More than a new AWS account allows; leave it out there.
      memorySize: Size.gibibytes(3),
      maxRejectedPercentage: 1,
      tags: { Environment: 'Production', Project: 'ETL' },
      environmentSuffix: props.environmentSuffix,
      removalPolicy: RemovalPolicy.DESTROY,
      ...props.pipeline,
    });
    this.notifications = new JobNotifications(this, 'Notifications', { pipeline: this.pipeline, failureEmails: props.failureEmails });
    this.dashboard = new JobDashboard(this, 'Dashboard', { pipeline: this.pipeline, around: [this.notifications] });
    Aspects.of(this).add(new DenyDeletion());

    new CfnOutput(this, 'BucketName', { value: this.pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'JobTableName', { value: this.pipeline.jobTable.tableName });
    new CfnOutput(this, 'StateMachineArn', { value: this.pipeline.stateMachine.stateMachineArn });
    new CfnOutput(this, 'DashboardUrl', { value: this.dashboard.dashboardUrl });
    new CfnOutput(this, 'QueueUrl', { value: this.notifications.queue.queueUrl });
    new CfnOutput(this, 'TopicArn', { value: this.notifications.failureTopic.topicArn });
  }
}
