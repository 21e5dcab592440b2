import * as path from 'path';
import { CfnOutput, Duration, RemovalPolicy, Size, Stack, StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
// In a project of your own: from 'cdk-csv-chunk-pipeline'.
import {
  CsvChunkPipeline, FieldType, JobAlarms, JobApi, JobDashboard, MetadataColumn, QualityCheck, RecordTransform, TableField, TableSchema,
} from '../../src';

const PAYMENT_FIELDS: TableField[] = [
  { name: 'payment_id', constraints: { required: true } },
  { name: 'account_id', constraints: { required: true } },
  { name: 'paid_at', type: FieldType.DATETIME, formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'], constraints: { required: true } },
  { name: 'amount', type: FieldType.DECIMAL, precision: 18, scale: 2, constraints: { required: true } },
  { name: 'currency', constraints: { required: true, pattern: '[A-Z]{3}' } },
  { name: 'channel' },
];

/** Payments, as the bank delivers them. */
const PAYMENTS = TableSchema.fromFields(PAYMENT_FIELDS);

/** Payments as they are published: `enrich.mjs` has added to each. */
const ENRICHED_PAYMENTS = TableSchema.fromFields([...PAYMENT_FIELDS, { name: 'direction' }, { name: 'channel_group' }]);

export interface StatusApiStackProps extends StackProps {
  /**
   * Ends every name: `dev`, `pr-17`.
   */
  readonly environmentSuffix: string;

  /**
   * Who is written to when an alarm goes off, or the nightly check has found something.
   *
   * @default - nobody; more can be subscribed to `attention`
   */
  readonly emails?: string[];
}

/** Payments, and an API that tells how each file stands, starts files, and goes on with those that were interrupted. */
export class StatusApiStack extends Stack {
  public readonly pipeline: CsvChunkPipeline;
  public readonly api: JobApi;
  public readonly qualityCheck: QualityCheck;
  /** What somebody should look at. */
  public readonly attention: Topic;

  constructor(scope: Construct, id: string, props: StatusApiStackProps) {
    super(scope, id, props);

    const pipeline = new CsvChunkPipeline(this, 'Payments', {
      schema: PAYMENTS,
      transform: RecordTransform.fromModule(path.join(__dirname, 'enrich.mjs'), { outputSchema: ENRICHED_PAYMENTS }),
      metadataColumns: [MetadataColumn.JOB_ID, MetadataColumn.SOURCE_KEY, MetadataColumn.BYTE_OFFSET, MetadataColumn.INGESTION_TIME],
      maxRejectedPercentage: 1,
      prefixes: { output: 'enriched/' },
      lifecycle: {
        // A file that was published is moved from one to the other.
        incoming: { expireAfter: Duration.days(30) },
        processed: { expireAfter: Duration.days(30) },
        // And the single records that failed, of files that were published without them.
        failed: { expireAfter: Duration.days(90) },
        quarantine: { expireAfter: Duration.days(90) },
        // What was deleted can be brought back for a week: then it is gone for good.
        noncurrentVersionsExpireAfter: Duration.days(7),
      },
      memorySize: Size.mebibytes(512),
      timeout: Duration.minutes(5),
      logRetention: RetentionDays.ONE_WEEK,
      environmentSuffix: props.environmentSuffix,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const attention = new Topic(this, 'Attention', { topicName: pipeline.resourceName('topic', 'attention'), enforceSSL: true });
    const api = new JobApi(this, 'Api', { pipeline });
    const qualityCheck = new QualityCheck(this, 'QualityCheck', { pipeline, topic: attention });
    const around = [api, qualityCheck];
    const alarms = new JobAlarms(this, 'Alarms', { pipeline, around, actions: [new SnsAction(attention)] });
    const { dashboardUrl } = new JobDashboard(this, 'Dashboard', { pipeline, around, alarms });
    for (const email of props.emails ?? []) {
      attention.addSubscription(new EmailSubscription(email, { deadLetterQueue: qualityCheck.deadLetterQueue }));
    }

    new CfnOutput(this, 'BucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'JobTableName', { value: pipeline.jobTable.tableName });
    new CfnOutput(this, 'StateMachineArn', { value: pipeline.stateMachine.stateMachineArn });
    new CfnOutput(this, 'ApiEndpoint', { value: api.url });
    new CfnOutput(this, 'DashboardUrl', { value: dashboardUrl });

    this.pipeline = pipeline;
    this.api = api;
    this.qualityCheck = qualityCheck;
    this.attention = attention;
  }
}
