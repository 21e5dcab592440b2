import {
  BYTES_PER_BYTE, HASH_PADDING, HOST_DOUBLED_QUOTES, HOST_NON_ASCII, HOST_QUOTED, PROGRAM, RESULT_ENTRIES, RESULT_FAULTLESS, RESULT_LINES, RESULT_OUT,
  RESULT_RECORDS, RESULT_WRITTEN, SLACK, VALUE_OVERHEAD,
} from './layout';
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

/**
 * The fast path over one chunk. It takes records as long as nothing surprises it, and writes their lines where the exact path
 * writes its own, so that they stay in order.
 */
export class FastPath implements FastLane {
  /**
   * @param output where the exact path writes its lines too
   * @param keys takes those of the records
   * @param job for the metadata columns
   * @returns undefined where the exact path does all: the module does not know the dialect, the output or the keys, or WebAssembly SIMD is not to be had
   */
  static open(format: Format, output: LineBuffer, outputPiece: number, keys?: ChunkKeys, job?: JobMetadata): FastPath | undefined {
    const program = programOf(format, job);
    const machine = program && acquireMachine();
    return machine && new FastPath(machine, program, format, output, outputPiece, keys);
  }

  next = 0;
  records = 0;
  lines = 0;
  /** Lines written, of the whole chunk. */
  written = 0;
  /** Offset in the file. */
  doneUpTo = 0;
  private memory: Buffer = Buffer.alloc(0);
  private input = 0;
  private outputStart = 0;
  private entries = 0;
  private readonly validText: ValidText;
  /** Where in the file the last run ended: `faultlessFields` are those of the record there. */
  private stoppedAt = -1;
  private faultlessFields = 0;
  private sealedBase = -1;
  private sealedLength = -1;

  private constructor(private readonly machine: Machine, private readonly program: Program, private readonly format: Format,
    private readonly output: LineBuffer, private readonly outputPiece: number, private readonly keys: ChunkKeys | undefined) {
    this.validText = new ValidText(isUtf8Text(format));
    machine.convertField = (index, start, end, flags, out) => this.convertField(index, start, end, flags, out);
  }

  /** The memory serves the next chunk. */
  close(): void {
    releaseMachine(this.machine);
  }

  /** How many of the first fields of the record at this offset in the file are known to have no fault. */
  faultlessFieldsAt(byteOffset: number): number {
    return byteOffset === this.stoppedAt ? this.faultlessFields : 0;
  }

  /** @returns where the walk places its bytes */
  allocate(size: number): Buffer {
    const { image, ops, fieldCount, form, line, keys, lineOverhead } = this.program;
    const { grammar: { dialect }, maxRecordSize } = this.format;
    this.input = aligned(PROGRAM + image.length);
    this.outputStart = aligned(this.input + size + SLACK);
    // A line is begun while the output is smaller than a piece.
    const outputSize = this.outputPiece + size * BYTES_PER_BYTE + lineOverhead;
    this.entries = aligned(this.outputStart + outputSize + SLACK);
    const keyText = aligned(this.entries + ENTRY_COUNT * ENTRY_BYTES + SLACK);
    const keyTextSize = size * BYTES_PER_BYTE + lineOverhead + HASH_PADDING;
    const memory = this.machine.reserve(this.keys === undefined ? this.entries : keyText + keyTextSize + SLACK);
    if (memory === undefined) return Buffer.allocUnsafeSlow(size);
    this.memory = memory;
    this.memory.set(image, PROGRAM);
    this.machine.writeEscapes(form.escapes);
    this.machine.exports.configure(ops, fieldCount, maxRecordSize, dialect.delimiter[0], dialect.quote, dialect.comment);
    this.machine.exports.configureLine(line);
    this.machine.exports.configureKeys(keys, this.keys === undefined ? 0 : this.format.keys.length, keyText, this.entries);
    this.output.moveTo(this.memory.subarray(this.outputStart, this.outputStart + outputSize));
    return this.memory.subarray(this.input, this.input + size);
  }

  take(window: Window, at: number, limit: number, line: number): void {
    this.next = at;
    this.records = 0;
    this.lines = 0;
    if (this.memory.length === 0 || !this.output.isAtHome) return;
    this.seal(window);
    const nextFault = this.keys === undefined ? Infinity : this.keys.nextFaultOffset - window.base;
    const end = Math.min(limit, window.length, Math.max(at, nextFault));
    let stop;
    do {
      const valid = this.validText.extend(window, this.next);
      const invalidEnd = this.validText.invalidEnd(window);
      // In a block that is not valid, records of ASCII can still be taken, up to where the next block may be valid.
      stop = valid === this.next && invalidEnd > this.next ? Math.min(end, invalidEnd) : end;
      this.run(stop, valid, window.base - this.input, line + this.lines);
    } while (stop <= this.next && stop < end && !this.output.full && this.keys?.full !== true);
    this.stoppedAt = window.base + this.next;
    if (this.records > 0) this.doneUpTo = this.stoppedAt;
  }

  /** @param origin what an address is less than an offset in the file */
  private run(stop: number, valid: number, origin: number, line: number): void {
    const { machine, input, outputStart, keys } = this;
    const entryCount = keys === undefined ? 0 : Math.min(keys.room, ENTRY_COUNT);
    const out = outputStart + this.output.flushText();
    this.next = machine.exports.run(input + this.next, input + stop, input + valid, out, outputStart + this.outputPiece, origin, line,
      entryCount) - input;
    this.output.extendTo(machine.result(RESULT_OUT) - outputStart);
    this.records += machine.result(RESULT_RECORDS);
    this.lines += machine.result(RESULT_LINES);
    this.written += machine.result(RESULT_WRITTEN);
    this.faultlessFields = machine.result(RESULT_FAULTLESS);
    keys?.addEntries(machine.wordsAt(this.entries, machine.result(RESULT_ENTRIES) * ENTRY_WORDS));
  }

  /** Zeros behind the filled bytes end whatever runs into them. */
  private seal(window: Window): void {
    if (window.base === this.sealedBase && window.length === this.sealedLength) return;
    this.memory.fill(0, this.input + window.length, this.input + window.length + SLACK);
    this.sealedBase = window.base;
    this.sealedLength = window.length;
  }

  /** A field that has no op. The record's output is void if its text turns out not to be UTF-8. */
  private convertField(index: number, start: number, end: number, flags: number, out: number): number {
    const { memory, format, program: { form } } = this;
    const quoted = (flags & HOST_QUOTED) !== 0;
    let text = (flags & HOST_NON_ASCII) !== 0 ? memory.utf8Slice(start, end) : memory.latin1Slice(start, end);
    if ((flags & HOST_DOUBLED_QUOTES) !== 0) text = format.unescape(text, quoted);
    const json = format.converters[index](text, quoted);
    if (typeof json !== 'string') return -1;
    const written = form.write[index](json);
    // A number with an exponent may need more room than was counted on.
    if (written.length * BYTES_PER_UNIT > (end - start) * BYTES_PER_BYTE + VALUE_OVERHEAD) return -1;
    return memory.utf8Write(written, out);
  }
}
