import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { joined, PLAIN, stagedText } from './bytes';
import { readAhead } from '../../../src/engine/io/read-ahead';
import { decoded } from '../../../src/engine/staging/decode';
import { bytesSource } from '../support/engine-run';

test('what is staged is what each layer by itself makes of the file, at any read size', async () => {
  const layers = fc.record({ encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'), gzip: fc.boolean(), members: fc.integer({ min: 1, max: 4 }) });
  const reads = fc.record({ blockSize: fc.integer({ min: 1, max: 200 }), inFlight: fc.integer({ min: 1, max: 5 }) });
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), layers, reads, async (texts, { encoding, gzip, members }, ahead) => {
    const text = JSON.stringify(texts);
    const utf16 = Buffer.from(text, 'utf16le');
    const bytes = encoding === 'utf-8' ? Buffer.from(text) : encoding === 'utf-16le' ? utf16 : utf16.swap16();
    const cuts = Array.from({ length: members }, (_, index) => bytes.subarray(bytes.length * index / members, bytes.length * (index + 1) / members));
    const file = gzip ? Buffer.concat(cuts.map((cut) => gzipSync(cut))) : bytes;
    const staged = await stagedText(file, { format: 'json', compression: gzip ? 'gzip' : 'none', encoding }, ahead);
    expect(staged.toString().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(texts);
    const plain = await stagedText(file, { compression: gzip ? 'gzip' : 'none', encoding }, ahead);
    expect(plain.toString()).toBe(text);
  }));
});

test.each(['utf-16le', 'utf-8'] as const)('%s: the limit counts what is staged', async (encoding) => {
  const file = encoding === 'utf-8' ? Buffer.from('["ä"]') : Buffer.from('["ä"]', 'utf16le');
  expect((await stagedText(file, { format: 'json', encoding }, undefined, 6)).length).toBe(6);
  await expect(stagedText(file, { format: 'json', encoding }, undefined, 5)).rejects.toMatchObject({ code: 'too_large' });
});

describe('reading ahead', () => {
  test('keeps so many reads in flight, and no more', async () => {
    const source = bytesSource(Buffer.alloc(1000));
    let open = 0;
    let most = 0;
    const counted = {
      size: source.size,
      read: async (start: number, end: number) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return source.read(start, end);
      },
    };
    const sizes: number[] = [];
    for await (const block of readAhead(counted, { blockSize: 64, inFlight: 4 }, 10)) sizes.push(block.length);
    expect(most).toBe(4);
    expect(sizes).toEqual([...Array<number>(15).fill(64), 30]);
  });

  test('begins with small reads, where it is told to', async () => {
    const sizes: number[] = [];
    const ahead = { blockSize: 10, largestBlockSize: 35, inFlight: 2 };
    for await (const block of readAhead(bytesSource(Buffer.alloc(150)), ahead)) sizes.push(block.length);
    expect(sizes).toEqual([10, 20, 35, 35, 35, 15]);
  });

  test.each(['none', 'gzip'] as const)('tells of a read that fails (compression %s)', async (compression) => {
    const file = gzipSync('x'.repeat(10_000), { level: 0 });
    const source = {
      size: file.length,
      read: async (start: number, end: number) => {
        if (start >= 5_000) throw new Error('connection reset');
        return file.subarray(start, end);
      },
    };
    const staging = joined(decoded(source, { ...PLAIN, compression }, 1e9, { blockSize: 1000, inFlight: 9 }));
    await expect(staging).rejects.toThrow('connection reset');
  });
});
