/** The end of a job: its item is closed, then the event bus hears of it, at least once. */
import { changeJob } from './job-state';
import { EndedJobStatus, JobItem, JobStatus } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { ObjectKeys } from '../contract/object-keys';
import { JobEndedDetail } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';

export type EndJobDeps = Pick<StepDeps, 'jobs' | 'events' | 'contract' | 'now' | 'log' | 'meter'>;

/** @param job with what the end adds to it: counts, error */
export async function endJob(job: JobItem, from: readonly JobStatus[], end: Partial<JobItem> & { readonly status: EndedJobStatus },
  deps: EndJobDeps): Promise<void> {
  const now = deps.now();
  const ended = await changeJob(deps, job, from, { ...end, process_end_time: now.toISOString(), event_pending: true }, end.status.toLowerCase());
  measure(ended, now, deps);
  await announceEnd(ended, deps);
}

/** Tells the event bus, unless it has been told. */
export async function announceEnd(job: JobItem, deps: EndJobDeps): Promise<void> {
  if (job.event_pending !== true) return;
  await deps.events.announce(endDetail(job, deps));
  await deps.jobs.changeJob(job.file_id, { status: [job.status], run: job.run }, { event_pending: undefined },
    { event: 'announced', at: deps.now().getTime() });
}

function endDetail(job: JobItem, { contract }: EndJobDeps): JobEndedDetail {
  return {
    pipelineId: contract.pipelineId,
    fileId: job.file_id,
    bucket: job.bucket,
    key: job.key,
    status: job.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED',
    recordsRead: job.records_read,
    recordsWritten: job.records_written,
    recordsRejected: job.records_rejected,
    recordsFiltered: job.records_filtered,
    errorCode: job.error_code,
    errorMessage: job.error_message,
    resumable: job.resumable,
    reportKey: job.resumable === true ? undefined : new ObjectKeys(contract.prefixes, job.file_id).report(),
  };
}

function measure(job: JobItem, now: Date, { meter, log }: EndJobDeps): void {
  meter.add(job.status === 'SUCCEEDED' ? METRICS.jobsSucceeded : METRICS.jobsFailed, 1);
  meter.add(METRICS.jobDuration, now.getTime() - Date.parse(job.process_start_time));
  if (job.records_read !== undefined) {
    meter.add(METRICS.recordsRead, job.records_read);
    meter.add(METRICS.recordsWritten, job.records_written ?? 0);
    meter.add(METRICS.recordsRejected, job.records_rejected ?? 0);
    meter.add(METRICS.recordsFiltered, job.records_filtered ?? 0);
  }
  log.info('the job has ended', { status: job.status, errorCode: job.error_code, errorMessage: job.error_message });
}
