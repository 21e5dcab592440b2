/** Parts of the calendar. The years of all are 0001 to 9999. */
import { demandDefaultFormat } from './formats';
import { compareLiterals } from './number-text';
import { compareTexts, ValueType } from './value-type';
import { Field } from '../../spec/schema';

const YEAR = /^(?!0000)\d{4}$/;
const YEARMONTH = /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])$/;

/** A JSON number. Of JSON a number too, without zeros before it. */
export function yearType(field: Field): ValueType {
  demandDefaultFormat(field);
  return {
    expected: 'a year of four digits (2024)',
    read: (text) => YEAR.test(text) ? String(Number(text)) : undefined,
    readLiteral: (kind, literal) => kind === 'number' && /^[1-9]\d{0,3}$/.test(literal) ? literal : undefined,
    compare: (json, other) => compareLiterals(json, other, 0),
  };
}

/** A JSON string `YYYY-MM`. */
export function yearmonthType(field: Field): ValueType {
  demandDefaultFormat(field);
  return {
    expected: 'a month of a year (2024-05)',
    read: (text) => YEARMONTH.test(text) ? `"${text}"` : undefined,
    compare: compareTexts,
  };
}
