/**
 * Durations as XML Schema has them: `P1Y2M3DT4H5M6.7S`, with a minus before it where they go back. A value is a number
 * of months and a number of seconds: `P1Y` and `P12M` are the same, `P1M` and `P30D` are not, and neither of these two
 * is the longer one.
 */
import { daysFromCivil, SECONDS_PER_DAY } from './civil-time';
import { demandDefaultFormat } from './formats';
import { withoutTrailingZeros } from './number-text';
import { ValueType } from './value-type';
import { Field } from '../../spec/schema';

/** A number of any length would take time of any length. */
const NUMBER = '\\d{1,18}';
const SHAPE = new RegExp(`^(-?)P(?!$)(?:(${NUMBER})Y)?(?:(${NUMBER})M)?(?:(${NUMBER})D)?(?:T(?!$)(?:(${NUMBER})H)?(?:(${NUMBER})M)?(?:(${NUMBER})(?:\\.(${NUMBER}))?S)?)?$`);

const FRACTION_DIGITS = 18;
/** Of a second, as many as its fraction can tell. */
const UNITS_PER_SECOND = 10n ** BigInt(FRACTION_DIGITS);
const UNITS_PER_DAY = BigInt(SECONDS_PER_DAY) * UNITS_PER_SECOND;

interface Duration {
  readonly months: bigint;
  /** The rest, in units. */
  readonly rest: bigint;
}

/** A JSON string, as it is written. */
export function durationType(field: Field): ValueType {
  demandDefaultFormat(field);
  return {
    expected: 'a duration (P1Y2M3DT4H5M6S)',
    read: (text) => SHAPE.test(text) ? `"${text}"` : undefined,
    compare: (json, other) => compareDurations(durationOf(json), durationOf(other)),
    identity: (json) => {
      const { months, rest } = durationOf(json);
      return `${months}/${rest}`;
    },
  };
}

function durationOf(json: string): Duration {
  const [, sign, ...parts] = SHAPE.exec(json.slice(1, -1))!;
  const [years, months, days, hours, minutes, seconds] = parts.map((part) => BigInt(part ?? 0));
  const fraction = BigInt(withoutTrailingZeros(parts[6] ?? '').padEnd(FRACTION_DIGITS, '0'));
  const direction = sign === '-' ? -1n : 1n;
  const wholeSeconds = ((days * 24n + hours) * 60n + minutes) * 60n + seconds;
  return { months: direction * (years * 12n + months), rest: direction * (wholeSeconds * UNITS_PER_SECOND + fraction) };
}

/** XML Schema's: a duration is longer where it ends later, whichever of these months it begins in. */
const STARTS = [[1696, 9], [1697, 2], [1903, 3], [1903, 7]] as const;

function compareDurations(one: Duration, other: Duration): number {
  const orders = STARTS.map(([year, month]) => {
    const difference = endOf(one, year, month) - endOf(other, year, month);
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  });
  return orders.every((order) => order === orders[0]) ? orders[0] : NaN;
}

/** The calendar comes again after 400 years. */
const MONTHS_OF_CYCLE = 4800n;
const DAYS_OF_CYCLE = 146_097n;

/** When a duration ends that begins with a month, in units since a moment that is the same for all of them. */
function endOf({ months, rest }: Duration, year: number, month: number): bigint {
  const inCycle = (months % MONTHS_OF_CYCLE + MONTHS_OF_CYCLE) % MONTHS_OF_CYCLE;
  const cycles = (months - inCycle) / MONTHS_OF_CYCLE;
  const monthIndex = year * 12 + month - 1 + Number(inCycle);
  const days = BigInt(daysFromCivil(Math.floor(monthIndex / 12), monthIndex % 12 + 1, 1));
  return (days + cycles * DAYS_OF_CYCLE) * UNITS_PER_DAY + rest;
}
