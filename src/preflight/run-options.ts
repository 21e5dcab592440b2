import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './usage-error';
import { isFastPathOn, OptionalEnv, PROCESS_CHUNK_OPTIONAL_ENV } from '../contract/env';
import { RecordSettings } from '../contract/record-settings';
import { ModuleTransformContract } from '../contract/transform-contract';
import { Dialect } from '../spec/dialect';
import { COMPRESSIONS, DEFAULT_MAX_DECODED_SIZE, INPUT_FORMATS } from '../spec/input-settings';
import { DEFAULT_OUTPUT_FORMAT, FORMATS_OF_OPTION, METADATA_COLUMNS, OUTPUT_FORMATS, OutputSettings } from '../spec/output-settings';
import { Schema } from '../spec/schema';
import { checkTableSchema } from '../spec/schema-check';
import { encodingOfLabel, TEXT_ENCODINGS, TextEncodingName } from '../spec/text-encodings';
import { parseJson } from '../user-files/json-file';
import { ModuleFile, readModule } from '../user-files/module-file';

const KIB = 1024;
const UNITS: Readonly<Record<string, number>> = { '': 1, 'B': 1, 'KiB': KIB, 'MiB': KIB ** 2, 'GiB': KIB ** 3 };
const MIN_CHUNK_SIZE = 64 * KIB;
/** Of a schema or a dialect. */
const MAX_SETTINGS_SIZE = 64 * KIB ** 2;
/** In seconds: the longest time that a pipeline's worker has for a chunk. */
const MAX_TRANSFORM_TIMEOUT = 900;
const DEFAULT_TRANSFORM_TIMEOUT = 60;

export const USAGE = `Usage: csv-chunk-pipeline run FILE --schema table-schema.json --out DIR [options]

Checks FILE with the steps of the pipeline and writes what the pipeline would publish:
DIR/output/part-*, DIR/quarantine/rejected.csv (and rejected-2.csv and so on, where one has no room for all) and DIR/report.json.

  --schema FILE          Frictionless Table Schema (JSON)
  --out DIR              made when it is not there; removed from it as the run begins: report.json, quarantine/rejected.csv, what
                         report.json names beside that (furtherRejectedKeys), and output/part-*; all other files stay
  --dialect FILE         Frictionless Table Dialect (JSON); default: commas, double quotes, a header; a JSON file is the array
  --input-format FORMAT  csv, tsv, jsonl, json (one array) or concatenated-json; default: by the name of FILE, else csv
  --compression KIND     gzip, zstd, zip or none; default: by the name's last suffix (.gz, .zst, .zip)
  --encoding NAME        of a text without a byte order mark: utf-8, utf-16le, utf-16be, iso-8859-1, windows-1252, or another
                         of the WHATWG Encoding Standard (shift_jis, windows-1251, gb18030, iso-8859-15 …); default utf-8
  --max-decoded-size SIZE  of what must be decoded first (gzip, UTF-16, JSON arrays …); default 32GiB
  --transform MODULE     JavaScript module that exports a function from record to record, null or a reject
  --output-schema FILE   Table Schema (JSON) of what the transform returns; default: that of --schema
  --transform-timeout SECONDS  for the module to load, each call, and each promise that it returns; 1 to 900, default 60
  --chunk-size SIZE      at least 64KiB; default 50MiB
  --concurrency N        chunks at a time, each on a thread of its own; default 2
  --max-rejected LIMIT   0, a number of records, or a share such as 0.5%; default 0
  --allow-empty          a file whose records are all rejected or left out succeeds, and publishes nothing
  --strict-schema        a schema that asks for what no record is checked for, such as foreignKeys, is an error
  --max-record-size SIZE default 1MiB
  --format FORMAT        of the parts: ${OUTPUT_FORMATS.join(', ')}; default ${DEFAULT_OUTPUT_FORMAT}
  --gzip                 compress the parts, .jsonl.gz or .csv.gz; Parquet is compressed in itself
  --no-csv-header        no line of names at the start of each part, so that the parts one after the other are one file
  --formula-safe         in CSV: an apostrophe before texts that a spreadsheet would take for a formula
  --metadata COLUMNS     after the schema's: some of _job_id,_source_key,_byte_offset,_ingestion_time; default none
  --help

SIZE is a number of bytes, or one with KiB, MiB or GiB.
Environment: CSV_FAST_PATH=off has the exact path take every record, to the same results; default on.
One run at a time may work in DIR. A run that is stopped (Ctrl-C) leaves no results, neither its own nor earlier ones.
Exit status: 0 published, 1 job failed (nothing published; the report says why) or what is printed could not be written, 2 bad
usage, or DIR is in use; stopped: 130 by SIGINT, 143 by SIGTERM, 129 by SIGHUP.

For a pipeline that is deployed: csv-chunk-pipeline jobs, resume, rerun, redrive and activate; each has a --help.
`;

