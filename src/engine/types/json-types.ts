/** Types whose values are JSON. Digits, keys and their order stay as they are written. */
import { demandDefaultFormat } from './formats';
import { stringToJson } from './string-type';
import { LiteralKind, ValueType } from './value-type';
import { Field } from '../../spec/schema';
import { elementsOf } from '../json/json-elements';
import { JsonText, readJson } from '../json/json-object';

/** Any text; of JSON any value. */
export function anyType(field: Field): ValueType {
  demandDefaultFormat(field);
  return { expected: 'any value', holdsTexts: true, read: stringToJson, readLiteral: (_, literal) => literal };
}

export function objectType(field: Field): ValueType {
  return containerType(field, 'object', 'a JSON object', { unit: 'keys', of: (json) => Object.keys(JSON.parse(json) as object).length });
}

export function arrayType(field: Field): ValueType {
  return containerType(field, 'array', 'a JSON array', { unit: 'items', of: (json) => elementsOf(json).length });
}

function containerType(field: Field, wanted: LiteralKind, expected: string, size: ValueType['size']): ValueType {
  demandDefaultFormat(field);
  return {
    expected,
    holdsTexts: true,
    read: (text) => containerIn(text, wanted),
    readLiteral: (kind, literal) => kind === wanted ? literal : undefined,
    size,
  };
}

/** The JSON object or array that a text is, without blanks between its parts. */
export function containerIn(text: string, wanted: LiteralKind): string | undefined {
  const value = readJson(text);
  return value instanceof JsonText && value.kind === wanted ? value.text : undefined;
}
