/** Where files land and where a pipeline keeps what; each ends with `/`. */
export interface KeyPrefixes {
  /** Where files land, in the source bucket. */
  readonly incoming: string;

  /** Sources of jobs that succeeded, in the source bucket. */
  readonly processed: string;

  /** Sources of jobs that failed because of the data, in the source bucket. */
  readonly failed: string;

  /** Published records, in the output bucket. */
  readonly output: string;

  /** Rejected records with their reasons, in the output bucket. */
  readonly quarantine: string;

  /** One report a job, in the output bucket. */
  readonly reports: string;

  /** Work files of the running jobs, in the output bucket. */
  readonly work: string;
}
