import { Action, ACTION_SHIFT, CR, Grammar, LF, ORDINARY, SPACE, State, STATE_BITS, TAB } from './grammar';

export const FieldFlag = {
  quoted: 1,
  /** The text differs from the bytes: doubled quotes or escapes. */
  escaped: 2,
  /** Text after the closing quote. */
  textAfterQuote: 4,
} as const;

export const ParseStatus = {
  record: 0,
  /** A line of no bytes. */
  blank: 1,
  comment: 2,
  /** The bytes end before the line does. */
  more: 3,
  /** The file ends inside quotes. */
  unclosed: 4,
} as const;
export type ParseStatus = (typeof ParseStatus)[keyof typeof ParseStatus];

/**
 * Parses one record at a time; its public fields describe the last one. Indices are those of the buffer it was given.
 */
export class RecordParser {
  /** After the line end. */
  end = 0;
  /** The record's first byte. It and `contentEnd` leave out blanks around the record where the grammar trims them. */
  contentStart = 0;
  /** Before the line end. */
  contentEnd = 0;
  /** Physical lines the record spans. */
  lines = 0;
  fieldCount = 0;
  /** The dialect asks for a delimiter behind the last field, and there is one: it is no further field's beginning. */
  endsWithDelimiter = false;
  /** No byte above 127. */
  ascii = true;
  /** Content of field k: `[fieldStart[k], fieldEnd[k])`, without its quotes. */
  fieldStart = new Int32Array(64);
  fieldEnd = new Int32Array(64);
  fieldFlags = new Uint8Array(64);

  constructor(private readonly grammar: Grammar) {}

  /**
   * @param at where a record begins in `bytes`; at least one byte is there
   * @param length how many of `bytes` are filled
   * @param eof whether the file ends at `length`
   */
  parse(bytes: Uint8Array, at: number, length: number, eof: boolean): ParseStatus {
    const { table, classOf, classShift, dialect } = this.grammar;
    this.contentStart = at;
    const delimiterLength = dialect.delimiter.length;
    let state: number = State.recordStart;
    let seen = 0;
    let position = at;
    let field = 0;
    let start = at;
    let flags = 0;
    let closingQuote = 0;
    let lines = 1;
    while (position < length) {
      const byte = bytes[position++];
      seen |= byte;
      const byteClass = classOf[byte];
      const step = table[(state << classShift) | byteClass];
      const previous = state;
      state = step & STATE_BITS;
      if (byteClass === ORDINARY) {
        // More ordinary bytes lead back to the same state.
        while (position < length && classOf[bytes[position]] === ORDINARY) seen |= bytes[position++];
        continue;
      }
      if (step <= STATE_BITS) continue;
      switch (step >> ACTION_SHIFT) {
        case Action.fieldEnd:
          this.endField(field++, start, position - delimiterLength, flags, closingQuote);
          start = position;
          flags = 0;
          break;
        case Action.recordEnd: {
          const contentEnd = previous === State.unquotedCr || previous === State.quoteCr ? position - 2 : position - 1;
          // Only where a lone CR ends records: an LF after it belongs to the same line end.
          if (byte === CR) {
            if (position === length && !eof) return ParseStatus.more;
            if (position < length && bytes[position] === LF) position++;
          }
          this.end = position;
          this.lines = lines;
          return this.endRecord(bytes, previous, contentEnd, seen, field, start, flags, closingQuote);
        }
        case Action.openQuote:
          start = position;
          flags |= FieldFlag.quoted;
          break;
        case Action.closeQuote:
          closingQuote = position - 1;
          break;
        case Action.escape:
          flags |= FieldFlag.escaped;
          break;
        case Action.line:
          if (byte === CR) {
            if (position === length && !eof) return ParseStatus.more;
            if (position < length && bytes[position] === LF) break;
          }
          lines++;
          break;
        case Action.skip:
          start = position;
          break;
      }
    }
    if (!eof) return ParseStatus.more;
    this.contentEnd = length;
    this.end = length;
    this.lines = lines;
    if (state === State.quoted || state === State.quotedEscape) return ParseStatus.unclosed;
    return this.endRecord(bytes, state, dialect.ctrlZ ? withoutCtrlZ(bytes, at, length) : length, seen, field, start, flags, closingQuote);
  }

