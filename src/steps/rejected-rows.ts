/** The rejected records of a job, in the order of the file, from the shards that its chunks have left. */
import { Faults } from './foremost-fault';
import { ShardRows, shardRows } from './reject-shard';
import { RowCells } from './row-cells';
import { ChunkItem } from '../contract/job-item';
import { OutputStore } from '../ports/output';

/** Enough to find what most of them have in common: less than a second, and however many there are. */
const MOST_SAMPLED_ROWS = 200_000;
const MOST_SAMPLED_BYTES = 256 * 1024 * 1024;

/** What is needed of a chunk. */
export type RejectingChunk = Pick<ChunkItem, 'reject_shard_key' | 'lines'>;

/** A row's place: the chunk's number, and the row's in its shard. */
export interface RowPlace {
  readonly chunk: number;
  readonly row: number;
}

/** Rows that follow one another. */
export interface RejectedRows {
  readonly rows: ShardRows;
  readonly chunk: number;
  /** The physical line in the file, from 1, that is the chunk's first. */
  readonly firstLine: number;
}

/**
 * Many rows at a time, in their order.
 *
 * @param chunks all chunks of the file, in order, with their results
 * @param from the first row that is wanted
 */
export async function* rejectedRows(output: OutputStore, chunks: readonly RejectingChunk[],
  from: RowPlace = { chunk: 0, row: 0 }): AsyncIterable<RejectedRows> {
  let firstLine = 1;
  for (const [chunk, { reject_shard_key: shardKey, lines = 0 }] of chunks.entries()) {
    if (shardKey !== undefined && chunk >= from.chunk) {
      for await (const rows of shardRows(output.read(shardKey), shardKey)) {
        if (chunk === from.chunk) rows.skipTo(from.row);
        yield { rows, chunk, firstLine };
      }
    }
    firstLine += lines;
  }
}

/** The faults of the first rejected records, of fewer where the time is up before. */
export async function sampleFaults(output: OutputStore, chunks: readonly RejectingChunk[], isFormulaSafe: boolean,
  isTimeUp: () => boolean): Promise<{ readonly faults: Faults; readonly rows: number }> {
  const faults = new Faults();
  const cells = new RowCells(isFormulaSafe);
  let sampled = 0;
  let sampledBytes = 0;
  for await (const { rows, firstLine } of rejectedRows(output, chunks)) {
    while (rows.next()) {
      cells.read(rows.bytes, rows.start, rows.end);
      faults.add(cells, firstLine + rows.line);
      sampledBytes += rows.end - rows.start;
      if (++sampled === MOST_SAMPLED_ROWS || sampledBytes >= MOST_SAMPLED_BYTES || isTimeUp()) return { faults, rows: sampled };
    }
  }
  return { faults, rows: sampled };
}
