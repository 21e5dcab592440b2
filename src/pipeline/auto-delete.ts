import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';

const PROVIDER = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/**
 * CDK's helper that empties a bucket before its stack is deleted has an AWS-managed policy, and logs to a group that
 * nobody owns and that outlives the stack. Here it gets what every function of the pipeline has: a log group of its
 * own, and no more than that. There is one helper a stack.
 *
 * @throws Error when CDK builds its helper in another way than this knows
 */
export function giveAutoDeleteItsOwnLogs(scope: IConstruct, retention: logs.RetentionDays): void {
  const provider = Stack.of(scope).node.findChild(PROVIDER);
  if (provider.node.tryFindChild('Logs') !== undefined) return;
  const role = provider.node.findChild('Role') as CfnResource;
  const handler = provider.node.findChild('Handler') as CfnResource;

  const logGroup = new logs.LogGroup(provider, 'Logs', { retention, removalPolicy: RemovalPolicy.DESTROY });
  handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  role.addPropertyOverride('Policies', [{
    PolicyName: 'Logs',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroup.logGroupArn }],
    },
  }]);
}
