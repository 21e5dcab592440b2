import { passiveRegion } from './active-region';
import { announcedObject, claimObject } from './claim';
import { inputFault, isRerun, isResume } from './execution-input';
import { checkTextSize, expectedTimeWarnings, warn } from './expected-time';
import { isFileFault, rejectFile } from './file-fault';
import { formatOf } from './job-plan';
import { requireJob, requireStatus, sourceOf } from './job-state';
import { Refusal } from './refusal';
import { rerunJob } from './rerun-job';
import { resumeJob } from './resume-job';
import { checkFirstCut } from './uncut-limit';
import { fileIdOf } from '../contract/file-id';
import { isFolder } from '../contract/file-keys';
import { JobItem } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { ObjectCreatedEvent, RerunRequest, ResumeRequest, ValidateFileInput, ValidateFileOutput } from '../contract/payloads';
import { ByteSource } from '../engine/io/byte-source';
import { checkHead, HeadReport } from '../engine/records/head';
import { DecodedSource } from '../engine/staging/decoded-source';
import { detectInput } from '../engine/staging/detect-input';
import { needsStaging, ResolvedInput } from '../engine/staging/resolved-input';
import { declaredTextSize } from '../engine/staging/unzip';
import { StepDeps } from '../ports/step-deps';
import { failureOf } from '../spec/error-codes';

export type ValidateFileDeps = Pick<StepDeps, 'jobs' | 'source' | 'output' | 'contract' | 'now' | 'newId' | 'log' | 'meter' | 'regions'>;

/** Claims the object's job, then checks that the file can be processed at all: text, header, a sample of records. */
export async function validateFile({ event, executionArn }: ValidateFileInput, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  const fault = inputFault(event);
  if (fault !== undefined) return refused('', new Refusal(fault));
  const passive = await passiveRegion(deps);
  if (passive !== undefined) return refused('', new Refusal(passive.message));
  if (isResume(event)) return validateResumed(event, executionArn, deps);
  if (isRerun(event)) return validateAgain(event, executionArn, deps);
  return validateNewFile(event, executionArn, deps);
}

async function validateNewFile(event: ObjectCreatedEvent, executionArn: string, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  const announced = announcedObject(event, deps.now());
  if (isFolder(event.detail.object)) return { status: 'IGNORED', fileId: fileIdOf(deps.contract.pipelineId, announced) };

  // An execution that finds its own claim was interrupted and tries again. What lies under the key by now may be another
  // file, which has an execution of its own.
  const own = (await deps.jobs.execution(executionArn))?.claimed_file_id;
  if (own !== undefined) return checkFile(await requireJob(deps.jobs, own), deps);

  const claim = await claimObject(announced, { executionArn }, deps);
  if (claim instanceof Refusal) return refused('', claim);
  const { job, gone } = claim;
  // The answer of a claim may have been lost.
  if (job.execution_arn !== executionArn) return knownFile(job);
  deps.meter.add(METRICS.filesReceived, 1);
  return gone === undefined ? checkFile(job, deps) : rejectFile(job, gone, deps);
}

/** Whoever starts the file of a failed job by hand must not be told that all is well. */
function knownFile(job: JobItem): ValidateFileOutput {
  const { file_id: fileId, key, status, error_code: code, error_message: message } = job;
  if (status !== 'FAILED') return { status: 'DUPLICATE', fileId };
  const failed = `expected a file that has no job yet, got ${key}, whose job ${fileId} has failed (${code}: ${message})`;
  return refused(fileId, new Refusal(`${failed}${remedyOf(job)}`));
}

function remedyOf({ file_id: fileId, moved_to: movedTo, ...job }: JobItem): string {
  const again = `process this one once more with {"rerun":true,"fileId":"${fileId}"}`;
  switch (failureOf(job).remedy) {
    case 'RESUME': return `: to resume it start {"resume":true,"fileId":"${fileId}"}`;
    case 'RERUN': return ` for good: ${again}`;
    case 'SEND_AGAIN': return ' for good: upload the file again';
    case 'CORRECT': return ` for good: upload the corrected file${movedTo === undefined ? '' : `, or ${again}`}`;
    case 'NOTHING': return ' for good: it is processed once more, as a job of its own';
  }
}

async function validateResumed(request: ResumeRequest, executionArn: string, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  const { fileId } = request;
  const resumed = await resumeJob(request, executionArn, deps);
  if (resumed === 'TAKEN') return { status: 'DUPLICATE', fileId };
  if (resumed instanceof Refusal) return refused(fileId, resumed);
  const { job, next, manifestKey } = resumed;
  switch (next) {
    case 'CHECK_FILE': return checkFile(job, deps);
    case 'PROCESS_CHUNKS': return { status: 'RESUMED', fileId, manifestKey };
    case 'FINALIZE_JOB': return { status: job.error_code === undefined ? 'PROCESSED' : 'REJECTED', fileId };
  }
}

async function validateAgain(request: RerunRequest, executionArn: string, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  const job = await rerunJob(request, executionArn, deps);
  if (job instanceof Refusal) return refused(request.fileId, job);
  return job.execution_arn === executionArn ? checkFile(job, deps) : knownFile(job);
}

/** The name of the error that such an execution ends with. */
const REFUSED = 'StartRefused';

function refused(fileId: string, { message }: Refusal): ValidateFileOutput {
  return { status: 'REFUSED', fileId, errorCode: REFUSED, errorMessage: message };
}

async function checkFile(job: JobItem, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  requireStatus(job, 'PLANNING');
  // A try before this one got as far as this.
  if (job.error_code !== undefined) return { status: 'REJECTED', fileId: job.file_id };
  try {
    const source = deps.source.open(sourceOf(job));
    const input = await detectInput(source, deps.contract.input, job.key, deps.contract.dialect);
    const file = { sizeBytes: source.size, input, declaredSizeBytes: input.compression === 'zip' ? await declaredTextSize(source) : undefined };
    checkTextSize(file, deps.contract);
    const head = await checkBeginning(source, input, deps);
    await warn(job, expectedTimeWarnings(file, { ...head, format: formatOf(deps.contract, input, head.columns) }, deps.contract), deps);
    deps.log.info('the file can be processed', { sampleRecords: head.sampleRecords, sampleRejected: head.sampleRejected });
  } catch (error) {
    if (isFileFault(error)) return rejectFile(job, error, deps);
    throw error;
  }
  await deps.jobs.note(job.file_id, job.run, { event: 'validated', at: deps.now().getTime() });
  return { status: 'VALID', fileId: job.file_id };
}

/** Without a pass over the whole file, also where it has to be staged. */
async function checkBeginning(source: ByteSource, input: ResolvedInput, { contract }: ValidateFileDeps): Promise<HeadReport> {
  const format = formatOf(contract, input);
  if (!needsStaging(input)) {
    const head = await checkHead(source, format);
    await checkFirstCut(source, formatOf(contract, input, head.columns), head, contract);
    return head;
  }
  const decoded = await DecodedSource.open(source, input, contract.input.maxDecodedSizeBytes);
  try {
    return await checkHead(decoded, format);
  } finally {
    await decoded.close();
  }
}
