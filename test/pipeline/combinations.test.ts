import { App, Duration, Size, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CsvChunkPipeline, CsvChunkPipelineProps, InputFormat, OutputFormat, TableSchema, TextEncoding } from '../../src';
import { newApp, SCHEMA } from '../synthesize';

const ENV = { account: '111111111111', region: 'eu-west-1' };
type Props = Partial<CsvChunkPipelineProps>;

function made(props: Props | ((stack: Stack) => Props)): CsvChunkPipeline {
  const stack = new Stack(newApp(), 'Stack', { env: ENV });
  return new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...typeof props === 'function' ? props(stack) : props });
}

const SMALL_AND_SHORT = { timeout: Duration.minutes(1), memorySize: Size.mebibytes(512) };

describe('the time for a chunk', () => {
  test.each<[string, Props, string]>([
    ['Parquet, which is slow', { outputFormat: OutputFormat.parquet(), chunkSize: Size.gibibytes(1), timeout: Duration.minutes(1) },
      'timeout must be at least 2 minutes 15 seconds for a chunk of 1 GiB (chunkSize / (8 MB/s for parquet x 1.00 vCPU of memorySize)), got 1 minute; '
      + 'or take a smaller chunkSize'],
    ['little memory, and with it a part of a CPU', { chunkSize: Size.gibibytes(1), timeout: Duration.minutes(1), memorySize: Size.mebibytes(512) },
      'timeout must be at least 2 minutes 29 seconds for a chunk of 1 GiB (chunkSize / (25 MB/s for jsonl x 0.29 vCPU of memorySize)), got 1 minute; '
      + 'or take a smaller chunkSize'],
    ['a short time of the step alone',
      { chunkSize: Size.gibibytes(1), outputFormat: OutputFormat.parquet(), steps: { processChunk: SMALL_AND_SHORT } },
      'steps.processChunk.timeout must be at least 7 minutes 44 seconds for a chunk of 1 GiB (chunkSize / (8 MB/s for parquet x 0.29 vCPU of steps.processChunk.memorySize)), '
      + 'got 1 minute; or take a smaller chunkSize'],
  ])('is too short with %s', (_, props, message) => {
    expect(() => made(props)).toThrow(new Error(message));
  });

  test('that leaves little room is warned of', () => {
    expect(warnings({ chunkSize: Size.gibibytes(1), timeout: Duration.minutes(1) })).toEqual([
      'timeout leaves little room: 43 seconds are needed for a chunk of 1 GiB (chunkSize / (25 MB/s for jsonl x 1.00 vCPU of memorySize)), and more with gzip, keys, a transform or many '
      + 'rejected records; got 1 minute. A longer timeout costs nothing',
    ]);
    expect(warnings({ chunkSize: Size.gibibytes(1), timeout: Duration.minutes(3) })).toEqual([]);
  });

  test.each<[string, Props]>([
    ['the same with the time that the message names',
      { outputFormat: OutputFormat.parquet(), chunkSize: Size.gibibytes(1), timeout: Duration.seconds(135) }],
    ['lines of JSON', { chunkSize: Size.gibibytes(1), timeout: Duration.minutes(1) }],
    ['a step that has more than the others',
      { ...SMALL_AND_SHORT, chunkSize: Size.gibibytes(1), steps: { processChunk: { timeout: Duration.minutes(15) } } }],
    ['Parquet in chunks of the usual size', { outputFormat: OutputFormat.parquet(), timeout: Duration.minutes(1), memorySize: Size.mebibytes(512) }],
  ])('is enough for %s', (_, props) => {
    made(props);
  });
});

describe('a schema of thousands of fields', () => {
  const fields = (count: number) => ({ schema: TableSchema.fromFields(Array.from({ length: count }, (_, index) => ({ name: `f${index}` }))) });

  test.each<[string, Props, string]>([
    ['100,000', fields(100_000), 'memorySize must be at least 942 MiB for a schema of 100000 fields and jsonl output, got 512 MiB'],
    ['30,000 as Parquet, of which a row group is in memory', { ...fields(30_000), outputFormat: OutputFormat.parquet() },
      'memorySize must be at least 555 MiB for a schema of 30000 fields and parquet output, got 512 MiB'],
  ])('needs memory for them: %s', (_, props, message) => {
    expect(() => made({ ...props, memorySize: Size.mebibytes(512) })).toThrow(new Error(message));
  });

  test('the message names the prop of the step', () => {
    expect(() => made({ ...fields(100_000), steps: { planChunks: { memorySize: Size.mebibytes(600) } } }))
      .toThrow(new Error('steps.planChunks.memorySize must be at least 942 MiB for a schema of 100000 fields and jsonl output, got 600 MiB'));
  });

  test('takes more time as Parquet, which the time for a chunk is measured by', () => {
    expect(() => made({ ...fields(20_000), outputFormat: OutputFormat.parquet(), chunkSize: Size.gibibytes(1), timeout: Duration.minutes(5) }))
      .toThrow('timeout must be at least 6 minutes 43 seconds for a chunk of 1 GiB (chunkSize / (2.7 MB/s for parquet of 20000 columns x 1.00 vCPU of memorySize)), got 5 minutes');
  });

  test('of 5,000 is made with the least memory', () => {
    expect(() => made({ ...fields(5000), memorySize: Size.mebibytes(512), outputFormat: OutputFormat.parquet() })).not.toThrow();
  });
});

