import { requireActiveRegion } from './active-region';
import { copyByParts, CopyOutcome, isThere } from './copy-by-parts';
import { JSON_TYPE } from './job-plan';
import { changeJob, requireJob, sourceOf } from './job-state';
import { halfTime } from './time-share';
import { EndedJob, hasEnded, JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { JobInput, MoveSourceOutput } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';
import { visibleDocument } from '../spec/visible-text';

export type MoveSourceDeps = Pick<StepDeps, 'jobs' | 'mover' | 'output' | 'contract' | 'now' | 'timeLeft' | 'log' | 'regions'>;

/** Moves the file out of the way of the next one, under a key that holds the job's id, and says how the job ended. */
export async function moveSource({ fileId }: JobInput, deps: MoveSourceDeps): Promise<MoveSourceOutput> {
  await requireActiveRegion(deps);
  const job = await requireJob(deps.jobs, fileId);
  if (!hasEnded(job) || job.resumable === true || job.move_to === undefined) {
    throw new Error(`expected job ${fileId} to have ended for good, got ${job.status}${job.resumable === true ? ', to be resumed' : ''}`);
  }
  const isMoved = job.source_state !== undefined || await move(job, job.move_to, deps);
  return { status: isMoved ? job.status : 'UNFINISHED', fileId, errorCode: job.error_code ?? '', errorMessage: job.error_message ?? '' };
}

/** @returns false when the time is up before the file is copied */
async function move(job: EndedJob, toKey: string, deps: MoveSourceDeps): Promise<boolean> {
  const { state, job: copied } = await copy(job, toKey, deps);
  if (state === 'UNFINISHED') return false;
  // What a try before this one copied there is the file.
  if (state === 'GONE' && !await isThere(deps.mover, job, toKey)) {
    deps.log.warn('the source was gone before it could be moved', { key: job.key });
    await changeJob(deps, copied, { source_state: 'GONE' }, 'source-gone');
    return true;
  }
  if (job.status === 'FAILED') await putReport(job, toKey, deps);
  const isDeleted = await deleteSource(job, deps);
  if (!isDeleted) deps.log.warn('the source is copied, but stays where it was: deleting it was refused (an object lock, or a policy)', { key: job.key });
  await changeJob(deps, copied, { moved_to: toKey, source_state: isDeleted ? 'MOVED' : 'KEPT' }, isDeleted ? 'moved' : 'source-kept');
  return true;
}

async function copy(job: JobItem, toKey: string, deps: MoveSourceDeps): Promise<CopyOutcome> {
  if (job.size_bytes > deps.mover.largestCopy) return copyByParts(job, toKey, halfTime(deps), deps);
  return { state: await deps.mover.copy(sourceOf(job), toKey) ? 'COPIED' : 'GONE', job };
}

/** Beside the file that did not pass: why. */
async function putReport({ bucket, report_key: reportKey }: JobItem, toKey: string, { output, mover }: MoveSourceDeps): Promise<void> {
  const report = await output.getJson(reportKey!);
  await mover.putText(bucket, ObjectKeys.reportBeside(toKey), visibleDocument(report), JSON_TYPE);
}

/**
 * This very version: a newer file of the same key is another job's. Where objects have no versions the ETag would take
 * the same bytes, sent again, for the same file; the time of its arrival does not.
 */
async function deleteSource(job: JobItem, { mover }: MoveSourceDeps): Promise<boolean> {
  // The file is that of the job that was first: it has it where it lies.
  if (job.rerun_of !== undefined) return true;
  const source = sourceOf(job);
  if (source.versionId === undefined) {
    const found = await mover.head(source);
    if (found?.etag !== source.etag || found.lastModified !== source.lastModified) return true;
  }
  return mover.delete(source);
}
