import { JobItem, JobStatus } from '../contract/job-item';
import { JobChanges } from '../ports/jobs';
import { PinnedObject } from '../ports/source';
import { StepDeps } from '../ports/step-deps';

export async function requireJob(jobs: StepDeps['jobs'], fileId: string): Promise<JobItem> {
  const job = await jobs.job(fileId);
  if (job === undefined) throw new Error(`expected a job ${fileId} in the job table, got none`);
  return job;
}

/** @throws Error when somebody else has changed the job: to go on would be to work against them */
export function requireStatus(job: JobItem, ...statuses: readonly JobStatus[]): void {
  if (!statuses.includes(job.status)) throw new Error(`expected job ${job.file_id} to be ${statuses.join(' or ')}, got ${describe(job)}`);
}

/** The object that a job is about. */
export function sourceOf(job: JobItem): PinnedObject {
  return {
    bucket: job.bucket,
    key: job.read_key ?? job.key,
    versionId: job.version_id,
    etag: job.etag,
    sizeBytes: job.size_bytes,
    lastModified: job.last_modified,
  };
}

/**
 * Changes the job as it was read: whoever decides has seen what they decide on.
 *
 * @throws Error when somebody else has changed it since: another run of it, a twin of this step, or CloseJob
 */
export async function changeJob(deps: Pick<StepDeps, 'jobs' | 'now'>, job: JobItem, changes: JobChanges, event: string): Promise<JobItem> {
  const changed = await deps.jobs.changeJob(job, changes, { event, at: deps.now().getTime() });
  if (changed !== undefined) return changed;
  const got = await requireJob(deps.jobs, job.file_id);
  throw new Error(`expected job ${job.file_id} to be as it was read (${describe(job)}), got ${describe(got)}`);
}

function describe({ status, run, revision, error_code: code }: JobItem): string {
  return `${status} in run ${run}${code === undefined ? '' : ` with the verdict ${code}`}, revision ${revision}`;
}
