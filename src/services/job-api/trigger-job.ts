/**
 * POST /trigger: starts an execution for a file that lies in the bucket, to resume a job, or to process the file of one
 * once more. What cannot come to anything is refused here, with the job's state; the steps hold the same rules.
 */
import { ApiFault, ApiResponse, FaultDetails, invalid, json } from './api-messages';
import { knownJob } from './known-job';
import { shown, TriggerRequest } from './request-fields';
import { ApiErrorCode, TriggerAction } from '../../contract/api-routes';
import { fileIdOf, hashOf, rerunIdOf } from '../../contract/file-id';
import { createdEvent, FileKeys, startsJob } from '../../contract/file-keys';
import { JobItem } from '../../contract/job-item';
import { ObjectCreatedEvent } from '../../contract/payloads';
import { rerunFault, RerunFault, rerunObject, resumeFault, ResumeFault, resumeWindowEnd } from '../../contract/resume-and-rerun';
import { JobTable } from '../../ports/jobs';
import { StartedExecutions } from '../../ports/operations';
import { fenceOf, regionOf, Regions } from '../../ports/regions';
import { FoundObject, SourceStore } from '../../ports/source';
import { failureOf } from '../../spec/error-codes';

export interface TriggerJobDeps {
  readonly jobs: Pick<JobTable, 'job' | 'execution' | 'fence'>;
  readonly executions: StartedExecutions;
  readonly source: Pick<SourceStore, 'head'>;
  readonly files: FileKeys;
  /** Undefined: the pipeline has one. */
  readonly regions?: Regions;
  readonly pipelineId: string;
  readonly resumeWindowSeconds: number;
  readonly now: () => Date;
}

/** What the answer 202 holds. */
export interface Triggered {
  readonly action: TriggerAction;
  /** Left out where the request was sent before, and its execution has not claimed its job yet. */
  readonly jobId?: string;
  readonly executionArn: string;
}

/** An execution of one name is started once: whoever asks again within a minute, because no answer came, gets the same one. */
const ONCE_WITHIN_MS = 60_000;

export async function triggerJob(request: TriggerRequest, deps: TriggerJobDeps): Promise<ApiResponse> {
  const before = await sentBefore(request, deps);
  if (before !== undefined) return json(202, before);
  await requireActive(deps);
  return json(202, await triggered(request, deps));
}

/** The execution would be refused. */
async function requireActive({ jobs, regions }: TriggerJobDeps): Promise<void> {
  if (regions === undefined) return;
  const { activeRegion } = fenceOf(await jobs.fence(), regions.primary);
  if (activeRegion === regions.own) return;
  throw new ApiFault('region_passive', `expected region ${regions.own} to be the active one, got ${activeRegion}: send the request to the API of ${activeRegion}`);
}

/** Its uploads and work files are there. */
function requireOwn(job: JobItem, { regions }: TriggerJobDeps): void {
  if (regions === undefined || regionOf(job) === regions.own) return;
  throw conflict('job_of_other_region', job, `expected a job of region ${regions.own}, got one that was interrupted in ${regionOf(job)}, where its uploads are: `
    + 'the sweep ends it and processes its file once more, 15 minutes after the switch');
}

async function triggered(request: TriggerRequest, deps: TriggerJobDeps): Promise<Triggered> {
  switch (request.action) {
    case 'start': return startFile(request, deps);
    case 'resume': return resume(request, deps);
    case 'rerun': return rerun(request, deps);
  }
}

type StartRequest = Extract<TriggerRequest, { readonly action: 'start' }>;
type AgainRequest = Exclude<TriggerRequest, StartRequest>;

/** Whatever has become of the job since: to ask again with the same key does nothing, and has the same answer. */
async function sentBefore(request: TriggerRequest, deps: TriggerJobDeps): Promise<Triggered | undefined> {
  const name = nameByKey(request);
  const executionArn = name === undefined ? undefined : await deps.executions.find(name);
  return executionArn === undefined ? undefined : { action: request.action, jobId: await jobIdOf(request, executionArn, deps), executionArn };
}

async function jobIdOf(request: TriggerRequest, executionArn: string, { jobs, pipelineId }: TriggerJobDeps): Promise<string | undefined> {
  switch (request.action) {
    case 'start': return (await jobs.execution(executionArn))?.claimed_file_id;
    case 'resume': return request.jobId;
    case 'rerun': return rerunIdOf(pipelineId, { file_id: request.jobId }, executionArn);
  }
}

async function startFile(request: StartRequest, deps: TriggerJobDeps): Promise<Triggered> {
  const { key, versionId } = request;
  const { files, source, jobs, executions, pipelineId } = deps;
  if (!startsJob(key, files)) throw invalid('key', `key must be ${keyOf(files)}, got ${shown(key)}`);
  const found = await source.head({ bucket: files.sourceBucket, key, versionId });
  const what = `an object ${key}${versionId === undefined ? '' : ` version ${versionId}`} in bucket ${files.sourceBucket}`;
  if (found === undefined) throw new ApiFault('object_not_found', `expected ${what}, got none`, { field: versionId === undefined ? 'key' : 'versionId' });
  if (found.isArchived === true) throw archived(`expected ${what}`);
  // As S3's event names it: it is the same job.
  const object = { ...found, versionId: versionId ?? found.foundVersion };
  const jobId = fileIdOf(pipelineId, object);
  const job = await jobs.job(jobId);
  if (job !== undefined) throw conflict('job_exists', job, `expected ${what} that has no job yet, got one whose job ${jobId} ${stateAndRemedy(job)}`, 'key');
  const { executionArn } = await executions.start(exactEvent(object), nameByKey(request) ?? nameByTime('start', jobId, deps));
  return { action: 'start', jobId, executionArn };
}

