/**
 * What a file of this size will take, against what the pipeline has for a job. What is likely is a warning, in the log,
 * the audit and the report. Refused is what is sure to fail, and what no worker is expected to read in its `timeout`
 * because nothing tells where to cut it (see `uncut-limit.ts`): more workers or smaller chunks would not help there.
 */
import { MOST_RUNS } from './key-shard';
import { cutsOf, MAX_CHUNKS } from './plan-limits';
import { JobCapacity, JobContract } from '../contract/job-contract';
import { JobItem } from '../contract/job-item';
import { keyBufferBytes } from '../contract/key-buffer';
import { publishedSchema } from '../contract/record-settings';
import { chunkSizeOf } from '../engine/boundaries/chunk-plan';
import { programOf } from '../engine/fast/program';
import { Format } from '../engine/format/format';
import { readBytesOf } from '../engine/keys/find-duplicates';
import { ENTRY_BYTES } from '../engine/keys/key-entry';
import { RUN_LENGTH } from '../engine/keys/key-run';
import { FileError } from '../engine/model/errors';
import { HeadReport } from '../engine/records/head';
import { needsStaging, ResolvedInput } from '../engine/staging/resolved-input';
import { StepDeps } from '../ports/step-deps';
import { INPUT_TRAITS } from '../spec/input-settings';
import { DEFAULT_OUTPUT_FORMAT } from '../spec/output-settings';
import { isLegacy, isMultiByte, isSingleByte, isUtf16 } from '../spec/text-encodings';
import {
  copySeconds, cpuShareOf, Decoding, FULL_MEMORY, mergeSeconds, MOST_MEGABYTES_PER_SECOND, rateTold, SECONDS_BESIDE_A_CHUNK, stagingRate, timeTold,
  toRaise, WorkerRate, workerRate,
} from '../spec/throughput';

/** The audit entry of a warning. */
export const WARNED = 'warned';
/** A job that is expected to take half of its time may take all of it. */
const ROOM = 2;
/**
 * Calls of FinalizeJob that an execution has room for, with its 25,000 events: each is a task and a choice, of seven
 * events.
 */
export const MOST_CALLS = 3500;
/** The sample ends with a record that is too long: by fewer bytes before it nothing is told of the file. */
const LEAST_SAMPLE = 4 * 1024;
/** What takes less of a job's time is not told. */
const WORTH_TELLING = 0.03;

const MEGA = 1e6;

/** A file as it came. */
export interface ArrivedFile {
  readonly sizeBytes: number;
  readonly input: ResolvedInput;
  /** Of the text in it, where it says so itself: a ZIP archive does. That may be wrong; what is inflated is counted. */
  readonly declaredSizeBytes?: number;
}

/** The file's records, as its beginning has them. */
export interface SeenRecords extends Pick<HeadReport, 'wholeRecords' | 'sampleBytes' | 'hasLongRecord'> {
  readonly format: Format;
}

/** @throws FileError `too_large` where PlanChunks could not make the text, whatever happens */
export function checkTextSize(file: ArrivedFile, { capacity, input: { maxDecodedSizeBytes: most } }: JobContract): void {
  const { sizeBytes, input, declaredSizeBytes } = file;
  if (!needsStaging(input)) return;
  const least = leastTextSize(file);
  if (least > most) {
    const holds = declaredSizeBytes === undefined ? `a file of ${sizeBytes} bytes, which holds at least ${least}` : `a ZIP archive of ${sizeBytes} bytes, which says that it holds ${declaredSizeBytes}`;
    throw new FileError('too_large', `expected at most ${most} bytes of decoded text (maxDecodedSize), got ${holds}`);
  }
  if (capacity === undefined || sizeBytes <= capacity.planChunks.timeoutSeconds * MOST_MEGABYTES_PER_SECOND * MEGA) return;
  throw new FileError('too_large', `expected a file that one run of PlanChunks can make text of, got one of ${sizeBytes} bytes: ${planChunksHas(capacity)}, and gets at most `
    + `${MOST_MEGABYTES_PER_SECOND} MB a second from S3; ${stagingRemedy(capacity)}`);
}

