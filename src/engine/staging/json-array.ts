/**
 * A JSON array as lines, one element each, of the same length: `[`, `]` and a byte order mark become blanks, each comma
 * between elements a line feed, and line ends around and inside elements blanks. Elements are not parsed: whoever reads
 * the lines says what is wrong with one. Here only that is checked without which nobody can tell where an element ends.
 */
import { FileError } from '../model/errors';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BOM = [0xef, 0xbb, 0xbf];

/** Bytes that the scan of an element stops at, and those that it stops at in a string. */
const STOPS_ELEMENT = /* @__PURE__ */ flags(QUOTE, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT, LF, CR);
const STOPS_STRING = /* @__PURE__ */ flags(QUOTE, BACKSLASH, LF, CR);
/** What a message may repeat: all else is data. */
const PUNCTUATION = '[]{},:"';

/**
 * The places in an array where the scan can be, outside strings and brackets of an element, with what may come there.
 */
const EXPECTED = {
  start: 'an array, which begins with [',
  firstElement: 'an element or ]',
  nextElement: 'an element after the comma',
  insideScalar: 'a comma or ] after the element',
  afterElement: 'a comma or ] after the element',
  end: 'nothing after the array',
} as const;
type Place = keyof typeof EXPECTED;

/** @throws FileError `bad_json` where the text is no array, or one that is not in order */
export async function* jsonArrayToLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  const scanner = new ArrayScanner();
  for await (const piece of pieces) {
    // A copy, because the bytes belong to the source.
    const lines = Buffer.from(piece);
    scanner.scan(lines);
    yield lines;
  }
  scanner.finish();
}

/** Whether an array may begin like this. */
export function isArraySoFar(beginning: Uint8Array, isWhole: boolean): boolean {
  const scanner = new ArrayScanner();
  try {
    scanner.scan(Buffer.from(beginning));
    if (isWhole) scanner.finish();
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

class ArrayScanner {
  private place: Place = 'start';
  /** Brackets that are open inside an element. */
  private depth = 0;
  private inString = false;
  private afterBackslash = false;
  /** Offset of the piece at hand in the text. */
  private base = 0;
  private elementStart = 0;

  /** Changes the bytes in place. */
  scan(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      at = this.inString || this.depth > 0 ? this.scanElement(bytes, at) : this.scanByte(bytes, at);
    }
    this.base += bytes.length;
  }

  /** After the last byte. */
  finish(): void {
    if (this.place === 'end') return;
    const isOpen = this.inString || this.depth > 0;
    const expected = isOpen ? `the end of the element that begins at byte ${this.elementStart}` : EXPECTED[this.place];
    throw new FileError('bad_json', `expected ${expected}, got the end of the text at byte ${this.base}`);
  }

  /** Goes on inside an element with quotes or brackets, to its end or to the end of the piece. */
  private scanElement(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let { depth, inString } = this;
    let at = this.afterBackslash ? this.skipEscaped(bytes, from) : from;
    while (at < length && (inString || depth > 0)) {
      const stops = inString ? STOPS_STRING : STOPS_ELEMENT;
      while (at < length && stops[bytes[at]] === 0) at++;
      if (at === length) break;
      switch (bytes[at++]) {
        case QUOTE: inString = !inString; break;
        case BACKSLASH: at = this.skipEscaped(bytes, at); break;
        case OPEN_ARRAY: case OPEN_OBJECT: depth++; break;
        case CLOSE_ARRAY: case CLOSE_OBJECT: depth--; break;
        // A line end is written \n in a string. Often it is a quote before it that is missing.
        default:
          if (inString) this.fail(`the end of a string in the element that begins at byte ${this.elementStart}`, 'a line end', at - 1);
          bytes[at - 1] = BLANK;
      }
    }
    this.depth = depth;
    this.inString = inString;
    return at;
  }

  /** After a backslash in a string: a quote does not end it. */
  private skipEscaped(bytes: Buffer, at: number): number {
    this.afterBackslash = at === bytes.length;
    return bytes[at] === QUOTE || bytes[at] === BACKSLASH ? at + 1 : at;
  }

  /** One byte outside of elements, or of an element that has neither quotes nor brackets. */
  private scanByte(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    if (byte === BLANK || byte === TAB || byte === LF || byte === CR) {
      if (byte !== TAB) bytes[at] = BLANK;
      if (this.place === 'insideScalar') this.place = 'afterElement';
      return at + 1;
    }
    switch (this.place) {
      case 'start':
        if (byte === OPEN_ARRAY) this.place = this.replace(bytes, at, BLANK, 'firstElement');
        else if (byte === BOM[this.base + at]) bytes[at] = BLANK;
        else this.failAt(byte, at);
        break;
      case 'firstElement':
      case 'nextElement':
        if (byte === CLOSE_ARRAY && this.place === 'firstElement') this.place = this.replace(bytes, at, BLANK, 'end');
        else this.place = this.beginElement(byte, at);
        break;
      case 'insideScalar':
      case 'afterElement':
        if (byte === COMMA) this.place = this.replace(bytes, at, LF, 'nextElement');
        else if (byte === CLOSE_ARRAY) this.place = this.replace(bytes, at, BLANK, 'end');
        else if (this.place === 'afterElement' || isPunctuation(byte)) this.failAt(byte, at);
        break;
      case 'end':
        this.failAt(byte, at);
    }
    return at + 1;
  }

  private replace(bytes: Buffer, at: number, byte: number, next: Place): Place {
    bytes[at] = byte;
    return next;
  }

  private beginElement(byte: number, at: number): Place {
    this.elementStart = this.base + at;
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.depth = 1;
    else if (isPunctuation(byte)) this.failAt(byte, at);
    else return 'insideScalar';
    return 'afterElement';
  }

  private failAt(byte: number, at: number): never {
    return this.fail(EXPECTED[this.place], isPunctuation(byte) ? String.fromCharCode(byte) : 'other text', at);
  }

  private fail(expected: string, got: string, at: number): never {
    throw new FileError('bad_json', `expected ${expected}, got ${got} at byte ${this.base + at}`);
  }
}

function isPunctuation(byte: number): boolean {
  return PUNCTUATION.includes(String.fromCharCode(byte));
}

function flags(...bytes: number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
