import { patternFault } from './date-directives';
import {
  checkBoolean, checkObject, checkPropertyNames, checkString, checkStrings, checkWholeNumber, fail, Properties,
} from './descriptor-check';
import { checkHeaderPolicy, FieldsMatchName } from './header-policy';
import { checkKeys } from './key-check';
import { checkOrderedConstant, isSurelyGreater, ORDERED_TYPES } from './schema-constants';

/** Frictionless Table Schema (https://datapackage.org/standard/table-schema/), the part that the engine supports. */
export const FIELD_TYPES = ['string', 'integer', 'number', 'decimal', 'boolean', 'date', 'datetime'] as const;
export type FieldTypeName = (typeof FIELD_TYPES)[number];

export interface ConstraintsDescriptor {
  readonly required?: boolean;
  /** No two records of the file share the value; a missing one is no value. */
  readonly unique?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Exact; a string keeps the digits that a double cannot. Dates as in the field's canonical form. */
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  /** Matches the whole value. */
  readonly pattern?: string;
  readonly enum?: ReadonlyArray<string | number | boolean>;
}

export interface FieldDescriptor {
  readonly name: string;
  /** Ours: other names that the field may have in a file. */
  readonly aliases?: readonly string[];
  readonly type?: FieldTypeName;
  readonly format?: string;
  /** Ours: several formats, tried in order. */
  readonly formats?: readonly string[];
  /** Ours, for `datetime`: an IANA name or an offset; holds where a value has no offset. Default UTC. */
  readonly timezone?: string;
  readonly decimalChar?: string;
  readonly groupChar?: string;
  readonly bareNumber?: boolean;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  /** Ours, for `decimal`: the total of digits, and the digits after the point. */
  readonly precision?: number;
  readonly scale?: number;
  readonly constraints?: ConstraintsDescriptor;
  readonly missingValues?: readonly string[];
  readonly title?: string;
  readonly description?: string;
}

export interface TableSchemaDescriptor {
  readonly fields: readonly FieldDescriptor[];
  /** Default `[""]`. */
  readonly missingValues?: readonly string[];
  /** Default `exact`. */
  readonly fieldsMatch?: FieldsMatchName | readonly FieldsMatchName[];
  /** Ours: false: letter case does not matter where names are compared. Default true. */
  readonly headerCase?: boolean;
  /** Ours, with `subset` and `partial`: one more column of the output, a JSON object of the columns that are no fields. Default: these are ignored. */
  readonly rescueColumn?: string;
  /** One field or several, whose values together no two records of the file share. None of them may be missing. */
  readonly primaryKey?: string | readonly string[];
  /** More such keys. A record that misses a value of one has none. */
  readonly uniqueKeys?: ReadonlyArray<readonly string[]>;
}

const SCHEMA_PROPERTIES = [
  'fields', 'missingValues', 'fieldsMatch', 'headerCase', 'rescueColumn', 'primaryKey', 'uniqueKeys', '$schema', 'name', 'title', 'description',
];
const UNSUPPORTED_SCHEMA_PROPERTIES = ['foreignKeys'];
const FIELD_PROPERTIES = ['name', 'aliases', 'type', 'format', 'formats', 'constraints', 'missingValues', 'title', 'description', 'example', 'rdfType'];
const UNSUPPORTED_FIELD_PROPERTIES = ['categories', 'categoriesOrdered'];
const CONSTRAINTS = ['required', 'unique', 'minLength', 'maxLength', 'minimum', 'maximum', 'pattern', 'enum'];
const UNSUPPORTED_CONSTRAINTS = ['exclusiveMinimum', 'exclusiveMaximum', 'jsonSchema'];

/** Field properties that only some types have. */
const TYPES_OF_PROPERTY: Readonly<Record<string, readonly FieldTypeName[]>> = {
  decimalChar: ['number', 'decimal', 'integer'],
  groupChar: ['number', 'decimal', 'integer'],
  bareNumber: ['number', 'decimal', 'integer'],
  precision: ['decimal'],
  scale: ['decimal'],
  trueValues: ['boolean'],
  falseValues: ['boolean'],
  timezone: ['datetime'],
};

const STRING_FORMATS = ['default', 'any', 'email', 'uri', 'uuid', 'binary'];
const TRUE_VALUES = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES = ['false', 'False', 'FALSE', '0'];
/** No database has wider decimals. */
const MAX_PRECISION = 1000;

/**
 * The descriptor itself, after it is sure that the engine can validate by it. Throws an error that names the path, what
 * it must be and what it is. What only describes (`title`, `example` …) may be there; whatever else is not known may not.
 */
export function checkTableSchema(descriptor: unknown): TableSchemaDescriptor {
  const schema = checkObject('schema', descriptor);
  checkPropertyNames('schema', schema, SCHEMA_PROPERTIES, UNSUPPORTED_SCHEMA_PROPERTIES);
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
  checkKeys(schema, [...positions.keys()]);
  return descriptor as TableSchemaDescriptor;
}

