import { Annotations, Duration, Size, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { Settings } from './settings';
import { publishedSchema } from '../contract/record-settings';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { FunctionSettings, StepSettings } from '../options/step-settings';
import { COMPRESSION_TRAITS, DEFAULT_MAX_DECODED_SIZE, INPUT_TRAITS, InputSettings } from '../spec/input-settings';
import { DEFAULT_OUTPUT_FORMAT, OutputFormatName } from '../spec/output-settings';
import { isUnicode } from '../spec/text-encodings';
import { cpuShareOf, megabytesPerSecond, STAGED_MEGABYTES_PER_SECOND, toRaise } from '../spec/throughput';
import { visibleJson } from '../spec/visible-text';
import { isAliasByName } from '../synth/grants';
import { formatSize } from '../synth/prop-checks';

/**
 * Props that are possible each by itself, and not together.
 *
 * @throws Error where they cannot work; where they only may not, it is a warning
 */
export function checkCombinations(scope: Construct, settings: Settings, { steps }: Pick<CsvChunkPipelineProps, 'steps'>): void {
  checkMemoryForFields(settings, steps);
  checkTimeForChunk(scope, settings, steps);
  checkTimeForStaging(scope, settings, steps);
  checkEncodingOfJson(scope, settings.records.input, settings.suffixes);
  if (settings.encryptionKey !== undefined) checkKey('encryptionKey', settings.encryptionKey, 'the pipeline\'s region', Stack.of(scope).region);
}

/** What makes a worker slower, docs/performance.md has it, seldom does so by more. */
const USUAL_ROOM = 3;

/** The prop that a setting of a step's function comes from, as a person has it. */
function givenProp(given: StepSettings, step: keyof StepSettings, name: keyof FunctionSettings): string {
  return given[step]?.[name] === undefined ? name : `steps.${step}.${name}`;
}

/** A worker that needs longer is cut off at every try. */
function checkTimeForChunk(scope: Construct, { records, steps: { 'process-chunk': { timeout, memorySize } } }: Settings, given: StepSettings = {}): void {
  const format = records.output?.format ?? DEFAULT_OUTPUT_FORMAT;
  const cpuShare = cpuShareOf(memorySize.toMebibytes());
  const columns = publishedSchema(records).fields.length;
  const rate = megabytesPerSecond(format, columns);
  const needed = Math.ceil(records.chunkSizeBytes / 1e6 / (rate * cpuShare));
  const prop = (name: keyof FunctionSettings) => givenProp(given, 'processChunk', name);
  const chunkSize = formatSize(Size.bytes(records.chunkSizeBytes));
  const reason = `for a chunk of ${chunkSize} (chunkSize / (${Math.round(rate * 10) / 10} MB/s for ${format}${rate < megabytesPerSecond(format, 0) * 0.9 ? ` of ${columns} columns` : ''} x ${cpuShare.toFixed(2)} vCPU of ${prop('memorySize')}))`;
  if (timeout.toSeconds() < needed) {
    throw new Error(`${prop('timeout')} must be at least ${Duration.seconds(needed).toHumanString()} ${reason}, got ${timeout.toHumanString()}; or take a smaller chunkSize`);
  }
  if (timeout.toSeconds() < needed * USUAL_ROOM) {
    Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:timeForChunk', `${prop('timeout')} leaves little room: ${Duration.seconds(needed).toHumanString()} are needed ${reason}, and more `
      + `with gzip, keys, a transform or many rejected records; got ${timeout.toHumanString()}. A longer timeout costs nothing`);
  }
}

/** A text of so many bytes is made in one run of PlanChunks, which nothing takes over from another one. */
function checkTimeForStaging(scope: Construct, { records: { input }, steps: { 'plan-chunks': { timeout, memorySize } } }: Settings, given: StepSettings = {}): void {
  const { maxDecodedSizeBytes: most } = input;
  // Of most pipelines no file is staged, or none that is large: who raises it knows better.
  if (most === DEFAULT_MAX_DECODED_SIZE) return;
  const needed = Math.ceil(most / 1e6 / (STAGED_MEGABYTES_PER_SECOND * cpuShareOf(memorySize.toMebibytes())));
  if (timeout.toSeconds() >= needed) return;
  const prop = (name: keyof FunctionSettings) => givenProp(given, 'planChunks', name);
  Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:timeForStaging', `maxDecodedSize is ${formatSize(Size.bytes(most))}, and PlanChunks needs about ${Duration.seconds(needed).toHumanString()} for so `
    + `much text (${STAGED_MEGABYTES_PER_SECOND} MB/s x ${cpuShareOf(memorySize.toMebibytes()).toFixed(2)} vCPU of ${prop('memorySize')}); ${prop('timeout')} is ${timeout.toHumanString()}. `
    + `To have no file that surely takes longer, ${toRaise('steps.planChunks', timeout.toSeconds(), memorySize.toMebibytes())}lower maxDecodedSize`);
}

