import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { adoptAutoDelete } from './auto-delete';
import { sendEvents } from './event-notifications';
import { ResourceNames } from './names';
import { everyPrefix, PrefixName } from './prefixes';
import { ResolvedLifecycle, Settings } from './settings';

export interface DataBucketProps {
  readonly settings: Settings;
  readonly names: ResourceNames;
  readonly deadLetterQueue: sqs.IQueue;
}

/**
 * The pipeline's own bucket: versioned, encrypted, private, with the lifecycle of each prefix, and with its events sent
 * to EventBridge.
 *
 * A function, and not a construct: one more scope would be a new logical id, and to CloudFormation a new bucket.
 *
 * @param holds what lies in it: under other prefixes nothing of the pipeline's expires
 */
export function createDataBucket(scope: Construct, id: string, props: DataBucketProps, holds: readonly PrefixName[]): s3.Bucket {
  const { settings, names, deadLetterQueue } = props;
  const bucket = new s3.Bucket(scope, id, {
    bucketName: names.bucket('data'),
    versioned: true,
    encryption: settings.encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
    encryptionKey: settings.encryptionKey,
    bucketKeyEnabled: settings.encryptionKey === undefined ? undefined : true,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: settings.lifecycle && lifecycleRules(settings, settings.lifecycle, holds),
    removalPolicy: settings.removalPolicy,
    // CloudFormation deletes empty buckets only.
    autoDeleteObjects: settings.removalPolicy === RemovalPolicy.DESTROY,
  });
  sendEvents(bucket);
  if (settings.removalPolicy === RemovalPolicy.DESTROY) adoptAutoDelete(bucket, { ...settings, deadLetterQueue });
  return bucket;
}

function lifecycleRules(settings: Settings, lifecycle: ResolvedLifecycle, holds: readonly PrefixName[]): s3.LifecycleRule[] {
  /** One rule for the prefix in force, and one for each former one. */
  const rules = (id: string, name: PrefixName, rule: s3.LifecycleRule): s3.LifecycleRule[] =>
    !holds.includes(name) ? [] : everyPrefix(name, settings.prefixes, settings.formerPrefixes).map((prefix, index) => ({ id: index === 0 ? id : `${id}-${index}`, prefix, ...rule }));
  const expiration = (id: string, name: PrefixName, after: Duration | undefined): s3.LifecycleRule[] =>
    after === undefined ? [] : rules(id, name, { expiration: after });
  return [
    ...rules('processed-to-glacier', 'processed', {
      transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: lifecycle.processedToGlacierAfter }],
    }),
    ...expiration('failed-expire', 'failed', lifecycle.failedExpireAfter),
    ...expiration('quarantine-expire', 'quarantine', lifecycle.quarantineExpireAfter),
    ...expiration('work-expire', 'work', lifecycle.workExpireAfter),
    {
      id: 'leftovers',
      abortIncompleteMultipartUploadAfter: lifecycle.abortIncompleteUploadsAfter,
      noncurrentVersionExpiration: lifecycle.noncurrentVersionsExpireAfter,
      expiredObjectDeleteMarker: true,
    },
  ];
}
