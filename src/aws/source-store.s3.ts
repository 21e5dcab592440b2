import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { S3ByteSource } from './s3-byte-source';
import { hasStatus, unquoted } from './s3-errors';
import { ByteSource } from '../engine/io/byte-source';
import { PinnedObject, SourceStore } from '../ports/source';

export class S3SourceStore implements SourceStore {
  constructor(private readonly s3: S3Client) {}

  async head({ bucket, key, versionId }: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<PinnedObject | undefined> {
    try {
      const head = await this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
      return {
        bucket,
        key,
        versionId,
        etag: unquoted(head.ETag),
        sizeBytes: head.ContentLength ?? 0,
        lastModified: head.LastModified?.toISOString() ?? '',
      };
    } catch (error) {
      // 405: this version is a delete marker.
      if (hasStatus(error, 404, 405)) return undefined;
      throw error;
    }
  }

  open(source: PinnedObject): ByteSource {
    return new S3ByteSource(this.s3, source);
  }
}
