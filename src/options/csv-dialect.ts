import { EscapeSequences } from './escape-sequences';
import { checkDialect, Dialect } from '../spec/dialect';
import { dropUndefined } from '../synth/drop-undefined';
import { checkDescriptorKnown } from '../synth/prop-checks';
import { checkObject } from '../synth/prop-types';
import { readJsonFile } from '../user-files/json-file';

/**
 * How the files are written: the part of Frictionless Table Dialect that concerns CSV, names verbatim. Additions are
 * `escapeSequences`, `lazyQuotes`, `trailingDelimiter`, `allowShortRecords`, `allowLongRecords`, `skipBlankRecords`,
 * `skipFooter`, `ctrlZ`, `skipLines` and `headerSearchLines`.
 *
 * @see https://datapackage.org/standard/table-dialect/
 */
export interface CsvDialectOptions {
  /**
   * Separates fields. One or more characters, none of them NUL.
   *
   * @default ','
   */
  readonly delimiter?: string;

  /**
   * Encloses a field that holds delimiters, quotes or newlines. One ASCII character; an empty string: no quoting.
   *
   * @default '"'
   */
  readonly quoteChar?: string;

  /**
   * Two quotes inside a quoted field stand for one.
   *
   * @default true
   */
  readonly doubleQuote?: boolean;

  /**
   * Makes the next character literal, inside quotes and outside. One ASCII character. Missing values are compared with
   * the text as it is written: `\N` is no `N`.
   *
   * @default - none
   */
  readonly escapeChar?: string;

  /**
   * What the escape character and what follows it stand for.
   *
   * @default EscapeSequences.LITERAL
   */
  readonly escapeSequences?: EscapeSequences;

  /**
   * A field that is written so, without quotes, has no value, whatever the schema's missing values are: `\N` in the
   * text formats of MySQL and PostgreSQL.
   *
   * @default - none
   */
  readonly nullSequence?: string;

  /**
   * A quote within a quoted field that is followed by neither a delimiter nor a line end is part of the text. The field
   * ends at the first quote that is followed by one, and on the same line: otherwise its record is rejected, because it
   * would swallow the next ones. Two quotes are one, as `doubleQuote` has it.
   *
   * @default false
   */
  readonly lazyQuotes?: boolean;

  /**
   * The first record names the fields. It is checked against the schema.
   *
   * @default true
   */
  readonly header?: boolean;

  /**
   * A line that begins with this is skipped. One ASCII character.
   *
   * @default - none
   */
  readonly commentChar?: string;

  /**
   * Blanks after a delimiter are not part of the field.
   *
   * @default false
   */
  readonly skipInitialSpace?: boolean;

  /**
   * What ends a record: `\n` or `\r\n`, alone, so that any other LF and CR are data; or `\r`: CR, LF and CRLF.
   *
   * @default - LF and CRLF
   */
  readonly lineTerminator?: string;

  /**
   * A delimiter stands behind the last field of each record too. A record without it is rejected; the header may have
   * it or not.
   *
   * @default false
   */
  readonly trailingDelimiter?: boolean;

  /**
   * A record may have fewer fields than there are columns: those that are missing at its end have no value. Reports
   * count such records (`shortRecords`).
   *
   * @default false
   */
  readonly allowShortRecords?: boolean;

  /**
   * A record may have more fields than there are columns, if those behind the last one are empty. Reports count such
   * records (`longRecords`).
   *
   * @default false
   */
  readonly allowLongRecords?: boolean;

  /**
   * Records of nothing but delimiters, blanks and tabs are skipped. Reports count them (`blankRecords`).
   *
   * @default false
   */
  readonly skipBlankRecords?: boolean;

  /**
   * How many records at the end of each file are skipped, whatever they hold: a sum, an end mark. Reports count them
   * (`footerRecords`); a file that has fewer fails.
   *
   * @default 0
   */
  readonly skipFooter?: number;

  /**
   * Ctrl-Z (U+001A), the end-of-file mark of DOS, is no part of the file where it stands at its very end.
   *
   * @default false
   */
  readonly ctrlZ?: boolean;

  /**
   * Lines before the header (or the first record) that are skipped, quotes in them or not: a title, the date of an
   * export. They count as comment lines. Only what the file itself begins with must not be that of an archive or a
   * workbook.
   *
   * @default 0
   */
  readonly skipLines?: number;

  /**
   * The rows that are the header, in ascending order; other rows before the last of them are skipped. Rows are counted
   * from 1, behind the `skipLines`: records as they are read, and each blank line and each comment line too.
   *
   * @default - the first row that is neither blank, a comment nor one of the commentRows
   */
  readonly headerRows?: number[];

  /**
   * Stands between what several header rows say of one column. A part that is empty, or the same as the one above it,
   * is left out.
   *
   * @default ' '
   */
  readonly headerJoin?: string;

  /**
   * Rows that are skipped, whatever they hold: units below the header, say. In ascending order, counted as `headerRows`
   * are; none of them may come behind a record. They count as comment lines.
   *
   * @default - none
   */
  readonly commentRows?: number[];

  /**
   * Ours: the header is the first one of this many lines whose names fit the schema, 1 to 1000; the lines before it are
   * skipped, and count as comment lines. For a preamble of varying length.
   *
   * @default - the header is where headerRows says
   */
  readonly headerSearchLines?: number;
}

/** How the files are written. */
export class CsvDialect {
  /**
   * A dialect from its options; what is left out has the default.
   *
   * @throws when an option is not possible, with what was expected and what came.
   */
  public static fromOptions(options: CsvDialectOptions): CsvDialect {
    checkObject('options', options);
    return new CsvDialect(dropUndefined({
      delimiter: options.delimiter,
      quoteChar: options.quoteChar === '' ? null : options.quoteChar,
      doubleQuote: options.doubleQuote,
      escapeChar: options.escapeChar,
      escapeSequences: options.escapeSequences,
      nullSequence: options.nullSequence,
      lazyQuotes: options.lazyQuotes,
      header: options.header,
      commentChar: options.commentChar,
      skipInitialSpace: options.skipInitialSpace,
      lineTerminator: options.lineTerminator,
      trailingDelimiter: options.trailingDelimiter,
      allowShortRecords: options.allowShortRecords,
      allowLongRecords: options.allowLongRecords,
      skipBlankRecords: options.skipBlankRecords,
      skipFooter: options.skipFooter,
      ctrlZ: options.ctrlZ,
      skipLines: options.skipLines,
      headerRows: options.headerRows,
      headerJoin: options.headerJoin,
      commentRows: options.commentRows,
      headerSearchLines: options.headerSearchLines,
    }));
  }

  /**
   * A dialect from a Frictionless Table Dialect in a JSON file, read at synth.
   *
   * @param path absolute, or relative to the working directory.
   */
  public static fromFile(path: string): CsvDialect {
    return new CsvDialect(readJsonFile(path, 'a Table Dialect file (JSON)'));
  }

  /** @internal */
  public readonly _descriptor: Dialect;

  private constructor(descriptor: unknown) {
    checkDescriptorKnown('dialect', descriptor);
    this._descriptor = checkDialect(descriptor);
  }
}
