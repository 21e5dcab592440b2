import { MAX_READS_IN_FLIGHT, READ_SIZE, Window } from '../../../src/engine/io/window';

const MIB = 1024 * 1024;
const READ = 1000;

/** A source whose reads are answered when the test says so. */
function heldSource(size: number) {
  const bytes = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
  const reads: Array<{ readonly from: number; readonly to: number; readonly answer: () => void; readonly fail: (error: Error) => void }> = [];
  const source = {
    size,
    read: async (from: number, to: number) => new Promise<Uint8Array>((resolve, reject) => {
      reads.push({ from, to, answer: () => resolve(bytes.subarray(from, to)), fail: reject });
    }),
  };
  return { source, reads, bytes };
}

/** Answers at once, and counts how many reads are on their way. */
function countingSource(size: number) {
  const seen = { most: 0, now: 0, ranges: [] as Array<readonly [number, number]> };
  const source = {
    size,
    read: async (from: number, to: number) => {
      seen.most = Math.max(seen.most, ++seen.now);
      seen.ranges.push([from, to]);
      await new Promise((resolve) => { setImmediate(resolve); });
      seen.now--;
      return Buffer.alloc(to - from, from % 251);
    },
  };
  return { source, seen };
}

async function readAll(window: Window): Promise<number> {
  let total = 0;
  for (await window.advance(0); window.length > 0; await window.advance(window.length)) total += window.length;
  return total;
}

test('never has more than two reads on their way, and reads each byte once', async () => {
  const { source, seen } = countingSource(20 * READ + 1);
  expect(await readAll(new Window(source, READ / 2, source.size, 10, READ))).toBe(source.size - READ / 2);
  expect(seen.most).toBe(MAX_READS_IN_FLIGHT);
  expect(seen.ranges.map(([from]) => from)).toEqual([READ / 2, ...seen.ranges.slice(0, -1).map(([, to]) => to)]);
  expect(seen.ranges.at(-1)![1]).toBe(source.size);
});

test('asks for a little first, so that scanning begins while the rest is on its way', async () => {
  const { source, seen } = countingSource(50 * MIB);
  await readAll(new Window(source, 0, source.size, 10));
  expect(seen.ranges.slice(0, 3)).toEqual([[0, MIB], [MIB, MIB + READ_SIZE], [MIB + READ_SIZE, MIB + 2 * READ_SIZE]]);
  // A request is money: no more than one for each block, the first one, and the rest.
  expect(seen.ranges.length).toBe(14);
});

test('asks for the next block only when the one before it is used up', async () => {
  const { source, reads } = heldSource(10 * READ);
  const window = new Window(source, 0, source.size, 10, READ);
  expect(reads.length).toBe(MAX_READS_IN_FLIGHT);
  reads[0].answer();
  await window.advance(0);
  expect(reads.length).toBe(MAX_READS_IN_FLIGHT + 1);
  reads[1].answer();
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(reads.length).toBe(MAX_READS_IN_FLIGHT + 1);
});

test('gives the bytes in their order, whichever read is answered first', async () => {
  const { source, reads, bytes } = heldSource(2 * READ);
  const window = new Window(source, 0, source.size, 10, READ);
  reads[1].answer();
  const advanced = window.advance(0);
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(window.length).toBe(0);
  reads[0].answer();
  await advanced;
  await window.advance(0);
  expect(window.bytes.subarray(0, window.length).equals(bytes)).toBe(true);
});

test('reads nothing past its soft end that is not asked for', async () => {
  const { source, seen } = countingSource(MIB);
  const window = new Window(source, 0, 3 * READ, 10, READ);
  for (let read = 0; read < 3; read++) await window.advance(window.length);
  expect(seen.ranges.at(-1)).toEqual([2 * READ, 3 * READ]);
  await window.advance(window.length);
  expect(seen.ranges.at(-1)).toEqual([3 * READ, 4 * READ]);
  expect(seen.now).toBe(0);
});

test('a read that fails is told of by the advance that needs it, and by no one else', async () => {
  const { source, reads } = heldSource(10 * READ);
  const window = new Window(source, 0, source.size, 10, READ);
  // A failure must not count as unhandled, even where nobody reads the window on.
  reads[1].fail(new Error('connection reset'));
  reads[0].answer();
  await window.advance(0);
  expect(window.length).toBe(READ);
  reads[2].fail(new Error('another one'));
  await expect(window.advance(0)).rejects.toThrow('connection reset');
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(reads.length).toBe(3);
});
