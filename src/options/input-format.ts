import { Size } from 'aws-cdk-lib';
import { CsvDialect } from './csv-dialect';
import { FileCompression } from './file-compression';
import { JsonDialect } from './json-dialect';
import { TextEncoding } from './text-encoding';
import { Dialect } from '../spec/dialect';
import { checkInputSettings, DEFAULT_MAX_DECODED_SIZE, InputFormatName, InputSettings, LARGEST_MAX_DECODED_SIZE } from '../spec/input-settings';
import { dropUndefined } from '../synth/drop-undefined';
import { checkIsA, checkSize } from '../synth/prop-checks';
import { checkObject } from '../synth/prop-types';

/** How the bytes of the files are text. */
export interface TextInputOptions {
  /**
   * How the files are compressed, whatever their names say.
   *
   * @default - by the key's last suffix: GZIP for .gz and .gzip, ZSTD for .zst and .zstd, ZIP for .zip, otherwise NONE
   */
  readonly compression?: FileCompression;

  /**
   * The encoding of files without a byte order mark; a mark tells UTF-8 and UTF-16 by itself. All but these
   * are for CSV and TSV: JSON is UTF-8 or UTF-16, and one of these is an error where all `suffixes` are those of JSON.
   *
   * @default TextEncoding.UTF_8
   */
  readonly encoding?: TextEncoding;

  /**
   * What is compressed, JSON other than JSON Lines, and encodings other than UTF-8, ISO-8859-1 and Windows-1252 cannot be
   * cut in place: one pass makes UTF-8 text of them first, which this limits. A file with more of it fails
   * (`too_large`). 1 MiB to 64 GiB; that pass has `timeout`, too.
   *
   * @default Size.gibibytes(32)
   */
  readonly maxDecodedSize?: Size;
}

/** How files of separated values are written. */
export interface CsvInputOptions extends TextInputOptions {
  /**
   * Delimiter, quotes, header and the like.
   *
   * @default - RFC 4180: commas (in TSV tabs), double quotes, a header
   */
  readonly dialect?: CsvDialect;
}

/** How files of one JSON value are written. */
export interface JsonInputOptions extends TextInputOptions {
  /**
   * Where in the value the records are.
   *
   * @default - the value is the array of records
   */
  readonly dialect?: JsonDialect;
}

/** How files are written whose names tell their format. */
export interface SuffixInputOptions extends CsvInputOptions {
  /**
   * Where in a `.json` file the records are.
   *
   * @default - the file is the array of records
   */
  readonly jsonDialect?: JsonDialect;
}

/** What the records of the files are written in. */
export class InputFormat {
  /**
   * By the key's suffix in any case, before a `.gz`, `.zst` or `.zip`: `.tsv` and `.tab` are TSV, `.jsonl` and `.ndjson` JSON Lines,
   * `.json` is a JSON array, everything else CSV. The dialect is that of the CSV and TSV files.
   */
  public static bySuffix(options: SuffixInputOptions = {}): InputFormat {
    return new InputFormat(undefined, checkObject('options', options), options.dialect, options.jsonDialect);
  }

  /** Separated values, by commas unless the dialect says otherwise; whatever the files' names say. */
  public static csv(options: CsvInputOptions = {}): InputFormat {
    return new InputFormat('csv', checkObject('options', options), options.dialect);
  }

  /** CSV with tabs, unless the dialect declares a delimiter; whatever the files' names say. */
  public static tsv(options: CsvInputOptions = {}): InputFormat {
    return new InputFormat('tsv', checkObject('options', options), options.dialect);
  }

  /** A JSON object a line (NDJSON), whatever the files' names say. */
  public static jsonLines(options: TextInputOptions = {}): InputFormat {
    return new InputFormat('jsonl', checkObject('options', options));
  }

  /** One JSON array of objects, of any size, or an object with that array inside; whatever the files' names say. */
  public static jsonArray(options: JsonInputOptions = {}): InputFormat {
    return new InputFormat('json', checkObject('options', options), undefined, options.dialect);
  }

  /**
   * JSON objects one after the other, with or without blanks, line ends or the record separators of JSON text sequences
   * (RFC 7464) between them, each on one line or on several; whatever the files' names say.
   */
  public static concatenatedJson(options: TextInputOptions = {}): InputFormat {
    return new InputFormat('concatenated-json', checkObject('options', options));
  }

  /** @internal */
  public readonly _input: InputSettings;

  /** @internal */
  public readonly _dialect: Dialect;

  private constructor(inputFormat: InputFormatName | undefined, options: TextInputOptions, csvDialect?: CsvDialect, jsonDialect?: JsonDialect) {
    const maxDecodedSize = checkSize('maxDecodedSize', options.maxDecodedSize ?? Size.bytes(DEFAULT_MAX_DECODED_SIZE),
      { min: Size.mebibytes(1), max: Size.bytes(LARGEST_MAX_DECODED_SIZE) });
    this._input = checkInputSettings(dropUndefined({
      inputFormat,
      compression: options.compression,
      encoding: options.encoding,
      maxDecodedSizeBytes: maxDecodedSize.toBytes(),
    }));
    this._dialect = {
      ...csvDialect === undefined ? {} : checkIsA(CsvDialect, 'dialect', csvDialect)._descriptor,
      ...jsonDialect === undefined ? {} : checkIsA(JsonDialect, inputFormat === undefined ? 'jsonDialect' : 'dialect', jsonDialect)._descriptor,
    };
  }
}
