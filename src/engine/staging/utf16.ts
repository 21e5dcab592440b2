/// <reference lib="es2024.string" />
import { Utf16EncodingName } from '../../spec/text-encodings';

const SURROGATE_PAIR_HIGH = 0xd800;
const SURROGATE_PAIR_LOW = 0xdc00;
const isHigh = (unit: number): boolean => (unit & 0xfc00) === SURROGATE_PAIR_HIGH;
const isLow = (unit: number): boolean => (unit & 0xfc00) === SURROGATE_PAIR_LOW;
/** A byte that no UTF-8 text has. */
const NO_UTF8 = 0xff;

/**
 * UTF-16 as UTF-8, byte order mark included. What is no character must not become one (U+FFFD): a surrogate without its
 * other half becomes three bytes that are not UTF-8 (those of WTF-8), an odd last byte 0xFF, so that its record is
 * rejected, and no other.
 */
export async function* utf16ToUtf8(pieces: AsyncIterable<Uint8Array>, encoding: Utf16EncodingName): AsyncGenerator<Buffer, void, void> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = wholeUnits(bytes, encoding);
    rest = bytes.subarray(whole);
    if (whole > 0) yield transcode(bytes.subarray(0, whole), encoding);
  }
  // What may be left at the end: half a pair, and half a code unit.
  const units = rest.length & ~1;
  if (units > 0) yield transcode(rest.subarray(0, units), encoding);
  if (units < rest.length) yield Buffer.from([NO_UTF8]);
}

/** How many bytes, from the first on, are whole code units that do not end with the first half of a pair. */
function wholeUnits(bytes: Buffer, encoding: Utf16EncodingName): number {
  const units = bytes.length & ~1;
  if (units === 0) return 0;
  const last = encoding === 'utf-16le' ? bytes.readUInt16LE(units - 2) : bytes.readUInt16BE(units - 2);
  return isHigh(last) ? units - 2 : units;
}

/** @param bytes an even number; may be changed */
function transcode(bytes: Buffer, encoding: Utf16EncodingName): Buffer {
  const text = (encoding === 'utf-16le' ? bytes : bytes.swap16()).toString('utf16le');
  return text.isWellFormed() ? Buffer.from(text) : wtf8(text);
}

function wtf8(text: string): Buffer {
  // Each half has become U+FFFD, which has three bytes too: they are put right in place, however many there are.
  const bytes = Buffer.from(text);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isHigh(unit) && isLow(text.charCodeAt(index + 1))) {
      index++;
      at += 4;
      continue;
    }
    if (isHigh(unit) || isLow(unit)) {
      bytes[at] = 0xe0 | unit >> 12;
      bytes[at + 1] = 0x80 | unit >> 6 & 0x3f;
      bytes[at + 2] = 0x80 | unit & 0x3f;
    }
    at += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return bytes;
}
