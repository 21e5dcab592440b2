import { MetadataColumnName, OutputSettings } from '../../spec/output-settings';
import { FieldTypeName } from '../../spec/schema';
import { OutputColumn } from '../model/output-column';

/** What the metadata columns say of the job: the same in every record. */
export interface JobMetadata {
  readonly jobId: string;
  readonly sourceKey: string;
  /** ISO 8601 in UTC. One time a job, so that a retry writes the same bytes. */
  readonly ingestionTime: string;
}

const METADATA_TYPES: Readonly<Record<MetadataColumnName, FieldTypeName>> = {
  _job_id: 'string',
  _source_key: 'string',
  _byte_offset: 'integer',
  _ingestion_time: 'datetime',
};

/** The metadata columns of a file's records, in their order. */
export function metadataColumnsOf({ metadataColumns = [] }: OutputSettings): OutputColumn[] {
  return metadataColumns.map((name) => ({ name, type: METADATA_TYPES[name] }));
}
