import { CR, LF } from './grammar';
import { Window } from '../io/window';

/**
 * The first line end in the window at `from` or later; the end of the file is one too.
 *
 * @param loneCr a CR ends a line by itself
 * @returns where it begins and where it ends; undefined where the window does not hold all of it
 */
export function findLineEnd({ bytes, length, eof }: Window, from: number, loneCr: boolean): readonly [start: number, end: number] | undefined {
  const lf = bytes.subarray(0, length).indexOf(LF, from);
  const cr = loneCr ? bytes.subarray(0, lf < 0 ? length : lf).indexOf(CR, from) : -1;
  if (cr >= 0) {
    if (cr + 1 === length && !eof) return undefined;
    return [cr, cr + 1 < length && bytes[cr + 1] === LF ? cr + 2 : cr + 1];
  }
  if (lf >= 0) return [lf > from && bytes[lf - 1] === CR ? lf - 1 : lf, lf + 1];
  return eof ? [length, length] : undefined;
}

/**
 * For a line whose end is not in the window: where the part of it ends that is. A CR as the last byte is left out,
 * because it may be half of the line end.
 */
export function endOfLineSoFar({ bytes, length }: Window): number {
  return bytes[length - 1] === CR ? length - 1 : length;
}
