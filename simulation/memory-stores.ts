/** The stores of a pipeline over buckets in memory. */
import { MemoryBucket, ObjectVersion, Part, S3Refusal } from './memory-bucket';
import { KnownPart, UploadedPart } from '../src/contract/job-item';
import { ByteSource } from '../src/engine/io/byte-source';
import { JobObjects } from '../src/ports/job-objects';
import { ObjectAttributes, ObjectMetadata, SweptOutput } from '../src/ports/output';
import { PendingUpload } from '../src/ports/pending-upload';
import { CopyPart, FoundObject, PinnedObject, SourceMover, SweptSource } from '../src/ports/source';
import { SourceChangedError } from '../src/ports/source-changed';
import { UploadGoneError } from '../src/ports/upload-gone';

/** Small, so that a line or a character often lies in two pieces. */
const PIECE_BYTES = 7;

const GIB = 1024 ** 3;

/** In the region there may be several buckets. */
export type Buckets = readonly MemoryBucket[];

export class MemoryOutputStore implements SweptOutput {
  constructor(private readonly bucket: MemoryBucket, private readonly readPieceBytes = PIECE_BYTES) {}

  get bucketName(): string {
    return this.bucket.name;
  }

  async getJson<T>(key: string): Promise<T> {
    return JSON.parse(this.get(key).bytes.toString()) as T;
  }

  async put(key: string, body: Uint8Array | string, contentType: string): Promise<void> {
    this.bucket.put(key, body, { contentType });
  }

  async* read(key: string): AsyncIterable<Uint8Array> {
    const { bytes } = this.get(key);
    for (let from = 0; from < bytes.length; from += this.readPieceBytes) yield Buffer.from(bytes.subarray(from, from + this.readPieceBytes));
  }

  async pin(key: string): Promise<PinnedObject> {
    return pinOf(this.bucket, this.get(key));
  }

  ranges(key: string, sizeBytes: number): ByteSource {
    return byteSourceOf(this.bucket, { bucket: this.bucket.name, key, sizeBytes, etag: '', lastModified: '' });
  }

  async metadata(key: string): Promise<ObjectMetadata | undefined> {
    const found = this.bucket.head(key);
    return found && (found.metadata ?? {});
  }

  async openUpload(key: string, attributes: ObjectAttributes): Promise<string> {
    return this.bucket.openUpload(key, attributes);
  }

  async uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    try {
      return this.bucket.uploadPart(key, uploadId, number, body);
    } catch (error) {
      throw error instanceof S3Refusal && isNoSuchUpload(error) ? new UploadGoneError(key) : error;
    }
  }

  async completeUpload(key: string, uploadId: string, parts: readonly KnownPart[]): Promise<boolean> {
    return unlessRefused(() => this.bucket.completeUpload(key, uploadId, parts), isNoSuchUpload);
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    unlessRefused(() => this.bucket.abortUpload(key, uploadId), isNoSuchUpload);
  }

  pendingUploads(prefix: string): AsyncIterable<PendingUpload> {
    return pendingUploads(this.bucket, prefix);
  }

  private get(key: string): ObjectVersion {
    const found = this.bucket.head(key);
    if (found === undefined) throw new Error(`expected an object ${key} in bucket ${this.bucket.name}, got none`);
    return found;
  }
}

export class MemoryJobObjects implements JobObjects {
  constructor(private readonly bucket: MemoryBucket) {}

  async text(key: string): Promise<string | undefined> {
    return this.bucket.head(key)?.bytes.toString();
  }

  async has(key: string): Promise<boolean> {
    return this.bucket.head(key) !== undefined;
  }

  async link(key: string, seconds: number): Promise<string> {
    return `https://${this.bucket.name}.example.com/${key}?expires=${seconds}`;
  }
}

export class MemorySourceStore implements SweptSource {
  constructor(private readonly buckets: Buckets) {}

  async head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<FoundObject | undefined> {
    return headOf(this.buckets, object);
  }

  open(source: PinnedObject): ByteSource {
    return byteSourceOf(bucketOf(this.buckets, source.bucket), source);
  }

  async* list(bucketName: string, prefix: string): AsyncIterable<PinnedObject> {
    const bucket = bucketOf(this.buckets, bucketName);
    for (const version of bucket.list(prefix)) {
      yield pinOf(bucket, version, version.versionId === 'null' ? undefined : version.versionId);
    }
  }
}

export class MemorySourceMover implements SourceMover {
  /** S3's own limit, where nothing else is said. */
  constructor(private readonly buckets: Buckets, readonly largestCopy = 5 * GIB, readonly copyPartSize = GIB / 2) {}

  async head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<FoundObject | undefined> {
    return headOf(this.buckets, object);
  }

  async copy(source: PinnedObject, toKey: string): Promise<boolean> {
    return unlessRefused(() => this.bucket(source.bucket).copy(source.key, whichOf(source), toKey), isGone);
  }

