/**
 * A Frictionless Table Schema, names verbatim (https://datapackage.org/standard/table-schema/): the part that the
 * product supports, and what it adds.
 */

import { NegativeNotationName } from './number-notation';

export const FIELD_TYPES = [
  'string', 'integer', 'number', 'decimal', 'boolean', 'date', 'datetime', 'time', 'year', 'yearmonth', 'duration', 'object', 'array', 'list', 'geopoint',
  'geojson', 'any',
] as const;
export type FieldTypeName = (typeof FIELD_TYPES)[number];

/**
 * How the columns of a file lead to the fields. `exact`: all fields in the schema's order; `equal`: all, in any order;
 * `subset`: all, and other columns; `superset`: some, and no other column; `partial`: some, and other columns.
 */
export const FIELDS_MATCH = ['exact', 'equal', 'subset', 'superset', 'partial'] as const;
export type FieldsMatchName = (typeof FIELDS_MATCH)[number];

export const STRING_FORMATS = ['default', 'any', 'email', 'uri', 'uuid', 'binary'] as const;
export type StringFormatName = (typeof STRING_FORMATS)[number];

/** What may stand in place of a pattern. `epoch` and `epochMillis` are ours: seconds and milliseconds since 1970. */
export const DATE_FORMATS = ['default', 'any'] as const;
export type DateFormatName = (typeof DATE_FORMATS)[number];
export const DATETIME_FORMATS = ['default', 'any', 'epoch', 'epochMillis'] as const;
export type DatetimeFormatName = (typeof DATETIME_FORMATS)[number];

export const GEOPOINT_FORMATS = ['default', 'array', 'object'] as const;
export type GeopointFormatName = (typeof GEOPOINT_FORMATS)[number];
export const GEOJSON_FORMATS = ['default', 'topojson'] as const;
export type GeojsonFormatName = (typeof GEOJSON_FORMATS)[number];

/** The types that the items of a list may have. */
export const ITEM_TYPES = ['string', 'integer', 'boolean', 'number', 'datetime', 'date', 'time'] as const;
export type ItemTypeName = (typeof ITEM_TYPES)[number];

export interface Schema {
  /** In the order of the output's columns; with `fieldsMatch: exact`, of the file's too. */
  readonly fields: readonly Field[];
  /** Unquoted texts that stand for "no value". Default `[""]`. */
  readonly missingValues?: readonly string[];
  /** Default `exact`. A list of one name, as the standard's first profile had it, is that name. */
  readonly fieldsMatch?: FieldsMatchName | readonly FieldsMatchName[];
  /** Ours: false: letter case does not matter where names are compared. Default true. */
  readonly headerCase?: boolean;
  /**
   * Ours, with `subset` and `partial`: one more column of the output, a JSON object of the columns that are no fields.
   * Default: these columns are ignored.
   */
  readonly rescueColumn?: string;
  /** Ours: blanks around names of the header and texts of fields are not part of them. Default false. */
  readonly trim?: boolean;
  /** One field or several, whose values together no two records of the file share. None of them may be missing. */
  readonly primaryKey?: string | readonly string[];
  /** More such keys. A record that misses a value of one has none. */
  readonly uniqueKeys?: ReadonlyArray<readonly string[]>;
}

