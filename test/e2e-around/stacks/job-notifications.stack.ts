import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { JobNotifications } from '../../../src';

export function deploy(app: App): void {
  const stack = new Stack(app, 'JobNotifications');
  const pipeline = pipelineWithOutputs(stack);
  const notifications = new JobNotifications(stack, 'Notifications', { pipeline, failureEmails: ['data-team@example.com'] });
  // What an e-mail would hold, for the tests to read.
  const inbox = new Queue(stack, 'Inbox');
  notifications.failureTopic.addSubscription(new SqsSubscription(inbox));
  new CfnOutput(stack, 'NotificationQueueUrl', { value: notifications.queue.queueUrl });
  new CfnOutput(stack, 'InboxUrl', { value: inbox.queueUrl });
}
