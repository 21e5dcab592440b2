import { checkDateWords } from './date-check';
import { datePatternFault } from './date-directives';
import {
  checkBoolean, checkObject, checkPropertyNames, checkString, checkStrings, checkWholeNumber, fail, Properties,
} from './descriptor-check';
import { checkHeaderPolicy } from './header-policy';
import { checkKeys } from './key-check';
import { NEGATIVE_NOTATIONS, SEPARATOR } from './number-notation';
import {
  booleanWords, Constraints, DATE_FORMATS, DATETIME_FORMATS, Field, FIELD_TYPES, FieldTypeName, GEOJSON_FORMATS, GEOPOINT_FORMATS, ITEM_TYPES,
  MAX_PRECISION, Schema, STRING_FORMATS,
} from './schema';
import { checkOrderedConstant, isOrdered, isSurelyGreater, ORDERED_TYPES } from './schema-constants';
import { checkTrim } from './trim';

const SCHEMA_PROPERTIES = {
  fields: true, missingValues: true, fieldsMatch: true, headerCase: true, rescueColumn: true, trim: true, primaryKey: true, uniqueKeys: true,
} satisfies Record<keyof Schema, true>;
const UNSUPPORTED_SCHEMA_PROPERTIES = ['foreignKeys'];

const NUMBERS = ['number', 'decimal', 'integer'] as const;
/** Which types have a property. */
const FIELD_PROPERTIES: Readonly<Record<keyof Field, 'all' | readonly FieldTypeName[]>> = {
  name: 'all',
  aliases: 'all',
  type: 'all',
  format: 'all',
  formats: 'all',
  constraints: 'all',
  missingValues: 'all',
  trim: 'all',
  title: 'all',
  description: 'all',
  decimalChar: NUMBERS,
  groupChar: NUMBERS,
  groupChars: NUMBERS,
  bareNumber: NUMBERS,
  negativeNotations: NUMBERS,
  precision: ['decimal'],
  scale: ['decimal'],
  itemType: ['list'],
  delimiter: ['list'],
  trueValues: ['boolean'],
  falseValues: ['boolean'],
  timezone: ['datetime'],
  locale: ['date', 'datetime', 'time'],
  zoneAbbreviations: ['datetime'],
};
const UNSUPPORTED_FIELD_PROPERTIES = ['categories', 'categoriesOrdered'];

const CONSTRAINTS = {
  required: true, unique: true, minLength: true, maxLength: true, minimum: true, maximum: true, pattern: true, enum: true,
} satisfies Record<keyof Constraints, true>;
const UNSUPPORTED_CONSTRAINTS = ['exclusiveMinimum', 'exclusiveMaximum', 'jsonSchema'];

/**
 * The descriptor itself, after it is sure that the engine can validate by it. Throws an error that names the path, what
 * it must be and what it is. What only describes (`title`, `example` …) may be there; whatever else is not known may
 * not.
 */
export function checkTableSchema(descriptor: unknown): Schema {
  const schema = checkObject('schema', descriptor);
  checkPropertyNames('schema', schema, [...Object.keys(SCHEMA_PROPERTIES), '$schema', 'name', 'title', 'description'], UNSUPPORTED_SCHEMA_PROPERTIES);
  checkStrings('schema.missingValues', schema.missingValues);
  if (!Array.isArray(schema.fields) || schema.fields.length === 0) {
    fail('schema.fields', 'hold at least one field', schema.fields);
  }
  const positions = new Map<unknown, string>();
  schema.fields.forEach((field: unknown, index: number) => {
    const path = `schema.fields[${index}]`;
    const { name } = checkField(path, field);
    const twin = positions.get(name);
    if (twin !== undefined) {
      fail(`${path}.name`, `differ from the name of ${twin}`, name);
    }
    positions.set(name, path);
  });
  checkHeaderPolicy(schema, schema.fields as Properties[]);
  checkTrim(schema, schema.fields as Properties[]);
  checkKeys(schema, [...positions.keys()]);
  return descriptor as Schema;
}

