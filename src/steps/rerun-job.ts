/** The file of a job that has ended for good, processed once more: as a job of its own, with its own output. */
import { claim, newJob } from './claim';
import { Refusal } from './refusal';
import { onceAgainIdOf, rerunIdOf } from '../contract/file-id';
import { JobItem } from '../contract/job-item';
import { RerunRequest } from '../contract/payloads';
import { rerunFault, RerunFault, rerunObject } from '../contract/resume-and-rerun';
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
  const fault = rerunFault(first);
  if (fault !== undefined) return new Refusal(whyNot(first, fault));
  const object = rerunObject(first);
  const movedTo = object.key;
  // The other region's bucket has another name.
  const found = await deps.source.head({ bucket: deps.regions?.bucket ?? first.bucket, ...object });
  if (found === undefined) return new Refusal(`expected the file of job ${fileId} at ${movedTo}, got none: it was deleted since`);
  if (found.isArchived === true) {
    return new Refusal(`expected the file of job ${fileId} at ${movedTo} to be one that can be read, got one in an archive: restore it first`);
  }
  const source = { ...found, key: first.key };
  const { pipelineId } = deps.contract;
  const rerunId = once === true ? onceAgainIdOf(pipelineId, first) : rerunIdOf(pipelineId, first, executionArn);
  return claim({ ...newJob(rerunId, source, deps), rerun_of: fileId, read_key: movedTo }, { executionArn }, deps);
}

function whyNot({ file_id: fileId, status }: JobItem, fault: RerunFault): string {
  const expected = `expected job ${fileId} to have ended for good, with its file moved, before that is processed once more, got ${status}`;
  switch (fault) {
    case 'RESUMABLE': return `${expected}, to be resumed: start {"resume":true,"fileId":"${fileId}"}`;
    case 'SOURCE_GONE': return `${expected}, but its file was gone`;
    case 'OPEN':
    case 'SOURCE_NOT_MOVED': return expected;
  }
}
