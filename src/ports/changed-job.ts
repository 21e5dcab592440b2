import { JobChanges } from './jobs';
import { isSettled, JobItem, UNSETTLED } from '../contract/job-item';

/** The job as every store has it after these changes, see `JobTable.changeJob`. */
export function changedJob(job: JobItem, changes: JobChanges, at: number): JobItem {
  const timestamp = changes.status === undefined ? job.timestamp : at;
  const changed = { ...job, ...changes, timestamp, revision: job.revision + 1 } as JobItem;
  return withoutUndefined({ ...changed, unsettled: isSettled(changed) ? undefined : UNSETTLED });
}

/** A database does not store attributes that are undefined. */
export function withoutUndefined<T extends object>(item: T): T {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as T;
}
