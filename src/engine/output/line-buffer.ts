const NO_BYTES = Buffer.alloc(0);

/** Gathers lines as bytes in a buffer that is used again after each `take`. */
export class LineBuffer {
  private home: Buffer = NO_BYTES;
  private bytes: Buffer = NO_BYTES;
  private length = 0;
  private text = '';
  private firstLine = NO_BYTES;

  constructor(private readonly flushAt: number) {}

  /** @param home where lines are to lie from now on; those that it has no room for go to a larger buffer until the next `take` */
  moveTo(home: Buffer): void {
    this.take();
    this.home = home;
    this.bytes = home;
  }

  get full(): boolean {
    return this.length + this.text.length >= this.flushAt;
  }

  /** Whether lines may be written straight into the buffer that was given, behind what is there. */
  get isAtHome(): boolean {
    return this.bytes === this.home;
  }

  /** @param line goes before all others, if there are any */
  beginWith(line: string): void {
    this.firstLine = Buffer.from(line);
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
    if (needed > this.bytes.length) this.widen(needed);
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
    return taken.length === 0 || this.firstLine.length === 0 ? taken : this.withFirstLine(taken);
  }

  private withFirstLine(taken: Buffer): Buffer {
    const all = Buffer.concat([this.firstLine, taken]);
    this.firstLine = NO_BYTES;
    return all;
  }

  private widen(needed: number): void {
    const isFirst = this.home === NO_BYTES;
    const wider = Buffer.allocUnsafeSlow(isFirst ? Math.max(needed, this.flushAt * 2) : needed * 2);
    this.bytes.copy(wider, 0, 0, this.length);
    this.bytes = wider;
    if (isFirst) this.home = wider;
  }
}
