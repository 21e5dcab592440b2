/**
 * Of a file that nothing tells where to cut: how much one worker would have to take, and when that is too much for it.
 */
import { cutsOf } from './plan-limits';
import { JobContract } from '../contract/job-contract';
import { chunkSizeOf, findChunks, PlanOptions } from '../engine/boundaries/chunk-plan';
import { Format, recordReach } from '../engine/format/format';
import { ByteSource } from '../engine/io/byte-source';
import { FileError } from '../engine/model/errors';
import { HeadReport } from '../engine/records/head';
import { cpuShareOf, megabytesPerSecond, rateTold, timeTold, toRaise } from '../spec/throughput';

const MEGA = 1e6;
/** Most bytes that are read to know at the beginning what PlanChunks would find out. */
const MOST_READ = 1024 ** 3;

/**
 * So many bytes without a place to cut are too many for a worker, whatever its chunk holds. What is told of them throws
 * FileError `too_large`. Undefined: nothing cuts a worker off.
 */
export function uncutLimit(sizeBytes: number, { settings, maxRecordSize }: Format, { capacity }: JobContract): UncutLimit | undefined {
  if (capacity === undefined) return undefined;
  const { timeoutSeconds, memoryMebibytes } = capacity.processChunk;
  // Whatever becomes of the records: of such a line nothing does.
  const rate = megabytesPerSecond('csv', 0) * cpuShareOf(memoryMebibytes);
  const ends = settings.recordFormat === 'json' ? 'Send an object a line' : 'Declare the lineTerminator that the file has';
  const most = Math.floor(timeoutSeconds * rate * MEGA);
  const onUncut = (start: number, end: number): void => {
    if (end - start <= most) return;
    throw new FileError('too_large', `expected a line end within ${maxRecordSize} bytes (maxRecordSize) where the file of ${sizeBytes} bytes is to be cut, got none from byte ${start} to byte ${end}: `
      + `ProcessChunk gets through ${most} bytes in ${timeTold(timeoutSeconds)} (timeout) at ${rateTold(rate)}. ${ends}; where that is so, `
      + `${toRaise('steps.processChunk', timeoutSeconds, memoryMebibytes)}send records that are shorter`);
  };
  return { most, onUncut };
}

export interface UncutLimit {
  /** Bytes. */
  readonly most: number;
  readonly onUncut: NonNullable<PlanOptions['onUncut']>;
}

/**
 * Whether the file can be cut at all in its beginning, where a record does not end: in the places where PlanChunks
 * will cut it.
 *
 * @throws FileError `too_large`
 */
export async function checkFirstCut(source: ByteSource, format: Format, head: HeadReport, contract: JobContract): Promise<void> {
  const { dataStart, hasLongRecord } = head;
  const limit = uncutLimit(source.size, format, contract);
  if (!hasLongRecord || limit === undefined) return;
  const cuts = cutsOf(contract);
  const chunkSize = chunkSizeOf(source.size, cuts);
  // Up to a place at which PlanChunks will look: so far a chunk is one at least.
  const size = Math.min(source.size, (Math.ceil((dataStart + limit.most) / chunkSize) + 1) * chunkSize);
  if (size <= limit.most || size / chunkSize * recordReach(format) > MOST_READ) return;
  const beginning: ByteSource = { size, read: async (start, end) => source.read(start, end) };
  await findChunks(beginning, format, { ...cuts, dataStart, chunkSize, onUncut: limit.onUncut });
}
