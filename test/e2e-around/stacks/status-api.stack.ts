import { App, CfnOutput } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StatusApiStack } from '../../../examples/status-api/status-api-stack';

/** The example as it is, and beside it what the tests need to look into it. */
export function deploy(app: App): void {
  const stack = new StatusApiStack(app, 'StatusApi', { environmentSuffix: 'e2e' });
  // What an e-mail would hold.
  const inbox = new Queue(stack, 'Inbox');
  stack.attention.addSubscription(new SqsSubscription(inbox, { rawMessageDelivery: true }));
  new CfnOutput(stack, 'InboxUrl', { value: inbox.queueUrl });
  new CfnOutput(stack, 'QualityCheckFunctionName', { value: stack.qualityCheck.functions.QualityCheck.functionName });

  // A file that is started by hand is started by its version, of which the emulator reads no ranges.
  const { pipeline } = new StatusApiStack(app, 'StatusApiUnversioned', { environmentSuffix: 'unversioned' });
  (pipeline.sourceBucket.node.defaultChild as CfnBucket).versioningConfiguration = undefined;
}
