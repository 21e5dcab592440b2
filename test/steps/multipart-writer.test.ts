import { MemoryBucket } from '../../simulation/memory-bucket';
import { MemoryOutputStore } from '../../simulation/memory-stores';
import { MAX_PARTS_IN_FLIGHT, MultipartWriter, OUTPUT_PART_SIZE } from '../../src/steps/multipart-writer';

const MIB = 1024 * 1024;

function writer(partSize?: number) {
  const bucket = new MemoryBucket({ name: 'output', now: () => new Date(0) });
  const output = new MemoryOutputStore(bucket);
  return { bucket, output, writer: new MultipartWriter(output, 'key', { contentType: 'text/plain', metadata: { 'job-id': 'j' } }, partSize) };
}

test('writes what it was given, in parts of one size and a rest', async () => {
  const { bucket, output, writer: target } = writer(5 * MIB);
  const bytes = Buffer.alloc(12 * MIB, 0).map((_, index) => index % 251);
  for (let from = 0; from < bytes.length; from += 700_001) await target.write(bytes.subarray(from, from + 700_001));
  const upload = await target.leaveOpen();
  expect(upload!.parts.map(({ number, size }) => [number, size])).toEqual([[1, 5 * MIB], [2, 5 * MIB], [3, 2 * MIB]]);
  expect(bucket.keys()).toEqual([]);
  await output.completeUpload('key', upload!.uploadId, upload!.parts);
  expect(bucket.get('key').bytes.equals(bytes)).toBe(true);
});

test('does not keep the caller\'s bytes, which are used again', async () => {
  const { bucket, writer: target } = writer();
  const bytes = Buffer.from('first');
  await target.write(bytes);
  bytes.write('other');
  await target.complete();
  expect(bucket.text('key')).toBe('first');
});

test('opens no upload for nothing', async () => {
  const { bucket, writer: target } = writer();
  await target.write(Buffer.alloc(0));
  expect(await target.leaveOpen()).toBeUndefined();
  expect(bucket.openUploads()).toEqual([]);
});

test('completes small and empty objects without an upload', async () => {
  const { bucket, writer: target } = writer();
  await target.complete();
  expect(bucket.text('key')).toBe('');
});

test('refuses parts that S3 would refuse at the end', async () => {
  const { writer: target } = writer(MIB);
  await target.write(Buffer.alloc(2 * MIB));
  await expect(target.leaveOpen()).rejects.toThrow(`expected parts of at least ${5 * MIB} bytes, got ${MIB} as part 1 of key`);
});

test('says so when an object has no room in one upload', async () => {
  const { bucket, writer: target } = writer(1);
  await target.write(Buffer.alloc(10_000));
  await expect(target.write(Buffer.alloc(2))).rejects.toThrow('expected key to have room in 10000 parts of 1 bytes, got more');
  await target.abort();
  expect(bucket.openUploads()).toEqual([]);
});

test('tells of a part that failed, and aborts the upload', async () => {
  const { bucket, output, writer: target } = writer(5 * MIB);
  jest.spyOn(output, 'uploadPart').mockRejectedValueOnce(new Error('connection reset'));
  await expect((async () => {
    for (let count = 0; count < 4; count++) await target.write(Buffer.alloc(5 * MIB));
    await target.leaveOpen();
  })()).rejects.toThrow('connection reset');
  await target.abort();
  expect(bucket.openUploads()).toEqual([]);
});

/** A store whose parts arrive when the test says so. */
function held() {
  const { bucket, output, writer: target } = writer(5 * MIB);
  const arrivals: Array<{ number: number; body: Uint8Array; arrive: () => void; fail: (error: Error) => void }> = [];
  const upload = output.uploadPart.bind(output);
  jest.spyOn(output, 'uploadPart').mockImplementation(async (key, uploadId, number, body) => new Promise((resolve, reject) => {
    arrivals.push({ number, body, arrive: () => resolve(upload(key, uploadId, number, body)), fail: reject });
  }));
  return { bucket, target, arrivals };
}

