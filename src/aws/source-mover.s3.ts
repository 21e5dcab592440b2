import {
  AbortMultipartUploadCommand, CompletedPart, CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand,
  DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { hasStatus, isNoSuchUpload, quoted } from './s3-errors';
import { inParallel } from '../engine/io/in-parallel';
import { PinnedObject, SourceMover } from '../ports/source';

const MIB = 1024 * 1024;
/** The largest object that CopyObject takes. Larger ones are copied in parts. */
const MAX_COPY_SIZE = 5 * 1024 * MIB;
const COPY_PART_SIZE = 512 * MIB;
const MAX_PARTS = 10_000;
const PARTS_IN_FLIGHT = 16;

export class S3SourceMover implements SourceMover {
  constructor(private readonly s3: S3Client, private readonly maxCopySize = MAX_COPY_SIZE) {}

  async copy(source: PinnedObject, toKey: string): Promise<boolean> {
    const target = { Bucket: source.bucket, Key: toKey };
    const from = { CopySource: copySource(source), CopySourceIfMatch: quoted(source.etag) };
    try {
      if (source.sizeBytes > this.maxCopySize) await this.copyByParts(source, target, from);
      else await this.s3.send(new CopyObjectCommand({ ...target, ...from }));
      return true;
    } catch (error) {
      // A missing multipart upload is a 404, too, but says nothing about the source.
      if (hasStatus(error, 404, 412) && !isNoSuchUpload(error)) return false;
      throw error;
    }
  }

  async exists(bucket: string, key: string): Promise<boolean> {
    try {
      await this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }

  async putText(bucket: string, key: string, text: string, contentType: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
  }

  async delete({ bucket, key, versionId, etag }: PinnedObject): Promise<void> {
    const version = versionId === undefined ? { IfMatch: quoted(etag) } : { VersionId: versionId };
    try {
      await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...version }));
    } catch (error) {
      // The object is gone already, or a newer one has taken its place, which stays.
      if (!hasStatus(error, 404, 412)) throw error;
    }
  }

  private async copyByParts(source: PinnedObject, target: { Bucket: string; Key: string },
    from: { CopySource: string; CopySourceIfMatch: string }): Promise<void> {
    const head = await this.s3.send(new HeadObjectCommand({ Bucket: source.bucket, Key: source.key, VersionId: source.versionId }));
    // A multipart copy does not carry over content type and metadata by itself. Tags of a file above 5 GiB are not
    // kept.
    const { UploadId } = await this.s3.send(new CreateMultipartUploadCommand({
      ...target, ContentType: head.ContentType, ContentEncoding: head.ContentEncoding, Metadata: head.Metadata,
    }));
    try {
      const parts: CompletedPart[] = [];
      await inParallel(partRanges(source.sizeBytes), PARTS_IN_FLIGHT, async ({ number, start, end }) => {
        const { CopyPartResult } = await this.s3.send(new UploadPartCopyCommand({
          ...target, ...from, UploadId, PartNumber: number, CopySourceRange: `bytes=${start}-${end - 1}`,
        }));
        parts[number - 1] = { PartNumber: number, ETag: CopyPartResult?.ETag };
      });
      await this.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }));
    } catch (error) {
      // Best effort: the bucket's lifecycle rule removes what is left over. The first error is the one to report.
      await this.s3.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
      throw error;
    }
  }
}

/** The SDK does not encode keys in `CopySource`, as it does elsewhere: blanks, `+`, `%` and non-ASCII characters. */
function copySource({ bucket, key, versionId }: PinnedObject): string {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

function* partRanges(size: number): Iterable<{ number: number; start: number; end: number }> {
  const partSize = Math.max(COPY_PART_SIZE, Math.ceil(size / MAX_PARTS));
  for (let start = 0, number = 1; start < size; start += partSize, number++) {
    yield { number, start, end: Math.min(start + partSize, size) };
  }
}
