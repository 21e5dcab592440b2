import { isUtf8 } from 'node:buffer';
import { Window } from '../io/window';

/** Small, so that one wrong byte puts few records on the exact path. */
const BLOCK_SIZE = 64 * 1024;

/**
 * Which bytes of the window are known to be valid UTF-8, as far as it has been checked. Its fields are offsets in the
 * file.
 */
export class ValidText {
  private validTo = 0;
  /** The block from `validTo` to here is not valid, if this is greater. */
  private invalidTo = 0;

  /** @param isUtf8Text false: the file is in another encoding, of which only ASCII is the same */
  constructor(private readonly isUtf8Text: boolean) {}

  /** @returns the index in the window up to which its bytes are valid; `at` itself: those up to `invalidEnd` are not */
  extend(window: Window, at: number): number {
    const { base, length } = window;
    if (!this.isUtf8Text) {
      this.invalidTo = base + length;
      return at;
    }
    if (this.validTo < base + at && this.invalidTo <= base + at) this.validTo = base + at;
    while (this.validTo >= this.invalidTo) {
      const from = this.validTo - base;
      const to = characterBoundary(window.bytes, from, Math.min(from + BLOCK_SIZE, length));
      if (to === from) break;
      if (isUtf8(window.bytes.subarray(from, to))) this.validTo = base + to;
      else this.invalidTo = base + to;
    }
    return Math.max(this.validTo - base, at);
  }

  /** The end of the block that is not valid, as an index in the window. */
  invalidEnd(window: Window): number {
    return this.invalidTo - window.base;
  }
}

/** The last index up to `to` that does not lie within a character. */
function characterBoundary(bytes: Uint8Array, from: number, to: number): number {
  for (let lead = to - 1; lead >= Math.max(from, to - 3); lead--) {
    const byte = bytes[lead];
    if (byte < 0x80) return to;
    if (byte >= 0xc0) return lead + (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > to ? lead : to;
  }
  return to;
}
