import { Field } from '../schema';
import { demandDefaultFormat } from './formats';
import {
  compareLiterals, compileIntegerReader, compileNumberReader, Digits, isLiteralSyntax, pointOfLiteral, toLiteral, withoutTrailingZeros,
} from './number-text';
import { ValueType } from './value-type';

/** A JSON number without point or exponent. */
export function integerType(field: Field): ValueType {
  demandDefaultFormat(field);
  const readDigits = compileIntegerReader(field);
  return {
    expected: 'an integer',
    read: (text) => {
      if (pointOfLiteral(text) === text.length) {
        return text;
      }
      const digits = readDigits(text);
      return digits === undefined ? undefined : toLiteral(digits);
    },
    compare: compareLiterals,
  };
}

/** A JSON number without exponent, and without trailing zeros in its fraction. */
export function numberType(field: Field): ValueType {
  demandDefaultFormat(field);
  const readDigits = compileNumberReader(field);
  const literalSyntax = isLiteralSyntax(field);
  return {
    expected: 'a number',
    read: (text) => {
      if (literalSyntax) {
        const point = pointOfLiteral(text);
        if (point === text.length || (point !== -1 && !text.endsWith('0'))) {
          return text;
        }
      }
      const digits = readDigits(text);
      return digits === undefined ? undefined : toLiteral(shortest(digits));
    },
    compare: compareLiterals,
  };
}

/**
 * A JSON string, because most readers of JSON take a number for a double. With a `scale` it has exactly that many fraction
 * digits: fewer are padded, more are refused, zeros too (`1.500` is not of scale 2). Without one it is as short as a number.
 * `precision` limits the digits of the result, without the zero before the point.
 */
export function decimalType(field: Field): ValueType {
  demandDefaultFormat(field);
  const { precision = Infinity, scale } = field;
  const readDigits = compileNumberReader(field);
  const literalSyntax = isLiteralSyntax(field);

  const fit = (digits: Digits): string | undefined => {
    if (scale !== undefined && digits.fraction.length > scale) {
      return undefined;
    }
    const fitted = scale === undefined ? shortest(digits) : { ...digits, fraction: digits.fraction.padEnd(scale, '0') };
    const integerDigits = fitted.integer === '0' ? 0 : fitted.integer.length;
    return integerDigits + fitted.fraction.length > precision ? undefined : `"${toLiteral(fitted)}"`;
  };

  return {
    expected: describeDecimal(field),
    read: (text) => {
      // Amounts as most files have them: all fraction digits there, and below the precision whatever the sign and the zero before the point.
      if (literalSyntax && scale !== undefined && scale > 0 && text.length <= precision + 1) {
        const point = pointOfLiteral(text);
        if (point !== -1 && text.length - point - 1 === scale) {
          return `"${text}"`;
        }
      }
      const digits = readDigits(text);
      return digits === undefined ? undefined : fit(digits);
    },
    compare: (json, other) => compareLiterals(json.slice(1, -1), other.slice(1, -1)),
  };
}

function shortest(digits: Digits): Digits {
  return { ...digits, fraction: withoutTrailingZeros(digits.fraction) };
}

function describeDecimal({ precision, scale }: Field): string {
  const limits = [
    ...(precision !== undefined ? [`at most ${precision} digits`] : []),
    ...(scale !== undefined ? [`${precision !== undefined ? '' : 'at most '}${scale} of them after the point`] : []),
  ];
  return limits.length === 0 ? 'a decimal' : `a decimal with ${limits.join(', ')}`;
}
