import { Duration } from 'aws-cdk-lib';

/**
 * How long objects stay, in whole days. Holds for the bucket that the pipeline makes; give your own buckets rules of
 * their own, and let them abort incomplete multipart uploads no earlier than `abortIncompleteUploadsAfter` allows.
 */
export interface DataLifecycle {
  /**
   * When the source of a succeeded job moves to S3 Glacier Flexible Retrieval. Published records never do.
   *
   * @default Duration.days(30)
   */
  readonly processedToGlacierAfter?: Duration;

  /**
   * When the source of a job that failed because of its data is deleted.
   *
   * @default - kept
   */
  readonly failedExpireAfter?: Duration;

  /**
   * When a job's rejected records are deleted.
   *
   * @default - kept
   */
  readonly quarantineExpireAfter?: Duration;

  /**
   * When a job's work files are deleted. Longer than `workflowTimeout` plus `resumeWindow`: a job that is resumed reads
   * them.
   *
   * @default Duration.days(30)
   */
  readonly workExpireAfter?: Duration;

  /**
   * When an object version that was overwritten or deleted is deleted for good.
   *
   * @default Duration.days(30)
   */
  readonly noncurrentVersionsExpireAfter?: Duration;

  /**
   * When S3 discards parts that were uploaded but never published. Longer than `workflowTimeout` plus `resumeWindow`:
   * until a job is published its output consists of such parts.
   *
   * @default Duration.days(7)
   */
  readonly abortIncompleteUploadsAfter?: Duration;
}
