/**
 * One object version is one job, however often its event is delivered: who is first to create the job item has the job.
 */
import { posix } from 'node:path';
import { requireOpen } from './execution';
import { Refusal } from './refusal';
import { fileIdOf, hashOf } from '../contract/file-id';
import { JOB_SORT_KEY, JobItem, UNSETTLED } from '../contract/job-item';
import { ObjectCreatedEvent } from '../contract/payloads';
import { FoundObject, PinnedObject } from '../ports/source';
import { SourceChangedError } from '../ports/source-changed';
import { StepDeps } from '../ports/step-deps';

export type ClaimDeps = Pick<StepDeps, 'jobs' | 'source' | 'contract' | 'now'>;

/** Begins the audit entry that leads from a key and an ETag to the job that came of them. */
const TRACE = 'claimed-as-';

/** Who claims. */
export interface Claimant {
  readonly executionArn: string;
  /** The execution has ended, and has claimed nothing: the job is one that this interrupted from the start. */
  readonly interruption?: string;
}

export interface Claim {
  /** The item as it is in the table now, ours or another execution's. */
  readonly job: JobItem;
  /** The object is not there any more, and what came instead. */
  readonly gone?: SourceChangedError;
}

export interface AnnouncedObject extends PinnedObject {
  /** It is this object or none: also the same bytes, sent again, are another one. */
  readonly isExact: boolean;
}

/** The object as its event announced it. */
export function announcedObject(event: ObjectCreatedEvent, now: Date): AnnouncedObject {
  const { bucket, object } = event.detail;
  // "null" names the one version that an unversioned bucket has: it says nothing about which object that is.
  const versionId = object['version-id'] === 'null' ? undefined : object['version-id'];
  const lastModified = object['last-modified'];
  return {
    bucket: bucket.name,
    key: object.key,
    versionId,
    // Whoever starts a file by hand may have it from an answer of S3, which has quotes around it.
    etag: (object.etag ?? '').replace(/^"|"$/g, ''),
    sizeBytes: object.size ?? 0,
    lastModified: lastModified ?? event.time ?? now.toISOString(),
    isExact: versionId !== undefined || lastModified !== undefined,
  };
}

/**
 * @returns a refusal where nothing tells which object is meant, and there is none
 * @throws Error when the execution is closed, and the object has no job
 */
export async function claimObject(announced: AnnouncedObject, claimant: Claimant, deps: ClaimDeps): Promise<Claim | Refusal> {
  const { pipelineId } = deps.contract;
  const announcedId = fileIdOf(pipelineId, announced);
  const found = await headFor(announced, claimant, deps);
  if (found === undefined && announced.versionId === undefined && announced.etag === '') {
    return new Refusal(`expected an object ${announced.key} in bucket ${announced.bucket}, got none`);
  }
  const gone = whyGone(announced, found);
  if (found === undefined || gone !== undefined) {
    const job = await tracedJob(announced, deps) ?? await claim(newJob(announcedId, announced, deps), claimant, deps);
    return { job, gone };
  }

  const source = { ...found, versionId: announced.versionId };
  // Whoever starts a file by hand may leave out what the event of S3 says: it is the same file, and the same job.
  const fileId = fileIdOf(pipelineId, { ...source, versionId: source.versionId ?? found.foundVersion });
  // An event that is not exact, and comes after the object was moved away, finds its job by this.
  await deps.jobs.note(traceId(source, deps), 1, { event: TRACE + fileId, at: deps.now().getTime() });
  return { job: await claim(newJob(fileId, source, deps), claimant, deps) };
}

function traceId({ key, etag }: PinnedObject, { contract: { pipelineId } }: ClaimDeps): string {
  return hashOf([pipelineId, 'trace', key, etag]);
}

/** The last one: the same bytes may have come under the same key before. */
async function tracedJob(announced: AnnouncedObject, deps: ClaimDeps): Promise<JobItem | undefined> {
  if (announced.isExact) return undefined;
  const trace = (await deps.jobs.events(traceId(announced, deps))).findLast(({ event }) => event.startsWith(TRACE));
  return trace && deps.jobs.job(trace.event.slice(TRACE.length));
}

/** CloseJob claims what is named exactly also where S3 does not answer: nobody else will, and it is known which it is. */
async function headFor(announced: AnnouncedObject, { interruption }: Claimant, { source }: ClaimDeps): Promise<FoundObject | undefined> {
  return source.head(announced).catch((error: unknown) => {
    if (interruption === undefined || !announced.isExact) throw error;
    return announced;
  });
}

function whyGone(announced: AnnouncedObject, found: PinnedObject | undefined): SourceChangedError | undefined {
  if (found === undefined) return new SourceChangedError(announced, 'none: the object is gone');
  // A version is what it is, whatever else was said of it.
  if (announced.versionId !== undefined) return undefined;
  if (announced.etag !== '' && announced.etag !== found.etag) return new SourceChangedError(announced, `ETag ${found.etag}`);
  if (announced.isExact && announced.lastModified !== found.lastModified) {
    return new SourceChangedError(announced, `the same bytes, sent again: last modified ${found.lastModified}, not ${announced.lastModified}`);
  }
  return undefined;
}

/** What a job is before anybody has it. */
export type UnclaimedJob = Omit<JobItem, 'execution_arn'>;

export function newJob(fileId: string, source: PinnedObject, { contract, now }: Pick<ClaimDeps, 'contract' | 'now'>): UnclaimedJob {
  const at = now();
  return {
    file_id: fileId,
    chunk_id: JOB_SORT_KEY,
    status: 'PLANNING',
    timestamp: at.getTime(),
    revision: 1,
    unsettled: UNSETTLED,
    file_name: posix.basename(source.key),
    bucket: source.bucket,
    key: source.key,
    version_id: source.versionId,
    etag: source.etag,
    size_bytes: source.sizeBytes,
    last_modified: source.lastModified,
    schema_fingerprint: contract.fingerprint,
    process_start_time: at.toISOString(),
    ingest_date: at.toISOString().slice(0, 10),
    run: 1,
  };
}

/** @returns the job as it is in the table now */
export async function claim(unclaimed: UnclaimedJob, { executionArn, interruption }: Claimant, deps: Pick<ClaimDeps, 'jobs'>): Promise<JobItem> {
  const job = { ...unclaimed, execution_arn: executionArn };
  const event = { event: 'claimed', at: job.timestamp };
  if (interruption !== undefined) {
    const interrupted: JobItem = {
      ...job,
      status: 'FAILED',
      error_code: 'infrastructure',
      error_message: interruption,
      resumable: true,
      process_end_time: job.process_start_time,
      event_pending: true,
    };
    if (await deps.jobs.claimForClosed(interrupted, event)) return interrupted;
  } else if (await deps.jobs.claim(job, event)) {
    return job;
  }
  const found = await deps.jobs.job(job.file_id);
  if (found !== undefined) return found;
  requireOpen(await deps.jobs.execution(executionArn), executionArn);
  throw new Error(`expected execution ${executionArn} to have no other job than ${job.file_id}, got one`);
}
