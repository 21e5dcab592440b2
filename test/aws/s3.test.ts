import { Readable } from 'node:stream';
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { S3OutputStore } from '../../src/aws/output-store.s3';
import { S3SourceMover } from '../../src/aws/source-mover.s3';
import { S3SourceStore } from '../../src/aws/source-store.s3';
import { PinnedObject } from '../../src/ports/source';
import { SourceChangedError } from '../../src/ports/source-changed';

type Sent = { readonly name: string; readonly input: Record<string, unknown> };

/** Answers each command by its name, and keeps what was sent. */
function fakeS3(answers: Record<string, (input: Record<string, unknown>) => unknown>) {
  const sent: Sent[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    sent.push({ name, input: command.input });
    return answers[name]?.(command.input) ?? {};
  };
  // The SDK's paginators ask what the client is.
  return { s3: Object.assign(Object.create(S3Client.prototype) as S3Client, { send }), sent };
}

function refusal(status: number, name = 'Refused'): () => never {
  return () => {
    throw new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status }, message: name });
  };
}

const PIN: PinnedObject = {
  bucket: 'b',
  key: 'incoming/a b+50%ä.csv',
  versionId: 'v1',
  etag: 'abc',
  sizeBytes: 100,
  lastModified: '2026-01-01T00:00:00.000Z',
};

/** A body that arrives in two pieces. */
async function* body(length: number) {
  const bytes = Buffer.from(Array.from({ length }, (_, index) => index));
  yield bytes.subarray(0, length / 2);
  yield bytes.subarray(length / 2);
}

