/** The columns of `rejected.csv`; docs/output-files.md says what each holds. */
export const REJECTED_COLUMNS = ['_line', '_byte_offset', '_code', '_column', '_message', '_encoding', '_record'] as const;
export type RejectedColumn = (typeof REJECTED_COLUMNS)[number];

/** A row of `rejected.csv`, as a reader of CSV gives it. */
export type RejectedRow = Readonly<Record<RejectedColumn, string>>;
