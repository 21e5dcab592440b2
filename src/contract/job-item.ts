/** The job table: names of keys, index and attributes, and what an item holds. */
import { CountAttributes, COUNTS } from '../spec/counts';
import { JobErrorCode } from '../spec/error-codes';
import { Stages } from '../spec/stages';

export const PARTITION_KEY = 'file_id';
export const SORT_KEY = 'chunk_id';
/**
 * Sort key of the job item; chunk items are `chunk-0000000` …, audit entries `event-<ISO time>-<what>-<8 random
 * digits>`.
 */
export const JOB_SORT_KEY = 'job';
/** Sort key of an execution's item, whose partition key is the execution's ARN. */
export const EXECUTION_SORT_KEY = 'execution';
/** Sort key of the fence's items, see `FENCE_KEYS`. */
export const FENCE_SORT_KEY = 'fence';
export const CHUNK_PREFIX = 'chunk-';
/**
 * Of the region that stands by: where both regions have one job, because neither could see what the other one did, each
 * has chunks of its own. Their results are in its own bucket.
 */
export const STANDBY_CHUNK_PREFIX = 'standby-chunk-';
export const EVENT_PREFIX = 'event-';
/** Seconds since 1970: DynamoDB deletes an item some time after that. Chunk items have it, and no others. */
export const TIME_TO_LIVE = 'expires_at';
/** Job items only: no other item has both of its attributes. */
export const TIMESTAMP_INDEX = { name: 'TimestampIndex', partitionKey: 'status', sortKey: 'timestamp' } as const;

/** Job items that something is left to be done for, and no other items: few, however many jobs there were. */
export const UNSETTLED_INDEX = { name: 'UnsettledIndex', partitionKey: 'unsettled', sortKey: 'timestamp' } as const;
export const UNSETTLED = 'yes';

export function chunkId(index: number, prefix = CHUNK_PREFIX): string {
  return prefix + String(index).padStart(7, '0');
}

/** The number of a chunk in the file. */
export function chunkIndex(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

/** Grows with each round of a run, and with each run. */
export function generationOf({ run, round }: { readonly run: number; readonly round: number }): number {
  return run * 10 + round;
}

export const OPEN_JOB_STATUSES = ['PLANNING', 'PROCESSING', 'PUBLISHING'] as const;
export const ENDED_JOB_STATUSES = ['SUCCEEDED', 'FAILED'] as const;
export type EndedJobStatus = (typeof ENDED_JOB_STATUSES)[number];
export const JOB_STATUSES = [...OPEN_JOB_STATUSES, ...ENDED_JOB_STATUSES] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];
export type ChunkStatus = 'PROCESSING' | 'SUCCEEDED' | 'FAILED';

export interface RecordCounts extends CountAttributes {
  readonly rejects_by_code: Readonly<Record<string, number>>;
  /**
   * Keyed by field name; rejects of the record as a whole (`field_count`, `quote` …) are under `WHOLE_RECORD`. Of many columns
   * those with the most rejects, and the sum of the others under `OTHER_COLUMNS`.
   */
  readonly rejects_by_column: Readonly<Record<string, number>>;
  /** The work file with all columns, where these are not all. */
  readonly reject_columns_key?: string;
  /** Left out by earlier versions. */
  readonly stages?: Stages;
}

