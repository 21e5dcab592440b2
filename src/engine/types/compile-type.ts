import { booleanType } from './boolean-type';
import { dateType, datetimeType } from './date-types';
import { decimalType, integerType, numberType } from './number-types';
import { stringType } from './string-type';
import { ValueType } from './value-type';
import { Field, FieldTypeName } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';

const TYPES: Readonly<Record<FieldTypeName, (field: Field) => ValueType>> = {
  string: stringType,
  integer: integerType,
  number: numberType,
  decimal: decimalType,
  boolean: booleanType,
  date: dateType,
  datetime: datetimeType,
};

/** Throws on settings that cannot be compiled, such as a format that does not exist. */
export function compileType(field: Field): ValueType {
  const type = field.type ?? 'string';
  if (!Object.hasOwn(TYPES, type)) {
    throw new Error(`type must be one of ${Object.keys(TYPES).join(', ')}, got ${visibleJson(type)}`);
  }
  return TYPES[type](field);
}
