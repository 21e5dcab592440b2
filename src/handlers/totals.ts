import { JobContract } from '../contract/job-contract';
import { ChunkItem, JobItem, RecordCounts } from '../contract/job-item';

/** A chunk that has its result. */
export type FinishedChunk = ChunkItem & RecordCounts & Required<Pick<ChunkItem, 'actual_end' | 'lines' | 'result_attempt'>>;

/**
 * The job's counts.
 *
 * @throws Error when a record was neither written nor rejected, or both
 */
export function addUp(chunks: readonly FinishedChunk[]): RecordCounts {
  const totals = {
    records_read: 0,
    records_written: 0,
    records_rejected: 0,
    blank_lines: 0,
    comment_lines: 0,
    rejects_by_code: {} as Record<string, number>,
    rejects_by_column: {} as Record<string, number>,
  };
  for (const chunk of chunks) {
    checkConservation(chunk.chunk_id, chunk);
    totals.records_read += chunk.records_read;
    totals.records_written += chunk.records_written;
    totals.records_rejected += chunk.records_rejected;
    totals.blank_lines += chunk.blank_lines;
    totals.comment_lines += chunk.comment_lines;
    addInto(totals.rejects_by_code, chunk.rejects_by_code);
    addInto(totals.rejects_by_column, chunk.rejects_by_column);
  }
  checkConservation('the job', totals);
  return totals;
}

/** The counts that the job item holds; undefined where its chunks were never added up. */
export function totalsOf(job: JobItem): RecordCounts | undefined {
  return job.records_read === undefined ? undefined : job as JobItem & RecordCounts;
}

function checkConservation(where: string, counts: RecordCounts): void {
  const { records_read: read, records_written: written, records_rejected: rejected } = counts;
  const byCode = Object.values(counts.rejects_by_code).reduce((sum, count) => sum + count, 0);
  if (read !== written + rejected || byCode !== rejected) {
    throw new Error(`internal: of ${where} expected records read = written + rejected, got ${read} = ${written} + ${rejected} (${byCode} by code)`);
  }
}

function addInto(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}

/** Why the job is not published: which limit, and the figure that is above it. Undefined when it is within every limit. */
export function brokenLimit(counts: RecordCounts, contract: JobContract): string | undefined {
  const { records_read: read, records_rejected: rejected } = counts;
  const { maxRejectedRecords, maxRejectedPercentage } = contract;
  const limit = maxRejectedRecords ?? (maxRejectedPercentage === undefined ? 0 : Infinity);
  if (rejected > limit) return `expected at most ${limit} rejected records, got ${rejected} of ${read}`;
  if (maxRejectedPercentage !== undefined && rejected * 100 > maxRejectedPercentage * read) {
    return `expected at most ${maxRejectedPercentage} % rejected records, got ${percentage(rejected, read)} % (${rejected} of ${read})`;
  }
  return undefined;
}

/** Rounded up, so that a share above the limit never looks like the limit. */
function percentage(part: number, whole: number): string {
  return (Math.ceil(part / whole * 100_000) / 1000).toString();
}
