/**
 * For every property of every public struct: what it does when it is left out, and what a value changes. A property
 * without a row fails the first test, so that no property is documented but read by nobody. (The structs of the
 * constructs around the pipeline have theirs in `test/around`, see `prop-rows.ts` there.)
 */
import * as path from 'path';
import { Duration, Environment, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { writePart } from './engine/output/output-run';
import { publicProperties } from './public-structs';
import { asText, newApp, newStack, SCHEMA, Synthesized, synthesize } from './synthesize';
import {
  FileCompression, FieldConstraints, CsvChunkPipeline, CsvChunkPipelineProps, CsvDialect, CsvDialectOptions, DisasterRecovery,
  DisasterRecoveryPrimaryOptions, DisasterRecoveryStandbyOptions, EscapeSequences, TableField, FieldsMatch, FieldType, InputFormat, Intake,
  JsonDialect, MetadataColumn, OutputBucket, OutputFormat, QueueIntakeOptions, RecordTransform, SuffixCase, TableSchema, TextEncoding,
} from '../src';
import { compileFormat } from '../src/engine/format/format';
import { resolveDialect } from '../src/engine/grammar/dialect-bytes';
import { compileHead } from '../src/engine/header/file-head';
import { compileFieldFinder } from '../src/engine/header/header-layout';
import { expectedInput } from '../src/engine/staging/resolved-input';
import { metadataColumnsOf } from '../src/spec/output-columns';
import { fieldsMatchOf } from '../src/spec/schema';

interface Row {
  /** Where the value arrives; may be a promise. */
  readonly read: (synthesized: Synthesized) => unknown;
  /** What is read when the property is left out. */
  readonly byDefault: unknown;
  /** What else is set then, where the property is an option of something that is not there by default. */
  readonly within?: Partial<CsvChunkPipelineProps>;
  readonly override: Partial<CsvChunkPipelineProps> | ((stack: Synthesized['stack']) => Partial<CsvChunkPipelineProps>);
  /** Where the stack is deployed then. */
  readonly env?: Environment;
  /** What is read then. */
  readonly overridden: unknown;
}

const functions = (of: (properties: any) => unknown) => (synthesized: Synthesized) =>
  [...new Set(synthesized.entries('AWS::Lambda::Function').filter(([id]) => id.startsWith('Pipeline')).map(([, { Properties }]) => of(Properties)))];
const logGroups = (of: (properties: any) => unknown) => (synthesized: Synthesized) =>
  [...new Set(synthesized.entries('AWS::Logs::LogGroup').map(([, { Properties }]) => of(Properties)))];
const keyPatterns = (synthesized: Synthesized) =>
  synthesized.entries('AWS::Events::Rule').flatMap(([, { Properties }]) => Properties.EventPattern?.detail.object?.key ?? []);
const bucketOf = (id: string) => (synthesized: Synthesized) =>
  asText(synthesized.one('AWS::Lambda::Function', id).Properties.Environment.Variables.OUTPUT_BUCKET_NAME);
const retry = (key: string) => (synthesized: Synthesized) => synthesized.state('ProcessChunk').Retry.at(-1)[key];
const prefixes = (synthesized: Synthesized) => synthesized.contract().prefixes;
const replicationRules = (synthesized: Synthesized) => synthesized.one('AWS::S3::Bucket').Properties.ReplicationConfiguration?.Rules ?? [];
const EAST = { account: '111111111111', region: 'us-east-1' };
const WEST = { ...EAST, region: 'eu-west-1' };
const keyIn = (stack: Stack, region: string) => Key.fromKeyArn(stack, `Key-${region}`, `arn:aws:kms:${region}:111111111111:key/1`);
const asPrimary = (options: Partial<DisasterRecoveryPrimaryOptions> = {}) => (
  { environmentSuffix: 'qa', disasterRecovery: DisasterRecovery.primary({ standbyRegion: 'eu-west-1', ...options }) }
);
const asStandby = (options: Partial<DisasterRecoveryStandbyOptions> = {}) => ({
  environmentSuffix: 'qa',
  intake: Intake.manual(),
  disasterRecovery: DisasterRecovery.standby({ primaryRegion: 'us-east-1', pipelineId: 'Primary/Pipeline-qa', ...options }),
});
const madeBucket = expect.stringMatching(/^\${PipelineStorageBucket\w+}$/);
const field = (synthesized: Synthesized) => synthesized.contract().schema.fields[1];

/** Any module does: it is not run at synth. */
const MODULE = path.join(__dirname, 'e2e', 'transforms', 'normalize.mjs');

/** A row for an option of a struct that goes into the contract as it is. */
function fieldRow(name: keyof TableField, value: unknown, type = FieldType.STRING): Row {
  return {
    read: (synthesized) => field(synthesized)[name as keyof ReturnType<typeof field>],
    byDefault: name === 'name' ? 'amount' : name === 'type' ? 'decimal' : name === 'scale' ? 2 : undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }, { name: 'amount', type, [name]: value }]) },
    overridden: value,
  };
}

function constraintRow(name: keyof FieldConstraints, value: unknown, type = FieldType.STRING): Row {
  return {
    read: (synthesized) => field(synthesized).constraints?.[name],
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }, { name: 'amount', type, constraints: { [name]: value } }]) },
    overridden: value,
  };
}

