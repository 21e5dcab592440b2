import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { CsvChunkPipeline, OutputBucket, TableSchema } from '../src';
import { asText, newStack, SCHEMA, Synthesized, synthesize } from './synthesize';

describe('the bucket', () => {
  test('is versioned, encrypted, closed to the public and to clear text, and tells EventBridge of its objects', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
      },
    });
  });

  test('needs no custom resource', () => {
    expect(synthesize().entries('AWS::Lambda::Function')).toHaveLength(7);
  });

  test('of one\'s own is left as it is', () => {
    const stack = newStack();
    const mine = Bucket.fromBucketName(stack, 'Mine', 'mine');
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket: mine });
    const template = Template.fromStack(stack);
    for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Custom::S3BucketNotifications']) template.resourceCountIs(type, 0);
  });
});

describe('an output bucket of the pipeline\'s own', () => {
  const toGlacier = { transition: { storageClass: StorageClass.GLACIER, after: Duration.days(90) } };
  const synthesized = synthesize({
    outputBucket: OutputBucket.own(),
    lifecycle: { processed: toGlacier, output: toGlacier },
    environmentSuffix: 'dev',
    tags: { Project: 'ETL' },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const [source, output] = ['StorageBucket', 'OutputBucket'].map((id) => synthesized.one('AWS::S3::Bucket', id));

  test('is made as the first one is, but for its name, its rules, and its events, which start nothing', () => {
    const { BucketName, LifecycleConfiguration, NotificationConfiguration, ...others } = source.Properties;
    const { BucketName: outputName, LifecycleConfiguration: outputRules, ...likewise } = output.Properties;
    expect(likewise).toEqual(others);
    expect([output.DeletionPolicy, likewise.VersioningConfiguration]).toEqual([source.DeletionPolicy, { Status: 'Enabled' }]);
    expect([BucketName, outputName].map(asText)).toEqual([
      'bucket-pipeline-${AWS::AccountId}-${AWS::Region}-dev', 'bucket-pipeline-output-${AWS::AccountId}-${AWS::Region}-dev',
    ]);
    expect(NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
    for (const { Rules: rules } of [LifecycleConfiguration, outputRules]) {
      expect(rules).toContainEqual(expect.objectContaining({ Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 90 }] }));
    }
    expect([LifecycleConfiguration, outputRules].map(({ Rules: rules }) => rules.map(({ Id: id }: any) => id))).toEqual([
      ['processed', 'leftovers'], ['output', 'work', 'leftovers'],
    ]);
  });

  test('takes no clear text, and is emptied when it is removed', () => {
    for (const [type, count] of [['AWS::S3::BucketPolicy', 2], ['Custom::S3AutoDeleteObjects', 2]] as const) expect(synthesized.entries(type)).toHaveLength(count);
    for (const [, { Properties }] of synthesized.entries('AWS::S3::BucketPolicy')) {
      expect(JSON.stringify(Properties.PolicyDocument)).toContain('aws:SecureTransport');
    }
  });

  test('is where the pipeline writes', () => {
    const { Environment } = synthesized.one('AWS::Lambda::Function', 'FinalizeJobFunction').Properties;
    expect(asText(Environment.Variables.OUTPUT_BUCKET_NAME)).toMatch(/^\${PipelineStorageOutputBucket\w+}$/);
  });
});

test('the job table is on demand, encrypted and can be restored to any point in time', () => {
  synthesize().template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    SSESpecification: { SSEEnabled: true },
  });
});

