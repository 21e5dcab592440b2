/**
 * A bucket of S3 in memory, with the semantics that a job depends on: several versions of a key, delete markers,
 * versioning that is off, on or suspended, multipart uploads, conditional reads. What it does is held by the same
 * suites that the real clients pass, see test/ports. Requests take place at once: who wants crashes and delays between
 * them puts those around the stores.
 */
import { createHash } from 'node:crypto';

export type Versioning = 'Unversioned' | 'Enabled' | 'Suspended';

const MIB = 1024 * 1024;
const MINUTE = 60_000;

export interface MemoryBucketProps {
  readonly name: string;
  readonly now: () => Date;
  /** Default: Unversioned. */
  readonly versioning?: Versioning;
  /** How long a Complete that comes again is answered as the first one was. Default: 10 minutes. */
  readonly completeAgainMs?: number;
  /** What version ids begin with. Default: `version-`. Those of two buckets must differ where one is replicated to the other. */
  readonly versionPrefix?: string;
  /** Told of each version that is made here, and of none that a replication brings. */
  readonly onVersion?: (version: ObjectVersion) => void;
  /** Of every part but the last. Default: 5 MiB, as S3 demands; less where files are small. */
  readonly smallestPartBytes?: number;
}

export interface Attributes {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectVersion extends Attributes {
  readonly key: string;
  /** `null` for an object that was put while the bucket had no versioning, or has none any more. */
  readonly versionId: string;
  readonly bytes: Buffer;
  /** Without quotes. Of the bytes alone: the same ones have the same ETag, whenever they were put. */
  readonly etag: string;
  /** In seconds, as S3 tells it. */
  readonly lastModified: Date;
}

export interface Part {
  readonly number: number;
  /** In quotes, as S3 gives it. */
  readonly etag: string;
  readonly size: number;
}

/** Bytes of a source that are one part of a copy: `end` is the first one after them. */
export interface PartRange {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAt: Date;
}

interface DeleteMarker {
  readonly key: string;
  readonly versionId: string;
  readonly bytes?: undefined;
}

interface Upload extends OpenUpload {
  readonly attributes: Attributes;
  readonly parts: Map<number, Part & { readonly bytes: Buffer }>;
  completedAt?: number;
}

/** An answer of S3 that is an error. */
export class S3Refusal extends Error {
  constructor(readonly status: 400 | 403 | 404 | 412, readonly code: string, what: string) {
    super(`${code}: ${what}`);
    this.name = 'S3Refusal';
  }
}

/** Which object a request is about: the newest version, or this one, and only if it has this ETag. */
export interface Which {
  readonly versionId?: string;
  readonly ifMatch?: string;
}

const NO_VERSION = 'null';

export class MemoryBucket {
  readonly name: string;
  /** May be changed at any time, as a bucket's owner may; but what has been versioned cannot be unversioned again. */
  versioning: Versioning;
  /** Newest first. */
  private readonly versions = new Map<string, Array<ObjectVersion | DeleteMarker>>();
  private readonly uploads = new Map<string, Upload>();
  private readonly locked = new Set<string>();
  private versionCount = 0;
  private uploadCount = 0;

  constructor(private readonly props: MemoryBucketProps) {
    this.name = props.name;
    this.versioning = props.versioning ?? 'Unversioned';
  }

  put(key: string, body: Uint8Array | string, attributes: Attributes = {}): ObjectVersion {
    const bytes = Buffer.from(body);
    return this.add(key, bytes, md5(bytes).toString('hex'), this.props.now(), attributes);
  }

  /** A version of another bucket, under its id: replication. It is the newest one unless a later one is there. */
  receive(version: ObjectVersion): void {
    const versions = this.versionsOf(version.key);
    if (versions.some(({ versionId }) => versionId === version.versionId)) return;
    const older = versions.findIndex((one) => one.bytes === undefined || one.lastModified <= version.lastModified);
    versions.splice(older === -1 ? versions.length : older, 0, version);
  }

  /** Undefined when there is none, or when it is a delete marker. */
  head(key: string, versionId?: string): ObjectVersion | undefined {
    const versions = this.versions.get(key) ?? [];
    const found = versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
    return found?.bytes === undefined ? undefined : found;
  }

