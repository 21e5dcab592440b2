import { JobChanges } from './jobs';
import { JobItem } from '../contract/job-item';

/** The job as every store has it after these changes, see `JobTable.changeJob`. */
export function changedJob(job: JobItem, changes: JobChanges, at: number): JobItem {
  const timestamp = changes.status === undefined ? job.timestamp : at;
  return withoutUndefined({ ...job, ...changes, timestamp, revision: job.revision + 1 } as JobItem);
}

/** A database does not store attributes that are undefined. */
export function withoutUndefined<T extends object>(item: T): T {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as T;
}
