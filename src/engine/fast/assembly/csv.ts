/** Values as fields of CSV, as output/csv-encoder.ts writes them: in quotes only where they need them. */
import {
  BLOCK, KIND_DATE, KIND_DATETIME, KIND_NUMBER, KIND_PATTERN, MISSING_LENGTH, MISSING_MASK, MISSING_SIZE, MISSING_TEXT, OP_KIND, OP_MISSING,
  OP_MISSING_COUNT,
} from '../layout';
import { COMMA, copy, CR, DOUBLE_QUOTE, FIRST_LEAD, LAST_CONTROL, LF } from './bytes';
import { Dialect, Run, SURPRISE } from './state';
import { hasLength } from './text';

const SPACE: i32 = 0x20;
const TAB: i32 = 0x09;

/** A text. @returns the end of the field's text */
export function readCsvText(op: usize, start: usize, out: usize, quoted: bool): usize {
  const terminator: i32 = quoted ? Dialect.quote : Dialect.delimiter;
  const terminators = i8x16.splat(<i8>terminator);
  let at = start;
  let to = out;
  let continuations = 0;
  let nonAscii = false;
  let within = true;
  while (within) {
    const block = v128.load(at);
    v128.store(to, block);
    const special = i8x16.bitmask(v128.or(
      v128.or(i8x16.eq(block, terminators), i8x16.le_u(block, i8x16.splat(LAST_CONTROL))),
      v128.or(i8x16.eq(block, i8x16.splat(<i8>DOUBLE_QUOTE)), i8x16.eq(block, i8x16.splat(<i8>COMMA))),
    ));
    const plain: i32 = special ? ctz(special) : BLOCK;
    const high = i8x16.bitmask(block) & ((1 << plain) - 1);
    if (high != 0) {
      nonAscii = true;
      continuations += popcnt(i8x16.bitmask(i8x16.lt_s(block, i8x16.splat(FIRST_LEAD))) & high);
    }
    at += plain;
    to += plain;
    if (special) {
      const byte: i32 = load<u8>(at);
      const isTerminator = byte == terminator && !(quoted && load<u8>(at, 1) == Dialect.quote);
      if (isTerminator || (!quoted && (byte == LF || (byte == CR && load<u8>(at, 1) == LF)))) {
        within = false;
      } else if (byte == DOUBLE_QUOTE || byte == COMMA || byte == LF || byte == CR) {
        return readIntoQuotes(op, start, out, quoted);
      } else if (byte == terminator || byte == 0) {
        // A doubled quote that is no quote in the output; the end of the input.
        return SURPRISE;
      } else {
        at++;
        to++;
      }
    }
  }
  if (at == start || isBlank(load<u8>(start)) || isBlank(load<u8>(at - 1))) return readIntoQuotes(op, start, out, quoted);
  if (nonAscii) {
    Run.nonAscii = true;
    if (isWideBlank(start) || isWideBlank(at - 2) || (at - start > 2 && isWideBlank(at - 3))) return SURPRISE;
  }
  if (!hasLength(op, at - start - continuations)) return SURPRISE;
  Run.out = to;
  return at;
}

/** The same with quotes around, and those within doubled. */
function readIntoQuotes(op: usize, start: usize, out: usize, quoted: bool): usize {
  const terminator: i32 = quoted ? Dialect.quote : Dialect.delimiter;
  const terminators = i8x16.splat(<i8>terminator);
  let at = start;
  let to = out;
  store<u8>(to++, DOUBLE_QUOTE);
  // Bytes that are no character of their own: continuation bytes, and one of two quotes.
  let silent = 0;
  let within = true;
  while (within) {
    const block = v128.load(at);
    v128.store(to, block);
    const special = i8x16.bitmask(v128.or(
      v128.or(i8x16.eq(block, terminators), i8x16.le_u(block, i8x16.splat(LAST_CONTROL))), i8x16.eq(block, i8x16.splat(<i8>DOUBLE_QUOTE)),
    ));
    const plain: i32 = special ? ctz(special) : BLOCK;
    const high = i8x16.bitmask(block) & ((1 << plain) - 1);
    if (high != 0) {
      Run.nonAscii = true;
      silent += popcnt(i8x16.bitmask(i8x16.lt_s(block, i8x16.splat(FIRST_LEAD))) & high);
    }
    at += plain;
    to += plain;
    if (special) {
      const byte: i32 = load<u8>(at);
      const isDoubled = quoted && byte == terminator && load<u8>(at, 1) == Dialect.quote;
      if ((byte == terminator && !isDoubled) || (!quoted && (byte == LF || (byte == CR && load<u8>(at, 1) == LF)))) {
        within = false;
      } else {
        if (byte == 0) return SURPRISE;
        if (byte == LF) Run.innerLines++;
        store<u8>(to++, <u8>byte);
        if (byte == DOUBLE_QUOTE) store<u8>(to++, DOUBLE_QUOTE);
        at++;
        if (isDoubled) {
          at++;
          silent++;
        }
      }
    }
  }
  if (!hasLength(op, at - start - silent)) return SURPRISE;
  store<u8>(to, DOUBLE_QUOTE);
  Run.out = to + 1;
  return at;
}

/** Takes away the quotes that a value has in JSON. @returns whether the field does not stand for "no value" as it is */
export function finishCsvField(op: usize, out: usize): bool {
  const kind = load<i32>(op, OP_KIND);
  if ((kind == KIND_NUMBER || kind == KIND_DATE || kind == KIND_DATETIME || kind == KIND_PATTERN) && load<u8>(out) == DOUBLE_QUOTE) {
    const length = Run.out - out - 2;
    copy(out, out + 1, length);
    Run.out = out + length;
  }
  const count = load<i32>(op, OP_MISSING_COUNT);
  return count == 0 || !isMissingText(load<u32>(op, OP_MISSING), count, out);
}

function isMissingText(texts: usize, count: i32, out: usize): bool {
  const block = v128.load(out);
  const end = texts + count * MISSING_SIZE;
  for (let text = texts; text < end; text += MISSING_SIZE) {
    const differences = v128.and(v128.xor(block, v128.load(text, MISSING_TEXT)), v128.load(text, MISSING_MASK));
    if (!v128.any_true(differences) && Run.out - out == load<u32>(text, MISSING_LENGTH)) return true;
  }
  return false;
}

/** Of ASCII, as `\s` has it. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function isBlank(byte: i32): bool {
  return byte == SPACE || (byte >= TAB && byte <= <i32>CR);
}

/** Whether a blank begins here of those beyond ASCII that `\s` has: U+00A0, 1680, 2000-200A, 2028, 2029, 202F, 205F, 3000, FEFF. */
function isWideBlank(at: usize): bool {
  const bytes = load<u32>(at) & 0xffffff;
  const third = bytes >>> 16;
  switch (bytes & 0xffff) {
    case 0xa0c2: return true;
    case 0x9ae1: return third == 0x80;
    case 0x80e2: return third <= 0x8a || third == 0xa8 || third == 0xa9 || third == 0xaf;
    case 0x81e2: return third == 0x9f;
    case 0x80e3: return third == 0x80;
    case 0xbbef: return third == 0xbf;
    default: return false;
  }
}
