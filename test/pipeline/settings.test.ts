import * as path from 'path';
import { Duration, RemovalPolicy, Size, Stack, Token } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import {
  CsvChunkPipelineProps, CsvDialect, FieldType, Intake, KeyPrefixOptions, MetadataColumn, OutputBucket, OutputFormat, RecordTransform, SuffixCase,
  TableSchema,
} from '../../src';
import { resolveSettings } from '../../src/pipeline/settings';
import { SCHEMA } from '../synthesize';

const resolve = (props: Partial<CsvChunkPipelineProps>) => resolveSettings({ schema: SCHEMA, ...props });

const WRONG: Array<[Partial<CsvChunkPipelineProps>, string]> = [
  [{ chunkSize: 50 as unknown as Size }, 'chunkSize must be a Size, such as Size.mebibytes(50), got 50'],
  [{ timeout: '5m' as unknown as Duration }, 'timeout must be a Duration, such as Duration.minutes(5), got "5m"'],
  [{ maxConcurrency: '3' as unknown as number }, 'maxConcurrency must be a number, got "3"'],
  [{ chunkSize: Size.kibibytes(10) }, 'chunkSize must be at least 1 MiB, got 10 KiB'],
  [{ chunkSize: Size.bytes(1024 ** 2 - 1) }, 'chunkSize must be at least 1 MiB, got 1048575 bytes'],
  [{ chunkSize: Size.gibibytes(2) }, 'chunkSize must be at most 1 GiB, got 2 GiB'],
  [{ chunkSize: Size.mebibytes(Token.asNumber({ Ref: 'Parameter' })) }, 'chunkSize must be known at synth, got a token'],
  [{ metadataColumns: [MetadataColumn.JOB_ID, MetadataColumn.JOB_ID] }, 'metadataColumns[1] must be listed once, got "_job_id"'],
  [{ schema: TableSchema.fromFields([{ name: '_byte_offset' }]), metadataColumns: [MetadataColumn.BYTE_OFFSET] },
    'metadataColumns[0] must differ from the names of the schema\'s columns, got "_byte_offset"'],
  [{ schema: TableSchema.fromFields([{ name: 'sum', type: FieldType.DECIMAL }]), outputFormat: OutputFormat.parquet() },
    'schema.fields[0].scale must be given for Parquet (field "sum"), whose decimals have a fixed one, got undefined'],
  [{ maxConcurrency: 0 }, 'maxConcurrency must be at least 1, got 0'],
  [{ maxConcurrency: 10_001 }, 'maxConcurrency must be at most 10000, got 10001'],
  [{ maxConcurrency: 1.5 }, 'maxConcurrency must be a whole number, got 1.5'],
  [{ maxConcurrency: NaN }, 'maxConcurrency must be a whole number, got NaN'],
  [{ retryPolicy: { maxRetries: -1 } }, 'retryPolicy.maxRetries must be at least 0, got -1'],
  [{ retryPolicy: { maxRetries: 11 } }, 'retryPolicy.maxRetries must be at most 10, got 11'],
  [{ retryPolicy: { interval: Duration.millis(500) } }, 'retryPolicy.interval must be at least 1 second, got 500 millis'],
  [{ retryPolicy: { interval: Duration.millis(1500) } }, 'retryPolicy.interval must be whole seconds, got 1 second 500 millis'],
  [{ retryPolicy: { backoffRate: 0.5 } }, 'retryPolicy.backoffRate must be at least 1, got 0.5'],
  [{ retryPolicy: { backoffRate: NaN } }, 'retryPolicy.backoffRate must be a number, got NaN'],
  [{ retryPolicy: { interval: Duration.minutes(1) } }, 'retryPolicy.maxDelay must be longer than retryPolicy.interval (1 minute), got 1 minute'],
  [{ maxRecordSize: Size.bytes(512) }, 'maxRecordSize must be at least 1 KiB, got 512 bytes'],
  [{ maxRecordSize: Size.mebibytes(17) }, 'maxRecordSize must be at most 16 MiB, got 17 MiB'],
  [{ maxRecordSize: Size.mebibytes(2), chunkSize: Size.mebibytes(1) }, 'maxRecordSize must be at most 1 MiB, the chunkSize, got 2 MiB'],
  [{ maxRejectedRecords: -1 }, 'maxRejectedRecords must be at least 0, got -1'],
  [{ maxRejectedPercentage: 101 }, 'maxRejectedPercentage must be at most 100, got 101'],
  [{ memorySize: Size.mebibytes(128) }, 'memorySize must be at least 512 MiB, got 128 MiB'],
  [{ memorySize: Size.gibibytes(11) }, 'memorySize must be at most 10 GiB, got 11 GiB'],
  [{ memorySize: Size.kibibytes(1024 * 600 + 1) }, 'memorySize must be whole MiB, got 614401 KiB'],
  ...[
    TableSchema.fromFields([{ name: 'id' }], { primaryKey: ['id'] }),
    TableSchema.fromFields([{ name: 'id' }], { uniqueKeys: [['id']] }),
    TableSchema.fromFields([{ name: 'id', constraints: { unique: true } }]),
  ].map((schema): typeof WRONG[number] => [{ schema, memorySize: Size.mebibytes(1023) },
    'memorySize must be at least 1 GiB where the schema of the published records has keys, got 1023 MiB']),
  [{ schema: TableSchema.fromFields([{ name: 'id' }], { primaryKey: ['id'] }), steps: { finalizeJob: { memorySize: Size.mebibytes(512) } } },
    'steps.finalizeJob.memorySize must be at least 1 GiB where the schema of the published records has keys, got 512 MiB'],
  [{ steps: { processChunk: { memorySize: Size.mebibytes(511) } } }, 'steps.processChunk.memorySize must be at least 512 MiB, got 511 MiB'],
  [{ steps: { planChunks: { timeout: Duration.minutes(16) } } }, 'steps.planChunks.timeout must be at most 15 minutes, got 16 minutes'],
  [{ workflowTimeout: Duration.minutes(5), timeout: Duration.minutes(1), steps: { processChunk: { timeout: Duration.minutes(5) } } },
    'workflowTimeout must be longer than steps.processChunk.timeout (5 minutes), got 5 minutes'],
  [{ timeout: Duration.seconds(30) }, 'timeout must be at least 1 minute, got 30 seconds'],
  [{ timeout: Duration.minutes(16) }, 'timeout must be at most 15 minutes, got 16 minutes'],
  [{ workflowTimeout: Duration.minutes(15) }, 'workflowTimeout must be longer than timeout (15 minutes), got 15 minutes'],
  [{ workflowTimeout: Duration.days(366) }, 'workflowTimeout must be at most 365 days, got 366 days'],
  [{ resumeWindow: Duration.millis(1500) }, 'resumeWindow must be whole seconds, got 1 second 500 millis'],
  [{ runtime: Runtime.NODEJS_20_X }, 'runtime must be Node.js 22 or later, got nodejs20.x'],
  [{ runtime: Runtime.PYTHON_3_13 }, 'runtime must be Node.js 22 or later, got python3.13'],
  [{ removalPolicy: RemovalPolicy.SNAPSHOT }, 'removalPolicy must be RETAIN_ON_UPDATE_OR_DELETE, RETAIN or DESTROY (of buckets, tables and logs CloudFormation makes no snapshot), got "snapshot"'],
  [{ lifecycle: { abortIncompleteUploadsAfter: Duration.days(3) } },
    'lifecycle.abortIncompleteUploadsAfter must be longer than workflowTimeout plus resumeWindow (3 days 2 hours), got 3 days'],
  [{ lifecycle: { noncurrentVersionsExpireAfter: Duration.days(3) } },
    'lifecycle.noncurrentVersionsExpireAfter must be longer than workflowTimeout plus resumeWindow (3 days 2 hours), got 3 days'],
  [{ lifecycle: { procesed: { expireAfter: Duration.days(300) } } as object },
    'lifecycle must have no other properties than incoming, processed, failed, output, quarantine, reports, work, noncurrentVersionsExpireAfter, '
      + 'abortIncompleteUploadsAfter, got procesed'],
  ...(['incoming', 'output', 'quarantine', 'reports', 'work'] as const).map((name): typeof WRONG[number] => [
    { lifecycle: { [name]: { expireAfter: Duration.days(3) } } },
    `lifecycle.${name}.expireAfter must be longer than workflowTimeout plus resumeWindow (3 days 2 hours), got 3 days`,
  ]),
  ...(['incoming', 'reports', 'work'] as const).map((name): typeof WRONG[number] => [
    { lifecycle: { [name]: { expireAfter: Duration.days(40), transition: { storageClass: StorageClass.DEEP_ARCHIVE, after: Duration.days(3) } } } },
    `lifecycle.${name}.transition.after must be longer than workflowTimeout plus resumeWindow (3 days 2 hours), got 3 days`,
  ]),
  [{ lifecycle: { work: {} } }, 'lifecycle.work.expireAfter must be given, or what jobs leave behind is kept for ever, got none'],
  [{ lifecycle: { failed: { expireAfter: Duration.days(0) } } }, 'lifecycle.failed.expireAfter must be at least 1 day, got 0 millis'],
  [{ lifecycle: { failed: { expireAfter: Duration.hours(36) } } }, 'lifecycle.failed.expireAfter must be whole days, got 1 day 12 hours'],
  [{ lifecycle: { processed: { transition: { storageClass: StorageClass.INFREQUENT_ACCESS, after: Duration.days(29) } } } },
    'lifecycle.processed.transition.after must be at least 30 days, got 29 days'],
  [{ lifecycle: { processed: { transition: { storageClass: StorageClass.ONE_ZONE_INFREQUENT_ACCESS, after: Duration.days(1) } } } },
    'lifecycle.processed.transition.after must be at least 30 days, got 1 day'],
  [{ lifecycle: { processed: { transition: { storageClass: StorageClass.GLACIER, after: Duration.days(0) } } } },
    'lifecycle.processed.transition.after must be at least 1 day, got 0 millis'],
  [{ lifecycle: { output: { transition: { storageClass: new StorageClass('STANDARD'), after: Duration.days(40) } } } },
    'lifecycle.output.transition.storageClass must be one that S3 moves objects to (STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, '
    + 'DEEP_ARCHIVE), got "STANDARD"'],
  [{ lifecycle: { processed: { expireAfter: Duration.days(90), transition: { storageClass: StorageClass.GLACIER, after: Duration.days(90) } } } },
    'lifecycle.processed.expireAfter must be longer than lifecycle.processed.transition.after (90 days), got 90 days'],
  [{ outputBucket: 'mine' as unknown as OutputBucket }, 'outputBucket must be an OutputBucket (made by a static method of it), got "mine"'],
  [{ prefixes: { incoming: 'incoming' } },
    'prefixes.incoming must end with "/", not begin with it, and hold none of * ? \\ $, got "incoming"'],
  [{ prefixes: { incoming: '' } }, 'prefixes.incoming must end with "/", not begin with it, and hold none of * ? \\ $, got ""'],
  [{ prefixes: { output: 'out*/' } }, 'prefixes.output must end with "/", not begin with it, and hold none of * ? \\ $, got "out*/"'],
  [{ prefixes: { incoming: `${'in'.repeat(550)}/` } }, 'prefixes.incoming must have at most 512 bytes of the 1,024 that a key has in S3, got 1101'],
  [{ prefixes: { output: `${'ü'.repeat(256)}/` } }, 'prefixes.output must have at most 512 bytes of the 1,024 that a key has in S3, got 513'],
  [{ prefixes: { incoming: 'in\ncoming/' } }, 'prefixes.incoming must hold no control characters or line ends, got "in\\ncoming/"'],
  [{ formerPrefixes: [{ work: 'w\u0000/' }] }, 'formerPrefixes[0].work must hold no control characters or line ends, got "w\\u0000/"'],
  [{ suffixes: ['.c\nsv'] }, 'suffixes must hold no control characters or line ends, got ".c\\nsv"'],
  [{ prefixes: { processed: 'incoming/done/' } }, 'prefixes.processed must not lie inside prefixes.incoming ("incoming/"), got "incoming/done/"'],
  [{ prefixes: { failed: 'processed/' } }, 'prefixes.processed must not lie inside prefixes.failed ("processed/"), got "processed/"'],
  [{ formerPrefixes: [{}, { incoming: 'incoming' }] },
    'formerPrefixes[1].incoming must end with "/", not begin with it, and hold none of * ? \\ $, got "incoming"'],
  [{ formerPrefixes: [{ work: 'output/work/' }] }, 'formerPrefixes[0].work must not lie inside formerPrefixes[0].output ("output/"), got "output/work/"'],
  [{ prefixes: { incoming: 'data/' }, formerPrefixes: [{ output: 'data/out/' }] },
    'formerPrefixes[0].output must not overlap prefixes.incoming ("data/"), got "data/out/"'],
  [{ prefixes: { output: 'work/output/', work: 'tmp/' }, formerPrefixes: [{}] },
    'formerPrefixes[0].work must not overlap prefixes.output ("work/output/"), got "work/"'],
  [{ formerPrefixes: [{ output: 'old/' }, { work: 'old/' }] },
    'formerPrefixes[1].work must not overlap formerPrefixes[0].output ("old/"), got "old/"'],
  [{ formerPrefixes: { work: 'tmp/' } as unknown as KeyPrefixOptions[] }, 'formerPrefixes must be a list, got an object (Object)'],
  [{ formerPrefixes: [{}, {}, {}, {}] }, 'formerPrefixes must hold at most 3 sets, got 4'],
  [{ chunkItemsExpireAfter: Duration.days(6) }, 'chunkItemsExpireAfter must be at least 7 days, got 6 days'],
  [{ chunkItemsExpireAfter: Duration.hours(200) }, 'chunkItemsExpireAfter must be whole days, got 8 days 8 hours'],
  [{ sweepInterval: Duration.seconds(30) }, 'sweepInterval must be at least 1 minute, got 30 seconds'],
  [{ sweepInterval: Duration.seconds(90) }, 'sweepInterval must be whole minutes, got 1 minute 30 seconds'],
  [{ sweepInterval: Duration.hours(25) }, 'sweepInterval must be at most 1 day, got 1 day 1 hour'],
  [{ suffixes: [''] }, 'suffixes must have 1 to 20 characters, none of * \\ /, got ""'],
  [{ suffixes: ['.csv', '.parquet'] }, 'suffixes must need at most 32 event rules (each letter doubles them: upper and lower case, unless suffixCase '
    + 'is EXACT; an empty list takes every file), got 34 for .csv, .parquet'],
  [{ suffixes: Array.from({ length: 129 }, (_, index) => `.${index + 100}`), suffixCase: SuffixCase.EXACT },
    `suffixes must need at most 32 event rules (four suffixes share one; an empty list takes every file), got 33 for ${
      Array.from({ length: 129 }, (_, index) => `.${index + 100}`).join(', ')}`],
  [{ suffixCase: 'lower' as SuffixCase }, 'suffixCase must be one of any, exact, got "lower"'],
  [{ intake: {} as Intake }, 'intake must be an Intake (made by a static method of it), got an object (Object)'],
  [{ intake: 'queue' as unknown as Intake }, 'intake must be an Intake (made by a static method of it), got "queue"'],
  [{ suffixes: ['_1_2_3_4_5_6_7_8'] }, 'suffixes must hold their first character at most 7 times (EventBridge refuses it), got "_1_2_3_4_5_6_7_8"'],
];

