/** A date and time as read, the calendar that it must be in, and how it is written. */
import { PART_DAY, PART_HOUR, PART_MINUTE, PART_MONTH, PART_YEAR } from '../layout';
import { copy, DOUBLE_QUOTE, holds, ZERO } from './bytes';

const LETTER_Z: u32 = 0x5a;
const LAST_YEAR = 9999;
const MINUTES_PER_DAY = 1440;
const MINUTES_PER_HOUR = 60;
const FEBRUARY = 2;
const DECEMBER = 12;
/** Length of `"2024-05-01T10:00:00.`: the digits of the fraction follow there. */
const FRACTION_AT = 21;

// The lanes of a moment's numbers: parts as they follow each other in `YYYYMMDDHHMMSS`, two digits each.
const CENTURY: u8 = 0;
const YEAR_OF_CENTURY: u8 = 1;
const MONTH: u8 = 2;
const DAY: u8 = 3;
const HOUR: u8 = 4;
const MINUTE: u8 = 5;
const SECOND: u8 = 6;

export abstract class Moment {
  /** The digits of `YYYYMMDDHHMMSS` as numbers, one in each byte. */
  static digits: v128 = i8x16.splat(0);
  /** Digits of the second's fraction, as they stand in the input. */
  static fraction: usize = 0;
  static fractionEnd: usize = 0;
  /** Minutes east of UTC. */
  static offset: i32 = 0;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function numbersOf(digits: v128): v128 {
  // A lane holds tens + 256 * ones; times 10 * 256 + 1 its upper byte becomes 10 * tens + ones.
  return i16x8.shr_u(i16x8.mul(digits, i16x8.splat(10 << 8 | 1)), 8);
}

/** @param part `PART_…` */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function withPart(numbers: v128, part: i32, value: i32): v128 {
  switch (part) {
    case PART_YEAR: return withYear(numbers, value);
    case PART_MONTH: return i16x8.replace_lane(numbers, MONTH, <i16>value);
    case PART_DAY: return i16x8.replace_lane(numbers, DAY, <i16>value);
    case PART_HOUR: return i16x8.replace_lane(numbers, HOUR, <i16>value);
    case PART_MINUTE: return i16x8.replace_lane(numbers, MINUTE, <i16>value);
    default: return i16x8.replace_lane(numbers, SECOND, <i16>value);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function withYear(numbers: v128, year: i32): v128 {
  return i16x8.replace_lane(i16x8.replace_lane(numbers, CENTURY, <i16>(year / 100)), YEAR_OF_CENTURY, <i16>(year % 100));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function yearOf(numbers: v128): i32 {
  return i16x8.extract_lane_s(numbers, CENTURY) * 100 + i16x8.extract_lane_s(numbers, YEAR_OF_CENTURY);
}

/** False where there are no such date and time. There is no year 0, and no second 60. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function setMoment(digits: v128): bool {
  const numbers = numbersOf(digits);
  const lowest = i16x8(0, 0, 1, 1, 0, 0, 0, 0);
  const span = i16x8(99, 99, 11, 30, 23, 59, 59, 0);
  if (!holds(i16x8.le_u(i16x8.sub(numbers, lowest), span))) return false;
  const day = i16x8.extract_lane_s(numbers, DAY);
  if (day > 28 && day > daysInMonth(yearOf(numbers), i16x8.extract_lane_s(numbers, MONTH))) return false;
  Moment.digits = digits;
  // Century and year, at once.
  return i32x4.extract_lane(numbers, 0) != 0;
}

function daysInMonth(year: i32, month: i32): i32 {
  // 31 and 30 days take turns from January on, and again from August on.
  if (month != FEBRUARY) return 30 + ((month + (month >> 3)) & 1);
  const leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return leap ? 29 : 28;
}

/** Changes local time to UTC. False outside the years 0001 to 9999. */
export function subtractMinutes(minutes: i32): bool {
  let numbers = numbersOf(Moment.digits);
  let minuteOfDay = i16x8.extract_lane_s(numbers, HOUR) * MINUTES_PER_HOUR + i16x8.extract_lane_s(numbers, MINUTE) - minutes;
  // Offsets are shorter than a day.
  if (minuteOfDay < 0) {
    minuteOfDay += MINUTES_PER_DAY;
    numbers = dayBefore(numbers);
  } else if (minuteOfDay >= MINUTES_PER_DAY) {
    minuteOfDay -= MINUTES_PER_DAY;
    numbers = dayAfter(numbers);
  }
  const year = yearOf(numbers);
  numbers = i16x8.replace_lane(numbers, HOUR, <i16>(minuteOfDay / MINUTES_PER_HOUR));
  numbers = i16x8.replace_lane(numbers, MINUTE, <i16>(minuteOfDay % MINUTES_PER_HOUR));
  Moment.digits = digitsOf(numbers);
  return year >= 1 && year <= LAST_YEAR;
}

function dayBefore(numbers: v128): v128 {
  let year = yearOf(numbers);
  let month: i32 = i16x8.extract_lane_s(numbers, MONTH);
  let day: i32 = i16x8.extract_lane_s(numbers, DAY);
  if (--day < 1) {
    if (--month < 1) {
      month = DECEMBER;
      year--;
    }
    day = daysInMonth(year, month);
  }
  return withDate(numbers, year, month, day);
}

function dayAfter(numbers: v128): v128 {
  let year = yearOf(numbers);
  let month: i32 = i16x8.extract_lane_s(numbers, MONTH);
  let day: i32 = i16x8.extract_lane_s(numbers, DAY);
  if (++day > daysInMonth(year, month)) {
    day = 1;
    if (++month > DECEMBER) {
      month = 1;
      year++;
    }
  }
  return withDate(numbers, year, month, day);
}

function withDate(numbers: v128, year: i32, month: i32, day: i32): v128 {
  return i16x8.replace_lane(i16x8.replace_lane(withYear(numbers, year), MONTH, <i16>month), DAY, <i16>day);
}

/** `"2024-05-01"`. @returns the end of the output */
export function writeDate(out: usize): usize {
  store<u8>(out, DOUBLE_QUOTE);
  v128.store(out, i8x16.shuffle(textOf(Moment.digits), punctuation(),
    0, 1, 2, 3, 16, 4, 5, 16, 6, 7, 21, 21, 21, 21, 21, 21), 1);
  return out + 12;
}

/** `"2024-05-01T10:00:00.000Z"`; at least three digits of fraction. @returns the end of the output */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function writeDateTime(out: usize): usize {
  const digits = textOf(Moment.digits);
  store<u8>(out, DOUBLE_QUOTE);
  v128.store(out, i8x16.shuffle(digits, punctuation(), 0, 1, 2, 3, 16, 4, 5, 16, 6, 7, 17, 8, 9, 18, 10, 11), 1);
  v128.store(out, i8x16.shuffle(digits, punctuation(), 18, 12, 13, 19, 14, 14, 14, 20, 21, 21, 21, 21, 21, 21, 21, 21), 17);
  const fractionDigits = Moment.fractionEnd - Moment.fraction;
  return fractionDigits == 0 ? out + FRACTION_AT + 5 : writeFraction(out + FRACTION_AT, fractionDigits);
}

function writeFraction(out: usize, digits: usize): usize {
  copy(out, Moment.fraction, digits);
  for (let missing = digits; missing < 3; missing++) store<u8>(out + missing, ZERO);
  const end = out + (digits < 3 ? 3 : digits);
  store<u8>(end, LETTER_Z);
  store<u8>(end, DOUBLE_QUOTE, 1);
  return end + 2;
}

/** What stands between the digits, as the upper half of a shuffle's bytes: `-T:.Z"` from 16 on. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function punctuation(): v128 {
  return i8x16(0x2d, 0x54, 0x3a, 0x2e, 0x5a, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/** The text `YYYYMMDDHHMMSS00`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function textOf(digits: v128): v128 {
  return v128.or(digits, i8x16.splat(<i8>ZERO));
}

/** The opposite of `numbersOf`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function digitsOf(numbers: v128): v128 {
  // A division by ten that is exact below 179.
  const tens = i16x8.shr_u(i16x8.mul(numbers, i16x8.splat(103)), 10);
  const ones = i16x8.sub(numbers, i16x8.mul(tens, i16x8.splat(10)));
  return v128.or(tens, i16x8.shl(ones, 8));
}
