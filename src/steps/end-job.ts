/** The end of a job: its item is closed, then all who want to hear of it are told, at least once. */
import { failureNotice } from './failure-notice';
import { changeJob } from './job-state';
import { queuedMessage } from './queued-message';
import { EndedJobStatus, JobItem, waitsSince } from '../contract/job-item';
import { JOB_MESSAGE_VERSION, JobMessage } from '../contract/job-message';
import { MetricName, METRICS } from '../contract/metrics';
import { ObjectKeys } from '../contract/object-keys';
import { resumeWindowEnd } from '../contract/resume-and-rerun';
import { StepDeps } from '../ports/step-deps';
import { FailureKind, failureOf, REJECT_CODES } from '../spec/error-codes';
import { beginning } from '../spec/visible-text';

export type EndJobDeps = Pick<StepDeps, 'jobs' | 'output' | 'events' | 'notifications' | 'contract' | 'now' | 'slaFileSizeBytes' | 'log' | 'meter'>;

/** Of an error's message; the whole of it is in the report. A message of a queue holds 256 KiB. */
const MAX_MESSAGE_LENGTH = 4000;

/** @param end what the end adds to the job: counts, error, where the source goes */
export async function endJob(job: JobItem, end: Partial<JobItem> & { readonly status: EndedJobStatus }, deps: EndJobDeps): Promise<void> {
  const now = deps.now();
  const untold = { event_pending: true, announced_to: undefined };
  const ended = await changeJob(deps, job, { ...end, ...untold, process_end_time: now.toISOString() }, end.status.toLowerCase());
  measureEnd(ended, now, deps);
  await tryToAnnounce(ended, deps);
}

/**
 * As `announceEnd`, on the way of a job, which does not end for it: whoever could not be told is told by the sweep, as
 * long as the job has its mark.
 */
export async function tryToAnnounce(job: JobItem, deps: EndJobDeps): Promise<void> {
  await announceEnd(job, deps).catch((error: Error) => {
    deps.log.warn('the end of the job is not told yet, the sweep will try again', { fileId: job.file_id, run: job.run, cause: error.message });
  });
}

/**
 * Tells the event bus, and who hears of it besides, unless they have been told: each of them, whatever the others answer.
 *
 * @throws Error when one of them could not be told: the job keeps its mark, and says who has been
 */
export async function announceEnd(job: JobItem, deps: EndJobDeps): Promise<void> {
  if (job.event_pending !== true) return;
  const { announced_to: before = [] } = job;
  const listeners = listenersOf(messageOf(job, deps), deps).filter(({ name }) => !before.includes(name));
  const outcomes = await Promise.allSettled(listeners.map(async ({ tell }) => tell()));
  const failures = outcomes.flatMap((outcome, index) => outcome.status === 'fulfilled' ? [] : [`${listeners[index].name} (${(outcome.reason as Error).message})`]);
  const at = deps.now().getTime();
  if (failures.length === 0) {
    // Where somebody else has changed the job meanwhile it stays as it is: told twice is better than never.
    await deps.jobs.changeJob(job, { event_pending: undefined, announced_to: undefined }, { event: 'announced', at });
    return;
  }
  const told = listeners.filter((_, index) => outcomes[index].status === 'fulfilled').map(({ name }) => name);
  if (told.length > 0) await deps.jobs.changeJob(job, { announced_to: [...before, ...told] }, { event: 'announced-in-part', at });
  throw new Error(`expected to tell all of the end of job ${job.file_id}, got no answer of ${failures.join(', ')}`);
}

interface Listener {
  readonly name: NonNullable<JobItem['announced_to']>[number];
  readonly tell: () => Promise<void>;
}

function listenersOf(message: JobMessage, { events, notifications }: EndJobDeps): Listener[] {
  const bus: Listener = { name: 'events', tell: async () => events.announce(message) };
  if (notifications === undefined) return [bus];
  const queue: Listener = { name: 'queue', tell: async () => notifications.queue.send(queuedMessage(message, notifications.grouping)) };
  if (message.status === 'SUCCEEDED') return [bus, queue];
  return [bus, queue, { name: 'topic', tell: async () => notifications.topic.publish(failureNotice(message)) }];
}

