/** The Gregorian calendar, years 0001 to 9999, by arithmetic: `Date` is slow here, and takes wrong dates for others. */
export const SECONDS_PER_DAY = 86_400;

/** A time as read, before its offset is taken off. */
export interface Moment {
  /** Days since 1970-01-01. */
  readonly days: number;
  readonly secondOfDay: number;
  /** Digits of the second's fraction as written; may be empty. */
  readonly fraction: string;
  /** Seconds east of UTC; undefined if the text says none. */
  readonly offset: number | undefined;
}

export type MomentReader = (text: string) => Moment | undefined;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** There is no year 0. */
export function isRealDate(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12
    && day >= 1 && (day <= DAYS_IN_MONTH[month - 1] || (day === 29 && month === 2 && isLeapYear(year)));
}

/** Days since 1970-01-01 of a real date. Years are counted from March, so that the leap day comes last. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((monthFromMarch * 153 + 2) / 5) + day - 719_469;
}

export const FIRST_DAY = daysFromCivil(1, 1, 1);
export const LAST_DAY = daysFromCivil(9999, 12, 31);

let lastDays = NaN;
let lastDate = '';

/** YYYY-MM-DD. Remembers the last one: neighbours in a file are often of one day. */
export function formatDate(days: number): string {
  if (days === lastDays) {
    return lastDate;
  }
  lastDate = formatCivil(days);
  lastDays = days;
  return lastDate;
}

function formatCivil(days: number): string {
  // Inverse of daysFromCivil: eras of 400 years, from 0000-03-01.
  const day = days + 719_468;
  const era = Math.floor(day / 146_097);
  const dayOfEra = day - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${TWO_DIGITS[month]}-${TWO_DIGITS[dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1]}`;
}

export const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, index) => String(index).padStart(2, '0'));

/** Two decimal digits at an index, or NaN. */
export function twoDigitsAt(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 0x30;
  const ones = text.charCodeAt(index + 1) - 0x30;
  // Written so that NaN, which is no digit either, fails.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** Offsets of the world end at 14 hours; more is a typing error (also XML Schema's limit). */
const MAX_OFFSET_SECONDS = 14 * 3600;

/** Seconds, or undefined for an offset that there is not. */
export function offsetSeconds(negative: boolean, hours: number, minutes: number): number | undefined {
  const seconds = hours * 3600 + minutes * 60;
  if (!(minutes <= 59 && seconds <= MAX_OFFSET_SECONDS)) {
    return undefined;
  }
  return negative ? -seconds : seconds;
}
