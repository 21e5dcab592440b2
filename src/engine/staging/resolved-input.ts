import { CompressionName, InputFormatName, InputSettings, isJson, isSingleByte, isUtf16, TextEncodingName } from '../../spec/input-settings';

/**
 * What a file is: by what is declared, else by its name. Its first bytes have the last word on the encoding, and tell
 * where the name or the declaration is wrong (see detect-input.ts).
 */

export interface ResolvedInput {
  readonly format: InputFormatName;
  readonly compression: CompressionName;
  /** The encoding of the decompressed text. */
  readonly encoding: TextEncodingName;
}

const GZIP_SUFFIX = /\.gz(?:ip)?$/i;
const FORMAT_SUFFIXES: ReadonlyArray<readonly [suffix: RegExp, format: InputFormatName]> = [
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
function encodingOf(format: InputFormatName, declared: TextEncodingName): TextEncodingName {
  return isJson(format) && isSingleByte(declared) ? 'utf-8' : declared;
}

/** Whether it cannot be cut in place: then one sequential pass makes UTF-8 text of it, before it is planned. */
export function needsStaging({ format, compression, encoding }: ResolvedInput): boolean {
  return compression === 'gzip' || format === 'json' || isUtf16(encoding);
}