function checkField(path: string, value: unknown): Properties {
  const field = checkObject(path, value);
  checkPropertyNames(path, field, [...Object.keys(FIELD_PROPERTIES), 'example', 'rdfType'], UNSUPPORTED_FIELD_PROPERTIES);
  if (typeof field.name !== 'string' || field.name === '') {
    fail(`${path}.name`, 'be a string of at least one character', field.name);
  }
  // Counts are kept by field name, and stores of JSON objects lose this one.
  if (field.name === '__proto__') fail(`${path}.name`, 'be another name', field.name);
  const type = (field.type === undefined ? 'string' : field.type) as FieldTypeName;
  if (!FIELD_TYPES.includes(type)) {
    fail(`${path}.type`, `be one of ${FIELD_TYPES.join(', ')}`, type);
  }
  for (const [property, types] of Object.entries(FIELD_PROPERTIES)) {
    if (field[property] !== undefined && types !== 'all' && !types.includes(type)) {
      fail(`${path}.${property}`, `be left out: it is for type ${types.join(', ')}, and the type is ${type}`, field[property]);
    }
  }
  checkStrings(`${path}.aliases`, field.aliases);
  checkFormats(path, field, type);
  checkNumberProperties(path, field);
  checkBooleanValues(path, field);
  checkListProperties(path, field);
  checkTimezone(`${path}.timezone`, field.timezone);
  checkDateWords(path, field);
  checkStrings(`${path}.missingValues`, field.missingValues);
  checkConstraints(`${path}.constraints`, field, type);
  return field;
}

function checkFormats(path: string, field: Properties, type: FieldTypeName): void {
  if (field.format !== undefined && field.formats !== undefined) {
    fail(`${path}.formats`, 'be left out where format is given', field.formats);
  }
  checkString(`${path}.format`, field.format);
  checkStrings(`${path}.formats`, field.formats);
  const formats = field.formats as string[] | undefined;
  if (formats?.length === 0) {
    fail(`${path}.formats`, 'hold at least one format', formats);
  }
  if (formats !== undefined && (type === 'geopoint' || type === 'geojson')) {
    fail(`${path}.formats`, `be left out: a ${type} is published in the form of its format, and a field has one`, formats);
  }
  if (field.format !== undefined) {
    checkFormat(`${path}.format`, field.format as string, type, field);
  }
  formats?.forEach((format, index) => checkFormat(`${path}.formats[${index}]`, format, type, field));
}

function checkFormat(path: string, format: string, type: FieldTypeName, { zoneAbbreviations }: Properties): void {
  if (type === 'date' || type === 'datetime' || type === 'time') {
    if (format.startsWith('fmt:')) fail(path, `be written without fmt:, which is no longer part of Table Schema (${format.slice(4)})`, format);
    const named: readonly string[] = type === 'datetime' ? DATETIME_FORMATS : DATE_FORMATS;
    const fault = named.includes(format) ? undefined : datePatternFault(format, type, zoneAbbreviations !== undefined);
    if (fault !== undefined) {
      fail(path, format.includes('%') ? fault : `be ${named.join(', ')}, or a pattern such as ${type === 'time' ? '%H:%M' : '%Y-%m-%d'}`, format);
    }
  } else if (type === 'string' || type === 'geopoint' || type === 'geojson') {
    const named: readonly string[] = { string: STRING_FORMATS, geopoint: GEOPOINT_FORMATS, geojson: GEOJSON_FORMATS }[type];
    if (!named.includes(format)) {
      fail(path, `be one of ${named.join(', ')}`, format);
    }
  } else if (format !== 'default') {
    fail(path, `be default for type ${type}`, format);
  }
}

