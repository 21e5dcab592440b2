import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ResourceNames } from './names';
import { Settings } from './settings';

export interface DeadLettersProps {
  readonly settings: Settings;
  readonly names: ResourceNames;
}

/** Events that could not be delivered for 24 hours, and those that a function failed on; both would be dropped. */
export class DeadLetters extends Construct {
  readonly queue: sqs.IQueue;

  constructor(scope: Construct, id: string, { settings, names }: DeadLettersProps) {
    super(scope, id);
    this.queue = new sqs.Queue(this, 'Queue', {
      queueName: names.regional('queue', 'dead-letters'),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: settings.removalPolicy,
    });
  }
}
