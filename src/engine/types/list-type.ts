import { booleanType } from './boolean-type';
import { dateType, datetimeType } from './date-types';
import { demandDefaultFormat } from './formats';
import { integerType, numberType } from './number-types';
import { stringType } from './string-type';
import { timeType } from './time-type';
import { ValueType } from './value-type';
import { Field, ItemTypeName } from '../../spec/schema';
import { elementsOf } from '../json/json-elements';

const ITEMS: Readonly<Record<ItemTypeName, (field: Field) => ValueType>> = {
  string: stringType,
  integer: integerType,
  boolean: booleanType,
  number: numberType,
  datetime: datetimeType,
  date: dateType,
  time: timeType,
};

/** Items of one type between delimiters; of JSON an array of them. A text without a character has no items. */
export function listType(field: Field): ValueType {
  demandDefaultFormat(field);
  const { itemType = 'string', delimiter = ',' } = field;
  const item = ITEMS[itemType]({ name: field.name, type: itemType });
  return {
    expected: `a list of items between ${JSON.stringify(delimiter)}, each ${item.expected}`,
    holdsTexts: true,
    read: (text) => listOf(text === '' ? [] : text.split(delimiter).map((part) => item.read(part))),
    readLiteral: (kind, literal) => kind === 'array' ? listOf(elementsOf(literal).map((element) => readItem(element, item, itemType))) : undefined,
    size: { unit: 'items', of: (json) => elementsOf(json).length },
  };
}

/** @param element a value of JSON */
function readItem(element: string, item: ValueType, itemType: ItemTypeName): string | undefined {
  switch (element[0]) {
    case '"': return item.read(JSON.parse(element) as string);
    case 't':
    case 'f': return itemType === 'boolean' ? element : undefined;
    case 'n':
    case '[':
    case '{': return undefined;
    default: return itemType === 'string' ? undefined : item.read(element);
  }
}

function listOf(items: ReadonlyArray<string | undefined>): string | undefined {
  return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
}
