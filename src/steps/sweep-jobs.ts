/**
 * Events are the fast way, this is the guarantee: every file has a job, and every job ends, also where an event never
 * came. It closes what nobody works on any more, goes on with what only goes forward, starts what was never started, and
 * clears away what ended jobs have left open.
 */
import { fileIdOf } from './claim';
import { closeExecution, CloseJobDeps, resumeName } from './close-job';
import { announceEnd } from './end-job';
import { halfTime } from './time-share';
import { ENDED_JOB_STATUSES, hasEnded, JobItem, OPEN_JOB_STATUSES } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ObjectCreatedEvent } from '../contract/payloads';
import { PendingUpload } from '../ports/output';
import { PinnedObject } from '../ports/source';
import { StepDeps } from '../ports/step-deps';

/** What of the source bucket starts jobs. */
export interface SweepSettings {
  readonly sourceBucket: string;
  readonly incomingPrefix: string;
  /** In lower case; empty: every file. */
  readonly fileSuffixes: readonly string[];
}

export type SweepJobsDeps = CloseJobDeps & Pick<StepDeps, 'mover' | 'output' | 'timeLeft'> & { readonly sweep: SweepSettings };

/** How many of each. */
export interface SweepJobsOutput {
  /** Open jobs whose execution had ended. */
  readonly closed: number;
  /** Executions that go on with a publication, or move a source away. */
  readonly resumed: number;
  /** Ends of jobs that the event bus had not heard of. */
  readonly announced: number;
  /** Files that had no job. */
  readonly started: number;
  /** Uploads of jobs that had ended for good. */
  readonly aborted: number;
}

/** A file's event has so long to start its job. */
const EVENT_TIME_MS = 15 * 60 * 1000;
/** How long after its end a job is looked at: whether its end was told, and its source moved. */
const RECENT_MS = 3 * 24 * 60 * 60 * 1000;

export async function sweepJobs(deps: SweepJobsDeps): Promise<SweepJobsOutput> {
  const sweep = new Sweep(deps);
  await sweep.openJobs();
  await sweep.endedJobs();
  await sweep.files();
  await sweep.uploads();
  return sweep.end();
}

class Sweep {
  private readonly counts = { closed: 0, resumed: 0, announced: 0, started: 0, aborted: 0 };
  private readonly failures: string[] = [];
  private readonly isTimeUp: () => boolean;
  private readonly now: number;

  constructor(private readonly deps: SweepJobsDeps) {
    this.isTimeUp = halfTime(deps);
    this.now = deps.now().getTime();
  }

  async openJobs(): Promise<void> {
    for (const status of OPEN_JOB_STATUSES) {
      await this.each(this.deps.jobs.jobsByStatus(status, 0), ({ file_id: fileId }) => fileId, async (indexed) => {
        const job = await this.unattended(indexed);
        if (job === undefined || hasEnded(job)) return;
        if (job.status === 'PUBLISHING') return this.resume(job);
        const ended = { executionArn: job.execution_arn, message: 'the execution has ended without closing its job' };
        if ((await closeExecution(ended, this.deps)).status === 'CLOSED') this.counts.closed++;
      });
    }
  }

  async endedJobs(): Promise<void> {
    for (const status of ENDED_JOB_STATUSES) {
      await this.each(this.deps.jobs.jobsByStatus(status, this.now - RECENT_MS), ({ file_id: fileId }) => fileId, async (indexed) => {
        if (isDone(indexed)) return;
        const job = await this.unattended(indexed);
        if (job === undefined || !hasEnded(job) || isDone(job)) return;
        if (job.event_pending === true) {
          await announceEnd(job, this.deps);
          this.counts.announced++;
        }
        if (job.resumable !== true && job.source_state === undefined) await this.resume(job);
      });
    }
  }

  async files(): Promise<void> {
    const { source, sweep: { sourceBucket, incomingPrefix, fileSuffixes } } = this.deps;
    await this.each(source.list(sourceBucket, incomingPrefix), ({ key }) => key, async (object) => {
      const { key, lastModified } = object;
      const isOurs = !key.endsWith('/') && (fileSuffixes.length === 0 || fileSuffixes.some((suffix) => key.toLowerCase().endsWith(suffix)));
      if (!isOurs || Date.parse(lastModified) > this.now - EVENT_TIME_MS || await this.hasJob(object)) return;
      await this.deps.executions.start(this.nameOnce(`sweep-${fileIdOf(this.deps.contract.pipelineId, object)}`), createdEvent(object));
      this.counts.started++;
    });
  }

