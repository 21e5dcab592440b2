import { JobItem, JobStatus } from '../contract/job-item';

/** Where a reading of jobs, newest first, goes on: behind this one. */
export interface JobPosition {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly fileId: string;
}

export interface JobPeriod {
  /** Epoch milliseconds, the first that counts. */
  readonly from: number;
  /** The first that does not count any more. */
  readonly to: number;
  /** Default: from the newest on. */
  readonly after?: JobPosition;
  /** How many are wanted, most likely. */
  readonly pageSize: number;
}

/** Jobs by status and time. Eventually consistent: a job that changes meanwhile may be there twice, or missing. */
export interface JobIndex {
  /** Jobs that reached this status in the period, newest first. */
  newestJobs(status: JobStatus, period: JobPeriod): AsyncIterable<JobItem>;
}
