import { ApiFault } from './api-messages';
import { JobItem } from '../../contract/job-item';
import { JobTable } from '../../ports/jobs';

/** @throws ApiFault when there is no such job */
export async function knownJob(jobId: string, { jobs }: { readonly jobs: Pick<JobTable, 'job'> }): Promise<JobItem> {
  const job = await jobs.job(jobId);
  if (job === undefined) throw new ApiFault('job_not_found', `expected a job ${jobId} of this pipeline, got none: GET /jobs lists them`, { field: 'jobId' });
  return job;
}
