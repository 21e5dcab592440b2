/** Many files at once, and a file of many chunks. */
import { DeployedPipeline } from './deployed-pipeline';
import { TRANSACTION_HEADER, transactions } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';

const LIMIT_MS = 180_000;
const pipeline = new DeployedPipeline('Many');

test('300 files at once are 300 jobs, each published', async () => {
  const files = 300;
  const names = Array.from({ length: files }, (_, index) => `incoming/many/${index}.csv`);
  const records = [...transactions({ sizeBytes: 100 * files * 20, seed: 31, badShare: 0 })].map(({ text }) => text);
  const perFile = Math.floor(records.length / files);
  const fileOf = (index: number) => TRANSACTION_HEADER + records.slice(index * perFile, (index + 1) * perFile).join('');
  // As many at a time as the client has sockets.
  for (let first = 0; first < files; first += 50) {
    await Promise.all(names.slice(first, first + 50).map(async (key, index) => pipeline.upload(key, fileOf(first + index))));
  }

  const ended = await waitFor('300 jobs to be settled', async () => {
    const jobs = await pipeline.jobs.allJobs();
    return jobs.length === files && jobs.every(({ source_state: state }) => state !== undefined) ? jobs : undefined;
  }, LIMIT_MS, 1_000);

  expect(ended.map(({ key }) => key).sort()).toEqual([...names].sort());
  expect(ended.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
  expect(ended.reduce((sum, { records_written: written }) => sum + written!, 0)).toBe(files * perFile);
  expect(await pipeline.keys('incoming/')).toEqual([]);
  expect(await pipeline.keys('processed/')).toHaveLength(files);
  expect((await pipeline.keys('output/')).filter((key) => key.endsWith('/_manifest.json'))).toHaveLength(files);
}, LIMIT_MS);

test('a file of 200 chunks is published whole', async () => {
  const chunks = 200;
  // The same records over and over: making 200 MB of them takes longer than processing them.
  const piece = Buffer.from([...transactions({ sizeBytes: 2 * 1_048_576, seed: 32 })].map(({ text }) => text).join(''));
  const file = Buffer.concat([Buffer.from(TRANSACTION_HEADER), ...Array<Buffer>(chunks / 2).fill(piece)]);
  const record = await pipeline.process('incoming/large.csv', file, LIMIT_MS);

  expect(record.job).toMatchObject({ status: 'SUCCEEDED', source_state: 'MOVED' });
  expect(record.chunks.length).toBeGreaterThanOrEqual(chunks);
  expect(record.job.records_read).toBe(record.job.records_written! + record.job.records_rejected!);
  const { chunks: reported, fileSize } = await pipeline.report(record);
  expect([0, ...reported.map(({ end }) => end)]).toEqual([...reported.map(({ start }) => start), fileSize]);
  expect(await pipeline.publishedKeys(record)).toHaveLength(record.chunks.length + 1);
}, LIMIT_MS);
