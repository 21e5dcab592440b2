import { JobContract } from '../contract/job-contract';
import { ChunkItem, ChunkOutcome, JobItem, RecordCounts } from '../contract/job-item';
import { addCounts } from '../spec/counts';
import { addStages, Stages } from '../spec/stages';

/** A chunk that has its result. */
export type FinishedChunk = ChunkItem & ChunkOutcome;

/** The job's counts, chunk by chunk. */
export class Totals {
  private counts = addCounts([]);
  private stages: Stages | undefined;
  private readonly byCode = new Map<string, number>();
  private readonly byColumn = new Map<string, number>();

  /** @throws Error when a record was neither written nor rejected nor filtered, or two of these */
  add(chunk: FinishedChunk): void {
    checkConservation(chunk.chunk_id, chunk);
    this.counts = addCounts([this.counts, chunk]);
    this.stages = addStages(this.stages, chunk.stages);
    addByName(this.byCode, chunk.rejects_by_code);
    addByName(this.byColumn, chunk.rejects_by_column);
  }

  /** @throws Error as `add` */
  get sum(): RecordCounts {
    const totals = {
      ...this.counts,
      rejects_by_code: Object.fromEntries(this.byCode),
      rejects_by_column: Object.fromEntries(this.byColumn),
      ...this.stages === undefined ? {} : { stages: this.stages },
    };
    checkConservation('the job', totals);
    return totals;
  }
}

/** The counts that the job item holds; undefined where its chunks were never added up. */
export function totalsOf(job: JobItem): RecordCounts | undefined {
  return job.records_read === undefined ? undefined : job as JobItem & RecordCounts;
}

function checkConservation(where: string, counts: RecordCounts): void {
  const { records_read: read, records_written: written, records_rejected: rejected, records_filtered: filtered } = counts;
  const byCode = sum(Object.values(counts.rejects_by_code));
  const byColumn = sum(Object.values(counts.rejects_by_column));
  if (read !== written + rejected + filtered || byCode !== rejected || byColumn !== rejected) {
    throw new Error(`internal: of ${where} expected records read = written + rejected + filtered, got `
      + `${read} = ${written} + ${rejected} + ${filtered} (${byCode} rejected by code, ${byColumn} by column)`);
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Names are those of fields: `constructor` and `__proto__` are names like any other. */
export function addByName(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
}

export type Verdict = Pick<JobItem, 'error_code' | 'error_message'>;

/**
 * Why the job is not published, for its item. Undefined: it is.
 *
 * @param skipFooter how many records the file must have at its end, to be skipped
 */
export function verdictOf(counts: RecordCounts, contract: JobContract, skipFooter = 0): Verdict | undefined {
  const footer = missingFooter(counts, skipFooter);
  if (footer !== undefined) return { error_code: 'footer_not_found', error_message: footer };
  const limit = brokenLimit(counts, contract);
  if (limit !== undefined) return { error_code: 'too_many_rejects', error_message: limit };
  if (counts.records_written > 0 || contract.allowEmptyOutput === true) return undefined;
  // A limit that one reject is within would bless a file that was read as one record, and so would all that is skipped.
  const fates = Object.entries(FATES).flatMap(([name, fate]) => {
    const count = counts[name as keyof typeof FATES] ?? 0;
    return count === 0 ? [] : [`${count} ${fate}`];
  });
  if (fates.length === 0) return undefined;
  return { error_code: 'nothing_to_publish', error_message: `expected a record to publish, got none: ${fates.join(', ')} (allowEmptyOutput lets it pass)` };
}

/** What a file may hold beside its header and lines of no bytes, where nothing of it is published. */
const FATES = {
  records_rejected: 'rejected',
  records_filtered: 'left out by the transform',
  footer_records: 'skipped as footer',
  blank_records: 'blank',
  comment_lines: 'skipped as lines before the records, or comments',
} as const satisfies Partial<Record<keyof RecordCounts, string>>;

/** The footer is skipped record by record, in whichever chunk each lies: only the sum tells whether it was all there. */
function missingFooter({ footer_records: found = 0 }: Partial<RecordCounts>, skipFooter: number): string | undefined {
  if (found === skipFooter) return undefined;
  const records = skipFooter === 1 ? '1 record' : `${skipFooter} records`;
  return `expected ${records} to skip at the file's end (skipFooter), got ${found}: the file has no more records, or one of them spans lines, or blank lines, comments or a line that does not end lie between them`;
}

/**
 * Why the job is not published: which limit, and the figure that is above it. Undefined when it is within every limit.
 */
export function brokenLimit(counts: RecordCounts, contract: JobContract): string | undefined {
  const { records_read: read, records_rejected: rejected } = counts;
  const { maxRejectedRecords, maxRejectedPercentage } = contract;
  const limit = maxRejectedRecords ?? (maxRejectedPercentage === undefined ? 0 : Infinity);
  if (rejected > limit) return `expected at most ${limit} rejected records, got ${rejected} of ${read}`;
  if (maxRejectedPercentage !== undefined && isAbove(rejected, maxRejectedPercentage, read)) {
    return `expected at most ${maxRejectedPercentage} % rejected records, got ${rejected} of ${read}`;
  }
  return undefined;
}

/**
 * Whether a part is more than that percentage of the whole. Exact: as floating point, 57 of 10000 is more than 0.57 %.
 */
function isAbove(part: number, percentage: number, whole: number): boolean {
  const { digits, scale } = decimalOf(percentage);
  return BigInt(part) * 100n * scale > digits * BigInt(whole);
}

/** A number of 0 to 100 as it is written: `digits / scale`. */
function decimalOf(value: number): { readonly digits: bigint; readonly scale: bigint } {
  const [mantissa, exponent = '0'] = value.toString().split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), scale: 10n ** BigInt(fraction.length - Number(exponent)) };
}
