/**
 * A small S3 in a process of its own, as slow as a Lambda function's network: limited megabytes a second in each
 * direction, shared by all connections, and a latency before each answer. Path style; holds its objects in memory.
 *
 * Prints its URL when it listens; ends when its standard input does.
 */
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenBucket } from './token-bucket';

/** Bytes that are let through at a time. */
const PIECE = 64 * 1024;

interface Upload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
}

interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** What a refused request is answered with. */
class Refusal extends Error {
  constructor(readonly status: number, readonly code: string) {
    super(code);
  }
}

class LocalS3 {
  private readonly objects = new Map<string, StoredObject>();
  private readonly uploads = new Map<string, Upload>();
  private readonly up: TokenBucket;
  private readonly down: TokenBucket;
  private counter = 0;

  constructor(bytesPerSecond: number, private readonly latencyMs: number) {
    this.up = new TokenBucket(bytesPerSecond);
    this.down = new TokenBucket(bytesPerSecond);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await sleep(this.latencyMs);
      await this.dispatch(request, response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      request.resume();
      response.writeHead(error.status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${error.code}</Code><Message>${error.code}</Message></Error>`);
    }
  }

  private async dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url!, 'http://localhost');
    const key = decodeURIComponent(pathname);
    const uploadId = query.get('uploadId');
    switch (String(request.method)) {
      case 'GET': return this.get(key, request, response);
      case 'PUT': return uploadId === null ? this.put(key, request, response) : this.putPart(uploadId, Number(query.get('partNumber')), request, response);
      case 'POST': return uploadId === null ? this.open(key, response) : this.complete(uploadId, request, response);
      case 'DELETE': return this.abort(uploadId ?? '', response);
      case 'HEAD': return this.head(key, response);
      default: throw new Refusal(405, 'MethodNotAllowed');
    }
  }

  private async get(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { bytes, etag } = this.stored(key);
    if ((request.headers['if-match'] ?? etag) !== etag) throw new Refusal(412, 'PreconditionFailed');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = range === null ? [0, bytes.length] : [Number(range[1]), Math.min(Number(range[2]) + 1, bytes.length)];
    if (start > end) throw new Refusal(416, 'InvalidRange');
    response.writeHead(range === null ? 200 : 206, {
      etag, 'content-length': end - start, ...range !== null && { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` },
    });
    await pipeline(Readable.from(this.throttled(bytes.subarray(start, end))), response).catch((error: NodeJS.ErrnoException) => {
      // The client has gone.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
  }

  private async* throttled(bytes: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      await this.down.take(piece.length);
      yield piece;
    }
  }

  private head(key: string, response: ServerResponse): void {
    const { bytes, etag } = this.stored(key);
    response.writeHead(200, { etag, 'content-length': bytes.length }).end();
  }

  private async put(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const etag = this.newEtag();
    this.objects.set(key, { bytes: await this.body(request), etag });
    response.writeHead(200, { etag }).end();
  }

  private async putPart(uploadId: string, number: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { parts } = this.upload(uploadId);
    parts.set(number, await this.body(request));
    response.writeHead(200, { etag: this.newEtag() }).end();
  }

  private open(key: string, response: ServerResponse): void {
    const uploadId = `upload-${++this.counter}`;
    this.uploads.set(uploadId, { key, parts: new Map() });
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`);
  }

  private async complete(uploadId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { key, parts } = this.upload(uploadId);
    const numbers = [...(await this.body(request)).toString().matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number));
    const etag = this.newEtag();
    this.objects.set(key, { bytes: Buffer.concat(numbers.map((number) => parts.get(number)!)), etag });
    this.uploads.delete(uploadId);
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`);
  }

  private abort(uploadId: string, response: ServerResponse): void {
    this.upload(uploadId);
    this.uploads.delete(uploadId);
    response.writeHead(204).end();
  }

  private stored(key: string): StoredObject {
    const object = this.objects.get(key);
    if (object === undefined) throw new Refusal(404, 'NoSuchKey');
    return object;
  }

  private upload(uploadId: string): Upload {
    const upload = this.uploads.get(uploadId);
    if (upload === undefined) throw new Refusal(404, 'NoSuchUpload');
    return upload;
  }

  private async body(request: IncomingMessage): Promise<Buffer> {
    // Bodies of a known size come as they are; this server does not take the chunks of a signed stream apart.
    if (request.headers['content-encoding'] === 'aws-chunked') throw new Refusal(501, 'NotImplemented');
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) {
      await this.up.take(piece.length);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  private newEtag(): string {
    return `"${(++this.counter).toString(16).padStart(32, '0')}"`;
  }
}

const [, , megabytesPerSecond, latencyMs] = process.argv;
const store = new LocalS3(Number(megabytesPerSecond) * 1e6, Number(latencyMs));
const server = createServer((request, response) => {
  store.answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.stdin.resume().on('end', () => process.exit());
