/**
 * The measures of Pollock, as its `metrics.py` has them: what was loaded and what the clean file holds are compared as
 * bags, of the header's cells, of records, each the texts of its cells one after the other, and of cells. In which
 * column a cell stands does not count: `damage.ts` looks at that.
 */

/** The header first, if there is one. */
export type Rows = ReadonlyArray<readonly string[]>;

export const MEASURES = [
  'success', 'header_precision', 'header_recall', 'header_f1', 'record_precision', 'record_recall', 'record_f1', 'cell_precision', 'cell_recall', 'cell_f1',
] as const;

/** Each from 0 to 1, in the order of `MEASURES`. Their sum is the file's score, at most 10. */
export type Scores = readonly number[];

/** Of a system that refuses the file. */
export const REFUSED: Scores = MEASURES.map(() => 0);

export function score(clean: Rows, loaded: Rows): Scores {
  if (clean.length === 0) return MEASURES.map(() => 1);
  const text = (row: readonly string[]) => row.map(normalize).join('');
  return [
    1,
    ...overlap(clean[0].map(normalize), (loaded[0] ?? []).map(normalize)),
    ...overlap(clean.slice(1).map(text), loaded.slice(1).map(text)),
    // Cells as they are written.
    ...overlap(clean.flat(), loaded.flat()),
  ];
}

/** Pollock's precision is the share of what is clean, its recall that of what was loaded. */
function overlap(clean: readonly string[], loaded: readonly string[]): [precision: number, recall: number, f1: number] {
  if (clean.length === 0) return [1, 1, 1];
  const left = new Map<string, number>();
  for (const text of clean) left.set(text, (left.get(text) ?? 0) + 1);
  let common = 0;
  for (const text of loaded) {
    const count = left.get(text) ?? 0;
    if (count > 0) common++;
    left.set(text, count - 1);
  }
  if (common === 0) return [0, 0, 0];
  const [precision, recall] = [common / clean.length, common / loaded.length];
  return [precision, recall, 2 * precision * recall / (precision + recall)];
}

/** The kinds of values that the one source file of Pollock has; its own code knows many more. */
function normalize(cell: string): string {
  const price = /\$ ?(\d+(?:\.\d+)?)/.exec(cell);
  return typed(cell) ?? (price === null ? cell.toLowerCase() : `$${Number(price[1])}`);
}

/** The same text for the same number, time or date in another form; undefined for all else. */
export function typed(cell: string): string | undefined {
  const text = cell.trim();
  if (/^[+-]?\d+$/.test(text)) return String(BigInt(text.replace('+', '')));
  if (/^[+-]?\d*\.\d+$/.test(text)) return `${Number(text)} as float`;
  const time = /^(\d\d?):(\d\d)(?::00)?$/.exec(text);
  if (time !== null) return `${time[1].padStart(2, '0')}:${time[2]}:00`;
  const date = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
  if (date !== null) return `${date[3]}-${date[2]}-${date[1]}`;
  return /^(\d{4}-\d\d-\d\d)(?: 00:00:00)?$/.exec(text)?.[1];
}
