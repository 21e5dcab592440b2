import { gzipSync } from 'node:zlib';
import { stagedText } from './bytes';

const GZIP = { compression: 'gzip' } as const;
const TEXT = Buffer.from(Array.from({ length: 400 }, (_, index) => `${index},some text ${index * 7919 % 997}\n`).join(''));
const [FIRST, SECOND] = [TEXT.subarray(0, 3_000), TEXT.subarray(3_000)];

describe.each([1, 2, 13, 1000, 1_000_000])('in blocks of %d bytes', (blockSize) => {
  const staged = async (...parts: Buffer[]) => stagedText(Buffer.concat(parts), GZIP, { blockSize, inFlight: 2 });

  test.each<[string, Buffer[], Buffer]>([
    ['one member', [gzipSync(TEXT)], TEXT],
    ['many members, an empty one among them', [gzipSync(FIRST), gzipSync(''), gzipSync(SECOND)], TEXT],
    ['a header with a name and a comment', [withName(gzipSync(TEXT), 'a.csv')], TEXT],
    ['zero bytes after the last member', [gzipSync(FIRST), gzipSync(SECOND), Buffer.alloc(300)], TEXT],
    ['a member of nothing', [gzipSync('')], Buffer.alloc(0)],
  ])('%s', async (_, parts, text) => {
    expect((await staged(...parts)).equals(text)).toBe(true);
  });

  test.each<[string, Buffer[], RegExp]>([
    ['cut off in its data', [gzipSync(TEXT).subarray(0, 500)], /^expected a complete gzip file, it ends at byte 500 in the middle of its data$/],
    ['cut off in its checksum', [gzipSync(TEXT).subarray(0, -1)], /^expected a complete gzip file, it ends at byte \d+ in /],
    ['cut off in the header of its second member', [gzipSync(TEXT), gzipSync(TEXT).subarray(0, 5)], /^expected a complete gzip file/],
    ['a wrong checksum', [flipped(gzipSync(TEXT), -6)], /^expected valid gzip data, got other or corrupt data between byte \d+ and byte \d+ \(incorrect data check\)$/],
    ['a wrong length', [flipped(gzipSync(TEXT), -2)], /\(incorrect length check\)$/],
    ['corrupt data in its second member', [gzipSync(FIRST), flipped(gzipSync(SECOND), 40)], /^expected valid gzip data, got other or corrupt data/],
    ['other data after it', [gzipSync(TEXT), Buffer.from('trailer')], /^expected valid gzip data, .*\(incorrect header check\)$/],
    ['other data after zero bytes', [gzipSync(TEXT), Buffer.alloc(200), Buffer.from('trailer')],
      new RegExp(`^expected nothing but zero bytes after the gzip data, which ends at byte ${gzipSync(TEXT).length}, got other data at byte ${gzipSync(TEXT).length + 200}$`)],
    ['a member after zero bytes', [gzipSync(FIRST), Buffer.alloc(1), gzipSync(SECOND)], /^expected nothing but zero bytes after the gzip data/],
  ])('%s is refused', async (_, parts, message) => {
    await expect(staged(...parts)).rejects.toMatchObject({ name: 'FileError', code: 'bad_gzip', message: expect.stringMatching(message) });
  });
});

test('the place of the damage is told to 64 KiB', async () => {
  const file = flipped(gzipSync(Buffer.from(Array.from({ length: 600_000 }, () => Math.random() * 256)), { level: 0 }), 300_000);
  // Stored blocks: the damage shows in the checksum, at the end.
  const error = await stagedText(file, GZIP, { blockSize: 1e6, inFlight: 2 }).catch((thrown: Error) => thrown) as Error;
  const [, from, to] = /between byte (\d+) and byte (\d+)/.exec(error.message)!.map(Number);
  expect(to).toBe(file.length);
  expect(to - from).toBeLessThanOrEqual(64 * 1024);
});

test('a file that inflates a thousandfold ends at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 'a'));
  expect(bomb.length).toBeLessThan(60_000);
  await expect(stagedText(bomb, GZIP, undefined, 1_000_000)).rejects.toMatchObject({
    code: 'too_large', message: 'expected at most 1000000 bytes of decoded text (maxDecodedSize), got more',
  });
  expect((await stagedText(gzipSync(TEXT), GZIP, undefined, TEXT.length)).length).toBe(TEXT.length);
});

/** The same member with FNAME set (RFC 1952). */
function withName(member: Buffer, name: string): Buffer {
  const header = Buffer.from(member.subarray(0, 10));
  header[3] += 0x08;
  return Buffer.concat([header, Buffer.from(`${name}\0`), member.subarray(10)]);
}

function flipped(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = (index + copy.length) % copy.length;
  copy[at] = 255 - copy[at];
  return copy;
}