/** What the engine takes the dialect for: the contract leaves out what is left out. */
function engineDialect(synthesized: Synthesized): Record<keyof CsvDialectOptions, unknown> {
  const { dialect: given } = synthesized.contract();
  const dialect = resolveDialect(given);
  const head = compileHead(given);
  const character = (byte: number) => byte === -1 ? '' : String.fromCharCode(byte);
  return {
    delimiter: Buffer.from(dialect.delimiter).toString(),
    quoteChar: character(dialect.quote),
    doubleQuote: dialect.doubleQuote,
    escapeChar: character(dialect.escape),
    header: head.header,
    commentChar: character(dialect.comment),
    skipInitialSpace: dialect.skipInitialSpace,
    escapeSequences: dialect.escapeSequences,
    nullSequence: given.nullSequence ?? undefined,
    lazyQuotes: dialect.lazyQuotes,
    lineTerminator: { any: undefined, lf: '\n', crlf: '\r\n', cr: '\r' }[dialect.lineEnds],
    trailingDelimiter: dialect.trailingDelimiter,
    allowShortRecords: dialect.allowShortRecords,
    allowLongRecords: dialect.allowLongRecords,
    skipBlankRecords: dialect.skipBlankRecords,
    skipFooter: dialect.skipFooter,
    ctrlZ: dialect.ctrlZ,
    skipLines: head.skipLines,
    headerRows: [...head.headerRows],
    headerJoin: head.headerJoin,
    commentRows: [...head.commentRows],
    headerSearchLines: head.searchLines,
  };
}

function dialectRow(name: keyof CsvDialectOptions, byDefault: unknown, value: unknown, needed: CsvDialectOptions = {}): Row {
  return {
    read: (synthesized) => engineDialect(synthesized)[name],
    byDefault,
    override: { inputFormat: InputFormat.csv({ dialect: CsvDialect.fromOptions({ ...needed, [name]: value }) }) },
    overridden: value,
  };
}

/** What the engine writes by the contract. */
async function partFile(synthesized: Synthesized): Promise<Buffer> {
  const { schema, dialect, output, maxRecordSizeBytes } = synthesized.contract();
  return (await writePart('id,amount\n=1,2\n', compileFormat({ schema, dialect, output, maxRecordSize: maxRecordSizeBytes }))).bytes;
}

const partText = async (synthesized: Synthesized) => (await partFile(synthesized)).toString();
const isGzip = async (synthesized: Synthesized) => (await partFile(synthesized)).subarray(0, 2).toString('hex') === '1f8b';
const inputOf = (key: string) => (synthesized: Synthesized) => expectedInput(synthesized.contract().input, key);

/** A row for an option of `Intake.queue`, read from the event source or from the queue. */
function queueRow(read: (source: any, queue: any) => unknown, byDefault: unknown, options: QueueIntakeOptions, overridden: unknown): Row {
  return {
    read: (s) => read(s.one('AWS::Lambda::EventSourceMapping').Properties, s.one('AWS::SQS::Queue', 'IntakeQueue').Properties),
    byDefault,
    within: { intake: Intake.queue() },
    override: { intake: Intake.queue(options) },
    overridden,
  };
}

