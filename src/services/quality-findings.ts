/** What a quality check looks for, each check by itself: from the jobs of the table to findings. */
import { matchesWildcard } from './wildcard';
import { isOpenStatus, JobItem } from '../contract/job-item';
import { ExpectedFileSettings, HISTORY_LENGTH, WEEKDAYS } from '../contract/quality-settings';
import { COUNTS } from '../spec/counts';
import { addDays, instantOf, localDate, weekday } from '../spec/local-time';
import { operatorCommand } from '../spec/operator-command';

/** What the checks look at of a job. */
export const CHECKED_ATTRIBUTES = [
  'file_id', 'key', 'status', 'timestamp', 'revision', 'size_bytes', 'last_modified', 'process_start_time', 'rerun_of', 'execution_arn', 'error_code',
  'error_message', 'resumable', ...Object.values(COUNTS),
] as const;
export type CheckedJob = Pick<JobItem, (typeof CHECKED_ATTRIBUTES)[number]>;

export interface QualityFinding {
  readonly kind: 'JOB_OPEN' | 'JOB_WAITING' | 'REJECTS' | 'FILE_MISSING' | 'FILE_LATE' | 'RECORD_COUNT';
  /** What was expected, what came. */
  readonly message: string;
  readonly todo: string;
  readonly fileId?: string;
  /** Of the file, or the pattern of the one that is missing. */
  readonly key: string;
}

/** Epoch milliseconds: after `from`, up to `to`. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export const within = (instant: number, { from, to }: Period): boolean => instant > from && instant <= to;

/** When the file landed: never, of a job that processes one once more. */
function arrivalOf({ last_modified: lastModified, rerun_of: rerunOf }: CheckedJob): number {
  return rerunOf === undefined ? Date.parse(lastModified) : -Infinity;
}

