/** The columns of the part files: what the engine writes, and what readers are told of it. */
import { DEFAULT_OUTPUT_FORMAT, MetadataColumnName, OutputFormatName, OutputSettings } from './output-settings';
import { Field, FieldTypeName, Schema } from './schema';

/** A column of the output, as far as it concerns how its values are written. */
export type OutputColumn = Pick<Field, 'name' | 'precision' | 'scale'> & {
  readonly type: FieldTypeName;
};

/** What a reader of a job's part files has to know. */
export interface PublishedForm {
  readonly format: OutputFormatName;
  /** For `csv`: whether each part begins with the columns' names. */
  readonly header?: boolean;
  /** In the order of the files. */
  readonly columns: readonly OutputColumn[];
}

const METADATA_TYPES: Readonly<Record<MetadataColumnName, FieldTypeName>> = {
  _job_id: 'string',
  _source_key: 'string',
  _byte_offset: 'integer',
  _ingestion_time: 'datetime',
};

/** The fields, then the rescue column where there is one. */
export function recordColumnsOf({ fields, rescueColumn }: Schema): OutputColumn[] {
  const columns: OutputColumn[] = fields.map(({ name, type = 'string', precision, scale }) => ({ name, type, precision, scale }));
  return rescueColumn === undefined ? columns : [...columns, { name: rescueColumn, type: 'object' }];
}

/** The metadata columns of a file's records, in their order. They stand behind those of the records. */
export function metadataColumnsOf({ metadataColumns = [] }: OutputSettings): OutputColumn[] {
  return metadataColumns.map((name) => ({ name, type: METADATA_TYPES[name] }));
}

/** @param schema of the published records */
export function publishedFormOf(schema: Schema, output: OutputSettings = {}): PublishedForm {
  const { format = DEFAULT_OUTPUT_FORMAT, header = true } = output;
  return {
    format,
    header: format === 'csv' ? header : undefined,
    columns: [...recordColumnsOf(schema), ...metadataColumnsOf(output)],
  };
}
