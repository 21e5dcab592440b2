import { DEFAULT_DIALECT, Dialect } from '../../spec/dialect';
import { TextCodec, textCodec } from '../text/decode-text';

/** A dialect with its defaults filled in, as bytes. */
export interface DialectBytes {
  readonly delimiter: Uint8Array;
  /** -1: no quoting, no escape, no comments. */
  readonly quote: number;
  readonly doubleQuote: boolean;
  readonly escape: number;
  readonly comment: number;
  readonly header: boolean;
  readonly skipInitialSpace: boolean;
  /** A lone CR ends a record too. */
  readonly loneCr: boolean;
  readonly skipLines: number;
}

/** It marks the end of the input to the fast path: all around it would go the exact way. */
const NUL = 0;

/** @param codec of the file: it tells the bytes of the delimiter */
export function resolveDialect(dialect: Dialect, codec: TextCodec = textCodec('utf-8')): DialectBytes {
  const byteOf = (name: string, char: string | null | undefined): number => {
    if (char === null || char === undefined) return -1;
    const bytes = Buffer.from(char);
    if (bytes.length !== 1 || bytes[0] === NUL) throw new Error(`dialect.${name} must be one ASCII character other than NUL, got ${JSON.stringify(char)}`);
    return bytes[0];
  };
  const delimiterText = dialect.delimiter ?? DEFAULT_DIALECT.delimiter;
  const delimiter = codec.encode(delimiterText);
  if (delimiterText === '' || delimiterText.includes('\0')) {
    throw new Error(`dialect.delimiter must hold at least one character and no NUL, got ${JSON.stringify(delimiterText)}`);
  }
  if (delimiter === undefined) throw new Error(`dialect.delimiter must be characters of ${codec.name}, got ${JSON.stringify(delimiterText)}`);
  return {
    delimiter,
    quote: byteOf('quoteChar', dialect.quoteChar === undefined ? DEFAULT_DIALECT.quoteChar : dialect.quoteChar),
    doubleQuote: dialect.doubleQuote ?? DEFAULT_DIALECT.doubleQuote,
    escape: byteOf('escapeChar', dialect.escapeChar === undefined ? DEFAULT_DIALECT.escapeChar : dialect.escapeChar),
    comment: byteOf('commentChar', dialect.commentChar === undefined ? DEFAULT_DIALECT.commentChar : dialect.commentChar),
    header: dialect.header ?? DEFAULT_DIALECT.header,
    skipInitialSpace: dialect.skipInitialSpace ?? DEFAULT_DIALECT.skipInitialSpace,
    loneCr: (dialect.lineTerminator ?? DEFAULT_DIALECT.lineTerminator) === '\r',
    skipLines: dialect.skipLines ?? DEFAULT_DIALECT.skipLines,
  };
}
