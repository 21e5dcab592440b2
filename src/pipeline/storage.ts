import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { createDataBucket } from './data-bucket';
import { expectEvents } from './event-notifications';
import { ResourceNames } from './names';
import { everyPrefix, Prefixes } from './prefixes';
import { Settings } from './settings';

export interface StorageProps {
  readonly sourceBucket?: s3.IBucket;
  readonly outputBucket?: s3.IBucket;
  readonly settings: Settings;
  readonly names: ResourceNames;
}

type PrefixName = keyof Prefixes;

/**
 * Who may do what under which prefix of the buckets. The functions may do under former prefixes what they may under
 * those in force: a job keeps the prefixes that it began with.
 */
export class Storage extends Construct {
  readonly sourceBucket: s3.IBucket;
  readonly outputBucket: s3.IBucket;
  /** In force: where new jobs read and write. */
  readonly prefixes: Prefixes;
  private readonly formerPrefixes: readonly Prefixes[];

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    this.prefixes = props.settings.prefixes;
    this.formerPrefixes = props.settings.formerPrefixes;
    this.sourceBucket = props.sourceBucket ?? createDataBucket(this, 'Bucket', props.settings, props.names);
    if (props.sourceBucket !== undefined) expectEvents(this, props.sourceBucket);
    this.outputBucket = props.outputBucket ?? this.sourceBucket;
  }

  /**
   * ValidateFile, PlanChunks and ProcessChunk read ranges of the source; CloseJob and SweepJobs look whether it is
   * there. That of a re-run lies where the job before has moved it.
   */
  grantReadSource(grantee: iam.IGrantable): iam.Grant {
    return this.grantSource(grantee, ['s3:GetObject', 's3:GetObjectVersion'], 'incoming', 'processed', 'failed')
      .combine(this.grantList(grantee, this.sourceBucket))
      .combine(grantKey(grantee, this.sourceBucket, 'kms:Decrypt'));
  }

  /**
   * PlanChunks writes plan and manifest, ValidateFile (a resume) and FinalizeJob (one more round) a manifest; every
   * later step reads the plan, or what is staged.
   */
  grantWriteManifest(grantee: iam.IGrantable): iam.Grant {
    return this.grantOutput(grantee, ['s3:GetObject', 's3:PutObject'], 'work')
      .combine(this.grantList(grantee, this.outputBucket))
      .combine(this.grantWriteKey(grantee, this.outputBucket));
  }

  /** PlanChunks stages what cannot be cut in place, beside the manifest. */
  grantStage(grantee: iam.IGrantable): iam.Grant {
    return this.grantWriteManifest(grantee)
      .combine(this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'work', '*/staged-'));
  }

  /** ProcessChunk uploads a part file, which stays open, and the chunk's rejected records and keys. */
  grantWriteChunk(grantee: iam.IGrantable): iam.Grant {
    return this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], 'output')
      .combine(this.grantOutput(grantee, ['s3:GetObject'], 'work'))
      .combine(this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], 'work', '*/rejects/', '*/keys/'))
      .combine(this.grantWriteKey(grantee, this.outputBucket));
  }

  /** FinalizeJob completes the uploads, or aborts them, and writes the job's rejected records, report and manifest. */
  grantPublish(grantee: iam.IGrantable): iam.Grant {
    return this.grantOutput(grantee, ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], 'output')
      .combine(this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], 'quarantine'))
      .combine(this.grantOutput(grantee, ['s3:PutObject'], 'reports'))
      .combine(this.grantWriteManifest(grantee));
  }

  /**
   * MoveSource copies the source with its tags, and deletes the version that was copied. Above 5 GiB it copies by
   * parts, and goes on with those that are there. Beside a file that did not pass it puts the report.
   */
  grantMoveSource(grantee: iam.IGrantable): iam.Grant {
    const copies = ['s3:PutObject', 's3:PutObjectTagging', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
    return this.grantReadSource(grantee)
      .combine(this.grantSource(grantee, ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'], 'incoming', 'processed', 'failed'))
      .combine(this.grantSource(grantee, ['s3:DeleteObject', 's3:DeleteObjectVersion'], 'incoming'))
      .combine(this.grantSource(grantee, copies, 'processed', 'failed'))
      .combine(this.grantOutput(grantee, ['s3:GetObject'], 'reports'))
      .combine(grantKey(grantee, this.outputBucket, 'kms:Decrypt'))
      .combine(this.grantWriteKey(grantee, this.sourceBucket));
  }

  /** SweepJobs finds files that have no job, and aborts uploads and copies of jobs that have ended. */
  grantSweep(grantee: iam.IGrantable): iam.Grant {
    const buckets = [...new Set([this.sourceBucket.bucketArn, this.outputBucket.bucketArn])];
    return grant(grantee, ['s3:ListBucketVersions'], [this.sourceBucket.bucketArn])
      .combine(grant(grantee, ['s3:ListBucketMultipartUploads'], buckets))
      .combine(this.grantSource(grantee, ['s3:AbortMultipartUpload'], 'processed', 'failed'))
      .combine(this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'output'))
      .combine(this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'quarantine'))
      .combine(this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'work'));
  }

  /** The Map reads the manifest, and writes what its children return (nothing). */
  grantRunMap(grantee: iam.IGrantable): iam.Grant {
    return this.grantWriteKey(grantee, this.outputBucket);
  }

  /** A user's own: files to be processed. They start no job under a former prefix. */
  grantUpload(grantee: iam.IGrantable): iam.Grant {
    return grant(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], [this.sourceBucket.arnForObjects(`${this.prefixes.incoming}*`)])
      .combine(this.grantWriteKey(grantee, this.sourceBucket));
  }

  /** A user's own: what the pipeline made, by prefix. */
  grantReadOutput(grantee: iam.IGrantable, prefix: 'output' | 'quarantine' | 'reports'): iam.Grant {
    return this.grantOutput(grantee, ['s3:GetObject'], prefix)
      .combine(iam.Grant.addToPrincipal({
        grantee,
        actions: ['s3:ListBucket'],
        resourceArns: [this.outputBucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': this.every(prefix).map((one) => `${one}*`) } },
      }))
      .combine(grantKey(grantee, this.outputBucket, 'kms:Decrypt'));
  }

  /** A user's own: the lists of what was published, and nothing else of it. */
  grantReadManifests(grantee: iam.IGrantable): iam.Grant {
    return this.grantOutput(grantee, ['s3:GetObject'], 'output', '*/_manifest.json')
      .combine(grantKey(grantee, this.outputBucket, 'kms:Decrypt'));
  }

  /** Objects of the output bucket under a prefix and all its former ones. @param below what follows the prefix */
  outputArns(prefix: PrefixName, ...below: string[]): string[] {
    return arns(this.outputBucket, this.every(prefix), below);
  }

  private grantSource(grantee: iam.IGrantable, actions: string[], ...prefixes: Array<'incoming' | 'processed' | 'failed'>): iam.Grant {
    return grant(grantee, actions, prefixes.flatMap((prefix) => arns(this.sourceBucket, this.every(prefix))));
  }

  private grantOutput(grantee: iam.IGrantable, actions: string[], prefix: PrefixName, ...below: string[]): iam.Grant {
    return grant(grantee, actions, this.outputArns(prefix, ...below));
  }

  private every(prefix: PrefixName): string[] {
    return everyPrefix(prefix, this.prefixes, this.formerPrefixes);
  }

  /**
   * Without it S3 answers 403, not 404, for an object that is gone. It cannot be narrowed to a prefix: a request for an
   * object carries no `s3:prefix`.
   */
  private grantList(grantee: iam.IGrantable, bucket: s3.IBucket): iam.Grant {
    return grant(grantee, ['s3:ListBucket'], [bucket.bucketArn]);
  }

  /** Multipart writers decrypt too: S3 reads the parts when it completes the upload. */
  private grantWriteKey(grantee: iam.IGrantable, bucket: s3.IBucket): iam.Grant {
    return grantKey(grantee, bucket, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}

function arns(bucket: s3.IBucket, prefixes: string[], below: string[] = []): string[] {
  return prefixes.flatMap((prefix) => (below.length === 0 ? [''] : below).map((rest) => bucket.arnForObjects(`${prefix}${rest}*`)));
}

function grant(grantee: iam.IGrantable, actions: string[], resourceArns: string[]): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
}

function grantKey(grantee: iam.IGrantable, bucket: s3.IBucket, ...actions: string[]): iam.Grant {
  const key: kms.IKey | undefined = bucket.encryptionKey;
  return key === undefined ? iam.Grant.drop(grantee, 'the bucket has no key of its own') : key.grant(grantee, ...actions);
}
