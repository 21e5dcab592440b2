import { announceEnd, endJob } from './end-job';
import { hasEnded, JobItem, OPEN_JOB_STATUSES } from '../contract/job-item';
import { CloseJobOutput, CloseJobTaskInput, ExecutionEndedEvent } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';

/** How far back to look for a job that has ended but whose event was lost. */
const RECENT_MILLISECONDS = 60 * 60 * 1000;
/** Most characters of an error message that the job keeps; the rest is in the logs. */
const MAX_MESSAGE_LENGTH = 1000;

export type CloseJobDeps = Pick<StepDeps, 'jobs' | 'events' | 'contract' | 'now' | 'log' | 'meter'>;

/**
 * Closes the job of an execution that cannot go on. The open uploads, the chunk items and the source stay: the job is
 * resumable, also one that is being published (its resume finishes that).
 */
export async function closeJob(input: CloseJobTaskInput | ExecutionEndedEvent, deps: CloseJobDeps): Promise<CloseJobOutput> {
  const { executionArn, message } = causeOf(input);
  const job = await deps.jobs.jobOfExecution(executionArn, deps.now().getTime() - RECENT_MILLISECONDS);
  if (job === undefined) return { status: 'NOTHING_TO_CLOSE' };
  if (hasEnded(job)) {
    await announceEnd(job, deps);
    return { status: 'NOTHING_TO_CLOSE', fileId: job.file_id };
  }

  await failOpenChunks(job, message, deps);
  const error = job.error_code === undefined ? errorOf(job, message) : {};
  await endJob(job, OPEN_JOB_STATUSES, { ...error, status: 'FAILED', resumable: true }, deps);
  return { status: 'CLOSED', fileId: job.file_id };
}

function errorOf({ status }: JobItem, message: string): Pick<JobItem, 'error_code' | 'error_message'> {
  if (status !== 'PUBLISHING') return { error_code: 'infrastructure', error_message: message };
  return { error_code: 'publishing_interrupted', error_message: `some parts may be visible until a resume publishes the others: ${message}` };
}

function causeOf(input: CloseJobTaskInput | ExecutionEndedEvent): { executionArn: string; message: string } {
  if ('detail' in input) return { executionArn: input.detail.executionArn, message: `the execution ended as ${input.detail.status}` };
  const { Error: name = 'unknown error', Cause: cause = '' } = input.error;
  return { executionArn: input.executionArn, message: `${name}: ${causeMessage(cause)}`.slice(0, MAX_MESSAGE_LENGTH) };
}

/** Lambda's cause is a JSON text with the error's message and its stack. */
function causeMessage(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}

async function failOpenChunks(job: JobItem, message: string, deps: CloseJobDeps): Promise<void> {
  for await (const chunk of deps.jobs.chunks(job.file_id)) {
    if (chunk.chunk_status === 'PROCESSING') await deps.jobs.failChunk(chunk, message, deps.now().getTime());
  }
}
