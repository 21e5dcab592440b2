import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CsvChunkPipeline, FieldsMatch, FieldType, JobAlarms, JobNotifications, TableSchema } from '../../src';

export class RawPaymentsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
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
      tags: { Environment: 'Production', Project: 'ETL-Pipeline' },
    });
    const notifications = new JobNotifications(this, 'Notifications', { pipeline, failureEmails: ['data-team@example.com'] });
    new JobAlarms(this, 'Alarms', { pipeline, around: [notifications], actions: [new SnsAction(notifications.failureTopic)] });
  }
}
