import { TextDecoder } from 'node:util';
import { LegacyEncodingName } from '../../spec/text-encodings';

const LF = 0x0a;
const CR = 0x0d;
/** U+FFFD, which a decoder puts in the place of bytes that are no character. */
const REPLACEMENT = '\ufffd';
/** A byte that no UTF-8 text has. */
const NO_UTF8 = Buffer.from([0xff]);
/** Twice the largest `maxRecordSize`: hardly any encoding takes more bytes for a character than twice those of UTF-8. */
const LONGEST_LINE = 32 * 1024 * 1024;

/**
 * A text in an encoding of the WHATWG Encoding Standard as UTF-8. What is no character must not become one (U+FFFD): it
 * becomes a byte that is not UTF-8, so that its record is rejected, and no other.
 *
 * In all of these encodings LF and CR are bytes that no other character has, and in the stateful one, ISO-2022-JP, a
 * line begins as ASCII. So a line is decoded from its first byte to its last, wherever the pieces end; and where one
 * has an error, that one for itself: a broken character must not take the next line end with it.
 *
 * U+FFFD itself, which only GB18030 has, counts as broken: it stands for a character that was lost before.
 */
export async function* legacyToUtf8(pieces: AsyncIterable<Uint8Array>, encoding: LegacyEncodingName): AsyncGenerator<Buffer, void, void> {
  const decoder = new LineDecoder(encoding);
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const end = linesEnd(bytes);
    if (end > 0) yield decoder.decode(bytes.subarray(0, end));
    rest = bytes.subarray(end);
    if (rest.length > LONGEST_LINE) {
      // No record can hold such a line: what matters is that what is made of it is none either.
      yield decoder.decode(rest);
      yield NO_UTF8;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield decoder.decode(rest);
}

class LineDecoder {
  private readonly decoder: TextDecoder;
  private readonly swapsControls: boolean;
  private readonly hasPrivateUse: boolean;

  constructor(encoding: LegacyEncodingName) {
    this.decoder = decoderOf(encoding);
    this.hasPrivateUse = WITH_PRIVATE_USE.includes(encoding);
    this.swapsControls = this.decoder.decode(Uint8Array.of(0x1a)) !== '\x1a';
  }

  /** @param lines whole ones, the last one with or without its end */
  decode(lines: Buffer): Buffer {
    const text = this.textOf(lines);
    if (!text.includes(REPLACEMENT)) return Buffer.from(text);
    const middle = lineStart(lines, lines.length >> 1);
    const half = middle < lines.length ? middle : lineStart(lines, 0);
    if (half < lines.length) return Buffer.concat([this.decode(lines.subarray(0, half)), this.decode(lines.subarray(half))]);
    return this.decodeBroken(lines);
  }

  private decodeBroken(line: Buffer): Buffer {
    const hasEnd = linesEnd(line) === line.length;
    const content = hasEnd ? line.subarray(0, -1) : line;
    const parts = this.textOf(content).split(REPLACEMENT).flatMap((part) => [NO_UTF8, Buffer.from(part)]);
    return Buffer.concat([...parts.slice(1), line.subarray(content.length)]);
  }

  private textOf(bytes: Uint8Array): string {
    const decoded = this.decoder.decode(bytes);
    const text = this.hasPrivateUse ? decoded : decoded.replace(PRIVATE_USE, REPLACEMENT);
    return this.swapsControls ? text.replace(SWAPPED, (char) => UNSWAPPED[char]) : text;
  }
}

/**
 * Three control characters that ICU takes for each other in IBM866 and Shift_JIS, as IBM did: the file's bytes are
 * ASCII. Some versions of Node.js do so, some do not.
 */
// eslint-disable-next-line no-control-regex
const SWAPPED = /[\x1a\x1c\x7f]/g;
const UNSWAPPED: Readonly<Record<string, string>> = { '\x1c': '\x1a', '\x7f': '\x1c', '\x1a': '\x7f' };

/**
 * ICU makes characters for private use of bytes that these encodings do not have, and of the Hong Kong characters of
 * Big5, which it does not know. Only the others have such characters of their own.
 */
const PRIVATE_USE = /[\ue000-\uf8ff]/g;
const WITH_PRIVATE_USE: readonly LegacyEncodingName[] = ['gbk', 'gb18030', 'shift_jis', 'macintosh'];

function decoderOf(encoding: LegacyEncodingName): TextDecoder {
  try {
    // By the standard GBK is decoded as GB18030; some versions of Node.js have a decoder of its own, which is not right.
    return new TextDecoder(encoding === 'gbk' ? 'gb18030' : encoding, { ignoreBOM: true });
  } catch (error) {
    throw new Error(`the encoding ${encoding} needs a runtime whose TextDecoder knows it: ${(error as Error).message}`);
  }
}

/** The index behind the last line end; 0 where there is none. */
function linesEnd(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
}

/** The index behind the first line end from `from` on, or the end. */
function lineStart(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
  return Math.min(at + 1, bytes.length);
}
