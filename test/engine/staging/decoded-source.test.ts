import { gzipSync } from 'node:zlib';
import { PLAIN } from './bytes';
import { checkHead } from '../../../src/engine/records/head';
import { DecodedSource } from '../../../src/engine/staging/decoded-source';
import { bytesSource, format } from '../support/engine-run';

const GZIP = { ...PLAIN, compression: 'gzip' } as const;
const LONG = Buffer.from('id,text\n' + Array.from({ length: 50_000 }, (_, index) => `${index},${index * 7919 % 10_007}\n`).join(''));

test('reads of any place, in any order, give the decoded text', async () => {
  const decoded = await DecodedSource.open(bytesSource(gzipSync(LONG)), GZIP, 1e9);
  for (const [start, end] of [[0, 10], [5, 100_000], [100_000, 100_001], [300_000, 400_000], [0, 3], [0, 0]]) {
    expect(LONG.subarray(start, end).equals(await decoded.read(start, end))).toBe(true);
  }
  await decoded.close();
});

test('knows its size once it has met the end, and gives what there is', async () => {
  const short = await DecodedSource.open(bytesSource(gzipSync('id\n')), GZIP, 1e9);
  expect(short.size).toBe(3);
  const long = await DecodedSource.open(bytesSource(gzipSync(LONG)), GZIP, 1e9);
  expect(long.size).toBeGreaterThan(LONG.length);
  expect((await long.read(LONG.length - 5, LONG.length + 5)).length).toBe(5);
  expect(long.size).toBe(LONG.length);
  await long.close();
});

test('two reads at once do not disturb each other', async () => {
  const decoded = await DecodedSource.open(bytesSource(gzipSync(LONG)), GZIP, 1e9);
  const [late, early] = await Promise.all([decoded.read(200_000, 200_100), decoded.read(0, 100)]);
  expect([LONG.subarray(200_000, 200_100).equals(late), LONG.subarray(0, 100).equals(early)]).toEqual([true, true]);
  await decoded.close();
});

describe('the head of a file that is staged later', () => {
  const FORMAT = format(['id', 'text']);
  const check = async (file: Buffer, maxSize = 1e9) => {
    const decoded = await DecodedSource.open(bytesSource(file), GZIP, maxSize);
    try {
      return await checkHead(decoded, FORMAT);
    } finally {
      await decoded.close();
    }
  };

  test('is checked like that of a plain file', async () => {
    for (const text of [LONG, LONG.subarray(0, 64 * 1024), LONG.subarray(0, 64 * 1024 + 1), LONG.subarray(0, 100), Buffer.from('id,text')]) {
      expect(await check(gzipSync(text))).toEqual(await checkHead(bytesSource(text), FORMAT));
    }
    await expect(check(gzipSync('id,name\n'))).rejects.toMatchObject({ code: 'header_mismatch' });
    await expect(check(gzipSync(''))).rejects.toMatchObject({ code: 'empty_file' });
  });

  test('is found behind more comments than are looked at first', async () => {
    const text = '# a comment line\n'.repeat(20_000) + 'id,text\n1,a\n';
    const commented = format(['id', 'text'], { commentChar: '#' });
    const decoded = await DecodedSource.open(bytesSource(gzipSync(text)), GZIP, 1e9);
    expect(await checkHead(decoded, commented)).toMatchObject({ dataStart: text.indexOf('1,a') });
    await decoded.close();
  });

  test('is all that is read', async () => {
    // The file is cut off, which its head does not tell.
    const file = gzipSync(LONG, { level: 0 }).subarray(0, -100_000);
    expect(await check(file)).toMatchObject({ dataStart: 8, sampleRejected: 0 });
    await expect(check(file.subarray(0, 1000))).rejects.toMatchObject({ code: 'bad_gzip' });
  });

  test('of a line without end is read no further than a header may be', async () => {
    await expect(check(gzipSync(Buffer.alloc(10_000_000, 'x')), 5_000_000)).rejects.toMatchObject({ code: 'header_mismatch' });
  });

  test('of blank lines without end is read to the limit', async () => {
    await expect(check(gzipSync(Buffer.alloc(10_000_000, '\n')), 5_000_000)).rejects.toMatchObject({ code: 'too_large' });
  });
});
