import { daysFromCivil, isLeapYear, isRealDate, MomentReader, offsetSeconds } from './civil-time';
import { FixedLayout, LayoutElement, LayoutPart } from './fixed-layout';

/**
 * Dates and times by a pattern in the syntax of Python's strptime, which Table Schema names.
 *
 * | directive | reads |
 * |---|---|
 * | `%Y` | year, four digits |
 * | `%y` | year, two digits: 69–99 are 1969–1999, 00–68 are 2000–2068 |
 * | `%m` `%d` | month, day: one or two digits |
 * | `%j` | day of the year: one to three digits |
 * | `%b` `%B` | English month name, short or full, any case |
 * | `%a` `%A` | English weekday name, short or full, any case; must be the date's |
 * | `%H` `%M` `%S` | hour 0–23, minute, second 0–59: one or two digits |
 * | `%I` with `%p` | hour 1–12 with AM or PM, any case |
 * | `%f` | fraction of a second, one to nine digits |
 * | `%z` | offset: `Z`, `±hhmm` or `±hh:mm` |
 * | `%%` | a percent sign |
 *
 * All else is itself, a blank one blank. Numbers take as many digits as they can; directly before another number they must
 * have all their digits (`%Y%m%d`), so that there is one reading only. Parts of the time that a pattern leaves out are 0.
 */
export const PATTERN_DIRECTIVES = ['Y', 'y', 'm', 'd', 'j', 'b', 'B', 'a', 'A', 'H', 'I', 'p', 'M', 'S', 'f', 'z', '%'] as const;
type Directive = (typeof PATTERN_DIRECTIVES)[number];

/** What the directives of one text have said so far. */
interface Parts {
  year: number;
  month: number;
  day: number;
  dayOfYear: number;
  weekday: number | undefined;
  hour: number;
  afternoon: boolean;
  minute: number;
  second: number;
  fraction: string;
  offset: number | undefined;
}

type NumberPart = LayoutPart | 'dayOfYear';

/** Reads one element of a pattern at a position; returns the position after it, or -1 if the text does not fit. */
type Step = (text: string, position: number, parts: Parts) => number;

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const NUMBERS: Partial<Record<Directive, { readonly part: NumberPart; readonly minDigits: number; readonly maxDigits: number }>> = {
  Y: { part: 'year', minDigits: 4, maxDigits: 4 },
  y: { part: 'year', minDigits: 2, maxDigits: 2 },
  m: { part: 'month', minDigits: 1, maxDigits: 2 },
  d: { part: 'day', minDigits: 1, maxDigits: 2 },
  j: { part: 'dayOfYear', minDigits: 1, maxDigits: 3 },
  H: { part: 'hour', minDigits: 1, maxDigits: 2 },
  I: { part: 'hour', minDigits: 1, maxDigits: 2 },
  M: { part: 'minute', minDigits: 1, maxDigits: 2 },
  S: { part: 'second', minDigits: 1, maxDigits: 2 },
};

