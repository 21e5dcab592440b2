import { RowCells } from './row-cells';
import { Format } from '../engine/format/format';
import { likelyCause } from '../engine/process/likely-cause';
import { RejectCode } from '../spec/error-codes';
import { visibleJson } from '../spec/visible-text';

/** Records of one fault that are kept, to find its cause by. */
const MOST_SAMPLES = 50;
/** No larger record is kept, and no more bytes of all faults together. */
const LARGEST_SAMPLE = 64 * 1024;
const MOST_SAMPLE_BYTES = 4 * 1024 * 1024;
/** Most faults that are told apart: each code in each column is one. */
const MOST_FAULTS = 10_000;

/** Rejected records of one code and column. */
export interface Fault {
  readonly code: RejectCode;
  /** Empty: the record as a whole. */
  readonly column: string;
  readonly count: number;
  /** Of the first of them: its physical line, from 1, and what was expected and what came. */
  readonly line: number;
  readonly message: string;
  /** The first of them, as they came. */
  readonly records: readonly Buffer[];
}

/** How many rejected records were looked at, of how many of the file; and how many records the file has. */
export interface Looked {
  readonly at: number;
  readonly rejected: number;
  readonly read: number;
}

/** Finds the fault that most of a file's rejected records have. */
export class Faults {
  /** Bytes of samples that are kept. */
  keptBytes = 0;
  private readonly byReason = new Map<string, Fault & { count: number; readonly records: Buffer[] }>();

  /** @param line physical line in the file */
  add(row: Pick<RowCells, 'code' | 'column' | 'message' | 'recordSize' | 'record'>, line: number): void {
    const { code, column } = row;
    const key = `${code} ${column}`;
    let fault = this.byReason.get(key);
    if (fault === undefined) {
      if (this.byReason.size === MOST_FAULTS) return;
      fault = { code: code as RejectCode, column, count: 0, line, message: row.message, records: [] };
      this.byReason.set(key, fault);
    }
    fault.count++;
    if (fault.records.length === MOST_SAMPLES) return;
    // Of a record that is too large its beginning tells most; any other is judged whole.
    const size = code === 'record_size' ? Math.min(row.recordSize, LARGEST_SAMPLE) : row.recordSize;
    if (size <= LARGEST_SAMPLE && this.keptBytes + size <= MOST_SAMPLE_BYTES) {
      this.keptBytes += size;
      fault.records.push(row.record(size));
    }
  }

  get foremost(): Fault | undefined {
    const faults = [...this.byReason.values()];
    const most = Math.max(...faults.map(({ count }) => count));
    return faults.find(({ count }) => count === most);
  }
}

/**
 * What a person has to know to find the fault, and what may be its cause: where nearly all records have it, or where the
 * cause can be no other.
 *
 * @param fault of the rejected records that were looked at
 */
export function describeFault({ code, column, count, line, message, records }: Fault, looked: Looked, format: Format): string {
  const where = column === '' ? '' : ` in ${visibleJson(column)}`;
  const often = looked.at === looked.rejected ? `${count}` : `${count} of the first ${looked.at}`;
  const told = `most often (${often}) ${code}${where}, first on line ${line}: ${message}`;
  const isCommon = count * looked.rejected * 10 >= looked.read * looked.at * 9;
  const cause = likelyCause(format, { code, isCommon, column: column === '' ? undefined : column, records });
  return cause === undefined ? told : `${told}. The likely cause: ${cause}`;
}
