/** A date and time as read, the calendar that it must be in, and how it is written. */
import { copy, COLON, DOUBLE_QUOTE, MINUS, POINT, ZERO } from './bytes';

const LETTER_T: u32 = 0x54;
const LETTER_Z: u32 = 0x5a;
const LAST_YEAR = 9999;
const MINUTES_PER_DAY = 1440;
const MINUTES_PER_HOUR = 60;
const FEBRUARY = 2;
const DECEMBER = 12;
/** Of `2024-05-01T10:00:00`. */
const ISO_LENGTH = 19;

export abstract class Moment {
  static year: i32 = 0;
  static month: i32 = 0;
  static day: i32 = 0;
  static hour: i32 = 0;
  static minute: i32 = 0;
  static second: i32 = 0;
  /** Where the input has date and time as they are to be written, down to the second; 0: nowhere. */
  static iso: usize = 0;
  /** Digits of the second's fraction, as they stand in the input. */
  static fraction: usize = 0;
  static fractionEnd: usize = 0;
  /** Minutes east of UTC, if `hasOffset`. */
  static offset: i32 = 0;
  static hasOffset: bool = false;
}

/** False where there are no such date and time. There is no year 0, and no second 60. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function setMoment(year: i32, month: i32, day: i32, hour: i32, minute: i32, second: i32): bool {
  if (year < 1 || year > LAST_YEAR || month < 1 || month > DECEMBER || day < 1 || (day > 28 && day > daysInMonth(year, month))
    || hour > 23 || minute > 59 || second > 59) return false;
  Moment.year = year;
  Moment.month = month;
  Moment.day = day;
  Moment.hour = hour;
  Moment.minute = minute;
  Moment.second = second;
  return true;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function daysInMonth(year: i32, month: i32): i32 {
  // From January 31, 30 and so on in turn, which starts anew in August.
  if (month != FEBRUARY) return 30 + ((month + (month >> 3)) & 1);
  const leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return leap ? 29 : 28;
}

/** From local time to UTC. False outside the years 0001 to 9999. */
export function subtractMinutes(minutes: i32): bool {
  let minuteOfDay = Moment.hour * MINUTES_PER_HOUR + Moment.minute - minutes;
  // Offsets are shorter than a day.
  if (minuteOfDay < 0) {
    minuteOfDay += MINUTES_PER_DAY;
    if (!toDayBefore()) return false;
  } else if (minuteOfDay >= MINUTES_PER_DAY) {
    minuteOfDay -= MINUTES_PER_DAY;
    if (!toDayAfter()) return false;
  }
  Moment.hour = minuteOfDay / MINUTES_PER_HOUR;
  Moment.minute = minuteOfDay % MINUTES_PER_HOUR;
  return true;
}

function toDayBefore(): bool {
  if (--Moment.day >= 1) return true;
  if (--Moment.month < 1) {
    Moment.month = DECEMBER;
    Moment.year--;
  }
  Moment.day = daysInMonth(Moment.year, Moment.month);
  return Moment.year >= 1;
}

function toDayAfter(): bool {
  if (++Moment.day <= daysInMonth(Moment.year, Moment.month)) return true;
  Moment.day = 1;
  if (++Moment.month > DECEMBER) {
    Moment.month = 1;
    Moment.year++;
  }
  return Moment.year <= LAST_YEAR;
}

/** `"2024-05-01"`. @returns the end of the output */
export function writeDate(out: usize): usize {
  store<u8>(out, DOUBLE_QUOTE);
  putDate(out + 1);
  store<u8>(out + 11, DOUBLE_QUOTE);
  return out + 12;
}

/** `"2024-05-01T10:00:00.000Z"`; at least three digits of fraction. @returns the end of the output */
export function writeDateTime(outStart: usize): usize {
  let out = outStart;
  store<u8>(out, DOUBLE_QUOTE);
  if (Moment.iso != 0) {
    copy(out + 1, Moment.iso, ISO_LENGTH);
  } else {
    putDate(out + 1);
    store<u8>(out + 11, LETTER_T);
    putTwoDigits(out + 12, Moment.hour);
    store<u8>(out + 14, COLON);
    putTwoDigits(out + 15, Moment.minute);
    store<u8>(out + 17, COLON);
    putTwoDigits(out + 18, Moment.second);
  }
  store<u8>(out + 20, POINT);
  out += 21;
  const digits = Moment.fractionEnd - Moment.fraction;
  store<u32>(out, ZERO << 16 | ZERO << 8 | ZERO);
  if (digits > 0) {
    copy(out, Moment.fraction, digits);
    for (let missing = digits; missing < 3; missing++) store<u8>(out + missing, ZERO);
  }
  out += digits < 3 ? 3 : digits;
  store<u8>(out, LETTER_Z);
  store<u8>(out, DOUBLE_QUOTE, 1);
  return out + 2;
}

function putDate(out: usize): void {
  const century = Moment.year / 100;
  putTwoDigits(out, century);
  putTwoDigits(out + 2, Moment.year - century * 100);
  store<u8>(out + 4, MINUS);
  putTwoDigits(out + 5, Moment.month);
  store<u8>(out + 7, MINUS);
  putTwoDigits(out + 8, Moment.day);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function putTwoDigits(out: usize, value: i32): void {
  // A division by ten that is exact below 179.
  const tens = (value * 103) >> 10;
  store<u8>(out, ZERO + tens);
  store<u8>(out, ZERO + value - tens * 10, 1);
}