test.each(WRONG)('%j', (props, message) => {
  expect(() => resolve(props)).toThrow(new Error(message));
});

test('the limits themselves are allowed', () => {
  resolve({ chunkSize: Size.mebibytes(1), maxConcurrency: 1, maxRecordSize: Size.kibibytes(1), timeout: Duration.minutes(1) });
  resolve({ memorySize: Size.mebibytes(512) });
  resolve({
    schema: TableSchema.fromFields([{ name: 'id' }], { primaryKey: ['id'] }),
    memorySize: Size.mebibytes(512),
    steps: { finalizeJob: { memorySize: Size.gibibytes(1) } },
  });
  resolve({ sweepInterval: Duration.minutes(1) });
  resolve({ sweepInterval: Duration.days(1) });
  resolve({ memorySize: Size.gibibytes(1), schema: TableSchema.fromFields([{ name: 'id' }], { primaryKey: ['id'] }) });
  resolve({ chunkSize: Size.gibibytes(1), maxConcurrency: 10_000, maxRecordSize: Size.mebibytes(16), memorySize: Size.mebibytes(10_240) });
  resolve({ maxRejectedRecords: 0, maxRejectedPercentage: 0, retryPolicy: { maxRetries: 0, backoffRate: 1 } });
});

test('former prefixes may be, hold or lie inside those of the same name', () => {
  const { formerPrefixes } = resolve({
    prefixes: { output: 'output/v2/', work: 'tmp/' }, formerPrefixes: [{}, { work: 'tmp/old/' }, { output: 'output/v2/' }],
  });
  expect(formerPrefixes.map(({ output, work }) => [output, work])).toEqual([['output/', 'work/'], ['output/', 'tmp/old/'], ['output/v2/', 'work/']]);
});

