import { daysFromCivil, isRealDate, Moment, NO_DAY, offsetSeconds, secondOfDayAt, twoDigitsAt } from './civil-time';

/**
 * ISO 8601 as XML Schema writes it, which is Table Schema's default format: `YYYY-MM-DD`, and `YYYY-MM-DDThh:mm:ss`,
 * then optionally a fraction (`.` and digits) and an offset (`Z` or `±hh:mm`). `24:00:00` is the next day's midnight.
 * Seconds end at 59: the output has no way to write a leap second (`:60`).
 */
export function readIsoDate(text: string): Moment | undefined {
  const days = text.length === 10 ? isoDaysAt(text) : NO_DAY;
  return days !== NO_DAY ? { days, secondOfDay: 0, fraction: '', offset: undefined } : undefined;
}

export function readIsoDateTime(text: string): Moment | undefined {
  if (text.charCodeAt(10) !== LETTER_T || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) {
    return undefined;
  }
  const days = isoDaysAt(text);
  if (days === NO_DAY) {
    return undefined;
  }
  const secondOfDay = secondOfDayAt(twoDigitsAt(text, 11), twoDigitsAt(text, 14), twoDigitsAt(text, 17));
  if (secondOfDay === -1) {
    return undefined;
  }
  let end = 19;
  if (text.charCodeAt(19) === POINT) {
    end = 20;
    while (isDigit(text.charCodeAt(end))) {
      end++;
    }
    if (end === 20) {
      return undefined;
    }
  }
  const fraction = end === 19 ? '' : text.slice(20, end);
  if (end === text.length) {
    return { days, secondOfDay, fraction, offset: undefined };
  }
  const offset = isoOffsetAt(text, end);
  return offset === undefined ? undefined : { days, secondOfDay, fraction, offset };
}

/** `Z` or `±hh:mm` from an index to the text's end, in seconds. */
function isoOffsetAt(text: string, index: number): number | undefined {
  const sign = text.charCodeAt(index);
  if (sign === LETTER_Z) {
    return text.length === index + 1 ? 0 : undefined;
  }
  if ((sign !== PLUS && sign !== MINUS) || text.length !== index + 6 || text.charCodeAt(index + 3) !== COLON) {
    return undefined;
  }
  return offsetSeconds(sign === MINUS, twoDigitsAt(text, index + 1), twoDigitsAt(text, index + 4));
}

/** Days since 1970-01-01 of the `YYYY-MM-DD` that a text begins with, or NO_DAY. */
function isoDaysAt(text: string): number {
  if (text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) {
    return NO_DAY;
  }
  const year = twoDigitsAt(text, 0) * 100 + twoDigitsAt(text, 2);
  const month = twoDigitsAt(text, 5);
  const day = twoDigitsAt(text, 8);
  return isRealDate(year, month, day) ? daysFromCivil(year, month, day) : NO_DAY;
}

/**
 * Format `any`, the forms of ISO 8601 and RFC 3339 that files really hold:
 * - dates `YYYY-MM-DD` and `YYYYMMDD`;
 * - a datetime is a date alone (midnight), or a date, then `T`, `t` or one blank, then `hh:mm`, `hh:mm:ss`, `hhmm` or
 *   `hhmmss`, after seconds a fraction with point or comma, then nothing or `Z`, `z`, `±hh:mm`, `±hhmm` or `±hh`.
 */
const ANY_DATE = /^(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)/;
const ANY_TIME = /^[Tt ](?<hour>\d\d)(?<colon>:?)(?<minute>\d\d)(?:\k<colon>(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?:(?<utc>[Zz])|(?<sign>[+-])(?<hours>\d\d)(?::?(?<minutes>\d\d))?)?$/;

export function readAnyDate(text: string): Moment | undefined {
  const date = ANY_DATE.exec(text);
  return date !== null && date[0].length === text.length ? midnightOf(date) : undefined;
}

export function readAnyDateTime(text: string): Moment | undefined {
  return readIsoDateTime(text) ?? readOtherDateTime(text); // the default format is one of them, and the fastest
}

function readOtherDateTime(text: string): Moment | undefined {
  const date = ANY_DATE.exec(text);
  const midnight = date === null ? undefined : midnightOf(date);
  if (date === null || midnight === undefined || date[0].length === text.length) {
    return midnight;
  }
  const time = ANY_TIME.exec(text.slice(date[0].length))?.groups;
  if (time === undefined) {
    return undefined;
  }
  const secondOfDay = secondOfDayAt(Number(time.hour), Number(time.minute), Number(time.second ?? 0));
  if (secondOfDay === -1) {
    return undefined;
  }
  const moment = { days: midnight.days, secondOfDay, fraction: time.fraction ?? '' };
  if (time.sign === undefined) {
    return { ...moment, offset: time.utc === undefined ? undefined : 0 };
  }
  const offset = offsetSeconds(time.sign === '-', Number(time.hours), Number(time.minutes ?? 0));
  return offset === undefined ? undefined : { ...moment, offset };
}

function midnightOf(date: RegExpExecArray): Moment | undefined {
  const { year, month, day } = date.groups!;
  return isRealDate(Number(year), Number(month), Number(day))
    ? { days: daysFromCivil(Number(year), Number(month), Number(day)), secondOfDay: 0, fraction: '', offset: undefined }
    : undefined;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const COLON = 0x3a;
const POINT = 0x2e;
const PLUS = 0x2b;
const MINUS = 0x2d;
