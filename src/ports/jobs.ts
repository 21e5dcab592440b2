import { ChunkItem, ChunkOutcome, EventItem, JobItem, JobStatus } from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';

/** The content of an audit entry: what happened, and when. */
export type JobEvent = Pick<EventItem, 'event' | 'at'>;

/** Attributes to set; `undefined` removes the attribute. */
export type JobChanges = { readonly [Name in keyof JobItem]?: JobItem[Name] | undefined };

export interface JobCondition {
  readonly status: readonly JobStatus[];
  readonly run: number;
  /** Only if the job has no verdict yet, which means no `error_code`. */
  readonly noVerdict?: true;
}

/** The job table. A read sees every write that was made before it, except for `jobOfExecution`. */
export interface JobTable {
  /**
   * Creates the job item and its first audit entry.
   *
   * @returns undefined when the job is new; otherwise the job that the file has already, and nothing is changed
   */
  claim(job: JobItem, event: JobEvent): Promise<JobItem | undefined>;
  job(fileId: string): Promise<JobItem | undefined>;
  /**
   * Makes the changes and adds the audit entry, both or none. A new status also sets `timestamp`, to the entry's time.
   *
   * @returns false when the condition does not hold
   */
  changeJob(fileId: string, onlyIf: JobCondition, changes: JobChanges, event: JobEvent): Promise<boolean>;
  /** Adds an audit entry without changing the job item. */
  note(fileId: string, run: number, event: JobEvent): Promise<void>;
  /** All audit entries, oldest first; those of one millisecond in any order. */
  events(fileId: string): Promise<EventItem[]>;
  /**
   * The job that was last claimed or resumed by this execution, if it is open, or ended at `since` (epoch milliseconds)
   * or later. Eventually consistent.
   */
  jobOfExecution(executionArn: string, since: number): Promise<JobItem | undefined>;

  /**
   * Marks the chunk as PROCESSING and removes what an earlier attempt left, except for the scan.
   *
   * @returns the number of the attempt; undefined when there is nothing to do, because the same byte range already has
   * a result with the same exclusions, or because a later round has the chunk
   */
  startChunk(task: ChunkTask, at: number): Promise<number | undefined>;
  /** Marks the chunk as SUCCEEDED. False when it already is, or when the chunk was started last by another round. */
  finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number): Promise<boolean>;
  /** Marks the chunk as FAILED, unless it has its result or was started last by another round. */
  failChunk(chunk: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number): Promise<void>;
  chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined>;
  /** Adds a scan to the chunk's item, whatever its status. A chunk that was never started has no item and gets none. */
  saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void>;
  /** In the order of the file. */
  chunks(fileId: string): AsyncIterable<ChunkItem>;
}
