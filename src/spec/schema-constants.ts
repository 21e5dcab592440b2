import { fail, Properties } from './descriptor-check';
import { Constraints, FieldTypeName, MAX_EXPONENT } from './schema';

/**
 * The values that stand in a schema itself: limits and enumerations. The engine reads them exactly as it reads a file,
 * and says at synth what it cannot read; here they are checked as far as the canonical forms go, so that a mistake is
 * told with its path.
 */

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,9}))?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DATETIME = /^(\d{4}-\d\d-\d\d)T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?$/;

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?$/;
const YEAR = /^(?!0000)\d{4}$/;
const YEARMONTH = /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])$/;
const DURATION = /^-?P(?!$)(?:\d{1,18}Y)?(?:\d{1,18}M)?(?:\d{1,18}D)?(?:T(?!$)(?:\d{1,18}H)?(?:\d{1,18}M)?(?:\d{1,18}(?:\.\d{1,18})?S)?)?$/;

/** The types whose values have an order. */
type OrderedTypeName = 'integer' | 'number' | 'decimal' | 'date' | 'datetime' | 'time' | 'year' | 'yearmonth' | 'duration';

const EXPECTED: Readonly<Record<OrderedTypeName, string>> = {
  integer: 'an integer',
  number: `a number (exponents to ${MAX_EXPONENT})`,
  decimal: `a number (exponents to ${MAX_EXPONENT})`,
  date: 'a date as YYYY-MM-DD',
  datetime: 'a datetime as YYYY-MM-DDThh:mm:ss with an optional fraction and offset',
  time: 'a time as hh:mm:ss',
  year: 'a year of four digits',
  yearmonth: 'a month as YYYY-MM',
  duration: 'a duration as P1Y2M3DT4H5M6S',
};

export const LIMITS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const;

export const ORDERED_TYPES = Object.keys(EXPECTED) as OrderedTypeName[];

export function isOrdered(type: FieldTypeName): type is OrderedTypeName {
  return Object.hasOwn(EXPECTED, type);
}

/** A limit or enum value of one of the ordered types. */
export function checkOrderedConstant(path: string, value: unknown, type: OrderedTypeName, field: Properties): void {
  if (typeof value !== 'string' && typeof value !== 'number') {
    fail(path, `be ${EXPECTED[type]}`, value);
  }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    fail(path, 'be a string, because a JSON number does not hold so many digits exactly', value);
  }
  const readByOwnFormat = typeof value === 'string' && hasOwnFormat(field);
  if (!isCanonical(String(value), type) && !readByOwnFormat) {
    fail(path, `be ${EXPECTED[type]}`, value);
  }
}

/** Then a text that is not canonical may still be one that the engine reads by that format. */
function hasOwnFormat({ decimalChar, groupChar, groupChars, bareNumber, negativeNotations, format, formats }: Properties): boolean {
  return decimalChar !== undefined || groupChar !== undefined || groupChars !== undefined || bareNumber === false || negativeNotations !== undefined || (format ?? 'default') !== 'default' || formats !== undefined;
}

function isCanonical(text: string, type: OrderedTypeName): boolean {
  switch (type) {
    case 'integer':
      return INTEGER.test(text);
    case 'date':
      return DATE.test(text) && isRealDate(text);
    case 'datetime': {
      const match = DATETIME.exec(text);
      return match !== null && isRealDate(match[1]);
    }
    case 'time':
      return TIME.test(text);
    case 'year':
      return YEAR.test(text);
    case 'yearmonth':
      return YEARMONTH.test(text);
    case 'duration':
      return DURATION.test(text);
    case 'number':
    case 'decimal': {
      const match = NUMBER.exec(text);
      return match !== null && Math.abs(Number(match[5] ?? 0)) <= MAX_EXPONENT;
    }
  }
}

function isRealDate(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`);
  return !text.startsWith('0000') && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** Throws where no value could meet all limits. */
export function checkLimitOrder(path: string, constraints: Constraints, type: OrderedTypeName): void {
  for (const lower of ['minimum', 'exclusiveMinimum'] as const) {
    for (const upper of ['maximum', 'exclusiveMaximum'] as const) {
      const [lowest, highest] = [constraints[lower], constraints[upper]];
      if (lowest === undefined || highest === undefined) continue;
      const between = lower === 'minimum' && upper === 'maximum' ? 'at most' : 'less than';
      if (between === 'at most' ? isSurelyGreater(lowest, highest, type) : isSurelyAtLeast(lowest, highest, type)) {
        fail(`${path}.${lower}`, `be ${between} ${upper}, which is ${highest}`, lowest);
      }
    }
  }
}

function isSurelyAtLeast(value: string | number, other: string | number, type: OrderedTypeName): boolean {
  return String(value) === String(other) || isSurelyGreater(value, other, type);
}

/** Exact for numbers, to the millisecond for datetimes. False as well where only the engine could tell. */
function isSurelyGreater(value: string | number, other: string | number, type: OrderedTypeName): boolean {
  const [text, otherText] = [String(value), String(other)];
  if (!isCanonical(text, type) || !isCanonical(otherText, type)) {
    return false;
  }
  switch (type) {
    case 'date':
    case 'time':
    case 'year':
    case 'yearmonth':
      return text > otherText;
    case 'duration':
      return false;
    case 'datetime': {
      const hasOffset = /(?:Z|[+-]\d\d:\d\d)$/;
      // A time zone could move one of them.
      return hasOffset.test(text) === hasOffset.test(otherText) && Date.parse(inUtc(text)) > Date.parse(inUtc(otherText));
    }
    case 'integer':
    case 'number':
    case 'decimal':
      return isGreaterNumber(text, otherText);
  }
}

function inUtc(datetime: string): string {
  return /(?:Z|[+-]\d\d:\d\d)$/.test(datetime) ? datetime : `${datetime}Z`;
}

function isGreaterNumber(text: string, other: string): boolean {
  const [left, right] = [text, other].map((number) => {
    const [, sign, whole = '', fraction = '', onlyFraction = '', exponent = '0'] = NUMBER.exec(number)!;
    const digits = fraction + onlyFraction;
    return { value: BigInt(`${whole}${digits}`) * (sign === '-' ? -1n : 1n), exponent: Number(exponent) - digits.length };
  });
  const exponent = Math.min(left.exponent, right.exponent);
  return left.value * 10n ** BigInt(left.exponent - exponent) > right.value * 10n ** BigInt(right.exponent - exponent);
}
