import { FileCompression } from './file-compression';
import { OutputSettings } from '../spec/output-settings';
import { visibleJson } from '../spec/visible-text';
import { checkObject } from '../synth/prop-types';

/** How JSON Lines are written. */
export interface JsonLinesOptions {
  /**
   * How each part file is compressed. The key of one with gzip ends with `.jsonl.gz`.
   *
   * @default FileCompression.NONE
   */
  readonly compression?: FileCompression;
}

/** How CSV is written. */
export interface CsvOutputOptions {
  /**
   * How each part file is compressed. The key of one with gzip ends with `.csv.gz`.
   *
   * @default FileCompression.NONE
   */
  readonly compression?: FileCompression;

  /**
   * Each part file begins with the names of the columns. Without them the parts one after the other are one file.
   *
   * @default true
   */
  readonly header?: boolean;

  /**
   * Put an apostrophe before texts that a spreadsheet would take for a formula: those that begin with `=`, `+`, `-`,
   * `@`, a full-width one of these, a tab, a line end or a NUL; and quote texts that hold a semicolon or a tab, at
   * which some spreadsheets split. For files that people open; a program reads the apostrophe as part of the text.
   * Numbers and dates stay as they are. In `rejected.csv` a record that begins so is in base64.
   *
   * @default false
   */
  readonly formulaSafe?: boolean;
}

/** How the published records are written. */
export class OutputFormat {
  /** A JSON object a line: keys in the order of the schema, a missing value as null. Key suffix `.jsonl`. */
  public static jsonLines(options: JsonLinesOptions = {}): OutputFormat {
    return new OutputFormat({ format: 'jsonl', gzip: isGzip(options) });
  }

  /**
   * CSV with commas, UTF-8, lines that end with LF, quotes where RFC 4180 needs them. A missing value is nothing
   * between two commas, an empty string is `""`. Where it is the only column a missing value rejects the record
   * (`constraint`): a blank line is no record. Key suffix `.csv`.
   */
  public static csv(options: CsvOutputOptions = {}): OutputFormat {
    return new OutputFormat({ format: 'csv', gzip: isGzip(options), header: options.header, formulaSafe: options.formulaSafe });
  }

  /**
   * Parquet, compressed with snappy, each column nullable and of its own type: integer is INT64, number DOUBLE, decimal
   * DECIMAL (which needs a `scale`, and at most 38 digits), boolean BOOLEAN, date DATE, datetime TIMESTAMP in
   * microseconds of UTC, string STRING. A value that its column cannot hold rejects the record (`constraint`): an
   * integer beyond 64 bits, a time finer than a microsecond, a number with more digits than the nearest double gives
   * back: `0.1` is published, `0.1000000000000000055` is not. Key suffix `.parquet`.
   */
  public static parquet(): OutputFormat {
    return new OutputFormat({ format: 'parquet' });
  }

  /** @internal */
  public readonly _descriptor: OutputSettings;

  private constructor(descriptor: OutputSettings) {
    this._descriptor = descriptor;
  }
}

/** Part files know no other compression than gzip. */
const IS_GZIP: Readonly<Partial<Record<FileCompression, boolean>>> = { [FileCompression.NONE]: false, [FileCompression.GZIP]: true };

function isGzip(options: JsonLinesOptions): boolean | undefined {
  const { compression } = checkObject('options', options);
  if (compression === undefined) return undefined;
  // JavaScript callers can pass anything.
  if (!Object.hasOwn(IS_GZIP, compression)) {
    throw new Error(`compression must be one of ${Object.keys(IS_GZIP).join(', ')}, got ${visibleJson(compression)}`);
  }
  return IS_GZIP[compression];
}

/** A column that says where a record comes from; each is named as it is in the output. */
export enum MetadataColumn {
  /** `_job_id`: the `file_id` of the job; a text. */
  JOB_ID = '_job_id',

  /** `_source_key`: the key that the file landed under; a text. */
  SOURCE_KEY = '_source_key',

  /**
   * `_byte_offset`: where the record begins, in bytes from 0: in the file, or in the UTF-8 text that was made of it (gzip, UTF-16, JSON
   * array); an integer.
   */
  BYTE_OFFSET = '_byte_offset',

  /** `_ingestion_time`: when the job began, one time for all records of a file; a datetime. */
  INGESTION_TIME = '_ingestion_time',
}
