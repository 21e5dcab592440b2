import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { outputFormat, writePart } from './output-run';
import { openPartSink } from '../../../src/engine/output/part-sink';
import { bytesSource, runChunked } from '../support/engine-run';

const CONTENT = Array.from({ length: 40_000 }, (_, index) => `${index},text of record ${index * 7919}\n`).join('');

test.each(['jsonl', 'csv'] as const)('%s: the parts one after the other inflate to the bytes of the parts that are not compressed', async (format) => {
  const plain = await writePart(CONTENT, outputFormat(['i', 't'], { format, header: false }, { header: false }));
  const zipped = outputFormat(['i', 't'], { format, header: false, gzip: true }, { header: false });
  const { chunks } = await runChunked(bytesSource(CONTENT), zipped, 256 * 1024);
  const parts = [];
  for (const chunk of chunks) parts.push((await writePart(CONTENT, zipped, chunk)).bytes);
  expect(parts.length).toBeGreaterThan(2);
  expect(gunzipSync(Buffer.concat(parts)).equals(plain.bytes)).toBe(true);
});

test('outputBytes are those of the object', async () => {
  const { bytes, result } = await writePart(CONTENT, outputFormat(['i', 't'], { gzip: true }, { header: false }));
  expect(result.outputBytes).toBe(bytes.length);
  expect(bytes.length).toBeLessThan(CONTENT.length / 2);
});

test('a retry writes the same bytes', async () => {
  const format = outputFormat(['i', 't'], { gzip: true }, { header: false });
  const [first, second] = [await writePart(CONTENT, format), await writePart(CONTENT, format)];
  expect(first.bytes.equals(second.bytes)).toBe(true);
});

test('a part without a record is no file', async () => {
  const { bytes } = await writePart('', outputFormat(['i'], { gzip: true }, { header: false }));
  expect(bytes.length).toBe(0);
});

// Random bytes do not compress: as much comes out as goes in.
const piece = randomBytes(256 * 1024);

test('bytes that are used again after the write do not change what was written', async () => {
  const written: Buffer[] = [];
  const sink = openPartSink(async (bytes) => { written.push(Buffer.from(bytes)); }, true);
  const reused = Buffer.alloc(piece.length);
  for (let round = 0; round < 4; round++) {
    reused.fill(round);
    await sink.write(reused);
  }
  reused.fill(9);
  await sink.end();
  expect([...new Set(gunzipSync(Buffer.concat(written)))]).toEqual([0, 1, 2, 3]);
});

test('a target that fails stops the writer with its error', async () => {
  const sink = openPartSink(async () => { throw new Error('the disk is full'); }, true);
  const fill = async () => {
    for (let round = 0; round < 100; round++) await sink.write(piece);
    await sink.end();
  };
  await expect(fill()).rejects.toThrow('the disk is full');
  await sink.close();
});

/** A write takes a few milliseconds where nothing holds it back. */
async function standsStill(count: () => number): Promise<void> {
  for (let seen = -1; seen !== count();) {
    seen = count();
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
}

test('a slow target holds the writer back', async () => {
  let release = () => undefined as void;
  let reachTarget = () => undefined as void;
  const blocked = new Promise<void>((resolve) => { release = resolve; });
  const targetReached = new Promise<void>((resolve) => { reachTarget = resolve; });
  const sink = openPartSink(async () => { reachTarget(); await blocked; }, true);
  let writes = 0;
  const writer = (async () => {
    for (; writes < 40; writes++) await sink.write(piece);
    await sink.end();
  })();
  await targetReached;
  await standsStill(() => writes);
  expect(writes).toBeLessThan(12);
  release();
  await writer;
  expect(writes).toBe(40);
});
