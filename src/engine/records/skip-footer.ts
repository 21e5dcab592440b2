/**
 * The last records of a file, which the dialect skips, also where a chunk's end lies between them.
 *
 * Which records are the last ones is known only from what follows. So those that begin near the file's end are held
 * back until as many others have come behind them; where the chunk ends before that, the walk looks ahead.
 */
import { FastLane, Position, RecordVisitor, NO_VISITOR } from './record-visitor';
import { walkRecords, WalkResult } from './walk-records';
import { RejectCode } from '../../spec/error-codes';
import { Format, recordReach } from '../format/format';
import { RecordParser } from '../grammar/record-parser';
import { NO_HEAD } from '../header/file-head';
import { ByteSource } from '../io/byte-source';
import { Window } from '../io/window';

/** Bytes of blank lines and comments that may stand between and behind the records of a footer. */
const BETWEEN_SIZE = 64 * 1024;
/** Bytes that the walk looks ahead at a time. */
const LOOK_AHEAD = 64 * 1024;

export interface FooterWalk extends WalkResult {
  /** Records of the range that were skipped; `recordsRead` leaves them out. */
  readonly footerRecords: number;
}

/** Bytes at the file's end within which a footer must begin. */
export function footerReach(format: Format): number {
  const { skipFooter } = format.grammar.dialect;
  return skipFooter === 0 ? 0 : skipFooter * recordReach(format) + BETWEEN_SIZE;
}

/** Like `walkRecords`, without the file's last records where the dialect skips them. */
export async function walkWithoutFooter(source: ByteSource, format: Format, range: { start: number; end: number },
  visitor: RecordVisitor, readSize?: number): Promise<FooterWalk> {
  const { skipFooter } = format.grammar.dialect;
  if (skipFooter === 0) return { ...await walkRecords(source, format, range, visitor, readSize), footerRecords: 0 };
  const holding = new HoldingVisitor(visitor, format, skipFooter, Math.max(source.size - footerReach(format), 0));
  const walked = await walkRecords(source, format, range, holding, readSize);
  const following = await countRecords(source, format, walked.actualEnd, skipFooter);
  const footerRecords = await holding.release(Math.max(skipFooter - following, 0));
  return { ...walked, recordsRead: walked.recordsRead - footerRecords, footerRecords };
}

/** How many records begin at `from` or later, if they are fewer than `most`. */
async function countRecords(source: ByteSource, format: Format, from: number, most: number): Promise<number> {
  let count = 0;
  let at = from;
  while (count < most && at < source.size) {
    const { recordsRead, actualEnd } = await walkRecords(source, { ...format, head: NO_HEAD }, { start: at, end: at + LOOK_AHEAD }, NO_VISITOR);
    count += recordsRead;
    at = actualEnd;
  }
  return count;
}

/** Tells the visitor of a record that has been held back. */
type Held = () => void;

/** Passes on what begins before the footer may begin, and holds back the last records behind that. */
class HoldingVisitor implements RecordVisitor {
  readonly fastLane: FastLane | undefined;
  private readonly held: Held[] = [];
  private readonly parser: RecordParser;

  /** @param footerStart offset in the file before which no footer begins */
  constructor(private readonly visitor: RecordVisitor, format: Format, private readonly skipFooter: number, private readonly footerStart: number) {
    this.fastLane = visitor.fastLane && new LaneBefore(visitor.fastLane, footerStart);
    this.parser = new RecordParser(format.grammar);
  }

  record(bytes: Buffer, at: number, parser: RecordParser, position: Position): void {
    if (position.byteOffset < this.footerStart) {
      this.visitor.record(bytes, at, parser, position);
      return;
    }
    // A copy: the window's bytes are used again. Without its line end it is parsed as what it was.
    const record = Buffer.from(bytes.subarray(at, parser.contentEnd));
    const where = { ...position };
    this.hold(() => {
      this.parser.parse(record, 0, record.length, true);
      this.visitor.record(record, this.parser.contentStart, this.parser, where);
    });
  }

  broken(record: Buffer, code: RejectCode, message: string, position: Position): void {
    if (position.byteOffset < this.footerStart) {
      this.visitor.broken(record, code, message, position);
      return;
    }
    const kept = Buffer.from(record);
    const where = { ...position };
    this.hold(() => this.visitor.broken(kept, code, message, where));
  }

  full(): boolean {
    return this.visitor.full?.() === true;
  }

  async drain(): Promise<void> {
    await this.visitor.drain?.();
  }

  /** At the walk's end. @param footer how many of the file's last records may lie in the range @returns how many do */
  async release(footer: number): Promise<number> {
    const skipped = Math.min(footer, this.held.length);
    for (const visit of this.held.splice(0, this.held.length - skipped)) {
      visit();
      if (this.full()) await this.drain();
    }
    await this.drain();
    return skipped;
  }

  private hold(visit: Held): void {
    this.held.push(visit);
    if (this.held.length > this.skipFooter) this.held.shift()!();
  }
}

/** A fast lane that takes no record which begins at `end` or later. */
class LaneBefore implements FastLane {
  next = 0;
  records = 0;
  lines = 0;

  constructor(private readonly lane: FastLane, private readonly end: number) {}

  get window(): Buffer {
    return this.lane.window;
  }

  take(window: Window, at: number, limit: number, line: number): void {
    const ownLimit = Math.min(limit, this.end - window.base);
    this.next = at;
    this.records = 0;
    this.lines = 0;
    if (at >= ownLimit) return;
    this.lane.take(window, at, ownLimit, line);
    ({ next: this.next, records: this.records, lines: this.lines } = this.lane);
  }
}
