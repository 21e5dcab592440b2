/**
 * Whether a job can be started again: the one rule, for the steps that do it and for whoever asks for it. Each says in
 * its own words what to do instead.
 */
import { hasEnded, JobItem } from './job-item';

/** Why a job cannot be resumed. `OPEN`: an execution has it or, where that has ended, the next sweep. */
export type ResumeFault = 'OPEN' | 'SUCCEEDED' | 'FAILED_FOR_GOOD';

export function resumeFault(job: JobItem): ResumeFault | undefined {
  if (!hasEnded(job)) return 'OPEN';
  if (job.status === 'SUCCEEDED') return 'SUCCEEDED';
  return job.resumable === true ? undefined : 'FAILED_FOR_GOOD';
}

/**
 * When what a job has uploaded may be gone: a resume later than this ends it for good. Undefined: it has uploaded
 * nothing, and may be resumed whenever.
 */
export function resumeWindowEnd({ plan_key: planKey, process_start_time: start }: JobItem, resumeWindowSeconds: number): Date | undefined {
  return planKey === undefined ? undefined : new Date(Date.parse(start) + resumeWindowSeconds * 1000);
}

/**
 * Where the file of a job lies that can be processed once more. Of a file that still lies where it landed there may be
 * newer versions; of one that was moved there are none.
 */
export function rerunObject(job: JobItem): { readonly key: string; readonly versionId?: string } {
  const landed = job.read_key ?? job.key;
  return { key: job.moved_to!, versionId: job.moved_to === landed ? job.version_id : undefined };
}

/** Why the file of a job cannot be processed once more, as a job of its own. */
export type RerunFault = 'OPEN' | 'RESUMABLE' | 'SOURCE_GONE' | 'SOURCE_NOT_MOVED';

export function rerunFault(job: JobItem): RerunFault | undefined {
  if (!hasEnded(job)) return 'OPEN';
  if (job.resumable === true) return 'RESUMABLE';
  if (job.moved_to !== undefined) return undefined;
  return job.source_state === 'GONE' ? 'SOURCE_GONE' : 'SOURCE_NOT_MOVED';
}
