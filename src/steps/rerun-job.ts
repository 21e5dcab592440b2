/** The file of a job that has ended for good, processed once more: as a job of its own, with its own output. */
import { claim, newJob } from './claim';
import { Refusal } from './refusal';
import { rerunIdOf } from '../contract/file-id';
import { JobItem } from '../contract/job-item';
import { rerunFault, RerunFault } from '../contract/resume-and-rerun';
import { StepDeps } from '../ports/step-deps';

export type RerunDeps = Pick<StepDeps, 'jobs' | 'source' | 'contract' | 'now'>;

/** The first job keeps its file where it lies: the new one reads it there, and leaves a copy of it with its own outcome. */
export async function rerunJob(fileId: string, executionArn: string, deps: RerunDeps): Promise<JobItem | Refusal> {
  const first = await deps.jobs.job(fileId);
  if (first === undefined) return new Refusal(`expected a job ${fileId} to process once more, got none`);
  const fault = rerunFault(first);
  if (fault !== undefined) return new Refusal(whyNot(first, fault));
  const movedTo = first.moved_to!;
  const found = await deps.source.head({ bucket: first.bucket, key: movedTo });
  if (found === undefined) return new Refusal(`expected the file of job ${fileId} at ${movedTo}, got none: it was deleted since`);
  if (found.isArchived === true) {
    return new Refusal(`expected the file of job ${fileId} at ${movedTo} to be one that can be read, got one in an archive: restore it first`);
  }
  const source = { ...found, key: first.key };
  const job = { ...newJob(rerunIdOf(deps.contract.pipelineId, first, executionArn), source, deps), rerun_of: fileId, read_key: movedTo };
  return claim(job, { executionArn }, deps);
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