function messageOf(job: JobItem, { output, contract }: EndJobDeps): JobMessage {
  return {
    version: JOB_MESSAGE_VERSION,
    pipelineId: contract.pipelineId,
    fileId: job.file_id,
    run: job.run,
    status: job.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED',
    bucket: job.bucket,
    key: job.key,
    versionId: job.version_id,
    sizeBytes: job.size_bytes,
    moveTo: job.move_to,
    startedAt: job.process_start_time,
    endedAt: job.process_end_time!,
    recordsRead: job.records_read,
    recordsWritten: job.records_written,
    recordsRejected: job.records_rejected,
    recordsFiltered: job.records_filtered,
    outputBucket: output.bucketName,
    outputPrefix: job.output_prefix,
    manifestKey: job.output_prefix && ObjectKeys.publishedManifestIn(job.output_prefix),
    rejectedKey: job.rejected_key,
    reportKey: job.report_key,
    ...failureFields(job, contract),
  };
}

type Failure = Pick<JobMessage, 'failureKind' | 'errorCode' | 'errorMessage' | 'resumable' | 'resumableUntil'>;

function failureFields(job: JobItem, contract: StepDeps['contract']): Failure {
  if (job.status === 'SUCCEEDED') return {};
  return {
    failureKind: failureOf(job).kind,
    errorCode: job.error_code,
    errorMessage: job.error_message && beginning(job.error_message, MAX_MESSAGE_LENGTH),
    resumable: job.resumable,
    resumableUntil: job.resumable === true ? resumeWindowEnd(job, contract.resumeWindowSeconds)?.toISOString() : undefined,
  };
}

/** Beside `JobsFailed`. The file of a job that was lost has another one, which is counted when that ends. */
const FAILURE_METRICS: Readonly<Record<FailureKind, readonly MetricName[]>> = {
  DATA: [METRICS.jobsRejected],
  INFRASTRUCTURE: [METRICS.jobsInterrupted],
  LOST: [],
};

export function measureEnd(job: JobItem, now: Date, { meter, log, slaFileSizeBytes }: Pick<EndJobDeps, 'meter' | 'log' | 'slaFileSizeBytes'>): void {
  if (job.status === 'SUCCEEDED') {
    meter.add(METRICS.jobsSucceeded, 1);
  } else {
    for (const metric of [METRICS.jobsFailed, ...FAILURE_METRICS[failureOf(job).kind]]) meter.add(metric, 1);
  }
  meter.add(METRICS.jobDuration, now.getTime() - Date.parse(job.process_start_time));
  // Between two sweeps a job may grow older than the SLA, and end.
  if (job.size_bytes <= slaFileSizeBytes) meter.add(METRICS.oldestSlaJobAge, secondsBetween(waitsSince(job), now.getTime()));
  // Those of a job that is resumed are counted when it ends for good.
  if (job.records_read !== undefined && job.resumable !== true) {
    meter.add(METRICS.recordsRead, job.records_read);
    meter.add(METRICS.recordsWritten, job.records_written ?? 0);
    meter.add(METRICS.recordsRejected, job.records_rejected ?? 0);
    meter.add(METRICS.recordsFiltered, job.records_filtered ?? 0);
    for (const code of REJECT_CODES) {
      const rejected = job.rejects_by_code?.[code] ?? 0;
      if (rejected > 0) meter.addByCode(METRICS.recordsRejected, code, rejected);
    }
  }
  log.info('the job has ended', {
    fileId: job.file_id,
    status: job.status,
    errorCode: job.error_code,
    errorMessage: job.error_message,
    recordsRead: job.records_read,
    recordsRejected: job.records_rejected,
    rejectsByCode: job.rejects_by_code,
  });
}

/** @param since epoch milliseconds, as `now` is; a clock that goes wrong makes no time negative */
export function secondsBetween(since: number, now: number): number {
  return Math.max(0, Math.round((now - since) / 1000));
}
