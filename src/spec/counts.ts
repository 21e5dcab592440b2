/**
 * The figures that a worker counts in its chunk. This is the one list of them: to add one, name it here and count it in
 * the engine. The key is its name in the engine and in the reports, in the reports' order; the value is its attribute
 * in the job table.
 */
export const COUNTS = {
  /** Counted by the parser, on its own: equals `recordsWritten + recordsRejected + recordsFiltered`. */
  recordsRead: 'records_read',
  /** Valid records; those of a failed job are not published. */
  recordsWritten: 'records_written',
  recordsRejected: 'records_rejected',
  /** Left out by the transform. */
  recordsFiltered: 'records_filtered',
  blankLines: 'blank_lines',
  commentLines: 'comment_lines',
  /** Skipped, because they are nothing but delimiters and blanks. */
  blankRecords: 'blank_records',
  /** Skipped at the file's end. */
  footerRecords: 'footer_records',
  /** Taken though they had too few fields: their fields were valid. */
  shortRecords: 'short_records',
  /** Taken though they had too many fields, those behind the last column empty. */
  longRecords: 'long_records',
} as const;

type CountName = keyof typeof COUNTS;

export type Counts = { readonly [Name in CountName]: number };
export type CountAttributes = { readonly [Name in CountName as (typeof COUNTS)[Name]]: number };

const NAMES = Object.keys(COUNTS) as CountName[];

export function countAttributes(counts: Counts): CountAttributes {
  return attributes((name) => counts[name]);
}

/** A figure that the item does not hold is 0. */
export function countsOf(item: Partial<CountAttributes>): Counts {
  return Object.fromEntries(NAMES.map((name) => [name, item[COUNTS[name]] ?? 0])) as Counts;
}

/** A resumed job may have items of an earlier version, which lack a figure that was added since. */
export function addCounts(items: ReadonlyArray<Partial<CountAttributes>>): CountAttributes {
  return attributes((name) => items.reduce((total, item) => total + (item[COUNTS[name]] ?? 0), 0));
}

function attributes(figure: (name: CountName) => number): CountAttributes {
  return Object.fromEntries(NAMES.map((name) => [COUNTS[name], figure(name)])) as CountAttributes;
}
