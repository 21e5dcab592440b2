import { Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
// In a project of your own: from 'cdk-csv-chunk-pipeline'.
import { CsvChunkPipeline, FieldsMatch, FieldType, JobAlarms, JobNotifications, TableSchema } from '../../src';

export interface RawPaymentsStackProps extends StackProps {
  /** Get an e-mail for each job that failed, and for each alarm. */
  readonly failureEmails: string[];

  /**
   * Ends every name.
   *
   * @default - names that CloudFormation makes up
   */
  readonly environmentSuffix?: string;

  /** @default - what holds data is kept */
  readonly removalPolicy?: RemovalPolicy;
}

export class RawPaymentsStack extends Stack {
  public readonly notifications: JobNotifications;

  constructor(scope: Construct, id: string, props: RawPaymentsStackProps) {
    super(scope, id, props);

    const required = { required: true };
    const pipeline = new CsvChunkPipeline(this, 'Payments', {
      schema: TableSchema.fromFields([
        { name: 'transaction_id', constraints: required },
        { name: 'customer_id', constraints: required },
        { name: 'amount', type: FieldType.DECIMAL, precision: 18, scale: 2, constraints: required },
        { name: 'timestamp', type: FieldType.DATETIME, formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'], constraints: required },
        // Other columns may be there, in any order; they are not published.
      ], { fieldsMatch: FieldsMatch.SUBSET }),
      prefixes: { incoming: 'raw/' },
      lifecycle: { processed: { transition: { storageClass: StorageClass.GLACIER, after: Duration.days(90) } } },
      // The team asked for these two by value, whatever the suffix.
      tags: { Environment: 'Production', Project: 'ETL-Pipeline' },
      environmentSuffix: props.environmentSuffix,
      removalPolicy: props.removalPolicy,
    });
    this.notifications = new JobNotifications(this, 'Notifications', { pipeline, failureEmails: props.failureEmails });
    new JobAlarms(this, 'Alarms', { pipeline, around: [this.notifications], actions: [new SnsAction(this.notifications.failureTopic)] });
  }
}
