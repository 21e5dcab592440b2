import { Format } from '../format/format';
import { CR, LF } from '../grammar/grammar';

/** Bytes of the longest line that is looked at. */
const LONGEST = 32;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The first line by which Excel is told the delimiter: `sep=;`.
 *
 * @param line without its line end
 * @returns the delimiter that it declares; undefined for any other line
 */
export function declaredDelimiter(line: Buffer, { codec }: Format): string | undefined {
  if (line.length > LONGEST || !codec.isValid(line)) return undefined;
  return /^("?)sep=(.+)\1$/i.exec(codec.decode(line, 0, line.length))?.[2];
}

/** Without byte order mark and line end. */
export function firstLineOf(text: Buffer): Buffer {
  const start = text.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
  const end = text.findIndex((byte) => byte === LF || byte === CR);
  return text.subarray(start, end < 0 ? text.length : end);
}

/** Whether a line only repeats what the dialect says. */
export function isSepLine(line: Buffer, format: Format): boolean {
  const { delimiter } = format.grammar.dialect;
  return declaredDelimiter(line, format) === format.codec.decode(Buffer.from(delimiter), 0, delimiter.length);
}
