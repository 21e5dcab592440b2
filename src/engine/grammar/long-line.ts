import { LineEnds } from './dialect-bytes';
import { endOfLineSoFar, findLineEnd, physicalLines } from './line-end';
import { RecordParser } from './record-parser';
import { Window } from '../io/window';

/** A line whose end was not in the window together with its beginning. */
export interface LongLine {
  /** Bytes of the line, without the blanks at its end where these are not part of a record. */
  readonly size: number;
  /** Its first bytes: all of `size` where these are no more than may be kept. */
  readonly beginning: Buffer;
  /** Physical lines that it spans. */
  readonly lines: number;
  /** Index in the window after the line's end. */
  readonly end: number;
}

/**
 * Goes on to the end of a line, however far it is. The window slides, and has the line's end in it afterwards.
 *
 * @param at index in the window where the line begins
 * @param mostKept bytes of its beginning
 */
export async function passLongLine(window: Window, at: number, lineEnds: LineEnds, parser: RecordParser, mostKept: number): Promise<LongLine> {
  const pieces: Buffer[] = [];
  let size = 0;
  let passed = 0;
  let kept = 0;
  let lines = 0;
  const pass = (bytes: Buffer) => {
    const contentEnd = parser.trimmedEnd(bytes, 0, bytes.length);
    if (contentEnd > 0) size = passed + contentEnd;
    passed += bytes.length;
    const piece = bytes.subarray(0, mostKept - kept);
    kept += piece.length;
    // A copy: the window's bytes are used again.
    if (piece.length > 0) pieces.push(Buffer.from(piece));
  };

  let from = at;
  let lineEnd;
  do {
    const to = endOfLineSoFar(window);
    pass(window.bytes.subarray(from, to));
    // Each LF that is not part of the line end begins a physical line.
    lines += physicalLines(window.bytes, from, to + 1, lineEnds) - 1;
    await window.advance(to);
    from = 0;
    lineEnd = findLineEnd(window, from, lineEnds);
  } while (lineEnd === undefined);
  const [contentEnd, end] = lineEnd;
  pass(window.bytes.subarray(0, contentEnd));
  lines += physicalLines(window.bytes, 0, end, lineEnds);
  return { size, beginning: Buffer.concat(pieces).subarray(0, size), lines, end };
}
