
/** The text before each value of a JSON Lines record: `{"first":`, `,"second":` … Keys in schema order, no blanks. */
export function jsonLinePrefixes(fieldNames: readonly string[]): readonly string[] {
  return fieldNames.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
}

/** Gathers lines as bytes in a buffer that is used again after each `take`. */
export class LineBuffer {
  private bytes: Buffer;
  private length = 0;
  private text = '';

  constructor(private readonly flushAt: number) {
    this.bytes = Buffer.allocUnsafeSlow(flushAt * 2);
  }

  get full(): boolean {
    return this.length + this.text.length >= this.flushAt;
  }

  append(line: string): void {
    this.text += line;
    if (this.text.length > 8192) this.encode();
  }

  /** What was gathered; the view holds until the next `append`. */
  take(): Uint8Array {
    this.encode();
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  private encode(): void {
    // At most three bytes of UTF-8 for each UTF-16 unit.
    const needed = this.length + this.text.length * 3;
    if (needed > this.bytes.length) {
      const wider = Buffer.allocUnsafeSlow(needed * 2);
      this.bytes.copy(wider, 0, 0, this.length);
      this.bytes = wider;
    }
    this.length += this.bytes.utf8Write(this.text, this.length);
    this.text = '';
  }
}

