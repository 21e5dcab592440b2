import { CONTRACT, World } from './support/world';
import { MemoryOutputStore } from '../../simulation/memory-stores';
import { ObjectKeys } from '../../src/contract/object-keys';
import { ChunkTask } from '../../src/contract/payloads';
import { ExclusionList } from '../../src/engine/keys/exclusions';
import { findDuplicates } from '../../src/engine/keys/find-duplicates';
import { ENTRY_BYTES, KeyEntries } from '../../src/engine/keys/key-entry';
import { ChunkOutput } from '../../src/steps/chunk-output';
import { formatOf } from '../../src/steps/job-plan';
import { hasTooManyRuns, runsOfShard } from '../../src/steps/key-shard';
import { bytesSource } from '../engine/support/engine-run';

const MIB = 1024 ** 2;
const RECORDS = 1_200_000;
/** A few ids come again, far from where they came first. */
const FILE = Buffer.from(`id,text\n${Array.from({ length: RECORDS }, (_, index) => `${index % 1_100_000 === 7 ? 7 : index},x\n`).join('')}`);
const FORMAT = formatOf({ ...CONTRACT, schema: { ...CONTRACT.schema, primaryKey: 'id' } }, { format: 'csv', compression: 'none', encoding: 'utf-8' });

/** A worker on a chunk of a job that has so many of them. */
async function processed(chunkCount: number) {
  const world = new World();
  const store = new MemoryOutputStore(world.outputBucket, MIB);
  const task: ChunkTask = { fileId: 'f', chunkId: 'chunk-0000000', planKey: '', task: 'PROCESS', run: 1, round: 0, start: 0, end: FILE.length };
  const job = { key: 'incoming/a.csv', ingest_date: '2026-11-21', process_start_time: '2026-11-21T00:00:00.000Z' };
  const output = new ChunkOutput(store, new ObjectKeys(CONTRACT.prefixes, 'f'), { task, attempt: 1, job, outputFormat: {}, chunkCount });
  const outcome = await output.process(bytesSource(FILE), FORMAT, { fast: true, now: Date.now });
  const runs = runsOfShard(store, outcome.key_shard_key!, outcome.key_runs!).map((run) => Object.assign(run, { firstLine: 1 }));
  return { outcome, runs, duplicates: await findDuplicates(runs, { bufferBytes: 1_000_000 }) as ExclusionList };
}

test('of a job whose chunks have few runs each one is merged by FinalizeJob', async () => {
  const { outcome } = await processed(3000);
  expect(outcome.key_runs!.length).toBeGreaterThan(2);
});

test('where all chunks together would have too many runs each worker leaves one, of the same entries in order', async () => {
  const [few, many] = [await processed(3000), await processed(5000)];
  expect(many.outcome.key_runs).toEqual([RECORDS]);
  const entries = new KeyEntries(await many.runs[0].read(0, RECORDS * ENTRY_BYTES));
  let outOfOrder = 0;
  for (let entry = 1; entry < RECORDS; entry++) if (entries.compare(entry - 1, entries, entry) > 0) outOfOrder++;
  expect(outOfOrder).toBe(0);
  expect(many.duplicates.length).toBe(1);
  expect(Buffer.compare(Buffer.from(many.duplicates.bytes), Buffer.from(few.duplicates.bytes))).toBe(0);
});

test.each([
  [[5], 10_000, false],
  [[5, 5], 5000, false],
  [[5, 5], 5001, true],
  [[5, 5, 5], 3334, true],
])('runs of %p in each of %d chunks: merged %p', (lengths, chunkCount, isMerged) => {
  expect(hasTooManyRuns(lengths, chunkCount)).toBe(isMerged);
});
