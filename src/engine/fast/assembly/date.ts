/** Dates and times in the formats of a field, tried in order. Each reader gives the same answer as the exact path's. */
import {
  BLOCK, DATE_FORMAT_COUNT, DATE_FORMATS, DATE_MAX, DATE_MAX_LENGTH, DATE_MIN, DATE_MIN_LENGTH, DATE_ZONE, ELEMENT_BYTE, ELEMENT_LITERAL,
  ELEMENT_MAX_DIGITS, ELEMENT_MIN_DIGITS, ELEMENT_PART, ELEMENT_SIZE, FORMAT_DIGITS, FORMAT_ELEMENT_COUNT, FORMAT_ELEMENTS, FORMAT_LENGTH,
  FORMAT_LIMIT, FORMAT_OPEN, FORMAT_SIZE, FORMAT_TAIL, FORMAT_TEXT, TAIL_ISO,
} from '../layout';
import { COLON, endsText, holds, isDigit, MINUS, PLUS, POINT, ZERO } from './bytes';
import { digitsOf, Moment, setMoment, subtractMinutes, withPart, writeDate, writeDateTime } from './moment';
import { Run, SURPRISE } from './state';

const LETTER_Z: u32 = 0x5a;
/** Offsets of the world end at 14 hours. */
const LARGEST_OFFSET = 14 * 60;
/** In place of the end of a text that does not fit: no text lies there. */
const NO_FIT: usize = 0;

/** @returns the end of the field's text */
export function readDate(op: usize, at: usize, out: usize, quoted: bool): usize {
  const end = readMoment(op, at, quoted);
  if (end == NO_FIT) return SURPRISE;
  const outEnd = writeDate(out);
  Run.out = outEnd;
  return isWithinLimits(op, out + 1, outEnd - 1) ? end : SURPRISE;
}

/** @returns the end of the field's text */
export function readDateTime(op: usize, at: usize, out: usize, quoted: bool): usize {
  const end = readMoment(op, at, quoted);
  if (end == NO_FIT) return SURPRISE;
  if (Moment.offset != 0 && !subtractMinutes(Moment.offset)) return SURPRISE;
  const outEnd = writeDateTime(out);
  Run.out = outEnd;
  // The moment without its quotes and its Z is compared.
  return isWithinLimits(op, out + 1, outEnd - 2) ? end : SURPRISE;
}

/** Reads a text by the first format that fits all of it. */
function readMoment(op: usize, at: usize, quoted: bool): usize {
  let format: usize = load<u32>(op, DATE_FORMATS);
  for (let left = load<i32>(op, DATE_FORMAT_COUNT); left > 0; left--) {
    Moment.fraction = 0;
    Moment.fractionEnd = 0;
    Moment.offset = load<i32>(op, DATE_ZONE);
    let end = readLayout(format, at);
    if (load<i32>(format, FORMAT_TAIL) == TAIL_ISO) {
      if (end != NO_FIT) end = readIsoTail(end);
    } else if (end == NO_FIT || !endsText(end, quoted)) {
      end = readElements(format, at);
    }
    if (end != NO_FIT && endsText(end, quoted)) return end;
    if (load<i32>(format, FORMAT_OPEN) != 0) return NO_FIT;
    format += FORMAT_SIZE;
  }
  return NO_FIT;
}

