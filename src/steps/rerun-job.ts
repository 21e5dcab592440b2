/** The file of a job that has ended for good, processed once more: as a job of its own, with its own output. */
import { claim, newJob, onceAgainIdOf, rerunIdOf } from './claim';
import { Refusal } from './refusal';
import { hasEnded, JobItem } from '../contract/job-item';
import { RerunRequest } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';

export type RerunDeps = Pick<StepDeps, 'jobs' | 'source' | 'contract' | 'now' | 'regions'>;

/**
 * The first job keeps its file where it lies: the new one reads it there, and leaves a copy of it with its own outcome.
 *
 * @returns of a request that is made once a job that another execution may have
 */
export async function rerunJob({ fileId, once }: RerunRequest, executionArn: string, deps: RerunDeps): Promise<JobItem | Refusal> {
  const first = await deps.jobs.job(fileId);
  if (first === undefined) return new Refusal(`expected a job ${fileId} to process once more, got none`);
  if (!hasEnded(first) || first.resumable === true || first.moved_to === undefined) return new Refusal(whyNot(first));
  // Of a file that still lies where it landed there may be newer versions. The other region's bucket has another name.
  const versionId = first.moved_to === (first.read_key ?? first.key) ? first.version_id : undefined;
  const found = await deps.source.head({ bucket: deps.regions?.bucket ?? first.bucket, key: first.moved_to, versionId });
  if (found === undefined) return new Refusal(`expected the file of job ${fileId} at ${first.moved_to}, got none: it was deleted since`);
  if (found.isArchived === true) {
    return new Refusal(`expected the file of job ${fileId} at ${first.moved_to} to be one that can be read, got one in an archive: restore it first`);
  }
  const source = { ...found, key: first.key };
  const { pipelineId } = deps.contract;
  const rerunId = once === true ? onceAgainIdOf(pipelineId, first) : rerunIdOf(pipelineId, first, executionArn);
  return claim({ ...newJob(rerunId, source, deps), rerun_of: fileId, read_key: first.moved_to }, { executionArn }, deps);
}

function whyNot({ file_id: fileId, status, resumable, source_state: state }: JobItem): string {
  const expected = `expected job ${fileId} to have ended for good, with its file moved, before that is processed once more, got ${status}`;
  if (resumable === true) return `${expected}, to be resumed: start {"resume":true,"fileId":"${fileId}"}`;
  return state === 'GONE' ? `${expected}, but its file was gone` : expected;
}
