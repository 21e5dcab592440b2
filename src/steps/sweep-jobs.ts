/**
 * Events are the fast way, this is the guarantee: every file has a job, and every job ends, also where an event never
 * came. It closes what nobody works on any more, goes on with what only goes forward, starts what was never started, and
 * clears away what ended jobs have left open.
 */
import { passiveRegion, readFence } from './active-region';
import { closeExecution, CloseJobDeps, resumeName } from './close-job';
import { announceEnd, secondsBetween } from './end-job';
import { isLost, isOfOtherRegion, settleLost, takeOverJob } from './take-over-job';
import { halfTime } from './time-share';
import { fileIdOf } from '../contract/file-id';
import { createdEvent, FileKeys, IntakeName, startsJob } from '../contract/file-keys';
import { chunkItemExpiry, hasEnded, JobItem, waitsSince } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { ObjectKeys } from '../contract/object-keys';
import { resumeWindowEnd } from '../contract/resume-and-rerun';
import { inParallel } from '../engine/io/in-parallel';
import { SweptOutput } from '../ports/output';
import { PendingUpload } from '../ports/pending-upload';
import { Fence, Regions } from '../ports/regions';
import { PinnedObject, SweptSource } from '../ports/source';
import { StepDeps } from '../ports/step-deps';

/** What of the source bucket are files, and whether they start by themselves: not with `manual`. */
export interface SweepSettings extends FileKeys {
  readonly intake: IntakeName;
}

export type SweepJobsDeps = CloseJobDeps & Pick<StepDeps, 'mover' | 'timeLeft'> & {
  readonly source: SweptSource;
  readonly output: SweptOutput;
  readonly sweep: SweepSettings;
};

/** How many of each. */
export interface SweepJobsOutput {
  /** Open jobs whose execution had ended. */
  readonly closed: number;
  /** Executions that go on with a publication, or move a source away. */
  readonly resumed: number;
  /** Ends of jobs that not all had been told of. */
  readonly announced: number;
  /** Files that had no job. */
  readonly started: number;
  /** Uploads of jobs that had ended for good. */
  readonly aborted: number;
  /** Jobs that the other region had when this one became the active one. */
  readonly takenOver: number;
}

const NOTHING = { closed: 0, resumed: 0, announced: 0, started: 0, aborted: 0, takenOver: 0 };
const ITEMS_IN_FLIGHT = 16;
const HOUR_MS = 60 * 60 * 1000;
/** What is known of an execution may be older than its start. */
const YOUNG_MS = 2 * 60 * 1000;
/** A file's event has so long to start its job. */
const EVENT_TIME_MS = 15 * 60 * 1000;
/** What the other region had written before the switch has so long to be replicated. */
const REPLICATION_TIME_MS = 15 * 60 * 1000;

export async function sweepJobs(deps: SweepJobsDeps): Promise<SweepJobsOutput> {
  const passive = await passiveRegion(deps);
  if (passive !== undefined) {
    deps.log.info(passive.message);
    // What is open is the other region's to tell of. Without a value an alarm would take the sweep for dead, and another one
    // would go on as it was before the switch.
    const { openJobs, jobsWaiting, oldestOpenJobAge, oldestSlaJobAge, oldestFileAge } = METRICS;
    for (const metric of [openJobs, jobsWaiting, oldestOpenJobAge, oldestSlaJobAge, oldestFileAge]) deps.meter.add(metric, 0);
    return NOTHING;
  }
  const sweep = new Sweep(deps, await readFence(deps));
  await sweep.jobs();
  await sweep.files();
  await sweep.uploads();
  return sweep.end();
}

class Sweep {
  private readonly counts = { ...NOTHING };
  private readonly failures: string[] = [];
  private readonly now: number;

  constructor(private readonly deps: SweepJobsDeps, private readonly fence: Fence | undefined) {
    this.now = deps.now().getTime();
  }

  async jobs(): Promise<void> {
    const { jobs, meter, slaFileSizeBytes } = this.deps;
    const open = { jobs: 0, oldest: 0, oldestOfSla: 0 };
    let waiting = 0;
    const areAllSeen = await this.each(jobs.unsettledJobs(), (fileId) => fileId, async (fileId) => {
      const job = await jobs.job(fileId);
      if (job === undefined) return undefined;
      if (job.resumable === true) waiting++;
      if (!hasEnded(job)) {
        const age = secondsBetween(waitsSince(job), this.now);
        open.jobs++;
        open.oldest = Math.max(open.oldest, age);
        if (job.size_bytes <= slaFileSizeBytes) open.oldestOfSla = Math.max(open.oldestOfSla, age);
      }
      return async () => this.bringOn(job);
    });
    // Of some of the jobs nothing is said: a small number would read as good news.
    if (!areAllSeen) return;
    meter.add(METRICS.openJobs, open.jobs);
    meter.add(METRICS.jobsWaiting, waiting);
    meter.add(METRICS.oldestOpenJobAge, open.oldest);
    meter.add(METRICS.oldestSlaJobAge, open.oldestOfSla);
  }