/** Reads a text that has all its digits: each part lies where the format puts it. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function readLayout(format: usize, at: usize): usize {
  const first = v128.xor(v128.load(at), v128.load(format, FORMAT_TEXT));
  const second = v128.xor(v128.load(at, BLOCK), v128.load(format, FORMAT_TEXT + BLOCK));
  const fits = v128.and(
    i8x16.le_u(first, v128.load(format, FORMAT_LIMIT)), i8x16.le_u(second, v128.load(format, FORMAT_LIMIT + BLOCK)));
  if (!holds(fits)) return NO_FIT;
  // An index that is out of a block's range gives 0, as do the digits that the format leaves out.
  const indices = v128.load(format, FORMAT_DIGITS);
  const digits = v128.or(i8x16.swizzle(first, indices), i8x16.swizzle(second, i8x16.sub(indices, i8x16.splat(<i8>BLOCK))));
  return setMoment(digits) ? at + load<u32>(format, FORMAT_LENGTH) : NO_FIT;
}

/** The number that two digits are. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function twoDigits(at: usize): i32 {
  const pair: i32 = load<u16>(at) - (ZERO << 8 | ZERO);
  return (pair & 0xff) * 10 + (pair >> 8);
}

/** Reads an optional fraction, then an optional `Z` or offset. */
function readIsoTail(start: usize): usize {
  let at = start;
  if (load<u8>(at) == POINT) {
    at++;
    Moment.fraction = at;
    while (isDigit(load<u8>(at))) at++;
    if (at == Moment.fraction) return NO_FIT;
    Moment.fractionEnd = at;
  }
  const sign: u32 = load<u8>(at);
  if (sign == LETTER_Z) {
    Moment.offset = 0;
    return at + 1;
  }
  if (sign != PLUS && sign != MINUS) return at;
  if (!isDigit(load<u8>(at, 1)) || !isDigit(load<u8>(at, 2)) || load<u8>(at, 3) != COLON || !isDigit(load<u8>(at, 4)) || !isDigit(load<u8>(at, 5))) {
    return NO_FIT;
  }
  const minutes = twoDigits(at + 4);
  const offset = twoDigits(at + 1) * 60 + minutes;
  if (minutes > 59 || offset > LARGEST_OFFSET) return NO_FIT;
  Moment.offset = sign == MINUS ? -offset : offset;
  return at + 6;
}

/** Reads a text element by element: a number takes as many digits as it can. */
function readElements(format: usize, start: usize): usize {
  let element: usize = load<u32>(format, FORMAT_ELEMENTS);
  if (element == 0) return NO_FIT;
  let numbers = i16x8.splat(0);
  let at = start;
  for (let left = load<i32>(format, FORMAT_ELEMENT_COUNT); left > 0; left--) {
    const part = load<i32>(element, ELEMENT_PART);
    if (part == ELEMENT_LITERAL) {
      if (load<u8>(at) != load<u32>(element, ELEMENT_BYTE)) return NO_FIT;
      at++;
    } else {
      const most = load<i32>(element, ELEMENT_MAX_DIGITS);
      let value = 0;
      let digits = 0;
      while (digits < most && isDigit(load<u8>(at))) {
        value = value * 10 + load<u8>(at) - ZERO;
        digits++;
        at++;
      }
      if (digits < load<i32>(element, ELEMENT_MIN_DIGITS)) return NO_FIT;
      numbers = withPart(numbers, part, value);
    }
    element += ELEMENT_SIZE;
  }
  return setMoment(digitsOf(numbers)) ? at : NO_FIT;
}

/**
 * Limits have the same form as the output, up to the digits of the fraction, so that their bytes order as the moments
 * do.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
function isWithinLimits(op: usize, text: usize, textEnd: usize): bool {
  const minimum: usize = load<u32>(op, DATE_MIN);
  const maximum: usize = load<u32>(op, DATE_MAX);
  if (minimum != 0 && compare(text, textEnd, minimum, minimum + load<u32>(op, DATE_MIN_LENGTH)) < 0) return false;
  return maximum == 0 || compare(text, textEnd, maximum, maximum + load<u32>(op, DATE_MAX_LENGTH)) <= 0;
}

/** Compares two texts of digits; digits that are not there count as zeros. */
function compare(left: usize, leftEnd: usize, right: usize, rightEnd: usize): i32 {
  while (left < leftEnd || right < rightEnd) {
    const difference: i32 = (left < leftEnd ? <i32>load<u8>(left) : ZERO) - (right < rightEnd ? <i32>load<u8>(right) : ZERO);
    if (difference != 0) return difference;
    left++;
    right++;
  }
  return 0;
}
