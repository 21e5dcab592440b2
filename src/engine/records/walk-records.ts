/**
 * The one definition of where records begin and end, recovery included. Process, scan, head check and boundary score all
 * walk through here, so that they cannot differ.
 *
 * A record that outgrows `maxRecordSize`, or meets the end of the file inside a quote, is rejected up to the first line end
 * after its start, and parsing resumes there: one stray quote costs one line.
 *
 * Where the grammar trims blanks (JSON Lines), those around a record are no part of it, and may be of any number.
 */
import { FastLane, Position, RecordVisitor } from './record-visitor';
import { Format } from '../format/format';
import { LINE_END_SIZE } from '../grammar/grammar';
import { endOfLineSoFar, findLineEnd } from '../grammar/line-end';
import { LongLine } from '../grammar/long-line';
import { OpenRuns, RecordFate } from '../grammar/open-runs';
import { ParseStatus, RecordParser } from '../grammar/record-parser';
import { ByteSource } from '../io/byte-source';
import { Window, windowSize } from '../io/window';

/** So much is kept of a line that is too large to be a record, to be quarantined. */
const KEPT_SIZE = 8 * 1024 * 1024;

export interface WalkResult {
  /** The first record boundary at or after the range's end; the file's size at its end. */
  actualEnd: number;
  /** Physical lines that begin in the range. */
  lines: number;
  recordsRead: number;
  blankLines: number;
  commentLines: number;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Bytes within which a record must end. One that may need more is too large. */
function reachOf({ maxRecordSize }: Format): number {
  return maxRecordSize + LINE_END_SIZE;
}

/** How many bytes a walk from `start` on holds at a time. */
export function walkWindowSize(source: ByteSource, format: Format, start: number): number {
  return windowSize(source, start, reachOf(format));
}

/**
 * Visits the records that begin in `[start, end)`; `start` is a record boundary. A walk from 0 takes byte order mark, skipped lines
 * and header, even where these lie behind `end`.
 */
export async function walkRecords(source: ByteSource, format: Format, range: { start: number; end: number },
  visitor: RecordVisitor, readSize?: number): Promise<WalkResult> {
  const walk = new Walk(source, format, range, visitor, readSize);
  return walk.run();
}

class Walk {
  private readonly window: Window;
  private readonly parser: RecordParser;
  private readonly openRuns: OpenRuns;
  private readonly reach: number;
  private readonly keptSize: number;
  private readonly position: Position = { byteOffset: 0, line: 0 };
  private readonly result: WalkResult = { actualEnd: 0, lines: 0, recordsRead: 0, blankLines: 0, commentLines: 0 };
  private at = 0;
  /** Blanks were passed: `at` lies within a line, which began in the range. */
  private inLine = false;
  private headerWanted: boolean;

  constructor(source: ByteSource, private readonly format: Format, private readonly range: { start: number; end: number },
    private readonly visitor: RecordVisitor, readSize: number | undefined) {
    this.reach = reachOf(format);
    this.keptSize = Math.max(format.maxRecordSize, KEPT_SIZE);
    this.window = new Window(source, range.start, range.end, this.reach, readSize, visitor.fastLane?.window);
    this.parser = new RecordParser(format.grammar);
    this.openRuns = new OpenRuns(format.grammar, range.start);
    this.headerWanted = format.header && range.start === 0;
  }

  async run(): Promise<WalkResult> {
    const { window } = this;
    await window.advance(0);
    if (this.range.start === 0) {
      await this.skipBom();
      await this.skipLines();
    }
    for (;;) {
      const wantsMore = this.walkFilled();
      await this.visitor.drain?.();
      if (!wantsMore) {
        if (this.finished()) break;
        continue;
      }
      if (window.length - this.at >= this.reach) {
        await this.takeLongLine();
      } else {
        await window.advance(this.at);
        this.at = 0;
      }
    }
    this.result.actualEnd = window.base + this.at;
    return this.result;
  }