type Environment = OptionalEnv<typeof PROCESS_CHUNK_OPTIONAL_ENV>;

export interface RunOptions {
  readonly file: string;
  /** All files that the command reads; the key is the name of the option. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outDirectory: string;
  readonly records: RecordSettings & { readonly transform?: ModuleTransformContract };
  /** For the module to load, for each call, and for each promise that it returns. */
  readonly transformTimeoutSeconds: number;
  readonly concurrency: number;
  /** False: the exact path takes every record. */
  readonly fastPath: boolean;
}

/**
 * @param env the environment
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function readOptions(args: readonly string[], env: Environment = {}): RunOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [command, file, ...rest] = positionals;
  if (command !== 'run') throw new UsageError(`expected the command run, got ${command ?? 'none'}`);
  if (file === undefined) throw new UsageError('expected a FILE to run on, got none');
  if (rest.length > 0) throw new UsageError(`expected one FILE, got also ${rest.join(' ')}`);
  return {
    file: checkFile(file),
    inputs: dropUndefined({
      'FILE': file,
      '--schema': required('--schema', values.schema),
      '--dialect': values.dialect,
      '--transform': values.transform,
      '--output-schema': values['output-schema'],
    }),
    outDirectory: resolve(required('--out', values.out)),
    records: {
      schema: readSchema('--schema', required('--schema', values.schema)),
      dialect: values.dialect === undefined ? {} : readJson('--dialect', values.dialect) as Dialect,
      input: {
        inputFormat: parseWord('--input-format', values['input-format'], INPUT_FORMATS),
        compression: parseWord('--compression', values.compression, COMPRESSIONS),
        encoding: parseEncoding(values.encoding),
        maxDecodedSizeBytes: parseSize('--max-decoded-size', values['max-decoded-size'], 1),
      },
      transform: readTransform(values),
      output: readOutput(values),
      chunkSizeBytes: parseSize('--chunk-size', values['chunk-size'], MIN_CHUNK_SIZE),
      maxRecordSizeBytes: parseSize('--max-record-size', values['max-record-size'], 1),
      ...parseLimit(values['max-rejected']),
      allowEmptyOutput: values['allow-empty'],
      strictSchema: values['strict-schema'],
    },
    transformTimeoutSeconds: parseCount('--transform-timeout', values['transform-timeout'] ?? String(DEFAULT_TRANSFORM_TIMEOUT), 1, MAX_TRANSFORM_TIMEOUT),
    concurrency: parseCount('--concurrency', values.concurrency, 1),
    fastPath: readFastPath(env),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'schema': { type: 'string' },
        'out': { type: 'string' },
        'dialect': { type: 'string' },
        'input-format': { type: 'string' },
        'compression': { type: 'string' },
        'encoding': { type: 'string' },
        'max-decoded-size': { type: 'string', default: String(DEFAULT_MAX_DECODED_SIZE) },
        'transform': { type: 'string' },
        'output-schema': { type: 'string' },
        'transform-timeout': { type: 'string' },
        'chunk-size': { type: 'string', default: '50MiB' },
        'concurrency': { type: 'string', default: '2' },
        'max-rejected': { type: 'string', default: '0' },
        'allow-empty': { type: 'boolean' },
        'strict-schema': { type: 'boolean' },
        'max-record-size': { type: 'string', default: '1MiB' },
        'format': { type: 'string', default: DEFAULT_OUTPUT_FORMAT },
        'gzip': { type: 'boolean' },
        'no-csv-header': { type: 'boolean' },
        'formula-safe': { type: 'boolean' },
        'metadata': { type: 'string' },
        'help': { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.replaceAll('\n', ' '));
  }
}

type Values = ReturnType<typeof parse>['values'];

function dropUndefined(files: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`expected ${name}, got none`);
  return value;
}

function checkFile(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`expected a file ${file}, found none`);
  if (!stats.isFile()) throw new UsageError(`expected ${file} to be a file, it is ${stats.isDirectory() ? 'a directory' : 'something else'}`);
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new UsageError(`expected ${file} to be a file that can be read: ${(error as Error).message}`);
  }
  return resolve(file);
}

function readJson(name: string, file: string): unknown {
  let text;
  try {
    text = readSettings(file);
  } catch (error) {
    throw new UsageError(`expected ${name} to name a file that can be read, got ${file}: ${(error as Error).message}`);
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw new UsageError(`expected ${name} to name a JSON file, got ${file}: ${(error as Error).message}`);
  }
}

/** Not more than anybody writes: the file may be a device, which never ends. */
function readSettings(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let size = 0; size <= MAX_SETTINGS_SIZE;) {
      const piece = Buffer.alloc(KIB ** 2);
      const length = readSync(descriptor, piece);
      if (length === 0) return Buffer.concat(pieces).toString();
      pieces.push(piece.subarray(0, length));
      size += length;
    }
    throw new Error(`it has more than ${MAX_SETTINGS_SIZE} bytes`);
  } finally {
    closeSync(descriptor);
  }
}

