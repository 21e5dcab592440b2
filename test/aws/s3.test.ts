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
  return { s3: { send } as unknown as S3Client, sent };
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

describe('moving the source', () => {
  const ENCODED = 'b/incoming/a%20b%2B50%25%C3%A4.csv?versionId=v1';

  test('copies the pinned version, its key encoded', async () => {
    const { s3, sent } = fakeS3({});
    expect(await new S3SourceMover(s3).copy(PIN, 'processed/x')).toBe(true);
    expect(sent).toEqual([{ name: 'CopyObject', input: { Bucket: 'b', Key: 'processed/x', CopySource: ENCODED, CopySourceIfMatch: '"abc"' } }]);
  });

  test('copies a large object by parts, with its type and metadata', async () => {
    const { s3, sent } = fakeS3({
      HeadObject: () => ({ ContentType: 'text/csv', Metadata: { sender: 'bank' } }),
      CreateMultipartUpload: () => ({ UploadId: 'u' }),
      UploadPartCopy: ({ PartNumber }) => ({ CopyPartResult: { ETag: `e${PartNumber}` } }),
    });
    const sizeBytes = 1200 * 1024 * 1024;
    expect(await new S3SourceMover(s3, 1024 ** 3).copy({ ...PIN, sizeBytes }, 'processed/x')).toBe(true);
    const named = (name: string) => sent.filter((command) => command.name === name).map(({ input }) => input);
    expect(named('CreateMultipartUpload')).toMatchObject([{ ContentType: 'text/csv', Metadata: { sender: 'bank' } }]);
    expect(named('UploadPartCopy').map((input) => [input.PartNumber, input.CopySource, input.CopySourceIfMatch, input.CopySourceRange])).toEqual([
      [1, ENCODED, '"abc"', 'bytes=0-536870911'],
      [2, ENCODED, '"abc"', 'bytes=536870912-1073741823'],
      [3, ENCODED, '"abc"', `bytes=1073741824-${sizeBytes - 1}`],
    ]);
    expect(named('CompleteMultipartUpload')).toMatchObject([{ UploadId: 'u', MultipartUpload: { Parts: [1, 2, 3].map((number) => ({ PartNumber: number, ETag: `e${number}` })) } }]);
  });

  test.each([404, 412])('finds the source gone when the copy is answered by %d', async (status) => {
    expect(await new S3SourceMover(fakeS3({ CopyObject: refusal(status) }).s3).copy(PIN, 'processed/x')).toBe(false);
  });

  test('a copy by parts whose upload is gone is a failure, and an abort that fails does not hide it', async () => {
    const { s3 } = fakeS3({
      CreateMultipartUpload: () => ({ UploadId: 'u' }),
      UploadPartCopy: refusal(404, 'NoSuchUpload'),
      AbortMultipartUpload: refusal(500, 'InternalError'),
    });
    await expect(new S3SourceMover(s3, 10).copy(PIN, 'processed/x')).rejects.toThrow('NoSuchUpload');
  });

  test('deletes the version; without versions, only the object that was copied', async () => {
    const { s3, sent } = fakeS3({});
    await new S3SourceMover(s3).delete(PIN);
    await new S3SourceMover(s3).delete({ ...PIN, versionId: undefined });
    expect(sent.map(({ input }) => input)).toEqual([
      { Bucket: 'b', Key: PIN.key, VersionId: 'v1' },
      { Bucket: 'b', Key: PIN.key, IfMatch: '"abc"' },
    ]);
    await expect(new S3SourceMover(fakeS3({ DeleteObject: refusal(412) }).s3).delete(PIN)).resolves.toBeUndefined();
  });
});

describe('the output bucket', () => {
  const store = (answers: Parameters<typeof fakeS3>[0]) => new S3OutputStore(fakeS3(answers).s3, 'out');

  test('a key that exists is not written again', async () => {
    expect(await store({}).putIfAbsent('k', '{}', 'application/json')).toBe(true);
    expect(await store({ PutObject: refusal(412) }).putIfAbsent('k', '{}', 'application/json')).toBe(false);
    await expect(store({ PutObject: refusal(409) }).putIfAbsent('k', '{}', 'application/json')).rejects.toThrow(S3ServiceException);
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
    await expect(store({ HeadObject: refusal(404) }).pin('k')).rejects.toThrow(S3ServiceException);
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
