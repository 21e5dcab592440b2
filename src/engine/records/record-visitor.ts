import { RejectCode } from '../../spec/error-codes';
import { RecordParser } from '../grammar/record-parser';
import { Window } from '../io/window';

/** Where a record is. */
export interface Position {
  /** Offset in the file. */
  byteOffset: number;
  /** Physical lines since the walk's start. */
  line: number;
}

/**
 * Visits records many at a time, where the walk would parse them one by one. It takes only records for which the walk
 * would surely have come to the same result, and stops before the first other one, which the walk parses.
 */
export interface FastLane {
  /**
   * The memory, of `walkWindowSize` bytes, that the walk must use for its window: the lane reads records only from
   * there.
   */
  readonly window: Buffer;
  /** Index in the window after the last record that `take` took. */
  readonly next: number;
  /** How many records `take` took. */
  readonly records: number;
  /** Physical lines that these records span. */
  readonly lines: number;
  /**
   * @param at where a record begins in the window; none is taken that begins at `limit` or later
   * @param line physical lines from the walk's start to there
   */
  take(window: Window, at: number, limit: number, line: number): void;
}

export interface RecordVisitor {
  readonly fastLane?: FastLane;
  /** A row of a file's header. */
  header?(bytes: Buffer, at: number, parser: RecordParser): void;
  /**
   * Called where no header could be read. A file is refused for it before any chunk is processed.
   *
   * @param got what messages put after "expected a header line with the fields …;"
   */
  noHeader?(got: string): void;
  /** Called once by a walk from 0, behind byte order mark, skipped lines and header. */
  onDataStart?(byteOffset: number): void;
  /**
   * A record that ends where a record can end; `parser` knows its fields. `position` is reused, `bytes` after the next
   * `drain`.
   */
  record(bytes: Buffer, at: number, parser: RecordParser, position: Position): void;
  /** A stretch of bytes that no record could be read from; they are reused after the next `drain`. */
  broken(record: Buffer, code: RejectCode, message: string, position: Position): void;
  /**
   * Called before a walk goes on to the end of a line that is longer than `maxRecordSize`, however far that is. A visitor
   * that wants no more throws.
   *
   * @param line what is there of it
   */
  longLine?(line: Buffer): void;
  /** Asked after each record. True: `drain` is called before the next one. */
  full?(): boolean;
  /** Called between records now and then: before the bytes that were visited are overwritten, and at the end. */
  drain?(): Promise<void>;
}

/** For a walk of which only the end counts. */
export const NO_VISITOR: RecordVisitor = { record: () => undefined, broken: () => undefined };
