import * as s3 from 'aws-cdk-lib/aws-s3';
import { isWith } from '../synth/prop-types';

/** Where published and rejected records, reports and work files go. */
export class OutputBucket {
  /** Into the bucket that files land in, under prefixes of their own. */
  public static sameAsSource(): OutputBucket {
    return new OutputBucket((source) => source, 'as the source');
  }

  /**
   * Into a second bucket, which the pipeline makes as it makes the first one: versioned, encrypted, TLS only, no public
   * access, with the rules of `lifecycle`. With an `environmentSuffix`, its name has 7 characters less for that and the
   * pipeline's id: 19.
   */
  public static own(): OutputBucket {
    return new OutputBucket((_, make) => make(), 'of the pipeline');
  }

  /**
   * Into a bucket of yours. It needs two lifecycle rules, or what jobs leave behind is kept, and paid, for ever: expire
   * objects under `prefixes.work` (work files and staged texts, each as large as the text of its file), in a versioned bucket
   * their noncurrent versions too, and abort incomplete uploads in the whole bucket (parts that were never published). Both
   * after more days than `workflowTimeout` plus `resumeWindow`; nothing else of an open job may expire, or go to an archive
   * that it reads, before that. Where a bucket of the same app is otherwise, synth warns.
   */
  public static existing(bucket: s3.IBucket): OutputBucket {
    isWith('bucketArn', 'a bucket (s3.IBucket)')('bucket', bucket);
    return new OutputBucket(() => bucket, 'of the user');
  }

  private constructor(
    /** @internal */
    public readonly _bind: (source: s3.IBucket, make: () => s3.IBucket) => s3.IBucket,
    /** @internal */
    public readonly _kind: 'as the source' | 'of the pipeline' | 'of the user',
  ) {}
}