export interface Field {
  readonly name: string;
  /** Ours: other names that the field may have in a file. */
  readonly aliases?: readonly string[];
  /** Default `string`. */
  readonly type?: FieldTypeName;
  /** Default `default`. */
  readonly format?: string;
  /** Ours: several formats, tried in order; instead of `format`. */
  readonly formats?: readonly string[];
  /** Ours, for `datetime`: an IANA name or an offset; holds where a value has no offset. Default `UTC`. */
  readonly timezone?: string;
  /** Ours, for the patterns of dates: a BCP 47 tag; the language of names. Default English. */
  readonly locale?: string;
  /** Ours, for `%Z` in the patterns of a `datetime`: the offset that each abbreviation is. */
  readonly zoneAbbreviations?: Readonly<Record<string, string>>;
  /** Default `.`. */
  readonly decimalChar?: string;
  /** Default none. */
  readonly groupChar?: string;
  /** Ours, instead of `groupChar`: several, of which each number has one. */
  readonly groupChars?: readonly string[];
  /**
   * False: signs and codes of currencies, per cent signs and blanks around the number are not part of it. Default true.
   */
  readonly bareNumber?: boolean;
  /** Ours: how a number may say that it is negative, beside a minus before it. Default none. */
  readonly negativeNotations?: readonly NegativeNotationName[];
  /** For a `list`: what its items are, in their default format. Default `string`. */
  readonly itemType?: ItemTypeName;
  /** For a `list`: what stands between its items. Default `,`. */
  readonly delimiter?: string;
  /** Default `TRUE_VALUES`. */
  readonly trueValues?: readonly string[];
  /** Default `FALSE_VALUES`. */
  readonly falseValues?: readonly string[];
  /** Ours, for `decimal`: the most digits it may have, and the digits after the point. */
  readonly precision?: number;
  readonly scale?: number;
  readonly constraints?: Constraints;
  /** Instead of the schema's. */
  readonly missingValues?: readonly string[];
  /** Ours, instead of the schema's: blanks around a text are not part of it. */
  readonly trim?: boolean;
  readonly title?: string;
  readonly description?: string;
}

export interface Constraints {
  readonly required?: boolean;
  /** No two records of the file share the value; a missing one is no value. */
  readonly unique?: boolean;
  /** Code points of a string, items of an array or a list, keys of an object. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Exact; a string keeps the digits that a double cannot. Dates as in the field's canonical form. */
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  /** JavaScript syntax, flag `u`; matches the whole text as it came. */
  readonly pattern?: string;
  readonly enum?: ReadonlyArray<string | number | boolean | object>;
}

export const DEFAULT_MISSING_VALUES: readonly string[] = [''];
const TRUE_VALUES: readonly string[] = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES: readonly string[] = ['false', 'False', 'FALSE', '0'];
const DEFAULT_FORMATS: readonly string[] = ['default'];

/** The largest exponent of a number: every finite double and its shortest literal are within. */
export const MAX_EXPONENT = 400;
/** The most digits of a `decimal`; no database has wider ones. */
export const MAX_PRECISION = 1000;

/** The texts that stand for "no value" in a field. */
export function missingValuesOf(field: Pick<Field, 'missingValues'>, schema: Pick<Schema, 'missingValues'>): readonly string[] {
  return field.missingValues ?? schema.missingValues ?? DEFAULT_MISSING_VALUES;
}

/** What may stand between groups of a number's digits. No number has two of them. */
export function groupCharsOf({ groupChar, groupChars }: Pick<Field, 'groupChar' | 'groupChars'>): readonly string[] {
  return groupChars ?? (groupChar === undefined ? [] : [groupChar]);
}

/** The texts that a field takes for true and for false. */
export function booleanWords(field: Pick<Field, 'trueValues' | 'falseValues'>): { trueValues: readonly string[]; falseValues: readonly string[] } {
  return { trueValues: field.trueValues ?? TRUE_VALUES, falseValues: field.falseValues ?? FALSE_VALUES };
}

/** The formats of a field, in the order in which they are tried. */
export function formatsOf(field: Pick<Field, 'format' | 'formats'>): readonly string[] {
  return field.formats ?? (field.format !== undefined ? [field.format] : DEFAULT_FORMATS);
}

export function fieldsMatchOf({ fieldsMatch = 'exact' }: Pick<Schema, 'fieldsMatch'>): FieldsMatchName {
  const [name] = typeof fieldsMatch === 'string' ? [fieldsMatch] : fieldsMatch;
  return name;
}

/** Whether no two records of a file may share some value. */
export function hasKeys({ primaryKey = [], uniqueKeys = [], fields }: Schema): boolean {
  return primaryKey.length > 0 || uniqueKeys.length > 0 || fields.some(({ constraints }) => constraints?.unique === true);
}