const ROWS: Record<string, Row> = {
  'CsvChunkPipelineProps.schema': {
    read: (s) => s.contract().schema.fields.map(({ name }) => name),
    byDefault: ['id', 'amount'],
    override: { schema: TableSchema.fromFields([{ name: 'flight' }]) },
    overridden: ['flight'],
  },
  'CsvInputOptions.dialect': {
    read: (s) => s.contract().dialect,
    byDefault: {},
    override: { inputFormat: InputFormat.bySuffix({ dialect: CsvDialect.fromOptions({ delimiter: ';' }) }) },
    overridden: { delimiter: ';' },
  },
  'JsonInputOptions.dialect': {
    read: (s) => s.contract().dialect,
    byDefault: {},
    override: { inputFormat: InputFormat.jsonArray({ dialect: JsonDialect.fromOptions({ property: 'data' }) }) },
    overridden: { property: 'data' },
  },
  'SuffixInputOptions.jsonDialect': {
    read: (s) => s.contract().dialect,
    byDefault: {},
    override: { inputFormat: InputFormat.bySuffix({ jsonDialect: JsonDialect.fromOptions({ property: 'data' }) }) },
    overridden: { property: 'data' },
  },
  'JsonDialectOptions.property': {
    read: (s) => expectedInput(s.contract().input, 'a.json', s.contract().dialect).property,
    byDefault: undefined,
    override: { inputFormat: InputFormat.jsonArray({ dialect: JsonDialect.fromOptions({ property: 'data' }) }) },
    overridden: 'data',
  },
  'CsvChunkPipelineProps.inputFormat': {
    read: (s) => ['a.CSV', 'a.tsv', 'a.tab.gz', 'a.jsonl', 'a.ndjson', 'a.json', 'a'].map((key) => inputOf(key)(s).format),
    byDefault: ['csv', 'tsv', 'tsv', 'jsonl', 'jsonl', 'json', 'csv'],
    override: { inputFormat: InputFormat.jsonLines() },
    overridden: Array(7).fill('jsonl'),
  },
  'TextInputOptions.compression': {
    read: (s) => ['a.csv', 'a.csv.gz', 'a.GZIP'].map((key) => inputOf(key)(s).compression),
    byDefault: ['none', 'gzip', 'gzip'],
    override: { inputFormat: InputFormat.bySuffix({ compression: FileCompression.GZIP }) },
    overridden: ['gzip', 'gzip', 'gzip'],
  },
  'TextInputOptions.encoding': {
    read: (s) => inputOf('a.csv')(s).encoding,
    byDefault: 'utf-8',
    override: { inputFormat: InputFormat.csv({ encoding: TextEncoding.WINDOWS_1252 }) },
    overridden: 'windows-1252',
  },
  'CsvChunkPipelineProps.outputFormat': {
    read: (s) => s.contract().output?.format, byDefault: 'jsonl', override: { outputFormat: OutputFormat.parquet() }, overridden: 'parquet',
  },
  'JsonLinesOptions.compression': {
    read: isGzip, byDefault: false, override: { outputFormat: OutputFormat.jsonLines({ compression: FileCompression.GZIP }) }, overridden: true,
  },
  'CsvOutputOptions.compression': {
    read: isGzip,
    within: { outputFormat: OutputFormat.csv() },
    byDefault: false,
    override: { outputFormat: OutputFormat.csv({ compression: FileCompression.GZIP }) },
    overridden: true,
  },
  'CsvOutputOptions.header': {
    read: partText,
    within: { outputFormat: OutputFormat.csv() },
    byDefault: 'id,amount\n=1,2.00\n',
    override: { outputFormat: OutputFormat.csv({ header: false }) },
    overridden: '=1,2.00\n',
  },
  'CsvOutputOptions.formulaSafe': {
    read: partText,
    within: { outputFormat: OutputFormat.csv() },
    byDefault: 'id,amount\n=1,2.00\n',
    override: { outputFormat: OutputFormat.csv({ formulaSafe: true }) },
    overridden: 'id,amount\n\'=1,2.00\n',
  },
  'CsvChunkPipelineProps.metadataColumns': {
    read: (s) => metadataColumnsOf(s.contract().output ?? {}).map(({ name }) => name),
    byDefault: [],
    override: { metadataColumns: [MetadataColumn.BYTE_OFFSET, MetadataColumn.JOB_ID] },
    overridden: ['_byte_offset', '_job_id'],
  },
  'TextInputOptions.maxDecodedSize': {
    read: (s) => s.contract().input.maxDecodedSizeBytes,
    byDefault: 32 * 1024 ** 3,
    override: { inputFormat: InputFormat.jsonArray({ maxDecodedSize: Size.gibibytes(1) }) },
    overridden: 1024 ** 3,
  },
  'CsvChunkPipelineProps.chunkSize': {
    read: (s) => s.contract().chunkSizeBytes, byDefault: 50 * 1024 ** 2, override: { chunkSize: Size.mebibytes(1) }, overridden: 1024 ** 2,
  },
  'CsvChunkPipelineProps.maxConcurrency': {
    read: (s) => s.state('ProcessChunks').MaxConcurrency, byDefault: 10, override: { maxConcurrency: 10_000 }, overridden: 10_000,
  },
  'CsvChunkPipelineProps.retryPolicy': {
    read: (s) => s.state('ProcessChunk').Retry.at(-1),
    byDefault: { ErrorEquals: ['States.ALL'], MaxAttempts: 3, IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
    override: { retryPolicy: { maxRetries: 1 } },
    overridden: { ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
  },
  'StepRetryPolicy.maxRetries': { read: retry('MaxAttempts'), byDefault: 3, override: { retryPolicy: { maxRetries: 0 } }, overridden: 0 },
  'StepRetryPolicy.interval': {
    read: retry('IntervalSeconds'), byDefault: 2, override: { retryPolicy: { interval: Duration.seconds(9) } }, overridden: 9,
  },
  'StepRetryPolicy.backoffRate': { read: retry('BackoffRate'), byDefault: 2, override: { retryPolicy: { backoffRate: 1.5 } }, overridden: 1.5 },
  'StepRetryPolicy.maxDelay': {
    read: retry('MaxDelaySeconds'), byDefault: 60, override: { retryPolicy: { maxDelay: Duration.minutes(5) } }, overridden: 300,
  },
  'CsvChunkPipelineProps.transform': {
    read: (s) => s.contract().transform?.kind,
    byDefault: undefined,
    override: { transform: RecordTransform.fromModule(MODULE) },
    overridden: 'module',
  },
  'RecordTransformOptions.outputSchema': {
    read: (s) => s.contract().transform?.outputSchema?.fields.map(({ name }) => name),
    byDefault: undefined,
    override: { transform: RecordTransform.fromModule(MODULE, { outputSchema: TableSchema.fromFields([{ name: 'total' }]) }) },
    overridden: ['total'],
  },
  'FunctionTransformOptions.batchSize': {
    read: (s) => (s.contract().transform as { batchSize?: number } | undefined)?.batchSize,
    byDefault: undefined,
    override: (stack) => ({ transform: RecordTransform.fromFunction(Function.fromFunctionName(stack, 'Mine', 'mine'), { batchSize: 7 }) }),
    overridden: 7,
  },
  'CsvChunkPipelineProps.tags': {
    read: (s) => s.one('AWS::S3::Bucket').Properties.Tags,
    byDefault: undefined,
    override: { tags: { Project: 'ETL' } },
    overridden: [{ Key: 'Project', Value: 'ETL' }],
  },
  'CsvChunkPipelineProps.sourceBucket': {
    read: (s) => s.one('AWS::Events::Rule', 'IntakeRule1').Properties.EventPattern.detail.bucket.name.map(asText),
    byDefault: [madeBucket],
    override: (stack) => ({ sourceBucket: Bucket.fromBucketName(stack, 'Mine', 'mine') }),
    overridden: ['mine'],
  },
  'CsvChunkPipelineProps.outputBucket': {
    read: bucketOf('FinalizeJobFunction'),
    byDefault: madeBucket,
    override: (stack) => ({ outputBucket: OutputBucket.existing(Bucket.fromBucketName(stack, 'Mine', 'mine')) }),
    overridden: 'mine',
  },
  'CsvChunkPipelineProps.prefixes': {
    read: prefixes,
    byDefault: {
      processed: 'processed/', failed: 'failed/', output: 'output/', quarantine: 'quarantine/', reports: 'reports/', work: 'work/',
    },
    override: { prefixes: { output: 'published/' } },
    overridden: expect.objectContaining({ output: 'published/', failed: 'failed/' }),
  },
  'CsvChunkPipelineProps.formerPrefixes': {
    // What has a rule of its own, and where FinalizeJob may put what it publishes.
    read: (s) => [
      s.one('AWS::S3::Bucket').Properties.LifecycleConfiguration.Rules.map(({ Prefix }: any) => Prefix),
      s.one('AWS::IAM::Policy', 'FinalizeJobRole').Properties.PolicyDocument.Statement.flatMap(({ Resource }: any) => Resource)
        .map(asText).filter((arn: string) => arn.endsWith('*')).map((arn: string) => arn.replace(/^.*?\//, '')),
    ],
    byDefault: [['processed/', 'work/', undefined], expect.not.arrayContaining(['published/*'])],
    override: { formerPrefixes: [{ output: 'published/', work: 'tmp/' }] },
    overridden: [['processed/', 'work/', 'tmp/', undefined], expect.arrayContaining(['output/*', 'published/*', 'work/*', 'tmp/*', 'reports/*'])],
  },
  'KeyPrefixOptions.incoming': {
    read: keyPatterns,
    byDefault: expect.arrayContaining([{ wildcard: 'incoming/*.csv' }]),
    override: { prefixes: { incoming: 'in/box/' } },
    overridden: expect.arrayContaining([{ wildcard: 'in/box/*.csv' }]),
  },
  ...Object.fromEntries((['processed', 'failed', 'output', 'quarantine', 'reports', 'work'] as const).map((name): [string, Row] => [
    `KeyPrefixOptions.${name}`,
    { read: (s) => prefixes(s)[name], byDefault: `${name}/`, override: { prefixes: { [name]: 'else/where/' } }, overridden: 'else/where/' },
  ])),
  'CsvChunkPipelineProps.suffixes': {
    read: keyPatterns,
    byDefault: ['csv', 'csV', 'cSv', 'cSV', 'Csv', 'CsV', 'CSv', 'CSV'].map((suffix) => ({ wildcard: `incoming/*.${suffix}` })),
    override: { suffixes: ['.t', '_1'] },
    overridden: [{ wildcard: 'incoming/*.t' }, { wildcard: 'incoming/*.T' }, { wildcard: 'incoming/*_1' }],
  },
  'CsvChunkPipelineProps.suffixCase': {
    read: keyPatterns,
    byDefault: ['csv', 'csV', 'cSv', 'cSV', 'Csv', 'CsV', 'CSv', 'CSV'].map((suffix) => ({ wildcard: `incoming/*.${suffix}` })),
    override: { suffixCase: SuffixCase.EXACT },
    overridden: [{ wildcard: 'incoming/*.csv' }],
  },
  'CsvChunkPipelineProps.intake': {
    read: (s) => s.entries('AWS::SQS::Queue').map(([id]) => id.replace(/\w{8}$/, '')),
    byDefault: ['PipelineDeadLettersQueue'],
    override: { intake: Intake.queue() },
    overridden: ['PipelineDeadLettersQueue', 'PipelineIntakeQueue'],
  },
  'QueueIntakeOptions.batchSize': queueRow(({ BatchSize }) => BatchSize, 10, { batchSize: 100 }, 100),
  'QueueIntakeOptions.maxBatchingWindow': queueRow(
    ({ MaximumBatchingWindowInSeconds }) => MaximumBatchingWindowInSeconds, 0, { maxBatchingWindow: Duration.seconds(20) }, 20),
  'QueueIntakeOptions.maxConcurrency': queueRow(({ ScalingConfig }) => ScalingConfig, { MaximumConcurrency: 10 }, { maxConcurrency: 2 }, { MaximumConcurrency: 2 }),
  'QueueIntakeOptions.maxReceiveCount': queueRow((_, { RedrivePolicy }) => RedrivePolicy.maxReceiveCount, 5, { maxReceiveCount: 3 }, 3),
  'QueueIntakeOptions.visibilityTimeout': queueRow(
    (_, { VisibilityTimeout }) => VisibilityTimeout, 360, { visibilityTimeout: Duration.minutes(10) }, 600),
  'CsvChunkPipelineProps.maxRecordSize': {
    read: (s) => s.contract().maxRecordSizeBytes, byDefault: 1024 ** 2, override: { maxRecordSize: Size.kibibytes(64) }, overridden: 64 * 1024,
  },
  'CsvChunkPipelineProps.maxRejectedRecords': {
    read: (s) => s.contract().maxRejectedRecords, byDefault: undefined, override: { maxRejectedRecords: 0 }, overridden: 0,
  },
  'CsvChunkPipelineProps.maxRejectedPercentage': {
    read: (s) => s.contract().maxRejectedPercentage, byDefault: undefined, override: { maxRejectedPercentage: 0.5 }, overridden: 0.5,
  },
  'CsvChunkPipelineProps.allowEmptyOutput': {
    read: (s) => s.contract().allowEmptyOutput ?? false, byDefault: false, override: { allowEmptyOutput: true }, overridden: true,
  },
  'CsvChunkPipelineProps.strictSchema': {
    read: (s) => s.contract().strictSchema ?? false, byDefault: false, override: { strictSchema: true }, overridden: true,
  },
  'CsvChunkPipelineProps.memorySize': {
    read: functions(({ MemorySize }) => MemorySize), byDefault: [3008], override: { memorySize: Size.mebibytes(1769) }, overridden: [1769],
  },
  'CsvChunkPipelineProps.timeout': {
    read: functions(({ Timeout }) => Timeout), byDefault: [900], override: { timeout: Duration.minutes(5) }, overridden: [300],
  },
  'CsvChunkPipelineProps.steps': {
    read: functions(({ MemorySize }) => MemorySize),
    byDefault: [3008],
    override: { steps: { processChunk: { memorySize: Size.mebibytes(1769) } } },
    overridden: expect.arrayContaining([3008, 1769]),
  },
  'FunctionSettings.memorySize': {
    read: (s) => ['ProcessChunk', 'FinalizeJob'].map((step) => s.one('AWS::Lambda::Function', `${step}Function`).Properties.MemorySize),
    byDefault: [3008, 3008],
    override: { steps: { processChunk: { memorySize: Size.mebibytes(1769) } } },
    overridden: [1769, 3008],
  },
  'FunctionSettings.timeout': {
    // A task waits a minute longer than its function may run.
    read: (s) => [s.one('AWS::Lambda::Function', 'ProcessChunkFunction').Properties.Timeout, s.state('ProcessChunk').TimeoutSeconds,
      s.state('FinalizeJob').TimeoutSeconds],
    byDefault: [900, 960, 960],
    override: { steps: { processChunk: { timeout: Duration.minutes(5) } } },
    overridden: [300, 360, 960],
  },
  ...Object.fromEntries((['validateFile', 'planChunks', 'processChunk', 'finalizeJob', 'moveSource', 'closeJob', 'sweepJobs'] as const)
    .map((name): [string, Row] => [`StepSettings.${name}`, {
      read: (s) => {
        const { Properties } = s.one('AWS::Lambda::Function', `${name[0].toUpperCase()}${name.slice(1)}Function`);
        return [Properties.MemorySize, Properties.Timeout];
      },
      byDefault: [3008, 900],
      override: { steps: { [name]: { memorySize: Size.mebibytes(600), timeout: Duration.minutes(2) } } },
      overridden: [600, 120],
    }])),
  'CsvChunkPipelineProps.runtime': {
    read: functions((properties) => properties.Runtime), byDefault: ['nodejs22.x'], override: { runtime: Runtime.NODEJS_24_X }, overridden: ['nodejs24.x'],
  },
  'CsvChunkPipelineProps.logRetention': {
    read: logGroups(({ RetentionInDays }) => RetentionInDays), byDefault: [30], override: { logRetention: RetentionDays.ONE_WEEK }, overridden: [7],
  },
  'CsvChunkPipelineProps.removalPolicy': {
    read: (s) => ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue'].map((type) => s.one(type).DeletionPolicy)
      .concat(s.entries('AWS::Logs::LogGroup').map(([, { DeletionPolicy }]) => DeletionPolicy), String(s.entries('Custom::S3AutoDeleteObjects').length)),
    byDefault: [...Array(11).fill('RetainExceptOnCreate'), '0'],
    override: { removalPolicy: RemovalPolicy.DESTROY },
    // One more: the helper that empties the bucket logs too.
    overridden: [...Array(12).fill('Delete'), '1'],
  },
  'CsvChunkPipelineProps.lifecycle': {
    read: (s) => s.one('AWS::S3::Bucket').Properties.LifecycleConfiguration.Rules.map(({ Id }: any) => Id),
    byDefault: ['processed', 'work', 'leftovers'],
    override: { lifecycle: { failed: { expireAfter: Duration.days(90) } } },
    overridden: ['processed', 'failed', 'work', 'leftovers'],
  },
  ...Object.fromEntries((['incoming', 'processed', 'failed', 'output', 'quarantine', 'reports', 'work'] as const).map((name): [string, Row] => [
    `DataLifecycle.${name}`,
    {
      read: (s) => s.lifecycleRule(name),
      byDefault: name === 'processed' ? { Id: name, Prefix: 'processed/', Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 30 }], Status: 'Enabled' }
        : name === 'work' ? { Id: name, Prefix: 'work/', ExpirationInDays: 30, Status: 'Enabled' } : undefined,
      override: { lifecycle: { [name]: { expireAfter: Duration.days(90) } } },
      overridden: { Id: name, Prefix: `${name}/`, ExpirationInDays: 90, Status: 'Enabled' },
    },
  ])),
  'PrefixLifecycle.expireAfter': {
    read: (s) => s.lifecycleRule('processed')?.ExpirationInDays,
    within: { lifecycle: { processed: {} } },
    byDefault: undefined,
    override: { lifecycle: { processed: { expireAfter: Duration.days(1) } } },
    overridden: 1,
  },
  'PrefixLifecycle.transition': {
    read: (s) => s.lifecycleRule('processed')?.Transitions,
    within: { lifecycle: { processed: {} } },
    byDefault: undefined,
    override: { lifecycle: { processed: { transition: { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, after: Duration.days(1) } } } },
    overridden: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 1 }],
  },
  'StorageClassTransition.storageClass': {
    read: (s) => s.lifecycleRule('processed').Transitions[0].StorageClass,
    byDefault: 'GLACIER',
    override: { lifecycle: { processed: { transition: { storageClass: StorageClass.DEEP_ARCHIVE, after: Duration.days(30) } } } },
    overridden: 'DEEP_ARCHIVE',
  },
  'StorageClassTransition.after': {
    read: (s) => s.lifecycleRule('processed').Transitions[0].TransitionInDays,
    byDefault: 30,
    override: { lifecycle: { processed: { transition: { storageClass: StorageClass.GLACIER, after: Duration.days(90) } } } },
    overridden: 90,
  },
  'DataLifecycle.noncurrentVersionsExpireAfter': {
    read: (s) => s.lifecycleRule('leftovers').NoncurrentVersionExpiration,
    byDefault: { NoncurrentDays: 30 },
    override: { lifecycle: { noncurrentVersionsExpireAfter: Duration.days(4) } },
    overridden: { NoncurrentDays: 4 },
  },
  'DataLifecycle.abortIncompleteUploadsAfter': {
    read: (s) => s.lifecycleRule('leftovers').AbortIncompleteMultipartUpload,
    byDefault: { DaysAfterInitiation: 7 },
    override: { lifecycle: { abortIncompleteUploadsAfter: Duration.days(4) } },
    overridden: { DaysAfterInitiation: 4 },
  },
  'CsvChunkPipelineProps.workflowTimeout': {
    read: (s) => s.definition().TimeoutSeconds, byDefault: 7200, override: { workflowTimeout: Duration.hours(5) }, overridden: 18_000,
  },
  'CsvChunkPipelineProps.resumeWindow': {
    read: (s) => [s.contract().resumeWindowSeconds, s.contract().longestJobSeconds],
    byDefault: [3 * 86_400, 3 * 86_400 + 7200],
    override: { resumeWindow: Duration.hours(1) },
    overridden: [3600, 3600 + 7200],
  },
  'CsvChunkPipelineProps.chunkItemsExpireAfter': {
    read: (s) => [s.contract().chunkItemsExpireAfterSeconds / 86_400, s.one('AWS::DynamoDB::GlobalTable').Properties.TimeToLiveSpecification],
    byDefault: [90, { AttributeName: 'expires_at', Enabled: true }],
    override: { chunkItemsExpireAfter: Duration.days(7) },
    overridden: [7, { AttributeName: 'expires_at', Enabled: true }],
  },
  'CsvChunkPipelineProps.sweepInterval': {
    read: (s) => s.one('AWS::Events::Rule', 'SweepJobs').Properties.ScheduleExpression,
    byDefault: 'rate(5 minutes)',
    override: { sweepInterval: Duration.minutes(1) },
    overridden: 'rate(1 minute)',
  },
  'CsvChunkPipelineProps.encryptionKey': {
    read: (s) => [
      s.one('AWS::S3::Bucket').Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm,
      s.one('AWS::DynamoDB::GlobalTable').Properties.Replicas[0].SSESpecification === undefined,
    ],
    byDefault: ['AES256', true],
    override: (stack) => ({ encryptionKey: new Key(stack, 'Key') }),
    overridden: ['aws:kms', false],
  },
  'CsvChunkPipelineProps.environmentSuffix': {
    read: (s) => s.one('AWS::DynamoDB::GlobalTable').Properties.TableName,
    byDefault: undefined,
    override: { environmentSuffix: 'qa' },
    overridden: 'table-pipeline-jobs-qa',
  },
  'CsvChunkPipelineProps.disasterRecovery': {
    read: (s) => s.one('AWS::DynamoDB::GlobalTable').Properties.Replicas.length,
    byDefault: 1,
    env: EAST,
    override: asPrimary(),
    overridden: 2,
  },
  'DisasterRecoveryPrimaryOptions.standbyRegion': {
    read: (s) => s.one('AWS::DynamoDB::GlobalTable').Properties.Replicas[1]?.Region,
    byDefault: undefined,
    env: EAST,
    override: asPrimary(),
    overridden: 'eu-west-1',
  },
  'DisasterRecoveryPrimaryOptions.standbyEncryptionKey': {
    read: (s) => s.one('AWS::DynamoDB::GlobalTable').Properties.Replicas[1]?.SSESpecification?.KMSMasterKeyId,
    byDefault: undefined,
    env: EAST,
    override: (stack) => ({ ...asPrimary({ standbyEncryptionKey: keyIn(stack, 'eu-west-1') }), encryptionKey: keyIn(stack, 'us-east-1') }),
    overridden: 'arn:aws:kms:eu-west-1:111111111111:key/1',
  },
  'DisasterRecoveryStandbyOptions.primaryRegion': {
    read: (s) => s.one('AWS::Lambda::Function', 'SweepJobs').Properties.Environment.Variables.PRIMARY_REGION,
    byDefault: undefined,
    env: WEST,
    override: asStandby(),
    overridden: 'us-east-1',
  },
  'DisasterRecoveryStandbyOptions.pipelineId': {
    read: (s) => s.contract().pipelineId, byDefault: 'Stack/Pipeline', env: WEST, override: asStandby(), overridden: 'Primary/Pipeline-qa',
  },
  'DisasterRecoveryStandbyOptions.primaryEncryptionKey': {
    read: (s) => replicationRules(s)[0]?.Destination.EncryptionConfiguration?.ReplicaKmsKeyID,
    byDefault: undefined,
    env: WEST,
    override: (stack) => (
      { ...asStandby({ primaryEncryptionKey: keyIn(stack, 'us-east-1'), replicateBack: true }), encryptionKey: keyIn(stack, 'eu-west-1') }
    ),
    overridden: 'arn:aws:kms:us-east-1:111111111111:key/1',
  },
  'DisasterRecoveryStandbyOptions.replicateBack': {
    read: (s) => replicationRules(s).length, byDefault: 0, env: WEST, override: asStandby({ replicateBack: true }), overridden: 6,
  },
  'CsvChunkPipelineProps.resourceNaming': {
    read: (s) => [s.one('AWS::DynamoDB::GlobalTable').Properties.TableName, s.one('AWS::SQS::Queue').Properties.QueueName],
    byDefault: [undefined, undefined],
    override: { resourceNaming: { resourceName: ({ resourceType, part }) => resourceType === 'table' ? `acme_${part}` : undefined } },
    overridden: ['acme_jobs', undefined],
  },

  'CsvDialectOptions.delimiter': dialectRow('delimiter', ',', '||'),
  'CsvDialectOptions.quoteChar': dialectRow('quoteChar', '"', ''),
  'CsvDialectOptions.doubleQuote': dialectRow('doubleQuote', true, false),
  'CsvDialectOptions.escapeChar': dialectRow('escapeChar', '', '\\'),
  'CsvDialectOptions.escapeSequences': dialectRow('escapeSequences', 'literal', EscapeSequences.MYSQL, { escapeChar: '\\' }),
  'CsvDialectOptions.nullSequence': dialectRow('nullSequence', undefined, '\\N'),
  'CsvDialectOptions.lazyQuotes': dialectRow('lazyQuotes', false, true),
  'CsvDialectOptions.trailingDelimiter': dialectRow('trailingDelimiter', false, true),
  'CsvDialectOptions.allowShortRecords': dialectRow('allowShortRecords', false, true),
  'CsvDialectOptions.allowLongRecords': dialectRow('allowLongRecords', false, true),
  'CsvDialectOptions.skipBlankRecords': dialectRow('skipBlankRecords', false, true),
  'CsvDialectOptions.skipFooter': dialectRow('skipFooter', 0, 2),
  'CsvDialectOptions.ctrlZ': dialectRow('ctrlZ', false, true),
  'CsvDialectOptions.header': dialectRow('header', true, false),
  'CsvDialectOptions.commentChar': dialectRow('commentChar', '', '#'),
  'CsvDialectOptions.skipInitialSpace': dialectRow('skipInitialSpace', false, true),
  'CsvDialectOptions.lineTerminator': dialectRow('lineTerminator', undefined, '\r'),
  'CsvDialectOptions.skipLines': dialectRow('skipLines', 0, 3),
  'CsvDialectOptions.headerRows': dialectRow('headerRows', [], [2, 3]),
  'CsvDialectOptions.headerJoin': dialectRow('headerJoin', ' ', '_'),
  'CsvDialectOptions.commentRows': dialectRow('commentRows', [], [2]),
  'CsvDialectOptions.headerSearchLines': dialectRow('headerSearchLines', 0, 50),

  'TableSchemaOptions.missingValues': {
    read: (s) => s.contract().schema.missingValues,
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }], { missingValues: ['', 'NA'] }) },
    overridden: ['', 'NA'],
  },
  'TableSchemaOptions.quotedMissingValues': {
    read: (s) => s.contract().schema.quotedMissingValues,
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }], { quotedMissingValues: false }) },
    overridden: false,
  },
  'TableSchemaOptions.fieldsMatch': {
    read: (s) => fieldsMatchOf(s.contract().schema),
    byDefault: 'exact',
    override: { schema: TableSchema.fromFields([{ name: 'id' }], { fieldsMatch: FieldsMatch.SUPERSET }) },
    overridden: 'superset',
  },
  'TableSchemaOptions.headerCase': {
    // Whether ID is another name than id.
    read: (s) => compileFieldFinder(s.contract().schema)('ID') === undefined,
    byDefault: true,
    override: { schema: TableSchema.fromFields([{ name: 'id' }], { headerCase: false }) },
    overridden: false,
  },
  'TableSchemaOptions.rescueColumn': {
    read: (s) => s.contract().schema.rescueColumn,
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }], { fieldsMatch: FieldsMatch.PARTIAL, rescueColumn: '_rescued' }) },
    overridden: '_rescued',
  },
  'TableSchemaOptions.trim': {
    read: (s) => s.contract().schema.trim,
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }], { trim: true }) },
    overridden: true,
  },
  'TableSchemaOptions.primaryKey': {
    read: (s) => s.contract().schema.primaryKey,
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }], { primaryKey: ['id'] }) },
    overridden: ['id'],
  },
  'TableSchemaOptions.uniqueKeys': {
    read: (s) => s.contract().schema.uniqueKeys,
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'id' }, { name: 'text' }], { uniqueKeys: [['id', 'text'], ['text']] }) },
    overridden: [['id', 'text'], ['text']],
  },
  'TableField.name': fieldRow('name', 'total'),
  'TableField.aliases': fieldRow('aliases', ['sum', 'total']),
  'TableField.type': fieldRow('type', FieldType.INTEGER),
  'TableField.format': fieldRow('format', '%d.%m.%Y', FieldType.DATE),
  'TableField.formats': fieldRow('formats', ['default', '%d.%m.%Y'], FieldType.DATE),
  'TableField.timezone': fieldRow('timezone', 'Europe/Berlin', FieldType.DATETIME),
  'TableField.locale': {
    read: (s) => s.contract().schema.fields[0].locale,
    byDefault: undefined,
    override: { schema: TableSchema.fromFields([{ name: 'day', type: FieldType.DATE, format: '%d. %b %Y', locale: 'de' }]) },
    overridden: 'de',
  },
  'TableField.zoneAbbreviations': {
    read: (s) => s.contract().schema.fields[0].zoneAbbreviations,
    byDefault: undefined,
    override: {
      schema: TableSchema.fromFields([{ name: 'at', type: FieldType.DATETIME, format: '%Y-%m-%d %H:%M %Z', zoneAbbreviations: { CET: '+01:00' } }]),
    },
    overridden: { CET: '+01:00' },
  },
  'TableField.decimalChar': fieldRow('decimalChar', ',', FieldType.NUMBER),
  'TableField.groupChar': fieldRow('groupChar', ' ', FieldType.NUMBER),
  'TableField.groupChars': fieldRow('groupChars', [' ', '\u00a0'], FieldType.NUMBER),
  'TableField.bareNumber': fieldRow('bareNumber', false, FieldType.NUMBER),
  'TableField.negativeNotations': fieldRow('negativeNotations', ['dashes', 'credit'], FieldType.NUMBER),
  'TableField.jsonText': fieldRow('jsonText', true),
  'TableField.itemType': fieldRow('itemType', FieldType.INTEGER, FieldType.LIST),
  'TableField.delimiter': fieldRow('delimiter', ';', FieldType.LIST),
  'TableField.trueValues': fieldRow('trueValues', ['Y'], FieldType.BOOLEAN),
  'TableField.falseValues': fieldRow('falseValues', ['N'], FieldType.BOOLEAN),
  'TableField.precision': fieldRow('precision', 18, FieldType.DECIMAL),
  'TableField.scale': fieldRow('scale', 4, FieldType.DECIMAL),
  'TableField.categories': fieldRow('categories', ['EUR', 'USD']),
  'TableField.constraints': fieldRow('constraints', { required: true }),
  'TableField.missingValues': fieldRow('missingValues', ['-']),
  'TableField.trim': fieldRow('trim', true),
  'TableField.title': fieldRow('title', 'Amount'),
  'TableField.description': fieldRow('description', 'What was paid'),
  'FieldConstraints.required': constraintRow('required', true),
  'FieldConstraints.unique': constraintRow('unique', true),
  'FieldConstraints.minLength': constraintRow('minLength', 1),
  'FieldConstraints.maxLength': constraintRow('maxLength', 9),
  'FieldConstraints.minimum': constraintRow('minimum', '0.01', FieldType.NUMBER),
  'FieldConstraints.maximum': constraintRow('maximum', 5, FieldType.INTEGER),
  'FieldConstraints.exclusiveMinimum': constraintRow('exclusiveMinimum', 0, FieldType.INTEGER),
  'FieldConstraints.exclusiveMaximum': constraintRow('exclusiveMaximum', '0.01', FieldType.NUMBER),
  'FieldConstraints.pattern': constraintRow('pattern', '[A-Z]{3}'),
  'FieldConstraints.enum': constraintRow('enum', ['EUR', 'USD']),
};

