import { FileHandle, open, stat } from 'node:fs/promises';
import { ByteSource } from '../engine/io/byte-source';
import { PinnedObject, SourceStore } from '../ports/source';
import { SourceChangedError } from '../ports/source-changed';

/** Pins a local file as it is now. */
export async function pinFile(bucket: string, path: string): Promise<PinnedObject> {
  const stats = await stat(path);
  return { bucket, key: path, etag: etagOf(stats), sizeBytes: stats.size, lastModified: stats.mtime.toISOString() };
}

type FileStats = Awaited<ReturnType<FileHandle['stat']>>;

/** Local files as objects. The key is the path; the ETag is made of inode, size and modification time. */
export class LocalSourceStore implements SourceStore {
  private readonly opened = new Map<string, LocalByteSource>();

  /** @param stop once it is aborted nothing more is read */
  constructor(private readonly stop?: AbortSignal) {}

  async head({ bucket, key }: Pick<PinnedObject, 'bucket' | 'key'>): Promise<PinnedObject | undefined> {
    return pinFile(bucket, key).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** All chunks share one file handle. */
  open(source: PinnedObject): ByteSource {
    const id = `${source.key}\0${source.etag}`;
    const opened = this.opened.get(id) ?? new LocalByteSource(source, this.stop);
    this.opened.set(id, opened);
    return opened;
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map(async (source) => source.close()));
  }
}

class LocalByteSource implements ByteSource {
  readonly size: number;
  private file: Promise<FileHandle> | undefined;

  constructor(private readonly source: PinnedObject, private readonly stop: AbortSignal | undefined) {
    this.size = source.sizeBytes;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    this.stop?.throwIfAborted();
    this.file ??= open(this.source.key);
    const file = await this.file.catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new SourceChangedError(this.source, 'none: the file is gone');
      throw error;
    });
    const bytes = Buffer.allocUnsafe(end - start);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, start + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    // Checked after the read: bytes that were read before the file changed are valid.
    const etag = etagOf(await file.stat());
    if (etag !== this.source.etag || length < bytes.length) throw new SourceChangedError(this.source, `ETag ${etag}`);
    return bytes;
  }

  async close(): Promise<void> {
    await (await this.file?.catch(() => undefined))?.close();
  }
}

function etagOf(stats: FileStats): string {
  return `${stats.ino}-${stats.size}-${stats.mtimeMs}`;
}
