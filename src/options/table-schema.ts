import { FieldsMatch } from './fields-match';
import { NegativeNotation } from './negative-notation';
import { Field, ItemTypeName, Schema } from '../spec/schema';
import { checkTableSchema } from '../spec/schema-check';
import { checkCompiles } from '../synth/compiled-schema';
import { dropUndefined } from '../synth/drop-undefined';
import { checkDescriptorKnown } from '../synth/prop-checks';
import { checkObject, isListOf, isStruct } from '../synth/prop-types';
import { readJsonFile } from '../user-files/json-file';

/** What a field holds, and how it is published. */
export enum FieldType {
  /** Any text; published as it is. */
  STRING = 'string',
  /** A whole number of any size; published as a JSON number, digit for digit. */
  INTEGER = 'integer',
  /** A number of any precision; published as a JSON number in canonical form, never through a double. */
  NUMBER = 'number',
  /** An exact amount; published as a JSON string with exactly `scale` fraction digits. */
  DECIMAL = 'decimal',
  /** One of `trueValues` or `falseValues`; published as true or false. */
  BOOLEAN = 'boolean',
  /** A date; published as `YYYY-MM-DD`. */
  DATE = 'date',
  /** A point in time; published as ISO 8601 in UTC with milliseconds. */
  DATETIME = 'datetime',
  /** A time of day; published as `hh:mm:ss`, with a fraction of a second where there is one. */
  TIME = 'time',
  /** A year, 0001 to 9999; published as a JSON number. */
  YEAR = 'year',
  /** A month of a year; published as `YYYY-MM`. */
  YEARMONTH = 'yearmonth',
  /** A duration as XML Schema writes it, `P1Y2M3DT4H5M6S`; published as it is. */
  DURATION = 'duration',
  /** A JSON object; published as JSON. */
  OBJECT = 'object',
  /** A JSON array; published as JSON. */
  ARRAY = 'array',
  /** Values of one `itemType` between delimiters; published as a JSON array. */
  LIST = 'list',
  /** A longitude and a latitude; published in the form of its format. */
  GEOPOINT = 'geopoint',
  /** A GeoJSON object, or a TopoJSON topology; published as JSON. */
  GEOJSON = 'geojson',
  /** Any text, and of JSON any value; published as it is. */
  ANY = 'any',
}

/**
 * What a value must fulfil; a record that does not is rejected. Names as in Frictionless Table Schema.
 *
 * @see https://datapackage.org/standard/table-schema/
 */
export interface FieldConstraints {
  /**
   * The value must not be missing.
   *
   * @default false
   */
  readonly required?: boolean;

  /**
   * No two records of a file may have the same value: the later ones are rejected. A missing value is no value.
   *
   * @default false
   */
  readonly unique?: boolean;

  /**
   * Fewest characters (code points) of a string, items of an array or a list, keys of an object.
   *
   * @default - no limit
   */
  readonly minLength?: number;

  /**
   * Most characters, items or keys, as `minLength`.
   *
   * @default - no limit
   */
  readonly maxLength?: number;

  /**
   * Smallest value of a number, date, datetime, time, year, yearmonth or duration. A string keeps digits that a number would lose; dates and datetimes
   * as they are published.
   *
   * @default - no limit
   */
  readonly minimum?: number | string;

  /**
   * Largest value, as `minimum`.
   *
   * @default - no limit
   */
  readonly maximum?: number | string;

  /**
   * As `minimum`, but the value is greater than it.
   *
   * @default - no limit
   */
  readonly exclusiveMinimum?: number | string;

  /**
   * As `maximum`, but the value is less than it.
   *
   * @default - no limit
   */
  readonly exclusiveMaximum?: number | string;

  /**
   * A regular expression that the whole value matches.
   *
   * @default - any value
   */
  readonly pattern?: string;

  /**
   * The values that are allowed.
   *
   * @default - any value
   */
  readonly enum?: (string | number | boolean)[];
}

/**
 * One column. Names as in Frictionless Table Schema; `aliases`, `formats`, `timezone`, `locale`,
 * `zoneAbbreviations`, `groupChars`, `negativeNotations`, `precision`, `scale`, `trim` and the type `decimal` are additions.
 *
 * @see https://datapackage.org/standard/table-schema/
 */
export interface TableField {
  /**
   * The column's name in the header and in the published records.
   */
  readonly name: string;

  /**
   * Other names that the column may have in a file. It is published under its `name`.
   *
   * @default - none
   */
  readonly aliases?: string[];

  /**
   * What the field holds.
   *
   * @default FieldType.STRING
   */
  readonly type?: FieldType;