  async files(): Promise<void> {
    const { source, meter, sweep } = this.deps;
    // Whoever starts files by hand starts them all. But nobody does in a standby.
    if (sweep.intake === 'manual' && !this.isStandby) return;
    const startTime = this.isStandby ? YOUNG_MS : EVENT_TIME_MS;
    let oldest = 0;
    const areAllSeen = await this.each(source.list(sweep.sourceBucket, sweep.incomingPrefix), ({ key }) => key, async (object) => {
      const { key, lastModified } = object;
      const isLate = Date.parse(lastModified) <= this.now - startTime;
      const age = secondsBetween(Date.parse(lastModified), this.now);
      // A file that came a moment ago has its event to start it, and is of interest only if it is the oldest.
      if (!startsJob(key, sweep) || (!isLate && age <= oldest)) return undefined;
      const job = await this.jobOf(object);
      if (job === undefined || !hasEnded(job)) oldest = Math.max(oldest, age);
      return job === undefined && isLate ? async () => this.start(object) : undefined;
    });
    if (areAllSeen) meter.add(METRICS.oldestFileAge, oldest);
  }

  async uploads(): Promise<void> {
    const { output, mover, sweep: { sourceBucket } } = this.deps;
    // Under whatever prefixes a job was planned with.
    await this.abort(output.pendingUploads(''), async ({ key, uploadId }) => output.abortUpload(key, uploadId));
    await this.abort(mover.pendingCopies(sourceBucket, ''), async ({ key, uploadId }) => mover.abortCopy(sourceBucket, key, uploadId));
  }

  /** @throws Error when something could not be swept: the next sweep tries again, and the failure is seen */
  end(): SweepJobsOutput {
    this.deps.log.info('the jobs are swept', this.counts);
    if (this.failures.length > 0) {
      throw new Error(`expected the sweep to reach everything, got ${this.failures.length} failures, the first of them: ${this.failures[0]}`);
    }
    return this.counts;
  }

  /**
   * What cannot be done for one item keeps no other from its turn.
   *
   * @param look answers what is to be done for the item, or undefined
   * @returns whether all of them were looked at, whatever became of them
   */
  private async each<T>(items: AsyncIterable<T>, nameOf: (item: T) => string,
    look: (item: T) => Promise<(() => Promise<void>) | undefined>): Promise<boolean> {
    const { failures } = this;
    let areAllSeen = true;
    // Half of the time that is left: however many jobs there are, files and uploads have their turn.
    const swept = inParallel(untilTimeIsUp(items, nameOf, halfTime(this.deps)), ITEMS_IN_FLIGHT, async (item) => {
      const failed = (error: unknown): void => { failures.push(`${nameOf(item)}: ${(error as Error).message}`); };
      const todo = await look(item).catch((error: unknown) => {
        areAllSeen = false;
        failed(error);
        return undefined;
      });
      await todo?.().catch(failed);
    });
    await swept.catch((error: unknown) => {
      areAllSeen = false;
      failures.push((error as Error).message);
    });
    return areAllSeen;
  }

  /** Goes on with a job that nobody works on. */
  private async bringOn(job: JobItem): Promise<void> {
    const { regions } = this.deps;
    if (regions !== undefined && (isLost(job) || isOfOtherRegion(job, regions))) return this.takeOver(job, regions);
    await this.keepChunks(job);
    if (this.waitsForOperator(job) || job.timestamp > this.now - YOUNG_MS) return;
    if (await this.deps.executions.isRunning(job.execution_arn)) return;
    if (hasEnded(job)) return this.settle(job);
    if (job.status === 'PUBLISHING') return this.resume(job);
    const ended = { executionArn: job.execution_arn, message: 'the execution has ended without closing its job' };
    if ((await closeExecution(ended, this.deps)).status === 'CLOSED') this.counts.closed++;
  }

  /**
   * What is open for longer than a job can be, because its publication comes to nothing again and again, still needs the
   * items of its chunks. They have the time of `chunkItemsExpireAfter` then; half of it is left when they get more.
   */
  private async keepChunks({ file_id: fileId, process_start_time: start }: JobItem): Promise<void> {
    const { jobs, contract } = this.deps;
    const { longestJobSeconds, chunkItemsExpireAfterSeconds } = contract;
    if (this.now <= Date.parse(start) + longestJobSeconds * 1000) return;
    const expiry = chunkItemExpiry(this.now, contract);
    // Each by itself: a chunk that is made again, because its upload is gone, has a later expiry than the others.
    for await (const chunk of jobs.chunks(fileId)) {
      if ((chunk.expires_at ?? Infinity) < expiry - chunkItemsExpireAfterSeconds / 2) return jobs.keepChunks(fileId, expiry);
    }
  }