/** The job has been told of: it is of this object, whatever may lie under the key when the execution looks. */
function exactEvent(found: FoundObject): ObjectCreatedEvent {
  const { time, detail: { bucket, object } } = createdEvent(found);
  return { time, detail: { bucket, object: { ...object, 'last-modified': found.lastModified } } };
}

async function resume(request: AgainRequest, deps: TriggerJobDeps): Promise<Triggered> {
  const { jobId } = request;
  const job = await knownJob(jobId, deps);
  const fault = resumeFault(job);
  if (fault !== undefined) throw conflict(RESUME_FAULTS[fault], job, `expected a job to resume, got one that ${stateAndRemedy(job)}`);
  requireOwn(job, deps);
  const windowEnd = resumeWindowEnd(job, deps.resumeWindowSeconds);
  if (windowEnd !== undefined && deps.now() > windowEnd) {
    throw conflict('resume_window_over', job, `expected a resume until ${windowEnd.toISOString()}, got one when what the job has uploaded may be gone: `
      + 'the next sweep ends the job for good, and rerun processes its file once more');
  }
  // With the run: of several that come to it one goes on, and none of the others fails.
  const input = { resume: true, fileId: jobId, run: job.run } as const;
  const { executionArn } = await deps.executions.start(input, nameByKey(request) ?? nameByTime('resume', `${jobId}-${job.run}`, deps));
  return { action: 'resume', jobId, executionArn };
}

async function rerun(request: AgainRequest, deps: TriggerJobDeps): Promise<Triggered> {
  const { jobId: firstId } = request;
  const first = await knownJob(firstId, deps);
  const fault = rerunFault(first);
  if (fault === 'RESUMABLE') requireOwn(first, deps);
  if (fault !== undefined) throw conflict(RERUN_FAULTS[fault], first, `expected a job that has ended for good, with its file moved, got one that ${rerunRemedy(first, fault)}`);
  const object = rerunObject(first);
  // Of a job of the other region the bucket has another name there, and the same keys and versions here.
  const found = await deps.source.head({ bucket: deps.files.sourceBucket, ...object });
  const what = `expected the file of job ${firstId} at ${object.key}`;
  if (found === undefined) throw conflict('source_gone', first, `${what}, got none: it was deleted since. Upload it again`);
  if (found.isArchived === true) throw archived(what, first);
  // Without a key each is a new attempt.
  const { executionArn } = await deps.executions.start({ rerun: true, fileId: firstId }, nameByKey(request));
  return { action: 'rerun', jobId: rerunIdOf(deps.pipelineId, first, executionArn), executionArn };
}

const RESUME_FAULTS: Readonly<Record<ResumeFault, ApiErrorCode>> = { OPEN: 'job_open', SUCCEEDED: 'job_succeeded', FAILED_FOR_GOOD: 'job_failed_for_good' };
const RERUN_FAULTS: Readonly<Record<RerunFault, ApiErrorCode>> = {
  OPEN: 'job_open', RESUMABLE: 'job_resumable', SOURCE_GONE: 'source_gone', SOURCE_NOT_MOVED: 'source_not_moved',
};

function stateAndRemedy(job: JobItem): string {
  switch (resumeFault(job)) {
    case 'OPEN': return `is ${job.status}: wait for its end`;
    case 'SUCCEEDED': return 'SUCCEEDED: rerun processes its file once more';
    case 'FAILED_FOR_GOOD': return `FAILED for good (${job.error_code}): ${remedyOf(job)}`;
    case undefined: return `FAILED (${job.error_code}), and can be resumed`;
  }
}

function remedyOf(job: JobItem): string {
  switch (failureOf(job).remedy) {
    case 'RESUME': return 'resume it';
    case 'RERUN': return 'rerun processes its file once more';
    case 'SEND_AGAIN': return 'upload the file again; one that came in its place has a job of its own';
    case 'CORRECT': return 'correct the file and upload it again, or deploy what was wrong and rerun the job';
    case 'NOTHING': return 'its file is processed once more, as a job of its own, whose rerunOf is this one';
  }
}

function rerunRemedy(job: JobItem, fault: RerunFault): string {
  switch (fault) {
    case 'OPEN':
    case 'RESUMABLE': return stateAndRemedy(job);
    case 'SOURCE_GONE': return `${job.status}, and whose file was gone: upload it again`;
    case 'SOURCE_NOT_MOVED': return `${job.status}, and whose file is not moved yet: the next sweep gets that done`;
  }
}

function conflict(code: ApiErrorCode, job: JobItem, message: string, field: string = 'jobId'): ApiFault {
  return new ApiFault(code, message, { field, job });
}

function archived(expected: string, job?: JobItem): ApiFault {
  const details: FaultDetails = { field: job === undefined ? 'key' : 'jobId', job };
  return new ApiFault('source_archived', `${expected} to be one that can be read, got one in an archive: restore it first`, details);
}

function keyOf({ incomingPrefix, fileSuffixes }: FileKeys): string {
  const suffixes = fileSuffixes.length === 0 ? '' : ` and end with ${fileSuffixes.join(' or ')}`;
  return `that of a file, begin with ${shown(incomingPrefix)}${suffixes}`;
}

function nameByKey(request: TriggerRequest): string | undefined {
  if (request.idempotencyKey === undefined) return undefined;
  const what = request.action === 'start' ? [request.key, request.versionId ?? ''] : [request.jobId];
  return `api-${request.action}-${hashOf([request.action, ...what, request.idempotencyKey])}`;
}

function nameByTime(action: TriggerAction, what: string, { now }: TriggerJobDeps): string {
  return `api-${action}-${what}-${Math.floor(now().getTime() / ONCE_WITHIN_MS)}`;
}
