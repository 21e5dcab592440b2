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
  /** Texts that stand for "no value". Default `[""]`. */
  readonly missingValues?: readonly string[];
  /** Ours: false: a text in quotes is a value, whatever it says. Default true. */
  readonly quotedMissingValues?: boolean;
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
  /** Told, and not checked. */
  readonly foreignKeys?: readonly ForeignKey[];
}

export interface ForeignKey {
  readonly fields: string | readonly string[];
  /** Left out, or empty: the `resource` is the file itself. */
  readonly reference: { readonly resource?: string; readonly fields?: string | readonly string[] };
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
  /**
   * Ours, for `string` in JSON: true: a value that is no string, and not null, stands for its JSON text, a number for its
   * digits as they are written. Default false: such a value rejects the record.
   */
  readonly jsonText?: boolean;
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
  /** The values that are allowed, unless `enum` allows fewer of them. A label only describes. */
  readonly categories?: readonly Category[];
  /** Only describes. */
  readonly categoriesOrdered?: boolean;
  /** Instead of the schema's. */
  readonly missingValues?: readonly string[];
  /** Ours, instead of the schema's: blanks around a text are not part of it. */
  readonly trim?: boolean;
  readonly title?: string;
  readonly description?: string;
}

export type Category = string | number | { readonly value: string | number; readonly label?: string };

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
  /** As `minimum` and `maximum`, but the limit itself is beyond it. */
  readonly exclusiveMinimum?: number | string;
  readonly exclusiveMaximum?: number | string;
  /** JavaScript syntax, flag `u`, or what `pattern-syntax.ts` makes that of; matches the whole text as it came. */
  readonly pattern?: string;
  readonly enum?: ReadonlyArray<string | number | boolean | object>;
}

const DEFAULT_MISSING_VALUES: readonly string[] = [''];
const TRUE_VALUES: readonly string[] = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES: readonly string[] = ['false', 'False', 'FALSE', '0'];
const DEFAULT_FORMATS: readonly string[] = ['default'];

/** The largest exponent of a number: every finite double and its shortest literal are within. */
export const MAX_EXPONENT = 400;
/** The most digits of a `decimal`; no database has wider ones. */
export const MAX_PRECISION = 1000;

/** The texts that stand for "no value" in a field. */
export interface MissingTexts {
  /** Where the field stands without quotes. They begin with those of `quoted`. */
  readonly plain: readonly string[];
  /** Where it stands in quotes. */
  readonly quoted: readonly string[];
}

/** @param nullSequence the dialect's */
export function missingTextsOf(field: Pick<Field, 'missingValues'>, schema: Pick<Schema, 'missingValues' | 'quotedMissingValues'>,
  nullSequence: string | null = null): MissingTexts {
  const texts = field.missingValues ?? schema.missingValues ?? DEFAULT_MISSING_VALUES;
  return {
    plain: nullSequence === null ? texts : [...texts, nullSequence],
    quoted: schema.quotedMissingValues === false ? [] : texts,
  };
}

/** What may stand between groups of a number's digits. No number has two of them. */
export function groupCharsOf({ groupChar, groupChars }: Pick<Field, 'groupChar' | 'groupChars'>): readonly string[] {
  return groupChars ?? (groupChar === undefined ? [] : [groupChar]);
}

/** The texts that a field takes for true and for false. */
export function booleanWords(field: Pick<Field, 'trueValues' | 'falseValues'>): { trueValues: readonly string[]; falseValues: readonly string[] } {
  return { trueValues: field.trueValues ?? TRUE_VALUES, falseValues: field.falseValues ?? FALSE_VALUES };
}

/** The values that a field may have, and the property that says so. Undefined: any. */
export function allowedValuesOf({ constraints, categories }: Pick<Field, 'constraints' | 'categories'>):
{ readonly values: NonNullable<Constraints['enum']>; readonly property: 'enum' | 'categories' } | undefined {
  if (constraints?.enum !== undefined) return { values: constraints.enum, property: 'enum' };
  if (categories === undefined || categories.length === 0) return undefined;
  return { values: categories.map((category) => typeof category === 'object' ? category.value : category), property: 'categories' };
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
