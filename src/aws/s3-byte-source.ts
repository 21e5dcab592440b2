import { Readable } from 'node:stream';
import { GetObjectCommand, GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { hasStatus, quoted } from './s3-errors';
import { ByteSource } from '../engine/io/byte-source';
import { PinnedObject } from '../ports/source';
import { SourceChangedError } from '../ports/source-changed';

/** How often one read is tried. The SDK retries requests, but not a body that breaks off after the answer has begun. */
const MAX_TRIES = 3;

class BrokenOffError extends Error {}

/** One object, pinned by ETag and version. A read rejects when the object is no longer that one. */
export class S3ByteSource implements ByteSource {
  readonly size: number;

  constructor(private readonly s3: S3Client, private readonly source: PinnedObject) {
    this.size = source.sizeBytes;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    if (end <= start) return new Uint8Array(0);
    for (let tries = 1; ; tries++) {
      try {
        return await this.readOnce(start, end);
      } catch (error) {
        if (!(error instanceof BrokenOffError)) throw error;
        if (tries === MAX_TRIES) throw new Error(`${error.message} (${tries} tries)`, { cause: error.cause });
      }
    }
  }

  private async readOnce(start: number, end: number): Promise<Uint8Array> {
    const answer = await this.get(start, end);
    // A server that ignores the range answers 200 with the whole object.
    const expected = `bytes ${start}-${end - 1}/${this.size}`;
    if (answer.$metadata.httpStatusCode !== 206 || answer.ContentRange !== expected) {
      // A body that nobody reads would keep its connection open.
      (answer.Body as Partial<Readable> | undefined)?.destroy?.();
      throw new Error(`expected ${this.source.key} with status 206 and range ${expected}, got ${answer.$metadata.httpStatusCode} and ${answer.ContentRange}`);
    }
    const expectation = `expected ${end - start} bytes of ${this.source.key} from ${start} on`;
    const bytes = Buffer.allocUnsafeSlow(end - start);
    const length = await fill(bytes, answer.Body as unknown as AsyncIterable<Uint8Array>).catch((cause: unknown) => {
      throw new BrokenOffError(`${expectation}, got ${String(cause)}`, { cause });
    });
    if (length !== bytes.length) throw new BrokenOffError(`${expectation}, got ${length}`);
    return bytes;
  }

  private async get(start: number, end: number): Promise<GetObjectCommandOutput> {
    const { bucket, key, versionId, etag } = this.source;
    try {
      return await this.s3.send(new GetObjectCommand({
        Bucket: bucket, Key: key, VersionId: versionId, IfMatch: etag === '' ? undefined : quoted(etag), Range: `bytes=${start}-${end - 1}`,
      }));
    } catch (error) {
      if (hasStatus(error, 404)) throw new SourceChangedError(this.source, 'none: the object is gone');
      if (hasStatus(error, 412, 416)) throw new SourceChangedError(this.source, 'another object in its place');
      throw error;
    }
  }
}

/**
 * Reads a body into the buffer. The SDK's own collector would hold the body in memory twice.
 *
 * @returns the body's length, also if it is longer than the buffer: pieces that do not fit are dropped
 */
async function fill(bytes: Buffer, body: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const piece of body) {
    if (length + piece.length <= bytes.length) bytes.set(piece, length);
    length += piece.length;
  }
  return length;
}
