import * as fc from 'fast-check';
import { Case, cases } from './cases';
import { seeChunk, SeenChunk, seeFastChunk } from './seen-chunk';
import { compileFormat } from '../../../src/engine/format/format';
import { ExclusionList } from '../../../src/engine/keys/exclusions';
import { KeyEntries } from '../../../src/engine/keys/key-entry';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

function run<T extends SeenChunk>(see: (...args: Parameters<typeof seeChunk>) => Promise<T>, one: Case, fast: boolean,
  exclusions?: ExclusionList): Promise<T> {
  const { schema, dialect, encoding, maxRecordSize, content, range, readSize, output } = one;
  const [start, end] = range.map((share) => Math.floor(share * content.length));
  return see(content, compileFormat({ schema, dialect, encoding, maxRecordSize, output }), { fast, readSize, exclusions }, { start, end });
}

/** About this share of the records that have left keys. */
function someOf(keys: Buffer, share: number): ExclusionList {
  const entries = new KeyEntries(keys);
  const offsets = Array.from({ length: entries.capacity }, (_, entry) => entries.byteOffset(entry));
  const records = [...new Set(offsets)].sort((a, b) => a - b).filter((_, index) => Math.floor(index * share) !== Math.floor((index - 1) * share));
  const list = ExclusionList.withRoomFor(records.length);
  records.forEach((byteOffset, index) => list.set(index, { byteOffset, keyNumber: 0, firstLine: 1, firstByteOffset: 0 }));
  return list;
}

/** Which share of the written records the fast path takes, for each kind of output. */
class Shares {
  private readonly counts = new Map<string, { taken: number; written: number }>();

  add({ output: { format, metadataColumns = [] }, schema: { uniqueKeys } }: Case, taken: number, written: number): void {
    const kind = [format, ...uniqueKeys === undefined ? [] : ['keys'], ...metadataColumns.length === 0 ? [] : ['metadata']].join();
    const so = this.counts.get(kind) ?? { taken: 0, written: 0 };
    this.counts.set(kind, { taken: so.taken + taken, written: so.written + written });
  }

  all(): ReadonlyArray<[kind: string, share: number]> {
    return [...this.counts].map(([kind, { taken, written }]) => [kind, taken / written]);
  }
}

test('the fast path and the exact path never differ', async () => {
  const shares = new Shares();
  await fc.assert(fc.asyncProperty(cases, async (one) => {
    const { taken = 0, ...fast } = await run(seeFastChunk, one, true);
    expect(fast).toEqual(await run(seeChunk, one, false));
    expect(fast.result.recordsRead).toBe(fast.result.recordsWritten + fast.result.recordsRejected);
    shares.add(one, taken, fast.result.recordsWritten);
    if (fast.keys.length > 0) {
      const excluded = someOf(fast.keys, one.excluded);
      const rest = await run(seeChunk, one, true, excluded);
      expect(rest).toEqual(await run(seeChunk, one, false, excluded));
      expect(rest.result.recordsWritten).toBe(fast.result.recordsWritten - excluded.length);
    }
  }), fuzz(3000));
  // Otherwise the test would prove nothing. Usual are 0.2 (CSV with keys) to 0.7 (JSON Lines).
  expect(shares.all().length).toBe(8);
  expect(shares.all().filter(([, share]) => share < 0.05)).toEqual([]);
}, FUZZ_TIMEOUT_MS);