/** Before anything is made of the file. @returns what is likely to go wrong, with what to set */
export function expectedTimeWarnings(file: ArrivedFile, records: SeenRecords, contract: JobContract): string[] {
  const { capacity } = contract;
  if (capacity === undefined) return [];
  const job = { fileSize: file.sizeBytes, textSize: expectedTextSize(file), stagingSeconds: stagingSeconds(file, capacity) };
  return [...stagingWarnings(file, capacity), ...processingWarnings(job, records, contract, capacity)];
}

/** Of the text that was made of the file. */
export function stagedTimeWarnings(fileSize: number, textSize: number, records: SeenRecords, contract: JobContract): string[] {
  return contract.capacity === undefined ? [] : processingWarnings({ fileSize, textSize, stagingSeconds: 0 }, records, contract, contract.capacity);
}

/** Tells those who look after the job. */
export async function warn(job: JobItem, warnings: readonly string[], deps: Pick<StepDeps, 'jobs' | 'log' | 'now'>): Promise<void> {
  for (const message of warnings) {
    deps.log.warn(message, { fileId: job.file_id, sizeBytes: job.size_bytes });
    await deps.jobs.note(job.file_id, job.run, { event: WARNED, at: deps.now().getTime(), message });
  }
}

/** Bytes of UTF-8 that the file holds at least. */
function leastTextSize({ sizeBytes, input: { compression, encoding }, declaredSizeBytes }: ArrivedFile): number {
  // A compressed file that does not tell may hold less than it takes, if hardly ever.
  if (compression !== 'none' && declaredSizeBytes === undefined) return 0;
  const size = declaredSizeBytes ?? sizeBytes;
  // A code unit becomes one byte at least. What tells the decoder of an encoding of several bytes how to go on becomes
  // nothing.
  if (isUtf16(encoding)) return Math.floor(size / 2);
  return isLegacy(encoding) && isMultiByte(encoding) ? 0 : size;
}

/** So much it is likely to be; where a compressed file does not tell, it is more. */
function expectedTextSize({ sizeBytes, input: { encoding }, declaredSizeBytes = sizeBytes }: ArrivedFile): number {
  return isUtf16(encoding) ? Math.floor(declaredSizeBytes / 2) : declaredSizeBytes;
}

function decodingsOf({ compression, encoding, format }: ResolvedInput): Decoding[] {
  return [
    ...compression === 'none' ? [] : [compression],
    ...isUtf16(encoding) ? ['utf16' as const] : isLegacy(encoding) ? [isMultiByte(encoding) ? 'multiByte' as const : 'singleByte' as const] : [],
    ...INPUT_TRAITS[format].hasLines ? [] : ['json' as const],
  ];
}

/** 0: the file is cut in place. */
function stagingSeconds(file: ArrivedFile, { planChunks }: JobCapacity): number {
  if (!needsStaging(file.input)) return 0;
  const bytes = Math.max(file.sizeBytes, expectedTextSize(file));
  return bytes / MEGA / (stagingRate(decodingsOf(file.input)) * cpuShareOf(planChunks.memoryMebibytes));
}

function planChunksHas({ planChunks: { timeoutSeconds, memoryMebibytes } }: JobCapacity): string {
  return `PlanChunks has ${timeTold(timeoutSeconds)} (timeout) and ${memoryMebibytes} MiB (memorySize)`;
}

function stagingRemedy({ planChunks: { timeoutSeconds, memoryMebibytes } }: JobCapacity): string {
  return `${toRaise('steps.planChunks', timeoutSeconds, memoryMebibytes)}send smaller files, or such as can be cut in place`;
}

function stagingWarnings(file: ArrivedFile, capacity: JobCapacity): string[] {
  const seconds = stagingSeconds(file, capacity);
  if (seconds <= capacity.planChunks.timeoutSeconds / ROOM) return [];
  const { sizeBytes, input: { compression }, declaredSizeBytes } = file;
  const holds = declaredSizeBytes === undefined ? '' : `, which says that it holds ${declaredSizeBytes},`;
  const orMore = compression !== 'none' && declaredSizeBytes === undefined ? ' or more' : '';
  const rate = rateTold(stagingRate(decodingsOf(file.input)) * cpuShareOf(capacity.planChunks.memoryMebibytes));
  return [`making text of a file of ${sizeBytes} bytes${holds} takes about ${timeTold(seconds)}${orMore} at ${rate}, in one run: ${planChunksHas(capacity)}; ${stagingRemedy(capacity)}`];
}

