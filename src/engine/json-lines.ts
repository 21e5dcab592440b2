
/** The text before each value of a JSON Lines record: `{"first":`, `,"second":` … Keys in schema order, no blanks. */
export function jsonLinePrefixes(fieldNames: readonly string[]): readonly string[] {
  return fieldNames.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
}

/** Gathers lines as bytes in a buffer that is used again after each `take`. */
export class LineBuffer {
  private bytes: Buffer;
  private length = 0;
  private text = '';

  /** @param home that buffer; lines that it has no room for go to a larger one until the next `take` */
  constructor(private readonly flushAt: number, private readonly home: Buffer = Buffer.allocUnsafeSlow(flushAt * 2)) {
    this.bytes = home;
  }

  get full(): boolean {
    return this.length + this.text.length >= this.flushAt;
  }

  /** Whether lines may be written straight into the buffer that was given, behind what is there. */
  get isAtHome(): boolean {
    return this.bytes === this.home;
  }

  append(line: string): void {
    this.text += line;
    if (this.text.length > 8192) this.flushText();
  }

  /** Turns into bytes what was appended. @returns how many bytes there are */
  flushText(): number {
    if (this.text === '') return this.length;
    // At most three bytes of UTF-8 for each UTF-16 unit.
    const needed = this.length + this.text.length * 3;
    if (needed > this.bytes.length) {
      const wider = Buffer.allocUnsafeSlow(needed * 2);
      this.bytes.copy(wider, 0, 0, this.length);
      this.bytes = wider;
    }
    this.length += this.bytes.utf8Write(this.text, this.length);
    this.text = '';
    return this.length;
  }

  /** Lines were written straight into the buffer, up to this length. */
  extendTo(length: number): void {
    this.length = length;
  }

  /** What was gathered; the view holds until the next `append`. */
  take(): Uint8Array {
    this.flushText();
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = this.home;
    this.length = 0;
    return taken;
  }
}
