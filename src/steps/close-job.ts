/**
 * The end of an execution that could not end its job itself. First the execution's item is closed: whatever of the
 * execution lives on, it gets no job any more. Then its job is, or, where it has got none, the job of the file that it
 * was started with.
 */
import { passiveRegion } from './active-region';
import { announcedObject, claimObject } from './claim';
import { endJob, EndJobDeps, measureEnd, tryToAnnounce } from './end-job';
import { inputFault, isRerun, isResume } from './execution-input';
import { requireJob } from './job-state';
import { Refusal } from './refusal';
import { isFolder } from '../contract/file-keys';
import { hasEnded, JobItem } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { CloseJobOutput, CloseJobTaskInput, ExecutionEndedEvent, ExecutionInput } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';
import { beginning } from '../spec/visible-text';

/** Most characters of an error message that the job keeps; the rest is in the logs. */
const MAX_MESSAGE_LENGTH = 1000;

export type CloseJobDeps = EndJobDeps & Pick<StepDeps, 'source' | 'executions' | 'regions'>;

/** An execution that nobody works in any more. */
export interface EndedExecution {
  readonly executionArn: string;
  /** Why it has ended. */
  readonly message: string;
  /** What it was started with; undefined where that is not known. */
  readonly input?: unknown;
}

/** From the Catch of the state machine, or from the rule on executions that have ended. */
export async function closeJob(input: CloseJobTaskInput | ExecutionEndedEvent, deps: CloseJobDeps): Promise<CloseJobOutput> {
  const passive = await passiveRegion(deps);
  if (passive === undefined) return closeExecution(endedExecution(input), deps);
  // The region that is active takes the job over.
  deps.log.info(passive.message);
  return { status: 'NOTHING_TO_CLOSE' };
}

/**
 * The open uploads, the chunk items and the source stay: the job is resumable. One that is being published is never
 * made a failed one: an execution of its own goes on with it.
 */
export async function closeExecution(ended: EndedExecution, deps: CloseJobDeps): Promise<CloseJobOutput> {
  const { executionArn } = ended;
  const fileId = await deps.jobs.closeExecution(executionArn, deps.now().getTime());
  if (fileId === undefined) return claimForClosed(ended, deps);
  const job = await requireJob(deps.jobs, fileId);
  // A resume has it now.
  if (job.execution_arn !== executionArn) return { status: 'NOTHING_TO_CLOSE', fileId };
  if (hasEnded(job)) {
    await tryToAnnounce(job, deps);
    return { status: 'NOTHING_TO_CLOSE', fileId };
  }
  if (job.status === 'PUBLISHING') return publishFurther(job, ended, deps);

  await failOpenChunks(job, ended.message, deps);
  const error = job.error_code === undefined ? { error_code: 'infrastructure', error_message: ended.message } as const : {};
  await endJob(job, { ...error, status: 'FAILED', resumable: true }, deps);
  return { status: 'CLOSED', fileId };
}

/** The name of an automatic resume: of several for one run, one is started. */
export function resumeName({ file_id: fileId, run }: JobItem): string {
  return `resume-${fileId}-${run}`;
}

async function publishFurther(job: JobItem, { input }: EndedExecution, deps: CloseJobDeps): Promise<CloseJobOutput> {
  const { file_id: fileId, run } = job;
  // An automatic resume that fails as well is followed by the sweep's, not by one that begins at once.
  const wasAutomatic = isKnown(input) && isResume(input) && input.run !== undefined;
  if (!wasAutomatic) await deps.executions.start(resumeName(job), { resume: true, fileId, run });
  deps.log.warn('the job is being published, and goes on in another execution', { fileId, run });
  return { status: 'PUBLISHING', fileId };
}

/** No file is without a job: one whose execution failed before the claim has an interrupted one. */
async function claimForClosed({ executionArn, message, input }: EndedExecution, deps: CloseJobDeps): Promise<CloseJobOutput> {
  if (!isKnown(input) || isResume(input) || isRerun(input) || isFolder(input.detail.object)) return { status: 'NOTHING_TO_CLOSE' };
  const claim = await claimObject(announcedObject(input, deps.now()), { executionArn, interruption: message }, deps);
  if (claim instanceof Refusal) return { status: 'NOTHING_TO_CLOSE' };
  const { job } = claim;
  const fileId = job.file_id;
  if (job.execution_arn !== executionArn) return { status: 'NOTHING_TO_CLOSE', fileId };
  deps.meter.add(METRICS.filesReceived, 1);
  measureEnd(job, deps.now(), deps);
  await tryToAnnounce(job, deps);
  return { status: 'CLOSED', fileId };
}

function isKnown(input: unknown): input is ExecutionInput {
  return inputFault(input) === undefined;
}

function endedExecution(input: CloseJobTaskInput | ExecutionEndedEvent): EndedExecution {
  if ('detail' in input) {
    const { executionArn, status, input: started } = input.detail;
    return { executionArn, message: `the execution ended as ${status}`, input: parsed(started ?? '') };
  }
  const { Error: name = 'unknown error', Cause: cause = '' } = input.error;
  // A timeout has no cause.
  const message = cause === '' ? name : `${name}: ${causeMessage(cause)}`;
  return { executionArn: input.executionArn, message: beginning(message, MAX_MESSAGE_LENGTH), input: input.input };
}

/** Lambda's cause is a JSON text with the error's message and its stack. */
function causeMessage(cause: string): string {
  const { errorMessage } = (parsed(cause) ?? {}) as { errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage : cause;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

async function failOpenChunks(job: JobItem, message: string, deps: CloseJobDeps): Promise<void> {
  for await (const chunk of deps.jobs.chunks(job.file_id)) {
    if (chunk.chunk_status === 'PROCESSING') await deps.jobs.failChunk(chunk, message, deps.now().getTime());
  }
}
