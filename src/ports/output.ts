import { PendingUpload } from './pending-upload';
import { PinnedObject } from './source';
import { KnownPart, UploadedPart } from '../contract/job-item';
import { ByteSource } from '../engine/io/byte-source';

/** Metadata of an object. Keys are in lower case. */
export type ObjectMetadata = Readonly<Record<string, string>>;

/** What an object is given when its upload is opened. */
export interface ObjectAttributes {
  readonly contentType: string;
  /** Default none. */
  readonly metadata?: ObjectMetadata;
}

/** Where a job keeps its work files and publishes its output. */
export interface OutputStore {
  readonly bucketName: string;
  /** Rejects when there is no such object. */
  getJson<T>(key: string): Promise<T>;
  /** Replaces what is there. */
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** Streams the object's bytes. Rejects when there is no such object. */
  read(key: string): AsyncIterable<Uint8Array>;
  /** Pins the object as it is now, so that a `SourceStore` can open it. Rejects when there is no such object. */
  pin(key: string): Promise<PinnedObject>;
  /**
   * Reads ranges of an object that never changes.
   *
   * @param sizeBytes the object's size as it was written
   */
  ranges(key: string, sizeBytes: number): ByteSource;
  /** Undefined when there is no such object. */
  metadata(key: string): Promise<ObjectMetadata | undefined>;
  /** @returns the upload's id; the object appears when the upload is completed */
  openUpload(key: string, attributes: ObjectAttributes): Promise<string>;
  /** Rejects with `UploadGoneError` when there is no such upload. */
  uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart>;
  /** False when there is no such upload, because it was completed or aborted before. */
  completeUpload(key: string, uploadId: string, parts: readonly KnownPart[]): Promise<boolean>;
  /** Does nothing when there is no such upload. */
  abortUpload(key: string, uploadId: string): Promise<void>;
}

/** What the sweep asks of it besides. */
export interface SweptOutput extends OutputStore {
  /** Uploads that are open to keys with this prefix, in the order of their keys. */
  pendingUploads(prefix: string): AsyncIterable<PendingUpload>;
}
