import { checkBoolean, checkObject, checkPropertyNames, fail } from './descriptor-check';
import { Schema } from './schema';
import { visibleJson } from './visible-text';

export const OUTPUT_FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type OutputFormatName = (typeof OUTPUT_FORMATS)[number];
export const DEFAULT_OUTPUT_FORMAT: OutputFormatName = 'jsonl';

/** Columns that say where a record comes from, by their names in the output. */
export const METADATA_COLUMNS = ['_job_id', '_source_key', '_byte_offset', '_ingestion_time'] as const;
export type MetadataColumnName = (typeof METADATA_COLUMNS)[number];

/** How the part files are written. */
export interface OutputSettings {
  /** Default `DEFAULT_OUTPUT_FORMAT`. */
  readonly format?: OutputFormatName;
  /** For `jsonl` and `csv` (Parquet compresses its pages). Default false. */
  readonly gzip?: boolean;
  /** For `csv`: each part begins with the columns' names. Default true. */
  readonly header?: boolean;
  /** For `csv`: texts that a spreadsheet would take for a formula get an apostrophe before them. Default false. */
  readonly formulaSafe?: boolean;
  /** After the columns of the schema, in this order. Default none. */
  readonly metadataColumns?: readonly MetadataColumnName[];
}

/** Which formats have an option. */
export const FORMATS_OF_OPTION = {
  gzip: ['jsonl', 'csv'],
  header: ['csv'],
  formulaSafe: ['csv'],
} as const satisfies Readonly<Record<Exclude<keyof OutputSettings, 'format' | 'metadataColumns'>, readonly OutputFormatName[]>>;

/** The most digits that a Parquet decimal of 128 bits holds. */
export const MAX_PARQUET_PRECISION = 38;

/**
 * The descriptor itself, after it is sure that records can be written by it. Throws an error that names the setting,
 * what it must be and what it is.
 *
 * @param schema of the published records
 */
export function checkOutputSettings(descriptor: OutputSettings, schema: Schema): OutputSettings {
  const output = checkObject('outputFormat', descriptor);
  checkPropertyNames('outputFormat', output, ['format', ...Object.keys(FORMATS_OF_OPTION), 'metadataColumns']);
  const { format = DEFAULT_OUTPUT_FORMAT, metadataColumns = [] } = descriptor;
  if (!OUTPUT_FORMATS.includes(format)) fail('outputFormat.format', `be one of ${OUTPUT_FORMATS.join(', ')}`, format);
  for (const [option, formats] of Object.entries(FORMATS_OF_OPTION)) {
    checkBoolean(`outputFormat.${option}`, output[option]);
    if (output[option] !== undefined && !(formats as readonly string[]).includes(format)) {
      fail(`outputFormat.${option}`, `be left out: it is for ${formats.join(' and ')}, and the format is ${format}`, output[option]);
    }
  }
  checkMetadataColumns(metadataColumns, schema);
  if (format === 'parquet') checkDecimals(schema);
  return descriptor;
}

function checkMetadataColumns(columns: readonly string[], { fields, rescueColumn }: Schema): void {
  columns.forEach((column, index) => {
    const path = `metadataColumns[${index}]`;
    if (!(METADATA_COLUMNS as readonly string[]).includes(column)) fail(path, `be one of ${METADATA_COLUMNS.map((name) => `${name} (${enumName(name)})`).join(', ')}`, column);
    if (columns.indexOf(column) !== index) fail(path, 'be listed once', column);
    if (column === rescueColumn || fields.some(({ name }) => name === column)) fail(path, 'differ from the names of the schema\'s columns', column);
  });
}

/** As the constructs' enum has it: `MetadataColumn.JOB_ID`. */
function enumName(column: MetadataColumnName): string {
  return `MetadataColumn.${column.slice(1).toUpperCase()}`;
}

function checkDecimals({ fields }: Schema): void {
  fields.forEach(({ name, type, precision = MAX_PARQUET_PRECISION, scale }, index) => {
    if (type !== 'decimal') return;
    const path = `schema.fields[${index}]`;
    const of = `for Parquet (field ${visibleJson(name)})`;
    if (scale === undefined) fail(`${path}.scale`, `be given ${of}, whose decimals have a fixed one`, scale);
    if (precision > MAX_PARQUET_PRECISION) fail(`${path}.precision`, `be at most ${MAX_PARQUET_PRECISION} ${of}`, precision);
    if (scale > precision) fail(`${path}.scale`, `be at most ${precision}, the precision, ${of}`, scale);
  });
}
