/** The conditional writes that change a job item and its execution's. */
import { ItemUpdate } from './update-expression';
import { JobItem } from '../contract/job-item';
import { JobChanges } from '../ports/jobs';

/** @param changed the job as it will be, see `changedJob`; of it only what the changes name is written */
export function jobUpdate(job: JobItem, changes: JobChanges, changed: JobItem): ItemUpdate {
  return {
    changes: { ...changes, timestamp: changed.timestamp, revision: changed.revision, unsettled: changed.unsettled },
    condition: '#revision = :if_revision',
    values: { ':if_revision': job.revision },
  };
}

/** Notes at an execution that it has this job, and no other. */
export function executionClaim(fileId: string, { evenIfClosed }: { readonly evenIfClosed: boolean }): ItemUpdate {
  const hasNoOther = '(attribute_not_exists(#claimed_file_id) OR #claimed_file_id = :claimed_file_id)';
  return { changes: { claimed_file_id: fileId }, condition: evenIfClosed ? hasNoOther : `${hasNoOther} AND attribute_not_exists(#closed_at)` };
}

/** The first time counts. */
export function executionClose(at: number): ItemUpdate {
  return { changes: {}, assignments: ['#closed_at = if_not_exists(#closed_at, :at)'], values: { ':at': at } };
}
