import { ValueType } from './value-type';
import { Field, formatsOf, StringFormatName } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';

interface StringFormat {
  readonly expected: string;
  /** Absent: every text. */
  readonly shape?: RegExp;
}

/**
 * Shapes, not proofs: that an address takes mail is not for a parser to say. None of them can backtrack, so a hostile
 * value costs time linear in its length.
 */
const SHAPES: Readonly<Record<StringFormatName, StringFormat>> = {
  default: { expected: 'a string' },
  any: { expected: 'a string' },
  /** Something, `@`, a host name of at least two labels; no blanks. */
  email: { expected: 'an email address', shape: /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/u },
  /** RFC 3986: a scheme, a colon, then only characters that a URI may hold. */
  uri: { expected: 'a URI', shape: /^[a-z][a-z0-9+.-]*:(?:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i },
  /** RFC 9562, either case, any version. */
  uuid: { expected: 'a UUID', shape: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i },
  /** RFC 4648 section 4, padded. */
  binary: { expected: 'base64', shape: /^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i },
};

export function stringType(field: Field): ValueType {
  const formats = formatsOf(field).map((name) => {
    if (!Object.hasOwn(SHAPES, name)) {
      throw new Error(`format of a string must be one of ${Object.keys(SHAPES).join(', ')}, got ${visibleJson(name)}`);
    }
    return SHAPES[name as StringFormatName];
  });
  const expected = formats.map((format) => format.expected).join(' or ');
  if (formats.some((format) => format.shape === undefined)) {
    return { expected, read: stringToJson };
  }
  const shapes = formats.map((format) => format.shape!);
  return {
    expected,
    read: (text) => shapes.some((shape) => shape.test(text)) ? stringToJson(text) : undefined,
  };
}

// What JSON must escape. JSON.stringify escapes lone surrogates too, but decoded UTF-8 has none.
// eslint-disable-next-line no-control-regex
const NEEDS_ESCAPE = /["\\\u0000-\u001f]/;

/** As JSON.stringify, but faster where nothing is to be escaped. */
export function stringToJson(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** The text of a JSON string; of another value its JSON. */
export function jsonToText(literal: string): string {
  return literal.startsWith('"') ? jsonToString(literal) : literal;
}

/** The text of a JSON string's literal: as JSON.parse, but faster where nothing is escaped. */
export function jsonToString(literal: string): string {
  return literal.includes('\\') ? JSON.parse(literal) as string : literal.slice(1, -1);
}
