import { canonicalSchema } from './canonical-schema';
import { checkDateWords } from './date-check';
import { datePatternFault } from './date-directives';
import { checkBoolean, checkObject, checkString, checkStrings, checkUnicode, checkWholeNumber, fail, Properties } from './descriptor-check';
import { checkForeignKeys } from './foreign-key-check';
import { checkHeaderPolicy } from './header-policy';
import { checkKeys } from './key-check';
import { likelyPattern } from './likely-format';
import { likelyType } from './likely-type';
import { NEGATIVE_NOTATIONS, SEPARATOR } from './number-notation';
import { javaScriptPattern } from './pattern-syntax';
import { asksNothing, checkUnknownNames, isExtension, KnownNames, likelyName } from './property-names';
import {
  allowedValuesOf, booleanWords, Constraints, DATE_FORMATS, DATETIME_FORMATS, Field, FIELD_TYPES, FieldTypeName, GEOJSON_FORMATS, GEOPOINT_FORMATS,
  ITEM_TYPES, MAX_PRECISION, Schema, STRING_FORMATS,
} from './schema';
import { checkLimitOrder, checkOrderedConstant, isOrdered, LIMITS, ORDERED_TYPES } from './schema-constants';
import { checkTrim } from './trim';
import { UNCHECKED_OF_FIELD } from './unchecked';

const SCHEMA_PROPERTIES = {
  fields: true,
  missingValues: true,
  quotedMissingValues: true,
  fieldsMatch: true,
  headerCase: true,
  rescueColumn: true,
  trim: true,
  primaryKey: true,
  uniqueKeys: true,
  foreignKeys: true,
} satisfies Record<keyof Schema, true>;

