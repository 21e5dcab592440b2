/**
 * What the steps need of the world. The Lambda handlers meet it with AWS clients, the preflight command with the local disk;
 * the steps are the same code.
 */
import { JobContract } from '../contract/job-contract';
import { ChunkItem, EventItem, JobItem, JobStatus, UploadedPart } from '../contract/job-item';
import { METRICS } from '../contract/metrics';
import { ChunkTask, JobEndedDetail } from '../contract/payloads';
import { ModuleTransformContract } from '../contract/transform-contract';
import { ScanEntry } from '../engine/boundaries/scan-chunk';
import { ByteSource } from '../engine/io/byte-source';
import { UserFunction } from '../engine/transform/module-transform';
import { Invoke } from '../steps/transform-function';

/** One version of one object. Everything that a job reads comes from it. */
export interface PinnedObject {
  readonly bucket: string;
  readonly key: string;
  /** Where the bucket is versioned and the event said which version. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** Reads the files that land. */
export interface SourceStore {
  /** The version (without `versionId`: the newest one); undefined when there is none. */
  head(object: Pick<PinnedObject, 'bucket' | 'key' | 'versionId'>): Promise<PinnedObject | undefined>;
  /** Its reads reject with `SourceChangedError` as soon as the object is no longer the pinned one. */
  open(source: PinnedObject): ByteSource;
}

/** Moves a file away when its job has ended. */
export interface SourceMover {
  /** False when the pinned object is not there any more. */
  copy(source: PinnedObject, toKey: string): Promise<boolean>;
  exists(bucket: string, key: string): Promise<boolean>;
  /** Puts a text beside the file. */
  putText(bucket: string, key: string, text: string, contentType: string): Promise<void>;
  /** Deletes exactly this version: a newer file of the same key stays. Fine when it is gone already. */
  delete(source: PinnedObject): Promise<void>;
}

/** Text that goes with an object; keys in lower case. */
export type ObjectMetadata = Readonly<Record<string, string>>;

/** Where a job keeps its work files and publishes its output. */
export interface OutputStore {
  /** Rejects when there is no such object. */
  getJson<T>(key: string): Promise<T>;
  /** Replaces what is there. */
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** False, and nothing is changed, when the key exists. */
  putIfAbsent(key: string, body: string, contentType: string): Promise<boolean>;
  /** The object's bytes as they come. Rejects when there is no such object. */
  read(key: string): AsyncIterable<Uint8Array>;
  /** The object as it is now, for a `SourceStore` to open. Rejects when there is no such object. */
  pin(key: string): Promise<PinnedObject>;
  /**
   * Ranges of an object that never changes.
   *
   * @param sizeBytes as it was written
   */
  ranges(key: string, sizeBytes: number): ByteSource;
  /** Undefined when there is no such object. */
  metadata(key: string): Promise<ObjectMetadata | undefined>;
  /** @returns the upload's id; the object appears when the upload is completed */
  openUpload(key: string, contentType: string, metadata: ObjectMetadata): Promise<string>;
  uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart>;
  /** False when there is no such upload: it was completed or aborted before. */
  completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<boolean>;
  /** Fine when there is no such upload. */
  abortUpload(key: string, uploadId: string): Promise<void>;
}

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

/** What a worker found out about its chunk. */
export type ChunkOutcome = Omit<ChunkItem, 'file_id' | 'chunk_id' | 'chunk_status' | 'attempt' | 'generation' | 'updated_at' | 'start' | 'end' | 'scan' | 'exclusions_key' | 'error_message'>;

/** The job table. All of its reads see every write before them, but for `jobOfExecution`. */
export interface JobTable {
  /** Creates the job item and its first audit entry. Where the file has a job already: that job, and nothing is changed. */
  claim(job: JobItem, event: JobEvent): Promise<JobItem | undefined>;
  job(fileId: string): Promise<JobItem | undefined>;
  /** The changes and the audit entry, both or none. False when the condition does not hold. A new status sets `timestamp`. */
  changeJob(fileId: string, onlyIf: JobCondition, changes: JobChanges, event: JobEvent): Promise<boolean>;
  /** An audit entry without a change of the job item. */
  note(fileId: string, run: number, event: JobEvent): Promise<void>;
  /** All audit entries, oldest first. */
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
  /** Adds a scan to the chunk's item, whatever its status. */
  saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void>;
  /** In the order of the file. */
  chunks(fileId: string): AsyncIterable<ChunkItem>;
}

/** The user's own step over the records. */
export interface UserCode {
  /** Calls the Lambda function that the pipeline was deployed with. */
  readonly invoke: Invoke;
  /** The function that a module exports. Rejects, naming the module, where there is none. */
  load(module: ModuleTransformContract): Promise<UserFunction>;
}

/** The event bus. */
export interface Events {
  announce(detail: JobEndedDetail): Promise<void>;
}

/** Ids, names and counts only: never a record or a field's value. */
export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}

export interface Meter {
  add(metric: (typeof METRICS)[keyof typeof METRICS], value: number): void;
}

/** Each step's deps are a part of these. */
export interface StepDeps {
  readonly jobs: JobTable;
  readonly source: SourceStore;
  readonly mover: SourceMover;
  readonly output: OutputStore;
  readonly userCode: UserCode;
  readonly events: Events;
  /** The settings that were deployed. From PlanChunks on a job has its own copy of them, see job-plan.ts. */
  readonly contract: JobContract;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}
