/** What a job of the largest object that S3 holds writes, when it is ended: chunks by formula, as the job table gives them. */
import { FILE_ID, MadeUpJob } from './support/made-up-job';
import { ObjectKeys } from '../../src/contract/object-keys';
import { finalizeJob } from '../../src/steps/finalize-job';
import { tasksOf } from '../../src/steps/job-plan';

const GIB = 1024 ** 3;
/** The most that a job has; one of 48.8 TiB has chunks of 5 GiB. */
const CHUNKS = 10_000;
const PARTS = 20;

test('a job of 48.8 TiB is proved and published, and nothing that is written of it is larger than a few MB', async () => {
  const job = new MadeUpJob({ chunks: CHUNKS, parts: PARTS, rejects: 1, chunkSize: 5 * GIB });
  expect(await finalizeJob({ fileId: FILE_ID }, job.deps())).toEqual({ status: 'PUBLISHED', fileId: FILE_ID });
  expect(job.published).toEqual({ files: CHUNKS, parts: CHUNKS * PARTS });
  expect([...job.put.keys()].map((key) => key.replace(/.*\//, '')).sort()).toEqual(['_manifest.json', `file_id=${FILE_ID}.json`]);
  for (const size of job.put.values()) expect(size).toBeLessThan(8e6);
  expect(JSON.stringify(job.item).length).toBeLessThan(5000);
  expect(job.item).toMatchObject({ status: 'SUCCEEDED', records_read: CHUNKS * 500_000, size_bytes: CHUNKS * 5 * GIB });
}, 60_000);

test('neither plan nor manifest of such a job is larger', () => {
  const job = new MadeUpJob({ chunks: CHUNKS, parts: 1, chunkSize: 5 * GIB });
  const plan = job.plan();
  expect(JSON.stringify(plan).length).toBeLessThan(2e6);
  expect(JSON.stringify(tasksOf(job.item, job.item.plan_key!, plan.chunks)).length).toBeLessThan(4e6);
  expect(new ObjectKeys(plan.contract.prefixes, FILE_ID).part('2026-11-21', CHUNKS - 1, '.jsonl')).toMatch(/part-09999.jsonl$/);
});

test.each([
  [7, 1500],
  // 1.6 GB and 15 GB of output.
  [200, 9000],
  [1900, 76_000],
])('the item of a chunk of %d parts has at most %d bytes', (parts, size) => {
  const { rejects_by_column: _, ...item } = new MadeUpJob({ chunks: 1, parts }).chunk(0);
  expect(JSON.stringify(item).length).toBeLessThan(size);
});
