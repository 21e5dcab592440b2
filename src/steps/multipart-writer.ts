/**
 * Writes an object of unknown size in constant memory: bytes gather to parts, and while two parts are on their way the
 * next one fills.
 */
import { UploadedPart } from '../contract/job-item';
import { ObjectAttributes, OutputStore } from '../ports/output';
import { UploadGoneError } from '../ports/upload-gone';

const MIB = 1024 * 1024;
/** A request costs as much as a tenth of a second of a Lambda function of 3 GB: parts are larger than S3 demands. */
export const PART_SIZE = 8 * MIB;
/** Of part files, which are most of what a job writes: half the requests, for 24 MiB more memory. */
export const OUTPUT_PART_SIZE = 16 * MIB;
/** While one part waits for S3's answer, another one keeps the line busy. */
export const MAX_PARTS_IN_FLIGHT = 2;
/** What has grown to this size will hardly be put whole: the upload is opened while its first part still fills. */
const OPEN_FROM = MIB;
/** S3's limits; the smallest size holds for every part but the last. */
const MIN_PART_SIZE = 5 * MIB;
export const MAX_PARTS = 10_000;

/** An upload whose parts are all there, and that nobody has completed yet. */
export interface OpenUpload {
  readonly uploadId: string;
  readonly parts: readonly UploadedPart[];
}

/** An upload that stops in the middle, for another writer to go on with. */
export interface PausedUpload {
  /** Undefined: nothing has been sent yet. */
  readonly uploadId?: string;
  readonly parts: readonly UploadedPart[];
  /** The bytes that were written and are in no part. */
  readonly rest: Uint8Array;
}

/** Once a request has failed, every later call but `abort` rejects with its error. */
export class MultipartWriter {
  /** A writer that goes on where another one paused; as if there had been one, all parts are the same. */
  static async resume(store: OutputStore, key: string, attributes: ObjectAttributes,
    { uploadId, parts, rest }: PausedUpload, partSize = PART_SIZE): Promise<MultipartWriter> {
    const writer = new MultipartWriter(store, key, attributes, partSize);
    if (uploadId !== undefined) writer.uploadId = Promise.resolve(uploadId);
    writer.parts.push(...parts);
    writer.partNumber = parts.length;
    writer.sent = parts.reduce((sum, { size }) => sum + size, 0);
    await writer.write(rest);
    return writer;
  }

  /** The part that fills. */
  private buffer: Buffer = Buffer.alloc(0);
  private filled = 0;
  /** Bytes of the parts before it. */
  private sent = 0;
  /** Buffers of parts that have arrived, to be filled again. */
  private readonly spareBuffers: Buffer[] = [];
  private uploadId: Promise<string> | undefined;
  /** These do not reject: `failure` keeps why. */
  private readonly inFlight = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;
  private readonly parts: UploadedPart[] = [];
  private partNumber = 0;

  constructor(private readonly store: OutputStore, readonly key: string, private readonly attributes: ObjectAttributes,
    private readonly partSize = PART_SIZE) {}

  /** Bytes that were written. */
  get size(): number {
    return this.sent + this.filled;
  }

  /** Copies the bytes. Waits when the part that fills is full and `MAX_PARTS_IN_FLIGHT` others are on their way. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      if (this.filled === this.sizeOfPart) await this.sendPart();
      this.makeRoom(bytes.length - from);
      const count = Math.min(this.sizeOfPart - this.filled, bytes.length - from);
      this.buffer.set(bytes.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
    }
    if (this.filled >= OPEN_FROM) void this.openUpload();
  }

  /** Sends what is left and leaves the upload open. Undefined, and no upload, when nothing was written. */
  async leaveOpen(): Promise<OpenUpload | undefined> {
    if (this.filled > 0) await this.sendPart();
    await Promise.all(this.inFlight);
    this.throwFailure();
    if (this.uploadId === undefined) return undefined;
    // Whichever came first.
    this.parts.sort((a, b) => a.number - b.number);
    checkParts(this.key, this.parts);
    return { uploadId: await this.uploadId, parts: this.parts };
  }

  /** Waits for what is on its way. Nothing is to be written after it. */
  async pause(): Promise<PausedUpload> {
    await Promise.all(this.inFlight);
    this.throwFailure();
    this.parts.sort((a, b) => a.number - b.number);
    return { uploadId: await this.uploadId, parts: this.parts, rest: this.buffer.subarray(0, this.filled) };
  }

  /** Makes the object appear, an empty one too. */
  async complete(): Promise<void> {
    if (this.uploadId === undefined) {
      await this.store.put(this.key, this.buffer.subarray(0, this.filled), this.attributes.contentType);
      return;
    }
    const { uploadId, parts } = (await this.leaveOpen())!;
    if (!await this.store.completeUpload(this.key, uploadId, parts)) {
      throw new UploadGoneError(this.key);
    }
  }

  /** Leaves nothing behind. */
  async abort(): Promise<void> {
    // A part that arrives after the abort would stay.
    await Promise.all(this.inFlight);
    const uploadId = await this.uploadId?.catch(() => undefined);
    if (uploadId !== undefined) await this.store.abortUpload(this.key, uploadId);
  }

  /** Small outputs do not pay for a whole part. */
  private makeRoom(more: number): void {
    const needed = Math.min(this.filled + more, this.sizeOfPart);
    if (this.buffer.length >= needed) return;
    const grown = Buffer.allocUnsafe(Math.min(Math.max(needed, this.buffer.length * 2, 64 * 1024), this.sizeOfPart));
    this.buffer.copy(grown, 0, 0, this.filled);
    this.buffer = grown;
  }

  /** The first part is smaller where it may be: it is on its way while the others fill. */
  private get sizeOfPart(): number {
    return this.partNumber === 0 ? Math.min(this.partSize, PART_SIZE) : this.partSize;
  }

  private openUpload(): Promise<string> {
    if (this.uploadId === undefined) {
      this.uploadId = this.store.openUpload(this.key, this.attributes);
      // The first part tells of it.
      this.uploadId.catch(() => undefined);
    }
    return this.uploadId;
  }

  private async sendPart(): Promise<void> {
    while (this.inFlight.size >= MAX_PARTS_IN_FLIGHT) await Promise.race(this.inFlight);
    this.throwFailure();
    if (this.partNumber === MAX_PARTS) throw new Error(`expected ${this.key} to have room in ${MAX_PARTS} parts of ${this.partSize} bytes, got more`);
    const buffer = this.buffer;
    this.sent += this.filled;
    const sent = this.uploadPart(++this.partNumber, buffer.subarray(0, this.filled))
      .catch((error: unknown) => { this.failure ??= { error }; })
      .finally(() => {
        this.inFlight.delete(sent);
        this.spareBuffers.push(buffer);
      });
    this.inFlight.add(sent);
    this.buffer = this.spareBuffers.pop() ?? Buffer.alloc(0);
    this.filled = 0;
  }

  private async uploadPart(number: number, body: Buffer): Promise<void> {
    this.parts.push(await this.store.uploadPart(this.key, await this.openUpload(), number, body));
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}

/**
 * S3 refuses such uploads only when they are completed, and other stores not at all: know it before the job commits.
 */
function checkParts(key: string, parts: readonly UploadedPart[]): void {
  const small = parts.slice(0, -1).find(({ size }) => size < MIN_PART_SIZE);
  if (small !== undefined) throw new Error(`expected parts of at least ${MIN_PART_SIZE} bytes, got ${small.size} as part ${small.number} of ${key}`);
}
