/** The keys of the records that were written: an entry each, as engine/keys/key-entry.ts has them. */
import {
  ENTRY_OFFSET, ENTRY_PLACE, ENTRY_SIZE, KEY_FIELD_COUNT, KEY_FIELDS, KEY_NUMBER, KEY_NUMBER_LENGTH, KEY_PLACE, KEY_SIZE, OP_PREFIX_LENGTH, OP_SIZE,
  OP_VALUE,
} from '../layout';
import { copy } from './bytes';
import { writeHash } from './sha256';
import { Keys, Program, Run } from './state';

const COMMA: u8 = 0x2c;
/** Of the values only `null` begins so. */
const NULL_BEGIN: u8 = 0x6e;
const FIELD_SIZE = 4;

/**
 * Adds an entry for each key of the record whose values have just been written.
 *
 * @param byteOffset in the file
 * @param line since the chunk's first
 */
export function addKeys(byteOffset: f64, line: f64): void {
  const end = Keys.first + Keys.count * KEY_SIZE;
  for (let key = Keys.first; key < end; key += KEY_SIZE) {
    const textEnd = writeText(key);
    if (textEnd != 0) {
      const entry = Run.entry;
      writeHash(Keys.text, textEnd, entry);
      store<f64>(entry, byteOffset, ENTRY_OFFSET);
      store<f64>(entry, load<f64>(key, KEY_PLACE) + line, ENTRY_PLACE);
      Run.entry = entry + ENTRY_SIZE;
    }
  }
}

/** Writes what is hashed, as `keyText` in engine/keys/unique-key.ts. @returns its end; 0: a value is missing */
function writeText(key: usize): usize {
  const numberLength: usize = load<u32>(key, KEY_NUMBER_LENGTH);
  copy(Keys.text, key + KEY_NUMBER, numberLength);
  let to = Keys.text + numberLength;
  let field: usize = load<u32>(key, KEY_FIELDS);
  const end = field + load<u32>(key, KEY_FIELD_COUNT) * FIELD_SIZE;
  while (field < end) {
    const op: usize = load<u32>(field);
    const value: usize = load<u32>(op, OP_VALUE);
    if (load<u8>(value) == NULL_BEGIN) return 0;
    store<u8>(to++, COMMA);
    const length = endOfValue(op) - value;
    copy(to, value, length);
    to += length;
    field += FIELD_SIZE;
  }
  return to;
}

/** The next field's prefix begins there. */
function endOfValue(op: usize): usize {
  const next = op + OP_SIZE;
  if (next == Program.ops + Program.fieldCount * OP_SIZE) return Run.out;
  return <usize>load<u32>(next, OP_VALUE) - load<u32>(next, OP_PREFIX_LENGTH);
}
