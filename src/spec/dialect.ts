import { checkBoolean, checkObject, checkPropertyNames, checkWholeNumber, fail, Properties } from './descriptor-check';

/** Frictionless Table Dialect, the part for CSV, names verbatim (https://datapackage.org/standard/table-dialect/). */
export interface Dialect {
  /** One or more characters, none of them a line end, NUL or U+FEFF. Default `,`. */
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
  /** Ours: physical lines before the header, or the first record, that are skipped whatever they hold. Default 0. */
  readonly skipLines?: number;
}

export const DEFAULT_DIALECT = {
  delimiter: ',',
  quoteChar: '"',
  doubleQuote: true,
  escapeChar: null,
  header: true,
  commentChar: null,
  skipInitialSpace: false,
  lineTerminator: '\r\n',
  skipLines: 0,
} as const satisfies Required<Dialect>;

/** A preamble is read at each look at the file's beginning. */
const MOST_LINES_SKIPPED = 10_000;
const LINE_TERMINATORS = ['\n', '\r\n', '\r'];

/**
 * The descriptor itself, after it is sure that the engine can parse by it. Throws an error that names the property,
 * what it must be and what it is.
 */
export function checkCsvDialect(descriptor: unknown): Dialect {
  const dialect = checkObject('dialect', descriptor);
  checkPropertyNames('dialect', dialect, [...Object.keys(DEFAULT_DIALECT), '$schema', 'name', 'title', 'description']);
  checkDelimiter(dialect.delimiter);
  checkSpecialCharacters(dialect);
  for (const name of ['doubleQuote', 'header', 'skipInitialSpace']) {
    checkBoolean(`dialect.${name}`, dialect[name]);
  }
  if (dialect.lineTerminator !== undefined && !LINE_TERMINATORS.includes(dialect.lineTerminator as string)) {
    fail('dialect.lineTerminator', `be one of ${LINE_TERMINATORS.map((text) => JSON.stringify(text)).join(', ')}`, dialect.lineTerminator);
  }
  checkWholeNumber('dialect.skipLines', dialect.skipLines, 0, MOST_LINES_SKIPPED);
  if (dialect.skipInitialSpace === true && (dialect.delimiter as string | undefined)?.endsWith(' ')) {
    fail('dialect.skipInitialSpace', 'be false where the delimiter ends with a blank', true);
  }
  return descriptor as Dialect;
}

function checkDelimiter(delimiter: unknown): void {
  if (delimiter === undefined) {
    return;
  }
  // Half a surrogate pair has no bytes; U+FEFF at the file's start would be taken for its byte order mark; NUL is no
  // character that a text is made of, and marks the end of the input to the fast path.
  // eslint-disable-next-line no-control-regex
  if (typeof delimiter !== 'string' || delimiter === '' || /[\0\r\n\ufeff]|\p{Surrogate}/u.test(delimiter)) {
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
      fail(path, `differ from the characters of the delimiter ${JSON.stringify(delimiter)}`, character);
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
