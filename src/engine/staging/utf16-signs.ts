/**
 * Whether bytes without a byte order mark are UTF-16. The separators of a text are ASCII, and in UTF-16 each has a zero
 * byte beside it: so a text of more than one field has zero bytes, and where they are tells the byte order.
 */
import { isUtf8 } from 'node:buffer';
import { Utf16EncodingName } from '../../spec/text-encodings';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;
const SEPARATORS = [TAB, LF, CR, COMMA];
/** The longest character of UTF-8, without its last byte. */
const CUT_OFF = 3;
/** As a rule only a text of one byte a character has such a share of ASCII bytes. */
const MOSTLY = 0.9;
/** One NUL beside one separator may be a stray one. */
const LEAST_SEPARATORS = 2;
/** Bytes that are separators in ASCII are parts of other characters, too: of so many one is a separator. */
const BYTES_A_SEPARATOR = 20;
/** Of so many bytes two may be U+0000. */
const MOST_ZERO_UNITS = 1000;

/** The byte order of most separators; undefined for a text in another encoding, or for no text. */
export function utf16Sign(beginning: Uint8Array): Utf16EncodingName | undefined {
  const { separators, little, big, zeroUnits } = count(beginning);
  // A text has hardly any U+0000, which binary formats are full of.
  if (zeroUnits * MOST_ZERO_UNITS > beginning.length) return undefined;
  const isMost = (inOrder: number) => inOrder >= LEAST_SEPARATORS && inOrder * 2 > separators;
  if (startsInAscii(beginning, 1) || isMost(little)) return 'utf-16le';
  return startsInAscii(beginning, 0) || isMost(big) ? 'utf-16be' : undefined;
}

/** What messages put after "the file looks like"; undefined where it may be UTF-16 in this byte order. */
export function signAgainstUtf16(beginning: Uint8Array, declared: Utf16EncodingName): string | undefined {
  const { separators, little, big } = count(beginning);
  const [own, other, otherOrder] = declared === 'utf-16le' ? [little, big, 'utf-16be'] : [big, little, 'utf-16le'];
  if (own * BYTES_A_SEPARATOR > separators) return undefined;
  if (other * BYTES_A_SEPARATOR > separators) return `${otherOrder}: declare that encoding`;
  if (separators > 0 && hasFewZeros(beginning) && isOneByteText(beginning)) return 'UTF-8, or another encoding without zero bytes: declare that encoding';
  return undefined;
}

interface Counts {
  /** Bytes that are separators in ASCII, wherever they are. */
  separators: number;
  /** Code units that are separators, in each byte order. */
  little: number;
  big: number;
  /** Code units of two zero bytes. */
  zeroUnits: number;
}

function count(bytes: Uint8Array): Counts {
  const counts: Counts = { separators: 0, little: 0, big: 0, zeroUnits: 0 };
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const first = bytes[at];
    const second = bytes[at + 1];
    const firstSeparates = SEPARATORS.includes(first);
    const secondSeparates = SEPARATORS.includes(second);
    counts.separators += Number(firstSeparates) + Number(secondSeparates);
    counts.little += Number(firstSeparates && second === 0);
    counts.big += Number(secondSeparates && first === 0);
    counts.zeroUnits += Number(first === 0 && second === 0);
  }
  return counts;
}

/** Whether each of the first two code units has its zero byte, and no other, at this place. */
function startsInAscii(bytes: Uint8Array, zeroAt: 0 | 1): boolean {
  return bytes.length >= 4 && bytes.subarray(0, 4).every((byte, index) => (byte === 0) === (index % 2 === zeroAt));
}

/** A text of one byte a character has a NUL at most by mistake. */
function hasFewZeros(bytes: Uint8Array): boolean {
  return bytes.reduce((sum, byte) => sum + Number(byte === 0), 0) * MOST_ZERO_UNITS <= bytes.length;
}

function isOneByteText(bytes: Uint8Array): boolean {
  const ascii = bytes.reduce((sum, byte) => sum + Number(byte < 0x80), 0);
  if (ascii >= bytes.length * MOSTLY) return true;
  // The last character may be cut off.
  return Array.from({ length: CUT_OFF + 1 }, (_, cut) => bytes.subarray(0, bytes.length - cut)).some((whole) => isUtf8(whole));
}
