/** GET /jobs: jobs of one status or of all, newest first, a page at a time. */
import { ApiResponse, json } from './api-messages';
import { PagePositions, positionsOf, tokenOf } from './page-token';
import { JobsQuery } from './request-fields';
import { JOB_STATUSES, JobItem, JobStatus } from '../../contract/job-item';
import { JobIndex } from '../../ports/job-index';
import { countsOf } from '../../spec/counts';
import { JobSummary, summaryOf } from '../job-summary';

export interface ListPageDeps {
  readonly jobs: JobIndex;
  readonly pipelineId: string;
}

/** Figures of a job, as soon as it has its verdict. */
export type RecordFigures = Pick<ReturnType<typeof countsOf>, 'recordsRead' | 'recordsWritten' | 'recordsRejected' | 'recordsFiltered'>;

/** An entry of the list. */
export interface ListedJob extends JobSummary {
  readonly jobId: string;
  readonly sizeBytes: number;
  /** ISO 8601. */
  readonly startTime: string;
  readonly endTime?: string;
  readonly counts?: RecordFigures;
}

export async function listPage(query: JobsQuery, { jobs, pipelineId }: ListPageDeps): Promise<ApiResponse> {
  const statuses = query.status === undefined ? JOB_STATUSES : [query.status];
  const positions: { -readonly [Status in JobStatus]?: PagePositions[Status] } = { ...positionsOf(pipelineId, query, statuses) };
  const { from, to, limit } = query;
  const queues: Queue[] = await Promise.all(statuses.map(async (status) => {
    const items = jobs.newestJobs(status, { from, to, after: positions[status], pageSize: limit + 1 })[Symbol.asyncIterator]();
    return { items, head: await items.next() };
  }));
  // The index may show a job twice that changes meanwhile: the later state is the true one, and it comes first.
  const page = new Map<string, JobItem>();
  let next = newestOf(queues);
  for (; next !== undefined && page.size < limit; next = newestOf(queues)) {
    const job = headOf(next);
    if (!page.has(job.file_id)) page.set(job.file_id, job);
    positions[job.status] = { timestamp: job.timestamp, fileId: job.file_id };
    next.head = await next.items.next();
  }
  await Promise.all(queues.map(async ({ items }) => items.return?.()));
  return json(200, {
    jobs: [...page.values()].map(listed),
    nextToken: next === undefined ? undefined : tokenOf(pipelineId, query, positions),
  });
}

/** Jobs of one status, and the next of them. */
interface Queue {
  readonly items: AsyncIterator<JobItem, unknown>;
  head: IteratorResult<JobItem, unknown>;
}

/** Undefined: there are no more jobs. */
function newestOf(queues: readonly Queue[]): Queue | undefined {
  return queues.filter(({ head }) => head.done !== true).sort((a, b) => headOf(b).timestamp - headOf(a).timestamp)[0];
}

function headOf({ head }: Queue): JobItem {
  return head.value as JobItem;
}

function listed(job: JobItem): ListedJob {
  return {
    jobId: job.file_id,
    ...summaryOf(job),
    sizeBytes: job.size_bytes,
    startTime: job.process_start_time,
    endTime: job.process_end_time,
    counts: figuresOf(job),
  };
}

export function figuresOf(job: JobItem): RecordFigures | undefined {
  if (job.records_read === undefined) return undefined;
  const { recordsRead, recordsWritten, recordsRejected, recordsFiltered } = countsOf(job);
  return { recordsRead, recordsWritten, recordsRejected, recordsFiltered };
}
