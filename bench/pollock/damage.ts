/** What Pollock's score does not show: cells published as what they are not, and records lost. */
import { Rows, typed } from './metric';

export interface Damage {
  /** Cells that are not what the clean file has in that record and column, the header's among them. */
  readonly wrongCells: number;
  /** Records of the clean file of which nothing was loaded. */
  readonly missing: number;
}

/**
 * Records that are the same are found first, in the order of the file; what lies between two of these is paired in
 * turn.
 *
 * @param hasHeader false: names that come first are the system's own, and no damage
 */
export function damage(clean: Rows, withNames: Rows, hasHeader = true): Damage {
  const sum = { wrongCells: 0, missing: 0 };
  const keys = clean.map(key);
  const loaded = hasHeader || withNames.length === 0 || key(withNames[0]) === keys[0] ? withNames : withNames.slice(1);
  let gapStart = 0;
  let strangers: Array<readonly string[]> = [];
  const closeGap = (gapEnd: number) => {
    const gap = clean.slice(gapStart, gapEnd);
    for (const [index, stranger] of strangers.entries()) sum.wrongCells += differing(gap[index] ?? [], stranger);
    sum.missing += Math.max(0, gap.length - strangers.length);
    strangers = [];
  };
  for (const row of loaded) {
    const same = keys.indexOf(key(row), gapStart);
    if (same >= 0) {
      closeGap(same);
      gapStart = same + 1;
    // Python's reader has a row without a cell for a blank line.
    } else if (row.length > 0) {
      strangers.push(row);
    }
  }
  closeGap(clean.length);
  return sum;
}

/** The same value in another form is no damage; nor is an empty cell at the end that is missing, or added. */
const valueOf = (cell = '') => typed(cell) ?? cell;
const key = (row: readonly string[]) => JSON.stringify(row.map(valueOf).slice(0, row.findLastIndex((cell) => cell !== '') + 1));

function differing(one: readonly string[], other: readonly string[]): number {
  return Array.from({ length: Math.max(one.length, other.length) }).filter((_, index) => valueOf(one[index]) !== valueOf(other[index])).length;
}
