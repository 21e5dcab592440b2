import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { createDataBucket } from './data-bucket';
import { expectEvents } from './event-notifications';
import { ResourceNames } from './names';
import { Prefixes } from './prefixes';
import { Settings } from './settings';

export interface StorageProps {
  readonly sourceBucket?: s3.IBucket;
  readonly outputBucket?: s3.IBucket;
  readonly settings: Settings;
  readonly names: ResourceNames;
}

/** Who may do what under which prefix of the buckets. */
export class Storage extends Construct {
  readonly sourceBucket: s3.IBucket;
  readonly outputBucket: s3.IBucket;
  readonly prefixes: Prefixes;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    this.prefixes = props.settings.prefixes;
    this.sourceBucket = props.sourceBucket ?? createDataBucket(this, 'Bucket', props.settings, props.names);
    if (props.sourceBucket !== undefined) expectEvents(this, props.sourceBucket);
    this.outputBucket = props.outputBucket ?? this.sourceBucket;
  }

  /** ValidateFile, PlanChunks and ProcessChunk read ranges of the source. */
  grantReadSource(grantee: iam.IGrantable): iam.Grant {
    return this.grantSource(grantee, ['s3:GetObject', 's3:GetObjectVersion'], 'incoming')
      .combine(this.grantList(grantee, this.sourceBucket))
      .combine(grantKey(grantee, this.sourceBucket, 'kms:Decrypt'));
  }

  /**
   * ValidateFile (a resume) and PlanChunks write manifest and contract; every later step reads the contract, or what is
   * staged.
   */
  grantWriteManifest(grantee: iam.IGrantable): iam.Grant {
    return this.grantOutput(grantee, ['s3:GetObject', 's3:PutObject'], this.prefixes.work)
      .combine(this.grantList(grantee, this.outputBucket))
      .combine(this.grantWriteKey(grantee, this.outputBucket));
  }

  /** PlanChunks stages what cannot be cut in place, beside the manifest. */
  grantStage(grantee: iam.IGrantable): iam.Grant {
    return this.grantWriteManifest(grantee)
      .combine(this.grantOutput(grantee, ['s3:AbortMultipartUpload'], `${this.prefixes.work}*/staged-`));
  }

  /** ProcessChunk uploads a part file, which stays open, and the chunk's rejected records and keys. */
  grantWriteChunk(grantee: iam.IGrantable): iam.Grant {
    return this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], this.prefixes.output)
      .combine(this.grantOutput(grantee, ['s3:GetObject'], this.prefixes.work))
      .combine(this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], `${this.prefixes.work}*/rejects/`))
      .combine(this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], `${this.prefixes.work}*/keys/`))
      .combine(this.grantWriteKey(grantee, this.outputBucket));
  }

  /**
   * FinalizeJob completes the uploads, or aborts them, and writes the job's commit record, rejected records and report.
   */
  grantPublish(grantee: iam.IGrantable): iam.Grant {
    return this.grantOutput(grantee, ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], this.prefixes.output)
      .combine(this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], this.prefixes.quarantine))
      .combine(this.grantOutput(grantee, ['s3:PutObject'], this.prefixes.reports))
      .combine(this.grantWriteManifest(grantee));
  }

  /**
   * MoveSource copies the source with its tags, by parts above 5 GiB, and deletes the version that was copied. Beside a
   * file that did not pass it puts the report.
   */
  grantMoveSource(grantee: iam.IGrantable): iam.Grant {
    const tags = ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'];
    const copies = ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'];
    return this.grantReadSource(grantee)
      .combine(this.grantSource(grantee, [...tags, 's3:DeleteObject', 's3:DeleteObjectVersion'], 'incoming'))
      .combine(this.grantSource(grantee, copies, 'processed'))
      .combine(this.grantSource(grantee, copies, 'failed'))
      .combine(this.grantOutput(grantee, ['s3:GetObject'], this.prefixes.reports))
      .combine(grantKey(grantee, this.outputBucket, 'kms:Decrypt'))
      .combine(this.grantWriteKey(grantee, this.sourceBucket));
  }

  /** The Map reads the manifest, and writes what its children return (nothing). */
  grantRunMap(grantee: iam.IGrantable): iam.Grant {
    return this.grantWriteKey(grantee, this.outputBucket);
  }

  /** A user's own: files to be processed. */
  grantUpload(grantee: iam.IGrantable): iam.Grant {
    return this.grantSource(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], 'incoming')
      .combine(this.grantWriteKey(grantee, this.sourceBucket));
  }

  /** A user's own: what the pipeline made, by prefix. */
  grantReadOutput(grantee: iam.IGrantable, prefix: 'output' | 'quarantine' | 'reports'): iam.Grant {
    return this.grantOutput(grantee, ['s3:GetObject'], this.prefixes[prefix])
      .combine(iam.Grant.addToPrincipal({
        grantee,
        actions: ['s3:ListBucket'],
        resourceArns: [this.outputBucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${this.prefixes[prefix]}*` } },
      }))
      .combine(grantKey(grantee, this.outputBucket, 'kms:Decrypt'));
  }

  private grantSource(grantee: iam.IGrantable, actions: string[], prefix: 'incoming' | 'processed' | 'failed'): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.sourceBucket.arnForObjects(`${this.prefixes[prefix]}*`)] });
  }

  private grantOutput(grantee: iam.IGrantable, actions: string[], prefix: string): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.outputBucket.arnForObjects(`${prefix}*`)] });
  }

  /**
   * Without it S3 answers 403, not 404, for an object that is gone. It cannot be narrowed to a prefix: a request for an
   * object carries no `s3:prefix`.
   */
  private grantList(grantee: iam.IGrantable, bucket: s3.IBucket): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
  }

  /** Multipart writers decrypt too: S3 reads the parts when it completes the upload. */
  private grantWriteKey(grantee: iam.IGrantable, bucket: s3.IBucket): iam.Grant {
    return grantKey(grantee, bucket, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}

function grantKey(grantee: iam.IGrantable, bucket: s3.IBucket, ...actions: string[]): iam.Grant {
  const key: kms.IKey | undefined = bucket.encryptionKey;
  return key === undefined ? iam.Grant.drop(grantee, 'the bucket has no key of its own') : key.grant(grantee, ...actions);
}
