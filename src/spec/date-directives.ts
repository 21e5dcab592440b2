/**
 * The patterns of dates, in the syntax of Python's strptime, which Table Schema names.
 *
 * All that is no directive is itself, a blank one blank. Numbers take as many digits as they can; directly before
 * another number they must have all their digits (`%Y%m%d`), so that there is one reading only. Parts of the time that
 * a pattern leaves out are 0; a month or a day that it leaves out is the first, as strptime reads it. Names are those
 * of the field's locale, English ones where it has none.
 */

interface DirectiveRule {
  /** The least and the most digits of a number. Left out: the directive reads no number. */
  readonly digits?: readonly [least: number, most: number];
}

export const DATE_DIRECTIVES = {
  /** Year. */
  'Y': { digits: [4, 4] },
  /** Year without its century: 69–99 are 1969–1999, 00–68 are 2000–2068. */
  'y': { digits: [2, 2] },
  /** Month. */
  'm': { digits: [1, 2] },
  /** Day of the month. */
  'd': { digits: [1, 2] },
  /** Day of the year. */
  'j': { digits: [1, 3] },
  /** Month: the first three letters of its English name, or the short names of the locale, in any case. */
  'b': {},
  /** Month: its name, in any case. */
  'B': {},
  /** Weekday: as `b`. Must be the date's. */
  'a': {},
  /** Weekday: its name, in any case. Must be the date's. */
  'A': {},
  /** Hour, 0–23; 24 where minutes and seconds are 0. */
  'H': { digits: [1, 2] },
  /** Hour, 1–12. */
  'I': { digits: [1, 2] },
  /** AM or PM, or `a.m.` and `a. m.`, in any case; what the locale writes too. */
  'p': {},
  /** Minute. */
  'M': { digits: [1, 2] },
  /** Second, 0–59. */
  'S': { digits: [1, 2] },
  /** Fraction of a second. */
  'f': { digits: [1, 9] },
  /** Offset: `Z`, `±hhmm` or `±hh:mm`. */
  'z': {},
  /** Offset: one of the field's `zoneAbbreviations`, in any case. */
  'Z': {},
  /** A percent sign. */
  '%': {},
} as const satisfies Readonly<Record<string, DirectiveRule>>;

export type DateDirective = keyof typeof DATE_DIRECTIVES;
/** All but the one that is itself. */
export type ReadingDirective = Exclude<DateDirective, '%'>;
/** The directives that read a number. */
export type NumberDirective = { [Name in DateDirective]: (typeof DATE_DIRECTIVES)[Name] extends { digits: unknown } ? Name : never }[DateDirective];

/** One step through a pattern: a directive, or one UTF-16 unit that is itself. */
export interface PatternElement {
  readonly directive?: ReadingDirective;
  /** The unit, where there is no directive. */
  readonly literal: string;
}

/** @param pattern without a fault */
export function splitDatePattern(pattern: string): PatternElement[] {
  return split(pattern).map(({ directive, literal }) => directive === '%' ? { literal: '%' } : { directive: directive as ReadingDirective | undefined, literal });
}

/** The types whose formats are patterns. */
export type PatternType = 'date' | 'datetime' | 'time';

/** Why a pattern cannot say one date (or datetime, or time), to follow "must"; undefined: it can. */
export function datePatternFault(pattern: string, type: PatternType, hasAbbreviations = false): string | undefined {
  const elements = split(pattern);
  const directives = elements.flatMap(({ directive }) => directive ?? []);
  const unknown = directives.find((directive) => !Object.hasOwn(DATE_DIRECTIVES, directive));
  if (unknown !== undefined) {
    return `hold only the directives ${Object.keys(DATE_DIRECTIVES).map((name) => `%${name}`).join(' ')}, not %${unknown}`;
  }
  const distinct = directives.filter((directive) => directive !== '%');
  const count = (names: string) => directives.filter((directive) => names.includes(directive)).length;
  const dateRules: ReadonlyArray<readonly [holds: boolean, rule: string]> = type === 'time' ? [
    [count('YymdjbBaAzZ') === 0, 'hold no date and no offset, because the type is time'],
    [count('HI') === 1, 'hold an hour'],
  ] : [
    [count('Yy') === 1, 'hold one of %Y and %y'],
    [count('j') === 1 ? count('mbBd') === 0 : count('mbB') <= 1 && count('d') <= count('mbB'), 'hold one of %m, %b and %B if it holds %d, or %j alone'],
    [count('aA') <= 1, 'hold one of %a and %A at most'],
    [count('aAHI') === 0 || count('jd') === 1, 'hold a day if it holds a weekday or an hour'],
  ];
  const rules: ReadonlyArray<readonly [holds: boolean, rule: string]> = [
    [new Set(distinct).size === distinct.length, 'hold each directive once'],
    ...dateRules,
    [count('HI') <= 1 && count('I') === count('p'), 'hold %H, or %I with %p'],
    [count('M') === 0 || count('HI') === 1, 'hold an hour if it holds %M'],
    [count('S') === 0 || count('M') === 1, 'hold %M if it holds %S'],
    [count('f') === 0 || count('S') === 1, 'hold %S if it holds %f'],
    [!elements.some(({ directive }, index) => directive === 'f' && beginsWithDigit(elements[index + 1])), 'not go on with digits after %f'],
    // A time of day would be dropped, and an offset could name another day.
    [type !== 'date' || count('HIpMSfzZ') === 0, 'hold no time of day and no offset, because the type is date'],
    [count('zZ') <= 1, 'hold one of %z and %Z at most'],
    [count('Z') === 0 || hasAbbreviations, 'hold %Z only where zoneAbbreviations says which offset each abbreviation is'],
  ];
  return rules.find(([holds]) => !holds)?.[1];
}

/** Whether the text that an element reads begins with a digit. */
export function beginsWithDigit(element: { readonly directive?: string; readonly literal: string } | undefined): boolean {
  if (element === undefined) return false;
  return element.directive === undefined ? /\d/.test(element.literal) : 'digits' in DATE_DIRECTIVES[element.directive as DateDirective];
}

function split(pattern: string): Array<{ readonly directive?: string; readonly literal: string }> {
  const elements: Array<{ readonly directive?: string; readonly literal: string }> = [];
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index] !== '%') elements.push({ literal: pattern[index] });
    // By code points: a message names the whole character.
    else elements.push({ directive: [...pattern.slice(++index, index + 2)][0] ?? '', literal: '' });
  }
  return elements;
}
