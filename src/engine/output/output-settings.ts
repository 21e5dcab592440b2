import { OutputColumn } from '../format/format';
import { FieldType } from '../model/schema';

/** How a part file is written. */
export interface OutputSettings {
  /** Default `jsonl`. */
  readonly format?: OutputFormat;
  /** Compressed with gzip; not with Parquet, which compresses its pages. Default false. */
  readonly gzip?: boolean;
  /** Of CSV: each part begins with a record of the columns' names. Default true. */
  readonly header?: boolean;
  /** Of CSV: a text that a spreadsheet would take for a formula gets an apostrophe before it. Default false. */
  readonly formulaSafe?: boolean;
  /** Columns after those of the schema. Default none. */
  readonly metadataColumns?: readonly MetadataColumn[];
}

export type OutputFormat = 'jsonl' | 'csv' | 'parquet';
export type MetadataColumn = '_job_id' | '_source_key' | '_byte_offset' | '_ingestion_time';

/** What the metadata columns say of the job: the same in every record. */
export interface JobMetadata {
  readonly jobId: string;
  readonly sourceKey: string;
  /** ISO 8601 in UTC. One time a job, so that a retry writes the same bytes. */
  readonly ingestionTime: string;
}

const METADATA_TYPES: Readonly<Record<MetadataColumn, FieldType>> = {
  _job_id: 'string',
  _source_key: 'string',
  _byte_offset: 'integer',
  _ingestion_time: 'datetime',
};

/** The metadata columns of a file's records, in their order. */
export function metadataColumnsOf({ metadataColumns = [] }: OutputSettings): OutputColumn[] {
  return metadataColumns.map((name) => ({ name, type: METADATA_TYPES[name] }));
}
