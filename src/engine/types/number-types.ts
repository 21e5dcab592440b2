import { Digits } from './digits';
import { demandDefaultFormat } from './formats';
import {
  compareLiterals, compileIntegerReader, compileNumberReader, pointOfLiteral, toLiteral, withoutTrailingZeros,
} from './number-text';
import { ValueType } from './value-type';
import { Field } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';

/** A JSON number without point or exponent. */
export function integerType(field: Field): ValueType {
  demandDefaultFormat(field);
  const readDigits = compileIntegerReader(field);
  return {
    expected: `an integer${notationOf(field)}`,
    read: (text) => {
      if (pointOfLiteral(text) === text.length) {
        return text;
      }
      const digits = readDigits(text);
      return digits === undefined ? undefined : toLiteral(digits);
    },
    compare: (json, other) => compareLiterals(json, other, 0),
  };
}

/** A JSON number without exponent, and without trailing zeros in its fraction. */
export function numberType(field: Field): ValueType {
  demandDefaultFormat(field);
  const readDigits = compileNumberReader(field);
  const literalSyntax = readsLiterals(field);
  return {
    expected: `a number${notationOf(field)}`,
    read: (text) => {
      if (literalSyntax) {
        const point = pointOfLiteral(text);
        if (point !== -1) {
          return point === text.length || !text.endsWith('0') ? text : shortestLiteral(text);
        }
      }
      const digits = readDigits(text);
      return digits === undefined ? undefined : toLiteral(shortest(digits));
    },
    compare: (json, other) => compareLiterals(json, other, 0),
  };
}

/** How a number reads where no field says otherwise. */
export const PLAIN_NUMBER: ValueType = /* @__PURE__ */ numberType({ name: 'number', type: 'number' });

/**
 * A JSON string, because most readers of JSON take a number for a double. With a `scale` it has exactly that many
 * fraction digits: fewer are padded, and of more only zeros may be left out (`1.500` is `1.50`, `1.501` is refused).
 * Without one it is as short as a number. `precision` limits the digits of the result, without the zero before the
 * point.
 */
export function decimalType(field: Field): ValueType {
  demandDefaultFormat(field);
  const { precision = Infinity, scale } = field;
  const readDigits = compileNumberReader(field);
  const literalSyntax = readsLiterals(field);

  // What to append to a literal, by how many fraction digits it has: the zeros up to the scale, and the closing quote.
  const endings = Array.from({ length: (scale ?? 0) + 1 }, (_, there) => (there === 0 && scale ? '.' : '') + '0'.repeat((scale ?? 0) - there) + '"');

  const fit = (digits: Digits): string | undefined => {
    const short = shortest(digits);
    if (scale !== undefined && short.fraction.length > scale) {
      return undefined;
    }
    const fitted = scale === undefined ? short : { ...short, fraction: short.fraction.padEnd(scale, '0') };
    const integerDigits = fitted.integer === '0' ? 0 : fitted.integer.length;
    return integerDigits + fitted.fraction.length > precision ? undefined : `"${toLiteral(fitted)}"`;
  };

  return {
    expected: describeDecimal(field) + notationOf(field),
    read: (text) => {
      if (literalSyntax && scale !== undefined) {
        const point = pointOfLiteral(text);
        const fractionDigits = point === text.length ? 0 : text.length - point - 1;
        // `point` may count a sign or a needless zero too: the digits before the point are at most as many.
        if (point !== -1 && fractionDigits <= scale && point + scale <= precision) {
          return '"' + text + endings[fractionDigits];
        }
      }
      const digits = readDigits(text);
      return digits === undefined ? undefined : fit(digits);
    },
    compare: (json, other) => compareLiterals(json, other, 1),
  };
}

function shortest(digits: Digits): Digits {
  return { ...digits, fraction: withoutTrailingZeros(digits.fraction) };
}

/** @param literal with a fraction */
function shortestLiteral(literal: string): string {
  const short = withoutTrailingZeros(literal);
  return short.endsWith('.') ? short.slice(0, -1) : short;
}

/**
 * True if a literal in the file means what it says, so that there is a fast way for it. Grouped digits are no literal.
 */
function readsLiterals(field: Field): boolean {
  return (field.decimalChar ?? '.') === '.';
}

/** Describes what is unusual in the field's notation: `1.5` says little where the decimal point is a comma. */
function notationOf({ decimalChar = '.', groupChar, groupChars }: Field): string {
  const parts = [
    ...decimalChar === '.' ? [] : [`decimalChar ${visibleJson(decimalChar)}`],
    ...groupChar === undefined ? [] : [`groupChar ${visibleJson(groupChar)}`],
    ...groupChars === undefined ? [] : [`groupChars ${groupChars.map((char) => visibleJson(char)).join(' ')}`],
  ];
  return parts.length === 0 ? '' : `, written with ${parts.join(' and ')}`;
}

function describeDecimal({ precision, scale }: Field): string {
  if (precision === undefined) {
    return scale === undefined ? 'a decimal' : `a decimal with at most ${digitCount(scale)} after the point`;
  }
  if (scale === undefined) {
    return `a decimal with at most ${digitCount(precision)}`;
  }
  // The result has all digits of its scale, so that only the rest of the precision is left before the point.
  const whole = precision === scale ? 'no digit but a zero' : `at most ${digitCount(precision - scale)}`;
  return `a decimal with ${whole} before the point and at most ${scale} after it`;
}

function digitCount(count: number): string {
  return count === 1 ? '1 digit' : `${count} digits`;
}
