/** The names that dates are written with: of months, weekdays and halves of the day, in one language. */

/** A name, and what it stands for: the month from 0, the weekday from 0 (Sunday), 1 for the afternoon. */
export type DateName = readonly [name: string, index: number];

export interface DateNames {
  readonly month: { readonly short: readonly DateName[]; readonly long: readonly DateName[] };
  readonly weekday: { readonly short: readonly DateName[]; readonly long: readonly DateName[] };
  readonly half: readonly DateName[];
  /** Names are compared without regard to letter case. */
  readonly fold: (text: string) => string;
}

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** `am`, `a.m.`, and with a blank in the middle, as in Spanish. */
const HALVES: readonly DateName[] = ['am', 'a.m.', 'a. m.', 'a.\u00a0m.', 'a.\u202fm.'].flatMap((name) => [[name, 0], [name.replace('a', 'p'), 1]]);

const ENGLISH: DateNames = {
  month: { short: MONTHS.map((name, index) => [name.slice(0, 3), index]), long: MONTHS.map((name, index) => [name, index]) },
  weekday: { short: WEEKDAYS.map((name, index) => [name.slice(0, 3), index]), long: WEEKDAYS.map((name, index) => [name, index]) },
  half: HALVES,
  fold: (text) => text.toLowerCase(),
};

/** By locale: asking Intl is slow. */
const known = new Map<string, DateNames>();

/** @param locale absent: English */
export function dateNames(locale: string | undefined): DateNames {
  if (locale === undefined) return ENGLISH;
  const names = known.get(locale) ?? namesInLocale(locale);
  known.set(locale, names);
  return names;
}

/**
 * By the runtime's own data (CLDR): each name as it stands alone and as it stands within a date, with the point of an
 * abbreviation and without. AM and PM are read in English too.
 */
function namesInLocale(locale: string): DateNames {
  if (Intl.DateTimeFormat.supportedLocalesOf(locale).length === 0) {
    throw new Error(`locale must be one that this runtime knows, got ${JSON.stringify(locale)}`);
  }
  const months = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 15));
  // The first of September 2024 was a Sunday.
  const weekdays = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 8, 1 + day));
  const hours = Array.from({ length: 24 }, (_, hour) => Date.UTC(2024, 0, 1, hour));
  return {
    month: { short: namesOf(locale, 'month', 'short', months), long: namesOf(locale, 'month', 'long', months) },
    weekday: { short: namesOf(locale, 'weekday', 'short', weekdays), long: namesOf(locale, 'weekday', 'long', weekdays) },
    half: [...HALVES, ...namesIn(locale, { hour: 'numeric', hour12: true }, 'dayPeriod', hours).map(([name, hour]): DateName => [name, hour < 12 ? 0 : 1])],
    fold: (text) => text.toLocaleLowerCase(locale),
  };
}

/** There are languages that have another form of a name beside a day or a year. */
function namesOf(locale: string, kind: 'month' | 'weekday', style: 'short' | 'long', times: readonly number[]): DateName[] {
  const within: Intl.DateTimeFormatOptions = kind === 'month' ? { day: 'numeric' } : { day: 'numeric', month: style };
  const options = [{}, within, { ...within, year: 'numeric' as const }];
  return options.flatMap((more) => namesIn(locale, { ...more, [kind]: style }, kind, times));
}

function namesIn(locale: string, options: Intl.DateTimeFormatOptions, kind: Intl.DateTimeFormatPartTypes, times: readonly number[]): DateName[] {
  const format = new Intl.DateTimeFormat(locale, { calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC', ...options });
  return times.flatMap((time, index): DateName[] => {
    const name = format.formatToParts(time).find(({ type }) => type === kind)?.value ?? '';
    // Where a language has numbers for names, there are directives of numbers.
    return name === '' || /^\d+$/.test(name) ? [] : [[name, index], [name.replace(/\.$/, ''), index]];
  });
}

/** Finds which of some names stands at a place in a text. */
export class NameReader {
  private readonly indexOf = new Map<string, number>();
  /** The longest first: `Juni` is read whole, where `Jun` is a name too. */
  private readonly lengths: readonly number[];

  /** @throws Error where one name stands for two things */
  constructor(names: readonly DateName[], private readonly fold: (text: string) => string) {
    for (const [name, index] of names) {
      const other = this.indexOf.get(fold(name));
      if (other !== undefined && other !== index) throw new Error(`the name ${JSON.stringify(name)} stands for two things`);
      this.indexOf.set(fold(name), index);
    }
    this.lengths = [...new Set(names.map(([name]) => name.length))].sort((a, b) => b - a);
  }

  /** @returns undefined where no name stands there */
  at(text: string, position: number): { readonly index: number; readonly length: number } | undefined {
    for (const length of this.lengths) {
      if (position + length > text.length) continue;
      const index = this.indexOf.get(this.fold(text.slice(position, position + length)));
      if (index !== undefined) return { index, length };
    }
    return undefined;
  }
}