function checkField(path: string, value: unknown): Properties {
  const field = checkObject(path, value);
  checkPropertyNames(path, field, [...FIELD_PROPERTIES, ...Object.keys(TYPES_OF_PROPERTY)], UNSUPPORTED_FIELD_PROPERTIES);
  if (typeof field.name !== 'string' || field.name === '') {
    fail(`${path}.name`, 'be a string of at least one character', field.name);
  }
  // Counts are kept by field name, and stores of JSON objects lose this one.
  if (field.name === '__proto__') fail(`${path}.name`, 'be another name', field.name);
  const type = (field.type === undefined ? 'string' : field.type) as FieldTypeName;
  if (!FIELD_TYPES.includes(type)) {
    fail(`${path}.type`, `be one of ${FIELD_TYPES.join(', ')}`, type);
  }
  for (const [property, types] of Object.entries(TYPES_OF_PROPERTY)) {
    if (field[property] !== undefined && !types.includes(type)) {
      fail(`${path}.${property}`, `be left out: it is for type ${types.join(', ')}, and the type is ${type}`, field[property]);
    }
  }
  checkStrings(`${path}.aliases`, field.aliases);
  checkFormats(path, field, type);
  checkNumberProperties(path, field);
  checkBooleanValues(path, field);
  checkTimezone(`${path}.timezone`, field.timezone);
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
  if (field.format !== undefined) {
    checkFormat(`${path}.format`, field.format as string, type);
  }
  formats?.forEach((format, index) => checkFormat(`${path}.formats[${index}]`, format, type));
}

function checkFormat(path: string, format: string, type: FieldTypeName): void {
  if (type === 'date' || type === 'datetime') {
    if (format.startsWith('fmt:')) fail(path, `be written without fmt:, which is no longer part of Table Schema (${format.slice(4)})`, format);
    const fault = ['default', 'any'].includes(format) ? undefined : patternFault(format, type);
    if (fault !== undefined) {
      fail(path, format.includes('%') ? fault : 'be default, any, or a pattern such as %Y-%m-%d', format);
    }
  } else if (type === 'string') {
    if (!STRING_FORMATS.includes(format)) {
      fail(path, `be one of ${STRING_FORMATS.join(', ')}`, format);
    }
  } else if (format !== 'default') {
    fail(path, `be default for type ${type}`, format);
  }
}

function checkNumberProperties(path: string, { decimalChar, groupChar, bareNumber, precision, scale }: Properties): void {
  for (const [name, character] of Object.entries({ decimalChar, groupChar })) {
    if (character !== undefined && (typeof character !== 'string' || !/^[^\d+\-eE\r\n]$/u.test(character))) {
      fail(`${path}.${name}`, 'be one character that no number has otherwise (no digit, sign or e)', character);
    }
  }
  if (groupChar !== undefined && groupChar === (decimalChar ?? '.')) {
    fail(`${path}.groupChar`, 'differ from the decimalChar', groupChar);
  }
  checkBoolean(`${path}.bareNumber`, bareNumber);
  checkWholeNumber(`${path}.precision`, precision, 1, MAX_PRECISION);
  checkWholeNumber(`${path}.scale`, scale, 0, (precision as number | undefined) ?? MAX_PRECISION);
}

function checkBooleanValues(path: string, field: Properties): void {
  checkStrings(`${path}.trueValues`, field.trueValues);
  checkStrings(`${path}.falseValues`, field.falseValues);
  const trueValues = (field.trueValues ?? TRUE_VALUES) as string[];
  const falseValues = (field.falseValues ?? FALSE_VALUES) as string[];
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
  checkPropertyNames(path, constraints, CONSTRAINTS, UNSUPPORTED_CONSTRAINTS);
  checkBoolean(`${path}.required`, constraints.required);
  checkBoolean(`${path}.unique`, constraints.unique);
  checkLengths(path, constraints, type);
  checkPattern(`${path}.pattern`, constraints.pattern);
  checkLimits(path, constraints, field, type);
  checkEnum(`${path}.enum`, constraints.enum, field, type);
}

function checkLengths(path: string, constraints: Properties, type: FieldTypeName): void {
  for (const name of ['minLength', 'maxLength']) {
    checkWholeNumber(`${path}.${name}`, constraints[name], 0);
    if (constraints[name] !== undefined && type !== 'string') {
      fail(`${path}.${name}`, `be left out: it is for type string, and the type is ${type}`, constraints[name]);
    }
  }
  const { minLength, maxLength } = constraints as ConstraintsDescriptor;
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
    if (!ORDERED_TYPES.includes(type)) {
      fail(`${path}.${name}`, `be left out: it is for type ${ORDERED_TYPES.join(', ')}, and the type is ${type}`, constraints[name]);
    }
    checkOrderedConstant(`${path}.${name}`, constraints[name], type, field);
  }
  const { minimum, maximum } = constraints as ConstraintsDescriptor;
  if (minimum !== undefined && maximum !== undefined && isSurelyGreater(minimum, maximum, type)) {
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
      const texts = [...(field.trueValues ?? TRUE_VALUES) as string[], ...(field.falseValues ?? FALSE_VALUES) as string[]];
      if (typeof value !== 'boolean' && !texts.includes(value as string)) {
        fail(entryPath, `be true, false, or one of ${texts.join(', ')}`, value);
      }
    } else {
      checkOrderedConstant(entryPath, value, type, field);
    }
  });
}
