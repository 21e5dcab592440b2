import {
  BYTES_PER_BYTE, HASH_PADDING, HOST_DOUBLED_QUOTES, HOST_NON_ASCII, HOST_QUOTED, PROGRAM, RESULT_ENTRIES, RESULT_FAULTLESS, RESULT_LINES, RESULT_OUT,
  RESULT_RECORDS, SLACK, VALUE_OVERHEAD,
} from './layout';
import { LineForm } from './line-form';
import { acquireMachine, aligned, Machine, releaseMachine } from './machine';
import { isUtf8Text, Program, programOf } from './program';
import { ValidText } from './valid-text';
import { Format } from '../format/format';
import { Window } from '../io/window';
import { ChunkKeys } from '../keys/chunk-keys';
import { ENTRY_BYTES, ENTRY_WORDS } from '../keys/key-entry';
import { LineBuffer } from '../output/line-buffer';
import { JobMetadata } from '../output/metadata-columns';
import { FastLane } from '../records/record-visitor';

/** Room for the key entries of one run. */
const ENTRY_COUNT = 8192;
/** Bytes of UTF-8 that a UTF-16 unit becomes at most. */
const BYTES_PER_UNIT = 3;

/** Addresses in the module's memory, behind its own tables and the program. */
interface Places {
  /** The walk's window. */
  readonly window: number;
  readonly windowSize: number;
  /** The lines that are written. */
  readonly output: number;
  readonly outputSize: number;
  /** The key entries of one run. */
  readonly entries: number;
  /** The text of the key that is being hashed. */
  readonly keyText: number;
  /** The end of the last of these. */
  readonly end: number;
}

function placesFor({ image, lineOverhead }: Program, windowSize: number, outputPiece: number, hasKeys: boolean): Places {
  const mostOfLine = windowSize * BYTES_PER_BYTE + lineOverhead;
  const window = aligned(PROGRAM + image.length);
  const output = aligned(window + windowSize + SLACK);
  // A line is begun while the output is smaller than a piece.
  const outputSize = outputPiece + mostOfLine;
  const entries = aligned(output + outputSize + SLACK);
  const keyText = aligned(entries + ENTRY_COUNT * ENTRY_BYTES + SLACK);
  return { window, windowSize, output, outputSize, entries, keyText, end: hasKeys ? keyText + mostOfLine + HASH_PADDING + SLACK : entries };
}

/**
 * The fast path over one chunk. It takes records as long as nothing surprises it, and writes their lines where the
 * exact path writes its own, so that they stay in order.
 */
export class FastPath implements FastLane {
  /**
   * @param windowSize bytes of the walk's window
   * @param outputPiece bytes after which `output` is full
   * @param keys takes those of the records
   * @param job for the metadata columns
   * @returns undefined where the exact path does everything: the module does not know the dialect, the output or the
   *   keys, or WebAssembly SIMD or the memory is not to be had
   */
  static open(format: Format, windowSize: number, outputPiece: number, keys?: ChunkKeys, job?: JobMetadata): FastPath | undefined {
    const program = programOf(format, job);
    if (program === undefined) return undefined;
    const machine = acquireMachine();
    if (machine === undefined) return undefined;
    const places = placesFor(program, windowSize, outputPiece, keys !== undefined);
    const memory = machine.reserve(places.end);
    if (memory === undefined) {
      releaseMachine(machine);
      return undefined;
    }
    const { grammar: { dialect }, maxRecordSize } = format;
    memory.set(program.image, PROGRAM);
    machine.writeEscapes(program.form.escapes);
    machine.exports.configure(program.ops, program.fieldCount, maxRecordSize, dialect.delimiter[0], dialect.quote, dialect.comment);
    machine.exports.configureRecords(dialect.lineEnds !== 'crlf', dialect.lineEnds !== 'lf', dialect.trailingDelimiter, dialect.skipBlankRecords);
    machine.exports.configureLine(program.line);
    machine.exports.configureKeys(program.keys, keys === undefined ? 0 : format.keys.length, places.keyText, places.entries);
    return new FastPath(machine, memory, places, program.form, format, outputPiece, keys);
  }

  readonly window: Buffer;
  /** Where the exact path writes its lines too. */
  readonly output: LineBuffer;
  next = 0;
  records = 0;
  lines = 0;
  /** Records written, of the whole chunk. */
  written = 0;
  /** Offset in the file. */
  doneUpTo = 0;
  private readonly validText: ValidText;
  /** Where in the file the last run ended: `faultlessFields` are those of the record there. */
  private stoppedAt = -1;
  private faultlessFields = 0;
  private sealedBase = -1;
  private sealedLength = -1;

