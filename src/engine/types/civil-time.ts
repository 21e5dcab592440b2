/** The Gregorian calendar, years 0001 to 9999, by arithmetic: `Date` is slow here, and takes wrong dates for others. */
export const SECONDS_PER_DAY = 86_400;

/** A time as read, before its offset is taken off. */
export interface Moment {
  /** Days since 1970-01-01. */
  readonly days: number;
  /** `SECONDS_PER_DAY` for 24:00:00, which is the next day's midnight. */
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
  const leapDays = quotient(marchYear, 4) - quotient(marchYear, 100) + quotient(marchYear, 400);
  return marchYear * 365 + leapDays + quotient(monthFromMarch * 153 + 2, 5) + day - 719_469;
}

/** Stands for "no day": it lies outside all years. */
export const NO_DAY = -(2 ** 30);
export const FIRST_DAY = daysFromCivil(1, 1, 1);
export const LAST_DAY = daysFromCivil(9999, 12, 31);

// The dates of a file are few beside its records: each slot remembers the last day that fell on it.
const SLOTS = 4096;
const slotDays = new Int32Array(SLOTS).fill(FIRST_DAY - 1);
const slotDates: string[] = new Array<string>(SLOTS).fill('');

/** YYYY-MM-DD of a day within FIRST_DAY and LAST_DAY. */
export function formatDate(days: number): string {
  const slot = days & (SLOTS - 1);
  if (slotDays[slot] !== days) {
    slotDays[slot] = days;
    slotDates[slot] = formatCivil(days);
  }
  return slotDates[slot];
}

function formatCivil(days: number): string {
  // Inverse of daysFromCivil: eras of 400 years, from 0000-03-01.
  const day = days + 719_468;
  const era = quotient(day, 146_097);
  const dayOfEra = day - era * 146_097;
  const yearOfEra = quotient(dayOfEra - quotient(dayOfEra, 1460) + quotient(dayOfEra, 36_524) - quotient(dayOfEra, 146_096), 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + quotient(yearOfEra, 4) - quotient(yearOfEra, 100));
  const monthFromMarch = quotient(5 * dayOfYear + 2, 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${TWO_DIGITS[month]}-${TWO_DIGITS[dayOfYear - quotient(153 * monthFromMarch + 2, 5) + 1]}`;
}

/** Only for whole numbers from 0 to 2^31 - 1: stays with small integers, where Math.floor would go through doubles. */
function quotient(dividend: number, divisor: number): number {
  return (dividend / divisor) | 0;
}

export const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, index) => String(index).padStart(2, '0'));

/**
 * Used instead of NaN, which would turn the arithmetic to doubles. So far below zero that no later step makes it
 * positive.
 */
const NO_DIGITS = -1_000_000;

/** The value of two decimal digits at an index; negative if they are not there. */
export function twoDigitsAt(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 0x30;
  const ones = text.charCodeAt(index + 1) - 0x30;
  // Written so that the NaN past the text's end fails.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_DIGITS;
}

/** The second of the day, or -1 for a time that does not exist. 24:00:00 does. */
export function secondOfDayAt(hour: number, minute: number, second: number): number {
  if (hour === 24) return minute === 0 && second === 0 ? SECONDS_PER_DAY : -1;
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 ? hour * 3600 + minute * 60 + second : -1;
}

/** Offsets of the world end at 14 hours; more is a typing error (also XML Schema's limit). */
const MAX_OFFSET_SECONDS = 14 * 3600;

/** The offset in seconds; undefined for one that does not exist. */
export function offsetSeconds(negative: boolean, hours: number, minutes: number): number | undefined {
  const seconds = hours * 3600 + minutes * 60;
  if (hours < 0 || minutes < 0 || minutes > 59 || seconds > MAX_OFFSET_SECONDS) {
    return undefined;
  }
  return negative ? -seconds : seconds;
}
