import { App, CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { MultiFormatStack } from '../../../examples/multi-format/multi-format-stack';

/** The example as it is, and beside it what the tests need to look into it. */
export function deploy(app: App): void {
  const stack = new MultiFormatStack(app, 'MultiFormat', {
    environmentSuffix: 'e2e', emails: ['orders@example.com'], pipeline: { removalPolicy: RemovalPolicy.DESTROY },
  });
  // What an e-mail would hold.
  const inbox = new Queue(stack, 'Inbox');
  stack.notifications.failureTopic.addSubscription(new SqsSubscription(inbox));
  new CfnOutput(stack, 'BucketName', { value: stack.pipeline.sourceBucket.bucketName });
  new CfnOutput(stack, 'IntakeQueueUrl', { value: stack.pipeline.intakeQueue!.queueUrl });
  new CfnOutput(stack, 'DeadLetterQueueUrl', { value: stack.pipeline.deadLetterQueue.queueUrl });
  new CfnOutput(stack, 'InboxUrl', { value: inbox.queueUrl });
}
