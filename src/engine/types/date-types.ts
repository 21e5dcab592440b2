import { Field } from '../schema';
import { FIRST_DAY, formatDate, LAST_DAY, Moment, MomentReader, SECONDS_PER_DAY, TWO_DIGITS } from './civil-time';
import { compileDatePattern } from './date-pattern';
import { formatsOf } from './formats';
import { readAnyDate, readAnyDateTime, readIsoDate, readIsoDateTime } from './iso-time';
import { compileTimeZone } from './time-zone';
import { ValueType } from './value-type';

/** A JSON string `YYYY-MM-DD`. */
export function dateType(field: Field): ValueType {
  const read = compileReaders(field, 'date', { default: readIsoDate, any: readAnyDate });
  return {
    expected: describe('a date', field),
    read: (text) => {
      const moment = read(text);
      return moment === undefined ? undefined : `"${formatDate(moment.days)}"`;
    },
    compare: compareTexts,
  };
}

/** A JSON string of ISO 8601 in UTC: `2024-05-01T10:00:00.000Z`; digits finer than milliseconds stay as they were written. */
export function datetimeType(field: Field): ValueType {
  const read = compileReaders(field, 'datetime', { default: readIsoDateTime, any: readAnyDateTime });
  const timezone = field.timezone ?? 'UTC';
  const zoneOffset = compileTimeZone(timezone);
  return {
    expected: describe('a datetime', field) + (field.timezone === undefined ? '' : ` that exists in ${timezone}`),
    read: (text) => {
      const moment = read(text);
      if (moment === undefined) {
        return undefined;
      }
      const localSeconds = moment.days * SECONDS_PER_DAY + moment.secondOfDay;
      const offset = moment.offset ?? zoneOffset(localSeconds);
      return offset === undefined ? undefined : toUtcJson(localSeconds - offset, moment);
    },
    compare: (json, other) => compareTexts(instant(json), instant(other)),
    identity: instant,
  };
}

/** Undefined outside the years 0001 to 9999, which an offset can lead to. */
function toUtcJson(seconds: number, { fraction }: Moment): string | undefined {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  if (days < FIRST_DAY || days > LAST_DAY) {
    return undefined;
  }
  const second = seconds - days * SECONDS_PER_DAY;
  const minute = Math.floor(second / 60);
  const hour = Math.floor(minute / 60);
  const digits = fraction.length >= 3 ? fraction : fraction.padEnd(3, '0');
  return `"${formatDate(days)}T${TWO_DIGITS[hour]}:${TWO_DIGITS[minute - hour * 60]}:${TWO_DIGITS[second - minute * 60]}.${digits}Z"`;
}

function compileReaders(field: Field, type: 'date' | 'datetime', named: Readonly<Record<'default' | 'any', MomentReader>>): MomentReader {
  const readers = formatsOf(field).map((format) => format === 'default' || format === 'any' ? named[format] : compileDatePattern(format, type));
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

function describe(what: string, field: Field): string {
  return `${what} of format ${formatsOf(field).join(' or ')}`;
}

/** Without what does not change the instant: quotes, `Z`, and trailing zeros of the fraction. Orders as the instants do. */
function instant(json: string): string {
  let end = json.length - 2;
  while (json[end - 1] === '0') {
    end--;
  }
  return json.slice(1, end);
}

function compareTexts(text: string, other: string): number {
  if (text === other) {
    return 0;
  }
  return text < other ? -1 : 1;
}
