import { ByteSource } from '../../../src/engine/io/byte-source';
import { PendingUpload } from '../../../src/ports/output';
import { PinnedObject, SourceMover, SourceStore } from '../../../src/ports/source';
import { SourceChangedError } from '../../../src/ports/source-changed';

interface StoredObject {
  readonly pin: PinnedObject;
  readonly bytes: Buffer;
}

/** A bucket without versions, or with them: then the events name a version. */
export class MemorySource implements SourceStore, SourceMover {
  readonly objects = new Map<string, StoredObject>();
  private puts = 0;

  constructor(private readonly versioned = true) {}

  put(key: string, content: string | Buffer): PinnedObject {
    const bytes = Buffer.from(content);
    const number = ++this.puts;
    const pin: PinnedObject = {
      bucket: 'landing',
      key,
      etag: `etag-${number}`,
      sizeBytes: bytes.length,
      lastModified: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
      versionId: this.versioned ? `version-${number}` : undefined,
    };
    this.objects.set(key, { pin, bytes });
    return pin;
  }

  /** The sender sends it again: in S3 the same bytes have the same ETag. */
  putSameBytes(key: string): PinnedObject {
    const { bytes, pin: { etag } } = this.objects.get(key)!;
    const pin = { ...this.put(key, bytes), etag };
    this.objects.set(key, { pin, bytes });
    return pin;
  }

  remove(key: string): void {
    this.objects.delete(key);
  }

  async head({ key, versionId }: Pick<PinnedObject, 'key' | 'versionId'>): Promise<PinnedObject | undefined> {
    const found = this.objects.get(key);
    return versionId === undefined || found?.pin.versionId === versionId ? found?.pin : undefined;
  }

  open(source: PinnedObject): ByteSource {
    return {
      size: source.sizeBytes,
      read: async (start, end) => {
        const found = this.objects.get(source.key);
        if (found === undefined) throw new SourceChangedError(source, 'none: the object is gone');
        if (found.pin.etag !== source.etag) throw new SourceChangedError(source, 'another object in its place');
        return found.bytes.subarray(start, end);
      },
    };
  }

  async copy(source: PinnedObject, toKey: string): Promise<boolean> {
    const found = this.objects.get(source.key);
    if (found?.pin.etag !== source.etag) return false;
    this.objects.set(toKey, { ...found, pin: { ...found.pin, key: toKey } });
    return true;
  }

  async* list(_bucket: string, prefix: string): AsyncIterable<PinnedObject> {
    for (const { pin } of this.objects.values()) if (pin.key.startsWith(prefix)) yield pin;
  }

  async openCopy(): Promise<string | undefined> { throw new Error('small files only'); }
  async copiedParts(): Promise<undefined> { return undefined; }
  async copyPart(): Promise<undefined> { return undefined; }
  async completeCopy(): Promise<boolean> { return false; }
  async abortCopy(_bucket: string, _toKey: string, _uploadId: string): Promise<void> { return; }
  async* pendingCopies(_bucket: string, _prefix: string): AsyncIterable<PendingUpload> { return; }

  async putText(_bucket: string, key: string, text: string): Promise<void> {
    this.put(key, text);
  }

  async delete(source: PinnedObject): Promise<boolean> {
    if (this.objects.get(source.key)?.pin.etag === source.etag) this.objects.delete(source.key);
    return true;
  }
}