  /** @throws S3Refusal 404 there is none, 412 it has another ETag */
  get(key: string, { versionId, ifMatch }: Which = {}): ObjectVersion {
    const found = this.head(key, versionId);
    if (found === undefined) throw new S3Refusal(404, versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion', key);
    if (ifMatch !== undefined && found.etag !== ifMatch) throw new S3Refusal(412, 'PreconditionFailed', key);
    return found;
  }

  /**
   * Without a version id the newest version is removed where there are no versions, and else hidden by a delete marker.
   *
   * @throws S3Refusal 403 a locked version would be removed; 404 and 412 as of `get`, with `ifMatch` only
   */
  delete(key: string, { versionId, ifMatch }: Which = {}): void {
    if (ifMatch !== undefined) this.get(key, { versionId, ifMatch });
    if (versionId !== undefined) return this.remove(key, versionId);
    if (this.versioning !== 'Enabled') this.remove(key, NO_VERSION);
    if (this.versioning === 'Unversioned' || this.versions.get(key) === undefined) return;
    this.versionsOf(key).unshift({ key, versionId: this.newVersionId() });
  }

  /** The ETag is that of the bytes put at once, also of an object that was uploaded by parts. */
  copy(key: string, which: Which, toKey: string): ObjectVersion {
    const { bytes, contentType, metadata } = this.get(key, which);
    return this.put(toKey, bytes, { contentType, metadata });
  }

  /** From now on this version cannot be removed: an object lock. It may be hidden, or get a successor. */
  lock(key: string, versionId = NO_VERSION): void {
    this.locked.add(`${key}\0${versionId}`);
  }

  /** The newest version of each key, in the order of keys. */
  list(prefix = ''): ObjectVersion[] {
    return this.allKeys(prefix).flatMap((key) => this.head(key) ?? []);
  }

  /** Of the objects that `list` gives. */
  keys(prefix = ''): string[] {
    return this.list(prefix).map(({ key }) => key);
  }

  /** Of the newest version. Undefined when there is none. */
  text(key: string): string | undefined {
    return this.head(key)?.bytes.toString();
  }

  /** All versions, delete markers left out, in the order of keys and newest first. */
  allVersions(prefix = ''): ObjectVersion[] {
    return this.allKeys(prefix).flatMap((key) => this.versions.get(key)!.filter((version) => version.bytes !== undefined));
  }

  openUpload(key: string, attributes: Attributes = {}): string {
    const uploadId = `upload-${++this.uploadCount}-of-${this.name}`;
    this.uploads.set(uploadId, { key, uploadId, startedAt: this.props.now(), attributes, parts: new Map() });
    return uploadId;
  }

  /** A part that comes again takes the place of the first. */
  uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Part {
    const bytes = Buffer.from(body);
    const part = { number, etag: `"${md5(bytes).toString('hex')}"`, size: bytes.length, bytes };
    this.openOf(key, uploadId).parts.set(number, part);
    return { number, etag: part.etag, size: part.size };
  }

  copyPart(source: Which & { readonly key: string }, toKey: string, uploadId: string, { number, start, end }: PartRange): Part {
    this.openOf(toKey, uploadId);
    const { bytes } = this.get(source.key, source);
    if (end > bytes.length) throw new S3Refusal(400, 'InvalidRange', `bytes ${start} to ${end} of ${source.key}, which has ${bytes.length}`);
    return this.uploadPart(toKey, uploadId, number, bytes.subarray(start, end));
  }

  /** In the order of their numbers. */
  parts(key: string, uploadId: string): Part[] {
    const parts = [...this.openOf(key, uploadId).parts.values()].sort((a, b) => a.number - b.number);
    return parts.map(({ number, etag, size }) => ({ number, etag, size }));
  }

  /**
   * The object appears. It was last modified when its upload was opened, not now.
   *
   * @throws S3Refusal 404 NoSuchUpload it was aborted, or completed too long ago; 400 these are not its parts
   */
  completeUpload(key: string, uploadId: string, parts: ReadonlyArray<Pick<Part, 'number' | 'etag'>>): void {
    const upload = this.uploads.get(uploadId);
    const now = this.props.now().getTime();
    if (upload?.key === key && upload.completedAt !== undefined && now < upload.completedAt + (this.props.completeAgainMs ?? 10 * MINUTE)) return;
    const { startedAt, attributes } = this.openOf(key, uploadId);
    const chosen = parts.map(({ number, etag }) => {
      const part = upload?.parts.get(number);
      if (part?.etag !== etag) throw new S3Refusal(400, 'InvalidPart', `part ${number} of ${key}`);
      return part;
    });
    if (chosen.length === 0) throw new S3Refusal(400, 'MalformedXML', `no parts for ${key}`);
    if (chosen.some(({ number }, index) => index > 0 && number <= chosen[index - 1].number)) throw new S3Refusal(400, 'InvalidPartOrder', key);
    const smallest = this.props.smallestPartBytes ?? 5 * MIB;
    const small = chosen.slice(0, -1).find(({ size }) => size < smallest);
    if (small !== undefined) throw new S3Refusal(400, 'EntityTooSmall', `part ${small.number} of ${key} has ${small.size} bytes`);
    const etag = `${md5(Buffer.concat(chosen.map(({ bytes }) => md5(bytes)))).toString('hex')}-${chosen.length}`;
    this.add(key, Buffer.concat(chosen.map(({ bytes }) => bytes)), etag, startedAt, attributes);
    upload!.completedAt = now;
    upload!.parts.clear();
  }

  /** @throws S3Refusal 404 NoSuchUpload */
  abortUpload(key: string, uploadId: string): void {
    this.openOf(key, uploadId);
    this.uploads.delete(uploadId);
  }

  /** A lifecycle rule of the bucket: aborts the uploads that were opened before. */
  expireUploads(openedBefore: Date): void {
    for (const { uploadId, startedAt } of this.openUploads()) if (startedAt < openedBefore) this.uploads.delete(uploadId);
  }

  /** A lifecycle rule of the bucket: all versions of these keys are gone, and their delete markers. */
  expire(prefix = ''): void {
    for (const key of this.allKeys(prefix)) this.versions.delete(key);
  }

  /** In the order of keys, those of one key oldest first. */
  openUploads(prefix = ''): OpenUpload[] {
    const open = [...this.uploads.values()].filter(({ key, completedAt }) => completedAt === undefined && key.startsWith(prefix));
    return open.sort((a, b) => compareKeys(a.key, b.key) || a.startedAt.getTime() - b.startedAt.getTime());
  }

  private add(key: string, bytes: Buffer, etag: string, at: Date, { contentType, metadata }: Attributes): ObjectVersion {
    const lastModified = new Date(Math.floor(at.getTime() / 1000) * 1000);
    if (this.versioning !== 'Enabled') this.forget(key, NO_VERSION);
    const version = { key, versionId: this.newVersionId(), bytes, etag, lastModified, contentType, metadata };
    this.versionsOf(key).unshift(version);
    this.props.onVersion?.(version);
    return version;
  }

  private newVersionId(): string {
    return this.versioning === 'Enabled' ? `${this.props.versionPrefix ?? 'version-'}${++this.versionCount}` : NO_VERSION;
  }

  private versionsOf(key: string): Array<ObjectVersion | DeleteMarker> {
    const versions = this.versions.get(key) ?? [];
    this.versions.set(key, versions);
    return versions;
  }

  private remove(key: string, versionId: string): void {
    if (this.locked.has(`${key}\0${versionId}`)) throw new S3Refusal(403, 'AccessDenied', `${key} is locked`);
    this.forget(key, versionId);
  }

  private forget(key: string, versionId: string): void {
    const left = (this.versions.get(key) ?? []).filter((version) => version.versionId !== versionId);
    if (left.length > 0) this.versions.set(key, left);
    else this.versions.delete(key);
  }

  private allKeys(prefix: string): string[] {
    return [...this.versions.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
  }

  private openOf(key: string, uploadId: string): Upload {
    const upload = this.uploads.get(uploadId);
    if (upload === undefined || upload.key !== key || upload.completedAt !== undefined) throw new S3Refusal(404, 'NoSuchUpload', `${uploadId} of ${key}`);
    return upload;
  }
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

/** By the bytes of their UTF-8. */
function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
