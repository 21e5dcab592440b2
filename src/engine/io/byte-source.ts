/** Where the engine reads from: an object in S3, a local file, a buffer. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /**
   * The bytes from `start` (inclusive) to `end` (exclusive), exactly that many. Rejects when the source is no longer
   * the one that was opened. Several reads may be on their way at once, and what they give is the caller's: at most
   * `MAX_READS_IN_FLIGHT + 1` of them are in use by one window.
   */
  read(start: number, end: number): Promise<Uint8Array>;
}
