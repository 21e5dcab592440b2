/**
 * A job that an infrastructure failure ended goes on where it stood: only the chunks that have no result run again. One
 * that is being published goes on with that, and one that ended for good but whose source was never moved away gets
 * that done.
 */
import { requireOpen } from './execution';
import { readPlan, tasksOf, writeManifest } from './job-plan';
import { changeJob } from './job-state';
import { Refusal } from './refusal';
import { isOfOtherRegion } from './take-over-job';
import { hasEnded, JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask, ResumeRequest } from '../contract/payloads';
import { resumeFault, ResumeFault, resumeWindowEnd } from '../contract/resume-and-rerun';
import { JobChanges } from '../ports/jobs';
import { Regions } from '../ports/regions';
import { StepDeps } from '../ports/step-deps';
import { COUNTS } from '../spec/counts';
import { failureOf, JOB_FAILURES, JobErrorCode } from '../spec/error-codes';

export type ResumeDeps = Pick<StepDeps, 'jobs' | 'output' | 'contract' | 'now' | 'newId' | 'log' | 'regions'>;

/** `manifestKey` only where chunks are left to run. */
export interface ResumedJob {
  readonly job: JobItem;
  readonly next: 'CHECK_FILE' | 'PROCESS_CHUNKS' | 'FINALIZE_JOB';
  readonly manifestKey?: string;
}

/** @returns `TAKEN` when another execution has resumed this run before, or has ended it */
export async function resumeJob({ fileId, run }: ResumeRequest, executionArn: string, deps: ResumeDeps): Promise<ResumedJob | Refusal | 'TAKEN'> {
  const found = await deps.jobs.job(fileId);
  if (found === undefined) return new Refusal(`expected a job ${fileId} to resume, got none`);
  // An execution that finds its own claim was interrupted and tries again.
  if (found.execution_arn === executionArn) return goOn(found, deps);
  if (run !== undefined && run !== found.run) return 'TAKEN';
  if (deps.regions !== undefined && isOfOtherRegion(found, deps.regions)) return new Refusal(ofOtherRegion(found, deps.regions));
  const changes = takeOver(found, deps);
  // Who had the run has ended it after all: the pipeline, which asks with a run, has nothing more to do.
  if (changes instanceof Refusal && run !== undefined) return 'TAKEN';
  return changes instanceof Refusal ? changes : goOn(await reclaim(found, changes, executionArn, deps), deps);
}

async function goOn(job: JobItem, deps: ResumeDeps): Promise<ResumedJob> {
  if (hasEnded(job) || job.status === 'PUBLISHING' || job.error_code !== undefined) return { job, next: 'FINALIZE_JOB' };
  if (job.status === 'PLANNING') return { job, next: 'CHECK_FILE' };
  const plan = await readPlan(deps.output, job);
  const tasks = await remainingTasks(job, tasksOf(job, job.plan_key!, plan.chunks, deps.regions), deps);
  if (tasks.length === 0) return { job, next: 'FINALIZE_JOB' };
  const keys = new ObjectKeys(plan.contract.prefixes, job.file_id);
  const manifestKey = await writeManifest(deps, keys, { run: job.run, round: 0 }, tasks);
  return { job: await changeJob(deps, job, { manifest_key: manifestKey }, 'planned-again'), next: 'PROCESS_CHUNKS', manifestKey };
}

/** What makes the job one that is worked on again. */
function takeOver(job: JobItem, deps: ResumeDeps): JobChanges | Refusal {
  const fault = resumeFault(job);
  if (fault === undefined) return reopened(job, deps);
  // Only forward: whoever did it before works on the same thing, and does no harm if they go on.
  if (job.status === 'PUBLISHING') return {};
  if (hasEnded(job) && job.source_state === undefined) return {};
  return new Refusal(whyNot(job, fault));
}

function isVerdict(code: JobErrorCode | undefined): boolean {
  return code !== undefined && JOB_FAILURES[code].remedy !== 'RESUME';
}