interface ExpectedJob {
  readonly fileSize: number;
  readonly textSize: number;
  readonly stagingSeconds: number;
}

/** What becomes of the text, in the steps behind PlanChunks. */
interface ExpectedWork {
  readonly chunkSize: number;
  readonly chunks: number;
  /** Of a worker, and what it is made up of, for a person. */
  readonly rate: number;
  readonly told: string;
  readonly chunkSeconds: number;
  /** Of all keys. */
  readonly entries: number;
  readonly mergeSeconds: number;
}

function processingWarnings(job: ExpectedJob, records: SeenRecords, contract: JobContract, capacity: JobCapacity): string[] {
  const work = expectedWork(job, records, contract, capacity);
  return [...chunkWarnings(job, work, contract, capacity), ...mergeWarnings(job, work, capacity), ...workflowWarnings(job, work, capacity)];
}

function expectedWork({ textSize }: ExpectedJob, records: SeenRecords, contract: JobContract,
  { processChunk, finalizeJob }: JobCapacity): ExpectedWork {
  const { megabytesPerSecond, told } = rateOf(records, keysIn(MEGA, records), contract);
  const rate = megabytesPerSecond * cpuShareOf(processChunk.memoryMebibytes);
  const chunkSize = chunkSizeOf(textSize, cutsOf(contract));
  const chunks = Math.ceil(textSize / chunkSize);
  const entries = keysIn(textSize, records);
  return {
    chunkSize,
    chunks,
    rate,
    told,
    chunkSeconds: Math.min(textSize, chunkSize) / MEGA / rate,
    entries,
    mergeSeconds: secondsToMerge(entries, chunks, finalizeJob.memoryMebibytes),
  };
}

/** A worker may have no time for a chunk. */
function chunkWarnings({ textSize }: ExpectedJob, { chunkSize, chunks, rate, told, chunkSeconds }: ExpectedWork, contract: JobContract,
  { processChunk: { timeoutSeconds, memoryMebibytes } }: JobCapacity): string[] {
  if (chunkSeconds <= timeoutSeconds / ROOM) return [];
  const smaller = chunkSize > contract.chunkSizeBytes ? 'send smaller files' : 'set a smaller chunkSize';
  return [`a file of ${textSize} bytes is cut into ${chunks} chunks (at most ${MAX_CHUNKS}) of ${chunkSize} bytes, of which each takes about ${timeTold(chunkSeconds)} at ${rateTold(rate)}${told}: `
    + `ProcessChunk has ${timeTold(timeoutSeconds)} (timeout); ${toRaise('steps.processChunk', timeoutSeconds, memoryMebibytes)}${smaller}`];
}

/** An execution may have no room for the calls of FinalizeJob. */
function mergeWarnings({ textSize }: ExpectedJob, { entries, mergeSeconds: seconds }: ExpectedWork,
  { finalizeJob: { timeoutSeconds, memoryMebibytes } }: JobCapacity): string[] {
  const calls = Math.ceil(seconds / (timeoutSeconds / 2));
  if (calls <= MOST_CALLS / ROOM) return [];
  return [`merging the ${entries} keys of a file of ${textSize} bytes takes FinalizeJob about ${calls} calls of half of ${timeTold(timeoutSeconds)} (timeout): the events of an execution `
    + `have room for ${MOST_CALLS}; ${toRaise('steps.finalizeJob', timeoutSeconds, memoryMebibytes)}send smaller files`];
}

/** One after the other. */
interface JobWork {
  /** Behind the time that it takes. */
  readonly told: string;
  readonly seconds: number;
  /** Whose memory tells how long it takes, if any. */
  readonly by?: 'planChunks' | 'processChunk' | 'finalizeJob';
}

