/**
 * `rejected.csv`: each chunk writes its rejects to a shard with lines relative to the chunk, FinalizeJob joins the shards
 * to one CSV file with the lines of the file. That is bounded by nothing but the file: where the time of a step is up it
 * notes how far it is, and the next call goes on.
 */
import { pipeline } from 'node:stream/promises';
import { format } from 'fast-csv';
import { JSON_TYPE } from './job-plan';
import { MultipartWriter, PausedUpload } from './multipart-writer';
import { RejectedRow, rejectedRows, RejectingChunk, RowPlace } from './rejected-rows';
import { OutputStore } from '../ports/output';
import { StepDeps } from '../ports/step-deps';
import { REJECTED_COLUMNS, RejectedColumn } from '../spec/rejected-columns';

/** How far it is. */
export interface QuarantineProgress {
  readonly rows: number;
  /** The row to go on with. */
  readonly next: RowPlace;
  readonly upload: Omit<PausedUpload, 'rest'>;
  /** Base64: less than a part of an upload. */
  readonly rest: string;
}

/** What each column says of a row. */
const CELLS: Readonly<Record<RejectedColumn, (row: RejectedRow) => string | number>> = {
  _line: ({ fileLine }) => fileLine,
  _byte_offset: ({ offset }) => offset,
  _code: ({ code }) => code,
  _column: ({ column }) => column,
  _message: ({ message }) => message,
  _encoding: ({ encoding }) => encoding,
  _record: ({ record }) => record,
};

const CONTENT = { contentType: 'text/csv; charset=utf-8' };

export interface RejectedFile {
  readonly key: string;
  readonly chunks: readonly RejectingChunk[];
  /** Default: from the beginning. */
  readonly progress?: QuarantineProgress;
}

/**
 * Writes one row a rejected record, in file order, until the time is up.
 *
 * @returns the number of rows when all are written; else how far it is
 */
export async function writeRejected({ key, chunks, progress }: RejectedFile, isTimeUp: () => boolean,
  { output, log }: Pick<StepDeps, 'output' | 'log'>): Promise<number | QuarantineProgress> {
  const writer = progress === undefined
    ? new MultipartWriter(output, key, CONTENT)
    : await MultipartWriter.resume(output, key, CONTENT, { ...progress.upload, rest: Buffer.from(progress.rest, 'base64') });
  const csv = format({
    headers: [...REJECTED_COLUMNS],
    // Each record in quotes, also one that would not need them: it is text as it came.
    quoteColumns: { _record: true } satisfies Partial<Record<RejectedColumn, true>>,
    quoteHeaders: false,
    writeHeaders: progress === undefined,
    alwaysWriteHeaders: progress === undefined,
    includeEndRowDelimiter: true,
  });
  let rows = progress?.rows ?? 0;
  let next: RowPlace | undefined;
  const cells = async function* (): AsyncIterable<unknown[]> {
    for await (const row of rejectedRows(output, chunks, progress?.next)) {
      rows++;
      yield REJECTED_COLUMNS.map((column) => CELLS[column](row));
      if (isTimeUp()) {
        next = { chunk: row.chunk, row: row.row + 1 };
        return;
      }
    }
  };
  try {
    await pipeline(cells, csv, async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        // After the last row there may be nothing to go on with: the end of a row that comes all the same is of none.
        if (rows !== progress?.rows) await writer.write(piece);
      }
    });
    if (next === undefined) {
      await writer.complete();
      return rows;
    }
    const { rest, ...upload } = await writer.pause();
    return { rows, next, upload, rest: Buffer.from(rest).toString('base64') };
  } catch (error) {
    await writer.abort().catch((second: unknown) => log.warn('an upload is not cleaned up', { key, cause: String(second) }));
    throw error;
  }
}

/** @returns its key */
export async function writeProgress(key: string, progress: QuarantineProgress, output: OutputStore): Promise<string> {
  await output.put(key, JSON.stringify(progress), JSON_TYPE);
  return key;
}
