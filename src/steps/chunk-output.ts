/** What one attempt on one chunk writes: the part file as an upload that is left open, and the shard of rejects. */
import { hasTooManyRuns, mergeShard, runsOfShard } from './key-shard';
import { MultipartWriter, OpenUpload, OUTPUT_PART_SIZE } from './multipart-writer';
import { readExclusions } from './read-exclusions';
import { ColumnAttributes, columnAttributes } from './reject-columns';
import { ShardEncoder } from './reject-shard';
import { chunkIndex, JobItem, ChunkOutcome } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { Format } from '../engine/format/format';
import { ByteSource } from '../engine/io/byte-source';
import { partContentType, partSuffix } from '../engine/output/part-formats';
import { ChunkResult, processRecords } from '../engine/process/process-records';
import { Transform } from '../engine/transform/transform';
import { ObjectMetadata, OutputStore } from '../ports/output';
import { countAttributes } from '../spec/counts';
import { OutputSettings } from '../spec/output-settings';

export interface Attempt {
  readonly task: ChunkTask;
  readonly attempt: number;
  /** Part of the output's keys and of its metadata columns. */
  readonly job: Pick<JobItem, 'key' | 'ingest_date' | 'process_start_time'>;
  readonly outputFormat: OutputSettings;
  /** Of the job. */
  readonly chunkCount: number;
}

/** Tells whose a part file is when the upload that made it is gone. */
export function partMetadata(fileId: string, chunkId: string, attempt: number): ObjectMetadata {
  return { 'job-id': fileId, 'chunk-id': chunkId, 'attempt': String(attempt) };
}

/**
 * An item of the job table holds 400 KB at most; some of it is for the keys, the scan of a repair and the encoding of
 * numbers.
 */
export const MAX_OUTCOME_BYTES = 300_000;

/** @throws Error before the table refuses the item, and says why */
export function requireRoom(chunkId: string, outcome: ChunkOutcome): void {
  const size = Buffer.byteLength(JSON.stringify(outcome));
  if (size <= MAX_OUTCOME_BYTES) return;
  throw new Error(`expected the result of ${chunkId} to take at most ${MAX_OUTCOME_BYTES} bytes in the job table, got ${size} `
    + `(${outcome.part_etags?.length ?? 0} uploaded parts): set a smaller chunkSize`);
}

export interface ChunkWork {
  readonly transform?: Transform;
  /** False: the exact path takes every record. */
  readonly fast: boolean;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told how many bytes of the chunk are done. */
  readonly progress?: (chunkId: string, bytesDone: number) => void;
}

const WORK_BYTES = { contentType: 'application/octet-stream' };

type KeyAttributes = Pick<ChunkOutcome, 'key_shard_key' | 'key_runs'>;

export class ChunkOutput {
  private readonly part: MultipartWriter;
  private readonly rejects: MultipartWriter;
  private readonly keyShard: MultipartWriter;
  private readonly mergedKeys: MultipartWriter;

  constructor(private readonly store: OutputStore, private readonly keys: ObjectKeys, private readonly attempt: Attempt) {
    const { task: { fileId, chunkId }, outputFormat } = attempt;
    const partKey = keys.part(attempt.job.ingest_date, chunkIndex(chunkId), partSuffix(outputFormat));
    this.part = new MultipartWriter(store, partKey, {
      contentType: partContentType(outputFormat), metadata: partMetadata(fileId, chunkId, attempt.attempt),
    }, OUTPUT_PART_SIZE);
    this.rejects = new MultipartWriter(store, keys.rejectShard(chunkId, attempt.attempt), WORK_BYTES);
    this.keyShard = new MultipartWriter(store, keys.keyShard(chunkId, attempt.attempt), WORK_BYTES);
    this.mergedKeys = new MultipartWriter(store, keys.mergedKeyShard(chunkId, attempt.attempt), WORK_BYTES);
  }

  async process(source: ByteSource, format: Format, { transform, fast, now, progress }: ChunkWork): Promise<ChunkOutcome> {
    const { task, job, outputFormat } = this.attempt;
    const shard = new ShardEncoder(outputFormat.formulaSafe);
    const result = await processRecords(source, format, task, {
      write: async (bytes) => this.part.write(bytes),
      rejects: async (batch) => this.rejects.write(shard.encode(batch)),
      writeKeys: async (bytes) => this.keyShard.write(bytes),
      progress: (bytesDone) => progress?.(task.chunkId, bytesDone),
    }, {
      fast,
      now,
      transform,
      exclusions: await readExclusions(this.store, task),
      // The time of the claim: a retry writes the same bytes.
      job: { jobId: task.fileId, sourceKey: job.key, ingestionTime: job.process_start_time },
    });
    const upload = await this.part.leaveOpen();
    if (result.recordsRejected > 0) await this.rejects.complete();
    const keyRuns = await this.completeKeys(result.keyRuns);
    const columnsKey = this.keys.rejectColumns(task.chunkId, this.attempt.attempt);
    const outcome = this.outcome(result, upload, { ...keyRuns, ...await columnAttributes(result.rejectsByColumn, columnsKey, this.store) });
    requireRoom(task.chunkId, outcome);
    return outcome;
  }

  /** Leaves nothing behind but, at most, work files that nobody reads. */
  async discard(): Promise<void> {
    await this.part.abort();
    await this.rejects.abort();
    await this.keyShard.abort();
    await this.mergedKeys.abort();
  }

  /** @returns where the entries of the chunk's keys lie at last, and in which runs */
  private async completeKeys(runs: readonly number[]): Promise<KeyAttributes> {
    if (runs.length === 0) return {};
    await this.keyShard.complete();
    if (!hasTooManyRuns(runs, this.attempt.chunkCount)) return { key_shard_key: this.keyShard.key, key_runs: runs };
    const length = await mergeShard(runsOfShard(this.store, this.keyShard.key, runs), this.mergedKeys);
    return { key_shard_key: this.mergedKeys.key, key_runs: [length] };
  }

  private outcome(result: ChunkResult, upload: OpenUpload | undefined, further: KeyAttributes & ColumnAttributes): ChunkOutcome {
    return {
      actual_end: result.actualEnd,
      lines: result.lines,
      ...countAttributes(result),
      rejects_by_code: result.rejectsByCode,
      ...further,
      stages: result.stages,
      part_key: upload && this.part.key,
      upload_id: upload?.uploadId,
      part_etags: upload?.parts.map(({ etag }) => etag),
      output_bytes: result.outputBytes,
      result_attempt: this.attempt.attempt,
      reject_shard_key: result.recordsRejected > 0 ? this.rejects.key : undefined,
    };
  }
}
