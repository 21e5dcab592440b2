import {
  CopyObjectCommand, CreateMultipartUploadCommand, DeleteObjectCommand, paginateListParts, PutObjectCommand, S3Client, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { hasStatus, isNoSuchUpload, quoted, unquoted } from './s3-errors';
import { headOf, pinned } from './s3-head';
import { abortUpload, completeUpload, pendingUploads } from './s3-uploads';
import { UploadedPart } from '../contract/job-item';
import { PendingUpload } from '../ports/pending-upload';
import { CopyPart, FoundObject, PinnedObject, SourceMover } from '../ports/source';

const MIB = 1024 ** 2;

export class S3SourceMover implements SourceMover {
  /** S3's own limit. */
  readonly largestCopy = 5 * 1024 * MIB;
  /** Copying one takes seconds: a call that fails is tried again soon. */
  readonly copyPartSize = 512 * MIB;

  constructor(private readonly s3: S3Client) {}

  async head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<FoundObject | undefined> {
    return pinned(this.s3, object);
  }

  async copy(source: PinnedObject, toKey: string): Promise<boolean> {
    const copied = await unlessGone(async () => this.s3.send(new CopyObjectCommand({ Bucket: source.bucket, Key: toKey, ...copySource(source) })));
    return copied !== undefined;
  }

  /** A copy by parts carries over nothing by itself. Tags are not kept. */
  async openCopy(source: PinnedObject, toKey: string): Promise<string | undefined> {
    const head = await headOf(this.s3, source);
    if (head === undefined || unquoted(head.ETag) !== source.etag) return undefined;
    const { ContentType, ContentEncoding, Metadata } = head;
    const { UploadId } = await this.s3.send(new CreateMultipartUploadCommand({
      Bucket: source.bucket, Key: toKey, ContentType, ContentEncoding, Metadata,
    }));
    if (UploadId === undefined) throw new Error(`expected an upload id for ${toKey}, got none`);
    return UploadId;
  }

  async copiedParts(bucket: string, toKey: string, uploadId: string): Promise<readonly UploadedPart[] | undefined> {
    const parts: UploadedPart[] = [];
    try {
      for await (const page of paginateListParts({ client: this.s3 }, uploadOf(bucket, toKey, uploadId))) {
        for (const { PartNumber = 0, ETag = '', Size = 0 } of page.Parts ?? []) parts.push({ number: PartNumber, etag: ETag, size: Size });
      }
      return parts;
    } catch (error) {
      if (isNoSuchUpload(error)) return undefined;
      throw error;
    }
  }

  async copyPart(source: PinnedObject, toKey: string, uploadId: string, { number, start, end }: CopyPart): Promise<UploadedPart | undefined> {
    const copied = await unlessGone(async () => this.s3.send(new UploadPartCopyCommand({
      ...uploadOf(source.bucket, toKey, uploadId), ...copySource(source), PartNumber: number, CopySourceRange: `bytes=${start}-${end - 1}`,
    })));
    if (copied === undefined) return undefined;
    const etag = copied.CopyPartResult?.ETag;
    if (etag === undefined) throw new Error(`expected an ETag for part ${number} of ${toKey}, got none`);
    return { number, etag, size: end - start };
  }

  async completeCopy(bucket: string, toKey: string, uploadId: string, parts: readonly UploadedPart[]): Promise<boolean> {
    return completeUpload(this.s3, uploadOf(bucket, toKey, uploadId), parts);
  }

  async abortCopy(bucket: string, toKey: string, uploadId: string): Promise<void> {
    await abortUpload(this.s3, uploadOf(bucket, toKey, uploadId));
  }

  pendingCopies(bucket: string, prefix: string): AsyncIterable<PendingUpload> {
    return pendingUploads(this.s3, bucket, prefix);
  }

  async putText(bucket: string, key: string, text: string, contentType: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
  }

  async delete({ bucket, key, versionId, etag }: PinnedObject): Promise<boolean> {
    const version = versionId === undefined ? { IfMatch: quoted(etag) } : { VersionId: versionId };
    try {
      await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...version }));
      return true;
    } catch (error) {
      // The object is gone already, or a newer one has taken its place, which stays.
      if (hasStatus(error, 404, 412)) return true;
      // An object lock, or a policy: to try again would change nothing.
      if (hasStatus(error, 403)) return false;
      throw error;
    }
  }
}

/** @returns undefined when the pinned object does not exist any more */
async function unlessGone<T>(copy: () => Promise<T>): Promise<T | undefined> {
  try {
    return await copy();
  } catch (error) {
    // A missing multipart upload is a 404, too, but says nothing about the source.
    if (hasStatus(error, 404, 412) && !isNoSuchUpload(error)) return undefined;
    throw error;
  }
}

/** The SDK does not encode keys in `CopySource`, as it does elsewhere: blanks, `+`, `%` and non-ASCII characters. */
function copySource({ bucket, key, versionId, etag }: PinnedObject): { CopySource: string; CopySourceIfMatch: string } {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const version = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`;
  return { CopySource: path + version, CopySourceIfMatch: quoted(etag) };
}

function uploadOf(bucket: string, key: string, uploadId: string) {
  return { Bucket: bucket, Key: key, UploadId: uploadId };
}
