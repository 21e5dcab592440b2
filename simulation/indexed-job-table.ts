/** The job table in memory with the index that readers page through. */
import { JobItem, JobStatus } from '../src/contract/job-item';
import { JobIndex, JobPeriod } from '../src/ports/job-index';
import { MemoryJobTable } from '../src/preflight/memory-job-table';

export class IndexedJobTable extends MemoryJobTable implements JobIndex {
  async* newestJobs(status: JobStatus, { from, to, after }: JobPeriod): AsyncIterable<JobItem> {
    const found: JobItem[] = [];
    for await (const job of this.jobsByStatus(status, from)) if (job.timestamp < to) found.push(job);
    const isWanted = (job: JobItem) => after === undefined || isBehind(job, { timestamp: after.timestamp, file_id: after.fileId });
    yield* found.filter(isWanted).sort((a, b) => isBehind(a, b) ? 1 : -1);
  }
}

type Place = Pick<JobItem, 'timestamp' | 'file_id'>;

function isBehind(job: Place, other: Place): boolean {
  return job.timestamp < other.timestamp || (job.timestamp === other.timestamp && job.file_id < other.file_id);
}
