import { Annotations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

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
 * Warns when a bucket of the same app sends no events: no file would ever start a job. (Of an imported one nothing is
 * known.)
 */
export function expectEvents(scope: Construct, bucket: s3.IBucket): void {
  scope.node.addValidation({
    // At the end: the bucket may be changed after the pipeline is made.
    validate: () => {
      const resource = bucket.node.defaultChild;
      const sendsEvents = !(resource instanceof s3.CfnBucket) || resource.notificationConfiguration !== undefined
        || bucket.node.tryFindChild(NOTIFICATIONS_ID) !== undefined;
      if (!sendsEvents) {
        Annotations.of(bucket).addWarningV2('cdk-csv-chunk-pipeline:noEvents',
          'sourceBucket must send its events to EventBridge (eventBridgeEnabled: true), or no file starts a job');
      }
      return [];
    },
  });
}
