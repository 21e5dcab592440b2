import { Grammar } from './grammar';
import { EscapeSequencesName } from '../../spec/dialect';

/** How the text behind an escape character is written, and what it stands for. */
interface EscapeSyntax {
  /** A regular expression's source. */
  readonly sequence: string;
  /** @returns undefined where no text is meant, but a byte that is no character */
  meaning(sequence: string): string | undefined;
}

const CHARACTERS = { b: '\b', n: '\n', r: '\r', t: '\t' };
/** https://dev.mysql.com/doc/refman/8.4/en/load-data.html, "ESCAPED BY" */
const MYSQL: Readonly<Record<string, string>> = { ...CHARACTERS, 0: '\0', Z: '\x1a' };
/** https://www.postgresql.org/docs/current/sql-copy.html, "Text Format" */
const POSTGRESQL: Readonly<Record<string, string>> = { ...CHARACTERS, f: '\f', v: '\v' };
const LAST_ASCII = 0x7f;

const SYNTAXES: Readonly<Record<EscapeSequencesName, EscapeSyntax>> = {
  literal: { sequence: '[\\s\\S]', meaning: (char) => char },
  mysql: { sequence: '[\\s\\S]', meaning: (char) => MYSQL[char] ?? char },
  postgresql: {
    sequence: '(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|[\\s\\S])',
    meaning: (sequence) => {
      const code = /^[0-7]/.test(sequence) ? parseInt(sequence, 8) : /^x./.test(sequence) ? parseInt(sequence.slice(1), 16) : undefined;
      if (code === undefined) return POSTGRESQL[sequence] ?? sequence;
      return code <= LAST_ASCII ? String.fromCharCode(code) : undefined;
    },
  },
};

/**
 * A field's text with doubled quotes and escapes resolved. A doubled quote is one quote inside quotes, and two outside.
 * Undefined: an escape stands for a byte beyond ASCII, which is no character by itself.
 */
export type Unescape = (text: string, quoted: boolean) => string | undefined;

export function compileUnescape(grammar: Grammar): Unescape {
  const { quote, escape, doubleQuote, escapeSequences } = grammar.dialect;
  const { sequence, meaning } = SYNTAXES[escapeSequences];
  const char = (byte: number) => String.fromCharCode(byte);
  const literal = (byte: number) => char(byte).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const escapes = escape < 0 ? [] : [`${literal(escape)}(${sequence})`];
  const doubled = quote >= 0 && doubleQuote ? [`${literal(quote)}${literal(quote)}`] : [];
  const compile = (patterns: string[]) => {
    if (patterns.length === 0) return (text: string) => text;
    const pattern = new RegExp(patterns.join('|'), 'g');
    if (escape < 0) return (text: string) => text.replace(pattern, char(quote));
    return (text: string) => {
      let isText = true;
      const resolved = text.replace(pattern, (_, escaped?: string) => {
        const meant = escaped === undefined ? char(quote) : meaning(escaped);
        if (meant === undefined) isText = false;
        return meant ?? '';
      });
      return isText ? resolved : undefined;
    };
  };
  const inside = compile([...escapes, ...doubled]);
  const outside = compile(escapes);
  return (text, quoted) => quoted ? inside(text) : outside(text);
}
