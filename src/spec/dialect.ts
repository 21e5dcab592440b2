import { checkBoolean, checkObject, checkPropertyNames, checkUnicode, checkWholeNumber, fail, Properties } from './descriptor-check';
import { checkHeaderRows, HEADER_ROW_PROPERTIES, HeaderRows } from './header-rows';
import { checkJsonDialectProperties, JSON_DIALECT_NAMES, JsonDialectProperties } from './json-properties';
import { visibleJson } from './visible-text';

/**
 * Ours. `literal`: the character after the escape character stands for itself. `mysql`: as `LOAD DATA` reads them;
 * `postgresql`: as the text format of `COPY` has them.
 */
export const ESCAPE_SEQUENCES = ['literal', 'mysql', 'postgresql'] as const;
export type EscapeSequencesName = (typeof ESCAPE_SEQUENCES)[number];

export const LINE_TERMINATORS = ['\n', '\r\n', '\r'] as const;
export type LineTerminator = (typeof LINE_TERMINATORS)[number];

/** Frictionless Table Dialect, names verbatim (https://datapackage.org/standard/table-dialect/). */
export interface Dialect extends HeaderRows, JsonDialectProperties {
  /** One or more characters, none of them a line end, NUL or U+FEFF. Default `,`. */
  readonly delimiter?: string;
  /** One ASCII character, or null: no quoting. Default `"`. */
  readonly quoteChar?: string | null;
  /** Two quotes inside a quoted field are one. Default true. */
  readonly doubleQuote?: boolean;
  /** One ASCII character that makes the next one literal, inside quotes and outside. Default none. */
  readonly escapeChar?: string | null;
  /** Ours: what the escape character and the next one stand for. Default `literal`. */
  readonly escapeSequences?: EscapeSequencesName;
  /** Ours: a quote within a quoted field that no delimiter or line end follows is part of the text. Default false. */
  readonly lazyQuotes?: boolean;
  /** An unquoted field that is written so has no value, whatever the schema's missing values are. Default none. */
  readonly nullSequence?: string | null;
  /** The first record names the fields. Default true. */
  readonly header?: boolean;
  /** One ASCII character: a line that begins with it is skipped. Default none. */
  readonly commentChar?: string | null;
  /** Blanks after a delimiter are not part of the field. Default false. */
  readonly skipInitialSpace?: boolean;
  /**
   * `\n` and `\r\n`: these alone end a record, and other LF and CR are data; `\r`: CR, LF and CRLF. Default: LF and
   * CRLF.
   */
  readonly lineTerminator?: string | null;
  /** Ours: a delimiter stands behind the last field of each record too. Default false. */
  readonly trailingDelimiter?: boolean;
  /** Ours: a record may have too few fields; those missing at its end have no value. Default false. */
  readonly allowShortRecords?: boolean;
  /** Ours: a record may have too many fields, if those behind the last one are empty. Default false. */
  readonly allowLongRecords?: boolean;
  /** Ours: records of nothing but delimiters and blanks are skipped. Default false. */
  readonly skipBlankRecords?: boolean;
  /** Ours: how many records at the file's end are skipped, whatever they hold. Default 0. */
  readonly skipFooter?: number;
  /** Ours: Ctrl-Z (U+001A) at the file's very end is no part of it. Default false. */
  readonly ctrlZ?: boolean;
  /** Ours: physical lines before the header, or the first record, that are skipped whatever they hold. Default 0. */
  readonly skipLines?: number;
}

export const DEFAULT_DIALECT = {
  delimiter: ',',
  quoteChar: '"',
  doubleQuote: true,
  escapeChar: null,
  escapeSequences: 'literal',
  lazyQuotes: false,
  nullSequence: null,
  header: true,
  commentChar: null,
  skipInitialSpace: false,
  lineTerminator: null,
  trailingDelimiter: false,
  allowShortRecords: false,
  allowLongRecords: false,
  skipBlankRecords: false,
  skipFooter: 0,
  ctrlZ: false,
  skipLines: 0,
} as const satisfies Required<Omit<Dialect, keyof HeaderRows | keyof JsonDialectProperties>>;

/** Those that a message may name, the most usual ones first. */
export const USUAL_DELIMITERS = [',', ';', '\t', '|', '~', '^'];

/** A preamble is read at each look at the file's beginning. */
const MOST_LINES_SKIPPED = 10_000;
/** Each is kept until as many have come behind it. */
const MOST_FOOTER_RECORDS = 1000;
/** These ask for nothing. */
export const DESCRIPTIVE_PROPERTIES: readonly string[] = ['$schema', 'name', 'title', 'description'];

/**
 * The descriptor itself, after it is sure that the engine can parse by it. Throws an error that names the property,
 * what it must be and what it is.
 */