/** Structs that the pipeline gives, and takes nowhere. */
const GIVEN = ['./options/key-prefixes'];

const ofThePipeline = publicProperties((file) => !file.startsWith('./around/') && !GIVEN.includes(file));

test('every property has a row, and every row a property', () => {
  expect(Object.keys(ROWS).sort()).toEqual(ofThePipeline.map(({ name }) => name).sort());
});

test('every optional property says what it is by default, as a value or "- …"', () => {
  for (const { name, optional, defaultText } of ofThePipeline) {
    expect([name, optional ? defaultText : 'required']).toEqual([name, expect.stringMatching(/\S/)]);
    expect([name, defaultText]).not.toEqual([name, expect.stringMatching(/^(-\s*)?undefined/)]);
  }
});

describe('left out', () => {
  let synthesized: Synthesized;
  beforeAll(() => { synthesized = synthesize(); });

  test.each(Object.entries(ROWS))('%s', async (_, { read, byDefault, within }) => {
    expect(await read(within === undefined ? synthesized : synthesize(within))).toEqual(byDefault);
  });
});

describe('given', () => {
  test.each(Object.entries(ROWS))('%s', async (_, { read, override, overridden, env }) => {
    const stack = env === undefined ? newStack() : new Stack(newApp(), 'Stack', { env });
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...typeof override === 'function' ? override(stack) : override });
    expect(await read(new Synthesized(stack))).toEqual(overridden);
  });
});