test('the memory that keys need goes by the schema of what is published', () => {
  const outputSchema = TableSchema.fromFields([{ name: 'id' }], { primaryKey: ['id'] });
  const transform = RecordTransform.fromModule(path.join(__dirname, '..', 'e2e', 'transforms', 'normalize.mjs'), { outputSchema });
  expect(() => resolve({ transform, memorySize: Size.mebibytes(512) })).toThrow(/^memorySize must be at least 1 GiB .* got 512 MiB$/);
});

describe('in buckets of one\'s own, whose rules the pipeline does not set,', () => {
  const mine = Bucket.fromBucketName(new Stack(), 'Mine', 'mine');
  const mineToo = OutputBucket.existing(Bucket.fromBucketName(new Stack(), 'MineToo', 'mine-too'));
  const failed = { expireAfter: Duration.days(90) };
  const work = { expireAfter: Duration.days(20) };
  const abortIncompleteUploadsAfter = Duration.days(20);

  test.each<[string, Partial<CsvChunkPipelineProps>, string]>([
    ['a source', { sourceBucket: mine, lifecycle: { failed } }, 'lifecycle.failed must be left out with a sourceBucket of your own, '
      + 'whose rules the pipeline does not touch, got ["failed"]'],
    ['output beside the source', { sourceBucket: mine, lifecycle: { work } }, 'lifecycle.work must be left out with a sourceBucket of your own, '
      + 'whose rules the pipeline does not touch, got ["work"]'],
    ['output', { outputBucket: mineToo, lifecycle: { failed, work } }, 'lifecycle.work must be left out with an outputBucket of your own, '
      + 'whose rules the pipeline does not touch, got ["failed","work"]'],
    ['both', { sourceBucket: mine, outputBucket: mineToo, lifecycle: { abortIncompleteUploadsAfter } },
      'lifecycle.abortIncompleteUploadsAfter must be left out with a sourceBucket of your own, whose rules the pipeline does not touch, '
      + 'got ["abortIncompleteUploadsAfter"]'],
  ])('%s has no lifecycle here', (_, props, message) => {
    expect(() => resolve(props)).toThrow(new Error(message));
  });

  test('what lies in a bucket that the pipeline makes has one', () => {
    expect(resolve({ sourceBucket: mine, outputBucket: OutputBucket.own(), lifecycle: { work } }).lifecycle.prefixes.work).toEqual(work);
    expect(resolve({ outputBucket: mineToo, lifecycle: { failed, abortIncompleteUploadsAfter } }).lifecycle.prefixes.failed).toEqual(failed);
  });

  test('how long a job takes is not held against the default of lifecycle', () => {
    expect(() => resolve({ workflowTimeout: Duration.days(30) })).toThrow(/^lifecycle\.work\.expireAfter must be longer/);
    expect(resolve({ sourceBucket: mine, workflowTimeout: Duration.days(30) }).lifecycle.prefixes).toEqual({});
  });
});

test('a schema that is none throws where it is made', () => {
  expect(() => TableSchema.fromFields([])).toThrow('schema.fields must hold at least one field, got []');
  expect(() => TableSchema.fromFields([{ name: 'a' }, { name: 'a' }])).toThrow(/^schema\.fields\[1\]\.name must differ .* got "a"$/);
});

test('a dialect that is none throws where it is made', () => {
  expect(() => CsvDialect.fromOptions({ quoteChar: ',' })).toThrow(/^dialect\.quoteChar must differ .* got ","$/);
});
