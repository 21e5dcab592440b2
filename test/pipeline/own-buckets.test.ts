import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketProps, CfnBucket, IBucket, LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { CsvChunkPipeline, CsvChunkPipelineProps, OutputBucket } from '../../src';
import { newApp, SCHEMA, Synthesized } from '../synthesize';

const ENV = { account: '111111111111', region: 'eu-west-1' };

function stackWith(props: (stack: Stack) => Partial<CsvChunkPipelineProps>, change: () => void = () => {}): Stack {
  const stack = new Stack(newApp(), 'Stack', { env: ENV });
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...props(stack) });
  change();
  return stack;
}

function warnings(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''));
}

const imported = (attributes: { account?: string; region?: string }) => (stack: Stack): IBucket =>
  Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'mine', ...attributes });

describe('a bucket of another region', () => {
  test.each([
    ['sourceBucket', (bucket: IBucket) => ({ sourceBucket: bucket })],
    ['outputBucket', (bucket: IBucket) => ({ outputBucket: OutputBucket.existing(bucket) })],
  ])('as %s throws', (prop, propsOf) => {
    expect(() => stackWith((stack) => propsOf(imported({ region: 'us-east-1' })(stack)))).toThrow(new Error(
      `${prop} must lie in the pipeline's region (eu-west-1), got one in us-east-1`));
    expect(() => stackWith((stack) => propsOf(new Bucket(new Stack(stack.node.root, 'There', { env: { ...ENV, region: 'us-east-1' } }), 'Mine')))).toThrow(
      `${prop} must lie in the pipeline's region (eu-west-1), got one in us-east-1`);
  });
});

