import { ValueType } from './value-type';
import { Field } from '../model/schema';

const TRUE_VALUES = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES = ['false', 'False', 'FALSE', '0'];

/** The texts that a field takes for true and for false. */
export function booleanWords(field: Field): { trueValues: readonly string[]; falseValues: readonly string[] } {
  return { trueValues: field.trueValues ?? TRUE_VALUES, falseValues: field.falseValues ?? FALSE_VALUES };
}

export function booleanType(field: Field): ValueType {
  const { trueValues, falseValues } = booleanWords(field);
  const jsonByText = new Map([
    ...falseValues.map((text) => [text, 'false'] as const),
    ...trueValues.map((text) => [text, 'true'] as const),
  ]);
  return {
    expected: `a boolean (${[...trueValues, ...falseValues].map((text) => JSON.stringify(text)).join(', ')})`,
    read: (text) => jsonByText.get(text),
  };
}
