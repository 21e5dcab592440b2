/**
 * Writes an object of unknown size in constant memory: bytes gather to parts of 8 MiB, and while one part is on its way the
 * next one fills.
 */
import { ObjectMetadata, OutputStore } from './ports';
import { UploadedPart } from '../contract/job-item';

const MIB = 1024 * 1024;
export const PART_SIZE = 8 * MIB;
/** S3's limits; the smallest size holds for every part but the last. */
const MIN_PART_SIZE = 5 * MIB;
const MAX_PARTS = 10_000;

/** An upload whose parts are all there, and that nobody has completed yet. */
export interface OpenUpload {
  readonly uploadId: string;
  readonly parts: readonly UploadedPart[];
}

export class MultipartWriter {
  private readonly buffers = [Buffer.alloc(0), Buffer.alloc(0)];
  private filled = 0;
  private uploadId: string | undefined;
  private inFlight: Promise<void> = Promise.resolve();
  private readonly parts: UploadedPart[] = [];
  private partNumber = 0;

  constructor(private readonly store: OutputStore, readonly key: string, private readonly contentType: string,
    private readonly metadata: ObjectMetadata = {}, private readonly partSize = PART_SIZE) {}

  /** Copies the bytes. Waits when two parts are full. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      if (this.filled === this.partSize) await this.sendPart();
      const buffer = this.bufferFor(bytes.length - from);
      const count = Math.min(this.partSize - this.filled, bytes.length - from);
      buffer.set(bytes.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
    }
  }

  /** Sends what is left and leaves the upload open. Undefined, and no upload, when nothing was written. */
  async leaveOpen(): Promise<OpenUpload | undefined> {
    if (this.filled > 0) await this.sendPart();
    await this.inFlight;
    if (this.uploadId === undefined) return undefined;
    checkParts(this.key, this.parts);
    return { uploadId: this.uploadId, parts: this.parts };
  }

  /** Makes the object appear, an empty one too. */
  async complete(): Promise<void> {
    if (this.uploadId === undefined) {
      await this.store.put(this.key, this.buffers[0].subarray(0, this.filled), this.contentType);
      return;
    }
    const upload = await this.leaveOpen();
    await this.store.completeUpload(this.key, this.uploadId, upload!.parts);
  }

  /** Leaves nothing behind. */
  async abort(): Promise<void> {
    await this.inFlight.catch(() => undefined);
    if (this.uploadId !== undefined) await this.store.abortUpload(this.key, this.uploadId);
  }

  /** The buffer that fills now; small outputs do not pay for a whole part. */
  private bufferFor(more: number): Buffer {
    const current = this.buffers[0];
    const needed = Math.min(this.filled + more, this.partSize);
    if (current.length >= needed) return current;
    const grown = Buffer.allocUnsafe(Math.min(Math.max(needed, current.length * 2, 64 * 1024), this.partSize));
    current.copy(grown, 0, 0, this.filled);
    this.buffers[0] = grown;
    return grown;
  }

  private async sendPart(): Promise<void> {
    await this.inFlight;
    this.uploadId ??= await this.store.openUpload(this.key, this.contentType, this.metadata);
    const number = ++this.partNumber;
    const body = this.buffers[0].subarray(0, this.filled);
    this.inFlight = this.store.uploadPart(this.key, this.uploadId, number, body).then((part) => { this.parts.push(part); });
    // Whoever awaits the part next gets its failure; until then it must not count as unhandled.
    this.inFlight.catch(() => undefined);
    this.buffers.reverse();
    this.filled = 0;
  }
}

/** S3 refuses such uploads only when they are completed, and other stores not at all: know it before the job commits. */
function checkParts(key: string, parts: readonly UploadedPart[]): void {
  const small = parts.slice(0, -1).find(({ size }) => size < MIN_PART_SIZE);
  if (small !== undefined) throw new Error(`expected parts of at least ${MIN_PART_SIZE} bytes, got ${small.size} as part ${small.number} of ${key}`);
  if (parts.length > MAX_PARTS) throw new Error(`expected at most ${MAX_PARTS} parts, got ${parts.length} for ${key}: the chunk is too large`);
}
