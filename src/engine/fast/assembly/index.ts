/**
 * The fast path: reads, validates, normalises and writes records in one pass over the bytes, with no strings and no
 * list of fields in between. Each field's op copies from the input straight to the output. Whatever it does not expect
 * rolls the output back to the record's start and ends the run there: the exact path decides on that record.
 *
 * Loops say `while (flag)`: the compiler takes what follows a `for (;;)` with a break for code that cannot be reached.
 */
import {
  ENTRY_SIZE, FIRST_BYTES, FIRST_BYTES_SIZE, FIRST_END, FIRST_QUOTE, KIND_CSV_TEXT, KIND_DATE, KIND_DATETIME, KIND_NUMBER,
  KIND_PATTERN, KIND_TEXT, KIND_WORD, LINE_END, LINE_END_LENGTH, LINE_HAS_OFFSET, LINE_IS_CSV, LINE_MISSING, LINE_MISSING_LENGTH, LINE_TAIL,
  LINE_TAIL_LENGTH, OP_KIND, OP_MISSING_COUNT, OP_PREFIX, OP_PREFIX_LENGTH, OP_QUOTED_EMPTY, OP_QUOTED_MISSING_COUNT, OP_REQUIRED, OP_SIZE,
  OP_VALUE, RESULT_ENTRIES, RESULT_FAULTLESS, RESULT_LINES, RESULT_OUT, RESULT_RECORDS, RESULTS,
} from '../layout';
import { copy, copyTwoBlocks, CR, LF, SPACE, TAB, ZERO } from './bytes';
import { finishCsvField, readCsvText } from './csv';
import { readDate, readDateTime } from './date';
import { readPattern } from './fixed-pattern';
import { readHostField } from './host-field';
import { addKeys } from './keys';
import { endOfMissing, endOfQuotedMissing } from './missing';
import { readNumber } from './number';
import { Dialect, Keys, Line, Program, Records, Run, SURPRISE } from './state';
import { readText } from './text';
import { readWord } from './word';

export function configure(ops: usize, fieldCount: i32, maxRecordSize: usize, delimiter: i32, quote: i32, comment: i32): void {
  Program.ops = ops;
  Program.fieldCount = fieldCount;
  Program.maxRecordSize = maxRecordSize;
  Dialect.delimiter = delimiter;
  Dialect.quote = quote;
  Dialect.comment = comment;
  memory.fill(FIRST_BYTES, 0, FIRST_BYTES_SIZE);
  store<u8>(FIRST_BYTES + LF, FIRST_END);
  store<u8>(FIRST_BYTES + CR, FIRST_END);
  store<u8>(FIRST_BYTES + delimiter, FIRST_END);
  if (quote >= 0) store<u8>(FIRST_BYTES + quote, FIRST_QUOTE);
}

export function configureRecords(mayEndWithLf: bool, mayEndWithCrLf: bool, trailingDelimiter: bool, skipBlank: bool): void {
  Records.mayEndWithLf = mayEndWithLf;
  Records.mayEndWithCrLf = mayEndWithCrLf;
  Records.trailingDelimiter = trailingDelimiter;
  Records.skipBlank = skipBlank;
}

/** @param line `LINE_…` */
export function configureLine(line: usize): void {
  Line.isCsv = load<i32>(line, LINE_IS_CSV) != 0;
  Line.missing = load<u32>(line, LINE_MISSING);
  Line.missingLength = load<u32>(line, LINE_MISSING_LENGTH);
  Line.tail = load<u32>(line, LINE_TAIL);
  Line.tailLength = load<u32>(line, LINE_TAIL_LENGTH);
  Line.hasOffset = load<i32>(line, LINE_HAS_OFFSET) != 0;
  Line.end = load<u32>(line, LINE_END);
  Line.endLength = load<u32>(line, LINE_END_LENGTH);
}

/** Where the module's tables end, which begin at `MODULE_DATA`. */
export const moduleDataEnd: usize = __heap_base;

