import { Fence } from './regions';
import { ChunkItem, ChunkOutcome, EventItem, ExecutionItem, FenceItem, JobItem, JobStatus } from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';

/** The content of an audit entry: what happened, and when. */
export type JobEvent = Pick<EventItem, 'event' | 'at' | 'stages' | 'message'>;

/** Attributes to set; `undefined` removes the attribute. `revision` and `unsettled` are the table's own. */
export type JobChanges = { readonly [Name in Exclude<keyof JobItem, 'revision' | 'unsettled'>]?: JobItem[Name] | undefined };

/**
 * The job table. A read sees every write that was made before it, except for `jobsByStatus` and
 * `unsettledJobs`.
 *
 * Where the pipeline has two regions, `claim`, `claimForClosed` and `changeJob` reject with `PassiveRegionError`, and
 * change nothing, when the other region is the active one.
 */
export interface JobTable {
  /**
   * Creates the job item and its first audit entry, and notes at the item's execution that it has this job. All or
   * nothing.
   *
   * @returns false, and nothing is changed, when there is such a job already, or when the execution is closed or has
   * another job
   */
  claim(job: JobItem, event: JobEvent): Promise<boolean>;
  /**
   * As `claim`, for an execution that was closed before it claimed anything: nobody but who closed it does this.
   *
   * @returns false, and nothing is changed, when there is such a job already, or when the execution has another job
   */
  claimForClosed(job: JobItem, event: JobEvent): Promise<boolean>;
  job(fileId: string): Promise<JobItem | undefined>;
  /**
   * Makes the changes and adds the audit entry, both or none. A new status also sets `timestamp`, to the entry's time.
   * A new `execution_arn` is noted at that execution, too: it has this job.
   *
   * @param job as it was read: nothing of it may have been changed since
   * @returns the job as it is now; undefined, and nothing is changed, when somebody has changed it since, or when the
   * new execution is closed or has another job
   */
  changeJob(job: JobItem, changes: JobChanges, event: JobEvent): Promise<JobItem | undefined>;
  /** Adds an audit entry without changing the job item. */
  note(fileId: string, run: number, event: JobEvent): Promise<void>;
  /** All audit entries, oldest first; those of one millisecond in any order. */
  events(fileId: string): Promise<EventItem[]>;
  /**
   * Closes the execution, whether or not it has a job: from now on it gets none.
   *
   * @returns the file id of the job that it claimed or resumed last
   */
  closeExecution(executionArn: string, at: number): Promise<string | undefined>;
  /** Undefined: it has claimed nothing yet, and is not closed. */
  execution(executionArn: string): Promise<ExecutionItem | undefined>;
  /** Undefined: nobody has ever switched, the primary region is the active one. */
  fence(): Promise<FenceItem | undefined>;
  /**
   * The switch. Only to be seen in the other region once it is replicated.
   *
   * @returns false, and nothing is changed, when the fence has this epoch already, or a later one
   */
  moveFence(to: Fence): Promise<boolean>;
  /** Jobs that reached this status at `since` (epoch milliseconds) or later, oldest first. Eventually consistent. */
  jobsByStatus(status: JobStatus, since: number): AsyncIterable<JobItem>;
  /** The file ids of all jobs that are not settled, see `isSettled`. Eventually consistent. */
  unsettledJobs(): AsyncIterable<string>;

  /**
   * Marks the chunk as PROCESSING and removes what an earlier attempt left, except for the scan.
   *
   * @param expiresAt seconds since 1970, see `chunkItemExpiry`
   * @returns the number of the attempt; undefined when there is nothing to do: the same work has a result already,
   * which the task does not replace, or a later round has the chunk
   */
  startChunk(task: ChunkTask, at: number, expiresAt: number): Promise<number | undefined>;
  /**
   * Marks the chunk as SUCCEEDED.
   *
   * @param patienceMs for so long it waits for a table that is busy; default: for about a minute
   * @returns false when it already is, when the chunk was started last by another round, or when the attempt was discarded
   */
  finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number, patienceMs?: number): Promise<boolean>;
  /**
   * Marks the chunk as FAILED, unless it has its result or was started last by another round.
   *
   * @param discarded the attempt whose result is not to be taken any more, should it still come
   * @returns false, and nothing is changed, when it has its result or was started last by another round
   */
  failChunk(chunk: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number, discarded?: number): Promise<boolean>;
  chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined>;
  /** Adds a scan to the chunk's item, whatever its status. A chunk that was never started has no item and gets none. */
  saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void>;
  /** Lets no item of the job's chunks expire before that. */
  keepChunks(fileId: string, expiresAt: number): Promise<void>;
  /** In the order of the file. */
  chunks(fileId: string): AsyncIterable<ChunkItem>;
}
