/** A record as a user's own step sees it. */
import { parseExact, setOwn } from './exact-json';
import { isExact, toExactNumber } from './exact-number';
import { OutputColumn } from '../model/output-column';

/** A column of the records: of a schema's field, or `object` for one that holds a JSON object. */
type Column = Pick<OutputColumn, 'name' | 'type'>;

/** Keys in the order of the columns. */
export function toObject(columns: readonly Column[], values: readonly string[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) setOwn(record, columns[index].name, toValue(columns[index].type, values[index]));
  return record;
}

/**
 * Like `toObject`, but as JSON: digits that a double would lose stand in a string, because most readers of JSON take a
 * number for a double.
 */
export function toJson(columns: readonly Column[], values: readonly string[]): string {
  const members = columns.map(({ name, type }, index) => {
    const literal = values[index];
    return `${JSON.stringify(name)}:${isNumeric(type, literal) && !isExact(literal, type) ? `"${literal}"` : literal}`;
  });
  return `{${members.join(',')}}`;
}

function toValue(type: Column['type'], literal: string): unknown {
  if (type === 'object' && literal !== 'null') return parseExact(literal);
  return isNumeric(type, literal) ? toExactNumber(literal, type) : JSON.parse(literal);
}

function isNumeric(type: Column['type'], literal: string): type is 'integer' | 'number' {
  return (type === 'integer' || type === 'number') && literal !== 'null';
}
