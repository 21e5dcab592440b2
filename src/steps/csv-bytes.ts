/** Writes CSV as bytes, without a string for each cell, and with few calls into Node.js. */
import { isUtf8 } from 'node:buffer';
import { visible } from '../spec/visible-text';

const FIRST_SIZE = 256 * 1024;
/** Bytes of UTF-8 that a UTF-16 unit becomes at most. */
const BYTES_PER_UNIT = 3;
const QUOTE = 0x22;
const ZERO = 0x30;
const SPACE = 0x20;
const LAST_PLAIN = 0x7e;
const NO_BYTES = Buffer.alloc(0);
/** Digits of the largest integer that a number holds for sure. */
const MOST_DIGITS = 16;

/** Gathers bytes in a buffer that is used again after each `take`, and that grows with what it has to hold. */
export class CsvBytes {
  length = 0;
  /** What was gathered lies at its beginning. Another one may take its place whenever something is appended. */
  bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);

  /** As they are. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** @param value an integer, not negative */
  appendInteger(value: number): void {
    this.reserve(MOST_DIGITS);
    const { bytes } = this;
    for (let limit = 10; value >= limit; limit *= 10) this.length++;
    let at = ++this.length;
    let rest = value;
    do {
      const tens = Math.floor(rest / 10);
      bytes[--at] = ZERO + (rest - tens * 10);
      rest = tens;
    } while (rest > 0);
  }

  /** The bytes become a cell in quotes. */
  appendBase64(bytes: Buffer): void {
    const cell = `"${bytes.toString('base64')}"`;
    this.reserve(cell.length);
    this.length += this.bytes.latin1Write(cell, this.length);
  }

  /** The text becomes a cell in quotes. What cannot be seen in it is an escape, as half a surrogate pair is. */
  appendVisible(text: string): void {
    this.reserve(text.length * BYTES_PER_UNIT + 2);
    const size = this.bytes.utf8Write(text, this.length + 1);
    const { quotes, isPlain } = look(this.bytes, this.length + 1, size);
    if (isPlain) this.quote(size, quotes);
    else this.appendIfText(NO_BYTES, Buffer.from(visible(text)));
  }

  /**
   * The bytes become a cell in quotes, as long as they are a text.
   *
   * @param before stands before it, as it is
   * @returns false where they are not valid UTF-8, or hold a NUL: nothing is appended
   */
  appendIfText(before: Uint8Array, bytes: Buffer): boolean {
    const { quotes, isPlain } = look(bytes, 0, bytes.length);
    if (!isPlain && (bytes.includes(0) || !isUtf8(bytes))) return false;
    this.append(before);
    this.reserve(bytes.length + 2);
    this.bytes.set(bytes, this.length + 1);
    this.quote(bytes.length, quotes);
    return true;
  }

  /** Room for so many bytes, which somebody else fills. @returns where in `bytes` */
  leaveRoom(size: number): number {
    this.reserve(size);
    this.length += size;
    return this.length - size;
  }

  /** What was gathered; the view holds until the next call of another method. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  /**
   * Makes a cell, in place, of the text that lies one byte behind what was gathered.
   *
   * @param size bytes of the text
   * @param quotes in it: each is doubled
   */
  private quote(size: number, quotes: number): void {
    const start = this.length + 1;
    const end = start + size;
    this.length = end + quotes + 1;
    this.reserve(0);
    const { bytes } = this;
    // From the back, so that each byte is moved once, and none that lies before the first quote.
    for (let from = end, to = end + quotes; from < to;) {
      bytes[--to] = bytes[--from];
      if (bytes[to] === QUOTE) bytes[--to] = QUOTE;
    }
    bytes[start - 1] = QUOTE;
    bytes[this.length - 1] = QUOTE;
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const wider = Buffer.allocUnsafeSlow(needed * 2);
    this.bytes.copy(wider, 0, 0, this.length);
    this.bytes = wider;
  }
}

/** Looks at a text in one pass, and without a call into Node.js. Plain is what `visible` leaves as it is: most texts are. */
function look(text: Uint8Array, start: number, size: number): { quotes: number; isPlain: boolean } {
  let quotes = 0;
  let isPlain = true;
  for (let index = start; index < start + size; index++) {
    const byte = text[index];
    if (byte === QUOTE) quotes++;
    else if (byte < SPACE || byte > LAST_PLAIN) isPlain = false;
  }
  return { quotes, isPlain };
}
