/** A job as everybody is told of it who asks for several: the operator, the callers of the API. */
import { JobItem, JobStatus } from '../contract/job-item';

export interface JobSummary {
  readonly bucket: string;
  readonly key: string;
  readonly status: JobStatus;
  /** 1, and one more with each resume. */
  readonly run: number;
  /** ISO 8601: when the job came to its status. */
  readonly since: string;
  /** Of a failed job. */
  readonly resumable?: boolean;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly executionArn: string;
  /** Where the source lies after the job. */
  readonly sourceAt?: string;
  readonly sourceState?: JobItem['source_state'];
  /** The job whose file this one processes once more. */
  readonly rerunOf?: string;
  readonly reportKey?: string;
}

export function summaryOf(job: JobItem): JobSummary {
  return {
    bucket: job.bucket,
    key: job.key,
    status: job.status,
    run: job.run,
    since: new Date(job.timestamp).toISOString(),
    resumable: job.status === 'FAILED' ? job.resumable === true : undefined,
    errorCode: job.error_code,
    errorMessage: job.error_message,
    executionArn: job.execution_arn,
    sourceAt: job.moved_to,
    sourceState: job.source_state,
    rerunOf: job.rerun_of,
    reportKey: job.report_key,
  };
}
