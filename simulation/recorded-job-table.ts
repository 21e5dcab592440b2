/** The job table, with all that its jobs ever were; and with an index that lags behind. */
import { IndexedJobTable } from './indexed-job-table';
import { Random } from './random';
import { SECOND } from './weather';
import { JOB_SORT_KEY, JobItem, JobStatus } from '../src/contract/job-item';
import { withoutUndefined } from '../src/ports/changed-job';
import { Regions } from '../src/ports/regions';
import { TableItem } from '../src/preflight/memory-job-table';

interface Moment {
  readonly at: number;
  readonly job: JobItem;
}

const nobody = () => undefined;
/** Of the index. */
export const LONGEST_LAG = 5 * SECOND;

/** When an item was written, and where: of two writes of one item the later one stays. */
export interface Stamp {
  readonly at: number;
  /** Of the writes of one region. */
  readonly order: number;
  readonly region: string;
}

export class RecordedJobTable extends IndexedJobTable {
  /** Of each job, from its claim on. */
  readonly histories = new Map<string, Moment[]>();
  /** Of each item. */
  private readonly stamps = new Map<string, Stamp>();
  /** All items, as they are. */
  readonly contents = new Map<string, TableItem>();
  private writes = 0;
  onChange: (before: JobItem | undefined, after: JobItem) => void = nobody;
  /** Told of each item that is here now, written or replicated. */
  onKept: (item: TableItem) => void = nobody;
  /** Told of what is written here, and not of what a replication brings. */
  onWrite: (item: TableItem, stamp: Stamp) => void = nobody;

  /** @param region where it is a replica in one of two regions */
  constructor(private readonly now: () => number, private readonly random: Random, regions?: Regions, private readonly region = regions?.own ?? '') {
    super(regions);
  }

  get all(): JobItem[] {
    return [...this.histories.values()].map((moments) => moments.at(-1)!.job);
  }

  /** From the other region. @returns whether it is newer than what is here */
  receive(item: TableItem, stamp: Stamp): boolean {
    const key = keyOf(item);
    const own = this.stamps.get(key);
    if (own !== undefined && !isLater(stamp, own)) return false;
    this.stamps.set(key, stamp);
    this.keep(item);
    return true;
  }

  protected override write(item: TableItem): void {
    const stamp = { at: this.now(), order: ++this.writes, region: this.region };
    this.stamps.set(keyOf(item), stamp);
    this.keep(item);
    this.onWrite(item, stamp);
  }

  protected override remove(item: TableItem): void {
    super.remove(item);
    this.contents.delete(keyOf(item));
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

  private keep(item: TableItem): void {
    super.write(item);
    this.contents.set(keyOf(item), withoutUndefined(item));
    this.onKept(item);
    if (item.chunk_id === JOB_SORT_KEY) this.record(withoutUndefined(item as JobItem));
  }

  private record(job: JobItem): void {
    const moments = this.histories.get(job.file_id) ?? [];
    this.onChange(moments.at(-1)?.job, job);
    this.histories.set(job.file_id, [...moments, { at: this.now(), job }]);
  }
}

function isLater(one: Stamp, other: Stamp): boolean {
  if (one.at !== other.at) return one.at > other.at;
  return one.region === other.region ? one.order > other.order : one.region > other.region;
}

function keyOf({ file_id: partition, chunk_id: sortKey }: TableItem): string {
  return `${partition} ${sortKey}`;
}
