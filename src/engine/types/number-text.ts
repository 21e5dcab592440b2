import { Digits, DigitsReader } from './digits';
import { readNegatives } from './read-negatives';
import { surroundings } from '../../spec/number-notation';
import { Field, groupCharsOf, MAX_EXPONENT } from '../../spec/schema';

/**
 * Numbers as digit strings: they never pass through a double, so no digit is lost, whatever their length.
 *
 * A number is digits with an optional sign, point and exponent; `.5` and `5.` are numbers too (as in XML Schema, to
 * which Table Schema refers). A `groupChar` stands between groups of digits before the point: the last has three, those
 * between two or three (as in India), the first at most three. Of several `groupChars` a number has one. Where the point is a comma, `12.34` is no 1234: it is a
 * number in another notation.
 *
 * An exponent is worked out, because a canonical literal has none: `1.5e3` is `1500`. Hence its limit, without which
 * `1e999999999` would fill the memory: every finite double and its shortest literal are within it.
 */

type NumberSyntax = Pick<Field, 'decimalChar' | 'groupChar' | 'groupChars' | 'bareNumber' | 'negativeNotations'>;

/** Reads an optional sign and digits. */
export function compileIntegerReader(syntax: NumberSyntax): DigitsReader {
  return compileReader(`${wholeDigits(groupCharsOf(syntax))}()()()`, syntax);
}

/** Reads an optional sign, digits with or without a point, and an optional exponent. */
export function compileNumberReader(syntax: NumberSyntax): DigitsReader {
  const point = escapeForRegExp(syntax.decimalChar ?? '.');
  return compileReader(`(?:${wholeDigits(groupCharsOf(syntax))}(?:${point}(\\d*))?|${point}(\\d+))(?:[eE]([+-]?\\d+))?`, syntax);
}

/**
 * With `bareNumber: false`, signs and codes of currencies, per cent signs and blanks around the number are not part of
 * it: `$1.50`, `-$1.50`, `$-1.50`, `95 %`. The sign comes first or directly before the number. Whatever else stands
 * there could turn the number's meaning (`1.50-`, `(1.50)`, `▲1.50`, `1.50 DR`): such texts are refused rather than
 * misread, unless `negativeNotations` says what they mean.
 *
 * @param number captures whole digits, fraction, fraction without whole digits, exponent (named groups would cost half
 *   the speed)
 */
function compileReader(number: string, syntax: NumberSyntax): DigitsReader {
  const { bareNumber = true, negativeNotations = [] } = syntax;
  const read = compileSignedReader(number, syntax);
  return negativeNotations.length === 0 ? read : readNegatives(read, negativeNotations, bareNumber);
}

function compileSignedReader(number: string, syntax: NumberSyntax): DigitsReader {
  const { bareNumber = true } = syntax;
  const groupChars = groupCharsOf(syntax);
  const shape = new RegExp(bareNumber ? `^([+-]?)()${number}$` : withTextAround(number, syntax.decimalChar ?? '.'), bareNumber ? 'u' : 'iu');
  return (text) => {
    const match = shape.exec(text);
    if (match === null) {
      return undefined;
    }
    const [, sign, innerSign, whole = '', fraction, onlyFraction, exponent] = match;
    const shift = exponent ? Number(exponent) : 0; // at worst Infinity, which the limit refuses
    if (Math.abs(shift) > MAX_EXPONENT) {
      return undefined;
    }
    return movePoint(
      sign === '-' || innerSign === '-',
      groupChars.reduce((digits, groupChar) => digits.replaceAll(groupChar, ''), whole),
      fraction || onlyFraction || '',
      shift,
    );
  };
}

function withTextAround(number: string, decimalChar: string): string {
  const around = surroundings();
  // `Fr.5` could be 5 or 0.5: a text with a point between the number and a letter or another point is refused.
  const point = escapeForRegExp(decimalChar);
  const clear = `(?<!${point})(?<!\\p{L}(?=${point}))`;
  return `^([+-]?)(?:(?<![+-])${around}?([+-])|${around}?)${clear}${number}${around}$`;
}

