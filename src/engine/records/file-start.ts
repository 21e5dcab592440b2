import { WalkCounts } from './visits';
import { Format } from '../format/format';
import { endOfLineSoFar, findLineEnd, physicalLines } from '../grammar/line-end';
import { Window } from '../io/window';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Passes what stands at a file's beginning before its first record: the byte order mark, and the lines to skip. These
 * may hold whatever they like, and count as comments.
 *
 * @param window at offset 0
 * @returns where the first record begins, as an index in the window
 */
export async function passFileStart(window: Window, { head: { skipLines }, grammar }: Format, counts: WalkCounts): Promise<number> {
  let at = await bomEnd(window);
  while (counts.commentLines < skipLines) {
    const lineEnd = at < window.length || window.eof ? findLineEnd(window, at, grammar.dialect.lineEnds) : undefined;
    if (lineEnd === undefined) {
      await window.advance(endOfLineSoFar(window));
      at = 0;
      continue;
    }
    if (at === window.length) break;
    counts.lines += physicalLines(window.bytes, at, lineEnd[1], grammar.dialect.lineEnds);
    [, at] = lineEnd;
    counts.commentLines++;
  }
  return at;
}

/** Only at offset 0; a later U+FEFF is data. */
async function bomEnd(window: Window): Promise<number> {
  while (window.length < BOM.length && !window.eof) await window.advance(0);
  return window.length >= BOM.length && window.bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
}
