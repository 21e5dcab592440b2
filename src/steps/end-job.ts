/** The end of a job: its item is closed, then all who want to hear of it are told, at least once. */
import { failureNotice } from './failure-notice';
import { changeJob, resumableUntil } from './job-state';
import { queuedMessage } from './queued-message';
import { EndedJobStatus, JobItem } from '../contract/job-item';
import { JOB_MESSAGE_VERSION, JobMessage } from '../contract/job-message';
import { METRICS } from '../contract/metrics';
import { ObjectKeys } from '../contract/object-keys';
import { StepDeps } from '../ports/step-deps';

export type EndJobDeps = Pick<StepDeps, 'jobs' | 'output' | 'events' | 'notifications' | 'contract' | 'now' | 'log' | 'meter'>;

/** Of an error's message; the whole of it is in the report. A message of a queue holds 256 KiB. */
const MAX_MESSAGE_LENGTH = 4000;

/** @param end what the end adds to the job: counts, error, where the source goes */
export async function endJob(job: JobItem, end: Partial<JobItem> & { readonly status: EndedJobStatus }, deps: EndJobDeps): Promise<void> {
  const now = deps.now();
  const ended = await changeJob(deps, job, { ...end, process_end_time: now.toISOString(), event_pending: true }, end.status.toLowerCase());
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
 * @throws Error when one of them could not be told: the job keeps its mark, and all are told again
 */
export async function announceEnd(job: JobItem, deps: EndJobDeps): Promise<void> {
  if (job.event_pending !== true) return;
  const told = await Promise.allSettled(tell(messageOf(job, deps), deps));
  const failed = told.filter((outcome) => outcome.status === 'rejected');
  if (failed.length > 0) {
    const causes = failed.map(({ reason }) => (reason as Error).message).join('; ');
    throw new Error(`expected to tell ${told.length} of the end of job ${job.file_id}, got ${failed.length} failures: ${causes}`);
  }
  // Where somebody else has changed the job meanwhile it stays as it is: told twice is better than never.
  await deps.jobs.changeJob(job, { event_pending: undefined }, { event: 'announced', at: deps.now().getTime() });
}

function tell(message: JobMessage, { events, notifications }: EndJobDeps): Array<Promise<void>> {
  const bus = events.announce(message);
  if (notifications === undefined) return [bus];
  const queue = notifications.queue.send(queuedMessage(message, notifications.grouping));
  return message.status === 'SUCCEEDED' ? [bus, queue] : [bus, queue, notifications.topic.publish(failureNotice(message))];
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
    ...failureOf(job, contract),
  };
}

type Failure = Pick<JobMessage, 'failureKind' | 'errorCode' | 'errorMessage' | 'resumable' | 'resumableUntil'>;

function failureOf(job: JobItem, contract: StepDeps['contract']): Failure {
  if (job.status === 'SUCCEEDED') return {};
  return {
    failureKind: job.resumable === true ? 'INFRASTRUCTURE' : 'DATA',
    errorCode: job.error_code,
    errorMessage: job.error_message?.slice(0, MAX_MESSAGE_LENGTH),
    resumable: job.resumable,
    resumableUntil: job.resumable === true ? resumableUntil(job, contract)?.toISOString() : undefined,
  };
}

export function measureEnd(job: JobItem, now: Date, { meter, log }: Pick<EndJobDeps, 'meter' | 'log'>): void {
  meter.add(job.status === 'SUCCEEDED' ? METRICS.jobsSucceeded : METRICS.jobsFailed, 1);
  meter.add(METRICS.jobDuration, now.getTime() - Date.parse(job.process_start_time));
  // Those of a job that is resumed are counted when it ends for good.
  if (job.records_read !== undefined && job.resumable !== true) {
    meter.add(METRICS.recordsRead, job.records_read);
    meter.add(METRICS.recordsWritten, job.records_written ?? 0);
    meter.add(METRICS.recordsRejected, job.records_rejected ?? 0);
    meter.add(METRICS.recordsFiltered, job.records_filtered ?? 0);
  }
  log.info('the job has ended', { status: job.status, errorCode: job.error_code, errorMessage: job.error_message });
}
