/** How messages show texts that came from outside: what cannot be seen is written as an escape of JSON. */

/**
 * Blanks other than the ordinary one, line ends, controls, marks of direction, characters of no width, half surrogate
 * pairs.
 */
const INVISIBLE = /[\p{Zl}\p{Zp}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\b': '\\b', '\f': '\\f' };

/** The text itself, in one line, with `\u00a0` and the like in place of what cannot be seen. Letters of any script stay. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeOf);
}

/** The JSON of a value (a text in quotes, say), with nothing in it that cannot be seen; it stays the JSON of the value. */
export function visibleJson(value: unknown): string {
  return visible(JSON.stringify(value) ?? String(value));
}

/** A text without what cannot be seen, and with one blank for every kind of it: two texts that look alike become one. */
export function withoutInvisible(text: string): string {
  return text.replace(/\p{Zs}+/gu, ' ').replace(INVISIBLE, '').trim();
}

function escapeOf(character: string): string {
  const codes = Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`);
  return SHORT_ESCAPES[character] ?? codes.join('');
}
