import { JobItem } from '../../src/contract/job-item';

let made = 0;

/** A job as the table has it, that landed, and ended, at some time. */
export function jobItem(key: string, at: string, more: Partial<JobItem> = {}): JobItem {
  return {
    file_id: String(++made).padStart(32, '0'),
    chunk_id: 'job',
    status: 'SUCCEEDED',
    timestamp: Date.parse(at),
    revision: 4,
    file_name: key.split('/').at(-1)!,
    bucket: 'landing',
    key,
    etag: 'e',
    size_bytes: 1000,
    last_modified: at,
    execution_arn: 'arn:execution',
    schema_fingerprint: 'f',
    process_start_time: at,
    ingest_date: at.slice(0, 10),
    run: 1,
    records_read: 100,
    records_written: 100,
    records_rejected: 0,
    records_filtered: 0,
    ...more,
  };
}