export interface JobItem extends Partial<RecordCounts> {
  readonly file_id: string;
  readonly chunk_id: typeof JOB_SORT_KEY;
  readonly status: JobStatus;
  /** Epoch milliseconds of the last change of state. */
  readonly timestamp: number;
  /** 1 at the claim, and one more with each change: who changes the job has seen all of it. */
  readonly revision: number;
  readonly file_name: string;
  readonly bucket: string;
  readonly key: string;
  readonly version_id?: string;
  readonly etag: string;
  readonly size_bytes: number;
  readonly last_modified: string;
  readonly execution_arn: string;
  readonly schema_fingerprint: string;
  /** ISO 8601. */
  readonly process_start_time: string;
  readonly process_end_time?: string;
  /** YYYY-MM-DD, decided at the claim: a retry past midnight writes to the same partition. */
  readonly ingest_date: string;
  /** 1, and one more with each resume. */
  readonly run: number;
  readonly chunk_count?: number;
  /** The plan that counts: of several tries of PlanChunks one comes into force, and no other one ever does. */
  readonly plan_key?: string;
  /** The manifest in force, and its round (see `ChunkTask.round`). */
  readonly manifest_key?: string;
  readonly map_round?: number;
  readonly error_code?: JobErrorCode;
  readonly error_message?: string;
  readonly resumable?: boolean;
  readonly report_key?: string;
  /** Where the outcome lies, of a job that has ended for good: the rejected records, and the published ones. */
  readonly rejected_key?: string;
  readonly output_prefix?: string;
  /** How far the merge of the keys is: see `saved-progress.ts`. */
  readonly key_merge_key?: string;
  /** How many files the rejected records take; left out where it is one. */
  readonly rejected_files?: number;
  /** How far `rejected.csv` is: see `saved-progress.ts`. */
  readonly quarantine_key?: string;
  /** Where MoveSource puts the source, decided when the job ends. */
  readonly move_to?: string;
  /** The copy by parts that is under way. */
  readonly move_upload_id?: string;
  /** Where the source lies after MoveSource. */
  readonly moved_to?: string;
  /**
   * What MoveSource found: `MOVED`; `GONE`, there was nothing to move any more; `KEPT`, copied, but the store refused
   * to delete it where it was (an object lock, a policy).
   */
  readonly source_state?: 'MOVED' | 'GONE' | 'KEPT';
  /** The job whose file this one processes once more, and where that file lies. */
  readonly rerun_of?: string;
  readonly read_key?: string;
  /** The job has ended, and not all who are to hear of it have been told. */
  readonly event_pending?: boolean;
  /** Those of them that have been, where others could not be. */
  readonly announced_to?: ReadonlyArray<'events' | 'queue' | 'topic'>;
  /** From the claim on until the job is settled: see `isSettled`. */
  readonly unsettled?: typeof UNSETTLED;
}

export type EndedJob = JobItem & { readonly status: EndedJobStatus };

export function isOpenStatus(status: JobStatus): boolean {
  return OPEN_JOB_STATUSES.some((open) => open === status);
}

/** A job that has ended may still be resumed: see `resumable`. */
export function hasEnded(job: JobItem): job is EndedJob {
  return ENDED_JOB_STATUSES.some((status) => status === job.status);
}

/**
 * Since when the file of a job waits for its outcome: since it came, however late its event was; and where it is
 * processed once more, since that was asked for.
 *
 * @returns epoch milliseconds
 */
export function waitsSince({ rerun_of: rerunOf, last_modified: lastModified, process_start_time: start }: JobItem): number {
  const [came, claimed] = [Date.parse(lastModified), Date.parse(start)];
  // Of a file that was gone it is what the event says: one that is written by hand may say anything.
  return rerunOf !== undefined || Number.isNaN(came) ? claimed : came;
}

/** It has ended for good, that was told, and its source was moved: nothing is left to be done. */
export function isSettled(job: JobItem): boolean {
  return hasEnded(job) && job.resumable !== true && job.event_pending !== true && job.source_state !== undefined;
}

export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
}

/** What a part is known by when its upload is completed. */
export type KnownPart = Pick<UploadedPart, 'number' | 'etag'>;

/** What a worker found out about its chunk. A new attempt on the chunk takes all of it back. */
export interface ChunkOutcome extends RecordCounts {
  /** First record boundary at or after the chunk's end: equals it where the next chunk's start is right. */
  readonly actual_end: number;
  /** Physical lines that begin in the chunk. */
  readonly lines: number;
  readonly part_key?: string;
  readonly upload_id?: string;
  /** Of the upload's parts, in the order of their numbers, from 1. */
  readonly part_etags?: readonly string[];
  readonly output_bytes: number;
  /** The attempt that the result is from: of two workers on one chunk, the one that finishes first. */
  readonly result_attempt: number;
  readonly reject_shard_key?: string;
  /** Where the schema has keys: where the chunk's key entries lie, as sorted runs of so many entries each. */
  readonly key_shard_key?: string;
  readonly key_runs?: readonly number[];
}

/** What an outcome holds beside the counts. An attribute that is missing here does not compile. */
const FURTHER_OUTCOME_ATTRIBUTES: Readonly<Record<Exclude<keyof ChunkOutcome, keyof CountAttributes>, true>> = {
  rejects_by_code: true,
  rejects_by_column: true,
  reject_columns_key: true,
  stages: true,
  actual_end: true,
  lines: true,
  part_key: true,
  upload_id: true,
  part_etags: true,
  output_bytes: true,
  result_attempt: true,
  reject_shard_key: true,
  key_shard_key: true,
  key_runs: true,
};

