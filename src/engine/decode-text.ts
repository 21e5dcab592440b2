import { isUtf8 } from 'node:buffer';

/** Encodings in which a line end is one byte, so that a file can be cut in place. */
export type Encoding = 'utf-8' | 'iso-8859-1' | 'windows-1252';

/** How the bytes of a file are its text. All of these encodings have ASCII's characters as ASCII's bytes. */
export interface TextCodec {
  /** For people. */
  readonly name: string;
  /** Whether all bytes are characters; else `decode` must not be asked. */
  isValid(bytes: Buffer): boolean;
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

const CODECS: Readonly<Record<Encoding, TextCodec>> = {
  'utf-8': {
    name: 'UTF-8',
    isValid: isUtf8,
    decode: (bytes, start, end) => bytes.utf8Slice(start, end),
    encode: (text) => Buffer.from(text),
  },
  'iso-8859-1': {
    name: 'ISO-8859-1',
    isValid: () => true,
    decode: (bytes, start, end) => bytes.latin1Slice(start, end),
    encode: (text) => encodeBytes(text, (code) => code <= 0xff ? code : undefined),
  },
  'windows-1252': {
    name: 'Windows-1252',
    isValid: (bytes) => !UNDEFINED.test(bytes.latin1Slice(0, bytes.length)),
    decode: (bytes, start, end) => bytes.latin1Slice(start, end).replace(DIFFERENT, (char) => WINDOWS_1252[char.charCodeAt(0) - FIRST_DIFFERENT]),
    encode: (text) => encodeBytes(text, (code, char) => {
      const different = code < FIRST_DIFFERENT ? -1 : WINDOWS_1252.indexOf(char);
      if (different >= 0) return FIRST_DIFFERENT + different;
      return code < FIRST_DIFFERENT || (code >= 0xa0 && code <= 0xff) ? code : undefined;
    }),
  },
};

export function textCodec(encoding: Encoding): TextCodec {
  return CODECS[encoding];
}

function encodeBytes(text: string, byteOf: (code: number, char: string) => number | undefined): Uint8Array | undefined {
  const bytes = [...text].map((char) => byteOf(char.codePointAt(0)!, char));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}