function checkNumberProperties(path: string, field: Properties): void {
  const { decimalChar, groupChar, groupChars, bareNumber, negativeNotations, precision, scale } = field;
  checkNegativeNotations(`${path}.negativeNotations`, negativeNotations);
  checkNumberCharacter(`${path}.decimalChar`, decimalChar);
  checkGroupChar(`${path}.groupChar`, groupChar, field);
  checkGroupChars(`${path}.groupChars`, groupChars, field);
  checkBoolean(`${path}.bareNumber`, bareNumber);
  checkWholeNumber(`${path}.precision`, precision, 1, MAX_PRECISION);
  checkWholeNumber(`${path}.scale`, scale, 0, (precision as number | undefined) ?? MAX_PRECISION);
}

function checkNumberCharacter(path: string, character: unknown): void {
  if (character === undefined) return;
  if (typeof character !== 'string' || !SEPARATOR.test(character)) {
    fail(path, 'be one character that no number has otherwise (no digit, sign or e)', character);
  }
}

function checkGroupChar(path: string, character: unknown, { decimalChar = '.' }: Properties): void {
  checkNumberCharacter(path, character);
  if (character === decimalChar) fail(path, 'differ from the decimalChar', character);
}

function checkGroupChars(path: string, groupChars: unknown, field: Properties): void {
  if (groupChars === undefined) return;
  if (field.groupChar !== undefined) fail(path, 'be left out where groupChar is given', groupChars);
  if (!Array.isArray(groupChars) || groupChars.length === 0) fail(path, 'be a list of at least one character', groupChars);
  groupChars.forEach((character: unknown, index) => {
    checkGroupChar(`${path}[${index}]`, character ?? null, field);
    if (groupChars.indexOf(character) < index) fail(`${path}[${index}]`, 'differ from the characters before it', character);
  });
}

function checkNegativeNotations(path: string, notations: unknown): void {
  if (notations === undefined) return;
  if (!Array.isArray(notations)) fail(path, `be a list of ${NEGATIVE_NOTATIONS.join(', ')}`, notations);
  notations.forEach((notation: unknown, index: number) => {
    if (!(NEGATIVE_NOTATIONS as readonly unknown[]).includes(notation)) fail(`${path}[${index}]`, `be one of ${NEGATIVE_NOTATIONS.join(', ')}`, notation);
  });
  if (notations.includes('debit') && notations.includes('credit')) fail(path, 'hold one of debit and credit: each takes the other mark for a positive number', notations);
}

function checkListProperties(path: string, { itemType, delimiter }: Properties): void {
  if (itemType !== undefined && !(ITEM_TYPES as readonly unknown[]).includes(itemType)) {
    fail(`${path}.itemType`, `be one of ${ITEM_TYPES.join(', ')}`, itemType);
  }
  checkString(`${path}.delimiter`, delimiter);
  if (delimiter === '') fail(`${path}.delimiter`, 'be a string of at least one character', delimiter);
}

function checkBooleanValues(path: string, field: Properties): void {
  checkStrings(`${path}.trueValues`, field.trueValues);
  checkStrings(`${path}.falseValues`, field.falseValues);
  const { trueValues, falseValues } = booleanWords(field);
  if (trueValues.length + falseValues.length === 0) {
    fail(`${path}.trueValues`, 'hold a value where falseValues holds none', field.trueValues);
  }
  const both = trueValues.filter((text) => falseValues.includes(text));
  if (both.length > 0) {
    const name = field.trueValues !== undefined ? 'trueValues' : 'falseValues';
    fail(`${path}.${name}`, `have no value that is both true and false (${both.join(', ')})`, field[name]);
  }
}

