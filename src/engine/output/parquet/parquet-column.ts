/**
 * What a column is in Parquet. Every column is optional, also where the schema requires a value: a later schema may
 * not.
 *
 * Both the old names of types (`converted_type`) and the new ones (`logical_type`) are written: there are readers for
 * either.
 */
import { type SchemaElement } from 'hyparquet-writer';
import { OutputColumn } from '../../../spec/output-columns';
import { MAX_PARQUET_PRECISION } from '../../../spec/output-settings';
import { FieldTypeName } from '../../../spec/schema';
import { visibleJson } from '../../../spec/visible-text';
import { daysFromCivil, SECONDS_PER_DAY } from '../../types/civil-time';
import { PLAIN_NUMBER } from '../../types/number-types';
import { jsonToString, jsonToText } from '../../types/string-type';

/** A value as the Parquet writer takes it. */
export type ParquetValue = string | number | bigint | boolean;

export interface ParquetColumn {
  readonly element: SchemaElement;
  /** What the column holds, as messages put it after "must fit into"; for values that it cannot hold. */
  readonly capacity: string;
  /** Whether the value of a JSON literal (not `null`) can be held as it is. Absent: always. */
  readonly fits?: (json: string) => boolean;
  /** Converts a JSON literal that fits. */
  readonly convert: (json: string) => ParquetValue;
}

