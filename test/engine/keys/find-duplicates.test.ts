import fc from 'fast-check';
import { chunkRun, KEYS, sortedBytes } from './entries';
import { ConflictList } from '../../../src/engine/keys/conflict-list';
import { Exclusion, ExclusionCursor, ExclusionList } from '../../../src/engine/keys/exclusions';
import { ChunkRun, findDuplicates as find, FindOptions, PausedMerge, readBytesOf } from '../../../src/engine/keys/find-duplicates';
import { ENTRY_WORDS, KeyEntries } from '../../../src/engine/keys/key-entry';
import { KeyRun } from '../../../src/engine/keys/key-run';
import { sortedOrder } from '../../../src/engine/keys/sort-entries';

/** `id` is the primary key; `text` and `at` together are another one. */
type Record = readonly [id: number, text: string | null, at: number | null];

const valuesOf = ([id, text, at]: Record): string[] => [String(id), JSON.stringify(text), at === null ? 'null' : `"2024-05-01T10:00:0${at}.000Z"`];
const BYTES = 10;

/** Record `n` is at byte `10 n`, on line `n + 1`; a chunk has two of them, a run one. */
function runsOf(records: readonly Record[]): ChunkRun[] {
  return records.map((record, index) => {
    const run = new KeyRun(KEYS);
    run.add(valuesOf(record), index * BYTES, index % 2);
    return chunkRun(sortedBytes(run), index - index % 2 + 1);
  });
}

/** The same, done with the whole file in memory. */
function reference(records: readonly Record[]): Exclusion[] {
  const holders = new Map<string, number>();
  return records.flatMap(([id, text, at], index) => {
    const keys = [`id ${id}`, text === null || at === null ? undefined : `pair ${text} ${at}`];
    const keyNumber = keys.findIndex((key) => key !== undefined && holders.has(key));
    if (keyNumber < 0) {
      for (const key of keys) if (key !== undefined) holders.set(key, index);
      return [];
    }
    const first = holders.get(keys[keyNumber]!)!;
    return [{ byteOffset: index * BYTES, keyNumber, firstLine: first + 1, firstByteOffset: first * BYTES }];
  });
}

async function findDuplicates(runs: readonly ChunkRun[], options?: Partial<FindOptions>): Promise<ExclusionList | undefined> {
  const found = await find(runs, { bufferBytes: 1_000_000, ...options });
  if (found instanceof PausedMerge) throw new Error('expected the merge to go on to its end');
  return found;
}

function listed(list: ExclusionList | undefined): Exclusion[] {
  return Array.from({ length: list!.length }, (_, index) => list!.at(index));
}

test('a record is refused if a key of it is held by an earlier one that is not refused itself', async () => {
  const records: Record[] = [[1, 'a', 1], [1, 'b', 2], [2, 'b', 2], [3, 'a', 1], [3, 'c', 3], [4, null, 3], [5, null, 3]];
  // The second one is refused for its id: `b` is free for the third. The fourth is refused for its pair: 3 is free for
  // the fifth.
  expect(listed(await findDuplicates(runsOf(records)))).toEqual([
    { byteOffset: 10, keyNumber: 0, firstLine: 1, firstByteOffset: 0 },
    { byteOffset: 30, keyNumber: 1, firstLine: 1, firstByteOffset: 0 },
  ]);
});

test('any records come to what a reading from the beginning comes to', async () => {
  const record = fc.tuple(fc.nat(6), fc.option(fc.constantFrom('a', 'b', '')), fc.option(fc.nat(3)));
  await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 40 }), fc.constantFrom(32, 200, 1_000_000), async (records, bufferBytes) => {
    expect(listed(await findDuplicates(runsOf(records), { bufferBytes }))).toEqual(reference(records));
  }), { numRuns: 500 });
});

test('a merge that stops whenever it may, and goes on from what was written, comes to the same', async () => {
  const record = fc.tuple(fc.nat(6), fc.option(fc.constantFrom('a', 'b', '')), fc.option(fc.nat(3)));
  let stops = 0;
  await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 40 }), fc.infiniteStream(fc.boolean()), async (records, isTimeUp) => {
    let from: PausedMerge | undefined;
    for (;;) {
      const found = await find(runsOf(records), { bufferBytes: 32, from, isTimeUp: () => isTimeUp.next().value });
      if (!(found instanceof PausedMerge)) {
        expect(listed(found)).toEqual(reference(records));
        return;
      }
      stops++;
      from = new PausedMerge(found.positions, ConflictList.of(found.conflicts.bytes()));
    }
  }), { numRuns: 300 });
  expect(stops).toBeGreaterThan(100);
});