test('an imported bucket with a key of another region throws', () => {
  const withKey = (region: string) => (stack: Stack) => Bucket.fromBucketAttributes(stack, 'Mine', {
    bucketName: 'mine', encryptionKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${region}:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab`),
  });
  expect(() => stackWith((stack) => ({ sourceBucket: withKey('us-east-1')(stack) }))).toThrow(new Error(
    'sourceBucket must be encrypted with a key of the pipeline\'s region (eu-west-1), got one in us-east-1'));
  expect(() => stackWith((stack) => ({ outputBucket: OutputBucket.existing(withKey('us-east-1')(stack)) }))).toThrow('outputBucket must be encrypted with a key of');
  stackWith((stack) => ({ sourceBucket: withKey('eu-west-1')(stack) }));
});

describe('a source bucket of another account', () => {
  test('is warned of, with how its events come over', () => {
    expect(warnings(stackWith((stack) => ({ sourceBucket: imported({ account: '222222222222' })(stack) })))).toContainEqual(
      'sourceBucket must tell account 111111111111 of its objects, and as a bucket of account 222222222222 it tells that one\'s event bus: add a rule there for its '
      + '"Object Created" events with the default event bus of 111111111111 as the target, and let that bus take them (events:PutEvents); or files start no job until a '
      + 'sweep finds them (sweepInterval)');
  });

  test('is told what the functions need of its policy', () => {
    expect(warnings(stackWith((stack) => ({ sourceBucket: imported({ account: '222222222222' })(stack) })))).toContainEqual(
      expect.stringMatching(/^the policy of the imported bucket mine must allow .*"s3:GetObject","s3:GetObjectVersion".*PlanChunks\w*Role/));
  });
});

test('of an imported bucket of which nothing is known nothing is said', () => {
  expect(warnings(stackWith((stack) => ({ sourceBucket: imported({})(stack), outputBucket: OutputBucket.existing(Bucket.fromBucketName(stack, 'Out', 'out')) })))).toEqual([]);
});

describe('lifecycle rules', () => {
  const EXPIRE = { prefix: 'work/', expiration: Duration.days(4) };
  const ABORT = { abortIncompleteMultipartUploadAfter: Duration.days(4) };
  const NO_EXPIRY = (prop: string, days = 30) => `${prop} must have a lifecycle rule that expires objects under "work/", or work files are kept, and paid, for ever; `
    + `got none: addLifecycleRule({ prefix: 'work/', expiration: Duration.days(${days}) })`;
  const NO_ABORT = (prop: string, days = 7) => `${prop} must have a lifecycle rule that aborts incomplete uploads in the whole bucket, or parts that were never published `
    + `are kept, and paid, for ever; got none: addLifecycleRule({ abortIncompleteMultipartUploadAfter: Duration.days(${days}) })`;
  const bucket = (stack: Stack, id: string, lifecycleRules: LifecycleRule[], more: BucketProps = {}) =>
    new Bucket(stack, id, { eventBridgeEnabled: true, lifecycleRules, ...more });
  const ofSource = (...rules: LifecycleRule[]) => warnings(stackWith((stack) => ({ sourceBucket: bucket(stack, 'In', rules) })));
  const ofOutput = (...rules: LifecycleRule[]) => warnings(stackWith((stack) => ({ outputBucket: OutputBucket.existing(bucket(stack, 'Out', rules)) })));

  test('that are not there are warned of, with the rule to add', () => {
    expect(ofSource()).toEqual([NO_EXPIRY('sourceBucket'), NO_ABORT('sourceBucket')]);
    expect(ofOutput()).toEqual([NO_EXPIRY('outputBucket'), NO_ABORT('outputBucket')]);
  });

  test('of a source bucket beside an output bucket: only copies by parts', () => {
    const stack = stackWith((scope) => ({ sourceBucket: bucket(scope, 'In', []), outputBucket: OutputBucket.existing(Bucket.fromBucketName(scope, 'Out', 'out')) }));
    expect(warnings(stack)).toEqual([NO_ABORT('sourceBucket')]);
  });

  test('that are long enough for the longest job are', () => {
    const long = { workflowTimeout: Duration.days(30), resumeWindow: Duration.days(30) };
    const lifecycle = { abortIncompleteUploadsAfter: Duration.days(61), noncurrentVersionsExpireAfter: Duration.days(61) };
    expect(warnings(stackWith((stack) => ({ ...long, outputBucket: OutputBucket.existing(bucket(stack, 'Out', [])), lifecycle })))).toEqual([
      NO_EXPIRY('outputBucket', 61), NO_ABORT('outputBucket', 61),
    ]);
  });

  test.each<[string, LifecycleRule[]]>([
    ['both', [EXPIRE, ABORT]],
    ['one for both', [{ ...EXPIRE, ...ABORT, prefix: undefined }]],
    ['one for each prefix with uploads', [EXPIRE, ...['processed/', 'failed/', 'output/', 'quarantine/', 'work/'].map((prefix) => ({ ...ABORT, prefix }))]],
    ['others besides', [EXPIRE, ABORT, { prefix: 'processed/', transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(1) }] },
      { prefix: 'elsewhere/', expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }]],
  ])('that are there, %s, are not warned of', (_, rules) => {
    expect(ofSource(...rules)).toEqual([]);
    expect(ofOutput(...rules)).toEqual([]);
  });

  test.each<[string, LifecycleRule]>([
    ['is switched off', { ...EXPIRE, enabled: false }],
    ['is of tagged objects alone', { ...EXPIRE, tagFilters: { temporary: 'yes' } }],
    ['is of large objects alone', { ...EXPIRE, objectSizeGreaterThan: 1024 }],
    ['is of a part of the prefix', { ...EXPIRE, prefix: 'work/old/' }],
  ])('one that %s does not count', (_, rule) => {
    expect(ofOutput(rule, ABORT)).toEqual([NO_EXPIRY('outputBucket')]);
  });

  test('that act before a job can be resumed no more are warned of', () => {
    expect(ofOutput({ id: 'tmp', ...EXPIRE, expiration: Duration.days(3) }, { id: 'parts', abortIncompleteMultipartUploadAfter: Duration.days(1) })).toEqual([
      'outputBucket must expire objects under "work/" after more than workflowTimeout plus resumeWindow (3 days 2 hours), because a job that is resumed needs them, got '
      + '3 days by its lifecycle rule tmp',
      ...['output/', 'quarantine/', 'work/'].map((prefix) => `outputBucket must abort incomplete uploads under "${prefix}" after more than workflowTimeout plus resumeWindow `
        + '(3 days 2 hours), because a job that is resumed needs them, got 1 days by its lifecycle rule parts'),
    ]);
  });

  test('of a versioned bucket expire noncurrent versions of work files, too', () => {
    const ofVersioned = (...rules: LifecycleRule[]) => warnings(stackWith((stack) => (
      { outputBucket: OutputBucket.existing(bucket(stack, 'Out', rules, { versioned: true })) })));
    const OLD = 'noncurrentVersionExpiration: Duration.days(30)';
    const KEPT = 'outputBucket must have a lifecycle rule that expires noncurrent versions under "work/", or what expires there is kept, and paid, for ever; '
      + `got none: addLifecycleRule({ prefix: 'work/', ${OLD} })`;
    expect(ofVersioned(ABORT)).toEqual([NO_EXPIRY('outputBucket').replace(' })', `, ${OLD} })`)]);
    expect(ofVersioned(ABORT, EXPIRE)).toEqual([KEPT]);
    expect(ofVersioned(ABORT, EXPIRE, { noncurrentVersionExpiration: Duration.days(4), noncurrentVersionsToRetain: 1 })).toEqual([KEPT]);
    expect(ofVersioned(ABORT, { ...EXPIRE, noncurrentVersionExpiration: Duration.days(4) })).toEqual([]);
    expect(ofVersioned(ABORT, EXPIRE, { noncurrentVersionExpiration: Duration.days(4) })).toEqual([]);
  });

  const EARLY = (what: string, prefix: string, days: number) => `sourceBucket must ${what} under "${prefix}" after more than workflowTimeout plus resumeWindow (3 days 2 hours), `
    + `because a job that is resumed needs them, got ${days} days by its lifecycle rule mine`;
  const after = (storageClass: StorageClass, days: number) => ({ transitions: [{ storageClass, transitionAfter: Duration.days(days) }] });

  test.each<[string, LifecycleRule, string[]]>([
    ['expires what lands', { prefix: 'incoming/', expiration: Duration.days(1) }, [EARLY('expire objects', 'incoming/', 1)]],
    ['expires what is published', { prefix: 'output/', expiration: Duration.days(3) }, [EARLY('expire objects', 'output/', 3)]],
    ['expires what is published of one job', { prefix: 'output/x/', expiration: Duration.days(3) }, [EARLY('expire objects', 'output/', 3)]],
    ['expires noncurrent versions', { noncurrentVersionExpiration: Duration.days(2) },
      ['incoming/', 'output/', 'quarantine/', 'reports/', 'work/'].map((prefix) => EARLY('expire noncurrent versions', prefix, 2))],
    ['archives what lands', { prefix: 'incoming/', ...after(StorageClass.GLACIER, 1) }, [EARLY('move objects to GLACIER or DEEP_ARCHIVE', 'incoming/', 1)]],
    ['archives all at once', after(StorageClass.DEEP_ARCHIVE, 0),
      ['incoming/', 'reports/', 'work/'].map((prefix) => EARLY('move objects to GLACIER or DEEP_ARCHIVE', prefix, 0))],
    ['expires nothing too early', { prefix: 'incoming/', expiration: Duration.days(4), noncurrentVersionExpiration: Duration.days(4) }, []],
    ['archives what nobody reads', { prefix: 'output/', ...after(StorageClass.GLACIER, 1) }, []],
    ['moves to what is read at once', { prefix: 'incoming/', ...after(StorageClass.GLACIER_INSTANT_RETRIEVAL, 1) }, []],
  ])('one that %s is held as lifecycle holds it on the pipeline\'s own buckets', (_, rule, expected) => {
    const rules = [{ ...EXPIRE, noncurrentVersionExpiration: Duration.days(4) }, ABORT, { id: 'mine', ...rule }];
    expect(warnings(stackWith((stack) => ({ sourceBucket: bucket(stack, 'In', rules, { versioned: true }) })))).toEqual(expected);
  });

  test('of an output bucket do not matter for what lands', () => {
    expect(ofOutput(EXPIRE, ABORT, { prefix: 'incoming/', expiration: Duration.days(1) })).toEqual([]);
  });

  test('that are added later count, also on the resource itself', () => {
    let mine: Bucket;
    expect(warnings(stackWith((stack) => ({ outputBucket: OutputBucket.existing(mine = bucket(stack, 'Out', [])) }), () => {
      mine.addLifecycleRule(EXPIRE);
      mine.addLifecycleRule(ABORT);
    }))).toEqual([]);
    expect(warnings(stackWith((stack) => ({ outputBucket: OutputBucket.existing(mine = bucket(stack, 'Out', [])) }), () => {
      (mine.node.defaultChild as CfnBucket).addPropertyOverride('LifecycleConfiguration.Rules', [
        { Status: 'Enabled', ExpirationInDays: 10, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 10 } },
      ]);
    }))).toEqual([]);
  });

  test('of what an output bucket of one\'s own holds are not on the bucket that the pipeline makes', () => {
    const synthesized = new Synthesized(stackWith((stack) => ({
      outputBucket: OutputBucket.existing(Bucket.fromBucketName(stack, 'Out', 'out')), lifecycle: { failed: { expireAfter: Duration.days(9) } },
    })));
    expect(synthesized.one('AWS::S3::Bucket').Properties.LifecycleConfiguration.Rules.map(({ Id }: { Id: string }) => Id)).toEqual(
      ['processed', 'failed', 'leftovers']);
  });
});
