import { LineEnds } from './dialect-bytes';
import { CR, LF } from './grammar';
import { Window } from '../io/window';

/**
 * The first line end in the window at `from` or later; the end of the file is one too.
 *
 * @returns where it begins and where it ends; undefined where the window does not hold all of it
 */
export function findLineEnd({ bytes, length, eof }: Window, from: number, lineEnds: LineEnds): readonly [start: number, end: number] | undefined {
  const filled = bytes.subarray(0, length);
  const lf = lineEnds === 'crlf' ? findLf(filled, from) : filled.indexOf(LF, from);
  const cr = lineEnds === 'cr' ? filled.subarray(0, lf < 0 ? length : lf).indexOf(CR, from) : -1;
  if (cr >= 0) {
    if (cr + 1 === length && !eof) return undefined;
    return [cr, cr + 1 < length && bytes[cr + 1] === LF ? cr + 2 : cr + 1];
  }
  if (lf >= 0) return [lf > from && bytes[lf - 1] === CR && lineEnds !== 'lf' ? lf - 1 : lf, lf + 1];
  return eof ? [length, length] : undefined;
}

/** The LF of the first CRLF from `from` on, or -1. */
function findLf(bytes: Uint8Array, from: number): number {
  let lf = bytes.indexOf(LF, from);
  while (lf >= 0 && (lf === from || bytes[lf - 1] !== CR)) lf = bytes.indexOf(LF, lf + 1);
  return lf;
}

/** How many physical lines begin in `[from, to)`, which is one line of the dialect with its end. */
export function physicalLines(bytes: Uint8Array, from: number, to: number, lineEnds: LineEnds): number {
  if (lineEnds !== 'crlf') return 1;
  let lines = 1;
  for (let lf = bytes.indexOf(LF, from); lf >= 0 && lf < to - 1; lf = bytes.indexOf(LF, lf + 1)) lines++;
  return lines;
}

/**
 * For a line whose end is not in the window: where the part of it ends that is. A CR as the last byte is left out,
 * because it may be half of the line end.
 */
export function endOfLineSoFar({ bytes, length }: Window): number {
  return bytes[length - 1] === CR ? length - 1 : length;
}
