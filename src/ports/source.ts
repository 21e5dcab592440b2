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

/** Reads incoming files. */
export interface SourceStore {
  /** Looks up the version, or the newest one without `versionId`. Undefined when there is none. */
  head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<PinnedObject | undefined>;
  /** Reads of the returned source reject with `SourceChangedError` once the object is no longer the pinned one. */
  open(source: PinnedObject): ByteSource;
}

/** Moves a file away when its job has ended. */
export interface SourceMover {
  /** False when the pinned object does not exist any more. */
  copy(source: PinnedObject, toKey: string): Promise<boolean>;
  exists(bucket: string, key: string): Promise<boolean>;
  /** Puts a text beside the file. */
  putText(bucket: string, key: string, text: string, contentType: string): Promise<void>;
  /** Deletes exactly this version: a newer file of the same key stays. Resolves also when it is gone already. */
  delete(source: PinnedObject): Promise<void>;
}