test('a merge does not go on with other runs', async () => {
  const from = new PausedMerge([0], new ConflictList());
  await expect(find(runsOf([[1, null, null], [2, null, null]]), { bufferBytes: 64, from })).rejects.toThrow('internal: expected a merge of 1 runs to go on with them, got 2');
});

test('without its exclusions a file has no duplicate', async () => {
  const record = fc.tuple(fc.nat(4), fc.constantFrom('a', 'b'), fc.nat(1));
  await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 30 }), async (records) => {
    const excluded = new Set(listed(await findDuplicates(runsOf(records))).map(({ byteOffset }) => byteOffset));
    expect((await findDuplicates(runsOf(records.filter((_, index) => !excluded.has(index * BYTES)))))!.length).toBe(0);
  }));
});

test.each([[4, 2], [3, undefined]])('with room for %i conflicts, two pairs of duplicates make a list of %p', async (maxConflicts, length) => {
  const records = [1, 2, 1, 3, 2].map((id): Record => [id, null, null]);
  expect((await findDuplicates(runsOf(records), { maxConflicts }))?.length).toBe(length);
});

describe('hashes that somebody has chosen', () => {
  type Hash = readonly [number, number, number, number];

  /** Entry `n` of all is at byte `n`, on line `n + 1`. */
  function runsOfHashes(hashes: ReadonlyArray<readonly Hash[]>): ChunkRun[] {
    let before = 0;
    return hashes.map((ofRun) => {
      const [entries, sorted] = [KeyEntries.withRoomFor(ofRun.length), KeyEntries.withRoomFor(ofRun.length)];
      ofRun.forEach((hash, index) => {
        entries.words.set(hash, index * ENTRY_WORDS);
        entries.setPlace(index, 0, before + index, index);
      });
      sortedOrder(entries, ofRun.length).forEach((from, to) => sorted.copy(entries, from, to));
      const run = chunkRun(Buffer.from(sorted.bytes(ofRun.length)), before + 1);
      before += ofRun.length;
      return run;
    });
  }

  function laterOnes(hashes: ReadonlyArray<readonly Hash[]>): number[] {
    const seen = new Set<string>();
    return hashes.flat().flatMap((hash, index) => {
      const isSeen = seen.has(hash.join());
      seen.add(hash.join());
      return isSeen ? [index] : [];
    });
  }

  const offsetsOf = (list: ExclusionList | undefined) => listed(list).map(({ byteOffset }) => byteOffset);

  test('are told apart by all of their words, however many begin alike', async () => {
    const word = fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1);
    const hash: fc.Arbitrary<Hash> = fc.tuple(word, word, fc.nat(1), fc.nat(1));
    const runs = fc.array(fc.array(hash, { maxLength: 30 }), { maxLength: 5 });
    await fc.assert(fc.asyncProperty(runs, fc.constantFrom(32, 200, 10_000), async (hashes, bufferBytes) => {
      expect(offsetsOf(await findDuplicates(runsOfHashes(hashes), { bufferBytes }))).toEqual(laterOnes(hashes));
    }), { numRuns: 500 });
  });

  test.each<[string, (number: number) => Hash]>([
    ['all begin within a small part of the range', (number) => [number, number * 7919, 0, 0]],
    ['all want one place in the table', (number) => [number * 10_000, 5, 0, 0]],
    ['all begin with one word', (number) => [5, number, 0, 0]],
    ['they differ in the last word', (number) => [5, 5, 5, number]],
  ])('%s', async (_, hashOf) => {
    const half = 150_000;
    const hashes = [[0, 7], [half - 1, half + 7]].map(([from, to], run) => [
      ...Array.from({ length: half + 7 - run * 7 }, (__, index) => hashOf(run * half + index)),
      hashOf(from), hashOf(to), [2 ** 32 - 1, 0, 0, run] as const,
    ]);
    expect(offsetsOf(await findDuplicates(runsOfHashes(hashes), { bufferBytes: 1_000_000 }))).toEqual(laterOnes(hashes));
  });

  test('more with one key than there is memory for are told, and not read to their end', async () => {
    const [run] = runsOfHashes([Array.from({ length: 1_000_000 }, (): Hash => [5, 5, 5, 5])]);
    let most = 0;
    const read = async (start: number, end: number) => {
      most = Math.max(most, end);
      return run.read(start, end);
    };
    expect(await findDuplicates([{ ...run, read }], { bufferBytes: 64 * 1024, maxConflicts: 300_000 })).toBeUndefined();
    expect(most).toBeLessThan(700_000 * 32);
  });
});

