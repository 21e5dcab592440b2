/** What the engine reads of a Frictionless Table Schema, names verbatim. Where a property is absent, Table Schema's default holds. */
export interface Schema {
  /** In the order of the output's columns; with `fieldsMatch: exact`, of the file's too. */
  readonly fields: readonly Field[];
  /** Unquoted texts that stand for "no value". Default `[""]`. */
  readonly missingValues?: readonly string[];
  /** Fields whose values together no two records share; none of them may be missing. */
  readonly primaryKey?: string | readonly string[];
  /** More such keys; a record that misses a value of one has none. */
  readonly uniqueKeys?: ReadonlyArray<readonly string[]>;
  /** How the columns of a file lead to the fields. Default `exact`. A list of one, as the standard's first profile had it, is that one. */
  readonly fieldsMatch?: FieldsMatch | readonly FieldsMatch[];
  /** Ours: false: letter case does not matter where names are compared. Default true. */
  readonly headerCase?: boolean;
  /** Ours: takes the columns that are no fields, as one JSON object. Default: these columns are ignored where they may be there. */
  readonly rescueColumn?: string;
}

/**
 * `exact`: all fields in the schema's order; `equal`: all, in any order; `subset`: all, and other columns; `superset`: some, and no
 * other column; `partial`: some, and other columns.
 */
export type FieldsMatch = 'exact' | 'equal' | 'subset' | 'superset' | 'partial';

export type FieldType = 'string' | 'integer' | 'number' | 'decimal' | 'boolean' | 'date' | 'datetime';

export interface Field {
  readonly name: string;
  /** Ours: other names that it may have in a file. */
  readonly aliases?: readonly string[];
  /** Default `string`. */
  readonly type?: FieldType;
  /** Default `default`. */
  readonly format?: string;
  /** Several formats, tried in order; instead of `format`. */
  readonly formats?: readonly string[];
  /** Of a `datetime` without an offset: an IANA name or an offset. Default `UTC`. */
  readonly timezone?: string;
  /** Default `.`. */
  readonly decimalChar?: string;
  /** Default none. */
  readonly groupChar?: string;
  /** False: text around the number is not part of it (`$`, `%`, ` EUR`). Default true. */
  readonly bareNumber?: boolean;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  /** Of a `decimal`: the most digits it may have, and the digits after the point. */
  readonly precision?: number;
  readonly scale?: number;
  readonly constraints?: Constraints;
  /** Instead of the schema's. */
  readonly missingValues?: readonly string[];
}

export interface Constraints {
  readonly required?: boolean;
  /** No two records share the value. */
  readonly unique?: boolean;
  /** Code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  /** JavaScript syntax, flag `u`; matches the whole text as it came. */
  readonly pattern?: string;
  readonly enum?: ReadonlyArray<string | number | boolean>;
}
