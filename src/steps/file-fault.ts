import { changeJob, requireStatus } from './job-state';
import { JobItem } from '../contract/job-item';
import { FileError } from '../engine/model/errors';
import { SourceChangedError } from '../ports/source-changed';
import { StepDeps } from '../ports/step-deps';

/** What is wrong with the file itself: to try again would change nothing. */
export type FileFault = FileError | SourceChangedError;

export function isFileFault(error: unknown): error is FileFault {
  return error instanceof FileError || error instanceof SourceChangedError;
}

/** Notes the fault before any chunk is processed, as the verdict that FinalizeJob closes the job with. */
export async function rejectFile(job: JobItem, fault: FileFault, deps: Pick<StepDeps, 'jobs' | 'now'>):
Promise<{ readonly status: 'REJECTED'; readonly fileId: string }> {
  requireStatus(job, 'PLANNING');
  await changeJob(deps, job, { error_code: fault.code, error_message: fault.message }, 'rejected');
  return { status: 'REJECTED', fileId: job.file_id };
}
