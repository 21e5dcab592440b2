import { ByteSource } from './byte-source';
import { createReader } from './create-reader';
import { RejectCode } from './errors';
import { FastPath } from './fast/fast-path';
import { Format } from './format';
import { ChunkKeys } from './keys/chunk-keys';
import { ExclusionList } from './keys/exclusions';
import { createEncoder } from './output/create-encoder';
import { LineBuffer } from './output/json-lines';
import { OutputEncoder } from './output/output-encoder';
import { FitCheck } from './output/output-fit';
import { JobMetadata } from './output/output-settings';
import { openPartSink, PartSink } from './output/part-sink';
import { RecordParser } from './record-parser';
import { RecordReader } from './record-reader';
import { Position, RecordVisitor } from './record-visitor';
import { PendingRecords } from './transform/pending-records';
import { isReject, Transform } from './transform/transform';
import { walkRecords } from './walk-records';

/** Output is handed on in pieces of about this size. */
const OUTPUT_PIECE = 256 * 1024;
/** Rejects that are gathered before they are handed on. */
const REJECTS_PIECE = 1000;

export interface Reject {
  /** Physical lines since the chunk's first; 0 for a record on that line. */
  readonly line: number;
  /** Offset in the file. */
  readonly byteOffset: number;
  readonly code: RejectCode;
  /** The field's name; none for a fault of the record as a whole. */
  readonly column?: string;
  readonly message: string;
  /** The original bytes without the line end. */
  readonly record: Buffer;
}

export interface ChunkSink {
  /** The part file, piece by piece. The bytes are used again once the promise is kept: copy what you keep. */
  write(bytes: Uint8Array): Promise<void>;
  /** Rejected records, in the order of the file: at least one. Their bytes are used again, as those of `write`. */
  rejects(batch: readonly Reject[]): Promise<void>;
  /** The key shard, piece by piece, as `write`. Left out: no keys are gathered. */
  writeKeys?(bytes: Uint8Array): Promise<void>;
  /** @param bytesDone of the chunk */
  progress?(bytesDone: number): void;
}

export interface ChunkResult {
  /** The first record boundary at or after the chunk's end. */
  readonly actualEnd: number;
  /** Physical lines that begin in the chunk. */
  readonly lines: number;
  /** Counted by the parser, on its own: equals `recordsWritten + recordsRejected + recordsFiltered`. */
  readonly recordsRead: number;
  readonly recordsWritten: number;
  readonly recordsRejected: number;
  /** Left out by the transform. */
  readonly recordsFiltered: number;
  readonly blankLines: number;
  readonly commentLines: number;
  readonly rejectsByCode: Readonly<Record<string, number>>;
  /** By field name; those of the record as a whole under `_record`. */
  readonly rejectsByColumn: Readonly<Record<string, number>>;
  readonly outputBytes: number;
  /** The sorted runs of the key shard, one behind the other: how many entries each has. */
  readonly keyRuns: readonly number[];
}

/** Key of `rejectsByColumn` for rejects that no single field is to blame for. */
export const RECORD_COLUMN = '_record';

export interface ProcessOptions {
  /** False: the exact path does all, as where there is no WebAssembly SIMD. The outcome is the same. Default true. */
  readonly fast?: boolean;
  /** Bytes that are asked of the source at a time. Default 4 MiB. */
  readonly readSize?: number;
  /** The user's own step over the valid records. Where there is one, the exact path does all. */
  readonly transform?: Transform;
  /** Valid records that are not to be written, because an earlier one holds a key of theirs. Default none. */
  readonly exclusions?: ExclusionList;
  /** For the metadata columns: needed where the output has any. */
  readonly job?: JobMetadata;
}

/** Validates, normalises and hands on every record that begins in `[start, end)`. `start` is a record boundary. */
export async function processChunk(source: ByteSource, format: Format, range: { start: number; end: number },
  sink: ChunkSink, { fast = true, readSize, transform, exclusions, job }: ProcessOptions = {}): Promise<ChunkResult> {
  const lines = new LineBuffer(OUTPUT_PIECE);
  const encoder = createEncoder(format, lines, job);
  const keys = ChunkKeys.open(format.keys, sink, exclusions);
  const fastPath = fast && transform === undefined ? FastPath.open(format, lines, OUTPUT_PIECE, keys) : undefined;
  const part = openPartSink(async (bytes) => sink.write(bytes), format.settings.output?.gzip === true);
  try {
    const worker = new ChunkWorker(createReader(format), format.fit, encoder, part, range.start, sink, fastPath,
      transform && new PendingRecords(transform), keys);
    const walked = await walkRecords(source, format, range, worker, readSize);
    await worker.finish();
    return { ...walked, ...worker.counts() };
  } finally {
    await part.close();
    fastPath?.close();
  }
}

/** Where a record comes from: what its reject would tell of it. */
type Origin = Pick<Reject, 'line' | 'byteOffset' | 'record'>;

