/** What `JobIndex` promises, as examples that every implementation has to pass. */
import { newJob } from './job-table-contract';
import { waitFor } from '../../emulator/job-watch';
import { JobItem } from '../../src/contract/job-item';
import { JobIndex, JobPeriod } from '../../src/ports/job-index';
import { JobTable } from '../../src/ports/jobs';

/** How long an index may lag behind its table. */
const INDEX_LAG_MS = 10_000;
/** No other test has jobs in this time. */
const START = Date.parse('2031-01-01T00:00:00Z');

export function describeJobIndex(name: string, create: () => Promise<JobTable & JobIndex>): void {
  describe(`job index: ${name}`, () => {
    let jobs: JobTable & JobIndex;
    const ids: string[] = [];

    const found = async (period: Partial<JobPeriod>, most = Infinity): Promise<JobItem[]> => {
      const items: JobItem[] = [];
      for await (const job of jobs.newestJobs('PLANNING', { from: START, to: START + 1000, pageSize: 2, ...period })) {
        items.push(job);
        if (items.length === most) break;
      }
      return items;
    };
    const idsOf = async (period: Partial<JobPeriod>, most?: number) => (await found(period, most)).map(({ file_id: fileId }) => fileId);

    beforeAll(async () => {
      jobs = await create();
      for (const offset of [0, 10, 20, 20, 999, 1000]) {
        const job = newJob({ timestamp: START + offset });
        ids.push(job.file_id);
        await jobs.claim(job, { event: 'claimed', at: job.timestamp });
      }
      await waitFor('the jobs in the index', async () => (await found({ to: START + 1001 })).length === ids.length || undefined, INDEX_LAG_MS);
    });

    test('the newest come first, from the first time to before the second', async () => {
      const times = (await found({})).map(({ timestamp }) => timestamp - START);
      expect(times).toEqual([999, 20, 20, 10, 0]);
      expect((await found({ from: START + 10, to: START + 20 })).map(({ timestamp }) => timestamp - START)).toEqual([10]);
    });

    test('a job is there with all of its attributes', async () => {
      const [job] = await found({});
      expect(job).toStrictEqual(await jobs.job(job.file_id));
    });

    test.each([1, 2, 3, 4, 5])('a reading that ends after %i goes on behind it, also among jobs of one time', async (count) => {
      const all = await found({});
      const { file_id: fileId, timestamp } = all[count - 1];
      expect(await idsOf({}, count)).toEqual(all.slice(0, count).map((job) => job.file_id));
      expect(await idsOf({ after: { fileId, timestamp } })).toEqual(all.slice(count).map((job) => job.file_id));
    });

    test('of another status there are none', async () => {
      for await (const job of jobs.newestJobs('FAILED', { from: START, to: START + 1001, pageSize: 2 })) expect(job).toBeUndefined();
    });
  });
}
