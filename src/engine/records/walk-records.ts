/**
 * The one definition of where records begin and end, recovery included. Process, scan, head check and boundary score
 * all walk through here, so that they cannot differ.
 *
 * A record that outgrows `maxRecordSize`, or meets the end of the file inside a quote, is rejected up to the first line
 * end after its start, and parsing resumes there: one stray quote costs one line.
 *
 * Where the grammar trims blanks (JSON Lines), the blanks around a record are not part of it, and there may be any
 * number of them.
 */
import { passFileStart } from './file-start';
import { FastLane, RecordVisitor } from './record-visitor';
import { Visits, WalkCounts } from './visits';
import { Format, recordReach } from '../format/format';
import { findLineEnd, physicalLines } from '../grammar/line-end';
import { passLongLine } from '../grammar/long-line';
import { OpenRuns, RecordFate } from '../grammar/open-runs';
import { ParseStatus, RecordParser } from '../grammar/record-parser';
import { ByteSource } from '../io/byte-source';
import { Window, windowSize } from '../io/window';

export interface WalkResult extends Readonly<WalkCounts> {
  /** The first record boundary at or after the range's end; the file's size at its end. */
  readonly actualEnd: number;
}

/** How many bytes a walk from `start` on holds at a time. */
export function walkWindowSize(source: ByteSource, format: Format, start: number): number {
  return windowSize(source, start, recordReach(format));
}

