import { JobItem } from '../../src/contract/job-item';
import { rerunFault, resumeFault, resumeWindowEnd } from '../../src/contract/resume-and-rerun';

const job = (more: Partial<JobItem>) => more as JobItem;
const MOVED = { moved_to: 'processed/a.csv', source_state: 'MOVED' } as const;

test.each<[Partial<JobItem>, ReturnType<typeof resumeFault>, ReturnType<typeof rerunFault>]>([
  [{ status: 'PLANNING' }, 'OPEN', 'OPEN'],
  [{ status: 'PROCESSING' }, 'OPEN', 'OPEN'],
  [{ status: 'PUBLISHING' }, 'OPEN', 'OPEN'],
  [{ status: 'FAILED', resumable: true }, undefined, 'RESUMABLE'],
  [{ status: 'FAILED', resumable: false, ...MOVED }, 'FAILED_FOR_GOOD', undefined],
  [{ status: 'FAILED', resumable: false, source_state: 'GONE' }, 'FAILED_FOR_GOOD', 'SOURCE_GONE'],
  [{ status: 'FAILED', resumable: false }, 'FAILED_FOR_GOOD', 'SOURCE_NOT_MOVED'],
  [{ status: 'SUCCEEDED', ...MOVED }, 'SUCCEEDED', undefined],
  // Copied, though it could not be deleted where it was.
  [{ status: 'SUCCEEDED', moved_to: 'processed/a.csv', source_state: 'KEPT' }, 'SUCCEEDED', undefined],
  [{ status: 'SUCCEEDED' }, 'SUCCEEDED', 'SOURCE_NOT_MOVED'],
])('%j: resume %s, rerun %s', (item, resume, rerun) => {
  expect([resumeFault(job(item)), rerunFault(job(item))]).toEqual([resume, rerun]);
});

test('a job that is planned can be resumed for so long after its claim, one that is not planned whenever', () => {
  const start = { process_start_time: '2026-11-29T10:00:00.000Z' };
  expect(resumeWindowEnd(job({ ...start, plan_key: 'work/plan.json' }), 3600)).toEqual(new Date('2026-11-29T11:00:00.000Z'));
  expect(resumeWindowEnd(job(start), 3600)).toBeUndefined();
});