  async uploads(): Promise<void> {
    const { output, mover, contract: { prefixes }, sweep: { sourceBucket } } = this.deps;
    for (const prefix of [prefixes.output, prefixes.quarantine, prefixes.work]) {
      await this.abort(output.pendingUploads(prefix), () => true, async ({ key, uploadId }) => output.abortUpload(key, uploadId));
    }
    for (const prefix of [prefixes.processed, prefixes.failed]) {
      const isMoved = (job: JobItem) => job.source_state !== undefined;
      await this.abort(mover.pendingCopies(sourceBucket, prefix), isMoved, async ({ key, uploadId }) => mover.abortCopy(sourceBucket, key, uploadId));
    }
  }

  /** @throws Error when something could not be swept: the next sweep tries again, and the failure is seen */
  end(): SweepJobsOutput {
    this.deps.log.info('the jobs are swept', this.counts);
    if (this.failures.length > 0) {
      throw new Error(`expected the sweep to reach everything, got ${this.failures.length} failures, the first of them: ${this.failures[0]}`);
    }
    return this.counts;
  }

  /** What cannot be done for one item keeps no other from its turn. */
  private async each<T>(items: AsyncIterable<T>, nameOf: (item: T) => string, work: (item: T) => Promise<void>): Promise<void> {
    try {
      for await (const item of items) {
        if (this.isTimeUp()) {
          this.deps.log.warn('the time of the sweep is up, the next one goes on', { at: nameOf(item) });
          return;
        }
        await work(item).catch((error: unknown) => this.failures.push(`${nameOf(item)}: ${(error as Error).message}`));
      }
    } catch (error) {
      this.failures.push((error as Error).message);
    }
  }

  /** The job as it is now, if the execution that has it does not run any more. */
  private async unattended({ file_id: fileId }: JobItem): Promise<JobItem | undefined> {
    const job = await this.deps.jobs.job(fileId);
    return job === undefined || await this.deps.executions.isRunning(job.execution_arn) ? undefined : job;
  }

  private async resume(job: JobItem): Promise<void> {
    await this.deps.executions.start(this.nameOnce(resumeName(job)), { resume: true, fileId: job.file_id, run: job.run });
    this.counts.resumed++;
  }

  /** Two sweeps at a time start one execution; a later sweep another one, because the first has come to nothing. */
  private nameOnce(name: string): string {
    return `${name}-${Math.floor(this.now / 60_000)}`;
  }

  private async hasJob(object: PinnedObject): Promise<boolean> {
    const { jobs, source, contract: { pipelineId } } = this.deps;
    if (await jobs.job(fileIdOf(pipelineId, object)) !== undefined) return true;
    // Where the event named no version the job's id was made of what the object itself tells.
    const found = await source.head({ bucket: object.bucket, key: object.key });
    return found === undefined || await jobs.job(fileIdOf(pipelineId, { ...found, versionId: undefined })) !== undefined;
  }

  private async abort(uploads: AsyncIterable<PendingUpload>, isDoneWith: (job: JobItem) => boolean,
    abort: (upload: PendingUpload) => Promise<void>): Promise<void> {
    const known = new Map<string, boolean>();
    await this.each(uploads, ({ key }) => key, async (upload) => {
      const fileId = ObjectKeys.jobOf(upload.key);
      if (fileId === undefined) return;
      if (!known.has(fileId)) {
        const job = await this.deps.jobs.job(fileId);
        known.set(fileId, job !== undefined && hasEnded(job) && job.resumable !== true && isDoneWith(job));
      }
      if (known.get(fileId) !== true) return;
      await abort(upload);
      this.counts.aborted++;
    });
  }
}

/** Its end was told, and its source lies where it belongs. */
function isDone(job: JobItem): boolean {
  return job.event_pending !== true && (job.resumable === true || job.source_state !== undefined);
}

/** As S3 would announce the object. */
function createdEvent({ bucket, key, sizeBytes, etag, versionId, lastModified }: PinnedObject): ObjectCreatedEvent {
  const version = versionId === undefined ? {} : { 'version-id': versionId };
  return { time: lastModified, detail: { bucket: { name: bucket }, object: { key, size: sizeBytes, etag, ...version } } };
}
