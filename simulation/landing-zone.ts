import { MemoryBucket, MemoryBucketProps, Versioning } from './memory-bucket';
import { Random } from './random';
import { Scheduler } from './scheduler';
import { Trace } from './trace';
import { ObjectCreatedEvent } from '../src/contract/payloads';

export const LANDING_BUCKET = 'landing';

/** A file that landed, as it was then. */
export interface LandedFile {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly lastModified: string;
  readonly content: string;
  /** By others than the pipeline: nobody can find these bytes again. */
  wasTakenAway: boolean;
  /** Something else lies in its place, or nothing; it may be the same bytes. */
  wasReplaced: boolean;
}

/** Where partners put their files, and do with them as they like. */
export class LandingZone {
  readonly bucket: MemoryBucket;
  readonly files: LandedFile[] = [];
  /** As of somebody who starts files by hand. */
  private readonly eventsNameNoVersion: boolean;

  constructor(private readonly scheduler: Scheduler, random: Random, private readonly trace: Trace, private readonly versioning: Versioning,
    bucket: Partial<MemoryBucketProps>) {
    this.bucket = new MemoryBucket({ name: LANDING_BUCKET, versioning, now: () => new Date(scheduler.now), ...bucket });
    // Where the bucket is replicated the version is what tells that it is the same file.
    this.eventsNameNoVersion = bucket.name === undefined && random.chance(0.2);
  }

  /** @returns what S3 announces */
  put(key: string, content: string): ObjectCreatedEvent {
    const { versionId, etag, lastModified, bytes: { length: size } } = this.bucket.put(key, content);
    this.trace.add('partner', `puts ${key} (${size} bytes, ETag ${etag}, version ${versionId})`);
    for (const file of this.files.filter((one) => one.key === key)) {
      const staysReadable = this.versioning === 'Enabled';
      if (!staysReadable || this.eventsNameNoVersion) file.wasReplaced = true;
      if (!staysReadable && file.content !== content) file.wasTakenAway = true;
    }
    this.files.push({ key, versionId, etag, lastModified: lastModified.toISOString(), content, wasTakenAway: false, wasReplaced: false });
    const version = this.versioning === 'Unversioned' || this.eventsNameNoVersion ? {} : { 'version-id': versionId };
    return {
      time: new Date(this.scheduler.now).toISOString(),
      detail: { bucket: { name: this.bucket.name }, object: { key, size, etag, ...version } },
    };
  }

  takeAway(key: string): void {
    this.trace.add('partner', `deletes ${key}`);
    this.bucket.delete(key);
    for (const file of this.files) if (file.key === key) file.wasTakenAway = file.wasReplaced = true;
  }

  /** See `WatchedSourceMover`. */
  deletedLate(key: string): void {
    this.trace.add('S3', `deletes another file of the same bytes, ${key}`);
    for (const file of this.files) if (file.key === key) file.wasReplaced = true;
  }
}
