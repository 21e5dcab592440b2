/** Multipart uploads, as the output's parts and the copies of large sources have them alike. */
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CompleteMultipartUploadRequest, ListMultipartUploadsCommand,
  ListMultipartUploadsCommandOutput, S3Client,
} from '@aws-sdk/client-s3';
import { isNoSuchUpload } from './s3-errors';
import { KnownPart } from '../contract/job-item';
import { PendingUpload } from '../ports/pending-upload';

export interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

/** False when there is no such upload. S3 goes on answering that it is completed for a while after it was. */
export async function completeUpload(s3: S3Client, upload: Upload, parts: readonly KnownPart[],
  checksum: Pick<CompleteMultipartUploadRequest, 'ChecksumType'> = {}): Promise<boolean> {
  const MultipartUpload = { Parts: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })) };
  try {
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, ...checksum, MultipartUpload }));
    return true;
  } catch (error) {
    if (isNoSuchUpload(error)) return false;
    throw error;
  }
}

export async function abortUpload(s3: S3Client, upload: Upload): Promise<void> {
  try {
    await s3.send(new AbortMultipartUploadCommand({ ...upload }));
  } catch (error) {
    if (!isNoSuchUpload(error)) throw error;
  }
}

/** The SDK has no paginator for this listing. */
export async function* pendingUploads(s3: S3Client, bucket: string, prefix: string): AsyncIterable<PendingUpload> {
  let after: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (after !== undefined) {
    const page: ListMultipartUploadsCommandOutput = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...after }));
    for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? []) {
      yield { key: Key, uploadId: UploadId, startedAt: Initiated?.getTime() ?? 0 };
    }
    after = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
}
