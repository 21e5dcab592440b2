import { isUtf8 } from 'node:buffer';
import { decodeUtf8 } from './decode-utf8';
import { isLegacy, LEGACY_ENCODINGS, SingleByteEncodingName, TextEncodingName, Utf16EncodingName } from '../../spec/text-encodings';

/** Encodings in which a line end is one byte, so that a file can be cut in place. */
export type Encoding = 'utf-8' | SingleByteEncodingName;

/** How the bytes of a file become its text. In all of these encodings the ASCII characters are the ASCII bytes. */
export interface TextCodec {
  /** For people. */
  readonly name: string;
  /** Whether all bytes are characters. Where they are not, `decode` must not be called. */
  isValid(bytes: Buffer): boolean;
  /** What is wrong with bytes that are not valid, for people. */
  flawOf(bytes: Buffer): string;
  decode(bytes: Buffer, start: number, end: number): string;
  /** @returns undefined where the encoding lacks one of the characters */
  encode(text: string): Uint8Array | undefined;
}

/**
 * The characters of the bytes 0x80 to 0x9f in Windows-1252; the other bytes are those of ISO-8859-1. A blank stands for
 * none.
 */
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

/** Transcoded text is UTF-8, except where the file had no character: see staging/utf16.ts. */
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

/** Written by hand, because most fields are too short for a call of Node.js to pay off. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    if (bytes[index] > 127) return false;
  }
  return true;
}

export function textCodec(encoding: TextEncodingName): TextCodec {
  // Transcoded text is UTF-8, except where the file had no character: see staging/legacy-encoding.ts.
  return isLegacy(encoding) ? { ...UTF_8, name: LEGACY_ENCODINGS[encoding] } : CODECS[encoding];
}

function encodeBytes(text: string, byteOf: (code: number, char: string) => number | undefined): Uint8Array | undefined {
  const bytes = [...text].map((char) => byteOf(char.codePointAt(0)!, char));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}
