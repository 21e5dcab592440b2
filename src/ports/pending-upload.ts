/** A multipart upload that nobody has completed or aborted yet. */
export interface PendingUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}
