import { bytesSource, runChunked, runWhole } from './engine-run';
import { compileFormat, FormatSettings } from '../../../src/engine/format/format';
import { ChunkResult, processRecords } from '../../../src/engine/process/process-records';
import { checkHead } from '../../../src/engine/records/head';

export interface EveryWayOutcome {
  /** The output's lines. */
  readonly lines: string[];
  /**
   * `code column: message`, without `column` for the record as a whole; then what is kept of the record, in the bytes
   * of the file.
   */
  readonly rejects: Array<[told: string, record: string]>;
  /** Physical lines of the rejects; 1 is the file's first. */
  readonly rejectLines: number[];
  readonly rejectOffsets: number[];
  readonly counts: ChunkResult;
}

export type Settings = Pick<FormatSettings, 'schema'> & Partial<FormatSettings>;

const CHUNK_SIZES = [1, 7, 20, 64, 1000];
const MOST_CHUNKS = 1000;

/**
 * Works as the pipeline does: the head tells the columns, then the file is processed. The outcome must be the same at
 * every chunk size and on both paths.
 */
export async function runEveryWay(content: string | Buffer, given: Settings): Promise<EveryWayOutcome> {
  const source = bytesSource(content);
  const settings = { dialect: {}, maxRecordSize: 1000, ...given };
  const { columns } = await checkHead(source, compileFormat(settings));
  const format = compileFormat({ ...settings, columns });

  const pieces: Buffer[] = [];
  const outcome = { rejects: [] as EveryWayOutcome['rejects'], rejectLines: [] as number[], rejectOffsets: [] as number[] };
  const counts = await processRecords(source, format, { start: 0, end: source.size }, {
    write: async (bytes) => { pieces.push(Buffer.from(bytes)); },
    rejects: async (batch) => {
      for (const { code, column, message, record, line, byteOffset } of batch) {
        outcome.rejects.push([`${code}${column === undefined ? '' : ` ${column}`}: ${message}`, record.toString('latin1')]);
        outcome.rejectLines.push(line + 1);
        outcome.rejectOffsets.push(byteOffset);
      }
    },
  });
  const output = Buffer.concat(pieces).toString();
  expect(counts.recordsRead).toBe(counts.recordsWritten + counts.recordsRejected);

  const whole = await runWhole(source, format, { fast: false });
  expect(whole.output).toBe(output);
  for (const chunkSize of CHUNK_SIZES.filter((size) => source.size / size < MOST_CHUNKS)) {
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, format, chunkSize);
    expect(chunked).toEqual(whole);
  }
  return { lines: output.split('\n').slice(0, -1), ...outcome, counts };
}
