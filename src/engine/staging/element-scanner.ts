/**
 * What the scanners of JSON text have in common: they go from byte to byte, change them in place, and stop nowhere within
 * an element. Elements are not parsed: whoever reads the lines says what is wrong with one. Here only that is checked
 * without which nobody can tell where an element ends.
 */
import { FileError } from '../model/errors';

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const BLANK = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const BOM = [0xef, 0xbb, 0xbf];

/** Bytes that the scan of an element stops at, and those that it stops at in a string. */
const STOPS_ELEMENT = /* @__PURE__ */ flags(QUOTE, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT, LF, CR);
const STOPS_STRING = /* @__PURE__ */ flags(QUOTE, BACKSLASH, LF, CR);
/** What a message may repeat: all else is data. */
const PUNCTUATION = '[]{},:"';

export abstract class ElementScanner {
  /** Brackets that are open inside an element. */
  protected depth = 0;
  protected inString = false;
  /** Offset of the piece at hand in the text. */
  protected base = 0;
  protected elementStart = 0;
  private afterBackslash = false;

  protected get inElement(): boolean {
    return this.inString || this.depth > 0;
  }

  /** Begins an element with this byte. @returns whether it has quotes or brackets, which tell its end */
  protected beginElement(byte: number, at: number): boolean {
    this.elementStart = this.base + at;
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.depth = 1;
    return this.inElement;
  }

  /** Goes on inside an element with quotes or brackets, to its end or to the end of the piece. */
  protected scanElement(bytes: Buffer, from: number): number {
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

  protected isMark(byte: number, at: number): boolean {
    return byte === BOM[this.base + at];
  }

  /** @param expected what should come there */
  protected failAt(expected: string, byte: number, at: number): never {
    return this.fail(expected, isPunctuation(byte) ? String.fromCharCode(byte) : 'other text', at);
  }

  protected fail(expected: string, got: string, at: number): never {
    throw new FileError('bad_json', `expected ${expected}, got ${got} at byte ${this.base + at}`);
  }

  /** @param expected where no element is open */
  protected failAtEnd(expected: string): never {
    const missing = this.inElement ? `the end of the element that begins at byte ${this.elementStart}` : expected;
    throw new FileError('bad_json', `expected ${missing}, got the end of the text at byte ${this.base}`);
  }

  /** After a backslash in a string: a quote does not end it. */
  private skipEscaped(bytes: Buffer, at: number): number {
    this.afterBackslash = at === bytes.length;
    return bytes[at] === QUOTE || bytes[at] === BACKSLASH ? at + 1 : at;
  }
}

export function isBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB || byte === LF || byte === CR;
}

export function isPunctuation(byte: number): boolean {
  return PUNCTUATION.includes(String.fromCharCode(byte));
}

function flags(...bytes: number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