/** In the spelling that the engine knows, as at synth. */
function readSchema(name: string, file: string): Schema {
  const descriptor = readJson(name, file);
  try {
    return checkTableSchema(descriptor);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readTransform({ transform: module, ...values }: Values): ModuleTransformContract | undefined {
  const outputSchema = values['output-schema'];
  if (module === undefined) {
    for (const name of ['output-schema', 'transform-timeout'] as const) {
      if (values[name] !== undefined) throw new UsageError(`expected --${name} beside --transform only`);
    }
    return undefined;
  }
  const file = checkFile(module);
  return {
    kind: 'module',
    name: module,
    file,
    sha256: readModuleFile(module).sha256,
    outputSchema: outputSchema === undefined ? undefined : readSchema('--output-schema', outputSchema),
  };
}

/** The same checks as at synth. */
function readModuleFile(file: string): ModuleFile {
  try {
    return readModule(file);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readFastPath(env: Environment): boolean {
  try {
    return isFastPathOn(env);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parseSize(name: string, text: string, least: number): number {
  const match = /^(\d+) ?(B|KiB|MiB|GiB|)$/.exec(text);
  const size = match === null ? NaN : Number(match[1]) * UNITS[match[2]];
  if (!Number.isSafeInteger(size)) throw new UsageError(`expected ${name} to be a number of bytes, KiB, MiB or GiB, got ${text}`);
  if (size < least) throw new UsageError(`expected ${name} to be at least ${least === MIN_CHUNK_SIZE ? '64KiB' : least}, got ${text}`);
  return size;
}

/** By its name, or by another label of it. */
function parseEncoding(label: string | undefined): TextEncodingName | undefined {
  return label === undefined ? undefined : encodingOfLabel(label) ?? parseWord('--encoding', label, TEXT_ENCODINGS);
}

function parseWord<Word extends string>(name: string, text: string | undefined, words: readonly Word[]): Word | undefined {
  const word = words.find((one) => one === text);
  if (text !== undefined && word === undefined) throw new UsageError(`expected ${name} to be one of ${words.join(', ')}, got ${text}`);
  return word;
}

function readOutput(values: Values): OutputSettings {
  const format = parseWord('--format', values.format, OUTPUT_FORMATS);
  for (const [name, formats] of [
    ['gzip', FORMATS_OF_OPTION.gzip], ['no-csv-header', FORMATS_OF_OPTION.header], ['formula-safe', FORMATS_OF_OPTION.formulaSafe],
  ] as const) {
    if (values[name] === true && !(formats as readonly string[]).includes(format!)) {
      throw new UsageError(`expected --${name} with --format ${formats.join(' or ')}, got ${format}`);
    }
  }
  return {
    format,
    gzip: values.gzip,
    header: values['no-csv-header'] === true ? false : undefined,
    formulaSafe: values['formula-safe'],
    metadataColumns: values.metadata?.split(',').map((column) => parseWord('--metadata', column, METADATA_COLUMNS)!),
  };
}

function parseCount(name: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  if (!Number.isSafeInteger(count) || count < least || count > most) throw new UsageError(`expected ${name} to be a whole number ${range}, got ${text}`);
  return count;
}

function parseLimit(text: string): Pick<RecordSettings, 'maxRejectedRecords' | 'maxRejectedPercentage'> {
  if (!text.endsWith('%')) return { maxRejectedRecords: parseCount('--max-rejected', text, 0) };
  const percentage = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : NaN;
  if (!(percentage <= 100)) throw new UsageError(`expected --max-rejected to be a number of records, or 0% to 100%, got ${text}`);
  return { maxRejectedPercentage: percentage };
}