  private async skipBom(): Promise<void> {
    while (this.window.length < BOM.length && !this.window.eof) await this.window.advance(0);
    // Only at offset 0; a later U+FEFF is data.
    if (this.window.length >= BOM.length && this.window.bytes.subarray(0, BOM.length).equals(BOM)) this.at = BOM.length;
  }

  /** A line that is skipped may hold whatever it likes; it counts as a comment. */
  private async skipLines(): Promise<void> {
    const { window, result } = this;
    while (result.commentLines < this.format.skipLines) {
      const lineEnd = this.at < window.length || window.eof ? this.lineEnd() : undefined;
      if (lineEnd === undefined) {
        await this.advanceWithinLine();
        continue;
      }
      if (this.at === window.length) return;
      [, this.at] = lineEnd;
      result.lines++;
      result.commentLines++;
    }
  }

  private finished(): boolean {
    const { window, range } = this;
    if (window.eof && this.at >= window.length) return true;
    return !this.headerWanted && !this.inLine && window.base + this.at >= range.end;
  }

  /** Visits the records that lie wholly in the window. @returns whether it needs more bytes to go on */
  private walkFilled(): boolean {
    const { window, parser, visitor, result, position } = this;
    const { eof } = window;
    const { maxRecordSize, grammar: { trimsBlanks } } = this.format;
    const limit = this.range.end - window.base;
    while (this.headerWanted || this.inLine || this.at < limit) {
      if (visitor.full?.()) return false;
      if (this.at >= window.length) return !eof;
      if (this.openRuns.covers(window.base + this.at)) {
        const fate = this.follow();
        if (fate === 'more' || (fate === 'open' && !this.rejectOpen())) return true;
        if (fate === 'open') continue;
      } else if (visitor.fastLane !== undefined && !this.headerWanted && this.takeFast(visitor.fastLane, limit)) {
        if (visitor.full?.()) return false;
        if (this.at >= Math.min(limit, window.length)) continue;
      }
      const filled = trimsBlanks ? window.length : Math.min(window.length, this.at + this.reach);
      const status = parser.parse(window.bytes, this.at, filled, eof && filled === window.length);
      switch (status) {
        case ParseStatus.record:
          if (parser.contentEnd - parser.contentStart > maxRecordSize) {
            this.rejectOpen();
            break;
          }
          if (this.headerWanted) {
            position.byteOffset = window.base + parser.contentStart;
            position.line = result.lines;
            visitor.header?.(window.bytes, parser.contentStart, parser, position);
            this.headerWanted = false;
            this.step();
            return false;
          }
          this.visit(window.bytes, window.base + parser.contentStart);
          this.step();
          break;
        case ParseStatus.blank:
          result.blankLines++;
          this.step();
          break;
        case ParseStatus.comment:
          result.commentLines++;
          this.step();
          break;
        case ParseStatus.more:
          this.passBlanks();
          // Of a record without the blanks behind it, only the line's end tells the size.
          if (trimsBlanks || filled < this.at + this.reach) return true;
          this.follow();
          if (!this.rejectOpen()) return true;
          break;
        case ParseStatus.unclosed:
          this.follow();
          this.rejectOpen();
          break;
      }
    }
    return false;
  }

  /** Notes where the record at hand leads, for the lines below it that may lead there too. */
  private follow(): RecordFate {
    const { window } = this;
    return this.openRuns.follow(window.bytes, window.base, this.at, window.length, window.eof, this.reach);
  }

  /** @returns whether any record was taken */
  private takeFast(fastLane: FastLane, limit: number): boolean {
    fastLane.take(this.window, this.at, limit, this.result.lines);
    this.result.recordsRead += fastLane.records;
    this.result.lines += fastLane.lines;
    this.at = fastLane.next;
    return fastLane.records > 0;
  }

  /** The record that was parsed. @param byteOffset of its first byte */
  private visit(bytes: Buffer, byteOffset: number): void {
    const { parser, position, result } = this;
    position.byteOffset = byteOffset;
    position.line = result.lines;
    result.recordsRead++;
    this.visitor.record(bytes, parser.contentStart, parser, position);
  }

