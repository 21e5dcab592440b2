import { DEFAULT_DIALECT, Dialect } from '../../spec/dialect';
import { DEFAULT_HEADER_JOIN } from '../../spec/header-rows';

/** What stands in a file before its records. */
export interface FileHead {
  /** Physical lines before the first row, that are skipped whatever they hold. */
  readonly skipLines: number;
  readonly header: boolean;
  /** The rows that are the header, in order. None: the first row that can be it. */
  readonly headerRows: readonly number[];
  readonly headerJoin: string;
  /** Rows that are skipped, in order. */
  readonly commentRows: readonly number[];
  /** Among how many lines the header is looked for; 0: its place is known. */
  readonly searchLines: number;
}

/** That of a file that begins with its first record. */
export const NO_HEAD: FileHead = { skipLines: 0, header: false, headerRows: [], headerJoin: DEFAULT_HEADER_JOIN, commentRows: [], searchLines: 0 };

export function compileHead(dialect: Dialect): FileHead {
  const { header = DEFAULT_DIALECT.header, skipLines = DEFAULT_DIALECT.skipLines } = dialect;
  const { headerRows = [], headerJoin = DEFAULT_HEADER_JOIN, commentRows = [], headerSearchLines = 0 } = dialect;
  // The first row, which is the standard's default, may be behind blank lines and comments.
  const isDefault = headerRows.length === 1 && headerRows[0] === 1;
  return { skipLines, header, headerRows: isDefault ? [] : headerRows, headerJoin, commentRows, searchLines: headerSearchLines };
}

/**
 * The names of the columns, of which each header row has a part. An empty part says nothing, and neither does one that
 * the row above has too: both come of cells that were merged.
 */
export function joinHeaderRows(rows: ReadonlyArray<readonly string[]>, headerJoin: string): readonly string[] {
  if (rows.length === 1) return rows[0];
  const width = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => {
    const parts = rows.map((row) => (row[column] ?? '').trim());
    return parts.filter((part, index) => part !== '' && part !== parts[index - 1]).join(headerJoin);
  });
}
