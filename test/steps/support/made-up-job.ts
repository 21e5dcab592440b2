/**
 * A job of any size that FinalizeJob ends, made up by formula: the job table gives its chunk items one by one, as pages of a
 * query come, and the store keeps of what is written how large it is.
 */
import { CONTRACT } from './world';
import { chunkId, ChunkItem, JobItem } from '../../../src/contract/job-item';
import { changedJob } from '../../../src/ports/changed-job';
import { StepDeps } from '../../../src/ports/step-deps';
import { countAttributes, countsOf } from '../../../src/spec/counts';
import { JobPlan } from '../../../src/steps/job-plan';
import { ShardEncoder } from '../../../src/steps/reject-shard';

const MIB = 1024 * 1024;
const REJECTS = 30;
export const FILE_ID = '0123456789abcdef'.repeat(2);
const PLAN_KEY = `work/${FILE_ID}/plan-1.json`;
/** How often the caller may look, in chunks. */
const LOOK_EACH = 500;

export interface MadeUpJobProps {
  readonly chunks: number;
  /** Of each chunk: its uploaded parts. */
  readonly parts: number;
  /** Of each chunk, each in another column: default 30. */
  readonly rejects?: number;
  /** Default 50 MiB. */
  readonly chunkSize?: number;
  /** Called now and then, whenever a step does something. */
  readonly look?: () => void;
}

const nothing = async (): Promise<void> => undefined;

export class MadeUpJob {
  /** Bytes of each object that was put whole. */
  readonly put = new Map<string, number>();
  /** Part files that have appeared, and the parts of their uploads. */
  published = { files: 0, parts: 0 };
  private readonly chunkSize: number;
  private readonly columns: readonly string[];
  private job: JobItem;

  constructor(private readonly props: MadeUpJobProps) {
    this.chunkSize = props.chunkSize ?? 50 * MIB;
    this.columns = Array.from({ length: props.rejects ?? REJECTS }, (_, index) => `a_column_of_the_file_${index}`);
    this.job = {
      file_id: FILE_ID,
      chunk_id: 'job',
      status: 'PROCESSING',
      timestamp: 0,
      revision: 2,
      key: 'incoming/a.csv',
      file_name: 'a.csv',
      size_bytes: props.chunks * this.chunkSize,
      plan_key: PLAN_KEY,
      process_start_time: '2026-11-21T00:00:00.000Z',
      ingest_date: '2026-11-21',
      run: 1,
    } as JobItem;
  }

  get item(): JobItem {
    return this.job;
  }

  plan(): JobPlan {
    const { chunkSize, props: { chunks } } = this;
    return {
      contract: { ...CONTRACT, maxRejectedPercentage: 100 },
      input: { format: 'csv', compression: 'none', encoding: 'utf-8' },
      source: { bucket: 'b', key: 'incoming/a.csv', etag: 'e', sizeBytes: chunks * chunkSize, lastModified: '2026-11-21T00:00:00.000Z' },
      chunks: Array.from({ length: chunks }, (_, index) => ({ start: index * chunkSize, end: (index + 1) * chunkSize, boundary: 'exact' })),
    };
  }

  /** As a query returns it: every text is its own. */
  chunk(index: number): ChunkItem {
    const { chunkSize, columns, props: { parts } } = this;
    const id = chunkId(index);
    return JSON.parse(JSON.stringify({
      file_id: FILE_ID,
      chunk_id: id,
      chunk_status: 'SUCCEEDED',
      attempt: 1,
      generation: 10,
      updated_at: 1_770_000_000_000 + index,
      start: index * chunkSize,
      end: (index + 1) * chunkSize,
      actual_end: (index + 1) * chunkSize,
      lines: 500_000,
      ...countAttributes(countsOf({})),
      records_read: 500_000,
      records_written: 500_000 - columns.length,
      records_rejected: columns.length,
      rejects_by_code: { type: columns.length },
      rejects_by_column: Object.fromEntries(columns.map((name) => [name, 1])),
      part_key: `output/ingest_date=2026-11-21/file_id=${FILE_ID}/part-${String(index).padStart(5, '0')}.jsonl`,
      upload_id: `${index}`.padStart(130, 'u'),
      part_etags: Array.from({ length: parts }, (_, part) => `"${`${index}-${part}`.padStart(32, 'e')}"`),
      output_bytes: chunkSize,
      result_attempt: 1,
      reject_shard_key: `work/${FILE_ID}/rejects/${id}-1`,
    } satisfies ChunkItem)) as ChunkItem;
  }

  deps(): StepDeps {
    const { look = () => undefined, chunks } = this.props;
    const shard = this.shard();
    const jobs = {
      job: async () => this.job,
      changeJob: async (_: JobItem, changes: object) => {
        look();
        return this.job = changedJob(this.job, changes, 0);
      },
      note: nothing,
      events: async () => [],
      chunks: this.chunks.bind(this),
    };
    const output = {
      getJson: async () => JSON.parse(JSON.stringify(this.plan())) as unknown,
      put: async (key: string, body: string) => {
        look();
        this.put.set(key, Buffer.byteLength(body));
      },
      read: async function* () { yield shard; },
      ranges: () => { throw new Error('no keys'); },
      openUpload: async () => 'u',
      uploadPart: async (_key: string, _id: string, number: number, { length: size }: Uint8Array) => {
        look();
        return { number, etag: 'e', size };
      },
      completeUpload: async (key: string, _id: string, { length: parts }: readonly unknown[]) => {
        if (!key.startsWith('output/')) return true;
        this.published = { files: this.published.files + 1, parts: this.published.parts + parts };
        if (this.published.files % LOOK_EACH === 0) look();
        return true;
      },
    };
    return {
      jobs,
      output,
      events: { announce: nothing },
      contract: CONTRACT,
      now: () => new Date(),
      timeLeft: () => Infinity,
      newId: () => 'id',
      log: { info: () => undefined, warn: () => undefined },
      meter: { add: () => undefined, addByCode: () => undefined },
      slaFileSizeBytes: chunks,
      keyBufferBytes: 1,
    } as unknown as StepDeps;
  }

  private shard(): Buffer {
    return Buffer.from(new ShardEncoder().encode(this.columns.map((column, line) => (
      { line, byteOffset: line * 100, code: 'type', column, message: 'expected an integer, got "none"', record: Buffer.from('none,'.repeat(30)) }
    ))));
  }

  private async* chunks(): AsyncIterable<ChunkItem> {
    for (let index = 0; index < this.props.chunks; index++) {
      if (index % LOOK_EACH === 0) this.props.look?.();
      yield this.chunk(index);
    }
  }
}
