import { announcedObject, claimObject, fileIdOf } from './claim';
import { isFileFault, rejectFile } from './file-fault';
import { formatOf } from './job-plan';
import { sourceOf } from './job-state';
import { resumeJob } from './resume-job';
import { JobItem } from '../contract/job-item';
import { ObjectCreatedEvent, ValidateFileInput, ValidateFileOutput } from '../contract/payloads';
import { ByteSource } from '../engine/io/byte-source';
import { checkHead, HeadReport } from '../engine/records/head';
import { DecodedSource } from '../engine/staging/decoded-source';
import { detectInput } from '../engine/staging/detect-input';
import { needsStaging, ResolvedInput } from '../engine/staging/resolved-input';
import { StepDeps } from '../ports/step-deps';

export type ValidateFileDeps = Pick<StepDeps, 'jobs' | 'source' | 'output' | 'contract' | 'now' | 'log'>;

/** Claims the object's job, then checks that the file can be processed at all: text, header, a sample of records. */
export async function validateFile(input: ValidateFileInput, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  const { event, executionArn } = input;
  if (!('resume' in event)) return validateNewFile(event, executionArn, deps);

  const { job, next, manifestKey } = await resumeJob(event.fileId, executionArn, deps);
  switch (next) {
    case 'CHECK_FILE': return checkFile(job, deps);
    case 'PROCESS_CHUNKS': return { status: 'RESUMED', fileId: job.file_id, manifestKey };
    case 'FINALIZE_JOB': return { status: job.error_code === undefined ? 'PROCESSED' : 'REJECTED', fileId: job.file_id };
  }
}

async function validateNewFile(event: ObjectCreatedEvent, executionArn: string, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  const announced = announcedObject(event, deps.now());
  if (announced.key.endsWith('/')) return { status: 'IGNORED', fileId: fileIdOf(deps.contract.pipelineId, announced) };

  const { job, gone } = await claimObject(announced, executionArn, deps);
  // An execution that finds its own claim was interrupted and tries again.
  if (job.execution_arn !== executionArn) return { status: 'DUPLICATE', fileId: job.file_id };
  return gone === undefined ? checkFile(job, deps) : rejectFile(job, gone, deps);
}

async function checkFile(job: JobItem, deps: ValidateFileDeps): Promise<ValidateFileOutput> {
  try {
    const source = deps.source.open(sourceOf(job));
    const input = await detectInput(source, deps.contract.input, job.key, deps.contract.dialect);
    const head = await checkBeginning(source, input, deps);
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
  if (!needsStaging(input)) return checkHead(source, format);
  const decoded = await DecodedSource.open(source, input, contract.input.maxDecodedSizeBytes);
  try {
    return await checkHead(decoded, format);
  } finally {
    await decoded.close();
  }
}
