/**
 * What a file of this size will take, against what the pipeline has for a job. What is likely is a warning, in the log,
 * the audit and the report; only what is sure to fail is refused.
 */
import { JobCapacity, JobContract } from '../contract/job-contract';
import { JobItem } from '../contract/job-item';
import { publishedSchema } from '../contract/record-settings';
import { FileError } from '../engine/model/errors';
import { needsStaging, ResolvedInput } from '../engine/staging/resolved-input';
import { StepDeps } from '../ports/step-deps';
import { DEFAULT_OUTPUT_FORMAT } from '../spec/output-settings';
import { isUtf16 } from '../spec/text-encodings';
import { cpuShareOf, megabytesPerSecond, MOST_MEGABYTES_PER_SECOND, rateTold, SECONDS_BESIDE_A_CHUNK, STAGED_MEGABYTES_PER_SECOND, timeTold, toRaise } from '../spec/throughput';

/** The most children that a Distributed Map may run at once; a larger file gets larger chunks. */
export const MAX_CHUNKS = 10_000;
/** The audit entry of a warning. */
export const WARNED = 'warned';
/** A job that is expected to take half of its time may take all of it. */
const ROOM = 2;

const MEGA = 1e6;

/**
 * Of the file as it came, before anything is made of it.
 *
 * @returns what is likely to go wrong, with what to set
 * @throws FileError `too_large` where PlanChunks could not make the text, whatever happens
 */
export function checkExpectedTime(sizeBytes: number, input: ResolvedInput, contract: JobContract): string[] {
  const { capacity } = contract;
  if (!needsStaging(input)) return capacity === undefined ? [] : processingWarnings(sizeBytes, contract, capacity);
  const least = leastTextSize(sizeBytes, input);
  const { maxDecodedSizeBytes: most } = contract.input;
  if (least > most) {
    throw new FileError('too_large', `expected at most ${most} bytes of decoded text (maxDecodedSize), got a file of ${sizeBytes} bytes, which holds at least ${least}`);
  }
  if (capacity === undefined) return [];
  const expected = isUtf16(input.encoding) ? least : sizeBytes;
  return [...stagingWarnings(sizeBytes, capacity), ...processingWarnings(expected, contract, capacity)];
}

/** Of the text that was made of the file. */
export function checkStagedTime(textSizeBytes: number, contract: JobContract): string[] {
  return contract.capacity === undefined ? [] : processingWarnings(textSizeBytes, contract, contract.capacity);
}

/** Tells those who look after the job. */
export async function warn(job: JobItem, warnings: readonly string[], deps: Pick<StepDeps, 'jobs' | 'log' | 'now'>): Promise<void> {
  for (const message of warnings) {
    deps.log.warn(message, { fileId: job.file_id, sizeBytes: job.size_bytes });
    await deps.jobs.note(job.file_id, job.run, { event: WARNED, at: deps.now().getTime(), message });
  }
}

/** Bytes of UTF-8 that the file holds at least. */
function leastTextSize(sizeBytes: number, { compression, encoding }: ResolvedInput): number {
  // A compressed file may hold less than it takes, if hardly ever.
  if (compression !== 'none') return 0;
  if (encoding === 'utf-8') return sizeBytes;
  // A code unit becomes one byte at least; the four bytes of a character of GB18030 become two.
  return isUtf16(encoding) ? Math.floor(sizeBytes / 2) : 0;
}

function stagingWarnings(sizeBytes: number, { planChunks }: JobCapacity): string[] {
  const { memoryMebibytes, timeoutSeconds } = planChunks;
  const remedy = `${toRaise('steps.planChunks', timeoutSeconds, memoryMebibytes)}send smaller files, or such as can be cut in place`;
  const has = `PlanChunks has ${timeTold(timeoutSeconds)} (timeout) and ${memoryMebibytes} MiB (memorySize)`;
  if (sizeBytes > timeoutSeconds * MOST_MEGABYTES_PER_SECOND * MEGA) {
    throw new FileError('too_large', `expected a file that one run of PlanChunks can make text of, got one of ${sizeBytes} bytes: ${has}, and gets at most `
      + `${MOST_MEGABYTES_PER_SECOND} MB a second from S3; ${remedy}`);
  }
  const seconds = sizeBytes / MEGA / (STAGED_MEGABYTES_PER_SECOND * cpuShareOf(memoryMebibytes));
  if (seconds <= timeoutSeconds / ROOM) return [];
  return [`making text of a file of ${sizeBytes} bytes takes about ${timeTold(seconds)} or more, in one run: ${has}; ${remedy}`];
}

function processingWarnings(sizeBytes: number, contract: JobContract, capacity: JobCapacity): string[] {
  const { workflowTimeoutSeconds, maxConcurrency, processChunk } = capacity;
  const format = contract.output?.format ?? DEFAULT_OUTPUT_FORMAT;
  const rate = megabytesPerSecond(format, publishedSchema(contract).fields.length) * cpuShareOf(processChunk.memoryMebibytes);
  const chunkSize = Math.max(contract.chunkSizeBytes, Math.ceil(sizeBytes / MAX_CHUNKS));
  const chunks = Math.ceil(sizeBytes / chunkSize);
  const chunkSeconds = Math.min(sizeBytes, chunkSize) / MEGA / rate;
  const atOnce = Math.min(maxConcurrency, chunks);
  const jobSeconds = Math.ceil(chunks / atOnce) * (chunkSeconds + SECONDS_BESIDE_A_CHUNK);
  const warnings: string[] = [];
  if (chunkSeconds > processChunk.timeoutSeconds / ROOM) {
    warnings.push(`a file of ${sizeBytes} bytes is cut into ${chunks} chunks (at most ${MAX_CHUNKS}) of ${chunkSize} bytes, of which each takes about ${timeTold(chunkSeconds)} at ${rateTold(rate)}: `
      + `ProcessChunk has ${timeTold(processChunk.timeoutSeconds)} (timeout); ${toRaise('steps.processChunk', processChunk.timeoutSeconds, processChunk.memoryMebibytes)}send smaller files`);
  }
  if (jobSeconds > workflowTimeoutSeconds / ROOM) {
    const concurrency = Math.min(chunks, Math.ceil(maxConcurrency * ROOM * jobSeconds / workflowTimeoutSeconds));
    const remedies = [`workflowTimeout to at least ${timeTold(ROOM * jobSeconds)}`, ...concurrency > maxConcurrency ? [`maxConcurrency to ${concurrency}`] : []];
    warnings.push(`a file of ${sizeBytes} bytes takes about ${timeTold(jobSeconds)} at ${rateTold(rate)} a worker, ${atOnce} at once (maxConcurrency ${maxConcurrency}): workflowTimeout is `
      + `${timeTold(workflowTimeoutSeconds)}; raise ${remedies.join(', or ')}. A job that runs out of time can be resumed, and goes on with the chunks that are not done`);
  }
  return warnings;
}
