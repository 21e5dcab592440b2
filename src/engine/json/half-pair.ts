/// <reference lib="es2024.string" />
/** JSON can escape half a surrogate pair, which no Unicode text can hold: readers refuse all of a file for one of these. */

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
/** A backslash that is escaped begins no other escape. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[^])/g;

/** Whether a text in there, a key too, has half a surrogate pair: escaped, or as it is. @param json valid JSON */
export function holdsHalfPair(json: string): boolean {
  if (!SURROGATE_ESCAPE.test(json)) return !json.isWellFormed();
  // Half a pair may be escaped, and the other one beside it be written as it is.
  return !json.replace(ESCAPE, (_, hex?: string) => hex === undefined ? ' ' : String.fromCharCode(parseInt(hex, 16))).isWellFormed();
}