/** `UTC`, `Z`, an offset to 14 hours, or an IANA name. */
function checkTimezone(path: string, timezone: unknown): void {
  if (timezone === undefined || timezone === 'Z' || /^[+-](?:(?:0\d|1[0-3]):?[0-5]\d|14:?00)$/.test(String(timezone))) {
    return;
  }
  try {
    if (/^[+-]/.test(String(timezone))) {
      throw new RangeError('Some versions of Intl take more offsets, the engine does not.');
    }
    new Intl.DateTimeFormat('en-US', { timeZone: timezone as string });
  } catch {
    fail(path, 'be an IANA name such as Europe/Berlin, or an offset such as +02:00', timezone);
  }
}

function checkConstraints(path: string, field: Properties, type: FieldTypeName): void {
  if (field.constraints === undefined) {
    return;
  }
  const constraints = checkObject(path, field.constraints);
  checkPropertyNames(path, constraints, Object.keys(CONSTRAINTS), UNSUPPORTED_CONSTRAINTS);
  checkBoolean(`${path}.required`, constraints.required);
  checkBoolean(`${path}.unique`, constraints.unique);
  checkLengths(path, constraints, type);
  checkPattern(`${path}.pattern`, constraints.pattern);
  checkLimits(path, constraints, field, type);
  checkEnum(`${path}.enum`, constraints.enum, field, type);
}

/** What can be long. */
const SIZED_TYPES: readonly FieldTypeName[] = ['string', 'array', 'list', 'object'];

function checkLengths(path: string, constraints: Properties, type: FieldTypeName): void {
  for (const name of ['minLength', 'maxLength']) {
    checkWholeNumber(`${path}.${name}`, constraints[name], 0);
    if (constraints[name] !== undefined && !SIZED_TYPES.includes(type)) {
      fail(`${path}.${name}`, `be left out: it is for type ${SIZED_TYPES.join(', ')}, and the type is ${type}`, constraints[name]);
    }
  }
  const { minLength, maxLength } = constraints as Constraints;
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength) {
    fail(`${path}.minLength`, `be at most maxLength, which is ${maxLength}`, minLength);
  }
}

function checkPattern(path: string, pattern: unknown): void {
  checkString(path, pattern);
  if (pattern === undefined) {
    return;
  }
  try {
    new RegExp(pattern as string, 'u');
  } catch (error) {
    fail(path, `be a regular expression of JavaScript with the flag u (${(error as Error).message})`, pattern);
  }
}

function checkLimits(path: string, constraints: Properties, field: Properties, type: FieldTypeName): void {
  for (const name of ['minimum', 'maximum']) {
    if (constraints[name] === undefined) {
      continue;
    }
    if (!isOrdered(type)) {
      fail(`${path}.${name}`, `be left out: it is for type ${ORDERED_TYPES.join(', ')}, and the type is ${type}`, constraints[name]);
    }
    checkOrderedConstant(`${path}.${name}`, constraints[name], type, field);
  }
  const { minimum, maximum } = constraints as Constraints;
  if (minimum !== undefined && maximum !== undefined && isOrdered(type) && isSurelyGreater(minimum, maximum, type)) {
    fail(`${path}.minimum`, `be at most maximum, which is ${maximum}`, minimum);
  }
}

function checkEnum(path: string, values: unknown, field: Properties, type: FieldTypeName): void {
  if (values === undefined) {
    return;
  }
  if (!Array.isArray(values) || values.length === 0) {
    fail(path, 'be a list of at least one value', values);
  }
  values.forEach((value: unknown, index: number) => {
    const entryPath = `${path}[${index}]`;
    if (type === 'string') {
      checkString(entryPath, value ?? null);
    } else if (type === 'boolean') {
      const { trueValues, falseValues } = booleanWords(field);
      const texts = [...trueValues, ...falseValues];
      if (typeof value !== 'boolean' && !texts.includes(value as string)) {
        fail(entryPath, `be true, false, or one of ${texts.join(', ')}`, value);
      }
    } else if (isOrdered(type)) {
      checkOrderedConstant(entryPath, value, type, field);
    } else if (value === null || value === undefined) {
      fail(entryPath, 'be a value', value);
    }
  });
}
