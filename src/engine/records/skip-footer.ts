/**
 * The last records of a file, which the dialect skips, also where a chunk's end lies between them.
 *
 * Which records are the last ones is known only from what follows. So a chunk that lies near the file's end is walked
 * twice: first on to the file's end, to find where the last records begin, then to take those before them.
 */
import { FastLane, Position, RecordVisitor } from './record-visitor';
import { walkRecords, WalkResult } from './walk-records';
import { RejectCode } from '../../spec/error-codes';
import { Format, recordReach } from '../format/format';
import { RecordParser } from '../grammar/record-parser';
import { ByteSource } from '../io/byte-source';
import { Window } from '../io/window';

/** Bytes of blank lines and comments that may stand between and behind the records of a footer. */
const BETWEEN_SIZE = 64 * 1024;

export interface FooterWalk extends WalkResult {
  /** Records of the range that were skipped; `recordsRead` leaves them out. */
  readonly footerRecords: number;
}

/**
 * Like `walkRecords`, without the file's last records where the dialect skips them. A footer that begins further from
 * the file's end than its records may be large is not found whole: the sum over all chunks tells.
 */
export async function walkWithoutFooter(source: ByteSource, format: Format, range: { start: number; end: number },
  visitor: RecordVisitor, readSize?: number): Promise<FooterWalk> {
  const { skipFooter } = format.grammar.dialect;
  const reach = skipFooter * recordReach(format) + BETWEEN_SIZE;
  if (skipFooter === 0 || range.end <= source.size - reach) {
    return { ...await walkRecords(source, format, range, visitor, readSize), footerRecords: 0 };
  }
  const before = new BeforeFooter(visitor, await findFooter(source, format, range.start));
  const walked = await walkRecords(source, format, range, before, readSize);
  return { ...walked, recordsRead: walked.recordsRead - before.skipped, footerRecords: before.skipped };
}

/** Where the first of the file's last records begins, among those from a record boundary on. */
async function findFooter(source: ByteSource, format: Format, from: number): Promise<number> {
  const { skipFooter } = format.grammar.dialect;
  const last = new Float64Array(skipFooter);
  let count = 0;
  // A stray quote that the footer's own quotes close makes one record of all that is between: that is no footer, and
  // what comes before it is none either.
  let largeEnd = 0;
  const note = ({ byteOffset }: Position, lines: number) => {
    if (largeEnd === source.size) largeEnd = byteOffset;
    if (lines > 1) largeEnd = source.size;
    last[count++ % skipFooter] = byteOffset;
  };
  await walkRecords(source, format, { start: from, end: source.size }, {
    record: (_bytes, _at, parser, position) => note(position, parser.lines),
    broken: (_record, _code, _message, position) => note(position, 1),
  });
  return count === 0 ? source.size : Math.max(oldestOf(last, count), largeEnd);
}

/** The oldest one of a ring that has been written to `count` times. */
function oldestOf(ring: Float64Array, count: number): number {
  return count < ring.length ? ring[0] : ring[count % ring.length];
}

/** Passes on the records that begin before the footer. */
class BeforeFooter implements RecordVisitor {
  readonly fastLane: FastLane | undefined;
  skipped = 0;

  constructor(private readonly visitor: RecordVisitor, private readonly footerStart: number) {
    this.fastLane = visitor.fastLane && new LaneBefore(visitor.fastLane, footerStart);
  }

  record(bytes: Buffer, at: number, parser: RecordParser, position: Position): void {
    if (position.byteOffset >= this.footerStart) this.skipped++;
    else this.visitor.record(bytes, at, parser, position);
  }

  broken(record: Buffer, code: RejectCode, message: string, position: Position): void {
    if (position.byteOffset >= this.footerStart) this.skipped++;
    else this.visitor.broken(record, code, message, position);
  }

  full(): boolean {
    return this.visitor.full?.() === true;
  }

  async drain(): Promise<void> {
    await this.visitor.drain?.();
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