  private constructor(private readonly machine: Machine, private readonly memory: Buffer, private readonly places: Places,
    private readonly form: LineForm, private readonly format: Format, private readonly outputPiece: number,
    private readonly keys: ChunkKeys | undefined) {
    this.window = memory.subarray(places.window, places.window + places.windowSize);
    this.output = new LineBuffer(outputPiece, memory.subarray(places.output, places.output + places.outputSize));
    this.validText = new ValidText(isUtf8Text(format));
    machine.convertField = (index, start, end, flags, out) => this.convertField(index, start, end, flags, out);
  }

  /** Gives the memory back, for the next chunk. */
  close(): void {
    releaseMachine(this.machine);
  }

  /** How many of the first fields of the record at this offset in the file are known to have no fault. */
  faultlessFieldsAt(byteOffset: number): number {
    return byteOffset === this.stoppedAt ? this.faultlessFields : 0;
  }

  take(window: Window, at: number, limit: number, line: number): void {
    this.next = at;
    this.records = 0;
    this.lines = 0;
    // First the lines that the exact path has appended: they may outgrow the memory only now.
    this.output.flushText();
    if (this.output.outgrown) return;
    this.seal(window);
    const nextFault = this.keys === undefined ? Infinity : this.keys.nextFaultOffset - window.base;
    const end = Math.min(limit, window.length, Math.max(at, nextFault));
    let stop;
    do {
      const valid = this.validText.extend(window, this.next);
      const invalidEnd = this.validText.invalidEnd(window);
      // In a block that is not valid, records of ASCII can still be taken, up to where the next block may be valid.
      stop = valid === this.next && invalidEnd > this.next ? Math.min(end, invalidEnd) : end;
      this.run(stop, valid, window.base - this.places.window, line + this.lines);
    } while (stop <= this.next && stop < end && !this.output.full && this.keys?.full !== true);
    this.stoppedAt = window.base + this.next;
    if (this.records > 0) this.doneUpTo = this.stoppedAt;
  }

  /** @param origin add it to an address in the window to get the offset in the file */
  private run(stop: number, valid: number, origin: number, line: number): void {
    const { machine, places: { window, output, entries }, keys } = this;
    const entryCount = keys === undefined ? 0 : Math.min(keys.room, ENTRY_COUNT);
    const out = output + this.output.length;
    this.next = machine.exports.run(window + this.next, window + stop, window + valid, out, output + this.outputPiece, origin, line,
      entryCount) - window;
    this.output.length = machine.result(RESULT_OUT) - output;
    const records = machine.result(RESULT_RECORDS);
    this.records += records;
    this.written += records;
    this.lines += machine.result(RESULT_LINES);
    this.faultlessFields = machine.result(RESULT_FAULTLESS);
    keys?.addEntries(machine.wordsAt(entries, machine.result(RESULT_ENTRIES) * ENTRY_WORDS));
  }

  /** Writes zeros behind the filled bytes: they end whatever runs into them. */
  private seal(window: Window): void {
    if (window.base === this.sealedBase && window.length === this.sealedLength) return;
    const end = this.places.window + window.length;
    this.memory.fill(0, end, end + SLACK);
    this.sealedBase = window.base;
    this.sealedLength = window.length;
  }

  /** Converts a field that has no op. The record's output is void if its text turns out not to be UTF-8. */
  private convertField(index: number, start: number, end: number, flags: number, out: number): number {
    const { memory, format, form } = this;
    const quoted = (flags & HOST_QUOTED) !== 0;
    let text = (flags & HOST_NON_ASCII) !== 0 ? memory.utf8Slice(start, end) : memory.latin1Slice(start, end);
    if ((flags & HOST_DOUBLED_QUOTES) !== 0) text = format.unescape(text, quoted) ?? text;
    const json = format.converters[index](text, quoted);
    if (typeof json !== 'string') return -1;
    const written = form.write[index](json);
    // A number with an exponent may need more room than was counted on.
    if (written.length * BYTES_PER_UNIT > (end - start) * BYTES_PER_BYTE + VALUE_OVERHEAD) return -1;
    return memory.utf8Write(written, out);
  }
}
