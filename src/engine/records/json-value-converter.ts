import { Field } from '../../spec/schema';
import { Format } from '../format/format';
import { allowsExtra, compileFieldFinder } from '../header/header-layout';
import { JsonText } from '../json/json-object';
import { RecordFault, setFault } from '../model/record-fault';
import { compileType } from '../types/compile-type';
import { compileField, FieldConverter, quote, REQUIRED } from '../types/field-converter';
import { PLAIN_NUMBER } from '../types/number-types';
import { LiteralKind, ValueType } from '../types/value-type';

/** A value, by its JavaScript type. `JsonText` is exact; a number stands for the digits that it prints as. */
export type RecordValue = string | number | bigint | boolean | null | undefined | JsonText | object;

/**
 * Records of keys and values: finds each field's value by name and converts it. A string is treated like a quoted text
 * of CSV, a number like an unquoted one, but in JSON's notation, whatever the field's `decimalChar`. An absent key,
 * null and undefined are missing values.
 */
export class JsonValueConverter {
  /** The fault of the last record that was refused. */
  readonly fault: RecordFault = { code: 'type', column: undefined, message: '' };
  private readonly find: (name: string) => number | undefined;
  private readonly fields: readonly FieldConverters[];
  private readonly given: RecordValue[];
  private readonly values: string[];

  constructor(private readonly format: Format) {
    const { schema } = format.settings;
    this.find = compileFieldFinder(schema);
    this.fields = schema.fields.map((field, index) => compileConverters(field, schema.missingValues, format.converters[index]));
    this.given = new Array<RecordValue>(schema.fields.length);
    this.values = new Array<string>(format.recordColumns.length).fill('null');
  }

  /**
   * A key that is not expected or comes twice is the first fault; after that the first in the schema's order counts.
   *
   * @param members in any order
   * @returns as `RecordReader.read` does
   */
  convert(members: Iterable<readonly [key: string, value: RecordValue]>): readonly string[] | undefined {
    if (!this.distribute(members)) return undefined;
    const { given, values, fields } = this;
    for (let field = 0; field < fields.length; field++) {
      const json = convertValue(given[field], fields[field]);
      if (typeof json !== 'string') return this.refuse(json.code, fields[field].name, json.message);
      values[field] = json;
    }
    return values;
  }

  /** @returns whether each key stands for a field of its own, or may be there all the same */
  private distribute(members: Iterable<readonly [string, RecordValue]>): boolean {
    const { schema } = this.format.settings;
    this.given.fill(undefined);
    const seen = new Set<number | string>();
    const extra: string[] = [];
    let known = 0;
    for (const [key, value] of members) {
      const field = this.find(key);
      if (seen.has(field ?? key)) {
        const other = field === undefined || key === schema.fields[field].name ? '' : `, as ${quote(schema.fields[field].name)}`;
        this.refuse('field_count', undefined, `a record must have each field once, this one has the key ${quote(key)} again${other}`);
        return false;
      }
      seen.add(field ?? key);
      if (field !== undefined) {
        this.given[field] = value;
        known++;
      } else if (!allowsExtra(schema)) {
        this.refuse('field_count', undefined, `a record must have no keys but the fields of the schema, this one has ${quote(key)}`);
        return false;
      } else if (schema.rescueColumn !== undefined) {
        extra.push(`${JSON.stringify(key)}:${literalOf(value)}`);
      }
    }
    if (known === 0 && seen.size > 0) {
      // Also where other keys are allowed, one must be the schema's, as in a header: else misspelt keys would make a
      // file of nulls.
      this.refuse('field_count', undefined, 'a record must have at least one of the fields of the schema, this one has other keys only');
      return false;
    }
    if (schema.rescueColumn !== undefined) this.values[this.fields.length] = extra.length === 0 ? 'null' : `{${extra.join(',')}}`;
    return true;
  }

  private refuse(code: RecordFault['code'], column: string | undefined, message: string): undefined {
    setFault(this.fault, code, column, message);
    return undefined;
  }
}