  private step(): void {
    this.result.lines += this.parser.lines;
    this.at = this.parser.end;
    this.inLine = false;
  }

  /** Those before a record that are no part of it, so that the window has room for what follows. */
  private passBlanks(): void {
    const { bytes, length } = this.window;
    const contentStart = this.parser.trimmedStart(bytes, this.at, length);
    if (contentStart > this.at) this.inLine = true;
    this.at = contentStart;
  }

  /** Of the current line, as `findLineEnd`. */
  private lineEnd(): readonly [start: number, end: number] | undefined {
    return findLineEnd(this.window, this.at, this.format.grammar.dialect.loneCr);
  }

  /**
   * The record at hand does not end within its limit: rejects its first line. Only a comment may be of any length.
   *
   * @returns false when the line's end is not in the window
   */
  private rejectOpen(): boolean {
    const { window } = this;
    const line = this.lineEnd();
    if (line === undefined) return false;
    const [lineContentEnd, end] = line;
    this.passBlanks();
    const contentEnd = this.parser.trimmedEnd(window.bytes, this.at, lineContentEnd);
    const endsWithFile = window.eof && window.length - this.at <= this.format.maxRecordSize;
    if (this.atComment()) this.result.commentLines++;
    else this.report(window.bytes.subarray(this.at, contentEnd), contentEnd - this.at, endsWithFile ? 'quote' : 'record_size');
    this.endLine(end);
    return true;
  }

  private atComment(): boolean {
    return this.window.bytes[this.at] === this.format.grammar.dialect.comment;
  }

  /** @param size of the rejected line; no more than `keptSize` bytes of it are kept, wherever the windows lie */
  private report(line: Buffer, size: number, code: 'record_size' | 'quote'): void {
    const { maxRecordSize } = this.format;
    const cut = size > this.keptSize ? `: its first line has ${size}, of which the first ${this.keptSize} are kept here` : '';
    const message = code === 'record_size'
      ? `a record must have at most ${maxRecordSize} bytes, this one has more${cut}`
      : 'a quote is opened and never closed';
    if (this.headerWanted) {
      this.headerWanted = false;
      this.visitor.brokenHeader?.(message);
      return;
    }
    this.position.byteOffset = this.window.base + this.at;
    this.position.line = this.result.lines;
    this.result.recordsRead++;
    this.visitor.broken(line.subarray(0, this.keptSize), code, message, this.position);
  }

  private async advanceWithinLine(): Promise<void> {
    await this.window.advance(endOfLineSoFar(this.window));
    this.at = 0;
  }

  /**
   * As `rejectOpen`, where the line's end is not in the window: goes on to it, however far it is. Where blanks behind a record are
   * what makes the line long, it is taken after all.
   */
  private async takeLongLine(): Promise<void> {
    const { window, parser } = this;
    const comment = this.atComment();
    const byteOffset = window.base + this.at;
    const line = new LongLine(comment ? 0 : this.keptSize, parser);
    let end;
    do {
      line.pass(window.bytes.subarray(this.at, endOfLineSoFar(window)));
      await this.advanceWithinLine();
      end = this.lineEnd();
    } while (end === undefined);
    const [contentEnd, lineEnd] = end;
    line.pass(window.bytes.subarray(this.at, contentEnd));
    this.at = byteOffset - window.base;
    if (comment) {
      this.result.commentLines++;
    } else if (line.size > this.format.maxRecordSize) {
      this.report(line.beginning(), line.size, 'record_size');
    } else {
      const record = line.beginning();
      parser.parse(record, 0, record.length, true);
      this.visit(record, byteOffset);
    }
    this.endLine(lineEnd);
  }

  private endLine(lineEnd: number): void {
    this.result.lines++;
    this.at = lineEnd;
    this.inLine = false;
  }
}
