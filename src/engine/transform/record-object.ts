/** A record as a user's own step sees it. */
import { parseExact, setOwn } from './exact-json';
import { isExact, toExactNumber } from './exact-number';
import { OutputColumn } from '../../spec/output-columns';

/** A column of the records: of a schema's field, or the rescue column. */
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
    const number = numberKind(type, literal);
    return `${JSON.stringify(name)}:${number !== undefined && !isExact(literal, number) ? `"${literal}"` : literal}`;
  });
  return `{${members.join(',')}}`;
}

function toValue(type: Column['type'], literal: string): unknown {
  if (literal.startsWith('{') || literal.startsWith('[')) return parseExact(literal);
  const number = numberKind(type, literal);
  return number !== undefined ? toExactNumber(literal, number) : JSON.parse(literal);
}

/** Undefined where the value is no number. */
function numberKind(type: Column['type'], literal: string): 'integer' | 'number' | undefined {
  if (!/^[-\d]/.test(literal)) return undefined;
  if (type !== 'any') return type === 'integer' || type === 'year' ? 'integer' : 'number';
  return /^-?\d+$/.test(literal) ? 'integer' : 'number';
}
