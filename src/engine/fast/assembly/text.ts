/**
 * Strings in quotes: copied as they are scanned, 16 bytes at a time. `ESCAPES` says how a quote and the like are
 * written within them.
 */
import { BLOCK, ESCAPE_LENGTH, ESCAPE_SHIFT, ESCAPES, TEXT_MAX, TEXT_MIN } from '../layout';
import { BACKSLASH, CR, DOUBLE_QUOTE, FIRST_LEAD, LAST_CONTROL, LF } from './bytes';
import { Dialect, Run, SURPRISE } from './state';

/** @returns the end of the field's text */
export function readText(op: usize, start: usize, outStart: usize, quoted: bool): usize {
  const terminator: i32 = quoted ? Dialect.quote : Dialect.delimiter;
  const terminators = i8x16.splat(<i8>terminator);
  let at = start;
  let out = outStart;
  store<u8>(out++, DOUBLE_QUOTE);
  // Bytes that are no character of their own: continuation bytes, and one of each two doubled quotes.
  let silent: usize = 0;
  let within = true;
  while (within) {
    const block = v128.load(at);
    v128.store(out, block);
    const special = i8x16.bitmask(v128.or(
      v128.or(i8x16.eq(block, terminators), i8x16.le_u(block, i8x16.splat(LAST_CONTROL))),
      v128.or(i8x16.eq(block, i8x16.splat(<i8>DOUBLE_QUOTE)), i8x16.eq(block, i8x16.splat(<i8>BACKSLASH))),
    ));
    const plain: i32 = special ? ctz(special) : BLOCK;
    const nonAscii = i8x16.bitmask(block);
    if (nonAscii != 0) {
      const high = nonAscii & ((1 << plain) - 1);
      if (high != 0) Run.nonAscii = true;
      const continuations = i8x16.bitmask(i8x16.lt_s(block, i8x16.splat(FIRST_LEAD)));
      silent += popcnt(continuations & high);
    }
    at += plain;
    out += plain;
    if (special) {
      const byte: i32 = load<u8>(at);
      if (byte == terminator) {
        if (quoted && load<u8>(at, 1) == Dialect.quote) {
          out = writeEscaped(out, byte);
          at += 2;
          silent++;
        } else {
          within = false;
        }
      } else if (!quoted && (byte == LF || (byte == CR && load<u8>(at, 1) == LF))) {
        within = false;
      } else {
        if (byte == 0) return SURPRISE;
        if (byte == LF) Run.innerLines++;
        out = writeEscaped(out, byte);
        at++;
      }
    }
  }
  if (!hasLength(op, at - start - silent)) return SURPRISE;
  store<u8>(out, DOUBLE_QUOTE);
  Run.out = out + 1;
  return at;
}

/** Whether a text may have this many characters. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function hasLength(op: usize, characters: usize): bool {
  return <i32>characters >= load<i32>(op, TEXT_MIN) && <i32>characters <= load<i32>(op, TEXT_MAX);
}

/** An ASCII byte as it stands within the quotes. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function writeEscaped(out: usize, byte: i32): usize {
  const escape = ESCAPES + (byte << ESCAPE_SHIFT);
  store<u64>(out, load<u64>(escape));
  return out + load<u8>(escape, ESCAPE_LENGTH);
}
