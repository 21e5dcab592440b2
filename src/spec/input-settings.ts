import { checkObject, checkPropertyNames, checkWholeNumber, fail } from './descriptor-check';
import { FileErrorCode } from './error-codes';
import { isUnicode, TEXT_ENCODINGS, TextEncodingName } from './text-encodings';

/** `json`: one array of objects. `jsonl`: an object a line. `concatenated-json`: objects one after the other. */
export const INPUT_FORMATS = ['csv', 'tsv', 'jsonl', 'json', 'concatenated-json'] as const;
export type InputFormatName = (typeof INPUT_FORMATS)[number];
export type JsonFormatName = Exclude<InputFormatName, 'csv' | 'tsv'>;

/** What there is to each format. */
export const INPUT_TRAITS: Readonly<Record<InputFormatName, {
  /** What a record is, once each is on lines of its own. */
  readonly recordFormat: 'csv' | 'json';
  /** The suffixes of files that have this format where none is declared, without their point. */
  readonly suffixes: readonly string[];
  /** Where the dialect declares none. */
  readonly delimiter?: string;
  /** A line end tells where a record ends: the file can be cut in place. */
  readonly hasLines: boolean;
}>> = {
  'csv': { recordFormat: 'csv', suffixes: ['csv'], hasLines: true },
  'tsv': { recordFormat: 'csv', suffixes: ['tsv', 'tab'], delimiter: '\t', hasLines: true },
  'jsonl': { recordFormat: 'json', suffixes: ['jsonl', 'ndjson'], hasLines: true },
  'json': { recordFormat: 'json', suffixes: ['json'], hasLines: false },
  'concatenated-json': { recordFormat: 'json', suffixes: [], hasLines: false },
};
/** The format of files whose suffix is that of none. */
export const DEFAULT_INPUT_FORMAT: InputFormatName = 'csv';

export const COMPRESSIONS = ['none', 'gzip', 'zstd', 'zip'] as const;
export type CompressionName = (typeof COMPRESSIONS)[number];

/** What there is to each compression. */
export const COMPRESSION_TRAITS: Readonly<Record<CompressionName, {
  /** For people. */
  readonly name: string;
  /** The suffixes of files that are compressed so where nothing is declared, without their point. */
  readonly suffixes: readonly string[];
  /** What a file fails with that is not compressed so, or not in order. */
  readonly errorCode: FileErrorCode;
}>> = {
  none: { name: 'text', suffixes: [], errorCode: 'not_text' },
  gzip: { name: 'gzip', suffixes: ['gz', 'gzip'], errorCode: 'bad_gzip' },
  zstd: { name: 'zstd', suffixes: ['zst', 'zstd'], errorCode: 'bad_zstd' },
  zip: { name: 'ZIP', suffixes: ['zip'], errorCode: 'bad_zip' },
};

/** What the files are, where their names and first bytes do not tell. */
export interface InputSettings {
  /** Default: by the name's suffix. */
  readonly inputFormat?: InputFormatName;
  /** Default: by the name's last suffix (`.gz`, `.zst`, `.zip`), else none. */
  readonly compression?: CompressionName;
  /** The encoding of a text without a byte order mark. Default `utf-8`. */
  readonly encoding?: TextEncodingName;
  /** A file that has to be staged, and that is longer as UTF-8 text, is refused. */
  readonly maxDecodedSizeBytes: number;
}

const INPUT_SETTINGS = {
  inputFormat: true, compression: true, encoding: true, maxDecodedSizeBytes: true,
} satisfies Record<keyof InputSettings, true>;

const GIB = 1024 ** 3;
export const DEFAULT_MAX_DECODED_SIZE = 32 * GIB;
/** One upload holds 78 GiB, and one run of PlanChunks has 15 minutes. */
export const LARGEST_MAX_DECODED_SIZE = 64 * GIB;

/**
 * The settings themselves, after it is sure that they go together. Throws an error that names the setting, what it must
 * be and what it is.
 */
export function checkInputSettings(settings: InputSettings): InputSettings {
  const input = checkObject('input', settings);
  checkPropertyNames('input', input, Object.keys(INPUT_SETTINGS));
  checkWord('inputFormat', input.inputFormat, INPUT_FORMATS);
  checkWord('compression', input.compression, COMPRESSIONS);
  checkWord('encoding', input.encoding, TEXT_ENCODINGS);
  checkWholeNumber('maxDecodedSize', input.maxDecodedSizeBytes ?? null, 1, LARGEST_MAX_DECODED_SIZE);
  if (isJson(settings.inputFormat) && settings.encoding !== undefined && !isUnicode(settings.encoding)) {
    fail('encoding', 'be utf-8, utf-16le or utf-16be where inputFormat is JSON (RFC 8259)', settings.encoding);
  }
  return settings;
}

function checkWord(name: string, value: unknown, words: readonly string[]): void {
  if (value !== undefined && !words.includes(value as string)) {
    fail(name, `be one of ${words.join(', ')}`, value);
  }
}

/** JSON is Unicode, and has a dialect of its own. */
export function isJson(format: InputFormatName | undefined): format is JsonFormatName {
  return format !== undefined && INPUT_TRAITS[format].recordFormat === 'json';
}
