/**
 * Strings of fixed length whose every byte has its own ranges: `TX[0-9A-Z]{10}`. They hold nothing that JSON escapes.
 */
import { BLOCK, PATTERN_LENGTH, PATTERN_RANGE_COUNT, PATTERN_RANGES } from '../layout';
import { DOUBLE_QUOTE, holds } from './bytes';
import { Run, SURPRISE } from './state';

const RANGE_SIZE = 2 * BLOCK;

/** @returns the end of the field's text */
export function readPattern(op: usize, at: usize, out: usize): usize {
  const length: usize = load<u32>(op, PATTERN_LENGTH);
  const rangeCount = load<i32>(op, PATTERN_RANGE_COUNT);
  let ranges: usize = load<u32>(op, PATTERN_RANGES);
  store<u8>(out, DOUBLE_QUOTE);
  for (let done: usize = 0; done < length; done += BLOCK) {
    const block = v128.load(at + done);
    v128.store(out + 1 + done, block);
    let fits = isWithin(block, ranges);
    if (rangeCount > 1) fits = v128.or(fits, isWithin(block, ranges + RANGE_SIZE));
    if (rangeCount > 2) {
      for (let range = 2; range < rangeCount; range++) fits = v128.or(fits, isWithin(block, ranges + range * RANGE_SIZE));
    }
    ranges += rangeCount * RANGE_SIZE;
    if (!holds(fits)) return SURPRISE;
  }
  store<u8>(out + 1 + length, DOUBLE_QUOTE);
  Run.out = out + length + 2;
  return at + length;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function isWithin(block: v128, range: usize): v128 {
  return v128.and(i8x16.ge_u(block, v128.load(range)), i8x16.le_u(block, v128.load(range, BLOCK)));
}
