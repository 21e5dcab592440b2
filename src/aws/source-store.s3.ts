import { ListObjectVersionsCommand, ListObjectVersionsCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { S3ByteSource } from './s3-byte-source';
import { unquoted } from './s3-errors';
import { isoSeconds, pinned } from './s3-head';
import { ByteSource } from '../engine/io/byte-source';
import { FoundObject, PinnedObject, SweptSource } from '../ports/source';

/** Names the one version of an object that was put while its bucket had no versioning: it says nothing. */
const NO_VERSION = 'null';

export class S3SourceStore implements SweptSource {
  constructor(private readonly s3: S3Client) {}

  async head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<FoundObject | undefined> {
    return pinned(this.s3, object);
  }

  open(source: PinnedObject): ByteSource {
    return new S3ByteSource(this.s3, source);
  }

  /** A listing of versions: a plain one does not tell their ids. The SDK has no paginator for it. */
  async* list(bucket: string, prefix: string): AsyncIterable<PinnedObject> {
    let after: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (after !== undefined) {
      const page: ListObjectVersionsCommandOutput = await this.s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...after }));
      // Delete markers are a list of their own: a key whose newest version is one has no newest version here.
      for (const { Key: key = '', VersionId, IsLatest, ETag, Size: sizeBytes = 0, LastModified } of page.Versions ?? []) {
        if (IsLatest !== true) continue;
        const versionId = VersionId === NO_VERSION ? undefined : VersionId;
        yield { bucket, key, versionId, etag: unquoted(ETag), sizeBytes, lastModified: isoSeconds(LastModified) };
      }
      after = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
    }
  }
}
