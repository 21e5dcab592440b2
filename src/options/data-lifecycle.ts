import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** When objects move to another storage class. */
export interface StorageClassTransition {
  /** Where to. S3 bills each class for a shortest time: 90 days of Glacier, 180 of Deep Archive. */
  readonly storageClass: s3.StorageClass;

  /** How long after an object was made. Whole days, 1 or more; 30 or more for the two classes of infrequent access. */
  readonly after: Duration;
}

/** What becomes of the objects under one prefix. What is left out does not happen. */
export interface PrefixLifecycle {
  /**
   * When an object is deleted. Whole days, 1 or more, and later than `transition`.
   *
   * @default - never
   */
  readonly expireAfter?: Duration;

  /**
   * When an object moves to another storage class.
   *
   * @default - it stays in S3 Standard
   */
  readonly transition?: StorageClassTransition;
}

/**
 * How long objects stay, prefix by prefix. Holds for the buckets that the pipeline makes: what lies in a bucket of your
 * own has no rule here. A prefix that is given has what is given for it, and nothing of its default.
 *
 * What a job that is open, or that can be resumed, still needs must outlive it: under `incoming`, `output`, `quarantine`,
 * `reports` and `work` nothing may expire before `workflowTimeout` plus `resumeWindow`, and nothing of `incoming`,
 * `reports` and `work` move to an archive.
 */
export interface DataLifecycle {
  /**
   * Files that were not moved away: those that are no input, those that may not be deleted, and with `Intake.manual()`
   * those that nobody has started.
   *
   * @default - kept; with `disasterRecovery` deleted after 30 days, or later where a job can take longer, in both regions:
   * deletions are not replicated, and what one region has moved away still lies there in the other one
   */
  readonly incoming?: PrefixLifecycle;

  /**
   * Sources of jobs that succeeded. What is in an archive must be restored before it can be processed once more.
   *
   * @default - to S3 Glacier Flexible Retrieval after 30 days, and kept
   */
  readonly processed?: PrefixLifecycle;

  /**
   * Sources of jobs that failed because of the data.
   *
   * @default - kept
   */
  readonly failed?: PrefixLifecycle;

  /**
   * Published records. What is in an archive is read by no query.
   *
   * @default - kept
   */
  readonly output?: PrefixLifecycle;

  /**
   * Rejected records.
   *
   * @default - kept
   */
  readonly quarantine?: PrefixLifecycle;

  /**
   * Reports.
   *
   * @default - kept
   */
  readonly reports?: PrefixLifecycle;

  /**
   * Work files, of which nobody needs any once their job can be resumed no more: they must expire.
   *
   * @default - deleted after 30 days
   */
  readonly work?: PrefixLifecycle;

  /**
   * When an object version that was overwritten or deleted is deleted for good. Longer than `workflowTimeout` plus
   * `resumeWindow`: a job reads the version that it has begun with, also when another one of its key has landed.
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