/** Throws on a pattern that cannot be read, or does not say one date (and for a `date`, only that). */
export function compileDatePattern(pattern: string, type: 'date' | 'datetime'): MomentReader {
  const elements = splitPattern(pattern);
  const has = checkedDirectives(pattern, elements, type);
  const steps = elements.map((element, index) => compileStep(element, startsWithDigit(elements[index + 1])));
  const twelveHours = has('I');
  const dayOfYear = has('j');
  const shortYear = has('y');
  const layout = fixedLayoutOf(elements);

  return (text) => {
    if (text.length === layout?.length) {
      return layout.read(text);
    }
    const parts: Parts = {
      year: 0, month: 1, day: 1, dayOfYear: 1, weekday: undefined, hour: 0, afternoon: false, minute: 0, second: 0, fraction: '', offset: undefined,
    };
    let position = 0;
    for (let index = 0; index < steps.length; index++) {
      position = steps[index](text, position, parts);
      if (position === -1) {
        return undefined;
      }
    }
    if (position !== text.length) {
      return undefined;
    }
    if (shortYear) {
      parts.year += parts.year >= 69 ? 1900 : 2000;
    }
    if (twelveHours) {
      if (parts.hour < 1 || parts.hour > 12) {
        return undefined;
      }
      parts.hour = (parts.hour % 12) + (parts.afternoon ? 12 : 0);
    }
    if (parts.hour > 23 || parts.minute > 59 || parts.second > 59 || !isRealDate(parts.year, parts.month, parts.day)) {
      return undefined;
    }
    if (dayOfYear && (parts.dayOfYear < 1 || parts.dayOfYear > (isLeapYear(parts.year) ? 366 : 365))) {
      return undefined;
    }
    const days = daysFromCivil(parts.year, parts.month, parts.day) + parts.dayOfYear - 1;
    if (parts.weekday !== undefined && parts.weekday !== weekdayOf(days)) {
      return undefined;
    }
    return { days, secondOfDay: parts.hour * 3600 + parts.minute * 60 + parts.second, fraction: parts.fraction, offset: parts.offset };
  };
}

interface Element {
  readonly directive?: Directive;
  /** Of an element that is no directive. */
  readonly literal: string;
}

function splitPattern(pattern: string): Element[] {
  const elements: Element[] = [];
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index] !== '%') {
      elements.push({ literal: pattern[index] });
      continue;
    }
    const letter = pattern[++index] ?? '';
    if (!(PATTERN_DIRECTIVES as readonly string[]).includes(letter)) {
      throw new Error(`format ${JSON.stringify(pattern)} must hold only the directives ${PATTERN_DIRECTIVES.map((name) => `%${name}`).join(' ')}, got %${letter}`);
    }
    elements.push(letter === '%' ? { literal: '%' } : { directive: letter as Directive, literal: '' });
  }
  return elements;
}

/** Which directives there are, after it is sure that together they say one date and time. */
function checkedDirectives(pattern: string, elements: readonly Element[], type: 'date' | 'datetime'): (directive: Directive) => boolean {
  const directives = elements.flatMap(({ directive }) => directive ?? []);
  const has = (directive: Directive) => directives.includes(directive);
  const demand = (condition: boolean, what: string) => {
    if (!condition) {
      throw new Error(`format ${JSON.stringify(pattern)} must ${what}`);
    }
  };
  const count = (...names: Directive[]) => directives.filter((directive) => names.includes(directive)).length;

  demand(new Set(directives).size === directives.length, 'hold each directive once');
  demand(count('Y', 'y') === 1, 'hold one of %Y and %y');
  demand(has('j') ? count('m', 'b', 'B', 'd') === 0 : count('m', 'b', 'B') === 1 && has('d'), 'hold one of %m, %b and %B with %d, or %j alone');
  demand(count('a', 'A') <= 1, 'hold one of %a and %A at most');
  demand(count('H', 'I') <= 1 && has('I') === has('p'), 'hold %H, or %I with %p');
  demand(count('M') === 0 || count('H', 'I') === 1, 'hold an hour if it holds %M');
  demand(!has('S') || has('M'), 'hold %M if it holds %S');
  demand(!has('f') || has('S'), 'hold %S if it holds %f');
  demand(!elements.some(({ directive }, index) => directive === 'f' && startsWithDigit(elements[index + 1])), 'not go on with digits after %f');
  if (type === 'date') {
    // A time of day would be dropped, and an offset could name another day.
    demand(count('H', 'I', 'p', 'M', 'S', 'f', 'z') === 0, 'hold no time of day and no offset, because the type is date');
  }
  return has;
}

/** Where every part is a number at a fixed place; a text of that length has all its digits, or does not fit. */
function fixedLayoutOf(elements: readonly Element[]): FixedLayout | undefined {
  const layout = layoutElements(elements);
  return layout && new FixedLayout(layout);
}

