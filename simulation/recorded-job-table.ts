/** The job table, with all that its jobs ever were; and with an index that lags behind. */
import { IndexedJobTable } from './indexed-job-table';
import { Random } from './random';
import { SECOND } from './weather';
import { JobItem, JobStatus } from '../src/contract/job-item';
import { JobChanges, JobEvent } from '../src/ports/jobs';


interface Moment {
  readonly at: number;
  readonly job: JobItem;
}

const nobody = () => undefined;
const LONGEST_LAG = 5 * SECOND;

export class RecordedJobTable extends IndexedJobTable {
  /** Of each job, from its claim on. */
  readonly histories = new Map<string, Moment[]>();
  onChange: (before: JobItem | undefined, after: JobItem) => void = nobody;

  constructor(private readonly now: () => number, private readonly random: Random) {
    super();
  }

  get all(): JobItem[] {
    return [...this.histories.values()].map((moments) => moments.at(-1)!.job);
  }

  override async claim(job: JobItem, event: JobEvent): Promise<boolean> {
    const isNew = await super.claim(job, event);
    if (isNew) this.record(job);
    return isNew;
  }

  override async claimForClosed(job: JobItem, event: JobEvent): Promise<boolean> {
    const isNew = await super.claimForClosed(job, event);
    if (isNew) this.record(job);
    return isNew;
  }

  override async changeJob(job: JobItem, changes: JobChanges, event: JobEvent): Promise<JobItem | undefined> {
    const changed = await super.changeJob(job, changes, event);
    if (changed !== undefined) this.record(changed);
    return changed;
  }

  override async* jobsByStatus(status: JobStatus, since: number): AsyncIterable<JobItem> {
    const at = this.now() - this.random.between(0, LONGEST_LAG);
    for (const moments of this.histories.values()) {
      const job = moments.findLast((moment) => moment.at <= at)?.job;
      if (job?.status === status && job.timestamp >= since) yield job;
    }
  }

  override async* unsettledJobs(): AsyncIterable<string> {
    const at = this.now() - this.random.between(0, LONGEST_LAG);
    for (const [fileId, moments] of this.histories) {
      if (moments.findLast((moment) => moment.at <= at)?.job.unsettled !== undefined) yield fileId;
    }
  }

  private record(job: JobItem): void {
    const moments = this.histories.get(job.file_id) ?? [];
    this.onChange(moments.at(-1)?.job, job);
    this.histories.set(job.file_id, [...moments, { at: this.now(), job }]);
  }
}
