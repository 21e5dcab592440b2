/** GET /jobs/{jobId}/report: the report as the job wrote it. */
import { ApiFault, ApiResponse, json } from './api-messages';
import { knownJob } from './known-job';
import { hasEnded, JobItem } from '../../contract/job-item';
import { JobObjects } from '../../ports/job-objects';
import { JobTable } from '../../ports/jobs';

export interface JobReportDeps {
  readonly jobs: Pick<JobTable, 'job'>;
  readonly objects: JobObjects;
  readonly linkExpirySeconds: number;
}

/** A function answers with at most 6 MB, in which the report is a text in JSON. That of 10,000 chunks comes to 5 MB. */
const MOST_BYTES = 5 * 1024 ** 2;

export async function jobReport(jobId: string, deps: JobReportDeps): Promise<ApiResponse> {
  const job = await knownJob(jobId, deps);
  const { report_key: key } = job;
  const report = key === undefined ? undefined : await deps.objects.text(key);
  if (key === undefined || report === undefined) throw new ApiFault('report_not_found', whyNone(job), { job });
  if (Buffer.byteLength(JSON.stringify(report)) <= MOST_BYTES) return json(200, report);
  const location = await deps.objects.link(key, deps.linkExpirySeconds);
  return json(303, { location }, { Location: location });
}

function whyNone(job: JobItem): string {
  const expected = `expected job ${job.file_id} to have a report, got`;
  if (!hasEnded(job)) return `${expected} one that is ${job.status}: the report is written when the job ends`;
  if (job.report_key !== undefined) return `${expected} one whose report was deleted from ${job.report_key}`;
  return `${expected} one that was interrupted: resume it, and the report is written when it ends`;
}
