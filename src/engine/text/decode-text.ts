import { isUtf8 } from 'node:buffer';
import { decodeUtf8 } from './decode-utf8';
import { SingleByteEncodingName, Utf16EncodingName } from '../../spec/input-settings';

/** Encodings in which a line end is one byte, so that a file can be cut in place. */
export type Encoding = 'utf-8' | SingleByteEncodingName;

/** How the bytes of a file are its text. All of these encodings have ASCII's characters as ASCII's bytes. */
export interface TextCodec {
  /** For people. */
  readonly name: string;
  /** Whether all bytes are characters; else `decode` must not be asked. */
  isValid(bytes: Buffer): boolean;
  /** What bytes that are not valid have, for people. */
  flawOf(bytes: Buffer): string;
  decode(bytes: Buffer, start: number, end: number): string;
  /** @returns undefined where the encoding has not all of the characters */
  encode(text: string): Uint8Array | undefined;
}

/** The characters of the bytes 0x80 to 0x9f in Windows-1252; the other bytes are those of ISO-8859-1. A blank: none. */
const WINDOWS_1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
const FIRST_DIFFERENT = 0x80;
// eslint-disable-next-line no-control-regex
const DIFFERENT = /[\u0080-\u009f]/g;
// eslint-disable-next-line no-control-regex
const UNDEFINED = /[\u0081\u008d\u008f\u0090\u009d]/;

const otherBytes = () => 'other bytes';

const UTF_8: TextCodec = {
  name: 'UTF-8',
  isValid: isUtf8,
  flawOf: otherBytes,
  decode: decodeUtf8,
  encode: (text) => Buffer.from(text),
};

/** What was transcoded is UTF-8, but for what was no character: see staging/utf16.ts. */
const UTF_16: TextCodec = {
  ...UTF_8,
  name: 'UTF-16',
  flawOf: (bytes) => bytes.includes(0xff) ? 'half a code unit' : 'half a surrogate pair',
};

const CODECS: Readonly<Record<Encoding | Utf16EncodingName, TextCodec>> = {
  'utf-8': UTF_8,
  'utf-16le': UTF_16,
  'utf-16be': UTF_16,
  'iso-8859-1': {
    name: 'ISO-8859-1',
    isValid: () => true,
    flawOf: otherBytes,
    decode: (bytes, start, end) => bytes.latin1Slice(start, end),
    encode: (text) => encodeBytes(text, (code) => code <= 0xff ? code : undefined),
  },
  'windows-1252': {
    name: 'Windows-1252',
    isValid: (bytes) => !UNDEFINED.test(bytes.latin1Slice(0, bytes.length)),
    flawOf: otherBytes,
    decode: (bytes, start, end) => bytes.latin1Slice(start, end).replace(DIFFERENT, (char) => WINDOWS_1252[char.charCodeAt(0) - FIRST_DIFFERENT]),
    encode: (text) => encodeBytes(text, (code, char) => {
      const different = code < FIRST_DIFFERENT ? -1 : WINDOWS_1252.indexOf(char);
      if (different >= 0) return FIRST_DIFFERENT + different;
      return code < FIRST_DIFFERENT || (code >= 0xa0 && code <= 0xff) ? code : undefined;
    }),
  },
};

/** By hand: most fields are too short for a call of Node.js to be worth it. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    if (bytes[index] > 127) return false;
  }
  return true;
}

export function textCodec(encoding: Encoding | Utf16EncodingName): TextCodec {
  return CODECS[encoding];
}

function encodeBytes(text: string, byteOf: (code: number, char: string) => number | undefined): Uint8Array | undefined {
  const bytes = [...text].map((char) => byteOf(char.codePointAt(0)!, char));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}