/**
 * @param text memory for the text that is hashed
 * @param entries memory for key entries; each run is told how many it may leave
 */
export function configureKeys(first: usize, count: i32, text: usize, entries: usize): void {
  Keys.first = first;
  Keys.count = count;
  Keys.text = text;
  Keys.entries = entries;
}

/**
 * Converts records from `start` on, a record's first byte, until one begins at `limit` or later, one is a surprise, or
 * the output has reached `outLimit`. The last record may end behind `limit`; zeros follow the input.
 *
 * @param trusted up to here, bytes above 127 are known to be valid UTF-8
 * @param origin add it to an address to get the offset in the file
 * @param line physical lines from the chunk's first to `start`
 * @param entryCount key entries that the run may leave; it ends where one more record could leave too many
 * @returns the first byte after the last record
 */
export function run(start: usize, limit: usize, trusted: usize, out: usize, outLimit: usize, origin: f64, line: f64,
  entryCount: i32): usize {
  Run.out = out;
  Run.entry = Keys.entries;
  let records = 0;
  let lines = 0;
  let faultless = 0;
  let at = start;
  let expected = true;
  // The last place where the key entries of one record may begin.
  const lastEntry = Keys.entries + (entryCount - Keys.count) * ENTRY_SIZE;
  while (expected && at < limit && Run.out < outLimit && Run.entry <= lastEntry) {
    const lineStart = Run.out;
    Run.innerLines = 0;
    Run.nonAscii = false;
    let end = readRecord(at, trusted);
    if (end != SURPRISE && Keys.count != 0 && !addKeys(origin + <f64>at, line + <f64>lines)) end = surpriseIn(Program.ops);
    if (end == SURPRISE) {
      Run.out = lineStart;
      expected = false;
      // For other text it is not known yet whether its bytes are valid.
      if (!Run.nonAscii) faultless = <i32>((Run.surpriseOp - Program.ops) / OP_SIZE);
    } else {
      if (Line.hasOffset) writeOffset(<u64>(origin + <f64>at));
      copy(Run.out, Line.end, Line.endLength);
      Run.out += Line.endLength;
      records++;
      lines += 1 + Run.innerLines;
      at = end;
    }
  }
  store<u32>(RESULTS, <u32>Run.out, RESULT_OUT);
  store<i32>(RESULTS, records, RESULT_RECORDS);
  store<i32>(RESULTS, lines, RESULT_LINES);
  store<i32>(RESULTS, faultless, RESULT_FAULTLESS);
  store<u32>(RESULTS, <u32>((Run.entry - Keys.entries) / ENTRY_SIZE), RESULT_ENTRIES);
  return at;
}

function writeOffset(offset: u64): void {
  copy(Run.out, Line.tail, Line.tailLength);
  const start = Run.out + Line.tailLength;
  let end = start + 1;
  for (let rest = offset / 10; rest != 0; rest /= 10) end++;
  let rest = offset;
  for (let at = end; at > start; rest /= 10) store<u8>(--at, <u8>(ZERO + <u32>(rest % 10)));
  Run.out = end;
}

/** @returns the first byte after the record's line end */
function readRecord(start: usize, trusted: usize): usize {
  let op = Program.ops;
  if (load<u8>(start) == Dialect.comment || (Records.skipBlank && mayBeBlank(load<u8>(start)))) return surpriseIn(op);
  const opsEnd = op + Program.fieldCount * OP_SIZE;
  const delimiter = Dialect.delimiter;
  // The first field needs no delimiter before it.
  let at = start - 1;
  while (op != opsEnd) {
    // There is text after the closing quote of the field before, or that field was the record's last.
    if (load<u8>(at) != delimiter && op != Program.ops) return surpriseIn(op - OP_SIZE);
    at = readField(op, at + 1);
    if (at == SURPRISE) return surpriseIn(op);
    op += OP_SIZE;
  }
  if (Records.trailingDelimiter) {
    if (load<u8>(at) != delimiter) return surpriseIn(op - OP_SIZE);
    at++;
  }
  const size = at - start;
  // A record of no bytes is a blank line.
  if (size == 0 || size > Program.maxRecordSize || (Run.nonAscii && at > trusted)) return surpriseIn(op - OP_SIZE);
  const hasCr = load<u8>(at) == CR;
  if (hasCr ? !Records.mayEndWithCrLf : !Records.mayEndWithLf) return surpriseIn(op - OP_SIZE);
  if (hasCr) at++;
  return load<u8>(at) == LF ? at + 1 : surpriseIn(op - OP_SIZE);
}

