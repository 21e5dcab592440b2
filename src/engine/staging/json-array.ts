/**
 * A JSON array as lines, one element each, of the same length: `[`, `]` and a byte order mark become blanks, each comma
 * between elements a line feed, and line ends around and inside elements blanks.
 */
import { BLANK, CLOSE_ARRAY, COMMA, ElementScanner, isBlank, isPunctuation, LF, OPEN_ARRAY, TAB } from './element-scanner';
import { FileError } from '../model/errors';

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

export class ArrayScanner extends ElementScanner {
  private place: Place = 'start';

  get isOver(): boolean {
    return this.place === 'end';
  }

  /** The next piece, of a text that is the array. Changes the bytes in place. */
  scan(bytes: Buffer): void {
    let at = this.scanArray(bytes, this.base, 0);
    while (at < bytes.length) at = this.scanByte(bytes, at);
    this.base += bytes.length;
  }

  /**
   * The next piece, of a text in which the array stands.
   *
   * @param base offset of the piece in the text
   * @param from where the array begins or goes on in the piece
   * @returns behind the array, or the end of the piece
   */
  scanArray(bytes: Buffer, base: number, from: number): number {
    this.base = base;
    let at = from;
    while (at < bytes.length && !this.isOver) at = this.inElement ? this.scanElement(bytes, at) : this.scanByte(bytes, at);
    return at;
  }

  /** After the last byte. @param base the offset there, where this is not the end of a text that is the array */
  finish(base = this.base): void {
    this.base = base;
    if (!this.isOver) this.failAtEnd(EXPECTED[this.place]);
  }

  /** One byte outside of elements, or of an element that has neither quotes nor brackets. */
  private scanByte(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    if (isBlank(byte)) {
      if (byte !== TAB) bytes[at] = BLANK;
      if (this.place === 'insideScalar') this.place = 'afterElement';
      return at + 1;
    }
    switch (this.place) {
      case 'start':
        if (byte === OPEN_ARRAY) this.place = this.replace(bytes, at, BLANK, 'firstElement');
        else if (this.isMark(byte, at)) bytes[at] = BLANK;
        else this.refuse(byte, at);
        break;
      case 'firstElement':
      case 'nextElement':
        if (byte === CLOSE_ARRAY && this.place === 'firstElement') this.place = this.replace(bytes, at, BLANK, 'end');
        else if (this.beginElement(byte, at)) this.place = 'afterElement';
        else if (isPunctuation(byte)) this.refuse(byte, at);
        else this.place = 'insideScalar';
        break;
      case 'insideScalar':
      case 'afterElement':
        if (byte === COMMA) this.place = this.replace(bytes, at, LF, 'nextElement');
        else if (byte === CLOSE_ARRAY) this.place = this.replace(bytes, at, BLANK, 'end');
        else if (this.place === 'afterElement' || isPunctuation(byte)) this.refuse(byte, at);
        break;
      case 'end':
        this.refuse(byte, at);
    }
    return at + 1;
  }

  private replace(bytes: Buffer, at: number, byte: number, next: Place): Place {
    bytes[at] = byte;
    return next;
  }

  private refuse(byte: number, at: number): never {
    return this.failAt(EXPECTED[this.place], byte, at);
  }
}
