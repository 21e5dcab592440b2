import { CfnResource, Lazy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';

const PROVIDER = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/** What every function of the pipeline has. */
export interface AutoDeleteProps {
  readonly logRetention: logs.RetentionDays;
  readonly tags: { readonly [key: string]: string };
  readonly deadLetterQueue: sqs.IQueue;
}

/**
 * CDK's helper that empties a bucket before its stack is deleted has an AWS-managed policy, no tags, no dead-letter
 * queue, and logs to a group that nobody owns and that outlives the stack. Here it gets what every function of the
 * pipeline has: a log group of its own, tags, the queue, and no more rights than that. There is one helper a stack: it
 * has the tags of every pipeline there, and the log group and the queue of the first.
 *
 * @throws Error when CDK builds its helper in another way than this knows
 */
export function adoptAutoDelete(scope: IConstruct, { logRetention, tags, deadLetterQueue }: AutoDeleteProps): void {
  const provider = Stack.of(scope).node.findChild(PROVIDER);
  Object.entries(tags).forEach(([key, value]) => Tags.of(provider).add(key, value));
  if (provider.node.tryFindChild('Logs') !== undefined) return;
  const role = provider.node.findChild('Role') as CfnResource;
  const handler = provider.node.findChild('Handler') as CfnResource;

  const logGroup = new logs.LogGroup(provider, 'Logs', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });
  handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  // CloudFormation calls it asynchronously. Where it did not answer its stack is not deleted, and neither is the queue.
  handler.addPropertyOverride('DeadLetterConfig', { TargetArn: deadLetterQueue.queueArn });
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  role.addPropertyOverride('Policies', [
    policy('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
    policy('DeadLetters', ['sqs:SendMessage'], deadLetterQueue.queueArn),
  ]);
  // Role and function are plain resources, which no tag reaches: they have those of the log group, the stack's among them.
  const { tags: own } = logGroup.node.defaultChild as logs.CfnLogGroup;
  const rendered = Lazy.any({ produce: () => Object.entries(own.tagValues()).map(([Key, Value]) => ({ Key, Value })) }, { omitEmptyArray: true });
  for (const resource of [role, handler]) resource.addPropertyOverride('Tags', rendered);
}

function policy(name: string, actions: string[], resource: string) {
  return {
    PolicyName: name,
    PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] },
  };
}
