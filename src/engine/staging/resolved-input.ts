/**
 * What a file is: by what is declared, else by its name. Its first bytes have the last word on the encoding, and tell where
 * the name or the declaration is wrong (see detect-input.ts).
 */

/** `json`: one array of objects. `jsonl`: an object a line. */
export type InputFormat = 'csv' | 'tsv' | 'jsonl' | 'json';
export type Compression = 'none' | 'gzip';
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1' | 'windows-1252';

/** What is declared of all files of a pipeline. */
export interface InputSettings {
  readonly inputFormat?: InputFormat;
  readonly compression?: Compression;
  /** Of a text without a byte order mark. */
  readonly encoding?: TextEncoding;
  /** The most bytes of UTF-8 text that a staged file may become. */
  readonly maxInflatedSizeBytes: number;
}

export interface ResolvedInput {
  readonly format: InputFormat;
  readonly compression: Compression;
  /** Of the text, decompressed. */
  readonly encoding: TextEncoding;
}

const GZIP_SUFFIX = /\.gz(?:ip)?$/i;
const FORMAT_SUFFIXES: ReadonlyArray<readonly [suffix: RegExp, format: InputFormat]> = [
  [/\.csv$/i, 'csv'],
  [/\.(?:tsv|tab)$/i, 'tsv'],
  [/\.(?:jsonl|ndjson)$/i, 'jsonl'],
  [/\.json$/i, 'json'],
];

/** @param key its name, with or without folders */
export function expectedInput(settings: InputSettings, key: string): ResolvedInput {
  const name = key.replace(GZIP_SUFFIX, '');
  const format = settings.inputFormat ?? FORMAT_SUFFIXES.find(([suffix]) => suffix.test(name))?.[1] ?? 'csv';
  return {
    format,
    compression: settings.compression ?? (GZIP_SUFFIX.test(key) ? 'gzip' : 'none'),
    encoding: encodingOf(format, settings.encoding ?? 'utf-8'),
  };
}

/** JSON is Unicode (RFC 8259), also where the CSV files beside it are declared to be something else. */
function encodingOf(format: InputFormat, declared: TextEncoding): TextEncoding {
  const isSingleByte = declared === 'iso-8859-1' || declared === 'windows-1252';
  return isJson(format) && isSingleByte ? 'utf-8' : declared;
}

export function isJson(format: InputFormat): format is 'json' | 'jsonl' {
  return format === 'json' || format === 'jsonl';
}

/** Whether it cannot be cut in place: one sequential pass makes UTF-8 text of it, a record a line, before it is planned. */
export function needsStaging({ format, compression, encoding }: ResolvedInput): boolean {
  return compression === 'gzip' || format === 'json' || isUtf16(encoding);
}

export function isUtf16(encoding: TextEncoding): encoding is 'utf-16le' | 'utf-16be' {
  return encoding === 'utf-16le' || encoding === 'utf-16be';
}
