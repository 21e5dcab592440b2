const NO_BYTES = Buffer.alloc(0);

/** Gathers lines as bytes, in memory that is used again after each `take`. */
export class LineBuffer {
  /** `home`, or what is larger. */
  private bytes: Buffer;
  /**
   * How many bytes there are, without the text that `flushText` has yet to write. Who writes lines straight into
   * `home`, behind those that are there, moves it on.
   */
  length = 0;
  private text = '';
  private firstLine = NO_BYTES;

  /**
   * @param flushAt bytes after which the buffer is `full`
   * @param home where the lines are gathered. Those that it has no room for go to a larger buffer until the next
   *   `take`.
   */
  constructor(private readonly flushAt: number, private readonly home: Buffer = Buffer.allocUnsafeSlow(flushAt * 2)) {
    this.bytes = home;
  }

  get full(): boolean {
    return this.length + this.text.length >= this.flushAt;
  }

  /** Whether the lines are in the larger buffer: until the next `take` none may be written straight into `home`. */
  get outgrown(): boolean {
    return this.bytes !== this.home;
  }

  /** @param line goes before all others, if there are any */
  beginWith(line: string): void {
    this.firstLine = Buffer.from(line);
  }

  append(line: string): void {
    this.text += line;
    if (this.text.length > 8192) this.flushText();
  }

  /** Turns into bytes what was appended. */
  flushText(): void {
    if (this.text === '') return;
    // At most three bytes of UTF-8 for each UTF-16 unit.
    const needed = this.length + this.text.length * 3;
    if (needed > this.bytes.length) this.widen(needed);
    this.length += this.bytes.utf8Write(this.text, this.length);
    this.text = '';
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
    const wider = Buffer.allocUnsafeSlow(needed * 2);
    this.bytes.copy(wider, 0, 0, this.length);
    this.bytes = wider;
  }
}
