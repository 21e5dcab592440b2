import { ChunkItem, ChunkOutcome, EventItem, JobItem, JobStatus } from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';

/** What an audit entry says: the change of state, and when. */
export type JobEvent = Pick<EventItem, 'event' | 'at'>;

/** Attributes to set; `undefined` removes the attribute. */
export type JobChanges = { readonly [Name in keyof JobItem]?: JobItem[Name] | undefined };

export interface JobCondition {
  readonly status: readonly JobStatus[];
  readonly run: number;
  /** Only while the job holds no verdict: no `error_code`. */
  readonly noVerdict?: true;
}

/** The job table. All of its reads see every write before them, but for `jobOfExecution`. */
export interface JobTable {
  /** Creates the job item and its first audit entry. Where the file has a job already: that job, and nothing is changed. */
  claim(job: JobItem, event: JobEvent): Promise<JobItem | undefined>;
  job(fileId: string): Promise<JobItem | undefined>;
  /** The changes and the audit entry, both or none. False when the condition does not hold. A new status sets `timestamp`. */
  changeJob(fileId: string, onlyIf: JobCondition, changes: JobChanges, event: JobEvent): Promise<boolean>;
  /** An audit entry without a change of the job item. */
  note(fileId: string, run: number, event: JobEvent): Promise<void>;
  /** All audit entries, oldest first; those of one millisecond in any order. */
  events(fileId: string): Promise<EventItem[]>;
  /** The job that this execution claimed, if it is open or changed its state since `since` (epoch ms). Eventually consistent. */
  jobOfExecution(executionArn: string, since: number): Promise<JobItem | undefined>;

  /**
   * Marks the chunk as PROCESSING.
   * @returns the attempt; undefined when there is nothing to do: the same byte range has its result with the same exclusions, or a later
   * round has the chunk
   */
  startChunk(task: ChunkTask, at: number): Promise<number | undefined>;
  /** Marks the chunk as SUCCEEDED. False when it is so already, or a later round has the chunk. */
  finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number): Promise<boolean>;
  /** Marks the chunk as FAILED, unless it has its result or a later round has it. */
  failChunk(chunk: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number): Promise<void>;
  chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined>;
  /** Adds a scan to the chunk's item, whatever its status. A chunk that was never started has no item, and gets none. */
  saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void>;
  /** In the order of the file. */
  chunks(fileId: string): AsyncIterable<ChunkItem>;
}
