/** Longer texts are left to Node.js: a buffer for the longest line of a file would stay with the worker. */
const MOST_BYTES = 64 * 1024;
/**
 * Room for the UTF-16 units of MOST_BYTES bytes: no character has more units than bytes. `unitBytes` is the same
 * memory.
 */
const units = new Uint16Array(MOST_BYTES);
const unitBytes = Buffer.from(units.buffer);

/**
 * The text of valid UTF-8. Written by hand, because Node.js takes twice as long for text beyond ASCII.
 *
 * Bytes that are not valid UTF-8 become an arbitrary text.
 */
export function decodeUtf8(bytes: Buffer, start: number, end: number): string {
  if (end - start > MOST_BYTES) return bytes.utf8Slice(start, end);
  let length = 0;
  let index = start;
  while (index < end) {
    const byte = bytes[index++];
    if (byte < 0x80) {
      units[length++] = byte;
    } else if (byte < 0xe0) {
      units[length++] = ((byte & 0x1f) << 6) | low6(bytes[index++]);
    } else if (byte < 0xf0) {
      units[length++] = ((byte & 0x0f) << 12) | (low6(bytes[index++]) << 6) | low6(bytes[index++]);
    } else {
      const codePoint = ((byte & 0x07) << 18) | (low6(bytes[index++]) << 12) | (low6(bytes[index++]) << 6) | low6(bytes[index++]);
      units[length++] = 0xd800 | ((codePoint - 0x10000) >> 10);
      units[length++] = 0xdc00 | (codePoint & 0x3ff);
    }
  }
  return unitBytes.ucs2Slice(0, length * 2);
}

/** What a byte after the first adds to a character. */
function low6(byte: number): number {
  return byte & 0x3f;
}
