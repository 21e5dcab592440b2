import { Annotations, Duration, Size, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { Settings } from './settings';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { FunctionSettings, StepSettings } from '../options/step-settings';
import { COMPRESSION_TRAITS, INPUT_TRAITS, InputSettings } from '../spec/input-settings';
import { DEFAULT_OUTPUT_FORMAT, OutputFormatName } from '../spec/output-settings';
import { isUnicode } from '../spec/text-encodings';
import { visibleJson } from '../spec/visible-text';
import { isAliasByName } from '../synth/grants';
import { formatSize } from '../synth/prop-checks';

/**
 * Props that are possible each by itself, and not together.
 *
 * @throws Error where they cannot work; where they only may not, it is a warning
 */
export function checkCombinations(scope: Construct, settings: Settings, { steps }: Pick<CsvChunkPipelineProps, 'steps'>): void {
  checkTimeForChunk(scope, settings, steps);
  checkEncodingOfJson(scope, settings.records.input, settings.suffixes);
  if (settings.encryptionKey !== undefined) checkKey('encryptionKey', settings.encryptionKey, 'the pipeline\'s region', Stack.of(scope).region);
}

/**
 * Megabytes of a file that a worker with one vCPU or more gets through in a second, as docs/performance.md has them: no
 * more than S3 takes from it, and with Parquet no more than the encoder makes.
 */
const MEGABYTES_PER_SECOND: Readonly<Record<OutputFormatName, number>> = { jsonl: 25, csv: 25, parquet: 8 };

/** So much memory has one vCPU; with less the share is smaller. */
const MEMORY_OF_ONE_CPU = Size.mebibytes(1769);

/** What makes a worker slower, docs/performance.md has it, seldom does so by more. */
const USUAL_ROOM = 3;

/** A worker that needs longer is cut off at every try. */
function checkTimeForChunk(scope: Construct, { records, steps: { 'process-chunk': { timeout, memorySize } } }: Settings, given: StepSettings = {}): void {
  const format = records.output?.format ?? DEFAULT_OUTPUT_FORMAT;
  const cpuShare = Math.min(1, memorySize.toMebibytes() / MEMORY_OF_ONE_CPU.toMebibytes());
  const needed = Math.ceil(records.chunkSizeBytes / 1e6 / (MEGABYTES_PER_SECOND[format] * cpuShare));
  const prop = (name: keyof FunctionSettings) => given.processChunk?.[name] === undefined ? name : `steps.processChunk.${name}`;
  const chunkSize = formatSize(Size.bytes(records.chunkSizeBytes));
  const reason = `for a chunk of ${chunkSize} (chunkSize / (${MEGABYTES_PER_SECOND[format]} MB/s for ${format} x ${cpuShare.toFixed(2)} vCPU of ${prop('memorySize')}))`;
  if (timeout.toSeconds() < needed) {
    throw new Error(`${prop('timeout')} must be at least ${Duration.seconds(needed).toHumanString()} ${reason}, got ${timeout.toHumanString()}; or take a smaller chunkSize`);
  }
  if (timeout.toSeconds() < needed * USUAL_ROOM) {
    Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:timeForChunk', `${prop('timeout')} leaves little room: ${Duration.seconds(needed).toHumanString()} are needed ${reason}, and more `
      + `with gzip, keys, a transform or many rejected records; got ${timeout.toHumanString()}. A longer timeout costs nothing`);
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