const NUMBERS = ['number', 'decimal', 'integer'] as const;
/** Which types have a property. */
const FIELD_PROPERTIES: Readonly<Record<keyof Field, 'all' | readonly FieldTypeName[]>> = {
  name: 'all',
  aliases: 'all',
  type: 'all',
  format: 'all',
  formats: 'all',
  constraints: 'all',
  categories: 'all',
  categoriesOrdered: 'all',
  missingValues: 'all',
  trim: 'all',
  title: 'all',
  description: 'all',
  decimalChar: NUMBERS,
  groupChar: NUMBERS,
  groupChars: NUMBERS,
  bareNumber: NUMBERS,
  negativeNotations: NUMBERS,
  jsonText: ['string'],
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

const CONSTRAINTS = {
  required: true,
  unique: true,
  minLength: true,
  maxLength: true,
  minimum: true,
  maximum: true,
  exclusiveMinimum: true,
  exclusiveMaximum: true,
  pattern: true,
  enum: true,
} satisfies Record<keyof Constraints, true>;
const DESCRIBING_CONSTRAINTS = ['title', 'description', 'comment', 'comments', 'note', 'notes', 'example', 'examples', 'message', 'errorMessage'];

const asConstraints = (after: string) => Object.fromEntries(Object.keys(CONSTRAINTS).map((name) => [name, `constraints.${name}${after}`]));
const asThey = (names: readonly string[], after: string) => Object.fromEntries(names.map((name) => [name, `${name}${after}`]));
/** What a whole schema may say of itself, though it is a property of fields too. */
const OF_BOTH = [
  'name', 'aliases', 'type', 'format', 'formats', 'title', 'description', 'constraints', 'categories', 'categoriesOrdered', 'precision', 'scale', 'delimiter', 'locale',
];
export const SCHEMA_NAMES: KnownNames = {
  enforced: Object.keys(SCHEMA_PROPERTIES),
  describing: [...OF_BOTH, 'example', 'examples', '$schema'],
  elsewhere: {
    ...asThey(Object.keys(FIELD_PROPERTIES).filter((name) => !OF_BOTH.includes(name)), ' of a field'),
    ...asConstraints(' of a field'),
  },
};
const DESCRIBING_FIELD_PROPERTIES = ['name', 'title', 'description', 'example', 'examples', 'rdfType', 'categoriesOrdered'];
export const FIELD_NAMES: KnownNames = {
  enforced: Object.keys(FIELD_PROPERTIES).filter((name) => !DESCRIBING_FIELD_PROPERTIES.includes(name)),
  describing: [...DESCRIBING_FIELD_PROPERTIES, ...UNCHECKED_OF_FIELD],
  elsewhere: { ...asConstraints(''), ...asThey(Object.keys(SCHEMA_PROPERTIES).filter((name) => !Object.hasOwn(FIELD_PROPERTIES, name)), ' of the schema') },
};

/**
 * The schema of a descriptor, in the spelling that the engine knows, after it is sure that the engine can validate by
 * it. Throws an error that names the path, what it must be and what it is. What only describes may be there.
 */
export function checkTableSchema(descriptor: unknown): Schema {
  const canonical = canonicalSchema(descriptor);
  const schema = checkObject('schema', canonical);
  checkUnicode('schema', schema);
  checkUnknownNames('schema', schema, SCHEMA_NAMES);
  if (typeof schema.constraints === 'object' && !asksNothing(schema.constraints)) {
    fail('schema.constraints', 'be left out: constraints are of a field', schema.constraints);
  }
  checkStrings('schema.missingValues', schema.missingValues);
  checkBoolean('schema.quotedMissingValues', schema.quotedMissingValues);
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
  checkForeignKeys(schema, [...positions.keys()]);
  return canonical as Schema;
}

function checkField(path: string, value: unknown): Properties {
  const field = checkObject(path, value);
  checkUnknownNames(path, field, FIELD_NAMES);
  if (typeof field.name !== 'string' || field.name === '') {
    fail(`${path}.name`, 'be a string of at least one character', field.name);
  }
  // Counts are kept by field name, and stores of JSON objects lose this one.
  if (field.name === '__proto__') fail(`${path}.name`, 'be another name', field.name);
  const type = (field.type === undefined ? 'string' : field.type) as FieldTypeName;
  if (!FIELD_TYPES.includes(type)) {
    const likely = likelyType(type, FIELD_TYPES);
    fail(`${path}.type`, `be one of ${FIELD_TYPES.join(', ')}${likely === undefined ? '' : `; most likely ${likely} is meant`}`, type);
  }
  for (const [property, types] of Object.entries(FIELD_PROPERTIES)) {
    if (field[property] !== undefined && types !== 'all' && !types.includes(type) && !isDefaultOfOthers(property, field[property])) {
      fail(`${path}.${property}`, `be left out: it is for type ${types.join(', ')}, and the type is ${type}`, field[property]);
    }
  }
  checkStrings(`${path}.aliases`, field.aliases);
  checkFormats(path, field, type);
  checkNumberProperties(path, field);
  checkBoolean(`${path}.jsonText`, field.jsonText);
  checkBooleanValues(path, field);
  checkListProperties(path, field);
  checkTimezone(`${path}.timezone`, field.timezone);
  checkDateWords(path, field);
  checkStrings(`${path}.missingValues`, field.missingValues);
  checkConstraints(`${path}.constraints`, field, type);
  checkCategories(path, field, type);
  return field;
}

/** What generators of schemas write for every field, whatever its type: it changes nothing. */
function isDefaultOfOthers(property: string, value: unknown): boolean {
  return property === 'bareNumber' ? value === true : asksNothing(value) || (property === 'decimalChar' && value === '.');
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
    const named: readonly string[] = type === 'datetime' ? DATETIME_FORMATS : DATE_FORMATS;
    const fault = named.includes(format) ? undefined : datePatternFault(format, type, zoneAbbreviations !== undefined);
    if (fault !== undefined) {
      const example = type === 'time' ? '%H:%M' : likelyPattern(format, type) ?? '%Y-%m-%d';
      fail(path, format.includes('%') ? fault : `be ${named.join(', ')}, or a pattern such as ${example}`, format);
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
  if (field.type !== 'boolean') return;
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
  checkConstraintNames(path, constraints);
  checkBoolean(`${path}.required`, constraints.required);
  checkBoolean(`${path}.unique`, constraints.unique);
  checkLengths(path, constraints, type);
  checkPattern(`${path}.pattern`, constraints.pattern);
  checkLimits(path, constraints, field, type);
  checkEnum(`${path}.enum`, constraints.enum, field, type);
}

/** Whatever stands here asks for something, unless its name says that it only describes. */
function checkConstraintNames(path: string, constraints: Properties): void {
  const known = Object.keys(CONSTRAINTS);
  for (const [name, value] of Object.entries(constraints)) {
    if ([...known, ...DESCRIBING_CONSTRAINTS].includes(name) || isExtension(name) || asksNothing(value)) continue;
    const likely = likelyName(name, known);
    fail(`${path}.${name}`, likely === undefined
      ? `be one of the known constraints (${known.join(', ')}): it would not be checked`
      : `be written as ${likely}, which is most likely meant and would not be checked`, value);
  }
}
/** A longer one is no rule any more, and would be compiled by each function that reads the schema. */
const MOST_PATTERN_CHARACTERS = 10_000;
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
  const { length } = pattern as string;
  if (length > MOST_PATTERN_CHARACTERS) fail(`the length of ${path}`, `be at most ${MOST_PATTERN_CHARACTERS} characters (a list of values is an enum)`, length);
  try {
    javaScriptPattern(pattern as string);
  } catch (error) {
    fail(path, `be a regular expression of JavaScript with the flag u (${(error as Error).message})`, pattern);
  }
}

function checkLimits(path: string, constraints: Properties, field: Properties, type: FieldTypeName): void {
  for (const name of LIMITS) {
    if (constraints[name] === undefined) {
      continue;
    }
    if (!isOrdered(type)) {
      fail(`${path}.${name}`, `be left out: it is for type ${ORDERED_TYPES.join(', ')}, and the type is ${type}`, constraints[name]);
    }
    checkOrderedConstant(`${path}.${name}`, constraints[name], type, field);
  }
  if (isOrdered(type)) checkLimitOrder(path, constraints as Constraints, type);
}

/** As an `enum`, of which an `enum` beside it takes a part. */
function checkCategories(path: string, field: Properties, type: FieldTypeName): void {
  const { categories, categoriesOrdered } = field;
  checkBoolean(`${path}.categoriesOrdered`, categoriesOrdered);
  if (categories === undefined || (Array.isArray(categories) && categories.length === 0)) {
    if (categoriesOrdered === true) fail(`${path}.categoriesOrdered`, 'be left out where there are no categories', categoriesOrdered);
    return;
  }
  if (!Array.isArray(categories)) fail(`${path}.categories`, 'be a list of values, or of objects with a value', categories);
  categories.forEach((category: unknown, index: number) => {
    const isLabelled = typeof category === 'object' && category !== null;
    if (isLabelled) checkString(`${path}.categories[${index}].label`, (category as Properties).label);
    checkEnumValue(`${path}.categories[${index}]${isLabelled ? '.value' : ''}`, isLabelled ? (category as Properties).value : category, field, type);
  });
  const texts = allowedValuesOf({ categories } as Pick<Field, 'categories'>)!.values.map(String);
  const twin = texts.findIndex((text, index) => texts.indexOf(text) < index);
  if (twin !== -1) fail(`${path}.categories[${twin}]`, 'differ from the categories before it', categories[twin]);
  const others = ((field.constraints as Constraints | undefined)?.enum ?? []).filter((value) => !texts.includes(String(value)));
  if (others.length > 0) fail(`${path}.constraints.enum`, `hold only values of categories, not ${others.join(', ')}`, (field.constraints as Constraints).enum);
}

function checkEnum(path: string, values: unknown, field: Properties, type: FieldTypeName): void {
  if (values === undefined) {
    return;
  }
  if (!Array.isArray(values) || values.length === 0) {
    fail(path, 'be a list of at least one value', values);
  }
  values.forEach((value: unknown, index: number) => checkEnumValue(`${path}[${index}]`, value, field, type));
}

function checkEnumValue(path: string, value: unknown, field: Properties, type: FieldTypeName): void {
  if (type === 'string') {
    checkString(path, value ?? null);
  } else if (type === 'boolean') {
    const { trueValues, falseValues } = booleanWords(field);
    const texts = [...trueValues, ...falseValues];
    if (typeof value !== 'boolean' && !texts.includes(value as string)) {
      fail(path, `be true, false, or one of ${texts.join(', ')}`, value);
    }
  } else if (isOrdered(type)) {
    checkOrderedConstant(path, value, type, field);
  } else if (value === null || value === undefined) {
    fail(path, 'be a value', value);
  }
}
