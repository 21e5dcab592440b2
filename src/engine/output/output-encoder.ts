/** Turns valid records into the bytes of a part file. */
export interface OutputEncoder {
  /** Whether enough is gathered to be handed on: time for `take`. */
  readonly full: boolean;
  /**
   * @param values JSON literals, as a `RecordReader` returns them
   * @param byteOffset of the record in the file
   */
  append(values: readonly string[], byteOffset: number): void;
  /** The bytes that are ready; they hold until the next `append`. */
  take(): Uint8Array;
  /** Ends the part file. @returns the rest of its bytes; none where no record was appended */
  finish(): Uint8Array;
}
