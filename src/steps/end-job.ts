/** The end of a job: its item is closed, then the event bus hears of it, at least once. */
import { changeJob } from './job-state';
import { EndedJobStatus, JobItem } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { JobEndedDetail } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';
import { isDataVerdict, REJECT_CODES } from '../spec/error-codes';

export type EndJobDeps = Pick<StepDeps, 'jobs' | 'events' | 'contract' | 'now' | 'log' | 'meter'>;

/** @param end what the end adds to the job: counts, error, where the source goes */
export async function endJob(job: JobItem, end: Partial<JobItem> & { readonly status: EndedJobStatus }, deps: EndJobDeps): Promise<void> {
  const now = deps.now();
  const ended = await changeJob(deps, job, { ...end, process_end_time: now.toISOString(), event_pending: true }, end.status.toLowerCase());
  measureEnd(ended, now, deps);
  await announceEnd(ended, deps);
}

/** Tells the event bus, unless it has been told. */
export async function announceEnd(job: JobItem, deps: EndJobDeps): Promise<void> {
  if (job.event_pending !== true) return;
  await deps.events.announce(endDetail(job, deps));
  // Where somebody else has changed the job meanwhile it stays as it is: told twice is better than never.
  await deps.jobs.changeJob(job, { event_pending: undefined }, { event: 'announced', at: deps.now().getTime() });
}

function endDetail(job: JobItem, { contract }: EndJobDeps): JobEndedDetail {
  return {
    pipelineId: contract.pipelineId,
    fileId: job.file_id,
    run: job.run,
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
    reportKey: job.report_key,
  };
}

export function measureEnd(job: JobItem, now: Date, { meter, log }: EndJobDeps): void {
  if (job.status === 'SUCCEEDED') {
    meter.add(METRICS.jobsSucceeded, 1);
  } else {
    meter.add(METRICS.jobsFailed, 1);
    meter.add(isDataVerdict(job.error_code) ? METRICS.jobsRejected : METRICS.jobsInterrupted, 1);
  }
  meter.add(METRICS.jobDuration, now.getTime() - Date.parse(job.process_start_time));
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