describe('reads of the source', () => {
  const read = async (GetObject: (input: Record<string, unknown>) => unknown) => new S3SourceStore(fakeS3({ GetObject }).s3).open(PIN).read(10, 20);

  test('ask for a range of the pinned version', async () => {
    const { s3, sent } = fakeS3({ GetObject: () => ({ $metadata: { httpStatusCode: 206 }, ContentRange: 'bytes 10-19/100', Body: body(10) }) });
    expect([...await new S3SourceStore(s3).open(PIN).read(10, 20)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sent).toEqual([{ name: 'GetObject', input: { Bucket: 'b', Key: PIN.key, VersionId: 'v1', IfMatch: '"abc"', Range: 'bytes=10-19' } }]);
  });

  test('refuse the whole object, where the server ignored the range', async () => {
    await expect(read(() => ({ $metadata: { httpStatusCode: 200 }, Body: body(100) }))).rejects.toThrow('with status 206 and range bytes 10-19/100, got 200');
  });

  test('refuse another range, and too few bytes', async () => {
    await expect(read(() => ({ $metadata: { httpStatusCode: 206 }, ContentRange: 'bytes 10-19/99', Body: body(10) }))).rejects.toThrow('got 206 and bytes 10-19/99');
    await expect(read(() => ({ $metadata: { httpStatusCode: 206 }, ContentRange: 'bytes 10-19/100', Body: body(9) }))).rejects.toThrow('expected 10 bytes of incoming/a b+50%ä.csv from 10 on, got 9 (3 tries)');
  });

  test('that break off are tried again', async () => {
    async function* broken() {
      yield* body(5);
      throw new Error('aborted');
    }
    const bodies: unknown[] = [broken(), body(9), body(10)];
    const answer = () => ({ $metadata: { httpStatusCode: 206 }, ContentRange: 'bytes 10-19/100', Body: bodies.shift() });
    expect((await read(answer))[9]).toBe(9);
    bodies.push(broken(), broken(), broken(), body(10));
    await expect(read(answer)).rejects.toThrow('from 10 on, got Error: aborted (3 tries)');
    expect(bodies.length).toBe(1);
  });

  test.each([404, 412, 416])('answered by %d are a changed source', async (status) => {
    await expect(read(refusal(status))).rejects.toThrow(SourceChangedError);
  });

  test.each([403, 500, 503])('answered by %d are a failure that a retry may mend', async (status) => {
    await expect(read(refusal(status))).rejects.toThrow(S3ServiceException);
  });
});

test('the head of an object has its ETag without quotes; a missing one and a deleted version have none', async () => {
  const head = () => ({ ETag: '"abc"', ContentLength: 0, LastModified: new Date(PIN.lastModified) });
  expect(await new S3SourceStore(fakeS3({ HeadObject: head }).s3).head(PIN)).toEqual({ ...PIN, sizeBytes: 0 });
  for (const status of [404, 405]) expect(await new S3SourceStore(fakeS3({ HeadObject: refusal(status) }).s3).head(PIN)).toBeUndefined();
  await expect(new S3SourceStore(fakeS3({ HeadObject: refusal(403) }).s3).head(PIN)).rejects.toThrow(S3ServiceException);
});

test('a listing has the newest versions, page by page, without delete markers and without ids that say nothing', async () => {
  const LastModified = new Date('2026-01-01T00:00:00.500Z');
  const version = (Key: string, VersionId: string, IsLatest: boolean) => ({ Key, VersionId, IsLatest, ETag: `"${VersionId}"`, Size: 1, LastModified });
  const pages: Record<string, object> = {
    '': { Versions: [version('in/a', 'v2', true), version('in/a', 'v1', false)], IsTruncated: true, NextKeyMarker: 'in/a', NextVersionIdMarker: 'v1' },
    'in/a': { Versions: [version('in/b', 'v3', false), version('in/c', 'null', true)], DeleteMarkers: [{ Key: 'in/b', IsLatest: true }] },
  };
  const { s3, sent } = fakeS3({ ListObjectVersions: ({ KeyMarker = '' }) => pages[KeyMarker as string] });
  const found = [];
  for await (const object of new S3SourceStore(s3).list('b', 'in/')) found.push(object);
  const lastModified = '2026-01-01T00:00:00.000Z';
  expect(found).toEqual([
    { bucket: 'b', key: 'in/a', versionId: 'v2', etag: 'v2', sizeBytes: 1, lastModified },
    { bucket: 'b', key: 'in/c', versionId: undefined, etag: 'null', sizeBytes: 1, lastModified },
  ]);
  expect(sent.map(({ input }) => input)).toEqual([
    { Bucket: 'b', Prefix: 'in/' },
    { Bucket: 'b', Prefix: 'in/', KeyMarker: 'in/a', VersionIdMarker: 'v1' },
  ]);
});

describe('moving the source', () => {
  const ENCODED = 'b/incoming/a%20b%2B50%25%C3%A4.csv?versionId=v1';

  test('copies the pinned version, its key encoded', async () => {
    const { s3, sent } = fakeS3({});
    expect(await new S3SourceMover(s3).copy(PIN, 'processed/x')).toBe(true);
    expect(sent).toEqual([{ name: 'CopyObject', input: { Bucket: 'b', Key: 'processed/x', CopySource: ENCODED, CopySourceIfMatch: '"abc"' } }]);
  });

  const HEAD = { ETag: '"abc"', ContentType: 'text/csv', ContentEncoding: 'gzip', Metadata: { sender: 'bank' } };

  test('a copy by parts has the type and the metadata of the source', async () => {
    const { s3, sent } = fakeS3({ HeadObject: () => HEAD, CreateMultipartUpload: () => ({ UploadId: 'u' }) });
    expect(await new S3SourceMover(s3).openCopy(PIN, 'processed/x')).toBe('u');
    expect(sent).toEqual([
      { name: 'HeadObject', input: { Bucket: 'b', Key: PIN.key, VersionId: 'v1' } },
      { name: 'CreateMultipartUpload', input: { Bucket: 'b', Key: 'processed/x', ContentType: 'text/csv', ContentEncoding: 'gzip', Metadata: { sender: 'bank' } } },
    ]);
  });

  test.each<[string, () => unknown]>([
    ['is gone', refusal(404)], ['is a delete marker', refusal(405)], ['is another one', () => ({ ...HEAD, ETag: '"def"' })],
  ])('a copy by parts does not begin where the source %s', async (_, HeadObject) => {
    const { s3, sent } = fakeS3({ HeadObject });
    expect(await new S3SourceMover(s3).openCopy(PIN, 'processed/x')).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  test('a part of a copy is a range of the pinned version, and keeps the ETag that S3 gives', async () => {
    const { s3, sent } = fakeS3({ UploadPartCopy: () => ({ CopyPartResult: { ETag: '"p2"' } }) });
    const part = await new S3SourceMover(s3).copyPart(PIN, 'processed/x', 'u', { number: 2, start: 40, end: 80 });
    expect(part).toEqual({ number: 2, etag: '"p2"', size: 40 });
    expect(sent[0].input).toEqual({
      Bucket: 'b', Key: 'processed/x', UploadId: 'u', PartNumber: 2, CopySource: ENCODED, CopySourceIfMatch: '"abc"', CopySourceRange: 'bytes=40-79',
    });
    expect(await new S3SourceMover(s3).completeCopy('b', 'processed/x', 'u', [part!])).toBe(true);
    expect(sent[1].input).toEqual({ Bucket: 'b', Key: 'processed/x', UploadId: 'u', MultipartUpload: { Parts: [{ PartNumber: 2, ETag: '"p2"' }] } });
  });

  test('the parts that are there are listed, page by page', async () => {
    const pages: Record<string, object> = {
      first: { Parts: [{ PartNumber: 1, ETag: '"p1"', Size: 40 }], IsTruncated: true, NextPartNumberMarker: '1' },
      1: { Parts: [{ PartNumber: 2, ETag: '"p2"', Size: 3 }], IsTruncated: false },
    };
    const { s3, sent } = fakeS3({ ListParts: ({ PartNumberMarker = 'first' }) => pages[PartNumberMarker as string] });
    expect(await new S3SourceMover(s3).copiedParts('b', 'processed/x', 'u')).toEqual([
      { number: 1, etag: '"p1"', size: 40 }, { number: 2, etag: '"p2"', size: 3 },
    ]);
    expect(sent[1].input).toMatchObject({ Bucket: 'b', Key: 'processed/x', UploadId: 'u', PartNumberMarker: '1' });
  });

  test.each([404, 412])('finds the source gone when the copy is answered by %d', async (status) => {
    expect(await new S3SourceMover(fakeS3({ CopyObject: refusal(status) }).s3).copy(PIN, 'processed/x')).toBe(false);
  });

  test.each([404, 412])('finds the source gone when a part of the copy is answered by %d', async (status) => {
    const mover = new S3SourceMover(fakeS3({ UploadPartCopy: refusal(status) }).s3);
    expect(await mover.copyPart(PIN, 'processed/x', 'u', { number: 1, start: 0, end: 9 })).toBeUndefined();
  });

  test('a copy by parts that is gone is told from a source that is', async () => {
    const gone = refusal(404, 'NoSuchUpload');
    const mover = new S3SourceMover(fakeS3({ UploadPartCopy: gone, ListParts: gone, CompleteMultipartUpload: gone, AbortMultipartUpload: gone }).s3);
    await expect(mover.copyPart(PIN, 'processed/x', 'u', { number: 1, start: 0, end: 9 })).rejects.toThrow('NoSuchUpload');
    expect(await mover.copiedParts('b', 'processed/x', 'u')).toBeUndefined();
    expect(await mover.completeCopy('b', 'processed/x', 'u', [])).toBe(false);
    await expect(mover.abortCopy('b', 'processed/x', 'u')).resolves.toBeUndefined();
  });

  test('deletes the version; without versions, only the object that was copied', async () => {
    const { s3, sent } = fakeS3({});
    await new S3SourceMover(s3).delete(PIN);
    await new S3SourceMover(s3).delete({ ...PIN, versionId: undefined });
    expect(sent.map(({ input }) => input)).toEqual([
      { Bucket: 'b', Key: PIN.key, VersionId: 'v1' },
      { Bucket: 'b', Key: PIN.key, IfMatch: '"abc"' },
    ]);
  });

  test.each([[404, true], [412, true], [403, false]])('a deletion that is answered by %d is done: %s', async (status, isDone) => {
    expect(await new S3SourceMover(fakeS3({}).s3).delete(PIN)).toBe(true);
    expect(await new S3SourceMover(fakeS3({ DeleteObject: refusal(status) }).s3).delete(PIN)).toBe(isDone);
    await expect(new S3SourceMover(fakeS3({ DeleteObject: refusal(500) }).s3).delete(PIN)).rejects.toThrow(S3ServiceException);
  });
});

describe('the output bucket', () => {
  const store = (answers: Parameters<typeof fakeS3>[0]) => new S3OutputStore(fakeS3(answers).s3, 'out');

  test('uploads that are open are listed, page by page', async () => {
    const Initiated = new Date('2026-01-01T00:00:00.000Z');
    const pages: Record<string, object> = {
      '': { Uploads: [{ Key: 'a', UploadId: 'u1', Initiated }], IsTruncated: true, NextKeyMarker: 'a', NextUploadIdMarker: 'u1' },
      'u1': { Uploads: [{ Key: 'a', UploadId: 'u2', Initiated }] },
    };
    const { s3, sent } = fakeS3({ ListMultipartUploads: ({ UploadIdMarker = '' }) => pages[UploadIdMarker as string] });
    const found = [];
    for await (const upload of new S3OutputStore(s3, 'out').pendingUploads('output/')) found.push(upload);
    expect(found).toEqual(['u1', 'u2'].map((uploadId) => ({ key: 'a', uploadId, startedAt: Initiated.getTime() })));
    expect(sent[1].input).toEqual({ Bucket: 'out', Prefix: 'output/', KeyMarker: 'a', UploadIdMarker: 'u1' });
  });

  test('an upload that is gone is told from one that fails', async () => {
    expect(await store({ CompleteMultipartUpload: refusal(404, 'NoSuchUpload') }).completeUpload('k', 'u', [])).toBe(false);
    await expect(store({ CompleteMultipartUpload: refusal(404, 'NoSuchBucket') }).completeUpload('k', 'u', [])).rejects.toThrow('NoSuchBucket');
    await expect(store({ AbortMultipartUpload: refusal(404, 'NoSuchUpload') }).abortUpload('k', 'u')).resolves.toBeUndefined();
  });

  test('an object is pinned by its ETag, as a source store reads it', async () => {
    const { s3, sent } = fakeS3({
      HeadObject: () => ({ ETag: '"e"', ContentLength: 20, LastModified: new Date(PIN.lastModified), VersionId: 'v' }),
      GetObject: () => ({ $metadata: { httpStatusCode: 206 }, ContentRange: 'bytes 10-19/20', Body: body(10) }),
    });
    const pinned = await new S3OutputStore(s3, 'out').pin('work/staged-1');
    expect(pinned).toEqual({ bucket: 'out', key: 'work/staged-1', etag: 'e', sizeBytes: 20, lastModified: PIN.lastModified });
    expect((await new S3SourceStore(s3).open(pinned).read(10, 20)).length).toBe(10);
    expect(sent.at(-1)!.input).toMatchObject({ Bucket: 'out', Key: 'work/staged-1', IfMatch: '"e"', Range: 'bytes=10-19' });
    await expect(store({ HeadObject: refusal(404) }).pin('k')).rejects.toThrow('expected an object k in bucket out, got none');
  });

  test('uploads carry a checksum of the whole object', async () => {
    const { s3, sent } = fakeS3({ CreateMultipartUpload: () => ({ UploadId: 'u' }), UploadPart: () => ({ ETag: '"e1"' }) });
    const target = new S3OutputStore(s3, 'out');
    const uploadId = await target.openUpload('k', { contentType: 'application/x-ndjson', metadata: { 'job-id': 'j' } });
    const part = await target.uploadPart('k', uploadId, 1, Buffer.from('abc'));
    await target.completeUpload('k', uploadId, [part]);
    expect(sent).toMatchObject([
      { input: { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT', Metadata: { 'job-id': 'j' } } },
      { input: { ChecksumAlgorithm: 'CRC32', PartNumber: 1 } },
      { input: { ChecksumType: 'FULL_OBJECT', MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"e1"' }] } } },
    ]);
  });

  test('the signature of a part covers its CRC32, not its SHA-256', async () => {
    const headers: Array<Record<string, string>> = [];
    const requestHandler = {
      handle: async (request: { headers: Record<string, string> }) => {
        headers.push(request.headers);
        return { response: { statusCode: 200, headers: { etag: '"e"' }, body: Readable.from([]) } };
      },
    };
    const s3 = new S3Client({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' }, requestHandler: requestHandler as never });
    await new S3OutputStore(s3, 'out').uploadPart('k', 'u', 1, Buffer.from('123456789'));
    expect(headers).toMatchObject([{ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-checksum-crc32': 'y/Q5Jg==' }]);
    expect(headers[0].authorization).toMatch(/SignedHeaders=[^,]*x-amz-checksum-crc32/);
  });
});
