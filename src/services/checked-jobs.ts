/**
 * Reads the jobs that a quality check looks at, and holds of them what it looks at: of 100 days there may be 100,000,
 * with lists of rejects.
 */
import { CHECKED_ATTRIBUTES, CheckedJob, earliestArrival, groupOf, Period, within } from './quality-findings';
import { JobItem } from '../contract/job-item';
import { ExpectedFileSettings, HISTORY_LENGTH } from '../contract/quality-settings';
import { JobIndex } from '../ports/job-index';
import { JobTable } from '../ports/jobs';

export interface CheckedJobs {
  /**
   * Those that ended in the period; those that did not end, or that landed in time for a file of the period; and
   * published ones from before it, which record counts of the period are compared with.
   */
  readonly all: readonly CheckedJob[];
  /** Those of them that something is left to be done for. */
  readonly unsettled: readonly CheckedJob[];
}

/** How far back jobs are read for the counts that are usual: two weeks of workdays, or fourteen weekly files. */
const HISTORY_MILLISECONDS = 100 * 24 * 3600 * 1000;
/** Jobs that end while the check reads, or after the period because it is made late, may be of files that came in time. */
const NO_END = Number.MAX_SAFE_INTEGER;
const PAGE_SIZE = 1000;

export async function readCheckedJobs(
  table: Pick<JobTable, 'job' | 'unsettledJobs'> & JobIndex, expected: readonly ExpectedFileSettings[], period: Period,
): Promise<CheckedJobs> {
  const found = new Map<string, CheckedJob>();
  const hold = (job: JobItem) => {
    const { revision } = found.get(job.file_id) ?? { revision: 0 };
    if (job.revision > revision) found.set(job.file_id, checkedOf(job));
  };

  // First what has not ended, or may be resumed, wherever it stands by now. What is not among these has ended for good,
  // and is found below: read the other way round, a job that ends meanwhile would be in neither.
  const unsettled: string[] = [];
  for await (const fileId of table.unsettledJobs()) {
    const job = await table.job(fileId);
    if (job === undefined) continue;
    hold(job);
    unsettled.push(fileId);
  }
  const since = earliestArrival(expected, period);
  for (const status of ['FAILED', 'SUCCEEDED'] as const) {
    for await (const job of table.newestJobs(status, { from: since, to: NO_END, pageSize: PAGE_SIZE })) hold(job);
  }

  const lacking = lackingHistory([...found.values()], expected, period);
  if (lacking.size > 0) {
    for await (const job of table.newestJobs('SUCCEEDED', { from: period.to - HISTORY_MILLISECONDS, to: since, pageSize: PAGE_SIZE })) {
      if (countDown(lacking, job, expected)) hold(job);
      if (lacking.size === 0) break;
    }
  }
  return { all: [...found.values()], unsettled: unsettled.map((fileId) => found.get(fileId)!) };
}

function checkedOf(job: JobItem): CheckedJob {
  return Object.fromEntries(CHECKED_ATTRIBUTES.map((name) => [name, job[name]])) as unknown as CheckedJob;
}

/** Jobs to compare with, by the key pattern of their group: how many more there should be for the period's. */
type Lacking = Map<string, number>;

function lackingHistory(jobs: readonly CheckedJob[], expected: readonly ExpectedFileSettings[], period: Period): Lacking {
  const published = jobs.filter(({ status, rerun_of: rerunOf }) => status === 'SUCCEEDED' && rerunOf === undefined);
  const ofPeriod = published.filter(({ timestamp }) => within(timestamp, period));
  const lacking: Lacking = new Map(ofPeriod.map(({ key }) => [groupOf(key, expected), HISTORY_LENGTH]));
  for (const job of published) if (job.timestamp <= period.from) countDown(lacking, job, expected);
  return lacking;
}

/** @returns whether the job is one of them */
function countDown(lacking: Lacking, { key, rerun_of: rerunOf }: CheckedJob, expected: readonly ExpectedFileSettings[]): boolean {
  const group = groupOf(key, expected);
  const count = lacking.get(group);
  if (rerunOf !== undefined || count === undefined) return false;
  if (count === 1) lacking.delete(group); else lacking.set(group, count - 1);
  return true;
}
