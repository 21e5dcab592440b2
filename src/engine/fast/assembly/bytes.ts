import { BLOCK } from '../layout';
import { Dialect } from './state';

const ALL_BYTES = 0xffff;
export const TAB: u32 = 0x09;
export const LF: u32 = 0x0a;
export const CR: u32 = 0x0d;
export const SPACE: u32 = 0x20;
export const DOUBLE_QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const PLUS: u32 = 0x2b;
export const MINUS: u32 = 0x2d;
export const POINT: u32 = 0x2e;
export const ZERO: u32 = 0x30;
export const COLON: u32 = 0x3a;
export const BACKSLASH: u32 = 0x5c;
export const LAST_CONTROL: i8 = 0x1f;
/** The lowest signed byte that begins a character of UTF-8: those below it are continuation bytes. */
export const FIRST_LEAD: i8 = -64;

// @ts-ignore: a decorator of AssemblyScript
@inline
export function isDigit(byte: u32): bool {
  return byte - ZERO <= 9;
}

/** Whether a comparison holds in all of its bytes. On x86-64 `all_true` says the same in twice as many instructions. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function holds(comparison: v128): bool {
  return i8x16.bitmask(comparison) == ALL_BYTES;
}

/** Copies whole blocks: up to 15 bytes more than `length` are written. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function copy(to: usize, from: usize, length: usize): void {
  v128.store(to, v128.load(from));
  // Guarded, because even entering a loop costs a check of the stack.
  if (length > <usize>BLOCK) {
    for (let done: usize = BLOCK; done < length; done += BLOCK) {
      v128.store(to + done, v128.load(from + done));
    }
  }
}

/** Like `copy`, for texts that are seldom longer than two blocks: up to 31 bytes more than `length` are written. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function copyTwoBlocks(to: usize, from: usize, length: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, BLOCK), BLOCK);
  if (length > 2 * BLOCK) copy(to + 2 * BLOCK, from + 2 * BLOCK, length - 2 * BLOCK);
}

/** Whether an unquoted field ends here. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function endsField(at: usize): bool {
  const byte: i32 = load<u8>(at);
  return byte == Dialect.delimiter || byte == LF || (byte == CR && load<u8>(at, 1) == LF);
}

/** Whether the text of a field ends here. What follows a closing quote is looked at later. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function endsText(at: usize, quoted: bool): bool {
  return quoted ? load<u8>(at) == Dialect.quote : endsField(at);
}