/** What the compiled schema, its fast path and a row of values take, by measurement: 5 KiB a field at most, and half as much again. */
export const BYTES_A_FIELD = 8 * 1024;
/** What is there without a field: the runtime, the window, the parts on their way; with Parquet a row group. */
export const MEBIBYTES_BESIDE_FIELDS: Readonly<Record<OutputFormatName, number>> = { jsonl: 160, csv: 160, parquet: 320 };
/** The steps that compile the schema. */
const STEPS_OF_RECORDS = { 'validate-file': 'validateFile', 'plan-chunks': 'planChunks', 'process-chunk': 'processChunk' } as const;

function checkMemoryForFields({ records, steps }: Settings, given: StepSettings = {}): void {
  const fields = Math.max(records.schema.fields.length, publishedSchema(records).fields.length);
  const format = records.output?.format ?? DEFAULT_OUTPUT_FORMAT;
  const needed = Size.mebibytes(MEBIBYTES_BESIDE_FIELDS[format] + Math.ceil(fields * BYTES_A_FIELD / 1024 ** 2));
  for (const [stem, step] of Object.entries(STEPS_OF_RECORDS)) {
    const { memorySize } = steps[stem];
    if (memorySize.toBytes() >= needed.toBytes()) continue;
    const prop = givenProp(given, step, 'memorySize');
    throw new Error(`${prop} must be at least ${formatSize(needed)} for a schema of ${fields} fields and ${format} output, got ${formatSize(memorySize)}`);
  }
}

/** By its suffix a file may be JSON, which is Unicode whatever is declared for the CSV files beside it (RFC 8259). */
function checkEncodingOfJson(scope: Construct, { inputFormat, encoding }: InputSettings, suffixes: readonly string[]): void {
  if (inputFormat !== undefined || encoding === undefined || isUnicode(encoding)) return;
  // Without suffixes every file starts a job, and is read by its own.
  const json = suffixes.length === 0 ? ['.json', '.jsonl'] : suffixes.filter(isOfJson);
  if (json.length === 0) return;
  if (json.length === suffixes.length) {
    throw new Error(`encoding must be utf-8, utf-16le or utf-16be where all suffixes are those of JSON (${json.join(', ')}), which is Unicode (RFC 8259), got ${visibleJson(encoding)}`);
  }
  Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:encodingOfJson',
    `encoding ${encoding} holds for the CSV files alone: files that end with ${json.join(', ')} must be UTF-8 or UTF-16 (RFC 8259), or their jobs fail`);
}

/** `.json`, `_v2.jsonl.gz`. */
function isOfJson(suffix: string): boolean {
  const ends = (text: string, names: readonly string[]) => names.find((name) => text.toLowerCase().endsWith(`.${name}`));
  const compression = ends(suffix, Object.values(COMPRESSION_TRAITS).flatMap((traits) => traits.suffixes));
  const text = compression === undefined ? suffix : suffix.slice(0, -compression.length - 1);
  return ends(text, Object.values(INPUT_TRAITS).flatMap((traits) => traits.recordFormat === 'json' ? traits.suffixes : [])) !== undefined;
}

/** As far as can be known: of an imported key only where it lies. @param where `region` is, for a person */
export function checkKey(prop: string, key: kms.IKey, where: string, region: string): void {
  if (isAliasByName(key)) {
    throw new Error(`${prop} must be a key that the pipeline can be allowed to use, got the alias ${key.keyId} by its name, on which the CDK grants nothing: `
      + 'import the key itself (Key.fromKeyArn, Key.fromLookup), or the alias with its key (Alias.fromAliasAttributes)');
  }
  if (Token.compareStrings(key.env.region, region) === TokenComparison.DIFFERENT) {
    throw new Error(`${prop} must lie in ${where} (${region}), got one in ${key.env.region}`);
  }
  const resource = (key instanceof kms.Alias ? key.aliasTargetKey : key).node.defaultChild;
  const spec = resource instanceof kms.CfnKey ? resource.keySpec : undefined;
  if (spec !== undefined && !Token.isUnresolved(spec) && spec !== kms.KeySpec.SYMMETRIC_DEFAULT) {
    throw new Error(`${prop} must be symmetric (${kms.KeySpec.SYMMETRIC_DEFAULT}): S3 and DynamoDB encrypt with no other, got ${spec}`);
  }
}
