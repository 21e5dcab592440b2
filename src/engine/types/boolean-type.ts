import { ValueType } from './value-type';
import { booleanWords, Field } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';

export function booleanType(field: Field): ValueType {
  const { trueValues, falseValues } = booleanWords(field);
  const jsonByText = new Map([
    ...falseValues.map((text) => [text, 'false'] as const),
    ...trueValues.map((text) => [text, 'true'] as const),
  ]);
  return {
    expected: `a boolean (${[...trueValues, ...falseValues].map((text) => visibleJson(text)).join(', ')})`,
    read: (text) => jsonByText.get(text),
  };
}
