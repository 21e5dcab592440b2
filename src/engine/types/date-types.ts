import { FIRST_DAY, formatDate, LAST_DAY, Moment, MomentReader, SECONDS_PER_DAY, TWO_DIGITS } from './civil-time';
import { compileDatePattern } from './date-pattern';
import { readEpoch, readEpochMillis } from './epoch-time';
import { readAnyDate, readAnyDateTime, readIsoDate, readIsoDateTime } from './iso-time';
import { compileTimeZone } from './time-zone';
import { compareTexts, ValueType } from './value-type';
import { DateFormatName, DatetimeFormatName, Field, formatsOf } from '../../spec/schema';
import { visible } from '../../spec/visible-text';

/** A JSON string `YYYY-MM-DD`. */
export function dateType(field: Field): ValueType {
  const read = compileReaders(field, 'date', { default: readIsoDate, any: readAnyDate });
  return {
    expected: describe('a date', '2024-05-01', field),
    read: (text) => {
      const moment = read(text);
      return moment === undefined ? undefined : `"${formatDate(moment.days)}"`;
    },
    compare: compareTexts,
  };
}

/**
 * A JSON string of ISO 8601 in UTC: `2024-05-01T10:00:00.000Z`; digits finer than milliseconds stay as they were
 * written.
 */
export function datetimeType(field: Field): ValueType {
  const read = compileReaders(field, 'datetime', { default: readIsoDateTime, any: readAnyDateTime, epoch: readEpoch, epochMillis: readEpochMillis });
  const timezone = field.timezone ?? 'UTC';
  const zoneOffset = compileTimeZone(timezone);
  const defaultFirst = ['default', 'any'].includes(formatsOf(field)[0]);
  return {
    expected: describe('a datetime', '2024-05-01T10:00:00Z', field) + (field.timezone === undefined ? '' : ` that exists in ${timezone}`),
    read: (text) => {
      if (defaultFirst && ISO_UTC.test(text)) {
        return text.length === 20 ? '"' + text.slice(0, 19) + '.000Z"' : '"' + text + '"';
      }
      const moment = read(text);
      if (moment === undefined) {
        return undefined;
      }
      const offset = moment.offset ?? zoneOffset(moment.days, moment.secondOfDay);
      return offset === undefined ? undefined : toUtcJson(moment, offset);
    },
    compare: (json, other) => compareTexts(instant(json), instant(other)),
    identity: instant,
  };
}

// The fast way for most texts that are canonical already, or lack only the milliseconds. All others go the exact way.
const ISO_UTC = /^(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3,})?Z$/;

/** Undefined where the offset leads out of the years 0001 to 9999, and for a fraction of a second after 24:00. */
function toUtcJson({ days: localDays, secondOfDay, fraction }: Moment, offset: number): string | undefined {
  if (secondOfDay === SECONDS_PER_DAY && /[1-9]/.test(fraction)) {
    return undefined;
  }
  // Offsets are shorter than a day.
  let days = localDays;
  let second = secondOfDay - offset;
  if (second < 0) {
    second += SECONDS_PER_DAY;
    days--;
  } else if (second >= SECONDS_PER_DAY) {
    second -= SECONDS_PER_DAY;
    days++;
  }
  if (days < FIRST_DAY || days > LAST_DAY) {
    return undefined;
  }
  const minuteOfDay = (second / 60) | 0;
  const start = '"' + formatDate(days) + (hoursAndMinutes[minuteOfDay] || makeHoursAndMinutes(minuteOfDay));
  const secondOfMinute = second - minuteOfDay * 60;
  return fraction === ''
    ? start + WHOLE_SECONDS[secondOfMinute]
    : start + TWO_DIGITS[secondOfMinute] + '.' + (fraction.length >= 3 ? fraction : fraction.padEnd(3, '0')) + 'Z"';
}

// The pieces are few and long, because joining strings is most of the work here.
const WHOLE_SECONDS = Array.from({ length: 60 }, (_, second) => `${TWO_DIGITS[second]}.000Z"`);
/** By minute of the day. Each is made when it is first needed: making all of them at load would slow a cold start. */
const hoursAndMinutes: string[] = new Array<string>(1440).fill('');

function makeHoursAndMinutes(minuteOfDay: number): string {
  return hoursAndMinutes[minuteOfDay] = `T${TWO_DIGITS[Math.floor(minuteOfDay / 60)]}:${TWO_DIGITS[minuteOfDay % 60]}:`;
}

function compileReaders(field: Field, type: 'date', named: Readonly<Record<DateFormatName, MomentReader>>): MomentReader;
function compileReaders(field: Field, type: 'datetime', named: Readonly<Record<DatetimeFormatName, MomentReader>>): MomentReader;
function compileReaders(field: Field, type: 'date' | 'datetime', named: Readonly<Record<string, MomentReader>>): MomentReader {
  const readers = formatsOf(field).map((format) => Object.hasOwn(named, format) ? named[format] : compileDatePattern(format, type, field));
  if (readers.length === 1) {
    return readers[0];
  }
  return (text) => {
    for (const reader of readers) {
      const moment = reader(text);
      if (moment !== undefined) {
        return moment;
      }
    }
    return undefined;
  };
}

/** @param example of the default format: its name tells nobody how it looks */
function describe(what: string, example: string, field: Field): string {
  const told: Readonly<Record<string, string>> = { default: `default (${example})`, epoch: 'epoch (seconds since 1970)', epochMillis: 'epochMillis (milliseconds since 1970)' };
  const formats = formatsOf(field).map((format) => told[format] ?? visible(format)).join(' or ');
  return `${what} of format ${formats}${field.locale === undefined ? '' : `, with the names of ${field.locale}`}`;
}

/**
 * The text without what does not change the instant: quotes, `Z`, and trailing zeros of the fraction. Such texts sort
 * as the instants do.
 */
function instant(json: string): string {
  let end = json.length - 2;
  while (json[end - 1] === '0') {
    end--;
  }
  return json.slice(1, end);
}
