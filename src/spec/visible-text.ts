/** How messages show texts that came from outside: what cannot be seen is written as an escape of JSON. */

/**
 * Blanks other than the ordinary one, line ends, controls, marks of direction, characters of no width, half surrogate
 * pairs, and what is no character (SQS refuses some of those).
 */
const INVISIBLE = /[\p{Zl}\p{Zp}\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\b': '\\b', '\f': '\\f' };

/** All of it can be seen. Most texts are such, and messages are made by the million. */
const PLAIN = /^[ -~]*$/;

/** A letter and the marks on it: by Unicode's own rule for streams (UAX #15) no text has more than 30 on one. */
const MARKED = /\P{M}\p{M}+/gu;
const MOST_MARKS = 30;
const TOO_MANY_MARKS = new RegExp(`\\p{M}{${MOST_MARKS + 1}}`, 'u');

/**
 * The text itself, in one line, with `\u00a0` and the like in place of what cannot be seen, a mark that is apart from its
 * letter too where both could be one character. Letters of any script stay.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(MARKED, withVisibleMarks).replace(INVISIBLE, escapeOf);
}

/** A letter and its marks, which a text of NFC would have as one character: it looks the same, and is another text. */
function withVisibleMarks(marked: string): string {
  const [letter, ...marks] = marked;
  const few = letter + marks.slice(0, MOST_MARKS).join('');
  if (marks.length <= MOST_MARKS && few.normalize('NFC') === few) return marked;
  let upTo = letter;
  return letter + marks.map((mark, index) => {
    const before = upTo;
    upTo += mark;
    return index >= MOST_MARKS || upTo.normalize('NFC').length < (before.normalize('NFC') + mark).length ? escapeOf(mark) : mark;
  }).join('');
}

/** At most so many characters of its beginning. No surrogate pair is cut in two; one that came as a half stays, to be shown as such. */
export function beginning(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** The text, or so many characters of its beginning and a sign that there is more. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${beginning(text, most)}…`;
}

/** The text, or its beginning and its end, so many characters in all. */
export function withoutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const ofTheEnd = Math.floor(most / 3);
  return `${beginning(text, most - ofTheEnd - 1)}…${text.slice(-ofTheEnd).replace(/^[\udc00-\udfff]/, '')}`;
}

/** As `visible`, of a text that may be of any length: nothing is done with what is not shown. */
export function visibleBeginning(text: string, most: number): string {
  const shown = visible(beginning(text, most));
  return text.length <= most && shown.length <= most ? shown : `${beginning(shown, most)}…`;
}

/** The JSON of a value (a text in quotes, say), with nothing in it that cannot be seen; it stays the JSON of the value. */
export function visibleJson(value: unknown): string {
  return visible(JSON.stringify(value) ?? String(value));
}

/** A document of JSON that people read too, line by line: nothing in it acts on a terminal, or turns a name around. */
export function visibleDocument(value: unknown): string {
  return JSON.stringify(value, undefined, 2).split('\n').map((line) => `${visible(line)}\n`).join('');
}

/** A text without what cannot be seen, and with one blank for every kind of it: two texts that look alike become one. */
export function withoutInvisible(text: string): string {
  const seen = text.replace(/\p{Zs}+/gu, ' ').replace(INVISIBLE, '').trim();
  // To bring thousands of marks on one letter into their order takes hours.
  return TOO_MANY_MARKS.test(seen) ? seen : seen.normalize('NFC');
}

function escapeOf(character: string): string {
  const codes = Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`);
  return SHORT_ESCAPES[character] ?? codes.join('');
}