export function checkDialect(descriptor: unknown): Dialect {
  const dialect = checkObject('dialect', descriptor);
  checkUnicode('dialect', dialect);
  checkPropertyNames('dialect', dialect, [...Object.keys(DEFAULT_DIALECT), ...HEADER_ROW_PROPERTIES, ...JSON_DIALECT_NAMES, ...DESCRIPTIVE_PROPERTIES]);
  checkDelimiter(dialect.delimiter);
  checkSpecialCharacters(dialect);
  for (const name of FLAGS) checkBoolean(`dialect.${name}`, dialect[name]);
  checkWord('dialect.lineTerminator', dialect.lineTerminator ?? undefined, LINE_TERMINATORS);
  checkWord('dialect.escapeSequences', dialect.escapeSequences, ESCAPE_SEQUENCES);
  checkNullSequence(dialect.nullSequence);
  checkWholeNumber('dialect.skipFooter', dialect.skipFooter, 0, MOST_FOOTER_RECORDS);
  checkWholeNumber('dialect.skipLines', dialect.skipLines, 0, MOST_LINES_SKIPPED);
  checkHeaderRows(dialect);
  checkJsonDialectProperties(dialect);
  if (dialect.skipInitialSpace === true && (dialect.delimiter as string | undefined)?.endsWith(' ')) {
    fail('dialect.skipInitialSpace', 'be false where the delimiter ends with a blank', true);
  }
  checkContradictions(descriptor as Dialect);
  return descriptor as Dialect;
}

const FLAGS = [
  'doubleQuote', 'header', 'skipInitialSpace', 'lazyQuotes', 'trailingDelimiter', 'allowShortRecords', 'allowLongRecords', 'skipBlankRecords', 'ctrlZ',
] as const satisfies ReadonlyArray<keyof Dialect>;

function checkWord(path: string, word: unknown, words: readonly string[]): void {
  if (word !== undefined && !words.includes(word as string)) {
    fail(path, `be one of ${words.map((text) => JSON.stringify(text)).join(', ')}`, word);
  }
}

function checkNullSequence(text: unknown): void {
  if (text !== undefined && text !== null && (typeof text !== 'string' || text === '')) {
    fail('dialect.nullSequence', 'be null or a string of at least one character (the empty text is a matter of missingValues)', text);
  }
}

/** Properties that are right each by itself, and say nothing or two things together. */
function checkContradictions(dialect: Dialect): void {
  const { delimiter = DEFAULT_DIALECT.delimiter, quoteChar = DEFAULT_DIALECT.quoteChar, escapeChar = null, escapeSequences } = dialect;
  if (escapeSequences !== undefined && escapeSequences !== 'literal' && escapeChar === null) {
    fail('dialect.escapeSequences', 'be left out where there is no escapeChar', escapeSequences);
  }
  const { nullSequence } = dialect;
  if (typeof nullSequence === 'string' && [delimiter, '\r', '\n'].some((text) => nullSequence.includes(text))) {
    fail('dialect.nullSequence', `hold neither a line end nor the delimiter ${visibleJson(delimiter)}, which would end the field`, nullSequence);
  }
  if (dialect.ctrlZ === true && delimiter.includes('\x1a')) {
    fail('dialect.ctrlZ', 'be left out where the delimiter holds Ctrl-Z', true);
  }
  if (dialect.lazyQuotes === true && quoteChar === null) {
    fail('dialect.lazyQuotes', 'be left out where quoteChar is null', true);
  }
  if (dialect.lazyQuotes === true && Buffer.byteLength(delimiter) !== 1) {
    fail('dialect.lazyQuotes', `be left out where the delimiter is not one ASCII character: it is ${JSON.stringify(delimiter)}`, true);
  }
}

function checkDelimiter(delimiter: unknown): void {
  if (delimiter === undefined) {
    return;
  }
  // U+FEFF at the file's start would be taken for its byte order mark; NUL is no
  // character that a text is made of, and marks the end of the input to the fast path.
  // eslint-disable-next-line no-control-regex
  if (typeof delimiter !== 'string' || delimiter === '' || /[\0\r\n\ufeff]/.test(delimiter)) {
    fail('dialect.delimiter', 'be one or more characters, none of them a line end, NUL or U+FEFF', delimiter);
  }
}

/** No character can mean two things. */
function checkSpecialCharacters(dialect: Properties): void {
  const delimiter = (dialect.delimiter ?? DEFAULT_DIALECT.delimiter) as string;
  const characters = new Map<string, string>();
  for (const name of ['quoteChar', 'escapeChar', 'commentChar'] as const) {
    const path = `dialect.${name}`;
    const character = dialect[name] === undefined ? DEFAULT_DIALECT[name] : dialect[name];
    if (character === null) {
      continue;
    }
    if (typeof character !== 'string' || !/^[!-~]$/.test(character)) {
      fail(path, 'be null or one visible ASCII character', character);
    }
    if (delimiter.includes(character)) {
      fail(path, `differ from the characters of the delimiter ${visibleJson(delimiter)}`, character);
    }
    const twin = characters.get(character);
    if (twin === 'quoteChar' && name === 'escapeChar') {
      fail(path, 'differ from the quoteChar (two quotes for one are what doubleQuote: true means)', character);
    }
    if (twin !== undefined) {
      fail(path, `differ from the ${twin}`, character);
    }
    characters.set(character, name);
  }
}
