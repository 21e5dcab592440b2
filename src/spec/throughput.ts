/** How fast the functions work, as docs/performance.md has it: what synth and the steps expect of a file. */
import { OutputFormatName } from './output-settings';

/**
 * Megabytes of a file that a worker with one vCPU or more gets through in a second: no more than S3 takes from it, and
 * with Parquet no more than the encoder makes.
 */
const MEGABYTES_PER_SECOND: Readonly<Record<OutputFormatName, number>> = { jsonl: 25, csv: 25, parquet: 8 };
/**
 * Parquet of so many columns takes twice the time: each column of a row group has a page and an entry in the footer.
 */
const PARQUET_COLUMNS = 10_000;
/**
 * What a worker does besides, in megabytes of the file that one vCPU gets through of it alone: bench/output-formats.ts
 * and bench/expected-rates.ts. Parquet has the exact path in its rate.
 */
export const BESIDES = {
  /** For what the fast path does not take: JSON, transforms, and what docs/performance.md names. */
  'the exact path': 20,
  'gzip': 60,
  /** What it takes to hand a record to code that does nothing with it. What that does is not known to anybody. */
  'a transform': 13,
} as const;
/** Seconds of a vCPU that a key of a record takes a worker: hashed, sorted, and uploaded in 32 bytes. */
export const SECONDS_A_KEY = 1e-6;

/**
 * Megabytes of text that a function with one vCPU or more reads, decodes and uploads in a second: what S3 takes, and
 * what docs/input-files.md has for each kind of file beside it.
 */
export const STAGED_MEGABYTES_PER_SECOND = 38;
export const DECODED_MEGABYTES_PER_SECOND = { gzip: 380, zip: 380, zstd: 400, json: 400, utf16: 290, singleByte: 220, multiByte: 70 } as const;
export type Decoding = keyof typeof DECODED_MEGABYTES_PER_SECOND;

/** Seconds of a vCPU that FinalizeJob takes to merge an entry of one run, and of ten thousand. */
export const MERGE_SECONDS = { ofOneRun: 0.08e-6, ofManyRuns: 0.2e-6, manyRuns: 10_000 } as const;
/** Seconds of a vCPU that a read of S3 takes the SDK's client. */
export const SECONDS_A_READ = 0.8e-3;
/** What S3 takes at most of a function that reads and does nothing else: half of what any has got. */
const READ_BYTES_PER_SECOND = 75e6;

/**
 * Megabytes that S3 copies in a second, of parts that are copied at once. An allowance: of S3's own work nothing is
 * measured here.
 */
export const COPIED_MEGABYTES_PER_SECOND = 1000;

/** No function has got more out of S3, whatever it does with it. */
export const MOST_MEGABYTES_PER_SECOND = 150;
/** What a worker takes beside its chunk's bytes: its start, the plan, two writes to the job table. */
export const SECONDS_BESIDE_A_CHUNK = 0.3;

/** So much memory has one vCPU; with less the share is smaller. */
export const FULL_MEMORY = 1769;

/** Lambda's limit. */
const MOST_TIMEOUT_SECONDS = 15 * 60;

/**
 * The beginning of a sentence that says what to do where a function is too slow: what of its settings can still be
 * raised.
 *
 * @param prop of the function, such as `steps.planChunks`
 */
export function toRaise(prop: string, timeoutSeconds: number, memoryMebibytes: number): string {
  const settings = [
    ...timeoutSeconds < MOST_TIMEOUT_SECONDS ? [`${prop}.timeout (up to 15 minutes)`] : [],
    ...memoryMebibytes < FULL_MEMORY ? [`${prop}.memorySize (up to 1,769 MiB)`] : [],
  ];
  return settings.length === 0 ? '' : `raise ${settings.join(' and ')}, or `;
}

export function cpuShareOf(memoryMebibytes: number): number {
  return Math.min(1, memoryMebibytes / FULL_MEMORY);
}

/** Of a worker with one vCPU or more, for the plainest of records. */
export function megabytesPerSecond(format: OutputFormatName, columns: number): number {
  const rate = MEGABYTES_PER_SECOND[format];
  return format === 'parquet' ? rate / (1 + columns / PARQUET_COLUMNS) : rate;
}

/** What becomes of the records of a file. */
export interface RecordWork {
  readonly format: OutputFormatName;
  readonly columns: number;
  readonly isExact: boolean;
  readonly isGzip: boolean;
  readonly isTransformed: boolean;
  /** Keys that each record has, by megabytes of the file. */
  readonly keysAMegabyte: number;
}

export interface WorkerRate {
  /** Of a worker with one vCPU or more. */
  readonly megabytesPerSecond: number;
  /** What it is made up of, for a person: the slowest work first. */
  readonly told: string;
}

export function workerRate({ format, columns, isExact, isGzip, isTransformed, keysAMegabyte }: RecordWork): WorkerRate {
  const works: Array<readonly [what: string, megabytesPerSecond: number]> = [
    [format === 'parquet' ? `Parquet of ${columns} columns` : 'reading and writing', megabytesPerSecond(format, columns)],
    ...isExact && format !== 'parquet' ? [['the exact path', BESIDES['the exact path']] as const] : [],
    ...isGzip ? [['gzip', BESIDES.gzip] as const] : [],
    ...isTransformed ? [['a transform', BESIDES['a transform']] as const] : [],
    ...keysAMegabyte > 0 ? [['keys', 1 / (keysAMegabyte * SECONDS_A_KEY)] as const] : [],
  ];
  const seconds = works.reduce((sum, [, rate]) => sum + 1 / rate, 0);
  const told = [...works].sort(([, a], [, b]) => a - b).map(([what, rate]) => `${what} ${rateTold(rate)}`);
  const unknown = isTransformed ? '; what the transform\'s own code takes is not known' : '';
  return { megabytesPerSecond: 1 / seconds, told: works.length === 1 ? '' : ` (${told.join(', ')}${unknown})` };
}

/** Of the text that is made of a file, with one vCPU or more. */
export function stagingRate(decodings: readonly Decoding[]): number {
  return 1 / decodings.reduce((sum, kind) => sum + 1 / DECODED_MEGABYTES_PER_SECOND[kind], 1 / STAGED_MEGABYTES_PER_SECOND);
}

/**
 * With one vCPU or more: what is read is merged when it is there.
 *
 * @param entryBytes of an entry
 * @param readBytes of each run, in one read
 */
export function mergeSeconds(entries: number, runs: number, entryBytes: number, readBytes: number): number {
  const { ofOneRun, ofManyRuns, manyRuns } = MERGE_SECONDS;
  const toMerge = ofOneRun + (ofManyRuns - ofOneRun) * Math.min(1, runs / manyRuns);
  const toRead = entryBytes * Math.max(SECONDS_A_READ / readBytes, 1 / READ_BYTES_PER_SECOND);
  return entries * (toMerge + toRead);
}

export function copySeconds(sizeBytes: number): number {
  return sizeBytes / 1e6 / COPIED_MEGABYTES_PER_SECOND;
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
