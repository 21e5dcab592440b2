/** A record as a user's own step sees it. */
import { parseExact, setOwn } from './exact-json';
import { OutputColumn } from '../format';
import { compileType } from '../types/compile-type';

const NUMBER = compileType({ name: 'number', type: 'number' });

/** A column of the records: of a schema's field, or `object` for one that holds a JSON object. */
type Column = Pick<OutputColumn, 'name' | 'type'>;

/** Keys in the order of the columns. */
export function toObject(columns: readonly Column[], values: readonly string[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) setOwn(record, columns[index].name, toValue(columns[index].type, values[index]));
  return record;
}

/** As `toObject`, as JSON: digits that a double would lose stand in a string, because most readers of JSON take a number for a double. */
export function toJson(columns: readonly Column[], values: readonly string[]): string {
  const members = columns.map(({ name, type }, index) => {
    const literal = values[index];
    return `${JSON.stringify(name)}:${isNumeric(type, literal) && !isExact(type, literal) ? `"${literal}"` : literal}`;
  });
  return `{${members.join(',')}}`;
}

function toValue(type: Column['type'], literal: string): unknown {
  if (type === 'object' && literal !== 'null') return parseExact(literal);
  if (!isNumeric(type, literal)) return JSON.parse(literal);
  if (isExact(type, literal)) return Number(literal);
  return type === 'integer' ? BigInt(literal) : literal;
}

function isNumeric(type: Column['type'], literal: string): boolean {
  return (type === 'integer' || type === 'number') && literal !== 'null';
}

/** Whether a JavaScript number holds the literal: an integer without gaps around it; a number whose digits come back. */
function isExact(type: Column['type'], literal: string): boolean {
  const value = Number(literal);
  return type === 'integer' ? Number.isSafeInteger(value) : NUMBER.read(String(value)) === literal;
}
