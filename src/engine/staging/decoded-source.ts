import { decoded } from './decode';
import { ResolvedInput } from './resolved-input';
import { ByteSource } from '../io/byte-source';
import { BEGINNING } from '../io/read-ahead';

/** Bytes that are decoded before the size is asked for. */
const FIRST_LOOK = 64 * 1024;

/**
 * The beginning of a file that would have to be staged, decoded as far as it is read: for looking at its head, without
 * a pass over the whole of it. Reads go forward; one that goes back decodes from the start again.
 *
 * Its end is known when it is met. Until then `size` is larger than any file, and a read beyond the end gives what
 * there is.
 */
export class DecodedSource implements ByteSource {
  static async open(source: ByteSource, input: ResolvedInput, maxSize: number): Promise<DecodedSource> {
    const opened = new DecodedSource(source, input, maxSize);
    await opened.read(0, FIRST_LOOK);
    return opened;
  }

  size = Number.MAX_SAFE_INTEGER;
  private pieces: AsyncGenerator<Uint8Array, void, void> | undefined;
  /** Decoded and not passed yet. */
  private buffered: Uint8Array = new Uint8Array(0);
  /** Offset of the first byte of `buffered`. */
  private position = 0;
  private lastRead: Promise<unknown> = Promise.resolve();

  private constructor(private readonly source: ByteSource, private readonly input: ResolvedInput, private readonly maxSize: number) {}

  /** One read after the other, whoever asks. */
  async read(start: number, end: number): Promise<Uint8Array> {
    const read = this.lastRead.then(async () => this.readNext(start, end));
    this.lastRead = read.catch(() => undefined);
    return read;
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.lastRead;
    await this.pieces?.return();
  }

  private async readNext(start: number, end: number): Promise<Uint8Array> {
    if (this.pieces === undefined || start < this.position) await this.restart();
    await this.pass(start);
    const parts: Uint8Array[] = [];
    while (this.position < end && await this.fill()) parts.push(this.take(end - this.position));
    return Buffer.concat(parts);
  }

  private async restart(): Promise<void> {
    await this.pieces?.return();
    this.pieces = decoded(this.source, this.input, this.maxSize, BEGINNING);
    this.buffered = new Uint8Array(0);
    this.position = 0;
  }

  private async pass(to: number): Promise<void> {
    while (this.position < to && await this.fill()) this.take(to - this.position);
  }

  /** @returns false at the end */
  private async fill(): Promise<boolean> {
    while (this.buffered.length === 0) {
      const { done, value } = await this.pieces!.next();
      if (done === true) {
        this.size = this.position;
        return false;
      }
      this.buffered = value;
    }
    return true;
  }

  private take(most: number): Uint8Array {
    const taken = this.buffered.subarray(0, most);
    this.buffered = this.buffered.subarray(taken.length);
    this.position += taken.length;
    return taken;
  }
}
