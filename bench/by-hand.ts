/**
 * The job that is left to a user whose library only splits: check each text against the schema, normalise it, write
 * JSON. As an expert would do it: everything compiled beforehand, no Date where text will do. It shares nothing with
 * the engine, so that the two also check each other.
 */
import { jsonText } from './json-text';
import { Field, Schema } from '../src/spec/schema';

/** @returns the JSON of a value, or undefined where it is refused */
type Convert = (text: string) => string | undefined;

/** @returns what turns the fields of a record into its line of JSON, or into undefined where the record is refused */
export function compileLine(schema: Schema): (fields: readonly string[]) => string | undefined {
  const converts = schema.fields.map((field) => optional(field, schema.missingValues ?? ['']));
  const prefixes = schema.fields.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return (fields) => {
    if (fields.length !== converts.length) return undefined;
    let line = '';
    for (let index = 0; index < converts.length; index++) {
      const json = converts[index](fields[index]);
      if (json === undefined) return undefined;
      line += prefixes[index] + json;
    }
    return line + '}\n';
  };
}

function optional(field: Field, missingValues: readonly string[]): Convert {
  const convert = valueOf(field);
  const whenMissing = field.constraints?.required === true ? undefined : 'null';
  const [first, ...others] = missingValues;
  if (others.length === 0) return (text) => text === first ? whenMissing : convert(text);
  return (text) => missingValues.includes(text) ? whenMissing : convert(text);
}

function valueOf(field: Field): Convert {
  switch (field.type) {
    case 'integer': return integer(field);
    case 'number': return number();
    case 'decimal': return decimal(field);
    case 'date': return date(field);
    case 'datetime': return datetime(field);
    case 'string': return string(field);
    case 'boolean':
    case 'time':
    case 'year':
    case 'yearmonth':
    case 'duration':
    case 'object':
    case 'array':
    case 'list':
    case 'geopoint':
    case 'geojson':
    case 'any':
    case undefined: throw new Error(`nobody wrote a converter for the type ${field.type}`);
  }
}

function string({ constraints: { pattern, enum: values, minLength = 0, maxLength = Infinity } = {} }: Field): Convert {
  if (values !== undefined) {
    const words = new Map(values.map((value) => [String(value), JSON.stringify(value)]));
    return (text) => words.get(text);
  }
  if (pattern !== undefined) {
    const whole = new RegExp(`^(?:${pattern})$`);
    return (text) => whole.test(text) ? `"${text}"` : undefined;
  }
  // Characters are code points; only a text that is too long in UTF-16 units has to be counted.
  const fits = (text: string) => (text.length >= minLength * 2 || [...text].length >= minLength)
    && (text.length <= maxLength || [...text].length <= maxLength);
  return (text) => fits(text) ? jsonText(text) : undefined;
}

function integer({ constraints: { minimum = -Infinity, maximum = Infinity } = {} }: Field): Convert {
  const shape = /^-?\d{1,15}$/;
  return (text) => {
    if (!shape.test(text)) return undefined;
    const value = +text;
    return value >= +minimum && value <= +maximum ? String(value) : undefined;
  };
}

/** The digits stay as they are: through a double some would be lost. */
const NUMBER = /^([+-]?)0*(\d+)(?:\.(\d+))?$/;

function number(): Convert {
  return (text) => {
    const match = NUMBER.exec(text);
    if (match === null) return undefined;
    const fraction = (match[3] ?? '').replace(/0+$/, '');
    const digits = fraction === '' ? match[2] : `${match[2]}.${fraction}`;
    return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
  };
}

function decimal({ precision = Infinity, scale = 0, constraints: { minimum = -Infinity, maximum = Infinity } = {} }: Field): Convert {
  return (text) => {
    const match = NUMBER.exec(text);
    if (match === null) return undefined;
    const [, sign, whole, allDigits = ''] = match;
    const fraction = allDigits.replace(/0+$/, '');
    if (fraction.length > scale || whole.length + scale > precision) return undefined;
    // The files' decimals are short enough for a double to be compared.
    const value = +text;
    if (value < +minimum || value > +maximum) return undefined;
    return `"${sign === '-' && value !== 0 ? '-' : ''}${whole}.${fraction.padEnd(scale, '0')}"`;
  };
}

const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const GERMAN_DATE = /^(\d\d)\.(\d\d)\.(\d{4})$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?(Z|[+-]\d\d:\d\d)$/;
const BLANK = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;
const AMERICAN = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d)$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1] && (month !== 2 || day < 29 || leap);
}

function isTime(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

function date({ formats = ['default'], constraints: { minimum = '' } = {} }: Field): Convert {
  const german = formats.includes('%d.%m.%Y');
  return (text) => {
    let day: string | undefined;
    let match = ISO_DATE.exec(text);
    if (match !== null) {
      if (isDay(+match[1], +match[2], +match[3])) day = text;
    } else if (german) {
      match = GERMAN_DATE.exec(text);
      if (match !== null && isDay(+match[3], +match[2], +match[1])) day = `${match[3]}-${match[2]}-${match[1]}`;
    }
    return day !== undefined && day >= String(minimum) ? `"${day}"` : undefined;
  };
}

function datetime({ formats = ['default'] }: Field): Convert {
  const blank = formats.includes('%Y-%m-%d %H:%M:%S');
  const american = formats.includes('%m/%d/%Y %H:%M');
  return (text) => {
    let match = ISO.exec(text);
    if (match !== null) {
      if (!isDay(+match[1], +match[2], +match[3]) || !isTime(+match[4], +match[5], +match[6])) return undefined;
      const offset = match[8];
      if (offset === 'Z' || offset === '+00:00') return `"${text.slice(0, 19)}.${(match[7] ?? '').padEnd(3, '0')}Z"`;
      if (+offset.slice(1, 3) > 23 || +offset.slice(4) > 59) return undefined;
      return `"${new Date(text).toISOString()}"`;
    }
    match = blank ? BLANK.exec(text) : null;
    if (match !== null) {
      if (!isDay(+match[1], +match[2], +match[3]) || !isTime(+match[4], +match[5], +match[6])) return undefined;
      return `"${text.slice(0, 10)}T${text.slice(11)}.000Z"`;
    }
    match = american ? AMERICAN.exec(text) : null;
    if (match === null || !isDay(+match[3], +match[1], +match[2]) || !isTime(+match[4], +match[5], 0)) return undefined;
    return `"${match[3]}-${match[1]}-${match[2]}T${match[4]}:${match[5]}:00.000Z"`;
  };
}