test('every function has a role and a log group of its own, and is traced', () => {
  const functions = synthesize().entries('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
  expect(new Set(functions.map(({ Role }) => asText(Role))).size).toBe(7);
  expect(new Set(functions.map(({ LoggingConfig }) => asText(LoggingConfig.LogGroup))).size).toBe(7);
  for (const { TracingConfig } of functions) expect(TracingConfig).toEqual({ Mode: 'Active' });
});

/** What takes no tags. */
const UNTAGGABLE = /^(AWS::(IAM::Policy|Lambda::(Permission|Version|EventInvokeConfig)|S3::BucketPolicy|SQS::QueuePolicy)|Custom::S3AutoDeleteObjects)$/;

/** Each resource that takes tags, with its own. */
function tagsOf(synthesized: Synthesized): Array<[string, Record<string, string>]> {
  return Object.entries<any>(synthesized.template.toJSON().Resources)
    .filter(([, { Type }]) => !UNTAGGABLE.test(Type))
    .map(([id, { Properties }]) => {
      // A global table's are those of its replica.
      const { Tags: tags = [] } = Properties.Replicas?.[0] ?? Properties;
      return [id, Array.isArray(tags) ? Object.fromEntries(tags.map(({ Key: key, Value: value }: any) => [key, value])) : tags];
    });
}

describe('tags', () => {
  const destroy = { removalPolicy: RemovalPolicy.DESTROY };

  test('are on every resource, those of the helper that empties the bucket too', () => {
    const found = tagsOf(synthesize({ ...destroy, tags: { Project: 'ETL-Pipeline', Environment: 'Production' } }));
    expect(found.filter(([id]) => id.startsWith('CustomS3AutoDeleteObjects'))).toHaveLength(3);
    for (const [id, tags] of found) expect([id, tags]).toEqual([id, expect.objectContaining({ Project: 'ETL-Pipeline', Environment: 'Production' })]);
  });

  test('of the stack are on every resource too', () => {
    const found = tagsOf(synthesize(destroy, (pipeline) => Tags.of(Stack.of(pipeline)).add('Team', 'data')));
    for (const [id, tags] of found) expect([id, tags]).toEqual([id, expect.objectContaining({ Team: 'data' })]);
  });

  test('the one helper of two pipelines has those of both', () => {
    const stack = newStack();
    for (const id of ['One', 'Other']) new CsvChunkPipeline(stack, id, { ...destroy, schema: SCHEMA, tags: { [id]: 'yes' } });
    const helpers = tagsOf(new Synthesized(stack)).filter(([id]) => id.startsWith('CustomS3AutoDeleteObjects'));
    expect(helpers.map(([, tags]) => tags)).toEqual(Array(3).fill({ One: 'yes', Other: 'yes' }));
  });
});

// CloudFormation calls it asynchronously.
test('the helper that empties the bucket has the dead-letter queue, and no more rights than it needs', () => {
  const synthesized = synthesize({ removalPolicy: RemovalPolicy.DESTROY });
  const { DeadLetterConfig } = synthesized.one('AWS::Lambda::Function', 'CustomS3AutoDeleteObjects').Properties;
  expect(asText(DeadLetterConfig.TargetArn)).toMatch(/DeadLetters\w+\.Arn/);
  const { Policies, ManagedPolicyArns } = synthesized.one('AWS::IAM::Role', 'CustomS3AutoDeleteObjects').Properties;
  expect(ManagedPolicyArns).toBeUndefined();
  const statements = Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement);
  expect(statements.map(({ Action, Resource }: any) => [Action, asText(Resource)])).toEqual([
    [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.stringMatching(/ProviderLogs\w+\.Arn}$/)],
    [['sqs:SendMessage'], expect.stringMatching(/DeadLetters\w+\.Arn}$/)],
  ]);
});

