/** All formats of part files. Settings only have to name one. */
import { CSV } from './csv-encoder';
import { JSON_LINES } from './json-lines';
import { LineBuffer } from './line-buffer';
import { JobMetadata } from './metadata-columns';
import { MetadataEncoder } from './metadata-encoder';
import { OutputEncoder } from './output-encoder';
import { PARQUET } from './parquet/parquet-encoder';
import { FitCheck, PartFormat } from './part-format';
import { metadataColumnsOf } from '../../spec/output-columns';
import { DEFAULT_OUTPUT_FORMAT, FORMATS_OF_OPTION, OutputFormatName, OutputSettings } from '../../spec/output-settings';
import { Format } from '../format/format';

const PART_FORMATS: Readonly<Record<OutputFormatName, PartFormat>> = { jsonl: JSON_LINES, csv: CSV, parquet: PARQUET };

const GZIP_SUFFIX = '.gz';

function formatOf({ format = DEFAULT_OUTPUT_FORMAT }: OutputSettings): PartFormat {
  return PART_FORMATS[format];
}

/** The end of a part file's key. */
export function partSuffix(settings: OutputSettings): string {
  return formatOf(settings).suffix + (settings.gzip === true ? GZIP_SUFFIX : '');
}

/** Every suffix that a part file can have. */
export function partSuffixes(): string[] {
  return Object.entries(PART_FORMATS).flatMap(([name, { suffix }]) =>
    (FORMATS_OF_OPTION.gzip as readonly string[]).includes(name) ? [suffix, suffix + GZIP_SUFFIX] : [suffix]);
}

/**
 * A gzip file is declared as one: with `Content-Encoding: gzip` many clients would inflate it on the way, and tools
 * that go by the key's `.gz` would try it once more.
 */
export function partContentType(settings: OutputSettings): string {
  return settings.gzip === true ? 'application/gzip' : formatOf(settings).contentType;
}

/** Finds a value that the output cannot hold. Undefined: it holds all of them. */
export function compileFit({ outputColumns, settings: { output = {} } }: Format): FitCheck | undefined {
  return formatOf(output).fit(outputColumns, output);
}

/**
 * @param lines where text encoders gather their lines
 * @param job for the metadata columns
 * @throws Error when there are metadata columns, and nothing to fill them with
 */
export function createEncoder(format: Format, lines: LineBuffer, job?: JobMetadata): OutputEncoder {
  const { outputColumns, outputSchema, settings: { output = {} } } = format;
  const { metadataColumns = [] } = output;
  const encoder = formatOf(output).encoder([...outputColumns, ...metadataColumnsOf(output)], outputSchema, output, lines);
  if (metadataColumns.length === 0) return encoder;
  if (job === undefined) throw new Error(`internal: expected what ${metadataColumns.join(', ')} say of the job, got nothing`);
  return new MetadataEncoder(encoder, metadataColumns, job);
}
