import { daysFromCivil, isLeapYear, isRealDate, MomentReader, offsetSeconds, secondOfDayAt } from './civil-time';
import { DateName, DateNames, dateNames, NameReader } from './date-names';
import { FixedLayout, LayoutElement, LayoutPart } from './fixed-layout';
import { fixedOffset } from './time-zone';
import {
  beginsWithDigit, DATE_DIRECTIVES, datePatternFault, NumberDirective, PatternElement, PatternType, ReadingDirective, splitDatePattern,
} from '../../spec/date-directives';
import { Field } from '../../spec/schema';
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

/** What a field says of the words in its dates. */
type PatternWords = Pick<Field, 'locale' | 'zoneAbbreviations'>;

/** Where the number of a directive goes. */
const NUMBER_PARTS: Readonly<Record<Exclude<NumberDirective, 'f'>, NumberPart>> = {
  Y: 'year', y: 'year', m: 'month', d: 'day', j: 'dayOfYear', H: 'hour', I: 'hour', M: 'minute', S: 'second',
};

/** Throws on a pattern that cannot be read, or does not say one date (and for a `date`, only that; a `time` has none). */
export function compileDatePattern(pattern: string, type: PatternType, words: PatternWords = {}): MomentReader {
  const fault = datePatternFault(pattern, type, words.zoneAbbreviations !== undefined);
  if (fault !== undefined) throw new Error(`format ${visibleJson(pattern)} must ${fault}`);
  const elements = splitDatePattern(pattern);
  const has = (name: ReadingDirective) => elements.some(({ directive }) => directive === name);
  const steps = elements.map((element, index) => compileStep(element, elements[index + 1], words));
  const twelveHours = has('I');
  const dayOfYear = has('j');
  const shortYear = has('y');
  const layout = type === 'time' ? undefined : fixedLayoutOf(elements);

  return (text) => {
    if (text.length === layout?.length) {
      return layout.read(text);
    }
    const parts: Parts = {
      year: 1, month: 1, day: 1, dayOfYear: 1, weekday: undefined, hour: 0, afternoon: false, minute: 0, second: 0, fraction: '', offset: undefined,
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
    const secondOfDay = secondOfDayAt(parts.hour, parts.minute, parts.second);
    if (secondOfDay === -1 || !isRealDate(parts.year, parts.month, parts.day)) {
      return undefined;
    }
    if (dayOfYear && (parts.dayOfYear < 1 || parts.dayOfYear > (isLeapYear(parts.year) ? 366 : 365))) {
      return undefined;
    }
    const days = daysFromCivil(parts.year, parts.month, parts.day) + parts.dayOfYear - 1;
    if (parts.weekday !== undefined && parts.weekday !== weekdayOf(days)) {
      return undefined;
    }
    return { days, secondOfDay, fraction: parts.fraction, offset: parts.offset };
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

function compileStep({ directive, literal }: PatternElement, next: PatternElement | undefined, words: PatternWords): Step {
  switch (directive) {
    case undefined:
      return literalStep(literal);
    case 'b':
    case 'B':
      return nameStep(directive, words, ({ month }) => directive === 'b' ? month.short : month.long, next, (parts, index) => { parts.month = index + 1; });
    case 'a':
    case 'A':
      return nameStep(directive, words, ({ weekday }) => directive === 'a' ? weekday.short : weekday.long, next, (parts, index) => { parts.weekday = index; });
    case 'p':
      return nameStep(directive, words, ({ half }) => half, next, (parts, index) => { parts.afternoon = index === 1; });
    case 'Z':
      return abbreviationStep(words.zoneAbbreviations!);
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
      return numberStep(NUMBER_PARTS[directive], beginsWithDigit(next) ? most : least, most);
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

/** @param next what follows in the pattern: a point or digits there are not the name's */
function nameStep(directive: ReadingDirective, { locale }: PatternWords, namesOf: (all: DateNames) => readonly DateName[],
  next: PatternElement | undefined, take: (parts: Parts, index: number) => void): Step {
  const all = dateNames(locale);
  const names = namesOf(all);
  if (names.length === 0) throw new Error(`format must not hold %${directive}: the locale has numbers there, and no names`);
  if (beginsWithDigit(next) && names.some(([name]) => /\d$/.test(name))) {
    throw new Error(`format must not go on with digits after %${directive}: the locale has names that end with digits`);
  }
  const reader = new NameReader(next?.literal === '.' ? names.filter(([name]) => !name.endsWith('.')) : names, all.fold);
  return (text, position, parts) => {
    const found = reader.at(text, position);
    if (found === undefined) {
      return -1;
    }
    take(parts, found.index);
    return position + found.length;
  };
}

function abbreviationStep(abbreviations: Readonly<Record<string, string>>): Step {
  const offsets = Object.values(abbreviations).map(fixedOffset);
  const reader = new NameReader(Object.keys(abbreviations).map((name, index): DateName => [name, index]), (text) => text.toLowerCase());
  return (text, position, parts) => {
    const found = reader.at(text, position);
    if (found === undefined) {
      return -1;
    }
    parts.offset = offsets[found.index];
    return position + found.length;
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
