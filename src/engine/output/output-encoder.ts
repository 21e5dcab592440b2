/** Turns valid records into the bytes of a part file. */
export interface OutputEncoder {
  /** As many records are gathered as should be handed on at once: time for `take`. */
  readonly full: boolean;
  /**
   * @param values JSON literals, as a `RecordReader` returns them
   * @param byteOffset of the record in the file
   */
  append(values: readonly string[], byteOffset: number): void;
  /** The bytes that are ready; they hold until the next `append`. */
  take(): Uint8Array;
  /** Ends the part file: the rest of its bytes. None where no record was appended. */
  finish(): Uint8Array;
}
