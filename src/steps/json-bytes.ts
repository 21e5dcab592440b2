/**
 * Writes JSON as bytes, without a string for each value, and with few calls into Node.js: `isUtf8` and `includes` of
 * each record cost a sixth of all the CPU time of a file of which 30 % are rejects.
 */
import { isUtf8 } from 'node:buffer';
import { JSON_ESCAPES } from '../engine/json/json-escapes';

const FIRST_SIZE = 256 * 1024;
/** Bytes of UTF-8 that a UTF-16 unit becomes at most. */
const BYTES_PER_UNIT = 3;
const QUOTE = 0x22;
const ZERO = 0x30;
const LAST_ASCII = 0x7f;
/** Digits of the largest integer that a number holds for sure. */
const MOST_DIGITS = 16;

/** By byte: how many bytes its escape has more than itself. */
const MORE_BYTES = Uint8Array.from(JSON_ESCAPES, ({ length }) => length - 1);

/** Gathers bytes in a buffer that is used again after each `take`, and that grows with what it has to hold. */
export class JsonBytes {
  private bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  private length = 0;

  /** The bytes become a JSON string of their base64. */
  appendBase64(bytes: Buffer): void {
    const json = `"${bytes.toString('base64')}"`;
    this.reserve(json.length);
    this.length += this.bytes.latin1Write(json, this.length);
  }

  /** As they are. */
  appendBytes(json: Uint8Array): void {
    this.reserve(json.length);
    this.bytes.set(json, this.length);
    this.length += json.length;
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

  /** @param text becomes a JSON string; half a surrogate pair becomes U+FFFD, as wherever a text becomes UTF-8 */
  appendText(text: string): void {
    this.reserve(text.length * BYTES_PER_UNIT + 2);
    const size = this.bytes.utf8Write(text, this.length + 1);
    this.quote(size, look(this.bytes, this.length + 1, size).moreBytes);
  }

  /**
   * The bytes become a JSON string, as long as they are a text.
   *
   * @param key stands before it, as it is
   * @returns false where they are not valid UTF-8, or hold a NUL: nothing is appended
   */
  appendIfText(key: Uint8Array, bytes: Buffer): boolean {
    const { moreBytes, ascii } = look(bytes, 0, bytes.length);
    if (!(ascii || isUtf8(bytes)) || (moreBytes > 0 && bytes.includes(0))) return false;
    this.appendBytes(key);
    this.reserve(bytes.length + 2);
    this.bytes.set(bytes, this.length + 1);
    this.quote(bytes.length, moreBytes);
    return true;
  }

  /** What was gathered; the view holds until the next call of another method. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  /**
   * Makes a JSON string, in place, of the text that lies one byte behind what was gathered.
   *
   * @param size bytes of the text
   * @param more bytes that its escapes add
   */
  private quote(size: number, more: number): void {
    const start = this.length + 1;
    const end = start + size;
    this.length = end + more + 1;
    this.reserve(0);
    const { bytes } = this;
    // From the back, so that each byte is moved once, and none that lies before the first escape.
    for (let from = end, to = end + more; from < to;) {
      const byte = bytes[--from];
      if (MORE_BYTES[byte] === 0) {
        bytes[--to] = byte;
        continue;
      }
      const escaped = JSON_ESCAPES[byte];
      for (let index = escaped.length; index > 0;) bytes[--to] = escaped[--index];
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

/** How many bytes a text has more when it is escaped, and whether it is ASCII. */
function look(text: Uint8Array, start: number, size: number): { moreBytes: number; ascii: boolean } {
  let moreBytes = 0;
  let ascii = true;
  for (let index = start; index < start + size; index++) {
    const byte = text[index];
    moreBytes += MORE_BYTES[byte];
    if (byte > LAST_ASCII) ascii = false;
  }
  return { moreBytes, ascii };
}
