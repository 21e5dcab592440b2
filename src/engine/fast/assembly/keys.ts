/** The keys of the records that were written: an entry each, as engine/keys/key-entry.ts has them. */
import {
  ENTRY_OFFSET, ENTRY_PLACE, ENTRY_SIZE, KEY_FIELD_COUNT, KEY_FIELDS, KEY_NUMBER, KEY_NUMBER_LENGTH, KEY_PLACE, KEY_SIZE, OP_PREFIX_LENGTH, OP_SIZE,
  OP_VALUE, OP_WITHOUT_QUOTES, BLOCK,
} from '../layout';
import { BACKSLASH, COMMA, copy, DOUBLE_QUOTE, LAST_CONTROL } from './bytes';
import { writeHash } from './sha256';
import { Keys, Line, Program, Run } from './state';

/** The first byte of `null`; no other value begins with it. */
const NULL_BEGIN: u8 = 0x6e;
const FIELD_SIZE = 4;
/** In place of the end of a key's text: a value is missing, or its JSON is not known. */
const MISSING: usize = 0;
const UNKNOWN: usize = 1;

/**
 * Adds an entry for each key of the record whose values have just been written.
 *
 * @param byteOffset in the file
 * @param line since the chunk's first
 * @returns false: the record is one for the exact path
 */
export function addKeys(byteOffset: f64, line: f64): bool {
  const first = Run.entry;
  const end = Keys.first + Keys.count * KEY_SIZE;
  for (let key = Keys.first; key < end; key += KEY_SIZE) {
    const textEnd = writeText(key);
    if (textEnd == UNKNOWN) {
      Run.entry = first;
      return false;
    }
    if (textEnd != MISSING) {
      const entry = Run.entry;
      writeHash(Keys.text, textEnd, entry);
      store<f64>(entry, byteOffset, ENTRY_OFFSET);
      store<f64>(entry, load<f64>(key, KEY_PLACE) + line, ENTRY_PLACE);
      Run.entry = entry + ENTRY_SIZE;
    }
  }
  return true;
}

/** Writes the text that is hashed, as `keyText` in engine/keys/unique-key.ts does. @returns its end */
function writeText(key: usize): usize {
  const numberLength: usize = load<u32>(key, KEY_NUMBER_LENGTH);
  copy(Keys.text, key + KEY_NUMBER, numberLength);
  let to = Keys.text + numberLength;
  let field: usize = load<u32>(key, KEY_FIELDS);
  const end = field + load<u32>(key, KEY_FIELD_COUNT) * FIELD_SIZE;
  while (field < end) {
    const op: usize = load<u32>(field);
    const value: usize = load<u32>(op, OP_VALUE);
    const length = endOfValue(op) - value;
    if (Line.isCsv ? length == 0 : load<u8>(value) == NULL_BEGIN) return MISSING;
    store<u8>(to++, COMMA);
    if (Line.isCsv && !isSameInJson(value, length)) return UNKNOWN;
    const inQuotes = load<i32>(op, OP_WITHOUT_QUOTES) != 0;
    if (inQuotes) store<u8>(to++, DOUBLE_QUOTE);
    copy(to, value, length);
    to += length;
    if (inQuotes) store<u8>(to++, DOUBLE_QUOTE);
    field += FIELD_SIZE;
  }
  return to;
}

/** Whether a field of CSV is the same in JSON: JSON escapes nothing in it, and CSV has not put it in quotes. */
function isSameInJson(text: usize, length: usize): bool {
  for (let done: usize = 0; done < length; done += BLOCK) {
    const block = v128.load(text + done);
    const special = i8x16.bitmask(v128.or(
      i8x16.le_u(block, i8x16.splat(LAST_CONTROL)),
      v128.or(i8x16.eq(block, i8x16.splat(<i8>DOUBLE_QUOTE)), i8x16.eq(block, i8x16.splat(<i8>BACKSLASH))),
    ));
    if (special != 0 && done + ctz(special) < length) return false;
  }
  return true;
}

/** The end of a field's value in the output: where the next field's prefix begins. */
function endOfValue(op: usize): usize {
  const next = op + OP_SIZE;
  if (next == Program.ops + Program.fieldCount * OP_SIZE) return Run.out;
  return <usize>load<u32>(next, OP_VALUE) - load<u32>(next, OP_PREFIX_LENGTH);
}