/** The attributes of an outcome, for a store that has to name what it takes back. */
export const OUTCOME_ATTRIBUTES: readonly string[] = [...Object.values(COUNTS), ...Object.keys(FURTHER_OUTCOME_ATTRIBUTES)];

/** A chunk's attributes have other names than `status` and `timestamp`: chunk items stay out of the index. */
export interface ChunkItem extends Partial<ChunkOutcome> {
  readonly file_id: string;
  readonly chunk_id: string;
  readonly chunk_status: ChunkStatus;
  /** Counts every start of a worker on this chunk. */
  readonly attempt: number;
  /**
   * The generation of the task that was started last, see `generationOf`: workers of an earlier one change nothing any
   * more.
   */
  readonly generation: number;
  readonly updated_at: number;
  /** See `chunkItemExpiry`. Items of early deployments have none. */
  readonly [TIME_TO_LIVE]?: number;
  readonly start: number;
  readonly end: number;
  /** The exclusions of the task that was started last: see `ChunkTask`. */
  readonly exclusions_key?: string;
  /** From a `SCAN`: each possible first boundary with the boundary it leads to. */
  readonly scan?: ReadonlyArray<{ readonly start: number; readonly end: number }>;
  readonly error_message?: string;
  /** Attempts that were given up without anybody knowing whether their result is still to come: it is not taken any more. */
  readonly discarded_attempts?: readonly number[];
}

/** For how long chunk items are needed, and kept. */
export interface ChunkItemTimes {
  /** The time in which a job can be resumed, and that of the resumed run: after that only its publication may be left. */
  readonly longestJobSeconds: number;
  /** How long chunk items are kept when nobody needs them any more. */
  readonly chunkItemsExpireAfterSeconds: number;
}

/**
 * When the item of a chunk that is started now may go: no job needs it then. One that is still being published has its
 * items kept by the sweep. So a job's end needs no write for each of its chunks, of which there may be 10,000.
 *
 * @returns seconds since 1970
 */
export function chunkItemExpiry(at: number, { longestJobSeconds, chunkItemsExpireAfterSeconds }: ChunkItemTimes): number {
  return Math.ceil(at / 1000) + longestJobSeconds + chunkItemsExpireAfterSeconds;
}

/** Leads from an execution to the one job that it has claimed or resumed. One that is closed gets none any more. */
export interface ExecutionItem {
  /** The execution's ARN. */
  readonly file_id: string;
  readonly chunk_id: typeof EXECUTION_SORT_KEY;
  readonly claimed_file_id?: string;
  /** Epoch milliseconds. */
  readonly closed_at?: number;
}

/** Where a pipeline has two regions: which of them may change jobs. Where there is none, the primary may. */
export interface FenceItem {
  /** One of `FENCE_KEYS`. */
  readonly file_id: string;
  readonly chunk_id: typeof FENCE_SORT_KEY;
  readonly active_region: string;
  /** 1 with the first switch, and one more with each further one. */
  readonly epoch: number;
  /** Epoch milliseconds of the switch. */
  readonly since: number;
}

/**
 * The partition keys of the fence: sixteen items that say the same. Each transaction on a job checks one of them, and
 * transactions on one item get in each other's way.
 */
export const FENCE_KEYS: readonly string[] = [...'0123456789abcdef'].map((digit) => `fence-${digit}`);

/** The one that stands for this job: its id ends with a digit of theirs. */
export function fenceKeyOf(fileId: string): string {
  return `fence-${fileId.slice(-1)}`;
}

/** An audit entry: never changed, never deleted. */
export interface EventItem {
  readonly file_id: string;
  readonly chunk_id: string;
  readonly event: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly run: number;
  /** With `processed`: what the workers did, all together. */
  readonly stages?: Stages;
  /** With `warned`: of what. */
  readonly message?: string;
}

/** @param id random, so that two entries of one millisecond are two items */
export function eventItem(fileId: string, run: number, content: Pick<EventItem, 'event' | 'at' | 'stages' | 'message'>, id: string): EventItem {
  const { event, at, stages, message } = content;
  const sortKey = `${EVENT_PREFIX}${new Date(at).toISOString()}-${event}-${id}`;
  return {
    file_id: fileId,
    chunk_id: sortKey,
    event,
    at,
    run,
    ...stages === undefined ? {} : { stages },
    ...message === undefined ? {} : { message },
  };
}
