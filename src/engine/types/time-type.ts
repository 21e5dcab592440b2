import { MomentReader, SECONDS_PER_DAY, secondOfDayAt, TWO_DIGITS } from './civil-time';
import { compileDatePattern } from './date-pattern';
import { withoutTrailingZeros } from './number-text';
import { compareTexts, ValueType } from './value-type';
import { DateFormatName, Field, formatsOf } from '../../spec/schema';

/** `hh:mm:ss` and a fraction. */
const DEFAULT = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/;
/** Also without seconds, without colons, and with a comma before the fraction. */
const ANY = /^(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d+))?)?|:(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)$/;

const NAMED: Readonly<Record<DateFormatName, MomentReader>> = {
  default: (text) => timeOf(DEFAULT.exec(text)?.slice(1)),
  any: (text) => {
    const [hour, minute, second, fraction, ...withColons] = ANY.exec(text)?.slice(1) ?? [];
    return hour === undefined ? undefined : timeOf([hour, ...minute === undefined ? withColons : [minute, second, fraction]]);
  },
};

/** @param parts hour, minute, and perhaps second and its fraction */
function timeOf(parts: ReadonlyArray<string | undefined> | undefined): ReturnType<MomentReader> {
  if (parts === undefined) return undefined;
  const [hour, minute, second = '0', fraction = ''] = parts;
  const secondOfDay = secondOfDayAt(Number(hour), Number(minute), Number(second));
  return secondOfDay === -1 ? undefined : { days: 0, secondOfDay, fraction, offset: undefined };
}

/** A JSON string `hh:mm:ss`, with a fraction where there is one that is not 0. 24:00 has no day that it could end. */
export function timeType(field: Field): ValueType {
  const formats = formatsOf(field);
  const readers = formats.map((format) => Object.hasOwn(NAMED, format) ? NAMED[format as DateFormatName] : compileDatePattern(format, 'time', field));
  return {
    expected: `a time of format ${formats.map((format) => format === 'default' ? 'default (10:20:30)' : format).join(' or ')}`,
    read: (text) => {
      for (const reader of readers) {
        const moment = reader(text);
        if (moment !== undefined && moment.secondOfDay !== SECONDS_PER_DAY) return toJson(moment.secondOfDay, moment.fraction);
      }
      return undefined;
    },
    compare: compareTexts,
  };
}

function toJson(secondOfDay: number, fraction: string): string {
  const parts = [Math.floor(secondOfDay / 3600), Math.floor(secondOfDay / 60) % 60, secondOfDay % 60];
  const digits = withoutTrailingZeros(fraction);
  return `"${parts.map((part) => TWO_DIGITS[part]).join(':')}${digits === '' ? '' : `.${digits}`}"`;
}
