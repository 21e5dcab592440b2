import { TextDecoder } from 'node:util';

/**
 * The text of bytes, all of which are characters of an encoding. Undefined: they are not, or the runtime does not know it.
 *
 * @param isCut whether the bytes may end within a character
 */
export function decodeStrictly(bytes: Uint8Array, encoding: string, isCut: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}