  async openCopy(source: PinnedObject, toKey: string): Promise<string | undefined> {
    const bucket = this.bucket(source.bucket);
    const found = bucket.head(source.key, source.versionId);
    return found?.etag === source.etag ? bucket.openUpload(toKey, { contentType: found.contentType, metadata: found.metadata }) : undefined;
  }

  async copiedParts(bucket: string, toKey: string, uploadId: string): Promise<readonly UploadedPart[] | undefined> {
    let parts: Part[] | undefined;
    unlessRefused(() => { parts = this.bucket(bucket).parts(toKey, uploadId); }, isNoSuchUpload);
    return parts;
  }

  async copyPart(source: PinnedObject, toKey: string, uploadId: string, part: CopyPart): Promise<UploadedPart | undefined> {
    let copied: Part | undefined;
    unlessRefused(() => {
      copied = this.bucket(source.bucket).copyPart({ key: source.key, ...whichOf(source) }, toKey, uploadId, part);
    }, isGone);
    return copied;
  }

  async completeCopy(bucket: string, toKey: string, uploadId: string, parts: readonly UploadedPart[]): Promise<boolean> {
    return unlessRefused(() => this.bucket(bucket).completeUpload(toKey, uploadId, parts), isNoSuchUpload);
  }

  async abortCopy(bucket: string, toKey: string, uploadId: string): Promise<void> {
    unlessRefused(() => this.bucket(bucket).abortUpload(toKey, uploadId), isNoSuchUpload);
  }

  pendingCopies(bucket: string, prefix: string): AsyncIterable<PendingUpload> {
    return pendingUploads(this.bucket(bucket), prefix);
  }

  async putText(bucket: string, key: string, text: string, contentType: string): Promise<void> {
    this.bucket(bucket).put(key, text, { contentType });
  }

  async delete(source: PinnedObject): Promise<boolean> {
    const which = source.versionId === undefined ? { ifMatch: source.etag } : { versionId: source.versionId };
    const bucket = this.bucket(source.bucket);
    let isRefused = false;
    unlessRefused(() => bucket.delete(source.key, which), (refusal) => isGone(refusal) || (isRefused = refusal.status === 403));
    return !isRefused;
  }

  private bucket(name: string): MemoryBucket {
    return bucketOf(this.buckets, name);
  }
}

function bucketOf(buckets: Buckets, name: string): MemoryBucket {
  const bucket = buckets.find((one) => one.name === name);
  if (bucket === undefined) throw new Error(`expected one of the buckets ${buckets.map((one) => one.name).join(', ')}, got ${name}`);
  return bucket;
}

function headOf(buckets: Buckets, { bucket: name, key, versionId }: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): FoundObject | undefined {
  const bucket = bucketOf(buckets, name);
  const found = bucket.head(key, versionId);
  return found && { ...pinOf(bucket, found, versionId), foundVersion: found.versionId === 'null' ? undefined : found.versionId };
}

function pinOf(bucket: MemoryBucket, { key, etag, bytes, lastModified }: ObjectVersion, versionId?: string): PinnedObject {
  return { bucket: bucket.name, key, versionId, etag, sizeBytes: bytes.length, lastModified: lastModified.toISOString() };
}

function whichOf({ versionId, etag }: PinnedObject) {
  return { versionId, ifMatch: etag };
}

function byteSourceOf(bucket: MemoryBucket, source: PinnedObject): ByteSource {
  return {
    size: source.sizeBytes,
    read: async (start, end) => {
      if (end <= start) return new Uint8Array(0);
      const found = bucket.head(source.key, source.versionId);
      if (found === undefined) throw new SourceChangedError(source, 'none: the object is gone');
      if ((source.etag !== '' && found.etag !== source.etag) || start >= found.bytes.length) {
        throw new SourceChangedError(source, 'another object in its place');
      }
      if (end > found.bytes.length) throw new Error(`expected bytes ${start} to ${end} of ${source.key}, got an end at ${found.bytes.length}`);
      return Buffer.from(found.bytes.subarray(start, end));
    },
  };
}

async function* pendingUploads(bucket: MemoryBucket, prefix: string): AsyncIterable<PendingUpload> {
  for (const { key, uploadId, startedAt } of bucket.openUploads(prefix)) yield { key, uploadId, startedAt: startedAt.getTime() };
}

/** False when the bucket refuses the request so. */
function unlessRefused(request: () => unknown, so: (refusal: S3Refusal) => boolean): boolean {
  try {
    request();
    return true;
  } catch (error) {
    if (error instanceof S3Refusal && so(error)) return false;
    throw error;
  }
}

const isNoSuchUpload = ({ code }: S3Refusal): boolean => code === 'NoSuchUpload';
/** A missing upload is a 404, too, but says nothing about the source. */
const isGone = (refusal: S3Refusal): boolean => (refusal.status === 404 || refusal.status === 412) && !isNoSuchUpload(refusal);
