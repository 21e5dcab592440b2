import { Annotations, CfnResource, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { templateProperties } from '../synth/template-properties';

/** What CDK adds to a bucket for `addEventNotification`, and for `eventBridgeEnabled`: a custom resource. */
const NOTIFICATIONS_ID = 'Notifications';

/** Makes a new bucket tell EventBridge of its objects, and holds that nothing takes this away again. */
export function sendEvents(bucket: s3.Bucket): void {
  // On the L1: `eventBridgeEnabled` would add a custom resource with a Lambda function of its own.
  (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  bucket.node.addValidation({
    validate: () => bucket.node.tryFindChild(NOTIFICATIONS_ID) === undefined ? [] : [
      'sourceBucket must have no event notifications of its own (addEventNotification, enableEventBridgeNotification): they would '
      + 'replace the setting by which files start jobs; use EventBridge rules, which may be many for one bucket',
    ],
  });
}

/**
 * Warns when a bucket of the same app sends no events. (Of an imported one nothing is known.)
 *
 * @param queueOf the intake's, once it is made, where there is one: a notification of it will do
 */
export function expectEvents(scope: Construct, bucket: s3.IBucket, queueOf: () => sqs.IQueue | undefined): void {
  scope.node.addValidation({
    // At the end: the bucket may be changed after the pipeline is made.
    validate: () => {
      if (!(bucket.node.defaultChild instanceof s3.CfnBucket)) return [];
      const notifications = notificationsOf(bucket, bucket.node.defaultChild);
      const sendsEvents = notifications.some(({ EventBridgeConfiguration: events }) => events !== undefined && events.EventBridgeEnabled !== false);
      if (!sendsEvents && !tells(notifications, Stack.of(bucket).resolve(queueOf()?.queueArn))) {
        Annotations.of(bucket).addWarningV2('cdk-csv-chunk-pipeline:noEvents',
          'sourceBucket must send its events to EventBridge (eventBridgeEnabled: true), or files start no job until a sweep finds them (sweepInterval)');
      }
      return [];
    },
  });
}

/** @param queueArn as the bucket's template has it */
function tells(notifications: readonly any[], queueArn: unknown): boolean {
  // The resource's own name for it, and that of what the CDK adds.
  const queues = notifications.flatMap(({ QueueConfigurations }): any[] => QueueConfigurations ?? []);
  const told = queues.map(({ Queue, QueueArn }) => JSON.stringify(Queue ?? QueueArn));
  return queueArn !== undefined && told.includes(JSON.stringify(queueArn));
}

/** On the resource itself, and by what CDK adds to it. */
function notificationsOf(bucket: s3.IBucket, resource: s3.CfnBucket): any[] {
  const added = bucket.node.tryFindChild(NOTIFICATIONS_ID)?.node.tryFindChild('Resource');
  return [resource, ...(added instanceof CfnResource ? [added] : [])].map((one) => templateProperties(one).NotificationConfiguration ?? {});
}
