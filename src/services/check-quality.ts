/**
 * Looks at the jobs since the last check, and at those before it: what is stuck, missing or unusual becomes a report and
 * a message.
 */
import { readCheckedJobs } from './checked-jobs';
import {
  CheckedJob, earliestArrival, expectedFiles, LandedFile, QualityFinding, stuckJobs, tooManyRejects, unusualCounts, within,
} from './quality-findings';
import { isOpenStatus } from '../contract/job-item';
import { AROUND_METRICS } from '../contract/metrics';
import { QualitySettings } from '../contract/quality-settings';
import { JobIndex } from '../ports/job-index';
import { JobTable } from '../ports/jobs';
import { MAX_SUBJECT_LENGTH, Messages } from '../ports/messages';
import { Log, Meter } from '../ports/observers';
import { OutputStore } from '../ports/output';
import { QualityReports } from '../ports/quality-reports';
import { fenceOf, PassiveRegionError, Regions } from '../ports/regions';
import { addCounts, Counts, countsOf } from '../spec/counts';
import { addDays, instantOf, localDate, localTime } from '../spec/local-time';
import { beginning, visible, visibleDocument, visibleJson } from '../spec/visible-text';

/** From the schedule; by hand, nothing: now. */
export interface CheckQualityInput {
  /** ISO 8601: up to when jobs are looked at. */
  readonly time?: string;
}

export interface CheckQualityOutput {
  readonly findings: number;
  /** None in a region that stands by. */
  readonly reportKey?: string;
}

export interface CheckQualityDeps {
  readonly jobs: Pick<JobTable, 'job' | 'unsettledJobs' | 'fence'> & JobIndex;
  /** Undefined: the pipeline has one. */
  readonly regions?: Regions;
  readonly output: Pick<OutputStore, 'getJson' | 'put'>;
  readonly reports: QualityReports;
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
  /** Expected files whose time came. */
  readonly landed: readonly LandedFile[];
  readonly findings: readonly QualityFinding[];
}

export async function checkQuality(input: CheckQualityInput, deps: CheckQualityDeps): Promise<CheckQualityOutput> {
  const passive = await passiveRegion(deps);
  if (passive === undefined) return checkJobs(input, deps);
  deps.log.info(passive.message);
  // The active region's check finds the same. Without a value an alarm would take this one for dead.
  deps.meter.add(AROUND_METRICS.qualityChecks, 1);
  return { findings: 0 };
}

/** Undefined: this is the active region, or the only one. */
async function passiveRegion({ jobs, regions }: CheckQualityDeps): Promise<PassiveRegionError | undefined> {
  if (regions === undefined) return undefined;
  const fence = fenceOf(await jobs.fence(), regions.primary);
  return fence.activeRegion === regions.own ? undefined : new PassiveRegionError(regions.own, fence);
}

async function checkJobs({ time }: CheckQualityInput, deps: CheckQualityDeps): Promise<CheckQualityOutput> {
  const { settings, pipelineId, jobs, output, meter, messages } = deps;
  const { timeZone, expectedFiles: expected } = settings;
  const to = endOf(time, deps.now());
  const reports = await reportsBefore(to, deps);
  const period = { from: reports.at(-1)?.end ?? dayBefore(to, timeZone), to };
  const { all, unsettled } = await readCheckedJobs(jobs, expected, period);
  const ended = all.filter(({ status, timestamp }) => !isOpenStatus(status) && within(timestamp, period));

  const files = expectedFiles(expected, all, period, await countedBefore(reports, earliestArrival(expected, period), deps));
  const findings = [
    ...stuckJobs(unsettled, period.to, settings.maxOpenSeconds * 1000, pipelineId),
    ...files.findings,
    ...tooManyRejects(ended, settings.maxRejectedPercentage),
    ...unusualCounts(all.filter(({ status }) => status === 'SUCCEEDED'), expected, settings.minHistory, period),
  ];
  // Whatever bucket and topic answer.
  meter.add(AROUND_METRICS.qualityFindings, findings.length);
  const report: QualityReport = {
    pipelineId,
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    timeZone,
    totals: totalsOf(ended),
    landed: files.landed,
    findings,
  };
  const reportKey = reportKeyOf(period.to, settings);
  await output.put(reportKey, visibleDocument(report), 'application/json');
  if (messages !== undefined && (findings.length > 0 || settings.tellAlways)) {
    const { subject, text } = composeMessage(report, reportKey);
    await messages.send(subject, text);
  }
  meter.add(AROUND_METRICS.qualityChecks, 1);
  return { findings: findings.length, reportKey };
}

