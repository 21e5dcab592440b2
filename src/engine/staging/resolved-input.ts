import { Dialect } from '../../spec/dialect';
import {
  COMPRESSION_TRAITS, CompressionName, COMPRESSIONS, DEFAULT_INPUT_FORMAT, INPUT_FORMATS, INPUT_TRAITS, InputFormatName, InputSettings, isJson,
} from '../../spec/input-settings';
import { isTranscoded, isUnicode, TextEncodingName } from '../../spec/text-encodings';

/**
 * What a file is: by what is declared, else by its name. Its first bytes have the last word on the encoding, and tell
 * where the name or the declaration is wrong (see detect-input.ts).
 */

export interface ResolvedInput {
  readonly format: InputFormatName;
  readonly compression: CompressionName;
  /** The encoding of the decompressed text. */
  readonly encoding: TextEncodingName;
  /** Under which property of a JSON object the array is; where the file is not the array. */
  readonly property?: string;
}

/** @param key its name, with or without folders */
export function expectedInput(settings: InputSettings, key: string, { property }: Pick<Dialect, 'property'> = {}): ResolvedInput {
  const byName = COMPRESSIONS.find((compression) => COMPRESSION_TRAITS[compression].suffixes.includes(suffixOf(key)));
  const format = settings.inputFormat ?? formatBySuffix(byName === undefined ? key : key.slice(0, key.lastIndexOf('.')));
  return {
    format,
    compression: settings.compression ?? byName ?? 'none',
    encoding: encodingOf(format, settings.encoding ?? 'utf-8'),
    ...format === 'json' && property !== undefined ? { property } : {},
  };
}

function suffixOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1].toLowerCase() ?? '';
}

function formatBySuffix(name: string): InputFormatName {
  const suffix = suffixOf(name);
  return INPUT_FORMATS.find((format) => INPUT_TRAITS[format].suffixes.includes(suffix)) ?? DEFAULT_INPUT_FORMAT;
}

/** JSON is Unicode (RFC 8259), also where the CSV files beside it are declared to be something else. */
function encodingOf(format: InputFormatName, declared: TextEncodingName): TextEncodingName {
  return isJson(format) && !isUnicode(declared) ? 'utf-8' : declared;
}

/** Whether it cannot be cut in place: then one sequential pass makes UTF-8 text of it, before it is planned. */
export function needsStaging({ format, compression, encoding }: ResolvedInput): boolean {
  return compression !== 'none' || !INPUT_TRAITS[format].hasLines || isTranscoded(encoding);
}
