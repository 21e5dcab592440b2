import { JobMetadata } from './metadata-columns';
import { OutputEncoder } from './output-encoder';
import { MetadataColumnName } from '../../spec/output-settings';

/** The columns' values as JSON; undefined: the byte offset of the record. */
export function metadataLiterals(columns: readonly MetadataColumnName[], job: JobMetadata): ReadonlyArray<string | undefined> {
  const literals: Readonly<Record<MetadataColumnName, string | undefined>> = {
    _job_id: JSON.stringify(job.jobId),
    _source_key: JSON.stringify(job.sourceKey),
    _byte_offset: undefined,
    _ingestion_time: JSON.stringify(job.ingestionTime),
  };
  return columns.map((column) => literals[column]);
}

/** Appends the metadata columns to each record; the encoder behind it writes them like any other. */
export class MetadataEncoder implements OutputEncoder {
  private readonly constants: ReadonlyArray<string | undefined>;
  private readonly row: string[] = [];

  constructor(private readonly encoder: OutputEncoder, columns: readonly MetadataColumnName[], job: JobMetadata) {
    this.constants = metadataLiterals(columns, job);
  }

  get full(): boolean {
    return this.encoder.full;
  }

  append(values: readonly string[], byteOffset: number): void {
    const { row, constants } = this;
    let length = 0;
    while (length < values.length) row[length] = values[length++];
    for (const constant of constants) row[length++] = constant ?? String(byteOffset);
    this.encoder.append(row, byteOffset);
  }

  take(): Uint8Array {
    return this.encoder.take();
  }

  finish(): Uint8Array {
    return this.encoder.finish();
  }
}
