/**
 * The rejects of one attempt on a chunk, as rows of `rejected.csv`: FinalizeJob copies them. What it alone knows is how many
 * lines the chunks before have. So of a row all but its first cell is there, and ahead of it stand its line, from 0 at the
 * chunk's first, and its size.
 */
import { CsvBytes } from './csv-bytes';
import { compileText, isFormula, withoutFormula } from '../engine/output/csv-encoder';
import { Reject } from '../engine/process/rejects';

/** The line as a double, the size as 32 bits: no row is as large as 4 GiB, but a chunk may have as many lines. */
const HEAD_SIZE = 12;
const SIZE_AT = 8;

const AS_TEXT = Buffer.from(',utf-8,');
const AS_BASE64 = Buffer.from(',base64,');
const LONGEST_CHARACTER = 4;

export class ShardEncoder {
  private readonly rows = new CsvBytes();
  /** The cells of code and column, and the comma on either side: few of them are in a file. */
  private readonly reasons = new Map<string, Map<string, Uint8Array>>();

  /** @param isFormulaSafe no cell is a formula to a spreadsheet */
  constructor(private readonly isFormulaSafe = false) {}

  /** @returns a row for each reject; the view holds until the next call */
  encode(batch: readonly Reject[]): Uint8Array {
    for (const reject of batch) this.append(reject);
    return this.rows.take();
  }

  private append({ line, byteOffset, code, column = '', message, record }: Reject): void {
    const { rows } = this;
    const head = rows.leaveRoom(HEAD_SIZE);
    rows.append(COMMA);
    rows.appendInteger(byteOffset);
    rows.append(this.reason(code, column));
    // A transform's own message may hold what is no text, or ends the line.
    rows.appendVisible(this.isFormulaSafe ? withoutFormula(message) : message);
    this.appendRecord(record);
    rows.append(LINE_END);
    rows.bytes.writeDoubleLE(line, head);
    rows.bytes.writeUInt32LE(rows.length - head - HEAD_SIZE, head + SIZE_AT);
  }

  /** In quotes, also where it would not need them: it is text as it came. */
  private appendRecord(record: Buffer): void {
    const { rows } = this;
    // It has to come back as it was, so that it can be sent again: no apostrophe goes before it.
    const isHidden = this.isFormulaSafe && isFormula(record.toString('utf8', 0, LONGEST_CHARACTER));
    // Readers of CSV drop a NUL, or end there.
    if (!isHidden && rows.appendIfText(AS_TEXT, record)) return;
    rows.append(AS_BASE64);
    rows.appendBase64(record);
  }

  private reason(code: string, column: string): Uint8Array {
    let byColumn = this.reasons.get(code);
    if (byColumn === undefined) this.reasons.set(code, byColumn = new Map());
    let reason = byColumn.get(column);
    if (reason === undefined) byColumn.set(column, reason = Buffer.from(`,${code},${column === '' ? '' : compileText(this.isFormulaSafe)(column)},`));
    return reason;
  }
}

const COMMA = Buffer.from(',');
const LINE_END = Buffer.from('\n');

/** Goes from row to row of a shard, or of a piece of one. */
export class ShardRows {
  /** From 0, at the chunk's first. */
  line = 0;
  /** The row, without its first cell, is `bytes[start, end)`. */
  start = 0;
  end = 0;

  /**
   * @param bytes whole rows
   * @param row how many rows of the shard lie before them; then, the number of the row, from 0
   */
  constructor(readonly bytes: Buffer, public row: number) {
    this.row--;
  }

  /** @returns whether there is a further row, to which it has gone */
  next(): boolean {
    const { bytes, end } = this;
    if (end === bytes.length) return false;
    this.row++;
    this.line = bytes.readDoubleLE(end);
    this.start = end + HEAD_SIZE;
    this.end = endOfRow(bytes, end);
    return true;
  }

  /** So that `next` goes to this one, if it is among them. */
  skipTo(row: number): void {
    while (this.row + 1 < row && this.next());
  }
}

/** The rows of a shard, as many at a time as have come: a turn of the event loop for each of millions would take longer than all else. */
export async function* shardRows(pieces: AsyncIterable<Uint8Array>, shardKey: string): AsyncIterable<ShardRows> {
  let row = 0;
  let waiting: Uint8Array[] = [];
  let size = 0;
  let needed = HEAD_SIZE;
  for await (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size < needed) continue;
    const bytes = Buffer.concat(waiting, size);
    const firstRow = row;
    let end = 0;
    while ((needed = endOfRow(bytes, end)) <= size) {
      end = needed;
      row++;
    }
    if (row > firstRow) yield new ShardRows(bytes.subarray(0, end), firstRow);
    waiting = [bytes.subarray(end)];
    size -= end;
    needed -= end;
  }
  if (size > 0) throw new Error(`expected ${shardKey} to end with a row, got ${size} bytes of one that has more`);
}

/** @param at where a row's head begins. @returns where the row ends, at least; beyond `bytes` where it is not whole */
function endOfRow(bytes: Buffer, at: number): number {
  const start = at + HEAD_SIZE;
  return start > bytes.length ? start : start + bytes.readUInt32LE(at + SIZE_AT);
}