  /**
   * For a date or datetime: `default` (ISO 8601), `any`, or a pattern like `%Y-%m-%d`; for a datetime also `epoch` and
   * `epochMillis`, the seconds and milliseconds since 1970. For a string: `default`, `email`, `uri`, `uuid` or
   * `binary`. For a time: `default` (`hh:mm:ss`), `any`, or a pattern like `%H:%M`. For a geopoint: `default`
   * (`lon, lat`), `array` or `object`. For a geojson: `default` or `topojson`.
   *
   * @default 'default'
   */
  readonly format?: string;

  /**
   * Several formats, tried in order, in place of `format`.
   *
   * @default - `format` alone
   */
  readonly formats?: string[];

  /**
   * For a datetime: an IANA name or an offset, for values that carry no offset.
   *
   * @default 'UTC'
   */
  readonly timezone?: string;

  /**
   * For a date or datetime: the language of the names of months, weekdays and halves of the day (`%b`, `%B`, `%a`,
   * `%A`, `%p`), as a BCP 47 tag such as `de` or `fr-CA`. The names are those of the runtime's own data.
   *
   * @default - English
   */
  readonly locale?: string;

  /**
   * For a datetime: what `%Z` reads in its patterns, the offset of each abbreviation of a zone:
   * `{ CET: '+01:00', CEST: '+02:00' }`.
   *
   * @default - none: there is no `%Z`
   */
  readonly zoneAbbreviations?: { [abbreviation: string]: string };

  /**
   * For a number: separates the fraction.
   *
   * @default '.'
   */
  readonly decimalChar?: string;

  /**
   * For a number: groups digits.
   *
   * @default - none
   */
  readonly groupChar?: string;

  /**
   * For a number: several characters of which each may group its digits, in place of `groupChar`: `' '`, no-break
   * spaces, apostrophes. No number has two of them.
   *
   * @default - `groupChar` alone
   */
  readonly groupChars?: string[];

  /**
   * For a number: false allows signs and codes of currencies, per cent signs and blanks before and after it. Whatever
   * else stands there rejects the record: it could turn the number's meaning.
   *
   * @default true
   */
  readonly bareNumber?: boolean;

  /**
   * For a number: how it may say that it is negative, beside a minus before it. A text with two marks, or with a mark
   * and a sign, rejects the record.
   *
   * @default - none: such texts reject the record
   */
  readonly negativeNotations?: NegativeNotation[];

  /**
   * For a string in JSON: a value that is no string, and not null, stands for its JSON text: a number for its digits as
   * they are written, an object or array for its text without blanks.
   *
   * @default false - such a value rejects the record
   */
  readonly jsonText?: boolean;

  /**
   * For a list: what its items are, in their default format: string, integer, boolean, number, datetime, date or time.
   *
   * @default FieldType.STRING
   */
  readonly itemType?: FieldType;

  /**
   * For a list: what stands between its items.
   *
   * @default ','
   */
  readonly delimiter?: string;

  /**
   * For a boolean: the values that mean true.
   *
   * @default ['true', 'True', 'TRUE', '1']
   */
  readonly trueValues?: string[];

  /**
   * For a boolean: the values that mean false.
   *
   * @default ['false', 'False', 'FALSE', '0']
   */
  readonly falseValues?: string[];

  /**
   * For a decimal: the most digits in all.
   *
   * @default - no limit
   */
  readonly precision?: number;

  /**
   * For a decimal: the digits after the point; fewer are padded, and more reject the record unless they are zeros.
   *
   * @default - as many as the value has
   */
  readonly scale?: number;

  /**
   * The values that are allowed, as a kind of their own; `enum` of `constraints` may allow fewer of them.
   *
   * @default - any value
   */
  readonly categories?: (string | number)[];

  /**
   * What a value must fulfil.
   *
   * @default - nothing beyond the type
   */
  readonly constraints?: FieldConstraints;

  /**
   * The values of this field that stand for no value.
   *
   * @default - those of the schema
   */
  readonly missingValues?: string[];

  /**
   * Blanks around the texts of this field are not part of them.
   *
   * @default - that of the schema
   */
  readonly trim?: boolean;

  /**
   * The column's name for people.
   *
   * @default - none
   */
  readonly title?: string;

  /**
   * What the column means.
   *
   * @default - none
   */
  readonly description?: string;
}

/**
 * What holds for all fields of a schema. Names as in Frictionless Table Schema; `quotedMissingValues`, `headerCase`,
 * `rescueColumn` and `trim` are additions.
 *
 * @see https://datapackage.org/standard/table-schema/
 */
export interface TableSchemaOptions {
  /**
   * The values that stand for no value; published as null. Whether they stand in quotes does not matter, unless
   * `quotedMissingValues` is false. In JSON, which has null, a string stands for itself where the field is a string.
   *
   * @default ['']
   */
  readonly missingValues?: string[];

