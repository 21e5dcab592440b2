import { MemoryOutput } from './support/memory-output';
import { MultipartWriter } from '../../src/handlers/multipart-writer';

const MIB = 1024 * 1024;

function writer(partSize?: number) {
  const output = new MemoryOutput();
  return { output, writer: new MultipartWriter(output, 'key', 'text/plain', { 'job-id': 'j' }, partSize) };
}

test('writes what it was given, in parts of one size and a rest', async () => {
  const { output, writer: target } = writer(5 * MIB);
  const bytes = Buffer.alloc(12 * MIB, 0).map((_, index) => index % 251);
  for (let from = 0; from < bytes.length; from += 700_001) await target.write(bytes.subarray(from, from + 700_001));
  const upload = await target.leaveOpen();
  expect(upload!.parts.map(({ number, size }) => [number, size])).toEqual([[1, 5 * MIB], [2, 5 * MIB], [3, 2 * MIB]]);
  expect(output.objects.size).toBe(0);
  await output.completeUpload('key', upload!.uploadId, upload!.parts);
  expect(output.objects.get('key')!.bytes.equals(bytes)).toBe(true);
});

test('does not keep the caller\'s bytes, which are used again', async () => {
  const { output, writer: target } = writer();
  const bytes = Buffer.from('first');
  await target.write(bytes);
  bytes.write('other');
  await target.complete();
  expect(output.text('key')).toBe('first');
});

test('opens no upload for nothing', async () => {
  const { output, writer: target } = writer();
  await target.write(Buffer.alloc(0));
  expect(await target.leaveOpen()).toBeUndefined();
  expect(output.uploads.size).toBe(0);
});

test('completes small and empty objects without an upload', async () => {
  const { output, writer: target } = writer();
  await target.complete();
  expect(output.text('key')).toBe('');
});

test('refuses parts that S3 would refuse at the end', async () => {
  const { writer: target } = writer(MIB);
  await target.write(Buffer.alloc(2 * MIB));
  await expect(target.leaveOpen()).rejects.toThrow(`expected parts of at least ${5 * MIB} bytes, got ${MIB} as part 1 of key`);
});

test('tells of a part that failed, and aborts the upload', async () => {
  const { output, writer: target } = writer(5 * MIB);
  jest.spyOn(output, 'uploadPart').mockRejectedValueOnce(new Error('connection reset'));
  await expect((async () => {
    for (let count = 0; count < 4; count++) await target.write(Buffer.alloc(5 * MIB));
    await target.leaveOpen();
  })()).rejects.toThrow('connection reset');
  await target.abort();
  expect(output.uploads.size).toBe(0);
});
