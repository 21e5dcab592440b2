import { UploadedPart } from '../../../src/contract/job-item';
import { ByteSource } from '../../../src/engine/io/byte-source';
import { ObjectAttributes, ObjectMetadata, OutputStore, PendingUpload } from '../../../src/ports/output';
import { PinnedObject } from '../../../src/ports/source';

export const OUTPUT_BUCKET = 'output';

interface Upload {
  readonly key: string;
  readonly metadata: ObjectMetadata;
  readonly parts: Map<number, Buffer>;
}

export class MemoryOutput implements OutputStore {
  readonly objects = new Map<string, { readonly bytes: Buffer; readonly metadata: ObjectMetadata }>();
  readonly uploads = new Map<string, Upload>();
  private opened = 0;

  text(key: string): string | undefined {
    return this.objects.get(key)?.bytes.toString();
  }

  keys(prefix: string): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async getJson<T>(key: string): Promise<T> {
    const text = this.text(key);
    if (text === undefined) throw new Error(`no object ${key}`);
    return JSON.parse(text) as T;
  }

  async put(key: string, body: Uint8Array | string): Promise<void> {
    this.objects.set(key, { bytes: Buffer.from(body), metadata: {} });
  }

  async* read(key: string): AsyncIterable<Uint8Array> {
    const object = this.objects.get(key);
    if (object === undefined) throw new Error(`no object ${key}`);
    // Small pieces: lines and characters must survive them.
    for (let from = 0; from < object.bytes.length; from += 7) yield object.bytes.subarray(from, from + 7);
  }

  async pin(key: string): Promise<PinnedObject> {
    const object = this.objects.get(key);
    if (object === undefined) throw new Error(`no object ${key}`);
    return { bucket: OUTPUT_BUCKET, key, etag: `etag of ${key}`, sizeBytes: object.bytes.length, lastModified: new Date(0).toISOString() };
  }

  /** What a source store of the same world reads it by. */
  open({ key, sizeBytes: size }: PinnedObject): ByteSource {
    return { size, read: async (start, end) => this.objects.get(key)!.bytes.subarray(start, end) };
  }

  ranges(key: string, sizeBytes: number): ByteSource {
    return {
      size: sizeBytes,
      read: async (start, end) => {
        const object = this.objects.get(key);
        if (object === undefined) throw new Error(`no object ${key}`);
        return object.bytes.subarray(start, end);
      },
    };
  }

  async metadata(key: string): Promise<ObjectMetadata | undefined> {
    return this.objects.get(key)?.metadata;
  }

  async openUpload(key: string, { metadata = {} }: ObjectAttributes): Promise<string> {
    const uploadId = `upload-${++this.opened}`;
    this.uploads.set(uploadId, { key, metadata, parts: new Map() });
    return uploadId;
  }

  async uploadPart(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    this.uploads.get(uploadId)!.parts.set(number, Buffer.from(body));
    return { number, etag: `${uploadId}-${number}`, size: body.length };
  }

  async completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<boolean> {
    const upload = this.uploads.get(uploadId);
    if (upload === undefined) return false;
    const bytes = Buffer.concat(parts.map(({ number }) => upload.parts.get(number)!));
    this.objects.set(key, { bytes, metadata: upload.metadata });
    this.uploads.delete(uploadId);
    return true;
  }

  async abortUpload(_key: string, uploadId: string): Promise<void> {
    this.uploads.delete(uploadId);
  }

  async* pendingUploads(prefix: string): AsyncIterable<PendingUpload> {
    for (const [uploadId, { key }] of this.uploads) if (key.startsWith(prefix)) yield { key, uploadId, startedAt: 0 };
  }
}