  /**
   * False: a value in quotes is never a missing one, as in PostgreSQL; for files in which `NA` and `"NA"` differ.
   *
   * @default true
   */
  readonly quotedMissingValues?: boolean;

  /**
   * How the columns of a file lead to the fields. All but `EXACT` go by the names in the header. The keys of JSON
   * objects are taken in any order and may be left out for fields that are not required, whatever this says; only
   * whether there may be others depends on it.
   *
   * @default FieldsMatch.EXACT
   */
  readonly fieldsMatch?: FieldsMatch;

  /**
   * Letter case matters where a name in a file is compared with the names and aliases of the fields.
   *
   * @default true
   */
  readonly headerCase?: boolean;

  /**
   * With `FieldsMatch.SUBSET` and `PARTIAL`: the name of one more column of the output, which takes the columns that
   * are no fields as one JSON object. Its keys are the names in the header in the order of the file; a value is the
   * text, or null for an unquoted missing value. Of JSON input it holds the values as they came. Null where there are
   * no such columns.
   *
   * @default - such columns are ignored
   */
  readonly rescueColumn?: string;

  /**
   * Blanks around names in the header and around texts of fields, quoted or not, are not part of them: they are taken
   * off before anything is compared or read. Blanks are what Unicode calls White_Space, no-break spaces too, and
   * U+FEFF, which is a byte order mark that has strayed.
   *
   * @default false
   */
  readonly trim?: boolean;

  /**
   * The fields that identify a record: no two records of a file may have the same values in all of them, the later ones
   * are rejected. None of these values may be missing.
   *
   * @default - none
   */
  readonly primaryKey?: string[];

  /**
   * More keys, each a list of fields. A record that misses a value of a key does not have that key.
   *
   * @default - none
   */
  readonly uniqueKeys?: string[][];
}

/** What every record of a file must be. */
export class TableSchema {
  /**
   * A schema from its fields, in the order of the columns.
   *
   * @throws when the fields do not make a schema, with what was expected and what came.
   */
  public static fromFields(fields: TableField[], options: TableSchemaOptions = {}): TableSchema {
    isFields('schema.fields', fields);
    checkObject('options', options);
    return new TableSchema(dropUndefined({
      fields: fields.map(renderField),
      missingValues: options.missingValues,
      quotedMissingValues: options.quotedMissingValues,
      fieldsMatch: options.fieldsMatch,
      headerCase: options.headerCase,
      rescueColumn: options.rescueColumn,
      trim: options.trim,
      primaryKey: options.primaryKey,
      uniqueKeys: options.uniqueKeys,
    }));
  }

  /**
   * A schema from a Frictionless Table Schema in a JSON file, read at synth.
   *
   * @param path absolute, or relative to the working directory.
   */
  public static fromFile(path: string): TableSchema {
    return new TableSchema(readJsonFile(path, 'a Table Schema file (JSON)'));
  }

  /** @internal */
  public readonly _descriptor: Schema;

  private constructor(descriptor: unknown) {
    checkDescriptorKnown('schema', descriptor);
    this._descriptor = checkTableSchema(descriptor);
    checkCompiles(this._descriptor);
  }
}

/** What the descriptor's own checks would not see, because it is copied. */
const isFields = isListOf(isStruct({ constraints: checkObject }));

/**
 * Copies property by property: jsii hands structs over with their keys in an order of its own, and the serialised
 * schema (so the template) must be the same from every language.
 */
function renderField(field: TableField): Field {
  return {
    name: field.name,
    aliases: field.aliases,
    type: field.type,
    format: field.format,
    formats: field.formats,
    timezone: field.timezone,
    locale: field.locale,
    zoneAbbreviations: field.zoneAbbreviations && Object.fromEntries(Object.entries(field.zoneAbbreviations).sort()),
    decimalChar: field.decimalChar,
    groupChar: field.groupChar,
    groupChars: field.groupChars,
    bareNumber: field.bareNumber,
    negativeNotations: field.negativeNotations,
    jsonText: field.jsonText,
    itemType: field.itemType as ItemTypeName | undefined,
    delimiter: field.delimiter,
    trueValues: field.trueValues,
    falseValues: field.falseValues,
    precision: field.precision,
    scale: field.scale,
    categories: field.categories,
    constraints: field.constraints && {
      required: field.constraints.required,
      unique: field.constraints.unique,
      minLength: field.constraints.minLength,
      maxLength: field.constraints.maxLength,
      minimum: field.constraints.minimum,
      maximum: field.constraints.maximum,
      exclusiveMinimum: field.constraints.exclusiveMinimum,
      exclusiveMaximum: field.constraints.exclusiveMaximum,
      pattern: field.constraints.pattern,
      enum: field.constraints.enum,
    },
    missingValues: field.missingValues,
    trim: field.trim,
    title: field.title,
    description: field.description,
  };
}