function wholeDigits(groupChars: readonly string[]): string {
  // No number that is written in groups begins with a zero: `0.123` is one in another notation.
  const grouped = groupChars.map(escapeForRegExp).map((group) => `[1-9]\\d{0,2}(?:${group}\\d{2,3})*${group}\\d{3}`);
  return `(${['\\d+', ...grouped].join('|')})`;
}

function movePoint(negative: boolean, whole: string, fraction: string, shift: number): Digits {
  if (shift > 0) {
    const moved = fraction.padEnd(shift, '0');
    return { negative, integer: withoutLeadingZeros(whole + moved.slice(0, shift)), fraction: moved.slice(shift) };
  }
  if (shift < 0) {
    const padded = whole.padStart(-shift, '0');
    return { negative, integer: withoutLeadingZeros(padded.slice(0, padded.length + shift)), fraction: padded.slice(shift) + fraction };
  }
  return { negative, integer: withoutLeadingZeros(whole), fraction };
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === '0') {
    start++;
  }
  return digits.length === 0 ? '0' : digits.slice(start);
}

/** Not done by a regular expression: `/0+$/` takes quadratic time on long runs of zeros. */
export function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') {
    end--;
  }
  return digits.slice(0, end);
}

/** The one literal of a value: no plus, no leading zeros, no exponent, the fraction as given, zero without a sign. */
export function toLiteral(digits: Digits): string {
  const magnitude = digits.fraction === '' ? digits.integer : `${digits.integer}.${digits.fraction}`;
  return digits.negative && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude;
}

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const POINT = 0x2e;

/**
 * The fast way for texts that are literals already: `-?` digits, or digits with a point and more digits, without
 * needless leading zeros. Returns the index of the point (the text's length if it has none), or -1 for all other texts
 * and for `-0…`, where only the exact way can tell.
 */
export function pointOfLiteral(text: string): number {
  const length = text.length;
  let index = text.charCodeAt(0) === MINUS ? 1 : 0;
  const first = text.charCodeAt(index);
  if (first === ZERO) {
    const next = text.charCodeAt(index + 1);
    if (index === 1 || (next >= ZERO && next <= NINE)) {
      return -1;
    }
  }
  const start = index;
  while (index < length && isDigit(text.charCodeAt(index))) {
    index++;
  }
  if (index === start) {
    return -1;
  }
  const point = index;
  if (point === length) {
    return point;
  }
  if (text.charCodeAt(point) !== POINT || point === length - 1) {
    return -1;
  }
  index++;
  while (index < length && isDigit(text.charCodeAt(index))) {
    index++;
  }
  return index === length ? point : -1;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/**
 * Orders two literals (as `toLiteral` makes them, trailing zeros allowed) by value, exactly. `quotes`: 1 if both stand
 * in quotes, else 0.
 */
export function compareLiterals(literal: string, other: string, quotes: 0 | 1): number {
  const negative = literal.charCodeAt(quotes) === MINUS;
  const otherNegative = other.charCodeAt(quotes) === MINUS;
  if (negative !== otherNegative) {
    return negative ? -1 : 1;
  }
  return negative ? compareMagnitudes(other, literal, quotes + 1, quotes) : compareMagnitudes(literal, other, quotes, quotes);
}

function compareMagnitudes(literal: string, other: string, start: number, quotes: 0 | 1): number {
  const point = pointIndex(literal, quotes);
  const otherPoint = pointIndex(other, quotes);
  if (point !== otherPoint) {
    return point - otherPoint; // more digits before the point, and the first is no zero
  }
  const end = Math.max(literal.length, other.length);
  for (let index = start; index < end; index++) {
    const difference = digitAt(literal, index) - digitAt(other, index);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function pointIndex(literal: string, quotes: 0 | 1): number {
  const point = literal.indexOf('.');
  return point === -1 ? literal.length - quotes : point;
}

/** Point, closing quote and what is past the end count as zeros. */
function digitAt(literal: string, index: number): number {
  const code = index < literal.length ? literal.charCodeAt(index) : ZERO;
  return code < ZERO ? ZERO : code;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
