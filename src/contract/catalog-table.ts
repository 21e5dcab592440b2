/**
 * The published records as a table of the Glue data catalog: which SerDe reads each format of part files, and what each
 * type is to it. `docs/catalog.md` says what was seen of each.
 */
import { OutputColumn, PublishedForm } from '../spec/output-columns';
import { MAX_PARQUET_PRECISION, OutputFormatName } from '../spec/output-settings';
import { FieldTypeName } from '../spec/schema';

/** The table's file name beside the handler's `index.js`. */
export const CATALOG_FORM_FILE_NAME = 'published.json';

/** What an EventBridge rule asks for once a day: partitions that no event has added. */
export interface RepairRequest {
  readonly repairDays: number;
}

export interface CatalogColumn {
  readonly name: string;
  /** As Hive writes it. */
  readonly type: string;
  readonly comment?: string;
}

/** In the order of the keys in the part files' paths. */
export const PARTITION_KEYS: readonly CatalogColumn[] = [
  { name: 'ingest_date', type: 'date' },
  { name: 'file_id', type: 'string' },
];

/** How part files are read: what Glue calls a storage descriptor, but for their place. */
export interface CatalogStorage {
  readonly columns: readonly CatalogColumn[];
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: string;
  readonly serdeParameters: Readonly<Record<string, string>>;
}

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';

const STORAGES: Readonly<Record<OutputFormatName, Omit<CatalogStorage, 'columns'>>> = {
  // Hive's own JSON SerDe reads no object or array as a text. Of this one AWS says that its results may differ from what
  // the files hold: docs/catalog.md.
  jsonl: { inputFormat: TEXT_INPUT, outputFormat: TEXT_OUTPUT, serde: 'org.openx.data.jsonserde.JsonSerDe', serdeParameters: {} },
  csv: {
    inputFormat: TEXT_INPUT,
    outputFormat: TEXT_OUTPUT,
    serde: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
    // Doubled quotes it reads by itself. Its own escape character, the backslash, is one like any other in our files:
    // the one here is in no text that anybody has typed.
    serdeParameters: { separatorChar: ',', quoteChar: '"', escapeChar: '\u0001' },
  },
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    serdeParameters: { 'serialization.format': '1' },
  },
};

/** What Glue calls the classification of a table. */
export const CLASSIFICATIONS: Readonly<Record<OutputFormatName, string>> = { jsonl: 'json', csv: 'csv', parquet: 'parquet' };

export function catalogStorageOf({ format, columns }: PublishedForm): CatalogStorage {
  return { columns: columns.map((column) => catalogColumn(column, format)), ...STORAGES[format] };
}

/** Names are in lower case there, and readers find them in the files whatever their case. */
function catalogColumn(column: OutputColumn, format: OutputFormatName): CatalogColumn {
  const name = column.name.toLowerCase();
  // OpenCSVSerde knows texts only: an empty field is no number to it.
  if (format === 'csv') return { name, type: 'string' };
  if (format === 'parquet' && column.type === 'time') return { name, type: 'bigint', comment: 'microseconds since midnight' };
  return { name, type: TYPES[column.type](column) };
}

const text = () => 'string';

const TYPES: Readonly<Record<FieldTypeName, (column: OutputColumn) => string>> = {
  string: text,
  integer: () => 'bigint',
  number: () => 'double',
  decimal: decimalType,
  boolean: () => 'boolean',
  date: () => 'date',
  datetime: () => 'timestamp',
  time: text,
  year: () => 'int',
  yearmonth: text,
  duration: text,
  object: text,
  array: text,
  list: text,
  geopoint: text,
  geojson: text,
  any: text,
};

/** Hive has as many digits as Parquet. What has more, or any number of them after the point, stays a text. */
function decimalType({ precision = MAX_PARQUET_PRECISION, scale }: OutputColumn): string {
  return scale === undefined || precision > MAX_PARQUET_PRECISION || scale > precision ? 'string' : `decimal(${precision},${scale})`;
}

/**
 * Whether a table can read a job's part files beside its own. JSON Lines and Parquet are read by the columns' names,
 * CSV by their places: there one list of columns must begin with the other.
 *
 * @returns what was expected and what came; undefined: it can
 */
export function formFault(job: PublishedForm, table: PublishedForm): string | undefined {
  if (job.format !== 'csv' && table.format !== 'csv') return undefined;
  if (job.format !== table.format) return `expected part files in the table's format, ${table.format}, got ${job.format}`;
  if (job.header !== table.header) {
    return `expected part files ${table.header ? 'with' : 'without'} a header, as the table has them, got them ${job.header ? 'with' : 'without'} one`;
  }
  return columnsFault(job.columns.map(({ name }) => name), table.columns.map(({ name }) => name));
}

/** As `formFault`, of CSV. Names in any case. */
export function columnsFault(names: readonly string[], tableNames: readonly string[]): string | undefined {
  const differ = names.findIndex((name, index) => index < tableNames.length && name.toLowerCase() !== tableNames[index].toLowerCase());
  if (differ < 0) return undefined;
  return `expected column ${differ + 1} to be ${tableNames[differ]}, as in the table, because CSV is read by position, got ${names[differ]}`;
}
