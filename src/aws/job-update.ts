/** The conditional write that changes a job item. */
import { ItemUpdate } from './update-expression';
import { JobChanges, JobCondition } from '../ports/jobs';

/** @param at when it changes, epoch milliseconds */
export function jobUpdate(onlyIf: JobCondition, changes: JobChanges, at: number): ItemUpdate {
  const statuses = Object.fromEntries(onlyIf.status.map((status, index) => [`:if_status_${index}`, status]));
  const condition = `#status IN (${Object.keys(statuses).join(', ')}) AND #run = :if_run`;
  return {
    changes: changes.status === undefined ? changes : { ...changes, timestamp: at },
    condition: onlyIf.noVerdict === true ? `${condition} AND attribute_not_exists(#error_code)` : condition,
    values: { ...statuses, ':if_run': onlyIf.run },
  };
}
