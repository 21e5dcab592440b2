import { ByteSource } from './byte-source';
import { createReader } from './create-reader';
import { RejectCode } from './errors';
import { FastPath } from './fast/fast-path';
import { Format } from './format';
import { JsonLinesEncoder, LineBuffer } from './output/json-lines';
import { OutputEncoder } from './output/output-encoder';
import { RecordParser } from './record-parser';
import { RecordReader } from './record-reader';
import { Position, RecordVisitor, walkRecords } from './walk-records';

/** Output is handed on in pieces of about this size. */
const OUTPUT_PIECE = 256 * 1024;
/** Rejects that are gathered before they are handed on; together with their bytes. */
const REJECTS_PIECE = 1000;
const REJECT_BYTES_PIECE = 1024 * 1024;

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
  readonly record: Uint8Array;
}

export interface ChunkSink {
  /** The part file, piece by piece. The bytes are used again once the promise is kept: copy what you keep. */
  write(bytes: Uint8Array): Promise<void>;
  reject(reject: Reject): Promise<void>;
  /** @param bytesDone of the chunk */
  progress?(bytesDone: number): void;
}

export interface ChunkResult {
  /** The first record boundary at or after the chunk's end. */
  readonly actualEnd: number;
  /** Physical lines that begin in the chunk. */
  readonly lines: number;
  /** Counted by the parser, on its own: equals `recordsWritten + recordsRejected`. */
  readonly recordsRead: number;
  readonly recordsWritten: number;
  readonly recordsRejected: number;
  readonly blankLines: number;
  readonly commentLines: number;
  readonly rejectsByCode: Readonly<Record<string, number>>;
  /** By field name; those of the record as a whole under `_record`. */
  readonly rejectsByColumn: Readonly<Record<string, number>>;
  readonly outputBytes: number;
}

/** Key of `rejectsByColumn` for rejects that no single field is to blame for. */
export const RECORD_COLUMN = '_record';

export interface ProcessOptions {
  /** False: the exact path does all, as where there is no WebAssembly SIMD. The outcome is the same. Default true. */
  readonly fast?: boolean;
  /** Bytes that are asked of the source at a time. Default 8 MiB. */
  readonly readSize?: number;
}

/** Validates, normalises and hands on every record that begins in `[start, end)`. `start` is a record boundary. */
export async function processChunk(source: ByteSource, format: Format, range: { start: number; end: number },
  sink: ChunkSink, { fast = true, readSize }: ProcessOptions = {}): Promise<ChunkResult> {
  const lines = new LineBuffer(OUTPUT_PIECE);
  const fastPath = fast ? FastPath.open(format, lines, OUTPUT_PIECE) : undefined;
  try {
    const worker = new ChunkWorker(createReader(format), new JsonLinesEncoder(format.fieldNames, lines), range.start, sink, fastPath);
    const walked = await walkRecords(source, format, range, worker, readSize);
    await worker.finish();
    return { ...walked, ...worker.counts() };
  } finally {
    fastPath?.close();
  }
}

class ChunkWorker implements RecordVisitor {
  private rejects: Reject[] = [];
  private rejectBytes = 0;
  private written = 0;
  private rejected = 0;
  private outputBytes = 0;
  private doneUpTo: number;
  private readonly byCode = new Map<string, number>();
  private readonly byColumn = new Map<string, number>();

  constructor(private readonly reader: RecordReader, private readonly encoder: OutputEncoder, private readonly start: number,
    private readonly sink: ChunkSink, readonly fastLane: FastPath | undefined) {
    this.doneUpTo = start;
  }

  record(bytes: Buffer, at: number, parser: RecordParser, position: Position): void {
    const values = this.reader.read(bytes, at, parser);
    if (values === undefined) {
      const { code, column, message } = this.reader.fault;
      this.refuse(bytes.subarray(at, parser.contentEnd), code, column, message, position);
    } else {
      this.written++;
      this.encoder.append(values, position.byteOffset);
    }
    this.doneUpTo = position.byteOffset + parser.end - at;
  }

  broken(record: Buffer, code: RejectCode, message: string, position: Position): void {
    this.refuse(record, code, undefined, message, position);
    this.doneUpTo = position.byteOffset + record.length;
  }

  full(): boolean {
    return this.encoder.full || this.rejects.length >= REJECTS_PIECE || this.rejectBytes >= REJECT_BYTES_PIECE;
  }

  async drain(): Promise<void> {
    await this.write(this.encoder.take());
    for (const reject of this.rejects) await this.sink.reject(reject);
    this.rejects = [];
    this.rejectBytes = 0;
    this.sink.progress?.(Math.max(this.doneUpTo, this.fastLane?.doneUpTo ?? 0) - this.start);
  }

  /** After the last record. */
  async finish(): Promise<void> {
    await this.write(this.encoder.finish());
  }

  counts() {
    return {
      recordsWritten: this.written + (this.fastLane?.written ?? 0),
      recordsRejected: this.rejected,
      rejectsByCode: Object.fromEntries(this.byCode),
      rejectsByColumn: Object.fromEntries(this.byColumn),
      outputBytes: this.outputBytes,
    };
  }

  private async write(bytes: Uint8Array): Promise<void> {
    this.outputBytes += bytes.length;
    if (bytes.length > 0) await this.sink.write(bytes);
  }

  private refuse(record: Buffer, code: RejectCode, column: string | undefined, message: string, position: Position): void {
    this.rejected++;
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1);
    const name = column ?? RECORD_COLUMN;
    this.byColumn.set(name, (this.byColumn.get(name) ?? 0) + 1);
    this.rejects.push({ line: position.line, byteOffset: position.byteOffset, code, column, message, record: Buffer.from(record) });
    this.rejectBytes += record.length;
  }
}
