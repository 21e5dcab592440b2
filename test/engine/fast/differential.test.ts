import * as fc from 'fast-check';
import { Case, cases } from './cases';
import { FastPath } from '../../../src/engine/fast/fast-path';
import { compileFormat } from '../../../src/engine/format';
import { ExclusionList } from '../../../src/engine/keys/exclusions';
import { KeyEntries } from '../../../src/engine/keys/key-entry';
import { ChunkResult, processChunk } from '../../../src/engine/process-chunk';
import { Reject } from '../../../src/engine/rejects';
import { bytesSource } from '../engine-run';
import { fuzz, FUZZ_TIMEOUT_MS } from '../fuzz';
import { JOB } from '../output/output-run';

interface Outcome {
  readonly output: string;
  readonly rejects: ReadonlyArray<Omit<Reject, 'record'> & { record: string }>;
  /** Key shard. */
  readonly keys: Buffer;
  readonly result: ChunkResult;
}

async function run({ schema, dialect, encoding, maxRecordSize, content, range, readSize, output }: Case, fast: boolean,
  exclusions?: ExclusionList): Promise<Outcome> {
  const pieces: Buffer[] = [];
  const rejects: Array<Omit<Reject, 'record'> & { record: string }> = [];
  const keys: Buffer[] = [];
  const [start, end] = range.map((share) => Math.floor(share * content.length));
  const result = await processChunk(bytesSource(content), compileFormat({ schema, dialect, encoding, maxRecordSize, output }), { start, end }, {
    write: async (bytes) => { pieces.push(Buffer.from(bytes)); },
    rejects: async (batch) => { rejects.push(...batch.map((reject) => ({ ...reject, record: reject.record.toString('latin1') }))); },
    writeKeys: async (bytes) => { keys.push(Buffer.from(bytes)); },
  }, { fast, readSize, exclusions, job: JOB });
  return { output: Buffer.concat(pieces).toString('latin1'), rejects, keys: Buffer.concat(keys), result };
}

/** Some of the records that have left keys: about that share of them. */
function someOf(keys: Buffer, share: number): ExclusionList {
  const entries = new KeyEntries(keys);
  const offsets = Array.from({ length: entries.capacity }, (_, entry) => entries.byteOffset(entry));
  const records = [...new Set(offsets)].sort((a, b) => a - b).filter((_, index) => Math.floor(index * share) !== Math.floor((index - 1) * share));
  const list = ExclusionList.withRoomFor(records.length);
  records.forEach((byteOffset, index) => list.set(index, { byteOffset, keyNumber: 0, firstLine: 1, firstByteOffset: 0 }));
  return list;
}

test('the fast path and the exact path never differ', async () => {
  const close = jest.spyOn(FastPath.prototype, 'close');
  let taken = 0;
  let written = 0;
  await fc.assert(fc.asyncProperty(cases, async (one) => {
    const fast = await run(one, true);
    expect(fast).toEqual(await run(one, false));
    expect(fast.result.recordsRead).toBe(fast.result.recordsWritten + fast.result.recordsRejected);
    if (fast.keys.length > 0) {
      const excluded = someOf(fast.keys, one.excluded);
      const rest = await run(one, true, excluded);
      expect(rest).toEqual(await run(one, false, excluded));
      expect(rest.result.recordsWritten).toBe(fast.result.recordsWritten - excluded.length);
    }
    if (close.mock.contexts.length === 0) return;
    taken += (close.mock.contexts[0] as FastPath).written;
    written += fast.result.recordsWritten;
    close.mockClear();
  }), fuzz(3000));
  // Else the test would be about nothing.
  expect(taken / written).toBeGreaterThan(0.6);
}, FUZZ_TIMEOUT_MS);