function worksOf({ fileSize, stagingSeconds: ofStaging }: ExpectedJob,
  { chunks, rate, told, chunkSeconds, entries, mergeSeconds: ofMerge }: ExpectedWork, maxConcurrency: number): JobWork[] {
  const atOnce = Math.min(maxConcurrency, chunks);
  return [
    { told: 'to make text of it (PlanChunks)', seconds: ofStaging, by: 'planChunks' },
    {
      told: `for its ${chunks} chunks at ${rateTold(rate)} a worker${told}, ${atOnce} at once (maxConcurrency ${maxConcurrency})`,
      seconds: Math.ceil(chunks / atOnce) * (chunkSeconds + SECONDS_BESIDE_A_CHUNK),
      by: 'processChunk',
    },
    { told: `to merge its ${entries} keys (FinalizeJob)`, seconds: ofMerge, by: 'finalizeJob' },
    { told: 'to copy it (MoveSource)', seconds: copySeconds(fileSize) },
  ];
}

/** The job may run out of time. */
function workflowWarnings(job: ExpectedJob, work: ExpectedWork, capacity: JobCapacity): string[] {
  const { workflowTimeoutSeconds, maxConcurrency } = capacity;
  const works = worksOf(job, work, maxConcurrency);
  const seconds = works.reduce((sum, each) => sum + each.seconds, 0);
  if (seconds <= workflowTimeoutSeconds / ROOM) return [];
  const large = works.filter((each) => each.seconds >= seconds * WORTH_TELLING);
  const slow = large.flatMap(({ by }) => by === undefined || capacity[by].memoryMebibytes >= FULL_MEMORY ? [] : [`steps.${by}.memorySize to ${FULL_MEMORY} MiB`]);
  // Of the works it is that of the workers that more of them make shorter.
  const { seconds: ofWorkers } = works.find(({ by }) => by === 'processChunk')!;
  const left = workflowTimeoutSeconds / ROOM - (seconds - ofWorkers);
  const concurrency = left <= 0 ? 0 : Math.min(work.chunks, MAX_CHUNKS, Math.ceil(maxConcurrency * ofWorkers / left));
  const remedies = [`workflowTimeout to at least ${timeTold(ROOM * seconds)}`, ...concurrency > maxConcurrency ? [`maxConcurrency to ${concurrency}`] : [], ...slow];
  const told = large.map((each) => `${timeTold(each.seconds)} ${each.told}`).join(', ');
  return [`a file of ${job.textSize} bytes takes about ${timeTold(seconds)}: ${told}. workflowTimeout is ${timeTold(workflowTimeoutSeconds)}; raise ${remedies.join(', or ')}. `
    + 'A job that runs out of time can be resumed, and goes on with the chunks that are not done'];
}

/** Keys of so many bytes, if all of the file is as its beginning: 0 where that tells too little. */
function keysIn(bytes: number, { format: { keys }, wholeRecords, sampleBytes, hasLongRecord }: SeenRecords): number {
  const isKnown = sampleBytes >= (hasLongRecord ? LEAST_SAMPLE : 1);
  return isKnown ? Math.round(keys.length * wholeRecords / sampleBytes * bytes) : 0;
}

function rateOf({ format }: SeenRecords, keysAMegabyte: number, contract: JobContract): WorkerRate {
  const { output = {}, transform } = contract;
  // In such an encoding it takes each record that is not ASCII.
  const isExact = transform !== undefined || isSingleByte(format.settings.encoding) || programOf(format, NO_JOB) === undefined;
  return workerRate({
    format: output.format ?? DEFAULT_OUTPUT_FORMAT,
    columns: publishedSchema(contract).fields.length,
    isExact,
    isGzip: output.gzip === true,
    isTransformed: transform !== undefined,
    keysAMegabyte,
  });
}

/** What the metadata columns hold makes no record slower. */
const NO_JOB = { jobId: '', sourceKey: '', ingestionTime: '' };

function secondsToMerge(entries: number, chunks: number, memoryMebibytes: number): number {
  if (entries === 0) return 0;
  const runs = runsToMerge(entries, chunks);
  return mergeSeconds(entries, runs, ENTRY_BYTES, readBytesOf(runs, keyBufferBytes(memoryMebibytes))) / cpuShareOf(memoryMebibytes);
}

/** As `steps/key-shard.ts` makes them. */
export function runsToMerge(entries: number, chunks: number): number {
  const ofChunks = chunks * Math.ceil(entries / chunks / RUN_LENGTH);
  return ofChunks > MOST_RUNS ? chunks : ofChunks;
}
