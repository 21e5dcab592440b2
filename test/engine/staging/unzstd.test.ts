import * as zlib from 'node:zlib';
import { inPieces, joined, stagedText } from './bytes';
import { FrameReader } from '../../../src/engine/staging/zstd-frames';

const ZSTD = { compression: 'zstd' } as const;
/** `id,text`, `1,a`, with a checksum; what the frame says of its content is missing. */
const FIRST = Buffer.from('KLUv/QRoYQAAaWQsdGV4dAoxLGEKPKyuSA==', 'base64');
/** `2,b`, `3,c`, without one. */
const SECOND = Buffer.from('KLUv/QBYQQAAMixiCjMsYwo=', 'base64');
const SKIPPED = Buffer.from('502a4d18 05000000 68656c6c6f'.replaceAll(' ', ''), 'hex');
/** Of another magic number, and empty. */
const SKIPPED_TOO = Buffer.from('5f2a4d18 00000000'.replaceAll(' ', ''), 'hex');

async function framesOf(file: Buffer, size: number): Promise<Buffer[]> {
  const reader = new FrameReader(inPieces(file, size), file.length);
  const frames: Buffer[] = [];
  while (await reader.next()) frames.push(await joined(reader.frame()));
  return frames;
}

const BROKEN: ReadonlyArray<readonly [string, Buffer, RegExp]> = [
  ['cut off in its checksum', FIRST.subarray(0, -1), /^expected a complete zstd file, it ends at byte 24 in the middle of its data$/],
  ['cut off before its checksum', FIRST.subarray(0, -4), /^expected a complete zstd file, it ends at byte 21 /],
  ['cut off in its data', SECOND.subarray(0, -1), /^expected a complete zstd file, it ends at byte 16 /],
  ['cut off in the header of its second frame', Buffer.concat([FIRST, SECOND.subarray(0, 5)]), /^expected a complete zstd file, it ends at byte 30 /],
  ['cut off in its second magic number', Buffer.concat([FIRST, SECOND.subarray(0, 3)]), /^expected a complete zstd file, it ends at byte 28 /],
  ['cut off in what is skipped', Buffer.concat([FIRST, SKIPPED.subarray(0, -1)]), /^expected a complete zstd file, it ends at byte 37 /],
  ['other data after it', Buffer.concat([FIRST, Buffer.from('trailer')]), /^expected nothing but zstd frames, got other data at byte 25$/],
  ['zero bytes after it', Buffer.concat([FIRST, Buffer.alloc(8)]), /^expected nothing but zstd frames, got other data at byte 25$/],
  ['a block of no known kind', Buffer.concat([SECOND.subarray(0, 6), Buffer.from([0x47]), SECOND.subarray(7)]),
    /^expected valid zstd data, got a block of no known kind at byte 6$/],
];

describe.each([1, 2, 13, 1000])('frames are found by their sizes, in pieces of %d bytes', (size) => {
  test('also where some are skipped', async () => {
    expect(await framesOf(Buffer.concat([SKIPPED, FIRST, SKIPPED_TOO, SKIPPED, SECOND, SECOND, SKIPPED]), size)).toEqual([FIRST, SECOND, SECOND]);
    expect(await framesOf(SKIPPED, size)).toEqual([]);
  });

  test.each(BROKEN)('%s is refused', async (_, file, message) => {
    await expect(framesOf(file, size)).rejects.toMatchObject({ name: 'FileError', code: 'bad_zstd', message: expect.stringMatching(message) });
  });
});

/** In Node.js 22.15 and later. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (text: Buffer, options: { params: Record<number, number> }) => Buffer };
/** `ZSTD_c_checksumFlag`, as the command zstd has it by default. */
const WITH_CHECKSUM = { params: { 201: 1 } };
const compress = zstdCompressSync === undefined ? undefined : (plain: Buffer) => zstdCompressSync(plain, WITH_CHECKSUM);

(compress === undefined ? describe : describe.skip)('a runtime without zstd', () => {
  test('says so: that is no fault of the file', async () => {
    await expect(stagedText(FIRST, ZSTD)).rejects.toThrow(new Error('zstd needs a runtime that has it: Node.js 22.15 or later'));
  });
});

(compress === undefined ? describe.skip : describe)('a runtime that has zstd', () => {
  const text = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index},some text ${index * 7919 % 997}\n`).join(''));

  test.each([1000, 65_536, 1_000_000])('reads all frames, in blocks of %d bytes', async (blockSize) => {
    const ahead = { blockSize, inFlight: 2 };
    expect((await stagedText(Buffer.concat([SKIPPED, FIRST, SKIPPED, SECOND]), ZSTD, ahead)).toString()).toBe('id,text\n1,a\n2,b\n3,c\n');
    expect((await stagedText(Buffer.concat([compress!(text), FIRST]), ZSTD, ahead)).equals(Buffer.concat([text, Buffer.from('id,text\n1,a\n')]))).toBe(true);
  });

  test.each([
    ...BROKEN,
    ['a wrong checksum', Buffer.concat([FIRST.subarray(0, -1), Buffer.from([0])]), /^expected valid zstd data, .*checksum/] as const,
    ['corrupt data', compress === undefined ? FIRST : Buffer.concat([compress(text).subarray(0, 5000), Buffer.alloc(20), compress(text).subarray(5020)]),
      /^expected valid zstd data, got other or corrupt data between byte \d+ and byte \d+ \(/] as const,
  ])('%s is refused', async (_, file, message) => {
    await expect(stagedText(file, ZSTD, { blockSize: 1000, inFlight: 2 })).rejects
      .toMatchObject({ name: 'FileError', code: 'bad_zstd', message: expect.stringMatching(message) });
  });

  test('a window of more than 128 MiB is told', async () => {
    // No single segment, no sizes; a window of 2^31 bytes; one empty block, the last.
    const file = Buffer.from('28b52ffd 00 a8 010000'.replaceAll(' ', ''), 'hex');
    await expect(stagedText(file, ZSTD)).rejects.toMatchObject({ code: 'bad_zstd', message: 'expected a zstd window of at most 128 MiB, got a larger one: have the file compressed without --long' });
  });

  test('a bomb ends at the limit', async () => {
    await expect(stagedText(compress!(Buffer.alloc(50_000_000, 'a')), ZSTD, undefined, 1_000_000)).rejects.toMatchObject({ code: 'too_large' });
  });
});
