/** Values as fields of CSV, as output/csv-encoder.ts writes them: in quotes only where they need them. */
import { BLOCK, KIND_DATE, KIND_DATETIME, KIND_NUMBER, KIND_PATTERN, OP_KIND } from '../layout';
import { COMMA, copy, CR, DOUBLE_QUOTE, FIRST_LEAD, LAST_CONTROL, LF, SPACE, TAB } from './bytes';
import { isMissing } from './missing';
import { Dialect, Run, SURPRISE } from './state';
import { hasLength, readText } from './text';

/** Writes a text, without quotes around it where it needs none. @returns the end of the field's text */
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
        return readText(op, start, out, quoted);
      } else if (byte == terminator || byte == 0) {
        // A doubled quote, which is one quote of another sort than the output's; or the end of the input.
        return SURPRISE;
      } else {
        at++;
        to++;
      }
    }
  }
  if (at == start || isBlank(load<u8>(start)) || isBlank(load<u8>(at - 1))) return readText(op, start, out, quoted);
  if (nonAscii) {
    Run.nonAscii = true;
    if (isWideBlank(start) || isWideBlank(at - 2) || (at - start > 2 && isWideBlank(at - 3))) return SURPRISE;
  }
  if (!hasLength(op, at - start - continuations)) return SURPRISE;
  Run.out = to;
  return at;
}

/**
 * Takes away the quotes that a value has in JSON.
 *
 * @returns false where the field would then be read as a missing value
 */
export function finishCsvField(op: usize, out: usize): bool {
  const kind = load<i32>(op, OP_KIND);
  if ((kind == KIND_NUMBER || kind == KIND_DATE || kind == KIND_DATETIME || kind == KIND_PATTERN) && load<u8>(out) == DOUBLE_QUOTE) {
    const length = Run.out - out - 2;
    copy(out, out + 1, length);
    Run.out = out + length;
  }
  return !isMissing(op, out);
}

/** Whether an ASCII byte is a blank of `\s`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function isBlank(byte: i32): bool {
  return byte == SPACE || (byte >= <i32>TAB && byte <= <i32>CR);
}

/**
 * Whether one of the blanks of `\s` beyond ASCII begins here: U+00A0, 1680, 2000-200A, 2028, 2029, 202F, 205F, 3000,
 * FEFF.
 */
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
