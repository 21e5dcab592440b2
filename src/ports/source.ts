import { PendingUpload } from './pending-upload';
import { UploadedPart } from '../contract/job-item';
import { ByteSource } from '../engine/io/byte-source';

/** One version of one object: everything that a job reads comes from it. */
export interface PinnedObject {
  readonly bucket: string;
  readonly key: string;
  /** Only if the bucket is versioned and the event named the version. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** An object as a store has it now. */
export interface FoundObject extends PinnedObject {
  /** Its version id, also where none was asked for. Left out where the bucket has no versions. */
  readonly foundVersion?: string;
  /** It lies in an archive, from which it has to be restored before it can be read. */
  readonly isArchived?: true;
}

/** Reads incoming files. */
export interface SourceStore {
  /** Looks up the version, or the newest one without `versionId`. Undefined when there is none. */
  head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<FoundObject | undefined>;
  /** Reads of the returned source reject with `SourceChangedError` once the object is no longer the pinned one. */
  open(source: PinnedObject): ByteSource;
}

/** What the sweep asks of it besides. */
export interface SweptSource extends SourceStore {
  /** The newest version of each key with this prefix, in the order of keys; with its version id in a versioned bucket. */
  list(bucket: string, prefix: string): AsyncIterable<PinnedObject>;
}

/** Moves a file away when its job has ended. */
export interface SourceMover {
  /** In bytes. Larger objects are copied by parts. */
  readonly largestCopy: number;
  /** In bytes: the size of a part, for all objects that have few enough of them. */
  readonly copyPartSize: number;
  /** As of a `SourceStore`. */
  head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<FoundObject | undefined>;
  /** In one request, for at most `largestCopy` bytes. False when the pinned object does not exist any more. */
  copy(source: PinnedObject, toKey: string): Promise<boolean>;
  /** Begins a copy by parts, with the attributes of the source. @returns its upload id; undefined when there is no source any more */
  openCopy(source: PinnedObject, toKey: string): Promise<string | undefined>;
  /** The parts that are there. Undefined when there is no such copy: it was completed or aborted before. */
  copiedParts(bucket: string, toKey: string, uploadId: string): Promise<readonly UploadedPart[] | undefined>;
  /** @returns undefined when the pinned object does not exist any more */
  copyPart(source: PinnedObject, toKey: string, uploadId: string, part: CopyPart): Promise<UploadedPart | undefined>;
  /** False when there is no such copy, because it was completed or aborted before. */
  completeCopy(bucket: string, toKey: string, uploadId: string, parts: readonly UploadedPart[]): Promise<boolean>;
  /** Does nothing when there is no such copy. */
  abortCopy(bucket: string, toKey: string, uploadId: string): Promise<void>;
  /** Copies that are open to keys with this prefix, in the order of their keys. */
  pendingCopies(bucket: string, prefix: string): AsyncIterable<PendingUpload>;
  /** Puts a text beside the file. */
  putText(bucket: string, key: string, text: string, contentType: string): Promise<void>;
  /**
   * Deletes exactly this version: a newer file of the same key stays. Without a version id the object is known by its
   * ETag alone.
   *
   * @returns false when the store refuses it: an object lock, or a policy. True also when the object is gone already
   */
  delete(source: PinnedObject): Promise<boolean>;
}

/** Bytes of the source that are one part of a copy. */
export interface CopyPart {
  /** From 1. */
  readonly number: number;
  readonly start: number;
  /** First byte after the part. */
  readonly end: number;
}