/** In whole seconds, as the key of the report has it. */
function endOf(time: string | undefined, now: Date): number {
  const end = time === undefined ? now.getTime() : Date.parse(time);
  if (Number.isNaN(end)) throw new Error(`expected "time" to be a time such as 2026-11-30T02:00:00Z, got ${visibleJson(time)}`);
  return Math.floor(end / 1000) * 1000;
}

/** What no report has looked at for longer than that stays so. */
const LONGEST_PERIOD_MILLISECONDS = 31 * 24 * 3600 * 1000;

interface Report {
  readonly key: string;
  readonly end: number;
}

/**
 * The reports before this one, the last one last. A check begins where that ends, so that whatever check was not made is
 * made good by the next one: a call that fails, and one that never comes because the clock skips its time. One that is
 * made once more looks at the same.
 */
async function reportsBefore(to: number, { reports, settings }: CheckQualityDeps): Promise<Report[]> {
  const own = reportKeyOf(to, settings);
  const found: Report[] = [];
  for await (const key of reports.keysAfter(settings.reportsFolder, reportKeyOf(to - LONGEST_PERIOD_MILLISECONDS, settings))) {
    if (key >= own) break;
    const end = endOfReport(key.slice(settings.reportsFolder.length));
    if (end !== undefined) found.push({ key, end });
  }
  return found;
}

/** Expected files that have counted: a report that ended earlier has none that landed since. */
async function countedBefore(reports: readonly Report[], since: number, { output, settings }: CheckQualityDeps): Promise<LandedFile[]> {
  if (settings.expectedFiles.length === 0) return [];
  const read = reports.filter(({ end }) => end > since).map(async ({ key }) => output.getJson<Partial<QualityReport>>(key));
  return (await Promise.all(read)).flatMap(({ landed = [] }) => landed);
}

/** Keys are in the order of time, and hold no colon, which not every file system takes. */
function reportKeyOf(to: number, { reportsFolder }: QualitySettings): string {
  return `${reportsFolder}${new Date(to).toISOString().slice(0, 19).replace(/:/g, '-')}Z.json`;
}

/** Undefined: it is another object. */
function endOfReport(name: string): number | undefined {
  const [, date, hour, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.json$/.exec(name) ?? [];
  return date === undefined ? undefined : Date.parse(`${date}T${hour}:${minute}:${second}Z`);
}

/** Without a report before it: the same time of the day before, by the clock of the zone. */
function dayBefore(to: number, zone: string): number {
  return instantOf(addDays(localDate(to, zone), -1), localTime(to, zone), zone);
}

function totalsOf(ended: readonly CheckedJob[]): QualityTotals {
  return {
    jobsSucceeded: ended.filter(({ status }) => status === 'SUCCEEDED').length,
    jobsFailed: ended.filter(({ status }) => status === 'FAILED').length,
    bytes: ended.reduce((sum, { size_bytes: bytes }) => sum + bytes, 0),
    ...countsOf(addCounts(ended)),
  };
}

/** All together stay below `MAX_MESSAGE_BYTES`: a unit of a text is 3 bytes at most. */
const MOST_TOLD = 50;
const MOST_OF_A_TEXT = 500;

export function composeMessage({ pipelineId, from, to, totals, findings }: QualityReport, reportKey: string): { subject: string; text: string } {
  const what = findings.length === 0 ? 'Nothing found' : `${findings.length} finding${findings.length === 1 ? '' : 's'}`;
  const lines = findings.slice(0, MOST_TOLD).map(({ kind, key, fileId, message, todo }, index) => (
    `${index + 1}. ${kind} ${short(key)}${fileId === undefined ? '' : ` (job ${fileId})`}\n   ${short(message)}\n   ${short(todo)}`
  ));
  return {
    subject: `${what}: ${pipelineId}`.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_SUBJECT_LENGTH),
    text: [
      `${what} by the quality check of ${pipelineId}, ${from} to ${to}.`,
      ...lines,
      ...findings.length > MOST_TOLD ? [`… and ${findings.length - MOST_TOLD} more: see the report.`] : [],
      `Jobs: ${totals.jobsSucceeded} succeeded, ${totals.jobsFailed} failed. Records: ${totals.recordsRead} read, ${totals.recordsWritten} published, `
        + `${totals.recordsRejected} rejected, ${totals.recordsFiltered} left out.`,
      `Report: ${reportKey}`,
    ].join('\n\n') + '\n',
  };
}

/** In one line. */
function short(text: string): string {
  const line = visible(text);
  return line.length <= MOST_OF_A_TEXT ? line : `${beginning(line, MOST_OF_A_TEXT - 1)}…`;
}
