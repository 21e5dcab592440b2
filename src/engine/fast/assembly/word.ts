/** Closed sets of texts (`enum`, booleans), each with what it becomes. */
import {
  BLOCK, HASH_FACTOR_HIGH, HASH_FACTOR_LOW, HASH_ROTATION, PREFIX_MASK, PREFIX_MASK_SIZE, WORD_OUTPUT, WORD_OUTPUT_LENGTH, WORD_LENGTH,
  WORD_SHIFT, WORD_SLOT_MASK, WORD_SLOTS, WORD_TEXT,
} from '../layout';
import { copy, CR, LF } from './bytes';
import { Dialect, Run, SURPRISE } from './state';

/** @returns the end of the field's text */
export function readWord(op: usize, at: usize, out: usize, quoted: bool): usize {
  let first = v128.load(at);
  let second = i8x16.splat(0);
  let ends = endsIn(first, quoted);
  if (ends == 0) {
    second = v128.load(at, BLOCK);
    ends = endsIn(second, quoted) << BLOCK;
    if (ends == 0) return SURPRISE;
  }
  const length = ctz(ends);
  // Puts zeros in place of what follows the text.
  const mask = PREFIX_MASK + PREFIX_MASK_SIZE - length;
  first = v128.and(first, v128.load(mask));
  second = v128.and(second, v128.load(mask, BLOCK));

  const slots: usize = load<u32>(op, WORD_SLOTS);
  const slotMask = load<u32>(op, WORD_SLOT_MASK);
  let slot: u32 = <u32>(hash(v128.xor(first, second)) >> load<u32>(op, WORD_SHIFT));
  let word: usize = load<u32>(slots + (slot << 2));
  while (word != 0) {
    const differences = v128.or(v128.xor(first, v128.load(word, WORD_TEXT)), v128.xor(second, v128.load(word, WORD_TEXT + BLOCK)));
    if (load<i32>(word, WORD_LENGTH) == length && !v128.any_true(differences)) {
      const outputLength: usize = load<u32>(word, WORD_OUTPUT_LENGTH);
      copy(out, word + WORD_OUTPUT, outputLength);
      Run.out = out + outputLength;
      return at + length;
    }
    slot = (slot + 1) & slotMask;
    word = load<u32>(slots + (slot << 2));
  }
  return SURPRISE;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function endsIn(block: v128, quoted: bool): i32 {
  if (quoted) return i8x16.bitmask(i8x16.eq(block, i8x16.splat(<i8>Dialect.quote)));
  const lineEnds = v128.or(i8x16.eq(block, i8x16.splat(<i8>LF)), i8x16.eq(block, i8x16.splat(<i8>CR)));
  return i8x16.bitmask(v128.or(lineEnds, i8x16.eq(block, i8x16.splat(<i8>Dialect.delimiter))));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function hash(folded: v128): u64 {
  const factor: u64 = (<u64>HASH_FACTOR_HIGH << 32) | <u64>HASH_FACTOR_LOW;
  return (i64x2.extract_lane(folded, 0) ^ rotl<u64>(i64x2.extract_lane(folded, 1), HASH_ROTATION)) * factor;
}
