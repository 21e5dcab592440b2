import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { QualityCheck } from '../../../src';

export function deploy(app: App): void {
  const stack = new Stack(app, 'QualityCheck');
  const pipeline = pipelineWithOutputs(stack);
  const topic = new Topic(stack, 'Topic');
  const queue = new Queue(stack, 'Queue');
  topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
  const check = new QualityCheck(stack, 'Check', {
    pipeline,
    topic,
    maxRejectedPercentage: 0,
    expectedFiles: [{ keyPattern: 'incoming/orders-*.csv', by: '00:00' }],
  });
  new CfnOutput(stack, 'QualityCheckFunctionName', { value: check.functions.QualityCheck.functionName });
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
}
