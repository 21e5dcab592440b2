import { RecordParser } from './record-parser';

/** A line whose end is not in the window, as far as it has been passed: its size, and its first bytes. */
export class LongLine {
  /** Bytes, without those at the end that are blanks and no part of a record. */
  size = 0;
  private passed = 0;
  private kept = 0;
  private readonly pieces: Buffer[] = [];

  /** @param mostKept bytes */
  constructor(private readonly mostKept: number, private readonly parser: RecordParser) {}

  /** Goes on; the bytes are copied. */
  pass(bytes: Buffer): void {
    const contentEnd = this.parser.trimmedEnd(bytes, 0, bytes.length);
    if (contentEnd > 0) this.size = this.passed + contentEnd;
    this.passed += bytes.length;
    const piece = bytes.subarray(0, this.mostKept - this.kept);
    this.kept += piece.length;
    if (piece.length > 0) this.pieces.push(Buffer.from(piece));
  }

  /** Its first bytes, all of `size` where these are no more than may be kept. */
  beginning(): Buffer {
    return Buffer.concat(this.pieces).subarray(0, this.size);
  }
}