/**
 * Visits the records that begin in `[start, end)`; `start` is a record boundary. A walk from 0 takes byte order mark,
 * skipped lines and header, even where these lie behind `end`.
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
  private readonly visits: Visits;
  private readonly reach: number;
  /** Index in the window of the next byte to look at: where a record begins, or within the blanks before it. */
  private at = 0;
  /** Blanks were passed: `at` lies within a line, which began in the range. */
  private inLine = false;

  constructor(source: ByteSource, private readonly format: Format, private readonly range: { start: number; end: number },
    private readonly visitor: RecordVisitor, readSize: number | undefined) {
    this.reach = recordReach(format);
    this.window = new Window(source, range.start, range.end, this.reach, readSize, visitor.fastLane?.window);
    this.parser = new RecordParser(format.grammar);
    this.openRuns = new OpenRuns(format.grammar, range.start);
    this.visits = new Visits(visitor, format, range.start === 0);
  }

  async run(): Promise<WalkResult> {
    const { window, visits: { counts } } = this;
    await window.advance(0);
    if (this.range.start === 0) {
      this.at = await passFileStart(window, this.format, counts);
      this.leaveHead();
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
    if (this.visits.inHead) this.visits.endHead(window.base + this.at);
    return { actualEnd: window.base + this.at, ...counts };
  }

  private finished(): boolean {
    const { window, range, visits } = this;
    if (window.eof && this.at >= window.length) return true;
    return !visits.inHead && !this.inLine && window.base + this.at >= range.end;
  }

  /** Visits the records that lie wholly in the window. @returns whether it needs more bytes to go on */
  private walkFilled(): boolean {
    const { window, parser, visitor, visits } = this;
    const { eof } = window;
    const { maxRecordSize, grammar: { trimsBlanks, dialect } } = this.format;
    const limit = this.range.end - window.base;
    while (visits.inHead || this.inLine || this.at < limit) {
      if (visitor.full?.()) return false;
      if (this.at >= window.length) return !eof;
      if (this.openRuns.covers(window.base + this.at)) {
        const fate = this.follow();
        if (fate === 'more' || (fate === 'open' && !this.rejectOpen())) return true;
        if (fate === 'open') continue;
      } else if (visitor.fastLane !== undefined && !visits.inHead && this.takeFast(visitor.fastLane, limit)) {
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
          if (dialect.skipBlankRecords && parser.isBlankRecord(window.bytes)) {
            visits.blankRecord();
            this.step();
            break;
          }
          if (visits.inHead) {
            const fate = visits.headRow(window.bytes, parser);
            if (fate === 'skipLine') this.passLine();
            else this.step();
            return false;
          }
          visits.record(window.bytes, parser, window.base + parser.contentStart);
          this.step();
          break;
        case ParseStatus.blank:
          visits.blank();
          this.step();
          break;
        case ParseStatus.comment:
          visits.comment();
          this.step();
          break;
        case ParseStatus.more:
          this.passBlanks();
          // Blanks behind the record are no part of it: its size is known only at the line's end.
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
    fastLane.take(this.window, this.at, limit, this.visits.counts.lines);
    this.visits.taken(fastLane);
    this.at = fastLane.next;
    return fastLane.records > 0;
  }

  private step(): void {
    this.visits.counts.lines += this.parser.lines;
    this.at = this.parser.end;
    this.inLine = false;
    if (this.visits.inHead) this.leaveHead();
  }

  /** Passes the blanks before a record, which are not part of it, so that the window has room for what follows. */
  private passBlanks(): void {
    const { bytes, length } = this.window;
    const contentStart = this.parser.trimmedStart(bytes, this.at, length);
    if (contentStart > this.at) this.inLine = true;
    this.at = contentStart;
  }

  /**
   * The record at hand does not end within its limit: rejects its first line. Only a comment may be of any length.
   *
   * @returns false when the line's end is not in the window
   */
  private rejectOpen(): boolean {
    const { window, visits, format: { maxRecordSize, grammar } } = this;
    const { lineEnds } = grammar.dialect;
    const lineEnd = findLineEnd(window, this.at, lineEnds);
    if (lineEnd === undefined) return false;
    const [lineContentEnd, end] = lineEnd;
    this.passBlanks();
    const contentEnd = this.parser.trimmedEnd(window.bytes, this.at, lineContentEnd);
    const endsWithFile = window.eof && window.length - this.at <= maxRecordSize;
    if (this.atComment()) visits.comment();
    else visits.broken(window.bytes.subarray(this.at, contentEnd), contentEnd - this.at, endsWithFile ? 'quote' : 'record_size', window.base + this.at);
    this.endLine(end, physicalLines(window.bytes, this.at, end, lineEnds));
    return true;
  }

  /**
   * Like `rejectOpen`, for a line whose end is not in the window: goes on to its end, however far that is. A record in
   * a line that is long only because of the blanks behind it is taken after all.
   */
  private async takeLongLine(): Promise<void> {
    const { window, parser, visits, format: { maxRecordSize, grammar } } = this;
    const isComment = this.atComment();
    const byteOffset = window.base + this.at;
    if (!isComment) this.visitor.longLine?.(window.bytes.subarray(this.at, window.length));
    const { size, beginning, lines, end } = await passLongLine(window, this.at, grammar.dialect.lineEnds, parser, isComment ? 0 : visits.keptSize);
    if (isComment) {
      visits.comment();
    } else if (size > maxRecordSize) {
      visits.broken(beginning, size, 'record_size', byteOffset);
    } else {
      parser.parse(beginning, 0, beginning.length, true);
      visits.record(beginning, parser, byteOffset);
    }
    this.endLine(end, lines);
  }

  private leaveHead(): void {
    this.visits.leaveHead(this.window.base + this.at);
  }

  private atComment(): boolean {
    return this.window.bytes[this.at] === this.format.grammar.dialect.comment;
  }

  /** Passes the line at hand, which is in the window. */
  private passLine(): void {
    const { window, format: { grammar: { dialect: { lineEnds } } } } = this;
    const [, end] = findLineEnd(window, this.at, lineEnds)!;
    this.endLine(end, physicalLines(window.bytes, this.at, end, lineEnds));
  }

  private endLine(lineEnd: number, lines: number): void {
    this.visits.counts.lines += lines;
    this.at = lineEnd;
    this.inLine = false;
    if (this.visits.inHead) this.leaveHead();
  }
}
