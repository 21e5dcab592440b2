/** What one attempt on one chunk writes: the part file as an upload that is left open, and the shard of rejects. */
import { MultipartWriter, OpenUpload, OUTPUT_PART_SIZE } from './multipart-writer';
import { readExclusions } from './read-exclusions';
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
}

/** Tells whose a part file is when the upload that made it is gone. */
export function partMetadata(fileId: string, chunkId: string, attempt: number): ObjectMetadata {
  return { 'job-id': fileId, 'chunk-id': chunkId, 'attempt': String(attempt) };
}

/**
 * An item of the job table holds 400 KB at most; some of it is for the keys, the scan of a repair and the encoding of
 * numbers.
 */
const MAX_OUTCOME_BYTES = 300_000;

/** @throws Error before the table refuses the item, and says why */
export function requireRoom(chunkId: string, outcome: ChunkOutcome): void {
  const size = Buffer.byteLength(JSON.stringify(outcome));
  if (size <= MAX_OUTCOME_BYTES) return;
  throw new Error(`expected the result of ${chunkId} to take at most ${MAX_OUTCOME_BYTES} bytes in the job table, got ${size} `
    + `(${outcome.parts?.length ?? 0} uploaded parts): the chunk is too large`);
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

export class ChunkOutput {
  private readonly part: MultipartWriter;
  private readonly rejects: MultipartWriter;
  private readonly keyShard: MultipartWriter;

  constructor(private readonly store: OutputStore, keys: ObjectKeys, private readonly attempt: Attempt) {
    const { task: { fileId, chunkId }, outputFormat } = attempt;
    const partKey = keys.part(attempt.job.ingest_date, chunkIndex(chunkId), partSuffix(outputFormat));
    this.part = new MultipartWriter(store, partKey, {
      contentType: partContentType(outputFormat), metadata: partMetadata(fileId, chunkId, attempt.attempt),
    }, OUTPUT_PART_SIZE);
    this.rejects = new MultipartWriter(store, keys.rejectShard(chunkId, attempt.attempt), { contentType: 'application/x-ndjson' });
    this.keyShard = new MultipartWriter(store, keys.keyShard(chunkId, attempt.attempt), { contentType: 'application/octet-stream' });
  }

  async process(source: ByteSource, format: Format, { transform, fast, now, progress }: ChunkWork): Promise<ChunkOutcome> {
    const { task, job } = this.attempt;
    const shard = new ShardEncoder();
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
    if (result.keyRuns.length > 0) await this.keyShard.complete();
    const outcome = this.outcome(result, upload);
    requireRoom(task.chunkId, outcome);
    return outcome;
  }

  /** Leaves nothing behind but, at most, a shard that nobody reads. */
  async discard(): Promise<void> {
    await this.part.abort();
    await this.rejects.abort();
    await this.keyShard.abort();
  }

  private outcome(result: ChunkResult, upload: OpenUpload | undefined): ChunkOutcome {
    return {
      actual_end: result.actualEnd,
      lines: result.lines,
      ...countAttributes(result),
      rejects_by_code: result.rejectsByCode,
      rejects_by_column: result.rejectsByColumn,
      stages: result.stages,
      part_key: upload && this.part.key,
      upload_id: upload?.uploadId,
      parts: upload?.parts,
      output_bytes: result.outputBytes,
      result_attempt: this.attempt.attempt,
      reject_shard_key: result.recordsRejected > 0 ? this.rejects.key : undefined,
      key_shard_key: result.keyRuns.length > 0 ? this.keyShard.key : undefined,
      key_runs: result.keyRuns.length > 0 ? result.keyRuns : undefined,
    };
  }
}
