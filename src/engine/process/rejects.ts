import { RejectCode, WHOLE_RECORD } from '../../spec/error-codes';

/** Rejects that are gathered before they are handed on. */
const BATCH_SIZE = 1000;

export interface Reject {
  /** Physical lines since the chunk's first; 0 for a record on that line. */
  readonly line: number;
  /** Offset in the file. */
  readonly byteOffset: number;
  readonly code: RejectCode;
  /** The field's name; none for a fault of the record as a whole. */
  readonly column?: string;
  readonly message: string;
  /**
   * The original bytes without the line end. They may still lie where they were read, and stay valid until a sink has
   * taken the reject.
   */
  readonly record: Buffer;
}

/** The rejected records of a chunk: gathered in the order of the file, and counted. */
export class Rejects {
  /** All rejects that were ever added. */
  count = 0;
  private batch: Reject[] = [];
  private readonly byCode = new Map<string, number>();
  private readonly byColumn = new Map<string, number>();

  /** Whether it is time to `take` them. */
  get full(): boolean {
    return this.batch.length >= BATCH_SIZE;
  }

  add(reject: Reject): void {
    this.count++;
    countOne(this.byCode, reject.code);
    countOne(this.byColumn, reject.column ?? WHOLE_RECORD);
    this.batch.push(reject);
  }

  /** The rejects that were added since the last `take`. */
  take(): readonly Reject[] {
    const taken = this.batch;
    this.batch = [];
    return taken;
  }

  countsByCode(): Record<string, number> {
    return Object.fromEntries(this.byCode);
  }

  countsByColumn(): Record<string, number> {
    return Object.fromEntries(this.byColumn);
  }
}

function countOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