describe('the time for staging', () => {
  const inputFormat = InputFormat.csv({ maxDecodedSize: Size.gibibytes(16) });

  test('that maxDecodedSize does not leave is warned of', () => {
    expect(warnings({ inputFormat, memorySize: Size.mebibytes(512) })).toEqual([
      'maxDecodedSize is 16 GiB, and PlanChunks needs about 26 minutes 3 seconds for so much text (38 MB/s x 0.29 vCPU of memorySize); timeout is 15 minutes. '
      + 'To have no file that surely takes longer, raise steps.planChunks.memorySize (up to 1,769 MiB), or lower maxDecodedSize',
    ]);
    expect(warnings({ inputFormat })).toEqual([]);
  });
});

describe('the encryption key', () => {
  test('must not be of another region', () => {
    const message = 'encryptionKey must lie in the pipeline\'s region (eu-west-1), got one in us-east-1';
    expect(() => made((stack) => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1') }))).toThrow(new Error(message));
    const there = (stack: Stack) => new Stack(stack.node.root, 'There', { env: { ...ENV, region: 'us-east-1' } });
    expect(() => made((stack) => ({ encryptionKey: new kms.Key(there(stack), 'Key') }))).toThrow(new Error(message));
  });

  test('must not be an alias by its name, on which the CDK grants nothing', () => {
    expect(() => made((stack) => ({ encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/mine') }))).toThrow(new Error(
      'encryptionKey must be a key that the pipeline can be allowed to use, got the alias alias/mine by its name, on which the CDK grants nothing: '
      + 'import the key itself (Key.fromKeyArn, Key.fromLookup), or the alias with its key (Alias.fromAliasAttributes)'));
  });

  test.each([kms.KeySpec.RSA_2048, kms.KeySpec.HMAC_256])('must not be %s', (keySpec) => {
    const keyUsage = keySpec === kms.KeySpec.RSA_2048 ? kms.KeyUsage.ENCRYPT_DECRYPT : kms.KeyUsage.GENERATE_VERIFY_MAC;
    const message = `encryptionKey must be symmetric (SYMMETRIC_DEFAULT): S3 and DynamoDB encrypt with no other, got ${keySpec}`;
    expect(() => made((stack) => ({ encryptionKey: new kms.Key(stack, 'Key', { keySpec, keyUsage }) }))).toThrow(new Error(message));
    expect(() => made((stack) => ({ encryptionKey: new kms.Key(stack, 'Key', { keySpec, keyUsage }).addAlias('mine') }))).toThrow(new Error(message));
  });

  test.each<[string, (stack: Stack) => kms.IKey]>([
    ['a key of the stack', (stack) => new kms.Key(stack, 'Key')],
    ['its alias', (stack) => new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.SYMMETRIC_DEFAULT }).addAlias('mine')],
    ['an imported key', (stack) => kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:222222222222:key/1')],
  ])('may be %s', (_, encryptionKey) => {
    made((stack) => ({ encryptionKey: encryptionKey(stack) }));
  });
});

const warnings = (props: Props) => Annotations.fromStack(Stack.of(made(props)))
  .findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''));

test('props that are none are warned of: a construct of one\'s own may hand on its props with some of its own among them', () => {
  expect(warnings({ maxRejectPercentage: 1, team: 'data' } as Props)).toEqual([
    'the pipeline has no props of these names, and does nothing by them: maxRejectPercentage, team',
  ]);
});

describe('files of JSON in an encoding that is none of JSON', () => {
  const latin1 = InputFormat.bySuffix({ encoding: TextEncoding.ISO_8859_1 });

  test('throw where there are no others', () => {
    expect(() => made({ inputFormat: latin1, suffixes: ['.json.gz'] })).toThrow('all suffixes are those of JSON (.json.gz)');
    expect(() => made({ inputFormat: latin1, suffixes: ['.json', '.jsonl'] })).toThrow(new Error(
      'encoding must be utf-8, utf-16le or utf-16be where all suffixes are those of JSON (.json, .jsonl), which is Unicode (RFC 8259), got "iso-8859-1"'));
  });

  test('are warned of beside CSV', () => {
    expect(warnings({ inputFormat: latin1, suffixes: ['.csv', '.JSON'] })).toEqual([
      'encoding iso-8859-1 holds for the CSV files alone: files that end with .json must be UTF-8 or UTF-16 (RFC 8259), or their jobs fail',
    ]);
  });

  test('are warned of where every file starts a job', () => {
    expect(warnings({ inputFormat: latin1, suffixes: [] })).toEqual([
      'encoding iso-8859-1 holds for the CSV files alone: files that end with .json, .jsonl must be UTF-8 or UTF-16 (RFC 8259), or their jobs fail',
    ]);
  });

  test.each<[string, Props]>([
    ['where they are CSV in spite of their suffix', { inputFormat: InputFormat.csv({ encoding: TextEncoding.ISO_8859_1 }), suffixes: ['.json'] }],
    ['in UTF-16', { inputFormat: InputFormat.bySuffix({ encoding: TextEncoding.UTF_16LE }), suffixes: ['.json'] }],
    ['where there are none', { inputFormat: latin1, suffixes: ['.csv', '.csv.gz'] }],
  ])('are not %s', (_, props) => {
    expect(warnings(props)).toEqual([]);
  });
});

describe('a rule for jobs that ended', () => {
  test.each(['onJobFailed', 'onJobSucceeded'] as const)('%s without a target fails at synth', (method) => {
    const pipeline = made({});
    const rule = pipeline[method]('Tell');
    expect(() => Template.fromStack(Stack.of(pipeline))).toThrow('target must be given with Tell, or added to its rule (addTarget), got none: nobody would be told');
    rule.addTarget(new LambdaFunction(pipeline.closeJobFunction));
    Template.fromStack(Stack.of(pipeline));
  });
});

describe('tags', () => {
  const many = (count: number, prefix = 'Tag') => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x']));

  test.each<[string, Record<string, string>, string]>([
    ['are AWS\'s own', { 'aws:team': 'x' }, 'tags must have keys of 1 to 128 letters, digits, blanks and _ . : / = + - @ that do not begin with "aws:", got "aws:team"'],
    ['are AWS\'s own, in capitals', { 'AWS:team': 'x' }, 'that do not begin with "aws:", got "AWS:team"'],
    ['have no key', { '': 'x' }, 'tags must have keys of 1 to 128 letters'],
    ['have a long key', { ['k'.repeat(129)]: 'x' }, `got "${'k'.repeat(129)}"`],
    ['have a key that IAM refuses', { 'team#1': 'x' }, 'got "team#1"'],
    ['have a value that IAM refuses', { Team: 'a,b' }, 'tags.Team must be at most 256 letters, digits, blanks and _ . : / = + - @, got "a,b"'],
    ['have a long value', { Team: 'v'.repeat(257) }, 'tags.Team must be at most 256 letters'],
    ['differ in letter case alone', { Team: 'x', team: 'y' }, 'tags must have keys that differ in more than letter case (IAM refuses it), got "Team" and "team"'],
    ['are too many', many(51), 'tags must be at most 50, got 51'],
  ])('that %s throw', (_, tags, message) => {
    expect(() => made({ tags })).toThrow(message);
  });

  test('that are AWS\'s own throw where they are added later, too', () => {
    const pipeline = made({});
    Tags.of(pipeline).add('aws:team', 'x');
    expect(() => Template.fromStack(Stack.of(pipeline))).toThrow(/tags must have keys that do not begin with "aws:", which is for AWS alone, got "aws:team" on Stack\/Pipeline\//);
  });

  test('may be 50, of any script', () => {
    const stack = Stack.of(made({ tags: { ...many(49), 'Équipe/数据 1': 'Zürich @ 100 + x = y' } }));
    expect(Object.values<any>(Template.fromStack(stack).findResources('AWS::Lambda::Function'))[0].Properties.Tags).toHaveLength(50);
  });

  test.each<[string, (app: App, stack: Stack) => void]>([
    ['of the app', (app) => Object.keys(many(11, 'App')).forEach((key) => Tags.of(app).add(key, 'x'))],
    ['of the stack', (_, stack) => Object.keys(many(11, 'Stack')).forEach((key) => stack.tags.setTag(key, 'x'))],
  ])('count with those %s', (_, tag) => {
    const stack = Stack.of(made({ tags: many(40) }));
    tag(stack.node.root as App, stack);
    expect(() => Template.fromStack(stack)).toThrow(/tags must be at most 50 on each resource, with those that its stack, its app and the CDK add, got 51 on Stack\/Pipeline/);
  });

  test('of the app with the same keys count once', () => {
    const stack = Stack.of(made({ tags: many(50) }));
    Object.keys(many(11)).forEach((key) => Tags.of(stack.node.root).add(key, 'x'));
    Template.fromStack(stack);
  });
});
