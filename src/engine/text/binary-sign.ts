/**
 * Whether bytes are no text at all, by how many control characters there are. One or a few of them are data: this is
 * asked only where nothing in a file is what it should be.
 */

const NUL = 0;
/** Control characters that texts have: tab, line ends, form feed, the DOS end of file, escape. */
const TEXT_CONTROLS = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a, 0x1b];
const FIRST_VISIBLE = 0x20;

/** Fewer bytes prove nothing. */
const LEAST = 16;
/** Of so many bytes one is NUL: a record of a binary format, or room that was never written to. */
const BYTES_A_NUL = 8;
/** Compressed or encrypted data has all of the 25 that texts do not have; a delimiter is one of them. */
const KINDS = 8;
const BYTES_A_CONTROL = 32;

/** What messages put after "the file looks". */
export function binarySign(beginning: Uint8Array): string | undefined {
  const counts = new Uint32Array(FIRST_VISIBLE);
  for (const byte of beginning) {
    if (byte < FIRST_VISIBLE) counts[byte]++;
  }
  for (const byte of TEXT_CONTROLS) counts[byte] = 0;
  const controls = counts.reduce((sum, count) => sum + count);
  const kinds = counts.filter((count) => count > 0).length;
  const { length } = beginning;
  const told = (what: string) => `binary: of its first ${length} bytes ${what}`;
  if (counts[NUL] >= Math.max(LEAST, length / BYTES_A_NUL)) return told(`${counts[NUL]} are NUL`);
  if (kinds >= KINDS && controls >= Math.max(LEAST, length / BYTES_A_CONTROL)) return told(`${controls} are control characters, of ${kinds} kinds`);
  return undefined;
}
