import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { namesBeside } from './names-beside';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';

/**
 * The dead-letter queue of a construct around the pipeline: beside it, so that an alarm says which part needs somebody.
 *
 * @param part what the construct is, in its name
 */
export function ownDeadLetters(scope: Construct, pipeline: ICsvChunkPipeline, part: string): sqs.Queue {
  return new sqs.Queue(scope, 'DeadLetters', {
    queueName: namesBeside(scope, pipeline).resourceName('queue', `${part}-dead-letters`),
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: pipeline.resourceDefaults.removalPolicy,
  });
}
