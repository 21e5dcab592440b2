/** The rejects of one attempt on a chunk, as JSON Lines: what FinalizeJob makes `rejected.csv` of. */
import { JsonBytes } from './json-bytes';
import { Reject } from '../engine/process/rejects';

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

/** The properties of a row, for a test that holds the encoder to all of them. */
export const SHARD_ROW = {
  line: true, offset: true, code: true, column: true, message: true, encoding: true, record: true,
} satisfies Record<keyof ShardRow, true>;

const LINE = Buffer.from('{"line":');
const OFFSET = Buffer.from(',"offset":');
const TEXT_RECORD = Buffer.from(',"encoding":"utf-8","record":');
const BINARY_RECORD = Buffer.from(',"encoding":"base64","record":');
const LINE_END = Buffer.from('}\n');

export class ShardEncoder {
  private readonly json = new JsonBytes();
  /** By code and column. */
  private readonly reasons = new Map<string, Map<string, Uint8Array>>();

  /** @returns a `ShardRow` for each reject, as JSON Lines; the view holds until the next call */
  encode(batch: readonly Reject[]): Uint8Array {
    for (const reject of batch) this.append(reject);
    return this.json.take();
  }

  private append({ line, byteOffset, code, column = '', message, record }: Reject): void {
    const { json } = this;
    json.appendBytes(LINE);
    json.appendInteger(line);
    json.appendBytes(OFFSET);
    json.appendInteger(byteOffset);
    json.appendBytes(this.reason(code, column));
    json.appendText(message);
    // Readers of CSV drop a NUL, or end there, and the record must come back as it was.
    if (!json.appendIfText(TEXT_RECORD, record)) {
      json.appendBytes(BINARY_RECORD);
      json.appendBase64(record);
    }
    json.appendBytes(LINE_END);
  }

  /** Few of them are in a file. */
  private reason(code: string, column: string): Uint8Array {
    let byColumn = this.reasons.get(code);
    if (byColumn === undefined) this.reasons.set(code, byColumn = new Map());
    let reason = byColumn.get(column);
    if (reason === undefined) byColumn.set(column, reason = Buffer.from(`,"code":"${code}","column":${JSON.stringify(column)},"message":`));
    return reason;
  }
}
