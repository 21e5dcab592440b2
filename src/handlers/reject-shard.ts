/** The rejects of one attempt on a chunk, as JSON Lines: what FinalizeJob makes `rejected.csv` of. */
import { isUtf8 } from 'node:buffer';
import { JsonBytes } from './json-bytes';
import { Reject } from '../engine/process-chunk';
import { stringToJson } from '../engine/types/string-type';

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

const TEXT_RECORD = Buffer.from(',"encoding":"utf-8","record":');
const BINARY_RECORD = Buffer.from(',"encoding":"base64","record":');
const LINE_END = Buffer.from('}\n');

export class ShardEncoder {
  private readonly json = new JsonBytes();

  /** @returns a `ShardRow` for each reject, as JSON Lines; the view holds until the next call */
  encode(batch: readonly Reject[]): Uint8Array {
    for (const reject of batch) this.append(reject);
    return this.json.take();
  }

  private append({ line, byteOffset, code, column = '', message, record }: Reject): void {
    const { json } = this;
    json.append(`{"line":${line},"offset":${byteOffset},"code":"${code}","column":${stringToJson(column)},"message":`);
    json.appendText(message);
    // fast-csv drops NUL characters, and the record must come back as it was.
    if (isUtf8(record) && !record.includes(0)) {
      json.appendBytes(TEXT_RECORD);
      json.appendUtf8(record);
    } else {
      json.appendBytes(BINARY_RECORD);
      json.appendBase64(record);
    }
    json.appendBytes(LINE_END);
  }
}
