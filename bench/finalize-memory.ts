/**
 * `npx tsx bench/finalize-memory.ts [--chunks 10000] [--parts 7]`: the most that is alive on the heap while FinalizeJob proves, judges
 * and publishes a job of so many chunks, beside what it would be if all chunk items and a list of all uploads were held.
 * The job table is made up item by item, as pages of a query come: so many uploaded parts and 30 columns with rejects each.
 * The buffers of uploads are not on the heap: 24 MiB, whatever the job.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { finalizeJob } from '../src/steps/finalize-job';
import { FILE_ID, MadeUpJob } from '../test/steps/support/made-up-job';

const MIB = 1024 * 1024;

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

/** All items, then the list of all uploads as a text, and what is read of it. */
function holdAll(heap: Heap): void {
  const job = new MadeUpJob({ chunks: CHUNKS, parts: PARTS });
  const plan = job.plan();
  const items = Array.from({ length: CHUNKS }, (_, index) => job.chunk(index));
  const listed = items.map(({ chunk_id: id, part_key: key, upload_id: uploadId, part_etags: etags }) => ({ id, key, uploadId, etags }));
  const record = JSON.stringify(listed);
  const uploads = JSON.parse(record) as unknown[];
  heap.look();
  if (uploads.length !== plan.chunks.length || record.length === 0) throw new Error('not held');
}

async function main(): Promise<void> {
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB, ${(bytes / CHUNKS / 1024).toFixed(1)} KiB a chunk`;
  console.log(`${CHUNKS} chunks of ${PARTS} parts, most alive on the heap`);
  const heap = new Heap();
  const job = new MadeUpJob({ chunks: CHUNKS, parts: PARTS, look: () => heap.look() });
  const { status } = await finalizeJob({ fileId: FILE_ID }, job.deps());
  if (status !== 'PUBLISHED') throw new Error(`expected the job to be PUBLISHED, got ${status}`);
  console.log(`  FinalizeJob, from proof to publication  ${mib(heap.peak)}`);
  const all = new Heap();
  holdAll(all);
  console.log(`  all items and a list of their uploads   ${mib(all.peak)}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
