import { csvColumns, CsvEncoder } from './csv-encoder';
import { JsonLinesEncoder } from './json-lines';
import { LineBuffer } from './line-buffer';
import { MetadataEncoder } from './metadata-encoder';
import { OutputEncoder } from './output-encoder';
import { JobMetadata, metadataColumnsOf } from './output-settings';
import { Format } from '../format/format';
import { ParquetEncoder } from './parquet/parquet-encoder';

/**
 * @param lines where encoders of text gather it
 * @param job for the metadata columns
 * @throws Error when there are metadata columns, and nothing to fill them with
 */
export function createEncoder(format: Format, lines: LineBuffer, job?: JobMetadata): OutputEncoder {
  const { metadataColumns = [] } = format.settings.output ?? {};
  const encoder = encoderOfAll(format, lines);
  if (metadataColumns.length === 0) return encoder;
  if (job === undefined) throw new Error(`internal: expected what ${metadataColumns.join(', ')} say of the job, got nothing`);
  return new MetadataEncoder(encoder, metadataColumns, job);
}

function encoderOfAll({ outputColumns, outputSchema, settings: { output = {} } }: Format, lines: LineBuffer): OutputEncoder {
  const columns = [...outputColumns, ...metadataColumnsOf(output)];
  switch (output.format) {
    case 'csv':
      return new CsvEncoder(csvColumns(columns, outputSchema), output, lines);
    case 'parquet':
      return new ParquetEncoder(columns);
    default:
      return new JsonLinesEncoder(columns.map(({ name }) => name), lines);
  }
}
