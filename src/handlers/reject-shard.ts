/** The rejects of one attempt on a chunk, as JSON Lines: what FinalizeJob makes `rejected.csv` of. */
import { Reject } from '../engine/process-chunk';

/** A line of a shard: `line` counts from 0, at the chunk's first. */
export interface ShardRow {
  readonly line: number;
  readonly offset: number;
  readonly code: string;
  readonly column: string;
  readonly message: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly record: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function shardLine(reject: Reject): Uint8Array {
  const row: ShardRow = {
    line: reject.line,
    offset: reject.byteOffset,
    code: reject.code,
    column: reject.column ?? '',
    message: reject.message,
    ...encodeRecord(reject.record),
  };
  return Buffer.from(JSON.stringify(row) + '\n');
}

function encodeRecord(record: Uint8Array): Pick<ShardRow, 'encoding' | 'record'> {
  // fast-csv drops NUL characters, and the record must come back as it was.
  if (record.includes(0)) return { encoding: 'base64', record: Buffer.from(record).toString('base64') };
  try {
    return { encoding: 'utf-8', record: utf8.decode(record) };
  } catch {
    return { encoding: 'base64', record: Buffer.from(record).toString('base64') };
  }
}
