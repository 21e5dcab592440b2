/** What the metadata columns say of the job: the same in every record. */
export interface JobMetadata {
  readonly jobId: string;
  readonly sourceKey: string;
  /** ISO 8601 in UTC. One time a job, so that a retry writes the same bytes. */
  readonly ingestionTime: string;
}
