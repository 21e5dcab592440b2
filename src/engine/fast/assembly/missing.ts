/** The texts of a field that stand for "no value". */
import {
  EMPTY_IS_MISSING, MISSING_LENGTH, MISSING_MASK, MISSING_SIZE, MISSING_TEXT, OP_EMPTY, OP_MISSING, OP_MISSING_COUNT, OP_QUOTED_EMPTY,
  OP_QUOTED_MISSING_COUNT,
} from '../layout';
import { endsField } from './bytes';
import { Dialect, Run, SURPRISE } from './state';

/** The end of an unquoted text that stands for "no value"; SURPRISE: it is a value. */
export function endOfMissing(op: usize, at: usize): usize {
  if (load<i32>(op, OP_EMPTY) == EMPTY_IS_MISSING && endsField(at)) return at;
  const count = load<i32>(op, OP_MISSING_COUNT);
  return count == 0 ? SURPRISE : endOfMissingText(load<u32>(op, OP_MISSING), count, at);
}

/** The same in quotes. @param at behind the opening quote @returns the end of the text, where the closing quote stands */
export function endOfQuotedMissing(op: usize, at: usize): usize {
  if (load<i32>(op, OP_QUOTED_EMPTY) == EMPTY_IS_MISSING && closesField(at)) return at;
  let text: usize = load<u32>(op, OP_MISSING);
  for (let left = load<i32>(op, OP_QUOTED_MISSING_COUNT); left > 0; left--) {
    const end = at + load<u32>(text, MISSING_LENGTH);
    if (beginsWith(v128.load(at), text) && closesField(end)) return end;
    text += MISSING_SIZE;
  }
  return SURPRISE;
}

/** Whether the closing quote is here: of two quotes the first is part of the text. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function closesField(at: usize): bool {
  return load<u8>(at) == Dialect.quote && load<u8>(at, 1) != Dialect.quote;
}

function endOfMissingText(texts: usize, count: i32, at: usize): usize {
  const block = v128.load(at);
  let text = texts;
  for (let left = count; left > 0; left--) {
    const end = at + load<u32>(text, MISSING_LENGTH);
    if (beginsWith(block, text) && endsField(end)) return end;
    text += MISSING_SIZE;
  }
  return SURPRISE;
}

/** Whether what was written from `out` on is one of these texts, except the empty one. */
export function isMissing(op: usize, out: usize): bool {
  const count = load<i32>(op, OP_MISSING_COUNT);
  if (count == 0) return false;
  const block = v128.load(out);
  let text: usize = load<u32>(op, OP_MISSING);
  for (let left = count; left > 0; left--) {
    if (beginsWith(block, text) && Run.out - out == load<u32>(text, MISSING_LENGTH)) return true;
    text += MISSING_SIZE;
  }
  return false;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function beginsWith(block: v128, text: usize): bool {
  return !v128.any_true(v128.and(v128.xor(block, v128.load(text, MISSING_TEXT)), v128.load(text, MISSING_MASK)));
}
