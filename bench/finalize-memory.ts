/**
 * `npx tsx bench/finalize-memory.ts [--chunks 10000] [--parts 7]`: the most that is alive on the heap while FinalizeJob proves, judges
 * and publishes a job of so many chunks, beside what it would be if all chunk items and a list of all uploads were held.
 * The job table is made up item by item, as pages of a query come: so many uploaded parts and 30 columns with rejects each.
 * The buffers of uploads are not on the heap: 24 MiB, whatever the job.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { chunkId, ChunkItem, JobItem } from '../src/contract/job-item';
import { changedJob } from '../src/ports/changed-job';
import { StepDeps } from '../src/ports/step-deps';
import { countAttributes, countsOf } from '../src/spec/counts';
import { finalizeJob } from '../src/steps/finalize-job';
import { JobPlan } from '../src/steps/job-plan';
import { CONTRACT } from '../test/steps/support/world';

const MIB = 1024 * 1024;
const CHUNK_SIZE = 50 * MIB;
const COLUMNS = Array.from({ length: 30 }, (_, index) => `a_column_of_the_file_${index}`);
const FILE_ID = '0123456789abcdef'.repeat(2);
const PLAN_KEY = `work/${FILE_ID}/plan-1.json`;
/** How often the heap is looked at, in chunks. */
const LOOK_EACH = 500;

const { values } = parseArgs({ options: { chunks: { type: 'string', default: '10000' }, parts: { type: 'string', default: '7' } } });
const CHUNKS = count('chunks');
const PARTS = count('parts');

function count(name: keyof typeof values): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`expected --${name} to be a whole number from 1, got ${values[name]}`);
  return number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Looks at what is alive. */
class Heap {
  peak = 0;
  private readonly before = this.alive();

  look(): void {
    this.peak = Math.max(this.peak, this.alive() - this.before);
  }

  private alive(): number {
    collect();
    return process.memoryUsage().heapUsed;
  }
}

/** As a query returns it: every text is its own. */
function itemOf(index: number): ChunkItem {
  const id = chunkId(index);
  return JSON.parse(JSON.stringify({
    file_id: FILE_ID,
    chunk_id: id,
    chunk_status: 'SUCCEEDED',
    attempt: 1,
    generation: 10,
    updated_at: 1_770_000_000_000 + index,
    start: index * CHUNK_SIZE,
    end: (index + 1) * CHUNK_SIZE,
    actual_end: (index + 1) * CHUNK_SIZE,
    lines: 500_000,
    ...countAttributes(countsOf({})),
    records_read: 500_000,
    records_written: 500_000 - COLUMNS.length,
    records_rejected: COLUMNS.length,
    rejects_by_code: { type: COLUMNS.length },
    rejects_by_column: Object.fromEntries(COLUMNS.map((name) => [name, 1])),
    part_key: `output/ingest_date=2026-11-21/file_id=${FILE_ID}/part-${String(index).padStart(5, '0')}.jsonl`,
    upload_id: `${index}`.padStart(130, 'u'),
    parts: Array.from({ length: PARTS }, (_, part) => ({ number: part + 1, etag: `"${`${index}-${part}`.padStart(32, 'e')}"`, size: 8 * MIB })),
    output_bytes: CHUNK_SIZE,
    result_attempt: 1,
    reject_shard_key: `work/${FILE_ID}/rejects/${id}-1.jsonl`,
  } satisfies ChunkItem)) as ChunkItem;
}

const SHARD = Buffer.from(COLUMNS.map((column, line) => JSON.stringify({
  line, offset: line * 100, code: 'type', column, message: 'expected an integer, got "none"', encoding: 'utf-8', record: 'none,'.repeat(30),
}) + '\n').join(''));

function newPlan(): JobPlan {
  return {
    contract: { ...CONTRACT, maxRejectedPercentage: 100 },
    input: { format: 'csv', compression: 'none', encoding: 'utf-8' },
    source: { bucket: 'b', key: 'incoming/a.csv', etag: 'e', sizeBytes: CHUNKS * CHUNK_SIZE, lastModified: '2026-11-21T00:00:00.000Z' },
    chunks: Array.from({ length: CHUNKS }, (_, index) => ({ start: index * CHUNK_SIZE, end: (index + 1) * CHUNK_SIZE, boundary: 'exact' })),
  };
}

function newDeps(heap: Heap): StepDeps {
  let job = {
    file_id: FILE_ID,
    chunk_id: 'job',
    status: 'PROCESSING',
    timestamp: 0,
    revision: 2,
    key: 'incoming/a.csv',
    file_name: 'a.csv',
    size_bytes: CHUNKS * CHUNK_SIZE,
    plan_key: PLAN_KEY,
    process_start_time: '2026-11-21T00:00:00.000Z',
    ingest_date: '2026-11-21',
    run: 1,
  } as JobItem;
  const nothing = async (): Promise<void> => undefined;
  let completed = 0;
  return {
    jobs: {
      job: async () => job,
      changeJob: async (_: JobItem, changes: object) => {
        heap.look();
        job = changedJob(job, changes, 0);
        return job;
      },
      note: nothing,
      events: async () => [],
      chunks: async function* () {
        for (let index = 0; index < CHUNKS; index++) {
          if (index % LOOK_EACH === 0) heap.look();
          yield itemOf(index);
        }
      },
    },
    output: {
      getJson: async () => JSON.parse(JSON.stringify(newPlan())) as unknown,
      put: async () => heap.look(),
      read: async function* () { yield SHARD; },
      ranges: () => { throw new Error('no keys'); },
      openUpload: async () => 'u',
      uploadPart: async (_key: string, _id: string, number: number, { length: size }: Uint8Array) => {
        heap.look();
        return { number, etag: 'e', size };
      },
      completeUpload: async () => {
        if (++completed % LOOK_EACH === 0) heap.look();
        return true;
      },
    },
    events: { announce: nothing },
    contract: CONTRACT,
    now: () => new Date(),
    timeLeft: () => Infinity,
    newId: () => 'id',
    log: { info: () => undefined, warn: () => undefined },
    meter: { add: () => undefined, addByCode: () => undefined },
  } as unknown as StepDeps;
}

/** All items, then the list of all uploads as a text, and what is read of it. */
function holdAll(heap: Heap): void {
  const plan = newPlan();
  const items = Array.from({ length: CHUNKS }, (_, index) => itemOf(index));
  const listed = items.map(({ chunk_id, part_key, upload_id, parts, result_attempt }) => ({ chunk_id, part_key, upload_id, parts, result_attempt }));
  const record = JSON.stringify(listed);
  const uploads = JSON.parse(record) as unknown[];
  heap.look();
  if (uploads.length !== plan.chunks.length || record.length === 0) throw new Error('not held');
}

async function main(): Promise<void> {
  const all = new Heap();
  holdAll(all);
  const heap = new Heap();
  const { status } = await finalizeJob({ fileId: FILE_ID }, newDeps(heap));
  if (status !== 'PUBLISHED') throw new Error(`expected the job to be PUBLISHED, got ${status}`);
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB, ${(bytes / CHUNKS / 1024).toFixed(1)} KiB a chunk`;
  console.log(`${CHUNKS} chunks of ${PARTS} parts, most alive on the heap`);
  console.log(`  all items and a list of their uploads   ${mib(all.peak)}`);
  console.log(`  FinalizeJob, from proof to publication  ${mib(heap.peak)}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
