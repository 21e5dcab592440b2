import { Digits, DigitsReader } from './digits';
import { DASHES, NegativeNotationName, surroundings, TRIANGLES } from '../../spec/number-notation';

/** Takes the mark off a text. Undefined: the text does not bear it. */
type Mark = (text: string) => Marked | undefined;

interface Marked {
  readonly negative: boolean;
  /** The text without its mark, which must bear no sign beside it. */
  readonly rest: string;
}

/** A notation is another sign for the minus, or a mark somewhere else. */
interface Notation {
  /** Puts a minus in the place of its sign. */
  readonly sign?: (text: string) => string;
  readonly mark?: (bare: boolean) => Mark;
}

const NOTATIONS: Readonly<Record<NegativeNotationName, Notation>> = {
  trailingMinus: { mark: trailingMinus },
  parentheses: { mark: parentheses },
  dashes: { sign: (text) => text.replace(DASH, '-') },
  triangles: { sign: (text) => text.replace(TRIANGLE, '$1-') },
  debit: { mark: () => entryMark('D') },
  credit: { mark: () => entryMark('C') },
};

const DASH = new RegExp(`[${DASHES}]`, 'gu');
/** A sign, but for that of an exponent: its `e` follows a digit or a point, that of a currency (`CHE-50`) does not. */
const SIGN = /(?<!\d[^\p{L}\s]?[eE])[+-]/u;
const TRIANGLE = new RegExp(`^([^\\d${TRIANGLES}]*)[${TRIANGLES}](?=[^${TRIANGLES}]*$)`, 'u');

/**
 * Reads what accounting marks as negative, and all that `read` reads. No text has two readings: one that bears two
 * marks, or a mark and a sign, is refused.
 *
 * @param bare nothing may stand around the number but its mark
 */
export function readNegatives(read: DigitsReader, notations: readonly NegativeNotationName[], bare: boolean): DigitsReader {
  const signs = notations.flatMap((name) => NOTATIONS[name].sign ?? []);
  const marks = notations.flatMap((name) => NOTATIONS[name].mark?.(bare) ?? []);
  return (text) => {
    const plain = signs.reduce((said, sign) => sign(said), text);
    for (const mark of marks) {
      const marked = mark(plain);
      if (marked !== undefined) return SIGN.test(marked.rest) ? undefined : signed(read(marked.rest), marked.negative);
    }
    return read(plain);
  };
}

function signed(digits: Digits | undefined, negative: boolean): Digits | undefined {
  return digits && { ...digits, negative };
}

/** The number stands within; what may stand around it, within or without. */
function parentheses(bare: boolean): Mark {
  const outside = bare ? /^$/ : new RegExp(`^${surroundings()}$`, 'iu');
  return (text) => {
    const match = /^([^()]*)\(([^()]*)\)([^()]*)$/.exec(text);
    if (match === null || !outside.test(match[1]) || !outside.test(match[3])) return undefined;
    // Apart, so that no word is made of what was none: `(50 C)$`.
    return { negative: true, rest: bare ? match[2] : match.slice(1).join(' ') };
  };
}

/** `50.-` and `50,-` are amounts without small change, and no negative ones. */
const NO_CHANGE = /\d[^\d\p{L}\p{Sc}\s%\u2030]-/u;

/** Behind the number, or behind what stands around it. */
function trailingMinus(bare: boolean): Mark {
  const between = bare ? undefined : new RegExp(`^(.*\\d)-(${surroundings()})$`, 'iu');
  return (text) => {
    if (NO_CHANGE.test(text)) return undefined;
    if (text.endsWith('-')) return { negative: true, rest: text.slice(0, -1) };
    const match = between?.exec(text) ?? null;
    return match === null ? undefined : { negative: true, rest: match[1] + match[2] };
  };
}

// `C$50` is an amount of Canadian dollars.
const ENTRY_MARK = /^(?:(?<before>[DC]R?)\.?(?![\p{L}\p{Sc}])\s*(?<behind>.+)|(?<ahead>.*[^\p{L}])(?<after>[DC]R?)\.?)$/iu;

/** `DR` and `D`, or `CR` and `C`, first or last in the text. @param negative the letter that marks a negative number */
function entryMark(negative: 'D' | 'C'): Mark {
  return (text) => {
    const { before, behind, ahead, after } = ENTRY_MARK.exec(text)?.groups ?? {};
    const mark = before ?? after;
    if (mark === undefined) return undefined;
    return { negative: mark[0].toUpperCase() === negative, rest: behind ?? ahead.trimEnd() };
  };
}
