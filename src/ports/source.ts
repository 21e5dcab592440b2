import { ByteSource } from '../engine/io/byte-source';

/** One version of one object. Everything that a job reads comes from it. */
export interface PinnedObject {
  readonly bucket: string;
  readonly key: string;
  /** Where the bucket is versioned and the event said which version. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** Reads the files that land. */
export interface SourceStore {
  /** The version (without `versionId`: the newest one); undefined when there is none. */
  head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<PinnedObject | undefined>;
  /** Its reads reject with `SourceChangedError` as soon as the object is no longer the pinned one. */
  open(source: PinnedObject): ByteSource;
}

/** Moves a file away when its job has ended. */
export interface SourceMover {
  /** False when the pinned object is not there any more. */
  copy(source: PinnedObject, toKey: string): Promise<boolean>;
  exists(bucket: string, key: string): Promise<boolean>;
  /** Puts a text beside the file. */
  putText(bucket: string, key: string, text: string, contentType: string): Promise<void>;
  /** Deletes exactly this version: a newer file of the same key stays. Fine when it is gone already. */
  delete(source: PinnedObject): Promise<void>;
}
