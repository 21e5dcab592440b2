/**
 * Rejected records: each chunk writes a shard with lines relative to the chunk, FinalizeJob joins the shards to one CSV
 * file with the lines of the file.
 */
import { pipeline } from 'node:stream/promises';
import { format } from 'fast-csv';
import { Fault, Faults } from './foremost-fault';
import { MultipartWriter } from './multipart-writer';
import { ShardRow } from './reject-shard';
import { splitLines } from './split-lines';
import { ChunkItem } from '../contract/job-item';
import { Log } from '../ports/observers';
import { OutputStore } from '../ports/output';
import { REJECTED_COLUMNS, RejectedColumn } from '../spec/rejected-columns';

export interface Quarantined {
  readonly rows: number;
  readonly foremost: Fault | undefined;
}

/** What each column says of a row. @param firstLine of the row's chunk in the file */
const CELLS: Readonly<Record<RejectedColumn, (row: ShardRow, firstLine: number) => string | number>> = {
  _line: ({ line }, firstLine) => firstLine + line,
  _byte_offset: ({ offset }) => offset,
  _code: ({ code }) => code,
  _column: ({ column }) => column,
  _message: ({ message }) => message,
  _encoding: ({ encoding }) => encoding,
  _record: ({ record }) => record,
};

/**
 * Writes `rejected.csv`: one row a rejected record, in file order.
 *
 * @param chunks all chunks of the file, in order, with their results
 * @returns the number of rows, and the fault that most of them have
 */
export async function writeRejected(output: OutputStore, key: string, chunks: readonly ChunkItem[], log: Log): Promise<Quarantined> {
  const writer = new MultipartWriter(output, key, { contentType: 'text/csv; charset=utf-8' });
  const csv = format({
    headers: [...REJECTED_COLUMNS],
    // Each record in quotes, also one that would not need them: it is text as it came.
    quoteColumns: { _record: true } satisfies Partial<Record<RejectedColumn, true>>,
    quoteHeaders: false,
    alwaysWriteHeaders: true,
    includeEndRowDelimiter: true,
  });
  let count = 0;
  const faults = new Faults();
  const noted = (row: ShardRow, line: number) => {
    count++;
    faults.add(row, line);
  };
  try {
    await pipeline(rejectedRows(output, chunks, noted), csv, async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) await writer.write(piece);
    });
    await writer.complete();
    return { rows: count, foremost: faults.foremost };
  } catch (error) {
    await writer.abort().catch((second: unknown) => log.warn('an upload is not cleaned up', { key, cause: String(second) }));
    throw error;
  }
}

async function* rejectedRows(output: OutputStore, chunks: readonly ChunkItem[],
  noted: (row: ShardRow, line: number) => void): AsyncIterable<unknown[]> {
  let firstLine = 1;
  for (const { reject_shard_key: shardKey, lines = 0 } of chunks) {
    if (shardKey !== undefined) {
      for await (const line of splitLines(output.read(shardKey))) {
        const row = parseRow(line, shardKey);
        noted(row, firstLine + row.line);
        yield REJECTED_COLUMNS.map((column) => CELLS[column](row, firstLine));
      }
    }
    firstLine += lines;
  }
}

/** JSON.parse's own message quotes the text, and that is data. */
function parseRow(line: string, shardKey: string): ShardRow {
  try {
    return JSON.parse(line) as ShardRow;
  } catch {
    throw new Error(`expected each line of ${shardKey} to be JSON, got a line of ${line.length} characters that is not`);
  }
}
