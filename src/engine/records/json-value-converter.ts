import { Field, MissingTexts, missingTextsOf, Schema } from '../../spec/schema';
import { isTrimmed } from '../../spec/trim';
import { Format } from '../format/format';
import { allowsExtra, compileFieldFinder } from '../header/header-layout';
import { holdsHalfPair } from '../json/half-pair';
import { JsonText } from '../json/json-object';
import { RecordFault, setFault } from '../model/record-fault';
import { compileType } from '../types/compile-type';
import { absentValue, compileField, FieldConverter, halfPairMessage, quote } from '../types/field-converter';
import { PLAIN_NUMBER } from '../types/number-types';
import { LiteralKind, ValueType } from '../types/value-type';

/** A value, by its JavaScript type. `JsonText` is exact; a number stands for the digits that it prints as. */
export type RecordValue = string | number | bigint | boolean | null | undefined | JsonText | object;

/**
 * Records of keys and values: finds each field's value by name and converts it. A string is treated like a quoted text
 * of CSV, except that a string for a `string` field is never a missing value; a number like an unquoted text, but in
 * JSON's notation, whatever the field's `decimalChar`. An absent key, null and undefined are missing values.
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
    this.fields = schema.fields.map((field) => compileConverters(field, schema));
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
        const member = `${JSON.stringify(key)}:${literalOf(value)}`;
        if (holdsHalfPair(member)) {
          this.refuse('encoding', schema.rescueColumn, halfPairMessage(member));
          return false;
        }
        extra.push(member);
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
  /** Of a value that is taken as its JSON text; undefined where none is. */
  readonly ofJson: FieldConverter | undefined;
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

const NONE_MISSING: MissingTexts = { plain: [], quoted: [] };

function compileConverters(given: Field, schema: Schema): FieldConverters {
  const field = { ...given, trim: isTrimmed(given, schema) };
  const { type: name = 'string' } = field;
  const type = compileType(field);
  const missing = missingTextsOf(field, schema);
  const ofLiteral = (kind: LiteralKind) => type.readLiteral && compileField(field, missing, {
    ...type, read: (literal) => type.readLiteral!(kind, literal),
  });
  const inJson = {
    ...field, decimalChar: undefined, groupChar: undefined, groupChars: undefined, bareNumber: undefined, negativeNotations: undefined,
  };
  return {
    name: field.name,
    expected: type.expected,
    missing: absentValue(field),
    // JSON has null: a string stands for itself where the field is one.
    ofText: compileField(field, name === 'string' ? NONE_MISSING : missing),
    ofJson: field.jsonText === true ? compileField(field, missing) : undefined,
    ofNumber: ofLiteral('number') ?? (name === 'string' ? undefined : compileField(field, missing, compileType(inJson))),
    ofBoolean: ofLiteral('boolean') ?? (name === 'boolean' ? compileField(field, NONE_MISSING, JSON_BOOLEAN) : undefined),
    ofObject: ofLiteral('object'),
    ofArray: ofLiteral('array'),
  };
}

function convertValue(value: RecordValue, field: FieldConverters): string | ValueFault {
  const jsonText = field.ofJson && jsonTextOf(value);
  // Like a number of another field, it may be a missing value.
  if (jsonText !== undefined) return holdsHalfPair(jsonText) ? notUnicode(jsonText) : field.ofJson!(jsonText, false);
  switch (typeof value) {
    case 'undefined':
      return field.missing;
    case 'string':
      if (!value.isWellFormed()) return notUnicode(value);
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

/** The JSON of a value that is no string, and has any. */
function jsonTextOf(value: RecordValue): string | undefined {
  if (typeof value === 'number') return printed(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? literalOf(value) : undefined;
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

function notUnicode(text: string): ValueFault {
  return { code: 'encoding', message: halfPairMessage(text) };
}

function unexpected({ expected }: FieldConverters, got: string): ValueFault {
  return { code: 'type', message: `expected ${expected}, got ${got}` };
}

/** The JSON of a value that is kept as it is. */
function literalOf(value: RecordValue): string {
  if (value instanceof JsonText) return value.text;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value) ?? 'null';
}
