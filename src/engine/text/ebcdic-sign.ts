/** Whether bytes are text of a mainframe. Its letters, digits and separators are bytes that no text in ASCII begins with. */

const NEL = 0x15;
const LF = 0x25;
const BLANK = 0x40;
const COMMA = 0x6b;
const SEPARATORS = [NEL, LF, BLANK, COMMA];
/** Bytes from..to that are letters and digits: a-i, j-r, s-z, A-I, J-R, S-Z, 0-9. */
const CHARACTERS: ReadonlyArray<readonly [from: number, to: number]> = [
  [0x81, 0x89], [0x91, 0x99], [0xa2, 0xa9], [0xc1, 0xc9], [0xd1, 0xd9], [0xe2, 0xe9], [0xf0, 0xf9],
];
const ASCII_SEPARATORS = [0x0a, 0x20, 0x2c];
const LEAST = 16;
const MOSTLY = 0.8;
/** Fields of a fixed width are mostly blanks. */
const BLANKS_A_CHARACTER = 4;

/** Where nothing in a file is what it should be. */
export function isEbcdic(beginning: Uint8Array): boolean {
  let separators = 0;
  let characters = 0;
  for (const byte of beginning) {
    if (SEPARATORS.includes(byte)) separators++;
    else if (CHARACTERS.some(([from, to]) => byte >= from && byte <= to)) characters++;
  }
  const isMostly = separators + characters >= beginning.length * MOSTLY && characters * BLANKS_A_CHARACTER > separators;
  return isMostly && separators > 0 && beginning.length >= LEAST && !ASCII_SEPARATORS.some((byte) => beginning.includes(byte));
}
