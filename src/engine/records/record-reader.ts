import { RecordParser } from '../grammar/record-parser';
import { RecordFault } from '../model/record-fault';

/** The exact path: turns the bytes of one record into values that the schema allows, or says why it cannot. */
export interface RecordReader {
  /** The fault of the last record that was refused. */
  readonly fault: RecordFault;
  /** How many records were read though they had too few fields, or too many. */
  readonly shortRecords: number;
  readonly longRecords: number;
  /**
   * @param parser which has just parsed the record at `bytes[at]`
   * @param faultlessFields how many of the record's first fields are known to have no fault. Default 0
   * @returns each value as a JSON literal, in the order of `Format.recordColumns`, a missing one as `null` (the array
   *   is reused, copy what you keep); undefined: then `fault` says why
   */
  read(bytes: Buffer, at: number, parser: RecordParser, faultlessFields?: number): readonly string[] | undefined;
}