  /** @param state before the line end, or at the file's end */
  private endRecord(bytes: Uint8Array, state: number, contentEnd: number, seen: number, field: number, start: number, flags: number,
    closingQuote: number): ParseStatus {
    const { dialect: { trailingDelimiter, escapeSequences }, trimsBlanks } = this.grammar;
    this.contentEnd = contentEnd;
    if (state === State.comment || state === State.commentCr) return ParseStatus.comment;
    if (trimsBlanks) this.trim(bytes);
    if (this.contentEnd === this.contentStart) return ParseStatus.blank;
    if (escapeSequences === 'postgresql' && this.isEndOfData(bytes)) return ParseStatus.comment;
    this.endField(field, start, contentEnd, flags, closingQuote);
    this.endsWithDelimiter = trailingDelimiter && field > 0 && start === contentEnd;
    this.fieldCount = this.endsWithDelimiter ? field : field + 1;
    this.ascii = seen < 128;
    return ParseStatus.record;
  }

  /** Whether the record is nothing but delimiters and blanks. */
  isBlankRecord(bytes: Uint8Array): boolean {
    for (let field = 0; field < this.fieldCount; field++) {
      if (this.fieldFlags[field] !== 0) return false;
      for (let index = this.fieldStart[field]; index < this.fieldEnd[field]; index++) {
        if (bytes[index] !== SPACE && bytes[index] !== TAB) return false;
      }
    }
    return true;
  }

  /** The line `\\.`, with which PostgreSQL ends its text format. No data is written so: it escapes backslashes. */
  private isEndOfData(bytes: Uint8Array): boolean {
    const { contentStart, contentEnd, grammar: { dialect } } = this;
    return contentEnd - contentStart === 2 && bytes[contentStart] === dialect.escape && bytes[contentStart + 1] === FULL_STOP;
  }

  /** The start of `[from, to)` without the blanks that are no part of a record. */
  trimmedStart(bytes: Uint8Array, from: number, to: number): number {
    if (!this.grammar.trimsBlanks) return from;
    while (from < to && isBlank(bytes[from])) from++;
    return from;
  }

  /** The end of `[from, to)` without the blanks that are no part of a record. */
  trimmedEnd(bytes: Uint8Array, from: number, to: number): number {
    if (!this.grammar.trimsBlanks) return to;
    while (to > from && isBlank(bytes[to - 1])) to--;
    return to;
  }

  /** Moves the content's ends past blanks. */
  private trim(bytes: Uint8Array): void {
    this.contentStart = this.trimmedStart(bytes, this.contentStart, this.contentEnd);
    this.contentEnd = this.trimmedEnd(bytes, this.contentStart, this.contentEnd);
  }

  private endField(index: number, start: number, end: number, flags: number, closingQuote: number): void {
    if (index === this.fieldStart.length) this.grow();
    if (flags & FieldFlag.quoted) {
      if (closingQuote !== end - 1) flags |= FieldFlag.textAfterQuote;
      end = closingQuote;
    }
    this.fieldStart[index] = start;
    this.fieldEnd[index] = end;
    this.fieldFlags[index] = flags;
  }

  private grow(): void {
    const size = this.fieldStart.length * 2;
    const wider = <T extends Int32Array | Uint8Array>(to: T, from: T): T => { to.set(from); return to; };
    this.fieldStart = wider(new Int32Array(size), this.fieldStart);
    this.fieldEnd = wider(new Int32Array(size), this.fieldEnd);
    this.fieldFlags = wider(new Uint8Array(size), this.fieldFlags);
  }
}

const FULL_STOP = 0x2e;
const CTRL_Z = 0x1a;

/** The end of `[from, to)` without the end-of-file marks of DOS, with which old programs fill a file up. */
function withoutCtrlZ(bytes: Uint8Array, from: number, to: number): number {
  while (to > from && bytes[to - 1] === CTRL_Z) to--;
  return to;
}

/** The blanks of JSON, except LF, which ends a line. */
function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR;
}
