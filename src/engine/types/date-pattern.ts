import { daysFromCivil, isLeapYear, isRealDate, MomentReader, offsetSeconds } from './civil-time';
import { FixedLayout, LayoutElement, LayoutPart } from './fixed-layout';
import {
  beginsWithDigit, DATE_DIRECTIVES, datePatternFault, NumberDirective, PatternElement, ReadingDirective, splitDatePattern,
} from '../../spec/date-directives';
import { visibleJson } from '../../spec/visible-text';

/** Dates and times by a pattern: what each directive reads is in `spec/date-directives.ts`. */

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

/** Where the number of a directive goes. */
const NUMBER_PARTS: Readonly<Record<Exclude<NumberDirective, 'f'>, NumberPart>> = {
  Y: 'year', y: 'year', m: 'month', d: 'day', j: 'dayOfYear', H: 'hour', I: 'hour', M: 'minute', S: 'second',
};

/** Throws on a pattern that cannot be read, or does not say one date (and for a `date`, only that). */
export function compileDatePattern(pattern: string, type: 'date' | 'datetime'): MomentReader {
  const fault = datePatternFault(pattern, type);
  if (fault !== undefined) throw new Error(`format ${visibleJson(pattern)} must ${fault}`);
  const elements = splitDatePattern(pattern);
  const has = (name: ReadingDirective) => elements.some(({ directive }) => directive === name);
  const steps = elements.map((element, index) => compileStep(element, beginsWithDigit(elements[index + 1])));
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

/**
 * For a pattern whose parts are all numbers at fixed places: a text of that length has all its digits, or does not fit.
 */
function fixedLayoutOf(elements: readonly PatternElement[]): FixedLayout | undefined {
  const layout = layoutElements(elements);
  return layout && new FixedLayout(layout);
}

/** The elements of a pattern that is nothing but numbers and characters; undefined: it has other parts. */
export function layoutElementsOf(pattern: string): LayoutElement[] | undefined {
  return layoutElements(splitDatePattern(pattern));
}

function layoutElements(elements: readonly PatternElement[]): LayoutElement[] | undefined {
  // The layouts have all three.
  if (!(['Y', 'm', 'd'] as const).every((part) => elements.some(({ directive }) => directive === part))) return undefined;
  const layout: LayoutElement[] = [];
  for (const [index, { directive, literal }] of elements.entries()) {
    if (directive === undefined) {
      layout.push({ literal });
    } else if (isFixed(directive)) {
      const [least, most] = DATE_DIRECTIVES[directive].digits;
      layout.push({ part: NUMBER_PARTS[directive] as LayoutPart, minDigits: beginsWithDigit(elements[index + 1]) ? most : least, digits: most });
    } else {
      return undefined;
    }
  }
  return layout;
}

/** The directives of numbers that need no more than their digits to be read. */
const FIXED = ['Y', 'm', 'd', 'H', 'M', 'S'] as const;

function isFixed(directive: ReadingDirective): directive is (typeof FIXED)[number] {
  return (FIXED as readonly ReadingDirective[]).includes(directive);
}

function compileStep({ directive, literal }: PatternElement, beforeDigits: boolean): Step {
  switch (directive) {
    case undefined:
      return literalStep(literal);
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
    case 'Y':
    case 'y':
    case 'm':
    case 'd':
    case 'j':
    case 'H':
    case 'I':
    case 'M':
    case 'S': {
      const [least, most] = DATE_DIRECTIVES[directive].digits;
      return numberStep(NUMBER_PARTS[directive], beforeDigits ? most : least, most);
    }
  }
}

function literalStep(literal: string): Step {
  const code = literal.charCodeAt(0);
  return (text, position) => text.charCodeAt(position) === code ? position + 1 : -1;
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

const fractionStep: Step = (text, position, parts) => {
  const [, most] = DATE_DIRECTIVES.f.digits;
  let end = position;
  while (end < position + most && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) {
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
