import { DEFAULT_DIALECT, Dialect, EscapeSequencesName, LineTerminator } from '../../spec/dialect';
import { visibleJson } from '../../spec/visible-text';
import { TextCodec, textCodec } from '../text/decode-text';

/** `any`: LF and CRLF; `lf`, `crlf`: this one alone; `cr`: CR, LF and CRLF. */
export type LineEnds = 'any' | 'lf' | 'crlf' | 'cr';

/** A dialect with its defaults filled in, as bytes. */
export interface DialectBytes {
  readonly delimiter: Uint8Array;
  /** -1: no quoting, no escape, no comments. */
  readonly quote: number;
  readonly doubleQuote: boolean;
  readonly escape: number;
  readonly escapeSequences: EscapeSequencesName;
  readonly lazyQuotes: boolean;
  readonly comment: number;
  readonly skipInitialSpace: boolean;
  readonly lineEnds: LineEnds;
  readonly trailingDelimiter: boolean;
  readonly allowShortRecords: boolean;
  readonly allowLongRecords: boolean;
  readonly skipBlankRecords: boolean;
  readonly skipFooter: number;
  readonly ctrlZ: boolean;
}

const LINE_ENDS: Readonly<Record<LineTerminator, LineEnds>> = { '\n': 'lf', '\r\n': 'crlf', '\r': 'cr' };

/** It marks the end of the input to the fast path: all around it would go the exact way. */
const NUL = 0;

/** @param codec of the file: it tells the bytes of the delimiter */
export function resolveDialect(dialect: Dialect, codec: TextCodec = textCodec('utf-8')): DialectBytes {
  const byteOf = (name: string, char: string | null | undefined): number => {
    if (char === null || char === undefined) return -1;
    const bytes = Buffer.from(char);
    if (bytes.length !== 1 || bytes[0] === NUL) throw new Error(`dialect.${name} must be one ASCII character other than NUL, got ${visibleJson(char)}`);
    return bytes[0];
  };
  const delimiterText = dialect.delimiter ?? DEFAULT_DIALECT.delimiter;
  const delimiter = codec.encode(delimiterText);
  if (delimiterText === '' || delimiterText.includes('\0')) {
    throw new Error(`dialect.delimiter must hold at least one character and no NUL, got ${visibleJson(delimiterText)}`);
  }
  if (delimiter === undefined) throw new Error(`dialect.delimiter must be characters of ${codec.name}, got ${visibleJson(delimiterText)}`);
  const {
    escapeSequences, lazyQuotes, doubleQuote, skipInitialSpace, lineTerminator, trailingDelimiter, allowShortRecords, allowLongRecords,
    skipBlankRecords, skipFooter, ctrlZ,
  } = { ...DEFAULT_DIALECT, ...dialect };
  return {
    delimiter,
    quote: byteOf('quoteChar', dialect.quoteChar === undefined ? DEFAULT_DIALECT.quoteChar : dialect.quoteChar),
    doubleQuote,
    escape: byteOf('escapeChar', dialect.escapeChar),
    escapeSequences,
    lazyQuotes,
    comment: byteOf('commentChar', dialect.commentChar),
    skipInitialSpace,
    lineEnds: lineTerminator === null ? 'any' : LINE_ENDS[lineTerminator as LineTerminator],
    trailingDelimiter,
    allowShortRecords,
    allowLongRecords,
    skipBlankRecords,
    skipFooter,
    ctrlZ,
  };
}
