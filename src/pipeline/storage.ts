import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createDataBucket } from './data-bucket';
import { sendEvents } from './event-notifications';
import { ResourceNames } from './names';
import { claimPrefixes } from './neighbours';
import { expectInAccount, expectInRegion, expectRules } from './own-buckets';
import { everyPrefix, OUTPUT_PREFIXES, PrefixName, SOURCE_PREFIXES } from './prefixes';
import { RegionPlan } from './region-plan';
import { Settings } from './settings';
import { KeyPrefixes } from '../options/key-prefixes';
import { OutputBucket } from '../options/output-bucket';
import { everyGrant, grantOnBucket, grantOnKeyOf } from '../synth/grants';

export interface StorageProps {
  readonly sourceBucket?: s3.IBucket;
  readonly deadLetterQueue: sqs.IQueue;
  readonly settings: Settings;
  readonly names: ResourceNames;
  readonly regions: RegionPlan;
}

/**
 * Who may do what under which prefix of the buckets. The functions may do under former prefixes what they may under
 * those in force: a job keeps the prefixes that it began with.
 */
export class Storage extends Construct {
  readonly sourceBucket: s3.IBucket;
  readonly outputBucket: s3.IBucket;
  /** In force: where new jobs read and write. */
  readonly prefixes: KeyPrefixes;
  private readonly formerPrefixes: readonly KeyPrefixes[];

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    this.prefixes = props.settings.prefixes;
    this.formerPrefixes = props.settings.formerPrefixes;
    const { sourceBucket, settings: { outputBucket } } = props;
    this.sourceBucket = sourceBucket ?? this.createSourceBucket(props);
    this.outputBucket = outputBucket._bind(this.sourceBucket, () => createDataBucket(this, 'OutputBucket', 'output', OUTPUT_PREFIXES, props));
    if (sourceBucket !== undefined) this.expectOfSource(sourceBucket, props.settings);
    if (outputBucket._kind === 'of the user') this.expectOfOutput(props.settings);
    claimPrefixes(scope, { ...props.settings, sourceBucket: this.sourceBucket, outputBucket: this.outputBucket });
  }

  private createSourceBucket(props: StorageProps): s3.Bucket {
    const bucket = createDataBucket(this, 'Bucket', 'data', heldBySource(props.settings.outputBucket), props);
    sendEvents(bucket);
    return bucket;
  }

  private expectOfSource(bucket: s3.IBucket, settings: Settings): void {
    expectInRegion(this, 'sourceBucket', bucket);
    expectInAccount(this, bucket);
    expectRules(this, bucket, { ...settings, prop: 'sourceBucket', holds: heldBySource(settings.outputBucket) });
  }

  private expectOfOutput(settings: Settings): void {
    expectInRegion(this, 'outputBucket', this.outputBucket);
    expectRules(this, this.outputBucket, { ...settings, prop: 'outputBucket', holds: OUTPUT_PREFIXES });
  }

  /**
   * ValidateFile, PlanChunks and ProcessChunk read ranges of the source; CloseJob and SweepJobs look whether it is
   * there. That of a re-run lies where the job before has moved it.
   */
  grantReadSource(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantSource(grantee, ['s3:GetObject', 's3:GetObjectVersion'], 'incoming', 'processed', 'failed'),
      this.grantList(grantee, this.sourceBucket),
      this.grantReadKey(grantee, this.sourceBucket));
  }

  /**
   * PlanChunks writes plan and manifest, ValidateFile (a resume) and FinalizeJob (one more round) a manifest; every
   * later step reads the plan, or what is staged.
   */
  grantWriteManifest(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantOutput(grantee, ['s3:GetObject', 's3:PutObject'], 'work'),
      this.grantList(grantee, this.outputBucket),
      this.grantWriteKey(grantee, this.outputBucket));
  }

  /** PlanChunks stages what cannot be cut in place, beside the manifest. */
  grantStage(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantWriteManifest(grantee),
      this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'work', '*/staged-'));
  }

  /** ProcessChunk uploads a part file, which stays open, and the chunk's rejected records and keys. */
  grantWriteChunk(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], 'output'),
      this.grantOutput(grantee, ['s3:GetObject'], 'work'),
      this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], 'work', '*/rejects/', '*/keys/'),
      this.grantWriteKey(grantee, this.outputBucket));
  }

  /** FinalizeJob completes the uploads, or aborts them, and writes the job's rejected records, report and manifest. */
  grantPublish(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantOutput(grantee, ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], 'output'),
      this.grantOutput(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], 'quarantine'),
      this.grantOutput(grantee, ['s3:PutObject'], 'reports'),
      this.grantWriteManifest(grantee));
  }

  /**
   * MoveSource copies the source with its tags, and deletes the version that was copied. Above 5 GiB it copies by
   * parts, and goes on with those that are there. Beside a file that did not pass it puts the report.
   */
  grantMoveSource(grantee: iam.IGrantable): iam.Grant {
    const copies = ['s3:PutObject', 's3:PutObjectTagging', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
    return everyGrant(grantee,
      this.grantReadSource(grantee),
      this.grantSource(grantee, ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'], 'incoming', 'processed', 'failed'),
      this.grantSource(grantee, ['s3:DeleteObject', 's3:DeleteObjectVersion'], 'incoming'),
      this.grantSource(grantee, copies, 'processed', 'failed'),
      this.grantOutput(grantee, ['s3:GetObject'], 'reports'),
      this.grantReadKey(grantee, this.outputBucket),
      this.grantWriteKey(grantee, this.sourceBucket));
  }

  /** SweepJobs finds files that have no job. */
  grantFindFiles(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, this.sourceBucket, ['s3:ListBucketVersions'], [this.sourceBucket.bucketArn]);
  }

  /** SweepJobs aborts uploads and copies of jobs that have ended. */
  grantAbortUploads(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantListUploads(grantee),
      this.grantSource(grantee, ['s3:AbortMultipartUpload'], 'processed', 'failed'),
      this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'output'),
      this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'quarantine'),
      this.grantOutput(grantee, ['s3:AbortMultipartUpload'], 'work'));
  }

  /** SweepJobs looks what of another region's jobs was published, and where their files are. */
  grantTakeOver(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantReadSource(grantee),
      this.grantOutput(grantee, ['s3:GetObject'], 'output'),
      this.grantOutput(grantee, ['s3:GetObject'], 'quarantine'),
      this.grantOutput(grantee, ['s3:GetObject'], 'reports'),
      this.grantList(grantee, this.outputBucket),
      this.grantReadKey(grantee, this.outputBucket));
  }

  /** The Map reads the manifest, and writes what its children return (nothing). */
  grantRunMap(grantee: iam.IGrantable): void {
    this.grantWriteKey(grantee, this.outputBucket);
  }

  /** A user's own: files to be processed. They start no job under a former prefix. */
  grantUpload(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grant(grantee, this.sourceBucket, ['s3:PutObject', 's3:AbortMultipartUpload'], [this.sourceBucket.arnForObjects(`${this.prefixes.incoming}*`)]),
      this.grantWriteKey(grantee, this.sourceBucket));
  }

  /** A user's own: what the pipeline made, by prefix. */
  grantReadOutput(grantee: iam.IGrantable, prefix: 'output' | 'quarantine' | 'reports'): iam.Grant {
    const underPrefix = { StringLike: { 's3:prefix': this.every(prefix).map((one) => `${one}*`) } };
    return everyGrant(grantee,
      this.grantOutput(grantee, ['s3:GetObject'], prefix),
      this.grant(grantee, this.outputBucket, ['s3:ListBucket'], [this.outputBucket.bucketArn], underPrefix),
      this.grantReadKey(grantee, this.outputBucket));
  }

  /** A user's own: the lists of what was published, and nothing else of it. */
  grantReadManifests(grantee: iam.IGrantable): iam.Grant {
    return everyGrant(grantee,
      this.grantOutput(grantee, ['s3:GetObject'], 'output', '*/_manifest.json'),
      this.grantReadKey(grantee, this.outputBucket));
  }

  /** Objects of the output bucket under a prefix and all its former ones. @param below what follows the prefix */
  outputArns(prefix: PrefixName, ...below: string[]): string[] {
    return arns(this.outputBucket, this.every(prefix), below);
  }

  private grantSource(grantee: iam.IGrantable, actions: string[], ...prefixes: Array<'incoming' | 'processed' | 'failed'>): iam.Grant {
    return this.grant(grantee, this.sourceBucket, actions, prefixes.flatMap((prefix) => arns(this.sourceBucket, this.every(prefix))));
  }

  private grantOutput(grantee: iam.IGrantable, actions: string[], prefix: PrefixName, ...below: string[]): iam.Grant {
    return this.grant(grantee, this.outputBucket, actions, this.outputArns(prefix, ...below));
  }

  private every(prefix: PrefixName): string[] {
    return everyPrefix(prefix, this.prefixes, this.formerPrefixes);
  }

  private grantListUploads(grantee: iam.IGrantable): iam.Grant {
    const onSource = this.grant(grantee, this.sourceBucket, ['s3:ListBucketMultipartUploads'], [this.sourceBucket.bucketArn]);
    return this.outputBucket.bucketArn === this.sourceBucket.bucketArn
      ? onSource : onSource.combine(this.grant(grantee, this.outputBucket, ['s3:ListBucketMultipartUploads'], [this.outputBucket.bucketArn]));
  }

  /**
   * Without it S3 answers 403, not 404, for an object that is gone. It cannot be narrowed to a prefix: a request for an
   * object carries no `s3:prefix`.
   */
  private grantList(grantee: iam.IGrantable, bucket: s3.IBucket): iam.Grant {
    return this.grant(grantee, bucket, ['s3:ListBucket'], [bucket.bucketArn]);
  }

  /** Multipart writers decrypt too: S3 reads the parts when it completes the upload. */
  private grantWriteKey(grantee: iam.IGrantable, bucket: s3.IBucket): iam.Grant | undefined {
    return grantOnKeyOf(this, bucket, grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  private grantReadKey(grantee: iam.IGrantable, bucket: s3.IBucket): iam.Grant | undefined {
    return grantOnKeyOf(this, bucket, grantee, 'kms:Decrypt');
  }

  private grant(
    grantee: iam.IGrantable, bucket: s3.IBucket, actions: string[], resourceArns: string[], conditions?: iam.CommonGrantOptions['conditions'],
  ): iam.Grant {
    return grantOnBucket(this, bucket, { grantee, actions, resourceArns, conditions });
  }
}

function heldBySource({ _kind: kind }: OutputBucket): readonly PrefixName[] {
  return kind === 'as the source' ? [...SOURCE_PREFIXES, ...OUTPUT_PREFIXES] : SOURCE_PREFIXES;
}

function arns(bucket: s3.IBucket, prefixes: string[], below: string[] = []): string[] {
  return prefixes.flatMap((prefix) => (below.length === 0 ? [''] : below).map((rest) => bucket.arnForObjects(`${prefix}${rest}*`)));
}
