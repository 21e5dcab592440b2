import { HeadRows, RowFate } from './head-rows';
import { FastLane, Position, RecordVisitor } from './record-visitor';
import { Format } from '../format/format';
import { RecordParser } from '../grammar/record-parser';

/** Most bytes of an oversized line that are kept for the quarantine, unless a record may be larger. */
const KEPT_SIZE = 8 * 1024 * 1024;

export interface WalkCounts {
  /** Physical lines that begin in the range. */
  lines: number;
  recordsRead: number;
  blankLines: number;
  commentLines: number;
  /** Records of nothing but delimiters and blanks, where these are skipped. */
  blankRecords: number;
}

/** Hands each record of a walk to the visitor, and counts. */
export class Visits {
  readonly counts: WalkCounts = { lines: 0, recordsRead: 0, blankLines: 0, commentLines: 0, blankRecords: 0 };
  /** Most bytes of a line that `broken` is given. */
  readonly keptSize: number;
  private readonly position: Position = { byteOffset: 0, line: 0 };
  private readonly head: HeadRows;

  /** @param inHead whether the file's head comes before the first record */
  constructor(private readonly visitor: RecordVisitor, private readonly format: Format, public inHead: boolean) {
    this.keptSize = Math.max(format.maxRecordSize, KEPT_SIZE);
    this.head = new HeadRows(format);
  }

  /** Where the head may be over. @param byteOffset of what comes next */
  leaveHead(byteOffset: number): void {
    if (!this.head.isOver) return;
    this.endHead(byteOffset);
  }

  /** Where the head is over, and at the latest at the file's end. */
  endHead(byteOffset: number): void {
    this.inHead = false;
    this.tellMissing(this.head.missing());
    this.visitor.onDataStart?.(byteOffset);
  }

  /** A row of the head that the parser has made a record of. */
  headRow(bytes: Buffer, parser: RecordParser): RowFate {
    const fate = this.head.record(bytes, parser);
    if (fate === 'header') this.visitor.header?.(bytes, parser.contentStart, parser);
    else this.counts.commentLines += fate === 'skip' ? parser.lines : 1;
    return fate;
  }

  blank(): void {
    this.counts.blankLines++;
    if (this.inHead) this.tellMissing(this.head.noRecord('a blank line'));
  }

  blankRecord(): void {
    this.counts.blankRecords++;
    if (this.inHead) this.tellMissing(this.head.noRecord('a blank record'));
  }

  comment(): void {
    this.counts.commentLines++;
    if (this.inHead) this.tellMissing(this.head.noRecord('a comment'));
  }

  private tellMissing(got: string | undefined): void {
    if (got !== undefined) this.visitor.noHeader?.(got);
  }

  record(bytes: Buffer, parser: RecordParser, byteOffset: number): void {
    this.counts.recordsRead++;
    this.visitor.record(bytes, parser.contentStart, parser, this.positionAt(byteOffset));
  }

  /** The records that `fastLane` has taken. */
  taken({ records, lines }: FastLane): void {
    this.counts.recordsRead += records;
    this.counts.lines += lines;
  }

  /**
   * A record that does not end: all that is known of it is its first line.
   *
   * @param line the line; at least its first `keptSize` bytes
   * @param size bytes of the whole line
   */
  broken(line: Buffer, size: number, code: 'record_size' | 'quote', byteOffset: number): void {
    const message = code === 'quote' ? 'a quote is opened and never closed' : this.sizeMessage(size);
    if (this.inHead) {
      const missing = this.head.noRecord({ fault: message });
      this.tellMissing(missing);
      if (missing === undefined) this.counts.commentLines++;
      return;
    }
    this.counts.recordsRead++;
    this.visitor.broken(line.subarray(0, this.keptSize), code, message, this.positionAt(byteOffset));
  }

  private sizeMessage(lineSize: number): string {
    const cut = lineSize > this.keptSize ? `: its first line has ${lineSize}, of which the first ${this.keptSize} are kept here` : '';
    return `a record must have at most ${this.format.maxRecordSize} bytes, this one has more${cut}`;
  }

  private positionAt(byteOffset: number): Position {
    this.position.byteOffset = byteOffset;
    this.position.line = this.counts.lines;
    return this.position;
  }
}