function reopened(job: JobItem, deps: ResumeDeps): JobChanges {
  const open: JobChanges = {
    map_round: undefined,
    resumable: undefined,
    process_end_time: undefined,
    event_pending: undefined,
    announced_to: undefined,
  };
  // A data verdict that the failure kept from being carried out still holds.
  const error: JobChanges = !isVerdict(job.error_code) ? { error_code: undefined, error_message: undefined } : {};
  const windowEnd = resumeWindowEnd(job, deps.contract.resumeWindowSeconds);
  if (windowEnd === undefined) return { ...open, ...error, status: 'PLANNING' };
  if (deps.now() <= windowEnd) return { ...open, ...error, status: 'PROCESSING' };
  return { ...open, ...UNPLANNED, ...lateVerdict(job, windowEnd, deps), status: 'PLANNING' };
}

/**
 * The bucket's rules abort uploads that stay open for too long, and expire work files. What a job has planned is for ever,
 * so that it cannot start over; its file can, as another job.
 */
function lateVerdict({ file_id: fileId, error_code: code }: JobItem, windowEnd: Date, { now }: ResumeDeps): JobChanges {
  const verdict = !isVerdict(code) ? '' : ` (its verdict was ${code})`;
  return {
    error_code: 'resumed_too_late',
    error_message: `expected a resume until ${windowEnd.toISOString()} (resumeWindow after the job's start), got one at ${now().toISOString()}, when what it `
      + `has uploaded may be gone${verdict}: to process the file once more start {"rerun":true,"fileId":"${fileId}"}`,
  };
}

/** A job whose work files may be gone: it ends without them. */
const UNPLANNED: JobChanges = {
  plan_key: undefined,
  quarantine_key: undefined,
  key_merge_key: undefined,
  chunk_count: undefined,
  manifest_key: undefined,
  ...Object.fromEntries([...Object.values(COUNTS), 'rejects_by_code', 'rejects_by_column', 'reject_columns_key', 'stages'].map((name) => [name, undefined])),
};

function whyNot(job: JobItem, fault: ResumeFault): string {
  const expected = `expected job ${job.file_id} to be FAILED and resumable, got`;
  const again = `to process its file once more start {"rerun":true,"fileId":"${job.file_id}"}`;
  switch (fault) {
    case 'OPEN':
      return `${expected} ${job.status}: execution ${job.execution_arn} has it. If that has ended, the sweep closes the job, and it can be resumed then`;
    case 'SUCCEEDED': return `${expected} SUCCEEDED: ${again}`;
    case 'FAILED_FOR_GOOD': {
      const remedy = failureOf(job).remedy === 'NOTHING' ? '' : `: ${again}`;
      return `${expected} FAILED for good (${job.error_code}: ${job.error_message})${remedy}`;
    }
  }
}

/** Its work files and open uploads are not replicated. */
function ofOtherRegion({ file_id: fileId, execution_arn: arn }: JobItem, { own }: Regions): string {
  return `expected job ${fileId} to be one of region ${own}, because what it has uploaded lies in the region that it was started in, got one of execution ${arn}: `
    + 'the sweep of the active region takes it over, 15 minutes after the switch';
}

async function reclaim(job: JobItem, changes: JobChanges, executionArn: string, deps: ResumeDeps): Promise<JobItem> {
  requireOpen(await deps.jobs.execution(executionArn), executionArn);
  return changeJob(deps, job, { ...changes, execution_arn: executionArn, run: job.run + 1 }, 'resumed');
}

/** @param tasks all chunks as planned */
async function remainingTasks({ file_id: fileId }: JobItem, tasks: readonly ChunkTask[], deps: ResumeDeps): Promise<ChunkTask[]> {
  const remaining = new Map(tasks.map((task) => [task.chunkId, task]));
  for await (const chunk of deps.jobs.chunks(fileId)) {
    const task = remaining.get(chunk.chunk_id);
    if (task === undefined) continue;
    // The item has the byte range that a repair may have given the chunk since it was planned, and what is to be left
    // out of it.
    if (chunk.chunk_status === 'SUCCEEDED') remaining.delete(chunk.chunk_id);
    else remaining.set(chunk.chunk_id, { ...task, start: chunk.start, end: chunk.end, exclusionsKey: chunk.exclusions_key });
  }
  return [...remaining.values()];
}
