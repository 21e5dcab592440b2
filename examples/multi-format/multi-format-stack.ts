import * as path from 'path';
import { CfnOutput, Duration, Size, Stack, StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
// In a project of your own: from 'cdk-csv-chunk-pipeline'.
import {
  CsvChunkPipeline, CsvChunkPipelineProps, FieldType, Intake, JobAlarms, JobCatalog, JobNotifications, OutputBucket, OutputFormat, PrefixLifecycle,
  RecordTransform, SuffixCase, TableSchema,
} from '../../src';

const ORDER_FIELDS = [
  { name: 'order_id', constraints: { required: true } },
  { name: 'customer_id', constraints: { required: true } },
  { name: 'ordered_at', type: FieldType.DATETIME, formats: ['default', '%Y-%m-%d %H:%M:%S', '%d.%m.%Y %H:%M'], constraints: { required: true } },
  { name: 'amount', type: FieldType.DECIMAL, precision: 18, scale: 2, constraints: { required: true, minimum: '0.00' } },
  { name: 'currency', constraints: { required: true, pattern: '[A-Z]{3}' } },
];

/** Orders, as the shops deliver them. */
export const ORDERS = TableSchema.fromFields(ORDER_FIELDS, { primaryKey: ['order_id'] });

/** Orders as they are published: `order-rules.mjs` has looked at each. */
export const CHECKED_ORDERS = TableSchema.fromFields([...ORDER_FIELDS, { name: 'needs_review', type: FieldType.BOOLEAN }], { primaryKey: ['order_id'] });

const TO_GLACIER: PrefixLifecycle = { transition: { storageClass: StorageClass.GLACIER, after: Duration.days(90) } };

/** What queries read: Athena leaves out what lies in the other classes of Glacier. */
const TO_INSTANT_GLACIER: PrefixLifecycle = { transition: { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, after: Duration.days(90) } };

export interface MultiFormatStackProps extends StackProps {
  /**
   * Ends every name: `dev`, `pr-17`.
   */
  readonly environmentSuffix: string;

  /**
   * Who is told by e-mail of files that were not published, and of alarms.
   *
   * @default - nobody; more can be subscribed to the topic
   */
  readonly emails?: string[];

  /**
   * Settings of the pipeline in place of the ones below: a stack for tests deletes its data with `removalPolicy`.
   *
   * @default - none
   */
  readonly pipeline?: Partial<CsvChunkPipelineProps>;
}

/** Orders as CSV and JSON files: from the raw bucket, through a queue, checked by the company's own rule, into the processed bucket and the catalog. */
export class MultiFormatStack extends Stack {
  public readonly pipeline: CsvChunkPipeline;
  public readonly notifications: JobNotifications;
  public readonly catalog: JobCatalog;
  public readonly alarms: JobAlarms;

  constructor(scope: Construct, id: string, props: MultiFormatStackProps) {
    super(scope, id, props);

    this.pipeline = new CsvChunkPipeline(this, 'Orders', {
      schema: ORDERS,
      suffixes: ['.csv', '.json'],
      suffixCase: SuffixCase.EXACT,
      intake: Intake.queue({ batchSize: 100, maxBatchingWindow: Duration.seconds(5) }),
      transform: RecordTransform.fromModule(path.join(__dirname, 'order-rules.mjs'), { outputSchema: CHECKED_ORDERS }),
      maxRejectedPercentage: 1,
      outputFormat: OutputFormat.parquet(),
      outputBucket: OutputBucket.own(),
      lifecycle: {
        incoming: TO_GLACIER, processed: TO_GLACIER, failed: TO_GLACIER, output: TO_INSTANT_GLACIER, quarantine: TO_GLACIER, reports: TO_GLACIER,
      },
      timeout: Duration.minutes(5),
      tags: { Environment: 'Production', Project: 'ETL-Pipeline' },
      environmentSuffix: props.environmentSuffix,
      ...props.pipeline,
    });
    this.notifications = new JobNotifications(this, 'Notifications', { pipeline: this.pipeline, failureEmails: props.emails });
    this.catalog = new JobCatalog(this, 'Catalog', { pipeline: this.pipeline, crawler: {} });
    this.alarms = new JobAlarms(this, 'Alarms', {
      pipeline: this.pipeline,
      around: [this.notifications, this.catalog],
      actions: [new SnsAction(this.notifications.failureTopic)],
      sla: Duration.minutes(15),
      slaFileSize: Size.mebibytes(100),
      // Of each job that failed the same topic has a text already, which says which file it was, and why.
      leaveOut: ['executions-failed', 'jobs-interrupted', 'jobs-rejected'],
    });

    new CfnOutput(this, 'RawBucketName', { value: this.pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'ProcessedBucketName', { value: this.pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'JobTableName', { value: this.pipeline.jobTable.tableName });
    new CfnOutput(this, 'StateMachineArn', { value: this.pipeline.stateMachine.stateMachineArn });
    new CfnOutput(this, 'NotificationQueueUrl', { value: this.notifications.queue.queueUrl });
    new CfnOutput(this, 'FailureTopicArn', { value: this.notifications.failureTopic.topicArn });
    new CfnOutput(this, 'DatabaseName', { value: this.catalog.databaseName });
    new CfnOutput(this, 'TableName', { value: this.catalog.tableName });
  }
}
