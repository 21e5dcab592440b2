import { HeadObjectCommand, HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { hasStatus, unquoted } from './s3-errors';
import { FoundObject, PinnedObject } from '../ports/source';

type ObjectVersion = Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>;

/** Undefined when there is no such object or version, or when it is a delete marker. */
export async function headOf(s3: S3Client, { bucket, key, versionId }: ObjectVersion): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  } catch (error) {
    // 405: this version is a delete marker.
    if (hasStatus(error, 404, 405)) return undefined;
    throw error;
  }
}

/** The object as it is now, with the version id that was asked for. */
export async function pinned(s3: S3Client, object: ObjectVersion): Promise<FoundObject | undefined> {
  const head = await headOf(s3, object);
  return head && {
    bucket: object.bucket,
    key: object.key,
    versionId: object.versionId,
    etag: unquoted(head.ETag),
    sizeBytes: head.ContentLength ?? 0,
    lastModified: isoSeconds(head.LastModified),
    foundVersion: head.VersionId === 'null' ? undefined : head.VersionId,
    ...isArchived(head) ? { isArchived: true } : {},
  };
}

/** A copy that was restored is read as any other object, for the days that it is kept. */
function isArchived({ StorageClass: storageClass, ArchiveStatus: tier, Restore: restored = '' }: HeadObjectCommandOutput): boolean {
  return (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE' || tier !== undefined) && !restored.includes('ongoing-request="false"');
}

/** A head tells the time in seconds, a listing may tell it more exactly: it is part of what a job is known by. */
export function isoSeconds(time: Date | undefined): string {
  return time === undefined ? '' : new Date(Math.floor(time.getTime() / 1000) * 1000).toISOString();
}