type ValueFault = Pick<RecordFault, 'code' | 'message'>;

interface FieldConverters {
  readonly name: string;
  readonly expected: string;
  readonly missing: string | ValueFault;
  readonly ofText: FieldConverter;
  /** Undefined where no number is a value of the field. */
  readonly ofNumber: FieldConverter | undefined;
  readonly ofBoolean: FieldConverter | undefined;
  readonly ofObject: FieldConverter | undefined;
  readonly ofArray: FieldConverter | undefined;
}

const JSON_BOOLEAN: ValueType = {
  expected: 'a boolean',
  read: (text) => text,
};

function compileConverters(field: Field, missingValues: readonly string[] | undefined, ofText: FieldConverter): FieldConverters {
  const { type: name = 'string' } = field;
  const type = compileType(field);
  const ofLiteral = (kind: LiteralKind) => type.readLiteral && compileField(field, missingValues, {
    ...type, read: (literal) => type.readLiteral!(kind, literal),
  });
  const inJson = {
    ...field, decimalChar: undefined, groupChar: undefined, groupChars: undefined, bareNumber: undefined, negativeNotations: undefined,
  };
  return {
    name: field.name,
    expected: type.expected,
    missing: field.constraints?.required === true ? REQUIRED : 'null',
    ofText,
    ofNumber: ofLiteral('number') ?? (name === 'string' ? undefined : compileField(field, missingValues, compileType(inJson))),
    ofBoolean: ofLiteral('boolean') ?? (name === 'boolean' ? compileField(field, missingValues, JSON_BOOLEAN) : undefined),
    ofObject: ofLiteral('object'),
    ofArray: ofLiteral('array'),
  };
}

function convertValue(value: RecordValue, field: FieldConverters): string | ValueFault {
  switch (typeof value) {
    case 'undefined':
      return field.missing;
    case 'string':
      // JSON can escape half a surrogate pair, which no Unicode text can hold.
      if (!value.isWellFormed()) return { code: 'encoding', message: `a string must be Unicode text, this one has half a surrogate pair: ${quote(value)}` };
      return field.ofText(value, true);
    case 'boolean':
      return field.ofBoolean?.(String(value), true) ?? unexpected(field, 'a boolean');
    case 'bigint':
      return field.ofNumber?.(String(value), false) ?? unexpected(field, 'a number');
    case 'number':
      return field.ofNumber?.(printed(value), false) ?? unexpected(field, 'a number');
    case 'object':
      if (value === null) return field.missing;
      if (value instanceof JsonText) return converterOf(value.kind, field)?.(value.text, value.kind !== 'number') ?? unexpected(field, kindOf(value));
      return unexpected(field, kindOf(value));
    case 'function':
    case 'symbol':
      return unexpected(field, `a ${typeof value}`);
  }
}

function converterOf(kind: JsonText['kind'], { ofNumber, ofObject, ofArray }: FieldConverters): FieldConverter | undefined {
  switch (kind) {
    case 'number': return ofNumber;
    case 'object': return ofObject;
    case 'array': return ofArray;
  }
}

/** A double stands for the digits that it prints as, not for its binary value, which has more of them. */
function printed(value: number): string {
  const text = String(value);
  // From 1e21 on integers print with an exponent, which the notation of an integer does not have.
  return Number.isInteger(value) ? PLAIN_NUMBER.read(text) ?? text : text;
}

function kindOf(value: object): string {
  // Only a transform can answer with one: JSON has no dates.
  if (value instanceof Date) return 'a Date (expected its ISO text)';
  const kind = value instanceof JsonText ? value.kind : Array.isArray(value) ? 'array' : 'object';
  return `${kind === 'number' ? 'a' : 'an'} ${kind}`;
}

function unexpected({ expected }: FieldConverters, got: string): ValueFault {
  return { code: 'type', message: `expected ${expected}, got ${got}` };
}

/** The JSON of a value that is kept as it is. */
function literalOf(value: RecordValue): string {
  if (value instanceof JsonText) return value.text;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value) ?? 'null';
}