test.each([[64 * 1024, 64], [100 * 1024 * 1024, 100]])('what is held of all runs is within %i bytes, as few reads as that allows', async (bufferBytes, runCount) => {
  const LENGTH = 2000;
  let reads = 0;
  let [start, end, most] = [0, 0, 0];
  const run = new KeyRun(KEYS);
  const runs = Array.from({ length: runCount }, (_, number) => {
    for (let index = 0; index < LENGTH; index++) run.add([String(number * LENGTH + index), 'null', 'null'], number * LENGTH + index, index);
    const bytes = sortedBytes(run);
    return {
      ...chunkRun(bytes),
      read: async (from: number, to: number) => {
        reads++;
        most = Math.max(most, to - from);
        [start, end] = [Math.min(start, from), Math.max(end, to)];
        return bytes.subarray(from, to);
      },
    };
  });
  expect((await findDuplicates(runs, { bufferBytes }))!.length).toBe(0);
  expect([start, end]).toEqual([0, LENGTH * 32]);
  const share = Math.min(readBytesOf(runCount, bufferBytes), LENGTH * 32);
  const fewest = Math.ceil(LENGTH * 32 / share) * runCount;
  expect(most).toBeLessThanOrEqual(Math.ceil(share) * 3);
  expect(reads).toBeLessThanOrEqual(fewest * 1.7);
});

