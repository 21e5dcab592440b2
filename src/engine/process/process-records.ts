import { Reject, Rejects } from './rejects';
import { StageClock } from './stage-clock';
import { Counts } from '../../spec/counts';
import { RejectCode } from '../../spec/error-codes';
import { eachStage, Stages } from '../../spec/stages';
import { FastPath } from '../fast/fast-path';
import { Format } from '../format/format';
import { RecordParser } from '../grammar/record-parser';
import { ByteSource } from '../io/byte-source';
import { ChunkKeys } from '../keys/chunk-keys';
import { ExclusionList } from '../keys/exclusions';
import { RecordFault } from '../model/record-fault';
import { LineBuffer } from '../output/line-buffer';
import { JobMetadata } from '../output/metadata-columns';
import { OutputEncoder } from '../output/output-encoder';
import { FitCheck } from '../output/part-format';
import { compileFit, createEncoder } from '../output/part-formats';
import { openPartSink, PartSink } from '../output/part-sink';
import { createReader } from '../records/create-reader';
import { RecordReader } from '../records/record-reader';
import { Position, RecordVisitor } from '../records/record-visitor';
import { walkWithoutFooter } from '../records/skip-footer';
import { walkWindowSize } from '../records/walk-records';
import { PendingRecords } from '../transform/pending-records';
import { isReject, Transform } from '../transform/transform';

/** Output is handed on in pieces of about this size. */
const OUTPUT_PIECE = 256 * 1024;

export interface ChunkSink {
  /** The part file, piece by piece. The bytes are used again once the promise is kept: copy what you keep. */
  write(bytes: Uint8Array): Promise<void>;
  /** Rejected records, in the order of the file: at least one. Their bytes are used again, like those of `write`. */
  rejects(batch: readonly Reject[]): Promise<void>;
  /** The key shard, piece by piece, under the same rule as `write`. Where this is left out no keys are gathered. */
  writeKeys?(bytes: Uint8Array): Promise<void>;
  /** @param bytesDone of the chunk */
  progress?(bytesDone: number): void;
}

export interface ChunkResult extends Counts {
  /** The first record boundary at or after the chunk's end. */
  readonly actualEnd: number;
  /** Physical lines that begin in the chunk. */
  readonly lines: number;
  readonly rejectsByCode: Readonly<Record<string, number>>;
  /** By field name; those of the record as a whole under `WHOLE_RECORD`. */
  readonly rejectsByColumn: Readonly<Record<string, number>>;
  readonly outputBytes: number;
  /** How many entries each sorted run of the key shard has, in the order of the shard. */
  readonly keyRuns: readonly number[];
  readonly stages: Stages;
}

export interface ProcessOptions {
  /**
   * False: the exact path does everything, as it does without WebAssembly SIMD. The outcome is the same. Default true.
   */
  readonly fast?: boolean;
  /** Bytes of one read of the source. Default 4 MiB. */
  readonly readSize?: number;
  /** The user's own step over the valid records. Where there is one, the exact path does everything. */
  readonly transform?: Transform;
  /** Valid records that are not to be written, because an earlier one holds a key of theirs. Default none. */
  readonly exclusions?: ExclusionList;
  /** For the metadata columns: needed where the output has any. */
  readonly job?: JobMetadata;
  /** Milliseconds, to tell how long each stage took. Default: a clock that stands still. */
  readonly now?: () => number;
}

/** Validates, normalises and hands on every record that begins in `[start, end)`. `start` is a record boundary. */
export async function processRecords(source: ByteSource, format: Format, range: { start: number; end: number },
  sink: ChunkSink, { fast = true, readSize, transform, exclusions, job, now = () => 0 }: ProcessOptions = {}): Promise<ChunkResult> {
  const clock = new StageClock(now);
  const keys = ChunkKeys.open(format.keys, sink, exclusions);
  const fastPath = fast && transform === undefined
    ? FastPath.open(format, walkWindowSize(source, format, range.start), OUTPUT_PIECE, keys, job)
    : undefined;
  const part = openPartSink(async (bytes) => sink.write(bytes), format.settings.output?.gzip === true);
  try {
    const worker = new ChunkWorker({
      start: range.start,
      sink,
      reader: createReader(format),
      fit: compileFit(format),
      encoder: createEncoder(format, fastPath?.output ?? new LineBuffer(OUTPUT_PIECE), job),
      part,
      keys,
      fastLane: fastPath,
      pending: transform && new PendingRecords(transform),
      clock,
    });
    const walked = await walkWithoutFooter(source, format, range, worker, readSize);
    await worker.finish();
    return { ...walked, ...worker.counts(), stages: worker.stages(walked.recordsRead) };
  } finally {
    await part.close();
    fastPath?.close();
  }
}

/** Where a record comes from: what its reject would tell about it. */
type Origin = Pick<Reject, 'line' | 'byteOffset' | 'record'>;

interface ChunkParts {
  /** The chunk's first byte in the file. */
  readonly start: number;
  readonly sink: ChunkSink;
  readonly reader: RecordReader;
  /** Finds what the output cannot hold. */
  readonly fit: FitCheck | undefined;
  readonly encoder: OutputEncoder;
  readonly part: PartSink;
  readonly keys: ChunkKeys | undefined;
  readonly fastLane: FastPath | undefined;
  /** Where there is a transform: the records that wait for it. */
  readonly pending: PendingRecords<Origin, Reject> | undefined;
  readonly clock: StageClock;
}

