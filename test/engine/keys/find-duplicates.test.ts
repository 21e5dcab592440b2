import fc from 'fast-check';
import { chunkRun, KEYS, sortedBytes } from './entries';
import { ConflictList } from '../../../src/engine/keys/conflict-list';
import { Exclusion, ExclusionCursor, ExclusionList } from '../../../src/engine/keys/exclusions';
import { ChunkRun, findDuplicates as find, FindOptions, PausedMerge } from '../../../src/engine/keys/find-duplicates';
import { KeyRun } from '../../../src/engine/keys/key-run';

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

async function findDuplicates(runs: readonly ChunkRun[], options?: FindOptions): Promise<ExclusionList | undefined> {
  const found = await find(runs, options);
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
  expect(stops).toBeGreaterThan(300);
});

test('a merge does not go on with other runs', async () => {
  const from = new PausedMerge([0], new ConflictList());
  await expect(find(runsOf([[1, null, null], [2, null, null]]), { from })).rejects.toThrow('internal: expected a merge of 1 runs to go on with them, got 2');
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
