/** The rejected records of a job, in the order of the file, from the shards that its chunks have left. */
import { Faults } from './foremost-fault';
import { ShardRow } from './reject-shard';
import { splitLines } from './split-lines';
import { ChunkItem } from '../contract/job-item';
import { OutputStore } from '../ports/output';

/** Enough to find what most of them have in common: two seconds, and however many there are. */
const MOST_SAMPLED_ROWS = 200_000;
const MOST_SAMPLED_CHARACTERS = 256 * 1024 * 1024;

/** What is needed of a chunk. */
export type RejectingChunk = Pick<ChunkItem, 'reject_shard_key' | 'lines'>;

export interface RejectedRow extends ShardRow {
  /** Physical line in the file, from 1. */
  readonly fileLine: number;
  /** Where it stands: the chunk's number, and the row's in its shard. */
  readonly chunk: number;
  readonly row: number;
}

/** A place between two rows. */
export type RowPlace = Pick<RejectedRow, 'chunk' | 'row'>;

/**
 * Many rows at a time, in their order.
 *
 * @param chunks all chunks of the file, in order, with their results
 * @param from the first row that is wanted
 */
export async function* rejectedRows(output: OutputStore, chunks: readonly RejectingChunk[],
  from: RowPlace = { chunk: 0, row: 0 }): AsyncIterable<readonly RejectedRow[]> {
  let firstLine = 1;
  for (const [chunk, { reject_shard_key: shardKey, lines: linesOfChunk = 0 }] of chunks.entries()) {
    if (shardKey !== undefined && chunk >= from.chunk) {
      let row = 0;
      for await (const lines of splitLines(output.read(shardKey))) {
        const rows: RejectedRow[] = [];
        for (const line of lines) {
          if (chunk > from.chunk || row >= from.row) rows.push(rowOf(parseRow(line, shardKey), firstLine, chunk, row));
          row++;
        }
        if (rows.length > 0) yield rows;
      }
    }
    firstLine += linesOfChunk;
  }
}

/** The faults of the first rejected records, of fewer where the time is up before. */
export async function sampleFaults(output: OutputStore, chunks: readonly RejectingChunk[],
  isTimeUp: () => boolean): Promise<{ readonly faults: Faults; readonly rows: number }> {
  const faults = new Faults();
  let rows = 0;
  let characters = 0;
  for await (const batch of rejectedRows(output, chunks)) {
    for (const row of batch) {
      faults.add(row, row.fileLine);
      characters += row.record.length;
      if (++rows === MOST_SAMPLED_ROWS || characters >= MOST_SAMPLED_CHARACTERS || isTimeUp()) return { faults, rows };
    }
  }
  return { faults, rows };
}

function rowOf({ line, offset, code, column, message, encoding, record }: ShardRow, firstLine: number, chunk: number, row: number): RejectedRow {
  return { line, offset, code, column, message, encoding, record, fileLine: firstLine + line, chunk, row };
}

/** JSON.parse's own message quotes the text, and that is data. */
function parseRow(line: string, shardKey: string): ShardRow {
  try {
    return JSON.parse(line) as ShardRow;
  } catch {
    throw new Error(`expected each line of ${shardKey} to be JSON, got a line of ${line.length} characters that is not`);
  }
}
