import {
  CreateMultipartUploadCommand, GetObjectCommand, GetObjectCommandOutput, PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { S3ByteSource } from './s3-byte-source';
import { hasStatus, isNoSuchUpload } from './s3-errors';
import { headOf, pinned } from './s3-head';
import { abortUpload, completeUpload, pendingUploads } from './s3-uploads';
import { KnownPart, UploadedPart } from '../contract/job-item';
import { ByteSource } from '../engine/io/byte-source';
import { ObjectAttributes, ObjectMetadata, SweptOutput } from '../ports/output';
import { PendingUpload } from '../ports/pending-upload';
import { PinnedObject } from '../ports/source';
import { UploadGoneError } from '../ports/upload-gone';

/**
 * The checksum covers the whole object. With a checksum of checksums, completing the upload would need the checksum of
 * every part.
 */
const CHECKSUM = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;

export class S3OutputStore implements SweptOutput {
  constructor(private readonly s3: S3Client, readonly bucketName: string) {}

  async getJson<T>(key: string): Promise<T> {
    const { Body } = await this.get(key);
    return JSON.parse(await Body!.transformToString()) as T;
  }

  async put(key: string, body: Uint8Array | string, contentType: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ ...this.at(key), Body: body, ContentType: contentType }));
  }

  async* read(key: string): AsyncIterable<Uint8Array> {
    const { Body } = await this.get(key);
    yield* Body as unknown as AsyncIterable<Uint8Array>;
  }

  /** Pins by ETag, without a version: work objects have random keys and are written once. */
  async pin(key: string): Promise<PinnedObject> {
    const object = await pinned(this.s3, { bucket: this.bucketName, key });
    if (object === undefined) throw this.missing(key);
    const { foundVersion: _, isArchived: __, ...pin } = object;
    return pin;
  }

  ranges(key: string, sizeBytes: number): ByteSource {
    return new S3ByteSource(this.s3, { bucket: this.bucketName, key, sizeBytes, etag: '', lastModified: '' });
  }

  async metadata(key: string): Promise<ObjectMetadata | undefined> {
    const head = await headOf(this.s3, { bucket: this.bucketName, key });
    return head && (head.Metadata ?? {});
  }

  async openUpload(key: string, { contentType, metadata }: ObjectAttributes): Promise<string> {
    const { UploadId } = await this.s3.send(new CreateMultipartUploadCommand({
      ...this.at(key), ...CHECKSUM, ContentType: contentType, Metadata: { ...metadata },
    }));
    if (UploadId === undefined) throw new Error(`expected an upload id for ${key}, got none`);
    return UploadId;
  }

  async uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    const command = new UploadPartCommand({
      ...this.at(key), UploadId: uploadId, PartNumber: number, Body: body, ChecksumAlgorithm: CHECKSUM.ChecksumAlgorithm,
    });
    leavePayloadUnsigned(command);
    const { ETag } = await this.s3.send(command).catch((error: unknown) => {
      throw isNoSuchUpload(error) ? new UploadGoneError(key) : error;
    });
    if (ETag === undefined) throw new Error(`expected an ETag for part ${number} of ${key}, got none`);
    return { number, etag: ETag, size: body.length };
  }

  async completeUpload(key: string, uploadId: string, parts: readonly KnownPart[]): Promise<boolean> {
    return completeUpload(this.s3, { ...this.at(key), UploadId: uploadId }, parts, { ChecksumType: CHECKSUM.ChecksumType });
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    await abortUpload(this.s3, { ...this.at(key), UploadId: uploadId });
  }

  pendingUploads(prefix: string): AsyncIterable<PendingUpload> {
    return pendingUploads(this.s3, this.bucketName, prefix);
  }

  private async get(key: string): Promise<GetObjectCommandOutput> {
    try {
      return await this.s3.send(new GetObjectCommand(this.at(key)));
    } catch (error) {
      if (hasStatus(error, 404)) throw this.missing(key, error);
      throw error;
    }
  }

  /** S3's own message does not name the key. */
  private missing(key: string, cause?: unknown): Error {
    return new Error(`expected an object ${key} in bucket ${this.bucketName}, got none`, { cause });
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucketName, Key: key };
  }
}

/**
 * Computing the SHA-256 of a part would take half as long as producing the part. The signature covers its CRC32
 * instead, which S3 compares with what arrives. TLS protects both on the way.
 */
function leavePayloadUnsigned(command: UploadPartCommand): void {
  command.middlewareStack.add((next) => async (args) => {
    (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
    return next(args);
  }, { step: 'build' });
}