/** The elements of a pattern that is nothing but numbers and characters; undefined: it has other parts. */
export function layoutElementsOf(pattern: string): LayoutElement[] | undefined {
  return layoutElements(splitPattern(pattern));
}

function layoutElements(elements: readonly Element[]): LayoutElement[] | undefined {
  const layout: LayoutElement[] = [];
  for (const [index, { directive, literal }] of elements.entries()) {
    if (directive === undefined) {
      layout.push({ literal });
    } else if ('YmdHMS'.includes(directive)) {
      const { part, minDigits, maxDigits } = NUMBERS[directive]!;
      layout.push({ part: part as LayoutPart, minDigits: startsWithDigit(elements[index + 1]) ? maxDigits : minDigits, digits: maxDigits });
    } else {
      return undefined;
    }
  }
  return layout;
}

function startsWithDigit(element: Element | undefined): boolean {
  if (element === undefined) {
    return false;
  }
  return element.directive === undefined ? /\d/.test(element.literal) : element.directive === 'f' || NUMBERS[element.directive] !== undefined;
}

function compileStep({ directive, literal }: Element, beforeDigits: boolean): Step {
  switch (directive) {
    case undefined: {
      const code = literal.charCodeAt(0);
      return (text, position) => text.charCodeAt(position) === code ? position + 1 : -1;
    }
    case 'b':
    case 'B':
      return nameStep(MONTHS, directive === 'b', (parts, index) => { parts.month = index + 1; });
    case 'a':
    case 'A':
      return nameStep(WEEKDAYS, directive === 'a', (parts, index) => { parts.weekday = index; });
    case 'p':
      return nameStep(['am', 'pm'], false, (parts, index) => { parts.afternoon = index === 1; });
    case 'f':
      return fractionStep;
    case 'z':
      return offsetStep;
    default: {
      const { part, minDigits, maxDigits } = NUMBERS[directive]!;
      return numberStep(part, beforeDigits ? maxDigits : minDigits, maxDigits);
    }
  }
}

function numberStep(part: NumberPart, minDigits: number, maxDigits: number): Step {
  return (text, position, parts) => {
    let value = 0;
    let digits = 0;
    while (digits < maxDigits) {
      const digit = text.charCodeAt(position + digits) - 0x30;
      if (!(digit >= 0 && digit <= 9)) {
        break;
      }
      value = value * 10 + digit;
      digits++;
    }
    parts[part] = value;
    return digits >= minDigits ? position + digits : -1;
  };
}

function nameStep(names: readonly string[], short: boolean, take: (parts: Parts, index: number) => void): Step {
  const texts = names.map((name) => short ? name.slice(0, 3) : name);
  return (text, position, parts) => {
    const index = texts.findIndex((name) => text.slice(position, position + name.length).toLowerCase() === name);
    if (index === -1) {
      return -1;
    }
    take(parts, index);
    return position + texts[index].length;
  };
}

const MAX_FRACTION_DIGITS = 9;

const fractionStep: Step = (text, position, parts) => {
  let end = position;
  while (end < position + MAX_FRACTION_DIGITS && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) {
    end++;
  }
  parts.fraction = text.slice(position, end);
  return end === position ? -1 : end;
};

const OFFSET = /(?:Z|([+-])(\d\d):?(\d\d))/y;

const offsetStep: Step = (text, position, parts) => {
  OFFSET.lastIndex = position;
  const match = OFFSET.exec(text);
  if (match === null) {
    return -1;
  }
  parts.offset = match[1] === undefined ? 0 : offsetSeconds(match[1] === '-', Number(match[2]), Number(match[3]));
  return parts.offset === undefined ? -1 : position + match[0].length;
};

function weekdayOf(days: number): number {
  const THURSDAY = 4; // 1970-01-01
  return ((days + THURSDAY) % 7 + 7) % 7;
}
