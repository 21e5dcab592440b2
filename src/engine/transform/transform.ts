/**
 * A record on its way through a user's own step, or out of it: each field's value as a JSON literal, in the order of
 * the columns.
 */
export type Values = readonly string[];

/** The user's step, or the pipeline in its name, refuses a record. */
export interface TransformReject {
  /** The field's name. None: the record as a whole. */
  readonly column?: string;
  readonly message: string;
}

/** What became of one record: the values of the output's columns, null where it was filtered, or a reject. */
export type TransformAnswer = Values | TransformReject | null;

/**
 * A user's own step over the valid records of a file. Which records come together depends on the chunks: the answer to
 * a record must depend on that record alone.
 */
export interface Transform {
  /**
   * Records that are gathered before they are handed over; fewer where `batchBytes` is reached first, or the chunk
   * ends.
   */
  readonly batchRecords: number;
  /** Bytes of records and values that are gathered before they are handed over. */
  readonly batchBytes: number;
  /**
   * @param records in the order of the schema's columns
   * @returns one answer for each, in the same order
   * @throws Error for a failure that is not a record's fault: the chunk fails, and is tried again
   */
  apply(records: readonly Values[]): Promise<readonly TransformAnswer[]>;
}

export function isReject(answer: TransformAnswer): answer is TransformReject {
  return answer !== null && 'message' in answer;
}
