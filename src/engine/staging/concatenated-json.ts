/**
 * JSON values one after the other, with or without anything between them, as lines, one value each. A blank behind a
 * value becomes its line feed; where there is none, one is put in. All other line ends become blanks, and so do a byte
 * order mark and the record separators of JSON text sequences (RFC 7464).
 */
import { BLANK, ElementScanner, isBlank, isPunctuation, LF, TAB } from './element-scanner';

const RECORD_SEPARATOR = 0x1e;
const LINE_END = Buffer.of(LF);

/** @throws FileError `bad_json` where the end of a value cannot be told */
export async function* concatenatedJsonToLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  const scanner = new ValuesScanner();
  // A copy, because the bytes belong to the source.
  for await (const piece of pieces) yield scanner.scan(Buffer.from(piece));
  scanner.finish();
}

class ValuesScanner extends ElementScanner {
  /** `scalar`: inside a value that has neither quotes nor brackets. */
  private place: 'between' | 'scalar' | 'behind' = 'between';

  scan(bytes: Buffer): Buffer {
    const parts: Buffer[] = [];
    let kept = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.inElement) {
        at = this.scanElement(bytes, at);
        continue;
      }
      const byte = bytes[at];
      const isBetween = isBlank(byte) || byte === RECORD_SEPARATOR || (this.place === 'between' && this.isMark(byte, at));
      if (isBetween) {
        bytes[at] = this.place === 'between' ? blankFor(byte) : LF;
        this.place = 'between';
      } else if (this.place !== 'scalar' || isPunctuation(byte)) {
        if (this.place !== 'between') {
          parts.push(bytes.subarray(kept, at), LINE_END);
          kept = at;
        }
        this.beginValue(byte, at);
      }
      at++;
    }
    this.base += bytes.length;
    return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(kept)]);
  }

  /** After the last byte. */
  finish(): void {
    if (this.inElement) this.failAtEnd('');
  }

  private beginValue(byte: number, at: number): void {
    if (this.beginElement(byte, at)) this.place = 'behind';
    else if (isPunctuation(byte)) this.failAt('a JSON value, one after the other', byte, at);
    else this.place = 'scalar';
  }
}

function blankFor(byte: number): number {
  return byte === TAB ? TAB : BLANK;
}
