import { JobItem } from '../contract/job-item';
import { JobChanges, JobCondition } from '../ports/jobs';
import { PinnedObject } from '../ports/source';
import { StepDeps } from '../ports/step-deps';

export async function requireJob(jobs: StepDeps['jobs'], fileId: string): Promise<JobItem> {
  const job = await jobs.job(fileId);
  if (job === undefined) throw new Error(`expected a job ${fileId} in the job table, got none`);
  return job;
}

/** The object that a job is about. */
export function sourceOf(job: JobItem): PinnedObject {
  return {
    bucket: job.bucket,
    key: job.key,
    versionId: job.version_id,
    etag: job.etag,
    sizeBytes: job.size_bytes,
    lastModified: job.last_modified,
  };
}

/**
 * A change of state that only this step can make. When it does not hold somebody else has changed the job: another run
 * of it, or CloseJob. To go on would be to work against them.
 */
export async function changeJob(deps: Pick<StepDeps, 'jobs' | 'now'>, job: JobItem, status: JobCondition['status'], changes: JobChanges,
  event: string, condition: Pick<JobCondition, 'noVerdict'> = {}): Promise<JobItem> {
  const changed = await deps.jobs.changeJob(job.file_id, { status, run: job.run, ...condition }, changes, { event, at: deps.now().getTime() });
  if (!changed) {
    const got = await requireJob(deps.jobs, job.file_id);
    const verdict = got.error_code === undefined ? '' : ` with the verdict ${got.error_code}`;
    throw new Error(`expected job ${job.file_id} to be ${status.join(' or ')} in run ${job.run}, got ${got.status} in run ${got.run}${verdict}`);
  }
  return { ...job, ...changes } as JobItem;
}