class ChunkWorker implements RecordVisitor {
  private rejects: Reject[] = [];
  private written = 0;
  private rejected = 0;
  private filtered = 0;
  private doneUpTo: number;
  private readonly byCode = new Map<string, number>();
  private readonly byColumn = new Map<string, number>();

  constructor(private readonly reader: RecordReader, private readonly fit: FitCheck | undefined, private readonly encoder: OutputEncoder,
    private readonly part: PartSink, private readonly start: number,
    private readonly sink: ChunkSink, readonly fastLane: FastPath | undefined, private readonly pending: PendingRecords<Origin, Reject> | undefined,
    private readonly keys: ChunkKeys | undefined) {
    this.doneUpTo = start;
  }

  record(bytes: Buffer, at: number, parser: RecordParser, position: Position): void {
    const values = this.reader.read(bytes, at, parser, this.fastLane?.faultlessFieldsAt(position.byteOffset));
    const record = bytes.subarray(at, parser.contentEnd);
    if (values === undefined) {
      const { code, column, message } = this.reader.fault;
      const { line, byteOffset } = position;
      this.refuse({ line, byteOffset, record, code, column, message });
    } else if (this.pending === undefined) {
      this.publish(values, record, position);
    } else {
      this.pending.add(originOf(Buffer.from(record), position), values, record.length);
    }
    this.doneUpTo = position.byteOffset + parser.end - at;
  }

  broken(record: Buffer, code: RejectCode, message: string, position: Position): void {
    this.refuse({ ...originOf(record, position), code, message });
    this.doneUpTo = position.byteOffset + record.length;
  }

  full(): boolean {
    return this.isFull || this.pending?.full === true;
  }

  async drain(): Promise<void> {
    if (this.pending?.full === true) await this.settle(this.pending);
    await this.handOn();
    this.sink.progress?.(Math.max(this.doneUpTo, this.fastLane?.doneUpTo ?? 0) - this.start);
  }

  /** After the last record. */
  async finish(): Promise<void> {
    if (this.pending !== undefined) await this.settle(this.pending);
    await this.handOn();
    await this.keys?.finish();
    await this.write(this.encoder.finish());
    await this.part.end();
  }

  counts() {
    return {
      recordsWritten: this.written + (this.fastLane?.written ?? 0),
      recordsRejected: this.rejected,
      recordsFiltered: this.filtered,
      rejectsByCode: Object.fromEntries(this.byCode),
      rejectsByColumn: Object.fromEntries(this.byColumn),
      outputBytes: this.part.bytes,
      keyRuns: this.keys?.runs ?? [],
    };
  }

  private get isFull(): boolean {
    return this.encoder.full || this.keys?.full === true || this.rejects.length >= REJECTS_PIECE;
  }

  /** Every record that is written comes through here, in the order of the file; but those of the fast path, which write themselves. */
  private publish(values: readonly string[], record: Buffer, position: Position): void {
    const unfit = this.fit?.(values);
    const fault = unfit === undefined ? this.keys?.faultOf(position.byteOffset) : { code: 'constraint' as const, ...unfit };
    if (fault !== undefined) {
      this.quarantine({ ...originOf(record, position), ...fault });
      return;
    }
    this.written++;
    this.encoder.append(values, position.byteOffset);
    this.keys?.add(values, position.byteOffset, position.line);
  }

  /** The record goes to the quarantine, behind those that wait for the transform. */
  private refuse(reject: Reject): void {
    if (this.pending === undefined) this.quarantine(reject);
    else this.pending.addRefused({ ...reject, record: Buffer.from(reject.record) }, reject.record.length);
  }

  /** Every record that is rejected comes through here, in the order of the file. */
  private quarantine(reject: Reject): void {
    this.rejected++;
    this.byCode.set(reject.code, (this.byCode.get(reject.code) ?? 0) + 1);
    const name = reject.column ?? RECORD_COLUMN;
    this.byColumn.set(name, (this.byColumn.get(name) ?? 0) + 1);
    this.rejects.push(reject);
  }

  /** Takes the records that wait through the transform. */
  private async settle(pending: PendingRecords<Origin, Reject>): Promise<void> {
    for (const settled of await pending.settle()) {
      if ('refused' in settled) this.quarantine(settled.refused);
      else if (settled.answer === null) this.filtered++;
      else if (isReject(settled.answer)) this.quarantine({ ...settled.origin, code: 'transform', ...settled.answer });
      else this.publish(settled.answer, settled.origin.record, settled.origin);
      if (this.isFull) await this.handOn();
    }
  }

  private async handOn(): Promise<void> {
    await this.write(this.encoder.take());
    if (this.rejects.length > 0) await this.sink.rejects(this.rejects);
    this.rejects = [];
    await this.keys?.handOn();
  }

  private async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await this.part.write(bytes);
  }
}

function originOf(record: Buffer, { line, byteOffset }: Position): Origin {
  return { line, byteOffset, record };
}