const settled = async () => new Promise<void>((resolve) => { setImmediate(resolve); });

test('has no more than two parts on their way, and waits with a third', async () => {
  const { target, arrivals } = held();
  let written = 0;
  const writing = (async () => {
    for (; written < 6; written++) await target.write(Buffer.alloc(5 * MIB, written));
  })();
  await settled();
  expect([arrivals.length, written]).toEqual([MAX_PARTS_IN_FLIGHT, MAX_PARTS_IN_FLIGHT + 1]);
  arrivals[1].arrive();
  await settled();
  expect([arrivals.length, written]).toEqual([MAX_PARTS_IN_FLIGHT + 1, MAX_PARTS_IN_FLIGHT + 2]);
  const leaving = writing.then(async () => target.leaveOpen());
  for (const next of [0, 2, 3, 4, 5]) {
    arrivals[next].arrive();
    await settled();
  }
  // Whichever came first, they are in order.
  expect((await leaving)!.parts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  // The buffers of parts that have arrived are used again.
  expect(new Set(arrivals.map(({ body }) => body.buffer)).size).toBe(MAX_PARTS_IN_FLIGHT + 1);
});

test('opens the upload while the first part fills, once', async () => {
  const { output, writer: target } = writer(5 * MIB);
  const open = jest.spyOn(output, 'openUpload');
  await target.write(Buffer.alloc(MIB - 1));
  expect(open).not.toHaveBeenCalled();
  for (let count = 0; count < 12; count++) await target.write(Buffer.alloc(MIB));
  await target.leaveOpen();
  expect(open).toHaveBeenCalledTimes(1);
});

test('completes an object whose upload is open and whose first part is not full', async () => {
  const { bucket, writer: target } = writer(5 * MIB);
  await target.write(Buffer.alloc(2 * MIB, 7));
  await target.complete();
  expect(bucket.get('key').bytes.equals(Buffer.alloc(2 * MIB, 7))).toBe(true);
  expect(bucket.openUploads()).toEqual([]);
});

test('an upload that cannot be opened fails the writer, and there is nothing to abort', async () => {
  const { output, writer: target } = writer(5 * MIB);
  jest.spyOn(output, 'openUpload').mockRejectedValue(new Error('slow down'));
  const abort = jest.spyOn(output, 'abortUpload');
  await target.write(Buffer.alloc(2 * MIB));
  // Nobody has asked yet: it must not count as unhandled.
  await settled();
  await expect(target.leaveOpen()).rejects.toThrow('slow down');
  await target.abort();
  expect(abort).not.toHaveBeenCalled();
});

test('a part that failed is told of by each later call, and abort waits for the others', async () => {
  const { bucket, target, arrivals } = held();
  for (let count = 0; count < 3; count++) await target.write(Buffer.alloc(5 * MIB));
  await settled();
  arrivals[0].fail(new Error('connection reset'));
  await settled();
  await expect(target.write(Buffer.alloc(1))).rejects.toThrow('connection reset');
  let aborted = false;
  const aborting = target.abort().then(() => { aborted = true; });
  await settled();
  expect([aborted, bucket.openUploads().length]).toEqual([false, 1]);
  arrivals[1].arrive();
  await aborting;
  expect(bucket.openUploads()).toEqual([]);
  await expect(target.leaveOpen()).rejects.toThrow('connection reset');
});

test('a part file goes in parts of 16 MiB behind a first one of 8, in half the requests that parts of 8 MiB would take', async () => {
  const { output, writer: large } = writer(OUTPUT_PART_SIZE);
  const sizes: number[] = [];
  const { uploadPart } = output;
  output.uploadPart = async (key, id, number, bytes) => { sizes.push(bytes.length); return uploadPart.call(output, key, id, number, bytes); };
  for (let piece = 0; piece < 45; piece++) await large.write(new Uint8Array(1024 * 1024));
  expect((await large.leaveOpen())!.parts.map(({ size }) => size)).toEqual([8, 16, 16, 5].map((mebibytes) => mebibytes * 1024 * 1024));
  expect(sizes).toHaveLength(4);
});
