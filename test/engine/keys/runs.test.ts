import fc from 'fast-check';
import { chunkRun, hashesOf, KEYS, sortedBytes } from './entries';
import { ENTRY_BYTES, ENTRY_WORDS, KeyEntries } from '../../../src/engine/keys/key-entry';
import { KeyRun } from '../../../src/engine/keys/key-run';
import { mergeRuns } from '../../../src/engine/keys/merge-runs';
import { sortedOrder } from '../../../src/engine/keys/sort-entries';

function runOf(ids: readonly number[]): KeyRun {
  const run = new KeyRun(KEYS);
  ids.forEach((id, index) => run.add([String(id), 'null', 'null'], index * 10, index));
  return run;
}

test('an entry keeps where its record is, up to the largest file', () => {
  const entries = KeyEntries.withRoomFor(2);
  entries.setPlace(1, 1023, 2 ** 52 + 1, 2 ** 43 - 1);
  expect([entries.byteOffset(1), entries.line(1), entries.keyNumber(1)]).toEqual([2 ** 52 + 1, 2 ** 43 - 1, 1023]);
});

test('entries are ordered by all words of their hash; equal ones stay as they stand', () => {
  const hash = fc.tuple(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffffffff), fc.nat(2), fc.nat(2), fc.nat(2));
  fc.assert(fc.property(fc.array(hash, { maxLength: 60 }), (hashes) => {
    const entries = KeyEntries.withRoomFor(hashes.length);
    hashes.forEach((words, index) => entries.words.set(words, index * ENTRY_WORDS));
    const expected = hashes.map((_, index) => index).sort((a, b) => {
      const word = hashes[a].findIndex((value, at) => value !== hashes[b][at]);
      return word < 0 ? a - b : hashes[a][word] - hashes[b][word];
    });
    expect([...sortedOrder(entries, hashes.length)]).toEqual(expected);
  }));
});

test('a run grows beyond its first room, and begins anew once it is taken', () => {
  const run = runOf(Array.from({ length: 10_000 }, (_, index) => index));
  expect(run.length).toBe(10_000);
  const bytes = sortedBytes(run);
  expect(bytes.length).toBe(10_000 * ENTRY_BYTES);
  expect(new Set(hashesOf(bytes)).size).toBe(10_000);
  expect(run.length).toBe(0);
  expect(sortedBytes(run).length).toBe(0);
});

test('a run is full where the keys of one more record might not fit; what is added then is in it, too', () => {
  const run = new KeyRun(KEYS, KEYS.length + 2);
  const full = [1, 2, 3, 4].map((id) => {
    run.add([String(id), 'null', 'null'], id, 0);
    return run.full;
  });
  expect(full).toEqual([false, false, true, true]);
  expect(sortedBytes(run).length).toBe(4 * ENTRY_BYTES);
});

test.each([[ENTRY_BYTES], [100], [1024 * 1024]])('runs are merged to one order with buffers of %i bytes in all', async (bufferBytes) => {
  const ids = [[5, 3, 3, 9, 12], [], [3, 1], [9], Array.from({ length: 500 }, (_, index) => index)];
  // Of each run the entries say themselves where they are from.
  const runs = ids.map((each, number) => {
    const run = new KeyRun(KEYS);
    each.forEach((id, index) => run.add([String(id), 'null', 'null'], index * 10, number));
    return chunkRun(sortedBytes(run));
  });
  const seen: Array<readonly [hash: string, run: number, byteOffset: number]> = [];
  await mergeRuns(runs, bufferBytes, ({ entries, at }) => {
    seen.push([Buffer.from(entries.bytes(at + 1)).subarray(at * ENTRY_BYTES, at * ENTRY_BYTES + 16).toString('hex'), entries.line(at), entries.byteOffset(at)]);
    return undefined;
  });

  expect(seen.length).toBe(ids.flat().length);
  const words = ([hash]: (typeof seen)[number]) => Array.from({ length: 4 }, (_, word) => Buffer.from(hash, 'hex').readUInt32LE(word * 4));
  for (let index = 1; index < seen.length; index++) {
    const [before, after] = [words(seen[index - 1]), words(seen[index])];
    const word = before.findIndex((value, at) => value !== after[at]);
    if (word >= 0) expect(before[word]).toBeLessThan(after[word]);
    else expect([seen[index - 1][1] - seen[index][1], seen[index - 1][2] - seen[index][2]].find((difference) => difference !== 0)).toBeLessThan(0);
  }
});

test('a shard that is too short fails the merge', async () => {
  const run = chunkRun(sortedBytes(runOf([1, 2, 3])));
  const short = { ...run, read: async (start: number, end: number) => run.read(start, end - 1) };
  await expect(mergeRuns([short], 1024, () => undefined)).rejects.toThrow('internal: expected whole entries of 32 bytes in 96 bytes of a key shard, got 95 bytes');
});

test('a read that fails fails the merge, also one that is ahead', async () => {
  const run = chunkRun(sortedBytes(runOf([1, 2, 3])));
  const breaking = { ...run, read: async (start: number, end: number) => start > 0 ? Promise.reject(new Error('gone')) : run.read(start, end) };
  await expect(mergeRuns([breaking], 64, () => undefined)).rejects.toThrow('gone');
});

test('entries are read wherever their bytes lie', () => {
  const bytes = sortedBytes(runOf([1, 2, 3]));
  const [aligned, shifted] = [new KeyEntries(bytes), new KeyEntries(Buffer.concat([Buffer.from('x'), bytes]).subarray(1))];
  expect([0, 1, 2].map((entry) => shifted.byteOffset(entry))).toEqual([0, 1, 2].map((entry) => aligned.byteOffset(entry)));
  expect([...shifted.words]).toEqual([...aligned.words]);
});

test('many runs are read a bounded number at a time', async () => {
  const bytes = sortedBytes(runOf([1, 2, 3]));
  let inFlight = 0;
  let most = 0;
  const run = {
    ...chunkRun(bytes),
    read: async (start: number, end: number) => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
      return bytes.subarray(start, end);
    },
  };
  let visited = 0;
  await mergeRuns(new Array(200).fill(run), 1, () => {
    visited++;
    return undefined;
  });
  expect({ visited, most }).toEqual({ visited: 600, most: 64 });
});
