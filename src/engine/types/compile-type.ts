import { booleanType } from './boolean-type';
import { yearmonthType, yearType } from './calendar-types';
import { dateType, datetimeType } from './date-types';
import { durationType } from './duration-type';
import { geojsonType, geopointType } from './geo-types';
import { anyType, arrayType, objectType } from './json-types';
import { listType } from './list-type';
import { decimalType, integerType, numberType } from './number-types';
import { stringType } from './string-type';
import { timeType } from './time-type';
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
  time: timeType,
  year: yearType,
  yearmonth: yearmonthType,
  duration: durationType,
  object: objectType,
  array: arrayType,
  list: listType,
  geopoint: geopointType,
  geojson: geojsonType,
  any: anyType,
};

/** Throws on settings that cannot be compiled, such as a format that does not exist. */
export function compileType(field: Field): ValueType {
  const type = field.type ?? 'string';
  if (!Object.hasOwn(TYPES, type)) {
    throw new Error(`type must be one of ${Object.keys(TYPES).join(', ')}, got ${visibleJson(type)}`);
  }
  return TYPES[type](field);
}
