/**
 * A job that an infrastructure failure ended goes on where it stood: only the chunks that have no result run again. A
 * job that ended for good but whose source was never moved away gets that done.
 */
import { readPlan, tasksOf, writeManifest } from './job-plan';
import { changeJob, requireJob } from './job-state';
import { hasEnded, JobItem, JobStatus } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';
import { isInterruption } from '../spec/error-codes';

export type ResumeDeps = Pick<StepDeps, 'jobs' | 'output' | 'contract' | 'now'>;

/** `manifestKey` only where chunks are left to run. */
export interface ResumedJob {
  readonly job: JobItem;
  readonly next: 'CHECK_FILE' | 'PROCESS_CHUNKS' | 'FINALIZE_JOB';
  readonly manifestKey?: string;
}

/** @throws Error when the job has ended for good */
export async function resumeJob(fileId: string, executionArn: string, deps: ResumeDeps): Promise<ResumedJob> {
  const found = await requireJob(deps.jobs, fileId);
  // An execution that finds its own claim was interrupted and tries again.
  const job = found.execution_arn === executionArn ? found : await reclaim(found, executionArn, deps);
  if (hasEnded(job) || job.status === 'PUBLISHING' || job.error_code !== undefined) return { job, next: 'FINALIZE_JOB' };
  if (job.chunk_count === undefined) return { job, next: 'CHECK_FILE' };

  const keys = new ObjectKeys(deps.contract.prefixes, fileId);
  const tasks = await remainingTasks(job, keys, deps);
  if (tasks.length === 0) return { job, next: 'FINALIZE_JOB' };
  const manifestKey = keys.manifest(job.run, 0);
  await writeManifest(deps.output, manifestKey, tasks);
  await changeJob(deps, job, ['PROCESSING'], { manifest_key: manifestKey }, 'planned-again');
  return { job, next: 'PROCESS_CHUNKS', manifestKey };
}

/** What the job was when the failure ended it. */
function statusBefore(job: JobItem): JobStatus {
  if (job.error_code === 'publishing_interrupted') return 'PUBLISHING';
  return job.chunk_count === undefined ? 'PLANNING' : 'PROCESSING';
}

async function reclaim(job: JobItem, executionArn: string, deps: ResumeDeps): Promise<JobItem> {
  const claimed: Partial<JobItem> = { execution_arn: executionArn, run: job.run + 1 };
  if (job.status === 'FAILED' && job.resumable === true) {
    await requireWindow(job, deps);
    // A data verdict that the failure kept from being carried out still holds.
    const error = isInterruption(job.error_code) ? { error_code: undefined, error_message: undefined } : {};
    return changeJob(deps, job, ['FAILED'], {
      ...claimed,
      ...error,
      status: statusBefore(job),
      map_round: undefined,
      resumable: undefined,
      process_end_time: undefined,
    }, 'resumed');
  }
  if (hasEnded(job) && job.moved_to === undefined) return changeJob(deps, job, [job.status], claimed, 'resumed');
  throw new Error(`expected job ${job.file_id} to be FAILED and resumable, got ${job.status}${job.status === 'FAILED' ? `, not resumable: ${job.error_message}` : ''}`);
}

/**
 * The bucket aborts uploads that stay open for too long: to publish the chunks that have none any more would fail in
 * the middle. A committed job goes forward all the same.
 */
async function requireWindow(job: JobItem, { output, contract, now }: ResumeDeps): Promise<void> {
  const end = new Date(Date.parse(job.process_start_time) + contract.resumeWindowSeconds * 1000);
  if (now() <= end) return;
  const keys = new ObjectKeys(contract.prefixes, job.file_id);
  if (await output.metadata(keys.commit()) !== undefined) return;
  throw new Error(`expected a resume of job ${job.file_id} until ${end.toISOString()} (resumeWindow after its start), got one at ${now().toISOString()}: `
    + 'the parts it uploaded may be gone; upload the file again');
}

async function remainingTasks({ file_id: fileId, run }: JobItem, keys: ObjectKeys, deps: ResumeDeps): Promise<ChunkTask[]> {
  const plan = await readPlan(deps.output, keys);
  const tasks = new Map(tasksOf(fileId, run, plan.chunks).map((task) => [task.chunkId, task]));
  for await (const chunk of deps.jobs.chunks(fileId)) {
    const task = tasks.get(chunk.chunk_id);
    if (task === undefined) continue;
    // The item has the byte range that a repair may have given the chunk since it was planned, and what is to be left
    // out of it.
    if (chunk.chunk_status === 'SUCCEEDED') tasks.delete(chunk.chunk_id);
    else tasks.set(chunk.chunk_id, { ...task, start: chunk.start, end: chunk.end, exclusionsKey: chunk.exclusions_key });
  }
  return [...tasks.values()];
}
