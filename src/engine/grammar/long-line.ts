import { endOfLineSoFar, findLineEnd } from './line-end';
import { RecordParser } from './record-parser';
import { Window } from '../io/window';

/** A line whose end was not in the window together with its beginning. */
export interface LongLine {
  /** Bytes of the line, without the blanks at its end where these are not part of a record. */
  readonly size: number;
  /** Its first bytes: all of `size` where these are no more than may be kept. */
  readonly beginning: Buffer;
  /** Index in the window after the line's end. */
  readonly end: number;
}

/**
 * Goes on to the end of a line, however far it is. The window slides, and has the line's end in it afterwards.
 *
 * @param at index in the window where the line begins
 * @param mostKept bytes of its beginning
 */
export async function passLongLine(window: Window, at: number, loneCr: boolean, parser: RecordParser, mostKept: number): Promise<LongLine> {
  const pieces: Buffer[] = [];
  let size = 0;
  let passed = 0;
  let kept = 0;
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
    await window.advance(to);
    from = 0;
    lineEnd = findLineEnd(window, from, loneCr);
  } while (lineEnd === undefined);
  const [contentEnd, end] = lineEnd;
  pass(window.bytes.subarray(0, contentEnd));
  return { size, beginning: Buffer.concat(pieces).subarray(0, size), end };
}
