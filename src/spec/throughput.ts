/** How fast the functions work, as docs/performance.md has it: what synth and the steps expect of a file. */
import { OutputFormatName } from './output-settings';

/**
 * Megabytes of a file that a worker with one vCPU or more gets through in a second: no more than S3 takes from it, and
 * with Parquet no more than the encoder makes.
 */
const MEGABYTES_PER_SECOND: Readonly<Record<OutputFormatName, number>> = { jsonl: 25, csv: 25, parquet: 8 };
/** Parquet of so many columns takes twice the time: each column of a row group has a page and an entry in the footer. */
const PARQUET_COLUMNS = 10_000;
/** Megabytes of text that a function with one vCPU or more reads, decodes and uploads in a second. */
export const STAGED_MEGABYTES_PER_SECOND = 38;
/** No function has got more out of S3, whatever it does with it. */
export const MOST_MEGABYTES_PER_SECOND = 150;
/** What a worker takes beside its chunk's bytes: its start, the plan, two writes to the job table. */
export const SECONDS_BESIDE_A_CHUNK = 0.3;

/** So much memory has one vCPU; with less the share is smaller. */
const MEBIBYTES_OF_ONE_CPU = 1769;

/** Lambda's limit. */
const MOST_TIMEOUT_SECONDS = 15 * 60;

/**
 * The beginning of a sentence that says what to do where a function is too slow: what of its settings can still be raised.
 *
 * @param prop of the function, such as `steps.planChunks`
 */
export function toRaise(prop: string, timeoutSeconds: number, memoryMebibytes: number): string {
  const settings = [
    ...timeoutSeconds < MOST_TIMEOUT_SECONDS ? [`${prop}.timeout (up to 15 minutes)`] : [],
    ...memoryMebibytes < MEBIBYTES_OF_ONE_CPU ? [`${prop}.memorySize (up to 1,769 MiB)`] : [],
  ];
  return settings.length === 0 ? '' : `raise ${settings.join(' and ')}, or `;
}

export function cpuShareOf(memoryMebibytes: number): number {
  return Math.min(1, memoryMebibytes / MEBIBYTES_OF_ONE_CPU);
}

/** Of a worker with one vCPU or more. */
export function megabytesPerSecond(format: OutputFormatName, columns: number): number {
  const rate = MEGABYTES_PER_SECOND[format];
  return format === 'parquet' ? rate / (1 + columns / PARQUET_COLUMNS) : rate;
}

export function rateTold(megabytes: number): string {
  return `${Math.round(megabytes * 10) / 10} MB/s`;
}

/** `45 s`, `2 h 30 min`. */
export function timeTold(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
