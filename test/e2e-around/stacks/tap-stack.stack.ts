import { App, CfnOutput, Size } from 'aws-cdk-lib';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { TapStack } from '../../../examples/tap-stack/tap-stack';

/** The example as it is, in smaller chunks; a queue reads what an e-mail would hold. */
export function deploy(app: App): void {
  const stack = new TapStack(app, 'TapStack', { environmentSuffix: 'around', failureEmails: ['data-team@example.com'], pipeline: { chunkSize: Size.mebibytes(1) } });
  const inbox = new Queue(stack, 'Inbox');
  stack.notifications.failureTopic.addSubscription(new SqsSubscription(inbox));
  new CfnOutput(stack, 'InboxUrl', { value: inbox.queueUrl });
}
