import { MemoryBucket } from './memory-bucket';
import { MemorySourceMover } from './memory-stores';
import { FoundObject, PinnedObject } from '../src/ports/source';

/**
 * Where a bucket has no versions S3 deletes an object by its key and ETag. Between a look at it and its deletion the same
 * bytes may be sent again: no request can tell the two apart, and that is the one thing that a deletion may do wrong.
 */
export class WatchedSourceMover extends MemorySourceMover {
  private seen: FoundObject | undefined;

  /** @param onLateDelete told of a file that was deleted in place of the one that was looked at */
  constructor(private readonly landing: MemoryBucket, largestCopy: number, copyPartSize: number,
    private readonly onLateDelete: (key: string) => void) {
    super([landing], largestCopy, copyPartSize);
  }

  override async head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<FoundObject | undefined> {
    this.seen = await super.head(object);
    return this.seen;
  }

  override async delete(source: PinnedObject): Promise<boolean> {
    const { key, versionId, lastModified, etag } = source;
    const isAnother = versionId === undefined && this.landing.head(key)?.lastModified.toISOString() !== lastModified;
    const wasLookedAt = this.seen?.key === key && this.seen.etag === etag && this.seen.lastModified === lastModified;
    if (isAnother && wasLookedAt) this.onLateDelete(key);
    return super.delete(source);
  }
}
