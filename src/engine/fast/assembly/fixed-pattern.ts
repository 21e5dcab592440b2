/** Strings of fixed length whose every byte has its own ranges: `TX[0-9A-Z]{10}`. They hold nothing that JSON escapes. */
import { BLOCK, PATTERN_LENGTH, PATTERN_RANGE_COUNT, PATTERN_RANGES } from '../layout';
import { DOUBLE_QUOTE } from './bytes';
import { Run, SURPRISE } from './state';

/** @returns the end of the field's text */
export function readPattern(op: usize, at: usize): usize {
  const length: usize = load<u32>(op, PATTERN_LENGTH);
  const rangeCount = load<i32>(op, PATTERN_RANGE_COUNT);
  let ranges: usize = load<u32>(op, PATTERN_RANGES);
  const out = Run.out;
  store<u8>(out, DOUBLE_QUOTE);
  for (let done: usize = 0; done < length; done += BLOCK) {
    const block = v128.load(at + done);
    v128.store(out + 1 + done, block);
    let fits = i8x16.splat(0);
    for (let range = 0; range < rangeCount; range++) {
      const lowest = v128.load(ranges);
      const highest = v128.load(ranges, BLOCK);
      fits = v128.or(fits, v128.and(i8x16.ge_u(block, lowest), i8x16.le_u(block, highest)));
      ranges += 2 * BLOCK;
    }
    if (!i8x16.all_true(fits)) return SURPRISE;
  }
  store<u8>(out + 1 + length, DOUBLE_QUOTE);
  Run.out = out + length + 2;
  return at + length;
}