const TYPES: Readonly<Record<FieldTypeName, (column: OutputColumn) => ParquetColumn>> = {
  string: ({ name }) => ({ element: textElement(name), capacity: 'STRING', convert: jsonToString }),
  boolean: ({ name }) => ({ element: { ...optional(name), type: 'BOOLEAN' }, capacity: 'BOOLEAN', convert: (json) => json === 'true' }),
  integer: ({ name }) => ({ element: { ...optional(name), type: 'INT64' }, capacity: 'INT64', fits: fitsInt64, convert: BigInt }),
  number: ({ name }) => ({ element: { ...optional(name), type: 'DOUBLE' }, capacity: 'DOUBLE without rounding', fits: isDouble, convert: Number }),
  decimal: decimalColumn,
  date: ({ name }) => ({
    element: { ...optional(name), type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
    capacity: 'DATE',
    convert: daysOf,
  }),
  datetime: ({ name }) => ({
    element: {
      ...optional(name),
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    },
    capacity: 'TIMESTAMP(MICROS) without rounding',
    fits: (json) => isWholeMicroseconds(json, DATETIME_FRACTION_START),
    convert: microsecondsOf,
  }),
  time: ({ name }) => ({
    element: {
      ...optional(name),
      type: 'INT64',
      converted_type: 'TIME_MICROS',
      logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' },
    },
    capacity: 'TIME(MICROS) without rounding',
    fits: (json) => isWholeMicroseconds(json, TIME_FRACTION_START),
    convert: (json) => microsecondsOfDay(json, TIME_START),
  }),
  year: ({ name }) => ({ element: { ...optional(name), type: 'INT32' }, capacity: 'INT32', convert: Number }),
  yearmonth: textColumn,
  duration: textColumn,
  // JSON as text: there are readers that do not know the type JSON, and every one can parse a text.
  object: textColumn,
  array: textColumn,
  list: textColumn,
  geopoint: textColumn,
  geojson: textColumn,
  any: textColumn,
};

/** @throws Error for a decimal that has no place in Parquet; the message names the field */
export function parquetColumn(column: OutputColumn): ParquetColumn {
  return TYPES[column.type](column);
}

function optional(name: string): SchemaElement {
  return { name, repetition_type: 'OPTIONAL' };
}

function textColumn({ name }: OutputColumn): ParquetColumn {
  return { element: textElement(name), capacity: 'STRING', convert: jsonToText };
}

function textElement(name: string): SchemaElement {
  return { ...optional(name), type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
}

// The literals have no leading zeros and no plus sign: one with fewer digits than the largest value fits.
const INT64_DIGITS = 19;

function fitsInt64(json: string): boolean {
  if (json.length < INT64_DIGITS) return true;
  const value = BigInt(json);
  return value === BigInt.asIntN(64, value);
}

/** Whether the shortest text of the nearest double is this one. */
function isDouble(json: string): boolean {
  const shortest = String(Number(json));
  return shortest === json || (shortest.includes('e') && PLAIN_NUMBER.read(shortest) === json);
}

const INT32_PRECISION = 9;
const INT64_PRECISION = 18;

function decimalColumn({ name, precision = MAX_PARQUET_PRECISION, scale }: OutputColumn): ParquetColumn {
  const field = `field ${visibleJson(name)}`;
  if (scale === undefined) throw new Error(`${field}: scale must be given for Parquet, whose decimals have a fixed one, got none`);
  if (precision > MAX_PARQUET_PRECISION) throw new Error(`${field}: precision must be at most ${MAX_PARQUET_PRECISION} for Parquet, got ${precision}`);
  if (scale > precision) throw new Error(`${field}: scale must be at most ${precision}, the precision, for Parquet, got ${scale}`);
  const decimal = { ...optional(name), converted_type: 'DECIMAL', logical_type: { type: 'DECIMAL', precision, scale }, precision, scale } as const;
  return {
    element: precision <= INT64_PRECISION
      ? { ...decimal, type: precision <= INT32_PRECISION ? 'INT32' : 'INT64' }
      : { ...decimal, type: 'FIXED_LEN_BYTE_ARRAY', type_length: bytesOf(precision) },
    capacity: `DECIMAL(${precision}, ${scale})`,
    fits: (json) => json.length <= precision || digitsOf(json) <= precision,
    // The literal has two quotes and a point: without these it counts units of the last digit.
    convert: (json) => BigInt(scale === 0 ? json.slice(1, -1) : json.slice(1, -2 - scale) + json.slice(-1 - scale, -1)),
  };
}

/** Bytes of the two's complement of all numbers with this many digits. */
function bytesOf(precision: number): number {
  return Math.ceil(((10n ** BigInt(precision)).toString(2).length + 1) / 8);
}

/** How many digits a decimal in quotes has; a zero before the point does not count. */
function digitsOf(json: string): number {
  return json.replace(/^"-?0?|[."]/g, '').length;
}

function daysOf(json: string): number {
  return daysFromCivil(Number(json.slice(1, 5)), Number(json.slice(6, 8)), Number(json.slice(9, 11)));
}

/** `"YYYY-MM-DDT` */
const DATETIME_START = 12;
/** `"` */
const TIME_START = 1;
/** `hh:mm:ss.` */
const CLOCK_LENGTH = 9;
const DATETIME_FRACTION_START = DATETIME_START + CLOCK_LENGTH;
const TIME_FRACTION_START = TIME_START + CLOCK_LENGTH;
const MICROSECOND_DIGITS = 6;

/** @param fractionStart where the digits of a second's fraction begin, if there are any */
function isWholeMicroseconds(json: string, fractionStart: number): boolean {
  // Behind the digits there are other characters, which are no part of them.
  for (let index = fractionStart + MICROSECOND_DIGITS; index < json.length; index++) {
    if (json[index] >= '1' && json[index] <= '9') return false;
  }
  return true;
}

/** Microseconds since 1970. INT64 holds them for all years from 0001 to 9999. */
function microsecondsOf(json: string): bigint {
  return BigInt(daysOf(json) * SECONDS_PER_DAY) * 1_000_000n + microsecondsOfDay(json, DATETIME_START);
}

/** @param start of `hh:mm:ss` */
function microsecondsOfDay(json: string, start: number): bigint {
  const part = (index: number) => Number(json.slice(start + index, start + index + 2));
  const fraction = /^\d*/.exec(json.slice(start + CLOCK_LENGTH, start + CLOCK_LENGTH + MICROSECOND_DIGITS))![0];
  return BigInt(part(0) * 3600 + part(3) * 60 + part(6)) * 1_000_000n + BigInt(fraction.padEnd(MICROSECOND_DIGITS, '0'));
}