/** Takes the records of a chunk from the walk to where they are published, or rejected. */
class ChunkWorker implements RecordVisitor {
  readonly fastLane: FastPath | undefined;
  private readonly rejects = new Rejects();
  private written = 0;
  private filtered = 0;
  private transformed = 0;
  private doneUpTo: number;

  constructor(private readonly parts: ChunkParts) {
    this.fastLane = parts.fastLane;
    this.doneUpTo = parts.start;
  }

  record(bytes: Buffer, at: number, parser: RecordParser, position: Position): void {
    const { reader, pending } = this.parts;
    const values = reader.read(bytes, at, parser, this.fastLane?.faultlessFieldsAt(position.byteOffset));
    if (values !== undefined && pending !== undefined) {
      const record = Buffer.from(bytes.subarray(at, parser.contentEnd));
      pending.add(originOf(record, position), values, record.length);
    } else {
      const fault = values === undefined ? reader.fault : this.publish(values, position);
      if (fault !== undefined) this.refuse(rejectOf(originOf(bytes.subarray(at, parser.contentEnd), position), fault));
    }
    this.doneUpTo = position.byteOffset + parser.end - at;
  }

  broken(record: Buffer, code: RejectCode, message: string, position: Position): void {
    this.refuse(rejectOf(originOf(record, position), { code, column: undefined, message }));
    this.doneUpTo = position.byteOffset + record.length;
  }

  full(): boolean {
    return this.isFull || this.parts.pending?.full === true;
  }

  async drain(): Promise<void> {
    const { start, sink, pending } = this.parts;
    if (pending?.full === true) await this.settle(pending);
    await this.handOn();
    sink.progress?.(Math.max(this.doneUpTo, this.fastLane?.doneUpTo ?? 0) - start);
  }

  /** After the last record. */
  async finish(): Promise<void> {
    const { encoder, part, keys, pending, clock } = this.parts;
    if (pending !== undefined) await this.settle(pending);
    await this.handOn();
    await clock.time('write', async () => {
      await keys?.finish();
      await this.write(encoder.finish());
      await part.end();
    });
  }

  counts() {
    return {
      recordsWritten: this.written + (this.fastLane?.written ?? 0),
      recordsRejected: this.rejects.count,
      recordsFiltered: this.filtered,
      shortRecords: this.parts.reader.shortRecords,
      longRecords: this.parts.reader.longRecords,
      rejectsByCode: this.rejects.countsByCode(),
      rejectsByColumn: this.rejects.countsByColumn(),
      outputBytes: this.parts.part.bytes,
      keyRuns: this.parts.keys?.runs ?? [],
    };
  }

  stages(recordsRead: number): Stages {
    const milliseconds = this.parts.clock.milliseconds();
    const records = { validate: recordsRead, transform: this.transformed, write: this.counts().recordsWritten };
    return eachStage((stage) => ({ records: records[stage], milliseconds: milliseconds[stage] }));
  }

  private get isFull(): boolean {
    return this.parts.encoder.full || this.parts.keys?.full === true || this.rejects.full;
  }

  /**
   * Every record that is written comes through here, in the order of the file, except those that the fast path writes
   * itself.
   *
   * @returns why it is not written after all
   */
  private publish(values: readonly string[], { byteOffset, line }: Position): RecordFault | undefined {
    const { fit, keys, encoder } = this.parts;
    const unfit = fit?.(values);
    if (unfit !== undefined) return { code: 'constraint', ...unfit };
    const duplicate = keys?.faultOf(byteOffset);
    if (duplicate !== undefined) return duplicate;
    this.written++;
    encoder.append(values, byteOffset);
    keys?.add(values, byteOffset, line);
    return undefined;
  }

  /** Rejects a record, after those that still wait for the transform. */
  private refuse(reject: Reject): void {
    const { pending } = this.parts;
    if (pending === undefined) this.rejects.add(reject);
    else pending.addRefused({ ...reject, record: Buffer.from(reject.record) }, reject.record.length);
  }

  /** Runs the waiting records through the transform, and acts on its answers. */
  private async settle(pending: PendingRecords<Origin, Reject>): Promise<void> {
    for (const settled of await this.parts.clock.time('transform', async () => pending.settle())) {
      if ('answer' in settled) this.transformed++;
      if ('refused' in settled) {
        this.rejects.add(settled.refused);
      } else if (settled.answer === null) {
        this.filtered++;
      } else if (isReject(settled.answer)) {
        const { column, message } = settled.answer;
        this.rejects.add(rejectOf(settled.origin, { code: 'transform', column, message }));
      } else {
        const fault = this.publish(settled.answer, settled.origin);
        if (fault !== undefined) this.rejects.add(rejectOf(settled.origin, fault));
      }
      if (this.isFull) await this.handOn();
    }
  }

  private async handOn(): Promise<void> {
    const { sink, encoder, keys, clock } = this.parts;
    const bytes = encoder.take();
    const rejects = this.rejects.take();
    await clock.time('write', async () => {
      await this.write(bytes);
      if (rejects.length > 0) await sink.rejects(rejects);
      await keys?.handOn();
    });
  }

  private async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await this.parts.part.write(bytes);
  }
}

/** All of one shape: by the million, objects of several take several times as long to read. */
function rejectOf({ line, byteOffset, record }: Origin, { code, column, message }: RecordFault): Reject {
  return { line, byteOffset, record, code, column, message };
}

function originOf(record: Buffer, { line, byteOffset }: Position): Origin {
  return { line, byteOffset, record };
}
