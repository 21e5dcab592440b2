import { Field } from '../schema';
import { ValueType } from './value-type';

const TRUE_VALUES = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES = ['false', 'False', 'FALSE', '0'];

export function booleanType(field: Field): ValueType {
  const trueValues = field.trueValues ?? TRUE_VALUES;
  const falseValues = field.falseValues ?? FALSE_VALUES;
  const jsonByText = new Map([
    ...falseValues.map((text) => [text, 'false'] as const),
    ...trueValues.map((text) => [text, 'true'] as const),
  ]);
  return {
    expected: `a boolean (${[...trueValues, ...falseValues].map((text) => JSON.stringify(text)).join(', ')})`,
    read: (text) => jsonByText.get(text),
  };
}