  /** Whether and when it is resumed is not for the pipeline to decide, as long as it can be. */
  private waitsForOperator(job: JobItem): boolean {
    return job.resumable === true && job.event_pending !== true && !this.isTooLate(job);
  }

  private isTooLate(job: JobItem): boolean {
    const end = resumeWindowEnd(job, this.deps.contract.resumeWindowSeconds);
    return end !== undefined && this.now > end.getTime();
  }

  /** Whether or not its end can be told: a queue that is gone keeps no source from being moved. */
  private async settle(job: JobItem): Promise<void> {
    try {
      await this.announce(job);
    } finally {
      // Too late to be resumed, a resume ends it for good.
      if (job.resumable === true ? this.isTooLate(job) : job.source_state === undefined) await this.resume(job);
    }
  }

  private async announce(job: JobItem): Promise<void> {
    if (job.event_pending !== true) return;
    await announceEnd(job, this.deps);
    this.counts.announced++;
  }

  private async start(object: PinnedObject): Promise<void> {
    await this.deps.executions.start(this.nameOnce(`sweep-${fileIdOf(this.deps.contract.pipelineId, object)}`), createdEvent(object));
    this.counts.started++;
  }

  /** It is the active region, or it would sweep nothing. */
  private get isStandby(): boolean {
    const { regions } = this.deps;
    return regions !== undefined && regions.own !== regions.primary;
  }

  private async takeOver(job: JobItem, regions: Regions): Promise<void> {
    // The job tells of a switch, and where none is known the fence has not been replicated yet: this region may be passive.
    if (this.fence === undefined || this.fence.epoch === 0) return;
    if (this.now < this.fence.since + REPLICATION_TIME_MS) return;
    const deps = { ...this.deps, regions, switchedAt: this.fence.since };
    const takenOver = isLost(job) ? await settleLost(job, deps) : await takeOverJob(job, deps);
    if (takenOver === 'WAITS') return;
    const { file_id: fileId } = job;
    if (takenOver === 'LOST') await this.deps.executions.start(this.nameOnce(`takeover-${fileId}`), { rerun: true, fileId, once: true });
    this.counts.takenOver++;
  }

  private async resume(job: JobItem): Promise<void> {
    await this.deps.executions.start(this.nameOnce(resumeName(job)), { resume: true, fileId: job.file_id, run: job.run });
    this.counts.resumed++;
  }

  /**
   * Several sweeps within an hour start one execution, which may have to wait for a function; a later sweep another one,
   * because the first has come to nothing.
   */
  private nameOnce(name: string): string {
    return `${name}-${Math.floor(this.now / HOUR_MS)}`;
  }

  private async jobOf(object: PinnedObject): Promise<JobItem | undefined> {
    const { jobs, contract: { pipelineId } } = this.deps;
    return jobs.job(fileIdOf(pipelineId, object));
  }

  private async abort(uploads: AsyncIterable<PendingUpload>, abort: (upload: PendingUpload) => Promise<void>): Promise<void> {
    const { jobs } = this.deps;
    // A job has many.
    const known = new Map<string, Promise<JobItem | undefined>>();
    await this.each(uploads, ({ key }) => key, async (upload) => {
      const fileId = ObjectKeys.jobOf(upload.key);
      if (fileId === undefined) return undefined;
      if (!known.has(fileId)) known.set(fileId, jobs.job(fileId));
      const job = await known.get(fileId);
      if (job === undefined || !isLeftBehind(upload.key, job)) return undefined;
      // The rules of the bucket abort it as well, some days later: an upload under prefixes of long ago may not be ours any
      // more.
      return async () => abort(upload).then(() => { this.counts.aborted++; }, (error: Error) => {
        this.deps.log.warn('an upload is not cleaned up', { key: upload.key, cause: error.message });
      });
    });
  }
}

/** @throws Error before the first item that there is no time for */
async function* untilTimeIsUp<T>(items: AsyncIterable<T>, nameOf: (item: T) => string, isTimeUp: () => boolean): AsyncIterable<T> {
  for await (const item of items) {
    if (isTimeUp()) throw new Error(`the time was up before ${nameOf(item)}`);
    yield item;
  }
}

/** An upload that nobody completes any more. */
function isLeftBehind(key: string, job: JobItem): boolean {
  if (!hasEnded(job) || job.resumable === true) return false;
  return key !== job.move_to || job.source_state !== undefined;
}