test('events that cannot be delivered, or that a function fails on, are kept', () => {
  const synthesized = synthesize();
  for (const [, { Properties }] of synthesized.entries('AWS::Events::Rule')) {
    for (const { DeadLetterConfig } of Properties.Targets) expect(asText(DeadLetterConfig.Arn)).toMatch(/DeadLetters\w+\.Arn/);
  }
  for (const [, { Properties }] of synthesized.entries('AWS::Lambda::Function')) {
    expect(asText(Properties.DeadLetterConfig.TargetArn)).toMatch(/DeadLetters\w+\.Arn/);
  }
  expect(synthesized.one('AWS::SQS::Queue').Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
});

test('no file starts the workflow before it may start the Map', () => {
  const synthesized = synthesize();
  const rules = synthesized.entries('AWS::Events::Rule').filter(([id]) => id.includes('IntakeRule'));
  expect(rules).toHaveLength(2);
  for (const [, { DependsOn }] of rules) expect(DependsOn).toContainEqual(expect.stringContaining('DistributedMapPolicy'));
});

describe('two pipelines in one stack', () => {
  const stack = newStack();
  const shared = { environmentSuffix: 'dev', removalPolicy: RemovalPolicy.DESTROY };
  new CsvChunkPipeline(stack, 'Orders', { ...shared, schema: TableSchema.fromFields([{ name: 'order' }]) });
  new CsvChunkPipeline(stack, 'Refunds', { ...shared, schema: TableSchema.fromFields([{ name: 'refund' }]) });
  const synthesized = new Synthesized(stack);

  // Assets are cached by where they come from: a handler must not end up with the other pipeline's contract.
  test.each(['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob', 'SweepJobs'])('%s has its own contract', (step) => {
    expect(synthesized.contract(`Orders${step}Function`)).toMatchObject({ pipelineId: 'Stack/Orders-dev', schema: { fields: [{ name: 'order' }] } });
    expect(synthesized.contract(`Refunds${step}Function`)).toMatchObject({ pipelineId: 'Stack/Refunds-dev', schema: { fields: [{ name: 'refund' }] } });
  });

  test('have no name in common', () => {
    for (const [type, key] of [['AWS::Lambda::Function', 'FunctionName'], ['AWS::DynamoDB::GlobalTable', 'TableName'], ['AWS::IAM::Role', 'RoleName'],
      ['AWS::Events::Rule', 'Name'], ['AWS::Logs::LogGroup', 'LogGroupName'], ['AWS::SQS::Queue', 'QueueName']]) {
      const names = synthesized.entries(type).map(([, { Properties }]) => Properties[key] && asText(Properties[key])).filter(Boolean);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('the same settings', () => {
  test('give the same code, also when the options come in another order (as they do from Python)', () => {
    const hashes = (schema: TableSchema) => synthesize({ schema }).entries('AWS::Lambda::Function').map(([, { Properties }]) => Properties.Code.S3Key);
    const one = TableSchema.fromFields([{ name: 'a', description: 'd', constraints: { required: true, minLength: 1 } }]);
    const other = TableSchema.fromFields([{ constraints: { minLength: 1, required: true }, description: 'd', name: 'a' }]);
    expect(hashes(one)).toEqual(hashes(other));
  });
});

describe('grants', () => {
  const grants = [
    ['grantUpload', ['s3:PutObject', 's3:AbortMultipartUpload'], 'incoming/*'],
    ['grantRead', 's3:GetObject', 'output/*'],
    ['grantReadQuarantine', 's3:GetObject', 'quarantine/*'],
    ['grantReadReports', 's3:GetObject', 'reports/*'],
  ] as const;

  test.each(grants)('%s', (method, Action, keys) => {
    const stack = newStack();
    const user = new iam.User(stack, 'User');
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA })[method](user);
    const statements = new Synthesized(stack).one('AWS::IAM::Policy', 'UserDefaultPolicy').Properties.PolicyDocument.Statement;
    expect(statements[0]).toMatchObject({ Effect: 'Allow', Action });
    expect(asText(statements[0].Resource)).toMatch(new RegExp(`/${keys.replace('*', '\\*')}$`));
    if (method !== 'grantUpload') {
      expect(statements[1]).toMatchObject({ Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': [keys] } } });
    }
  });

  test('grantReadManifests: the lists of what was published, by their keys alone; grantReadSource: files, wherever they lie', () => {
    const stack = newStack();
    const [one, other] = [new iam.User(stack, 'One'), new iam.User(stack, 'Other')];
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    pipeline.grantReadManifests(one);
    pipeline.grantReadSource(other);
    const synthesized = new Synthesized(stack);
    const statementsOf = (id: string) => synthesized.one('AWS::IAM::Policy', `${id}DefaultPolicy`).Properties.PolicyDocument.Statement;
    expect(statementsOf('One')).toHaveLength(1);
    expect(statementsOf('One')[0].Action).toBe('s3:GetObject');
    expect(asText(statementsOf('One')[0].Resource)).toMatch(/\/output\/\*\/_manifest\.json\*$/);
    expect(statementsOf('Other').map(({ Action }: any) => Action)).toEqual([['s3:GetObject', 's3:GetObjectVersion'], 's3:ListBucket']);
  });

  test('readers also see what is published under a former prefix, but files that land under a former one start nothing', () => {
    const statements = (grant: 'grantRead' | 'grantUpload') => {
      const stack = newStack();
      const user = new iam.User(stack, 'User');
      new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, formerPrefixes: [{ output: 'published/', incoming: 'in/' }] })[grant](user);
      return new Synthesized(stack).one('AWS::IAM::Policy', 'UserDefaultPolicy').Properties.PolicyDocument.Statement;
    };
    const [objects, list] = statements('grantRead');
    expect(objects.Resource.map(asText)).toEqual([expect.stringMatching(/\/output\/\*$/), expect.stringMatching(/\/published\/\*$/)]);
    expect(list.Condition).toEqual({ StringLike: { 's3:prefix': ['output/*', 'published/*'] } });
    expect(asText(statements('grantUpload')[0].Resource)).toMatch(/\/incoming\/\*$/);
  });

  test('grantRead on an encrypted bucket includes the key', () => {
    const stack = newStack();
    const user = new iam.User(stack, 'User');
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey: new Key(stack, 'Key') }).grantRead(user);
    expect(JSON.stringify(new Synthesized(stack).one('AWS::IAM::Policy', 'UserDefaultPolicy'))).toContain('"kms:Decrypt"');
  });

  test('grantReadJobs allows the table and the index by status, and with a key of one\'s own what that takes', () => {
    const stack = newStack();
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey: new Key(stack, 'Key') }).grantReadJobs(new iam.User(stack, 'User'));
    const statements = new Synthesized(stack).one('AWS::IAM::Policy', 'UserDefaultPolicy').Properties.PolicyDocument.Statement;
    expect(statements.map(({ Action, Resource }: any) => [Action, asText(Resource)])).toEqual([
      [['dynamodb:GetItem', 'dynamodb:Query'], expect.stringMatching(/JobTable\w+\.Arn}$/)],
      ['dynamodb:Query', expect.stringMatching(/JobTable\w+\.Arn}\/index\/TimestampIndex$/)],
      ['kms:Decrypt', expect.stringMatching(/^\${Key\w+\.Arn}$/)],
    ]);
  });

  test('grantStart', () => {
    const stack = newStack();
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }).grantStart(new iam.User(stack, 'User'));
    expect(new Synthesized(stack).one('AWS::IAM::Policy', 'UserDefaultPolicy').Properties.PolicyDocument.Statement)
      .toMatchObject([{ Action: 'states:StartExecution', Effect: 'Allow' }]);
  });
});

test('exposes what it makes', () => {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  expect(pipeline.outputBucket).toBe(pipeline.sourceBucket);
  for (const made of [pipeline.sourceBucket, pipeline.jobTable, pipeline.stateMachine, ...pipeline.startRules, pipeline.deadLetterQueue,
    pipeline.validateFileFunction, pipeline.planChunksFunction, pipeline.processChunkFunction, pipeline.finalizeJobFunction,
    pipeline.moveSourceFunction, pipeline.closeJobFunction, pipeline.sweepJobsFunction]) {
    expect(made.stack).toBe(stack);
  }
  expect(Object.keys(pipeline.functions)).toEqual(['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob', 'SweepJobs']);
});
