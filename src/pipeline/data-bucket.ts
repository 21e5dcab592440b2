import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { adoptAutoDelete } from './auto-delete';
import { lifecycleRules } from './lifecycle';
import { BucketPart, ResourceNames } from './names';
import { PrefixName } from './prefixes';
import { RegionPlan } from './region-plan';
import { Settings } from './settings';

export interface DataBucketProps {
  readonly settings: Settings;
  readonly names: ResourceNames;
  readonly deadLetterQueue: sqs.IQueue;
  readonly regions: RegionPlan;
}

/**
 * A bucket of the pipeline's own: versioned, encrypted, private, with the lifecycle of each prefix.
 *
 * A function, and not a construct: one more scope would be a new logical id, and to CloudFormation a new bucket.
 *
 * @param holds what lies in it: under other prefixes nothing of the pipeline's expires
 */
export function createDataBucket(scope: Construct, id: string, part: BucketPart, holds: readonly PrefixName[],
  { settings, names, deadLetterQueue, regions }: DataBucketProps): s3.Bucket {
  const lifecycle = regions.lifecycle(settings);
  const bucket = new s3.Bucket(scope, id, {
    bucketName: names.bucket(part),
    versioned: true,
    encryption: settings.encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
    encryptionKey: settings.encryptionKey,
    bucketKeyEnabled: settings.encryptionKey === undefined ? undefined : true,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: lifecycleRules(lifecycle, holds, settings.prefixes, settings.formerPrefixes),
    ...regions.bucketProps(scope, part, holds, settings),
    removalPolicy: settings.removalPolicy,
    // CloudFormation deletes empty buckets only.
    autoDeleteObjects: settings.removalPolicy === RemovalPolicy.DESTROY,
  });
  if (settings.removalPolicy === RemovalPolicy.DESTROY) adoptAutoDelete(bucket, { ...settings, deadLetterQueue });
  return bucket;
}
