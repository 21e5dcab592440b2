/** How messages show texts that came from outside: what cannot be seen is written as an escape of JSON. */

/**
 * Blanks other than the ordinary one, line ends, controls, marks of direction, characters of no width, half surrogate
 * pairs, and what is no character (SQS refuses some of those).
 */
const INVISIBLE = /[\p{Zl}\p{Zp}\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\b': '\\b', '\f': '\\f' };

/** All of it can be seen. Most texts are such, and messages are made by the million. */
const PLAIN = /^[ -~]*$/;

/** Letters and marks that a text of NFC would have as one character: it looks the same, and is another text. */
const DECOMPOSED = /(?<=\P{M}\p{M}*)\p{M}/gu;

/**
 * The text itself, in one line, with `\u00a0` and the like in place of what cannot be seen, a mark that is apart from its
 * letter too where both could be one character. Letters of any script stay.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  const composed = text.normalize('NFC') === text ? text : text.replace(DECOMPOSED, (mark, at: number) => isComposable(text, at) ? escapeOf(mark) : mark);
  return composed.replace(INVISIBLE, escapeOf);
}

function isComposable(text: string, at: number): boolean {
  const start = text.slice(0, at).search(/\P{M}\p{M}*$/u);
  const upTo = text.slice(start, at);
  const mark = String.fromCodePoint(text.codePointAt(at)!);
  return (upTo + mark).normalize('NFC').length < (upTo.normalize('NFC') + mark).length;
}

/** At most so many characters of its beginning, with no half surrogate pair at the end. */
export function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** The JSON of a value (a text in quotes, say), with nothing in it that cannot be seen; it stays the JSON of the value. */
export function visibleJson(value: unknown): string {
  return visible(JSON.stringify(value) ?? String(value));
}

/** A text without what cannot be seen, and with one blank for every kind of it: two texts that look alike become one. */
export function withoutInvisible(text: string): string {
  return text.replace(/\p{Zs}+/gu, ' ').replace(INVISIBLE, '').trim().normalize('NFC');
}

function escapeOf(character: string): string {
  const codes = Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`);
  return SHORT_ESCAPES[character] ?? codes.join('');
}
