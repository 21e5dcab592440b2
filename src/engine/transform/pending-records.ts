import { Transform, TransformAnswer, Values } from './transform';

/**
 * One record in the queue: `O` tells where a record comes from, `R` is a record that was refused before the transform.
 */
type Pending<O, R> = { readonly origin: O; readonly values: Values } | { readonly refused: R };

/** What comes out: an answer for each record, and what was refused, in the order of the file. */
export type Settled<O, R> = { readonly origin: O; readonly answer: TransformAnswer } | { readonly refused: R };

/**
 * The records that wait for a transform, and between them those that were refused before it, so that the order of the
 * file stays.
 */
export class PendingRecords<O, R> {
  private pending: Array<Pending<O, R>> = [];
  private bytes = 0;

  constructor(private readonly transform: Transform) {}

  /** Time for `settle`. */
  get full(): boolean {
    return this.pending.length >= this.transform.batchRecords || this.bytes >= this.transform.batchBytes;
  }

  /**
   * @param values are copied
   * @param recordBytes size of the record in the file
   */
  add(origin: O, values: Values, recordBytes: number): void {
    this.pending.push({ origin, values: values.slice() });
    this.bytes += values.reduce((sum, { length }) => sum + length, recordBytes);
  }

  addRefused(refused: R, recordBytes: number): void {
    this.pending.push({ refused });
    this.bytes += recordBytes;
  }

  /** Hands all records to the transform, and gives everything out. */
  async settle(): Promise<ReadonlyArray<Settled<O, R>>> {
    const { pending } = this;
    this.pending = [];
    this.bytes = 0;
    const records = pending.flatMap((item) => 'values' in item ? [item.values] : []);
    const answers = records.length === 0 ? [] : await this.transform.apply(records);
    if (answers.length !== records.length) throw new Error(`internal: expected ${records.length} answers of the transform, got ${answers.length}`);
    let next = 0;
    return pending.map((item) => 'values' in item ? { origin: item.origin, answer: answers[next++] } : item);
  }
}