describe('what is read of the runs', () => {
  const MIB = 2 ** 20;
  const KIB = 2 ** 10;

  /** Sorted runs of those sizes with no key twice, made as they are read. `onRead` hears of each read's bytes before it is answered. */
  function evenRuns(sizes: readonly number[], onRead: (bytes: number) => Promise<void> | void = () => undefined) {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const reads = { count: 0, bytes: 0, largest: 0, inFlight: 0, mostHeld: 0 };
    const upTo = sizes.map(() => 0);
    let [ofRuns, leastAt] = [0, 0];
    const runs = sizes.map((size, run): ChunkRun => ({
      size,
      firstLine: 1,
      read: async (from, to) => {
        reads.count++;
        reads.bytes += to - from;
        reads.largest = Math.max(reads.largest, to - from);
        reads.inFlight += to - from;
        // What lies before the run that is least far is passed; the rest of what is read is held.
        ofRuns += to - upTo[run];
        upTo[run] = to;
        if (run === leastAt) leastAt = upTo.reduce((least, at, index) => at / sizes[index] < upTo[least] / sizes[least] ? index : least, 0);
        const passed = upTo[leastAt] / sizes[leastAt];
        reads.mostHeld = Math.max(reads.mostHeld, ofRuns - total * passed + reads.inFlight);
        await onRead(to - from);
        reads.inFlight -= to - from;
        return evenEntries(from, to, size, run);
      },
    }));
    return { runs, reads, total };
  }

  function evenEntries(from: number, to: number, size: number, run: number): Buffer {
    const entries = KeyEntries.withRoomFor((to - from) / 32);
    for (let entry = 0; entry < entries.capacity; entry++) {
      const number = from / 32 + entry;
      entries.words[entry * ENTRY_WORDS] = Math.floor((number + 0.5) * 2 ** 32 / (size / 32));
      entries.words[entry * ENTRY_WORDS + 1] = number;
      entries.words[entry * ENTRY_WORDS + 2] = run;
      entries.setPlace(entry, 0, number, number);
    }
    return Buffer.from(entries.bytes(entries.capacity));
  }

  test.each<[string, readonly number[], number]>([
    ['one run has almost all keys', [64 * MIB, ...new Array(299).fill(64)], 80 * MIB],
    ['one run has half of them, and the others are not held whole', [32 * MIB, ...new Array(100).fill(512 * KIB)], 96 * MIB],
    ['the keys are spread evenly', new Array(80).fill(768 * KIB), 8 * MIB],
  ])('%s: at most 1 MiB of a run at once, and what is held with what is on its way stays within the buffer', async (_, sizes, bufferBytes) => {
    const { runs, reads, total } = evenRuns(sizes, async () => new Promise((resolve) => setImmediate(resolve)));
    expect((await findDuplicates(runs, { bufferBytes }))!.length).toBe(0);
    expect(reads.bytes).toBe(total);
    expect(reads.largest).toBeLessThanOrEqual(MIB);
    expect(reads.mostHeld).toBeLessThanOrEqual(bufferBytes);
    // Beside the small ranges that it begins with.
    const readBytes = readBytesOf(sizes.length, bufferBytes);
    const [fewest, long] = [sizes.reduce((sum, size) => sum + Math.ceil(size / readBytes), 0), sizes.filter((size) => size > 64 * KIB).length];
    expect(reads.count).toBeLessThanOrEqual(1.5 * fewest + 12 * long);
  });

  test.each([5, 1.6, 0.8])('with %d s a call each call gets on in proportion to its time, however much memory there is', async (seconds) => {
    const BYTES_PER_SECOND = 7.5e6;
    let clock = 0;
    const { runs, reads, total } = evenRuns(new Array(32).fill(2 * MIB), (bytes) => { clock += bytes / BYTES_PER_SECOND; });
    let [calls, longest] = [0, 0];
    let from: PausedMerge | undefined;
    for (;;) {
      const start = clock;
      const found = await find(runs, { bufferBytes: 4096 * MIB, from, isTimeUp: () => clock - start > seconds });
      calls++;
      longest = Math.max(longest, clock - start);
      if (!(found instanceof PausedMerge)) break;
      from = found;
    }
    expect(calls).toBeLessThanOrEqual(Math.ceil(1.5 * total / (seconds * BYTES_PER_SECOND)) + 1);
    expect(reads.bytes).toBeLessThanOrEqual(1.5 * total);
    expect(longest).toBeLessThanOrEqual(1.5 * seconds);
  });

  test('a store that becomes slow does not keep a call that has passed some', async () => {
    let [clock, read] = [0, 0];
    const { runs } = evenRuns(new Array(8).fill(4 * MIB), (bytes) => {
      read += bytes;
      clock += bytes / (read > 16 * MIB ? 0.1e6 : 10e6);
    });
    expect(await find(runs, { bufferBytes: 64 * MIB, isTimeUp: () => clock > 5 })).toBeInstanceOf(PausedMerge);
    expect(clock).toBeLessThan(5 + 8 * MIB / 0.1e6);
  });

  test('after a failure nothing more is read, and what was on its way has ended', async () => {
    const { runs, reads } = evenRuns(new Array(1000).fill(320), async () => {
      const isFirst = reads.count === 1;
      await new Promise((resolve) => setTimeout(resolve, isFirst ? 1 : 5));
      if (!isFirst) return;
      reads.inFlight -= 320;
      throw new Error('gone');
    });
    await expect(findDuplicates(runs)).rejects.toThrow('gone');
    expect(reads).toMatchObject({ count: 64, inFlight: 0 });
  });
});

describe('a list of exclusions', () => {
  const exclusions: Exclusion[] = [
    { byteOffset: 10, keyNumber: 0, firstLine: 1, firstByteOffset: 0 },
    { byteOffset: 2 ** 50, keyNumber: 3, firstLine: 2 ** 40, firstByteOffset: 2 ** 49 },
  ];
  const list = ExclusionList.withRoomFor(2);
  exclusions.forEach((exclusion, index) => list.set(index, exclusion));

  test('is read back from its bytes, wherever these lie', () => {
    const shifted = Buffer.concat([Buffer.from('x'), list.bytes]).subarray(1);
    expect(listed(new ExclusionList(shifted))).toEqual(exclusions);
    expect(listed(list.slice(1, 2))).toEqual([exclusions[1]]);
  });

  test('has whole exclusions', () => {
    expect(() => new ExclusionList(Buffer.alloc(33))).toThrow('internal: expected exclusions of 32 bytes each, got 33 bytes');
  });

  test('is met record by record, and must be met wholly', () => {
    const cursor = new ExclusionCursor(list);
    expect([0, 10, 20].map((offset) => cursor.exclusionOf(offset))).toEqual([undefined, exclusions[0], undefined]);
    expect(() => { cursor.requireEnd(); }).toThrow(`internal: expected to exclude 2 records, got 1: there is no valid one at byte ${2 ** 50}`);
    expect(cursor.exclusionOf(2 ** 50)).toEqual(exclusions[1]);
    expect(() => { cursor.requireEnd(); }).not.toThrow();
  });
});
