/** Which numbers a JavaScript number holds. */
import { PLAIN_NUMBER } from '../types/number-types';

/** @param literal of JSON. One that a double does not hold becomes a bigint, or a string where it is no integer. */
export function toExactNumber(literal: string, type: 'integer' | 'number'): number | bigint | string {
  if (isExact(literal, type)) return Number(literal);
  return type === 'integer' ? BigInt(literal) : literal;
}

/**
 * Whether a double holds the literal: an integer in the range that has no gaps, or a number that prints as the same
 * digits.
 */
export function isExact(literal: string, type: 'integer' | 'number'): boolean {
  const value = Number(literal);
  if (type === 'integer') return Number.isSafeInteger(value);
  const canonical = PLAIN_NUMBER.read(literal);
  return canonical !== undefined && PLAIN_NUMBER.read(String(value)) === canonical;
}
