/** Dates and times in the formats of a field, tried in order. Each reader gives the same answer as the exact path's. */
import {
  BLOCK, DATE_FORMAT_COUNT, DATE_FORMATS, DATE_MAX, DATE_MAX_LENGTH, DATE_MIN, DATE_MIN_LENGTH, DATE_ZONE, ELEMENT_BYTE, ELEMENT_LITERAL,
  ELEMENT_MAX_DIGITS, ELEMENT_MIN_DIGITS, ELEMENT_PART, ELEMENT_SIZE, FORMAT_ELEMENT_COUNT, FORMAT_ELEMENTS, FORMAT_LENGTH, FORMAT_LIMIT,
  FORMAT_OPEN, FORMAT_PARTS, FORMAT_SIZE, FORMAT_TAIL, FORMAT_TEXT, PART_DAY, PART_HOUR, PART_MINUTE, PART_MONTH, PART_SECOND, PART_YEAR,
  TAIL_ISO,
} from '../layout';
import { COLON, endsText, isDigit, MINUS, PLUS, POINT, ZERO } from './bytes';
import { Moment, setMoment, subtractMinutes, writeDate, writeDateTime } from './moment';
import { Run, SURPRISE } from './state';

const LETTER_Z: u32 = 0x5a;
/** Offsets of the world end at 14 hours. */
const LARGEST_OFFSET = 14 * 60;
/** Not within the text, whatever is read there. */
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
  const offset = Moment.hasOffset ? Moment.offset : load<i32>(op, DATE_ZONE);
  if (offset != 0) {
    if (!subtractMinutes(offset)) return SURPRISE;
    Moment.iso = 0;
  }
  const outEnd = writeDateTime(out);
  Run.out = outEnd;
  // Without the Z and the quotes.
  return isWithinLimits(op, out + 1, outEnd - 2) ? end : SURPRISE;
}

/** By the first format that the whole text fits. */
function readMoment(op: usize, at: usize, quoted: bool): usize {
  let format: usize = load<u32>(op, DATE_FORMATS);
  for (let left = load<i32>(op, DATE_FORMAT_COUNT); left > 0; left--) {
    Moment.fraction = 0;
    Moment.fractionEnd = 0;
    Moment.hasOffset = false;
    Moment.iso = 0;
    let end: usize;
    if (load<i32>(format, FORMAT_TAIL) == TAIL_ISO) {
      Moment.iso = at;
      end = readIso(at);
    } else {
      end = readLayout(format, at);
      if (end == NO_FIT || !endsText(end, quoted)) end = readElements(format, at);
    }
    if (end != NO_FIT && endsText(end, quoted)) return end;
    if (load<i32>(format, FORMAT_OPEN) != 0) return NO_FIT;
    format += FORMAT_SIZE;
  }
  return NO_FIT;
}

/** As `readLayout`, of `0000-00-00T00:00:00`; then what may follow it. */
function readIso(at: usize): usize {
  const text = i8x16(0x30, 0x30, 0x30, 0x30, 0x2d, 0x30, 0x30, 0x2d, 0x30, 0x30, 0x54, 0x30, 0x30, 0x3a, 0x30, 0x30);
  const limit = i8x16(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
  if (!i8x16.all_true(i8x16.le_u(v128.xor(v128.load(at), text), limit))) return NO_FIT;
  if (load<u8>(at, 16) != COLON || !isDigit(load<u8>(at, 17)) || !isDigit(load<u8>(at, 18))) return NO_FIT;
  const fits = setMoment(
    twoDigits(at) * 100 + twoDigits(at + 2), twoDigits(at + 5), twoDigits(at + 8), twoDigits(at + 11), twoDigits(at + 14), twoDigits(at + 17));
  return fits ? readIsoTail(at + 19) : NO_FIT;
}

/** A text with all its digits: each part lies where the format puts it. */
function readLayout(format: usize, at: usize): usize {
  const length: usize = load<u32>(format, FORMAT_LENGTH);
  for (let done: usize = 0; done < length; done += BLOCK) {
    const differences = v128.xor(v128.load(at + done), v128.load(format + done, FORMAT_TEXT));
    if (!i8x16.all_true(i8x16.le_u(differences, v128.load(format + done, FORMAT_LIMIT)))) return NO_FIT;
  }
  const parts = format + FORMAT_PARTS;
  const yearAt = at + load<u32>(parts);
  const year = twoDigits(yearAt) * 100 + twoDigits(yearAt + 2);
  const month = twoDigits(at + load<u32>(parts, PART_MONTH << 2));
  const day = twoDigits(at + load<u32>(parts, PART_DAY << 2));
  const hourAt = load<i32>(parts, PART_HOUR << 2);
  const minuteAt = load<i32>(parts, PART_MINUTE << 2);
  const secondAt = load<i32>(parts, PART_SECOND << 2);
  const hour = hourAt < 0 ? 0 : twoDigits(at + hourAt);
  const minute = minuteAt < 0 ? 0 : twoDigits(at + minuteAt);
  const second = secondAt < 0 ? 0 : twoDigits(at + secondAt);
  return setMoment(year, month, day, hour, minute, second) ? at + length : NO_FIT;
}

/** Of two bytes that are digits. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function twoDigits(at: usize): i32 {
  const pair: i32 = load<u16>(at) - (ZERO << 8 | ZERO);
  return (pair & 0xff) * 10 + (pair >> 8);
}

/** Optionally a fraction, optionally `Z` or an offset. */
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
    Moment.hasOffset = true;
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
  Moment.hasOffset = true;
  Moment.offset = sign == MINUS ? -offset : offset;
  return at + 6;
}

/** Element by element: a number takes as many digits as it can. */
function readElements(format: usize, start: usize): usize {
  let element: usize = load<u32>(format, FORMAT_ELEMENTS);
  if (element == 0) return NO_FIT;
  Moment.hour = 0;
  Moment.minute = 0;
  Moment.second = 0;
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
      setPart(part, value);
    }
    element += ELEMENT_SIZE;
  }
  return setMoment(Moment.year, Moment.month, Moment.day, Moment.hour, Moment.minute, Moment.second) ? at : NO_FIT;
}

function setPart(part: i32, value: i32): void {
  switch (part) {
    case PART_YEAR: Moment.year = value; break;
    case PART_MONTH: Moment.month = value; break;
    case PART_DAY: Moment.day = value; break;
    case PART_HOUR: Moment.hour = value; break;
    case PART_MINUTE: Moment.minute = value; break;
    default: Moment.second = value; break;
  }
}

/** Limits have the same form as the output, up to the fraction's digits: bytes order as the moments do. */
function isWithinLimits(op: usize, text: usize, textEnd: usize): bool {
  const minimum: usize = load<u32>(op, DATE_MIN);
  const maximum: usize = load<u32>(op, DATE_MAX);
  if (minimum != 0 && compare(text, textEnd, minimum, minimum + load<u32>(op, DATE_MIN_LENGTH)) < 0) return false;
  return maximum == 0 || compare(text, textEnd, maximum, maximum + load<u32>(op, DATE_MAX_LENGTH)) <= 0;
}

/** Digits that are not there count as zeros. */
function compare(left: usize, leftEnd: usize, right: usize, rightEnd: usize): i32 {
  while (left < leftEnd || right < rightEnd) {
    const difference: i32 = (left < leftEnd ? <i32>load<u8>(left) : ZERO) - (right < rightEnd ? <i32>load<u8>(right) : ZERO);
    if (difference != 0) return difference;
    left++;
    right++;
  }
  return 0;
}
