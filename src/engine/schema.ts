/** What the engine reads of a Frictionless Table Schema, names verbatim. Where a property is absent, Table Schema's default holds. */
export interface Schema {
  /** In the order of the file's columns. */
  readonly fields: readonly Field[];
  /** Unquoted texts that stand for "no value". Default `[""]`. */
  readonly missingValues?: readonly string[];
}

export type FieldType = 'string' | 'integer' | 'number' | 'decimal' | 'boolean' | 'date' | 'datetime';

export interface Field {
  readonly name: string;
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
  /** Code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  /** JavaScript syntax, flag `u`; matches the whole text as it came. */
  readonly pattern?: string;
  readonly enum?: ReadonlyArray<string | number | boolean>;
}
