/**
 * Where files land and where the pipeline keeps what. Each prefix ends with `/`, and none lies inside another: the
 * pipeline would start on its own output.
 */
export interface KeyPrefixOptions {
  /**
   * Where files land, in the source bucket.
   *
   * @default 'incoming/'
   */
  readonly incoming?: string;

  /**
   * Sources of jobs that succeeded, in the source bucket.
   *
   * @default 'processed/'
   */
  readonly processed?: string;

  /**
   * Sources of jobs that failed because of the data, in the source bucket.
   *
   * @default 'failed/'
   */
  readonly failed?: string;

  /**
   * Published records, in the output bucket.
   *
   * @default 'output/'
   */
  readonly output?: string;

  /**
   * Rejected records with their reasons, one CSV file a job, in the output bucket.
   *
   * @default 'quarantine/'
   */
  readonly quarantine?: string;

  /**
   * One report a job, in the output bucket.
   *
   * @default 'reports/'
   */
  readonly reports?: string;

  /**
   * Work files of the running jobs, in the output bucket.
   *
   * @default 'work/'
   */
  readonly work?: string;
}
