/** Frictionless Table Dialect, the part for CSV, names verbatim (https://datapackage.org/standard/table-dialect/). */
export interface CsvDialectDescriptor {
  /** One or more characters. Default `,`. */
  readonly delimiter?: string;
  /** One ASCII character, or null: no quoting. Default `"`. */
  readonly quoteChar?: string | null;
  /** Two quotes inside a quoted field are one. Default true. */
  readonly doubleQuote?: boolean;
  /** One ASCII character that makes the next one literal, inside quotes and outside. Default none. */
  readonly escapeChar?: string | null;
  /** The first record names the fields. Default true. */
  readonly header?: boolean;
  /** One ASCII character: a line that begins with it is skipped. Default none. */
  readonly commentChar?: string | null;
  /** Blanks after a delimiter are not part of the field. Default false. */
  readonly skipInitialSpace?: boolean;
  /** LF and CRLF always end a record; with `\r` a lone CR does too. Default `\r\n`. */
  readonly lineTerminator?: string;
}
