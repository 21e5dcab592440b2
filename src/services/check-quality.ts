/** Looks at a day of jobs, and at those before it: what is stuck, missing or unusual becomes a report and a message. */
import { addDays, instantOf, localDate, localTime } from './local-time';
import { earliestArrival, missingFiles, Period, QualityFinding, stuckJobs, tooManyRejects, unusualCounts } from './quality-findings';
import { ENDED_JOB_STATUSES, JobItem, OPEN_JOB_STATUSES } from '../contract/job-item';
import { AROUND_METRICS } from '../contract/metrics';
import { QualitySettings } from '../contract/quality-settings';
import { JobTable } from '../ports/jobs';
import { Messages } from '../ports/messages';
import { Log, Meter } from '../ports/observers';
import { OutputStore } from '../ports/output';
import { addCounts, Counts, countsOf } from '../spec/counts';

/** From the schedule; by hand, nothing: now. */
export interface CheckQualityInput {
  /** ISO 8601: the end of the day that is looked at. */
  readonly time?: string;
}

export interface CheckQualityOutput {
  readonly findings: number;
  readonly reportKey: string;
}

export interface CheckQualityDeps {
  readonly jobs: Pick<JobTable, 'job' | 'jobsByStatus' | 'unsettledJobs'>;
  readonly output: Pick<OutputStore, 'put'>;
  /** Undefined: nobody is told. */
  readonly messages: Messages | undefined;
  readonly meter: Pick<Meter, 'add'>;
  readonly log: Log;
  readonly now: () => Date;
  readonly pipelineId: string;
  readonly settings: QualitySettings;
}

/** Sums over the jobs that ended in the period. */
export interface QualityTotals extends Counts {
  readonly jobsSucceeded: number;
  readonly jobsFailed: number;
  readonly bytes: number;
}

export interface QualityReport {
  readonly pipelineId: string;
  /** ISO 8601: jobs that ended, and files whose time came, after `from` and up to `to`. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly totals: QualityTotals;
  readonly findings: readonly QualityFinding[];
}

/** How far back jobs are read for the counts that are usual: two weeks of workdays, or fourteen weekly files. */
const HISTORY_MILLISECONDS = 100 * 24 * 3600 * 1000;

export async function checkQuality({ time }: CheckQualityInput, deps: CheckQualityDeps): Promise<CheckQualityOutput> {
  const { settings, pipelineId, jobs, output, meter, messages } = deps;
  const { timeZone, expectedFiles } = settings;
  const period = dayBefore(time === undefined ? deps.now().getTime() : Date.parse(time), timeZone);
  const since = earliestArrival(expectedFiles, period);
  const succeeded = await jobsSince(jobs, ['SUCCEEDED'], Math.min(since, period.to - HISTORY_MILLISECONDS));
  const others = await jobsSince(jobs, ['FAILED', ...OPEN_JOB_STATUSES], since);
  const ended = [...succeeded, ...others].filter(({ status, timestamp }) => (
    ENDED_JOB_STATUSES.some((each) => each === status) && timestamp > period.from && timestamp <= period.to
  ));

  const findings = [
    ...stuckJobs(await unsettled(jobs), period.to, settings.maxOpenSeconds * 1000),
    ...missingFiles(expectedFiles, [...succeeded, ...others], period),
    ...tooManyRejects(ended, settings.maxRejectedPercentage),
    ...unusualCounts(succeeded, expectedFiles, settings.minHistory, period),
  ];
  const report: QualityReport = {
    pipelineId,
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    timeZone,
    totals: totalsOf(ended),
    findings,
  };
  const reportKey = `${settings.reportsFolder}${localDate(period.to, timeZone)}.json`;
  await output.put(reportKey, JSON.stringify(report, undefined, 2) + '\n', 'application/json');
  if (messages !== undefined && (findings.length > 0 || settings.tellAlways)) {
    const { subject, text } = composeMessage(report, reportKey);
    await messages.send(subject, text);
  }
  // Last: a check that is tried again has told nothing of itself before.
  meter.add(AROUND_METRICS.qualityFindings, findings.length);
  return { findings: findings.length, reportKey };
}

/** From the same time of the day before, by the clock of the zone: 23 or 25 hours where that is changed. */
function dayBefore(to: number, zone: string): Period {
  return { from: instantOf(addDays(localDate(to, zone), -1), localTime(to, zone), zone), to };
}

async function jobsSince(jobs: CheckQualityDeps['jobs'], statuses: ReadonlyArray<JobItem['status']>, since: number): Promise<JobItem[]> {
  const found: JobItem[] = [];
  for (const status of statuses) {
    for await (const job of jobs.jobsByStatus(status, since)) found.push(job);
  }
  return found;
}

async function unsettled(jobs: CheckQualityDeps['jobs']): Promise<JobItem[]> {
  const found: JobItem[] = [];
  for await (const fileId of jobs.unsettledJobs()) {
    const job = await jobs.job(fileId);
    if (job !== undefined) found.push(job);
  }
  return found;
}

function totalsOf(ended: readonly JobItem[]): QualityTotals {
  return {
    jobsSucceeded: ended.filter(({ status }) => status === 'SUCCEEDED').length,
    jobsFailed: ended.filter(({ status }) => status === 'FAILED').length,
    bytes: ended.reduce((sum, { size_bytes: bytes }) => sum + bytes, 0),
    ...countsOf(addCounts(ended)),
  };
}

/** What SNS takes as a subject. */
const SUBJECT_LENGTH = 100;

export function composeMessage({ pipelineId, from, to, totals, findings }: QualityReport, reportKey: string): { subject: string; text: string } {
  const what = findings.length === 0 ? 'Nothing found' : `${findings.length} finding${findings.length === 1 ? '' : 's'}`;
  const lines = findings.map(({ kind, key, fileId, message, todo }, index) => (
    `${index + 1}. ${kind} ${key}${fileId === undefined ? '' : ` (job ${fileId})`}\n   ${message}\n   ${todo}`
  ));
  return {
    subject: `${what}: ${pipelineId}`.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_LENGTH),
    text: [
      `${what} by the quality check of ${pipelineId}, ${from} to ${to}.`,
      ...lines,
      `Jobs: ${totals.jobsSucceeded} succeeded, ${totals.jobsFailed} failed. Records: ${totals.recordsRead} read, ${totals.recordsWritten} published, `
        + `${totals.recordsRejected} rejected, ${totals.recordsFiltered} left out.`,
      `Report: ${reportKey}`,
    ].join('\n\n') + '\n',
  };
}
