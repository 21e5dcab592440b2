/** Where the header of a file stands, and what else stands before its records: a part of the Table Dialect. */
import { checkString, checkWholeNumber, fail, Properties } from './descriptor-check';

/**
 * Rows are counted from 1, behind the `skipLines`: records as they are read, and each blank line and each comment line
 * too.
 */
export interface HeaderRows {
  /**
   * The rows that are the header, in ascending order; other rows before the last of them are skipped. Default, and what
   * `[1]` means: the first row that is neither blank, a comment nor one of the `commentRows`.
   */
  readonly headerRows?: readonly number[];
  /** Stands between what several header rows say of one column. Default one blank. */
  readonly headerJoin?: string;
  /** Rows that are skipped whatever they hold, in ascending order. None of them comes behind a record. */
  readonly commentRows?: readonly number[];
  /** Ours: the header is the first one of this many lines whose names fit the schema; the lines before it are skipped. */
  readonly headerSearchLines?: number;
}

export const HEADER_ROW_PROPERTIES = ['headerRows', 'headerJoin', 'commentRows', 'headerSearchLines'] as const satisfies ReadonlyArray<keyof HeaderRows>;
export const DEFAULT_HEADER_JOIN = ' ';

/** All rows before the data are read at each look at the file's beginning. */
const LAST_ROW = 10_000;
/** Each of these lines may be the start of a record of the largest size. */
const MOST_LINES_SEARCHED = 1000;

/** @param dialect whose `header` has been checked */
export function checkHeaderRows(dialect: Properties): void {
  const headerRows = checkRows('dialect.headerRows', dialect.headerRows);
  const commentRows = checkRows('dialect.commentRows', dialect.commentRows) ?? [];
  checkString('dialect.headerJoin', dialect.headerJoin);
  checkWholeNumber('dialect.headerSearchLines', dialect.headerSearchLines, 1, MOST_LINES_SEARCHED);
  if (headerRows?.length === 0) {
    fail('dialect.headerRows', 'hold at least one row; that there is no header is said by header: false', headerRows);
  }
  for (const name of ['headerRows', 'headerSearchLines'] as const) {
    if (dialect.header === false && dialect[name] !== undefined) {
      fail(`dialect.${name}`, 'be left out where header is false', dialect[name]);
    }
  }
  for (const name of ['headerRows', 'commentRows'] as const) {
    if (dialect.headerSearchLines !== undefined && dialect[name] !== undefined) {
      fail(`dialect.${name}`, 'be left out where headerSearchLines is given: the header is found by its names', dialect[name]);
    }
  }
  const both = commentRows.filter((row) => headerRows?.includes(row));
  if (both.length > 0) {
    fail('dialect.commentRows', `hold none of the headerRows (${both.join(', ')})`, commentRows);
  }
  checkBeforeData(dialect.header !== false, headerRows, commentRows);
}

function checkRows(path: string, rows: unknown): readonly number[] | undefined {
  if (rows === undefined) return undefined;
  if (!Array.isArray(rows)) fail(path, 'be a list of row numbers', rows);
  rows.forEach((row: unknown, index: number) => {
    checkWholeNumber(`${path}[${index}]`, row ?? null, 1, LAST_ROW);
    if (index > 0 && (rows[index - 1] as number) >= (row as number)) fail(path, 'be in ascending order, each row once', rows);
  });
  return rows as number[];
}

/** The rows behind the header follow one another: else a record would come before the last of them. */
function checkBeforeData(header: boolean, headerRows: readonly number[] | undefined, commentRows: readonly number[]): void {
  const firstFree = [1, ...commentRows.map((row) => row + 1)].find((row) => !commentRows.includes(row))!;
  const lastHeaderRow = header ? Math.max(firstFree, ...headerRows ?? []) : 0;
  const behind = commentRows.filter((row) => row > lastHeaderRow);
  const gap = behind.findIndex((row, index) => row !== lastHeaderRow + 1 + index);
  if (gap >= 0) {
    fail('dialect.commentRows', `be rows before the first record: row ${lastHeaderRow + 1 + gap} is one, if it is not among them`, commentRows);
  }
}