const minutesText = (milliseconds: number): string => {
  const minutes = Math.floor(milliseconds / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const timeText = (instant: number): string => new Date(instant).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');

/** Jobs that do not end, and failed ones that wait for somebody to resume them. @param unsettled as in the job table */
export function stuckJobs(unsettled: readonly CheckedJob[], now: number, maxOpenMilliseconds: number, pipelineId: string): QualityFinding[] {
  return unsettled.flatMap((job): QualityFinding[] => {
    const { file_id: fileId, key, status } = job;
    if (isOpenStatus(status)) {
      const age = now - Date.parse(job.process_start_time);
      if (age <= maxOpenMilliseconds) return [];
      return [{
        kind: 'JOB_OPEN',
        fileId,
        key,
        message: `expected the job to end within ${minutesText(maxOpenMilliseconds)}, got ${status} after ${minutesText(age)}`,
        todo: `Look at its execution, ${job.execution_arn}.`,
      }];
    }
    if (job.resumable !== true) return [];
    return [{
      kind: 'JOB_WAITING',
      fileId,
      key,
      message: `expected the job to be published, got an interruption (${job.error_code}): ${job.error_message ?? 'without a message'}`,
      todo: `Mend the cause, then resume the job: ${operatorCommand('resume', pipelineId, fileId)}`,
    }];
  });
}

/** @param ended jobs that ended in the period */
export function tooManyRejects(ended: readonly CheckedJob[], maxPercentage: number): QualityFinding[] {
  return ended.flatMap(({ file_id: fileId, key, records_read: read = 0, records_rejected: rejected = 0 }): QualityFinding[] => {
    if (read === 0 || rejected * 100 <= read * maxPercentage) return [];
    const share = (rejected * 100 / read).toFixed(2);
    return [{
      kind: 'REJECTS',
      fileId,
      key,
      message: `expected at most ${maxPercentage} % of the records to be rejected, got ${share} % (${rejected} of ${read})`,
      todo: 'Read rejected.csv of the job, and tell the sender.',
    }];
  });
}

/** The file that came for such a time, in time or late. */
export interface LandedFile {
  readonly keyPattern: string;
  /** ISO 8601. */
  readonly by: string;
  readonly fileId: string;
}

export interface ExpectedFiles {
  readonly findings: readonly QualityFinding[];
  readonly landed: readonly LandedFile[];
}

/**
 * Files whose time came in the period. Each counts for one time of its pattern, the earliest first: one that was late
 * would hide else that the next day's is missing.
 *
 * @param jobs all that may be of such a file, from before the period too
 * @param counted what checks before have counted
 */
export function expectedFiles(
  expected: readonly ExpectedFileSettings[], jobs: readonly CheckedJob[], period: Period, counted: readonly LandedFile[],
): ExpectedFiles {
  const findings: QualityFinding[] = [];
  const landed: LandedFile[] = [];
  const dues = expected.flatMap((file) => duesOf(file, period).map((due) => ({ file, due }))).sort((a, b) => a.due - b.due);
  for (const { file, due } of dues) {
    const { keyPattern } = file;
    const gone = new Set([...counted, ...landed].filter((other) => other.keyPattern === keyPattern).map(({ fileId }) => fileId));
    const first = jobs.filter(({ key, file_id: fileId }) => matchesWildcard(keyPattern, key) && !gone.has(fileId))
      .map((job): Arrival => ({ fileId: job.file_id, at: arrivalOf(job) }))
      .filter(({ at }) => within(at, { from: due - file.windowSeconds * 1000, to: period.to }))
      .reduce<Arrival | undefined>((earliest, arrival) => earliest === undefined || arrival.at < earliest.at ? arrival : earliest, undefined);
    if (first !== undefined) landed.push({ keyPattern, by: new Date(due).toISOString(), fileId: first.fileId });
    if (first !== undefined && first.at <= due) continue;
    const wanted = `expected a file ${keyPattern} by ${timeText(due)} (${file.by} ${file.timeZone})`;
    findings.push(first === undefined
      ? { kind: 'FILE_MISSING', key: keyPattern, message: `${wanted}, got none until ${timeText(period.to)}`, todo: 'Ask the sender for it.' }
      : { kind: 'FILE_LATE', fileId: first.fileId, key: keyPattern, message: `${wanted}, got it at ${timeText(first.at)}`, todo: 'Tell the sender that it was late.' });
  }
  return { findings, landed };
}

interface Arrival {
  readonly fileId: string;
  readonly at: number;
}

/** The earliest landing that can count for a file of the period. */
export function earliestArrival(expected: readonly ExpectedFileSettings[], { from }: Period): number {
  return Math.min(from, ...expected.map(({ windowSeconds }) => from - windowSeconds * 1000));
}

/** The instants in the period by which the file should be there. */
function duesOf({ by, timeZone, weekdays }: ExpectedFileSettings, period: Period): number[] {
  const dues: number[] = [];
  const last = localDate(period.to, timeZone);
  for (let date = localDate(period.from, timeZone); date <= last; date = addDays(date, 1)) {
    if (!weekdays.includes(WEEKDAYS[weekday(date)])) continue;
    const due = instantOf(date, by, timeZone);
    if (within(due, period)) dues.push(due);
  }
  return dues;
}

/** How far a count may be from the median, in median absolute deviations. */
const MOST_DEVIATIONS = 3;
/**
 * The least that counts as a deviation, as a share of the median: where more than half of the counts are the same, the
 * deviation is 0, and one record more would be a finding.
 */
const LEAST_DEVIATION = 0.01;

/**
 * Record counts of the period's jobs that are far from those of the jobs before, of the same expected file; files that
 * nobody expects are one group.
 *
 * @param succeeded of the period and before it, in any order
 */
export function unusualCounts(
  succeeded: readonly CheckedJob[], expected: readonly ExpectedFileSettings[], minHistory: number, period: Period,
): QualityFinding[] {
  const groups = new Map<string, CheckedJob[]>();
  for (const job of succeeded.filter(({ rerun_of: rerunOf }) => rerunOf === undefined).sort((a, b) => a.timestamp - b.timestamp)) {
    const group = groupOf(job.key, expected);
    groups.set(group, [...groups.get(group) ?? [], job]);
  }
  return [...groups.values()].flatMap((jobs) => jobs.flatMap((job, index): QualityFinding[] => {
    const before = jobs.slice(Math.max(0, index - HISTORY_LENGTH), index).map(({ records_read: read = 0 }) => read);
    if (!within(job.timestamp, period) || before.length < minHistory) return [];
    const { least, most } = usualRange(before);
    const { file_id: fileId, key, records_read: read = 0 } = job;
    if (read >= least && read <= most) return [];
    return [{
      kind: 'RECORD_COUNT',
      fileId,
      key,
      message: `expected ${least} to ${most} records, as in the ${before.length} jobs before, got ${read}`,
      todo: 'Ask the sender whether the file is complete, and nothing is in it twice.',
    }];
  }));
}

/** Whose record counts are compared with each other: the key pattern of the first file that it may be, or none. */
export function groupOf(key: string, expected: readonly ExpectedFileSettings[]): string {
  return expected.find(({ keyPattern }) => matchesWildcard(keyPattern, key))?.keyPattern ?? '';
}

/** Median plus and minus three median absolute deviations, in whole records. */
export function usualRange(counts: readonly number[]): { readonly least: number; readonly most: number } {
  const middle = median(counts);
  const deviation = Math.max(median(counts.map((count) => Math.abs(count - middle))), middle * LEAST_DEVIATION);
  return { least: Math.max(0, Math.ceil(middle - MOST_DEVIATIONS * deviation)), most: Math.floor(middle + MOST_DEVIATIONS * deviation) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
