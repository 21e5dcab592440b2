/** Frictionless Table Schema (https://datapackage.org/standard/table-schema/), the part that the engine supports. */
export const FIELD_TYPES = ['string', 'integer', 'number', 'decimal', 'boolean', 'date', 'datetime'] as const;
export type FieldTypeName = (typeof FIELD_TYPES)[number];

export interface ConstraintsDescriptor {
  readonly required?: boolean;
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
}