/** Whether a record that begins so may be one of delimiters and blanks alone. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function mayBeBlank(byte: i32): bool {
  return byte == Dialect.delimiter || byte == SPACE || byte == TAB;
}

/** @param op of the first field that may be why */
// @ts-ignore: a decorator of AssemblyScript
@inline
function surpriseIn(op: usize): usize {
  Run.surpriseOp = op;
  return SURPRISE;
}

/** @returns the first byte after the field, its closing quote included */
// @ts-ignore: a decorator of AssemblyScript
@inline
function readField(op: usize, start: usize): usize {
  const prefixLength: usize = load<u32>(op, OP_PREFIX_LENGTH);
  copyTwoBlocks(Run.out, load<u32>(op, OP_PREFIX), prefixLength);
  const out = Run.out + prefixLength;
  store<u32>(op, <u32>out, OP_VALUE);
  const firstByte: i32 = load<u8>(load<u8>(start), FIRST_BYTES);
  if (firstByte == FIRST_QUOTE) {
    if (load<i32>(op, OP_QUOTED_EMPTY) | load<i32>(op, OP_QUOTED_MISSING_COUNT)) {
      const end = endOfQuotedMissing(op, start + 1);
      if (end != SURPRISE) return writeMissing(op, out) ? end + 1 : SURPRISE;
    }
    const end = readForLine(op, start + 1, out, true);
    return end != SURPRISE && load<u8>(end) == Dialect.quote ? end + 1 : SURPRISE;
  }
  if (firstByte == FIRST_END || load<i32>(op, OP_MISSING_COUNT) != 0) {
    const end = endOfMissing(op, start);
    if (end != SURPRISE) return writeMissing(op, out) ? end : SURPRISE;
  }
  return readForLine(op, start, out, false);
}

/** @returns false where the field is required */
// @ts-ignore: a decorator of AssemblyScript
@inline
function writeMissing(op: usize, out: usize): bool {
  if (load<i32>(op, OP_REQUIRED) != 0) return false;
  store<u32>(out, Line.missing);
  Run.out = out + Line.missingLength;
  return true;
}

/** Like `readValue`, in the form of the line. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function readForLine(op: usize, at: usize, out: usize, quoted: bool): usize {
  const end = readValue(op, at, out, quoted);
  return end != SURPRISE && Line.isCsv && !finishCsvField(op, out) ? SURPRISE : end;
}

/** Writes the value from `out` on. @returns the end of the field's text */
// @ts-ignore: a decorator of AssemblyScript
@inline
function readValue(op: usize, at: usize, out: usize, quoted: bool): usize {
  switch (load<i32>(op, OP_KIND)) {
    case KIND_TEXT: return readText(op, at, out, quoted);
    case KIND_PATTERN: return readPattern(op, at, out);
    case KIND_WORD: return readWord(op, at, out, quoted);
    case KIND_NUMBER: return readNumber(op, at, out);
    case KIND_DATE: return readDate(op, at, out, quoted);
    case KIND_DATETIME: return readDateTime(op, at, out, quoted);
    case KIND_CSV_TEXT: return readCsvText(op, at, out, quoted);
    default: return readHostField(<i32>((op - Program.ops) / OP_SIZE), at, out, quoted);
  }
}

// Nobody calls these from outside. Without an export each would be inlined into `run`, one function too large for its
// registers.
export { endOfMissing, endOfQuotedMissing, finishCsvField, readCsvText, readDate, readDateTime, readHostField, readNumber, readPattern, readText, readWord };
