/** Numbers: their digits are copied, never converted, so that none is lost. Only a limit needs the value. */
import {
  BLOCK, FORM_DECIMAL, FORM_INTEGER, LIMIT_DIGITS, NO_SCALE, NUMBER_FORM, NUMBER_HAS_MAX, NUMBER_HAS_MIN, NUMBER_LIMIT_SCALE, NUMBER_MAX,
  NUMBER_MIN, NUMBER_POINT, NUMBER_PRECISION, NUMBER_SCALE,
} from '../layout';
import { copy, DOUBLE_QUOTE, MINUS, PLUS, POINT, ZERO } from './bytes';
import { Run, SURPRISE } from './state';

/** The bit behind those of a block's mask. */
const BLOCK_END = 1 << BLOCK;
/** Text: `00000000`. */
const ZEROS: u64 = 0x3030303030303030;
const ZEROS_LENGTH = 8;

/**
 * Reads an optional sign, digits and, except for integers, a point. Exponents are left to the exact path.
 *
 * @returns the end of the field's text
 */
export function readNumber(op: usize, start: usize, out: usize): usize {
  const end = readLiteral(op, start, out);
  return end != SURPRISE ? end : readAnyNumber(op, start, out);
}

/**
 * Reads what most numbers are: short literals, perhaps with too many or too few zeros at their end. One look at 16
 * bytes tells their digits, and one store writes them. SURPRISE here only means that the number is not one of these.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
function readLiteral(op: usize, start: usize, outStart: usize): usize {
  const form = load<i32>(op, NUMBER_FORM);
  const negative: bool = load<u8>(start) == MINUS;
  const at = start + <usize>negative;
  const block = v128.load(at);
  const others = otherThanDigits(block) | BLOCK_END;
  const whole = ctz(others);
  const startsWithZero: bool = load<u8>(at) == ZERO;
  if (whole == 0 || (startsWithZero && (whole > 1 || negative))) return SURPRISE;

  let length = whole;
  let fraction = 0;
  if (form != FORM_INTEGER && load<u8>(at + whole) == POINT && load<u32>(op, NUMBER_POINT) == POINT) {
    fraction = ctz(others >> (whole + 1));
    length += 1 + fraction;
  }
  if (length >= BLOCK) return SURPRISE;
  const end = at + length;
  const scale = load<i32>(op, NUMBER_SCALE);
  let padding = 0;
  if (scale != NO_SCALE) {
    padding = scale - fraction;
    if (padding < 0 || padding > ZEROS_LENGTH || length == whole + 1) return SURPRISE;
  } else if (length > whole) {
    while (fraction > 0 && load<u8>(at + whole + fraction) == ZERO) fraction--;
    length = fraction == 0 ? whole : whole + 1 + fraction;
  }
  if (form == FORM_DECIMAL && whole - <i32>startsWithZero + fraction + padding > load<i32>(op, NUMBER_PRECISION)) return SURPRISE;
  if ((load<i32>(op, NUMBER_HAS_MIN) | load<i32>(op, NUMBER_HAS_MAX)) != 0) {
    const fractionStart = fraction == 0 ? at + whole : at + whole + 1;
    if (!isWithinLimits(op, negative, at, at + whole, fractionStart, fractionStart + fraction)) return SURPRISE;
  }

  let out = outStart;
  if (form == FORM_DECIMAL) store<u8>(out++, DOUBLE_QUOTE);
  store<u8>(out, MINUS);
  out += <usize>negative;
  v128.store(out, block);
  if (padding > 0) {
    store<u8>(out + whole, POINT);
    store<u64>(out + whole + 1 + fraction, ZEROS);
    length = whole + 1 + scale;
  }
  out += length;
  store<u8>(out, DOUBLE_QUOTE);
  Run.out = form == FORM_DECIMAL ? out + 1 : out;
  return end;
}

function readAnyNumber(op: usize, start: usize, outStart: usize): usize {
  const form = load<i32>(op, NUMBER_FORM);
  let at = start;
  const sign: u32 = load<u8>(at);
  let negative = sign == MINUS;
  if (negative || sign == PLUS) at++;

  let whole = at;
  at = endOfDigits(at);
  const wholeEnd = at;
  let fraction = at;
  if (form != FORM_INTEGER && load<u8>(at) == load<u32>(op, NUMBER_POINT)) {
    fraction = at + 1;
    at = endOfDigits(fraction);
  }
  let fractionEnd = at;
  if (whole == wholeEnd && fraction == fractionEnd) return SURPRISE;

  // Skips leading zeros; a number without a digit left is a zero.
  while (whole < wholeEnd && load<u8>(whole) == ZERO) whole++;
  const wholeDigits: i32 = <i32>(wholeEnd - whole);

  let padding = 0;
  const scale = load<i32>(op, NUMBER_SCALE);
  if (scale == NO_SCALE) {
    while (fractionEnd > fraction && load<u8>(fractionEnd - 1) == ZERO) fractionEnd--;
  } else {
    padding = scale - <i32>(fractionEnd - fraction);
    if (padding < 0) return SURPRISE;
  }
  const fractionDigits: i32 = <i32>(fractionEnd - fraction);
  if (form == FORM_DECIMAL && wholeDigits + fractionDigits + padding > load<i32>(op, NUMBER_PRECISION)) return SURPRISE;
  if (negative && wholeDigits == 0 && isZero(fraction, fractionEnd)) negative = false;
  if ((load<i32>(op, NUMBER_HAS_MIN) | load<i32>(op, NUMBER_HAS_MAX)) != 0 && !isWithinLimits(op, negative, whole, wholeEnd, fraction, fractionEnd)) {
    return SURPRISE;
  }

  let out = outStart;
  if (form == FORM_DECIMAL) store<u8>(out++, DOUBLE_QUOTE);
  if (negative) store<u8>(out++, MINUS);
  if (wholeDigits == 0) {
    store<u8>(out++, ZERO);
  } else {
    copy(out, whole, wholeDigits);
    out += wholeDigits;
  }
  if (fractionDigits + padding > 0) {
    store<u8>(out++, POINT);
    copy(out, fraction, fractionDigits);
    out += fractionDigits;
    if (padding > 0) {
      memory.fill(out, <u8>ZERO, padding);
      out += padding;
    }
  }
  if (form == FORM_DECIMAL) store<u8>(out++, DOUBLE_QUOTE);
  Run.out = out;
  return at;
}

/** A mask with a bit for each byte. Written without `gt_u`, for which x86 has no instruction. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function otherThanDigits(block: v128): i32 {
  return i8x16.bitmask(i8x16.le_u(i8x16.sub(block, i8x16.splat(<i8>ZERO)), i8x16.splat(9))) ^ (BLOCK_END - 1);
}

function endOfDigits(start: usize): usize {
  let at = start;
  let digits: i32 = BLOCK;
  while (digits == BLOCK) {
    const others = otherThanDigits(v128.load(at));
    digits = others ? ctz(others) : BLOCK;
    at += digits;
  }
  return at;
}

function isZero(start: usize, end: usize): bool {
  let at = start;
  while (at < end && load<u8>(at) == ZERO) at++;
  return at == end;
}

/**
 * Compares the value, cut to as many fraction digits as the limits have. Where something was cut off, the value lies
 * between the cut one and the next one away from zero. False also where the digits do not fit.
 */
function isWithinLimits(op: usize, negative: bool, whole: usize, wholeEnd: usize, fraction: usize, fractionEnd: usize): bool {
  const scale = load<i32>(op, NUMBER_LIMIT_SCALE);
  if (<i32>(wholeEnd - whole) + scale > LIMIT_DIGITS) return false;
  let value: i64 = 0;
  for (let at = whole; at < wholeEnd; at++) value = value * 10 + (load<u8>(at) - ZERO);
  let at = fraction;
  for (let digit = 0; digit < scale; digit++) {
    value *= 10;
    if (at < fractionEnd) value += load<u8>(at++) - ZERO;
  }
  const cut = !isZero(at, fractionEnd);
  if (negative) value = -value;
  if (load<i32>(op, NUMBER_HAS_MIN) != 0) {
    const limit = load<i64>(op, NUMBER_MIN);
    if (value < limit || (value == limit && cut && negative)) return false;
  }
  if (load<i32>(op, NUMBER_HAS_MAX) != 0) {
    const limit = load<i64>(op, NUMBER_MAX);
    if (value > limit || (value == limit && cut && !negative)) return false;
  }
  return true;
}
