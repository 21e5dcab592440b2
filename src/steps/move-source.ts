import { JSON_TYPE } from './job-plan';
import { changeJob, requireJob, sourceOf } from './job-state';
import { EndedJob, hasEnded } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { JobInput, MoveSourceOutput } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';

export type MoveSourceDeps = Pick<StepDeps, 'jobs' | 'mover' | 'output' | 'contract' | 'now' | 'log'>;

/** Moves the file out of the way of the next one, under a key that holds the job's id, and says how the job ended. */
export async function moveSource({ fileId }: JobInput, deps: MoveSourceDeps): Promise<MoveSourceOutput> {
  const job = await requireJob(deps.jobs, fileId);
  if (!hasEnded(job) || job.resumable === true) {
    throw new Error(`expected job ${fileId} to have ended for good, got ${job.status}${job.resumable === true ? ', to be resumed' : ''}`);
  }
  const movedTo = job.moved_to ?? await move(job, deps);
  if (movedTo === undefined) deps.log.warn('the source was gone before it could be moved', { key: job.key });
  else if (job.moved_to === undefined) await changeJob(deps, job, [job.status], { moved_to: movedTo }, 'moved');
  return { status: job.status, fileId, errorCode: job.error_code ?? '', errorMessage: job.error_message ?? '' };
}

/** @returns where the source lies now; undefined when it is gone */
async function move(job: EndedJob, { mover, output, contract }: MoveSourceDeps): Promise<string | undefined> {
  const keys = new ObjectKeys(contract.prefixes, job.file_id);
  const toKey = job.status === 'SUCCEEDED' ? keys.processed(job.file_name) : keys.failed(job.file_name);
  const source = sourceOf(job);
  // The key is this job's own: what a try before this one copied there is the file.
  if (!await mover.copy(source, toKey) && !await mover.exists(source.bucket, toKey)) return undefined;
  if (job.status === 'FAILED') {
    const report = await output.getJson(keys.report());
    await mover.putText(source.bucket, keys.failedReport(job.file_name), JSON.stringify(report, undefined, 2) + '\n', JSON_TYPE);
  }
  // This very version: a newer file of the same key is another job's.
  await mover.delete(source);
  return toKey;
}
