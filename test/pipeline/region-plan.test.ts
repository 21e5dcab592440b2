/** The primary and its standby, in two regions of one app. */
import { Duration, Lazy, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { CsvChunkPipeline, CsvChunkPipelineProps, DisasterRecovery, Intake, NamedResource, OutputBucket } from '../../src';
import { asText, newApp, SCHEMA, Synthesized } from '../synthesize';

const ACCOUNT = '111111111111';
const PRIMARY = 'us-east-1';
const STANDBY = 'eu-west-1';
const BUCKETS = { [PRIMARY]: `bucket-tap-${ACCOUNT}-${PRIMARY}-qa`, [STANDBY]: `bucket-tap-${ACCOUNT}-${STANDBY}-qa` };
const PIPELINE_ID = 'TapStack/Tap-qa';

function pipelineIn(env: StackProps['env'], props: Partial<CsvChunkPipelineProps> | ((stack: Stack) => Partial<CsvChunkPipelineProps>), id = 'Tap') {
  const stack = new Stack(newApp(), 'Stack', { stackName: 'TapStack', env });
  const pipeline = new CsvChunkPipeline(stack, id, { schema: SCHEMA, environmentSuffix: 'qa', ...typeof props === 'function' ? props(stack) : props });
  return { pipeline, stack, synthesized: new Synthesized(stack) };
}

const asPrimary = { disasterRecovery: DisasterRecovery.primary({ standbyRegion: STANDBY }) };
const standby = (options = {}) => ({
  disasterRecovery: DisasterRecovery.standby({ primaryRegion: PRIMARY, pipelineId: PIPELINE_ID, ...options }), intake: Intake.manual(),
});
const inPrimary = (props: Parameters<typeof pipelineIn>[1] = asPrimary) => pipelineIn({ account: ACCOUNT, region: PRIMARY }, props);
const inStandby = (props: Parameters<typeof pipelineIn>[1] = standby()) => pipelineIn({ account: ACCOUNT, region: STANDBY }, props);

const functions = ({ synthesized }: ReturnType<typeof inPrimary>) => synthesized.entries('AWS::Lambda::Function')
  .filter(([id]) => id.startsWith('Tap')).map(([id, { Properties }]) => [id.replace(/^Tap(\w+)Function.*$/, '$1'), Properties.Environment.Variables] as const);

describe('the job table', () => {
  test('of the primary has a replica in the standby\'s region, which can be restored too', () => {
    const { Properties } = inPrimary().synthesized.one('AWS::DynamoDB::GlobalTable');
    const restorable = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
    expect(Properties.Replicas).toEqual([{ Region: PRIMARY, ...restorable }, { Region: STANDBY, ...restorable }]);
    expect(Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });

  test('is the same table but for its replicas where there is one region: a standby that comes later replaces nothing', () => {
    const { Replicas, StreamSpecification, ...alone } = inPrimary({}).synthesized.one('AWS::DynamoDB::GlobalTable').Properties;
    const { Replicas: _, StreamSpecification: __, ...primary } = inPrimary().synthesized.one('AWS::DynamoDB::GlobalTable').Properties;
    expect(primary).toEqual(alone);
    expect([Replicas.length, StreamSpecification]).toEqual([1, undefined]);
    const logicalId = (of: ReturnType<typeof inPrimary>) => of.synthesized.entries('AWS::DynamoDB::GlobalTable')[0][0];
    expect(logicalId(inPrimary())).toBe(logicalId(inPrimary({})));
  });

  test('of the standby is that replica', () => {
    const { pipeline, synthesized } = inStandby();
    expect(synthesized.entries('AWS::DynamoDB::GlobalTable')).toEqual([]);
    expect(pipeline.jobTable.tableName).toBe('table-tap-jobs-qa');
    for (const [, variables] of functions(inStandby())) expect(variables.JOB_TABLE_NAME).toBe('table-tap-jobs-qa');
  });

  test('has the tags of the pipeline on each replica', () => {
    const { Replicas } = inPrimary({ ...asPrimary, tags: { Team: 'etl' } }).synthesized.one('AWS::DynamoDB::GlobalTable').Properties;
    expect(Replicas.map(({ Tags }: any) => Tags)).toEqual([[{ Key: 'Team', Value: 'etl' }], [{ Key: 'Team', Value: 'etl' }]]);
  });
});

test('the standby has the primary\'s id, and so the same contract: it knows the same jobs', () => {
  expect(inPrimary().pipeline.pipelineId).toBe(PIPELINE_ID);
  expect(inStandby().pipeline.pipelineId).toBe(PIPELINE_ID);
  expect(inStandby().synthesized.contract()).toEqual(inPrimary().synthesized.contract());
});

test.each([
  ['primary', inPrimary, PRIMARY],
  ['standby', inStandby, STANDBY],
] as const)('every function of the %s knows both regions and its own bucket', (_, make, own) => {
  const found = functions(make());
  expect(found.map(([name]) => name).sort()).toEqual(['CloseJob', 'FinalizeJob', 'MoveSource', 'PlanChunks', 'ProcessChunk', 'SweepJobs', 'ValidateFile']);
  for (const [, variables] of found) expect(variables).toMatchObject({ OWN_REGION: own, PRIMARY_REGION: PRIMARY, OWN_BUCKET_NAME: BUCKETS[own] });
});

test('nothing of this is there in one region', () => {
  for (const [, variables] of functions(inPrimary({}))) expect(Object.keys(variables).filter((name) => /REGION|OWN/.test(name))).toEqual([]);
  expect(inPrimary({}).synthesized.one('AWS::S3::Bucket').Properties.ReplicationConfiguration).toBeUndefined();
  expect(inPrimary({ disasterRecovery: DisasterRecovery.none() }).synthesized.template.toJSON()).toEqual(inPrimary({}).synthesized.template.toJSON());
});

describe('the bucket', () => {
  const rulesOf = ({ synthesized }: ReturnType<typeof inPrimary>) => synthesized.one('AWS::S3::Bucket').Properties.ReplicationConfiguration?.Rules;

  test.each([
    ['primary', () => inPrimary(), PRIMARY, STANDBY],
    ['standby that has a way back', () => inStandby(standby({ replicateBack: true })), STANDBY, PRIMARY],
  ] as const)('of the %s is replicated to the other one: all but the work files, with metrics, and no deletion', (_, make, own, other) => {
    const made = make();
    const rules = rulesOf(made);
    expect(made.synthesized.one('AWS::S3::Bucket').Properties).toMatchObject({ BucketName: BUCKETS[own], VersioningConfiguration: { Status: 'Enabled' } });
    expect(rules.map(({ Filter }: any) => Filter.Prefix)).toEqual(['incoming/', 'processed/', 'failed/', 'output/', 'quarantine/', 'reports/']);
    expect(rules.map(({ Id, Priority }: any) => [Id, Priority])[0]).toEqual([`to-${other}-incoming`, 1]);
    expect(new Set(rules.map(({ Priority }: any) => Priority)).size).toBe(6);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        Status: 'Enabled',
        DeleteMarkerReplication: { Status: 'Disabled' },
        Destination: { Metrics: { Status: 'Enabled' }, ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } } },
      });
      expect(asText(rule.Destination.Bucket)).toBe(`arn:\${AWS::Partition}:s3:::${BUCKETS[other]}`);
    }
  });

  test('of the standby is not replicated at first: the primary\'s is not there yet', () => {
    expect(rulesOf(inStandby())).toBeUndefined();
  });

  test.each([['primary', inPrimary], ['standby', inStandby]] as const)('of the %s expires what replication has left under incoming/', (_, make) => {
    expect(make().synthesized.lifecycleRule('incoming')).toEqual({ Id: 'incoming', Prefix: 'incoming/', ExpirationInDays: 30, Status: 'Enabled' });
  });

  test('keeps what lies under incoming/ as long as the user says, or a job can take', () => {
    const days = (props: Partial<CsvChunkPipelineProps>) => inPrimary({ ...asPrimary, ...props }).synthesized.lifecycleRule('incoming').ExpirationInDays;
    expect(days({ lifecycle: { incoming: { expireAfter: Duration.days(60) } } })).toBe(60);
    const [resumeWindow, later] = [Duration.days(40), { expireAfter: Duration.days(50) }];
    const lifecycle = { work: later, abortIncompleteUploadsAfter: Duration.days(50), noncurrentVersionsExpireAfter: Duration.days(50) };
    expect(days({ resumeWindow, lifecycle })).toBe(41);
  });

  test('says that the days are the default where a transition of the user\'s own is later', () => {
    const transition = { storageClass: StorageClass.GLACIER, after: Duration.days(60) };
    expect(() => inPrimary({ ...asPrimary, lifecycle: { incoming: { transition } } })).toThrow(new Error(
      'lifecycle.incoming.expireAfter must be given, longer than lifecycle.incoming.transition.after (60 days), because with disasterRecovery it is 30 days by default, got none'));
    inPrimary({ ...asPrimary, lifecycle: { incoming: { transition, expireAfter: Duration.days(61) } } });
  });

  test('has rules with ids of their own, whatever the prefixes', () => {
    const prefixes = { incoming: 'a/b/', processed: 'a-b/', failed: '失敗/', output: '出力/', quarantine: `${'q'.repeat(500)}/` };
    const ids = rulesOf(inPrimary({ ...asPrimary, prefixes, formerPrefixes: [{}] })).map(({ Id }: any) => Id);
    expect(ids).toEqual([
      ...['incoming', 'processed', 'failed', 'output', 'quarantine'].flatMap((name) => [`to-${STANDBY}-${name}`, `to-${STANDBY}-${name}-1`]), `to-${STANDBY}-reports`,
    ]);
  });

  test('is replicated under former prefixes too', () => {
    const prefixes = rulesOf(inPrimary({ ...asPrimary, prefixes: { output: 'out/' }, formerPrefixes: [{}] })).map(({ Filter }: any) => Filter.Prefix);
    expect(prefixes).toEqual(['incoming/', 'processed/', 'failed/', 'out/', 'output/', 'quarantine/', 'reports/']);
  });
});

describe('two buckets', () => {
  const own = { outputBucket: OutputBucket.own() };
  const NAMES = [`bucket-tap-${ACCOUNT}`, `bucket-tap-output-${ACCOUNT}`];

  test.each([
    ['primary', () => inPrimary({ ...asPrimary, ...own }), PRIMARY, STANDBY],
    ['standby that has a way back', () => inStandby({ ...standby({ replicateBack: true }), ...own }), STANDBY, PRIMARY],
  ] as const)('of the %s are replicated each to its own in the other region, by a role of its own', (_, make, here, there) => {
    const made = make();
    const buckets = made.synthesized.entries('AWS::S3::Bucket').map(([, { Properties }]) => Properties);
    const found = buckets.map(({ BucketName, ReplicationConfiguration: { Rules } }) => [
      BucketName, Rules.map(({ Filter }: any) => Filter.Prefix), [...new Set(Rules.map(({ Destination }: any) => asText(Destination.Bucket)))],
    ]);
    expect(found).toEqual([
      [`${NAMES[0]}-${here}-qa`, ['incoming/', 'processed/', 'failed/'], [`arn:\${AWS::Partition}:s3:::${NAMES[0]}-${there}-qa`]],
      [`${NAMES[1]}-${here}-qa`, ['output/', 'quarantine/', 'reports/'], [`arn:\${AWS::Partition}:s3:::${NAMES[1]}-${there}-qa`]],
    ]);
    const roles = made.synthesized.entries('AWS::IAM::Role').filter(([id]) => id.includes('Replication')).map(([, { Properties }]) => Properties.RoleName);
    expect(roles).toEqual([`role-tap-replication-${here}-qa`, `role-tap-output-replication-${here}-qa`]);
    expect(statements(made, 'OutputReplicationRole')).toEqual([
      `s3:GetReplicationConfiguration, s3:ListBucket | ${NAMES[1]}-${here}-qa`,
      ...['output', 'quarantine', 'reports'].flatMap((prefix) => [
        `s3:GetObjectVersionAcl, s3:GetObjectVersionForReplication, s3:GetObjectVersionTagging | ${NAMES[1]}-${here}-qa/${prefix}/*`,
        `s3:ReplicateObject, s3:ReplicateTags | ${NAMES[1]}-${there}-qa/${prefix}/*`,
      ]),
    ].sort());
  });

  test('the sweep sees by the second one what was published', () => {
    const inOutput = (line: string) => /TapStorageOutputBucket/.test(line) && !/Abort|ListBucketMultipartUploads/.test(line);
    expect(statements(inStandby({ ...standby(), ...own }), 'SweepJobsRole').filter(inOutput).map((line) => line.replace(/\${\w+\.Arn}/, '{output}'))).toEqual([
      's3:GetObject | {output}/output/*', 's3:GetObject | {output}/quarantine/*', 's3:GetObject | {output}/reports/*', 's3:ListBucket | {output}',
    ]);
  });

  test('what expires under incoming/ is a rule of the first one alone', () => {
    const ids = inPrimary({ ...asPrimary, ...own }).synthesized.entries('AWS::S3::Bucket')
      .map(([, { Properties }]) => Properties.LifecycleConfiguration.Rules.map(({ Id }: any) => Id));
    expect(ids).toEqual([['incoming', 'processed', 'leftovers'], ['work', 'leftovers']]);
  });
});

describe('names by a rule of the user\'s own', () => {
  const naming = (nameOf: (resource: NamedResource) => string | undefined) => (
    { environmentSuffix: undefined, resourceNaming: { resourceName: nameOf } }
  );
  const byPlace = naming(({ resourceType, part, account, region }) => (
    `acme-${resourceType}-${part}-${resourceType === 'bucket' ? `${account}-` : ''}${region}`
  ));
  const ruled = { ...standby({ pipelineId: 'TapStack/Tap', replicateBack: true }), ...byPlace };

  test('the standby knows the table by the name that the primary gives it, and each the bucket of the other', () => {
    const [one, two] = [inPrimary({ ...asPrimary, ...byPlace }), inStandby(ruled)];
    expect(one.synthesized.one('AWS::DynamoDB::GlobalTable').Properties.TableName).toBe(`acme-table-jobs-${PRIMARY}`);
    expect(two.pipeline.jobTable.tableName).toBe(`acme-table-jobs-${PRIMARY}`);
    const destination = ({ synthesized }: typeof one) => asText(synthesized.one('AWS::S3::Bucket').Properties.ReplicationConfiguration.Rules[0].Destination.Bucket);
    for (const [made, here, there] of [[one, PRIMARY, STANDBY], [two, STANDBY, PRIMARY]] as const) {
      expect(made.synthesized.one('AWS::S3::Bucket').Properties.BucketName).toBe(`acme-bucket-data-${ACCOUNT}-${here}`);
      expect(destination(made)).toBe(`arn:\${AWS::Partition}:s3:::acme-bucket-data-${ACCOUNT}-${there}`);
    }
  });

  test.each<[string, Partial<CsvChunkPipelineProps>, string]>([
    ['leaves the table to CloudFormation', naming(({ resourceType, defaultName }) => resourceType === 'table' ? undefined : defaultName),
      'resourceNaming must name the table "jobs" with disasterRecovery, because the other region must know its name, got none'],
    ['leaves a bucket to CloudFormation', naming(({ part, defaultName }) => part === 'output' ? undefined : defaultName),
      'resourceNaming must name the bucket "output" with disasterRecovery, because the other region must know its name, got none'],
    ['does not ask for the region', naming(({ resourceType, part }) => `${resourceType}-${part}`),
      'resourceNaming must name the bucket "data" otherwise in eu-west-1 than in us-east-1, because bucket names are shared by all regions, got "bucket-data" for both'],
    ['asks for the region in the names of buckets alone', naming(({ resourceType, part, region }) => (
      resourceType === 'bucket' ? `${resourceType}-${part}-${region}` : `${resourceType}-${part}`
    )), 'resourceNaming must name the role "replication" otherwise in eu-west-1 than in us-east-1, because role names are shared by all regions, got '
      + '"role-replication" for both'],
    ['forgets the region in the name of one role', naming(({ part, defaultName }) => part === 'sweep-jobs' ? `acme-${part}` : defaultName),
      'resourceNaming must name the role "sweep-jobs" otherwise in eu-west-1 than in us-east-1, because role names are shared by all regions, got "acme-sweep-jobs" for both'],
  ])('one that %s is refused', (_, props, message) => {
    expect(() => inPrimary({ ...asPrimary, outputBucket: OutputBucket.own(), ...props })).toThrow(message);
  });

  test('roles may be left to CloudFormation, and are named for what stands around the pipeline as for its own', () => {
    inPrimary({ ...asPrimary, ...naming(({ resourceType, defaultName }) => resourceType === 'role' ? undefined : defaultName) });
    const { pipeline } = inPrimary({ ...asPrimary, ...naming(({ part, defaultName }) => part === 'mine' ? 'acme-mine' : defaultName) });
    expect(() => pipeline.resourceName('role', 'mine')).toThrow('resourceNaming must name the role "mine" otherwise in eu-west-1 than in us-east-1');
    expect(pipeline.resourceName('queue', 'mine')).toBe('acme-mine');
  });
});

describe('with keys', () => {
  const key = (stack: Stack, id: string, region: string) => Key.fromKeyArn(stack, id, `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`);
  const made = () => inPrimary((stack) => ({
    encryptionKey: key(stack, 'Own', PRIMARY), disasterRecovery: DisasterRecovery.primary({ standbyRegion: STANDBY, standbyEncryptionKey: key(stack, 'Other', STANDBY) }),
  }));

  test('each replica of the table has that of its region', () => {
    const { Replicas } = made().synthesized.one('AWS::DynamoDB::GlobalTable').Properties;
    expect(Replicas.map(({ SSESpecification }: any) => SSESpecification.KMSMasterKeyId)).toEqual(
      [`arn:aws:kms:${PRIMARY}:${ACCOUNT}:key/Own`, `arn:aws:kms:${STANDBY}:${ACCOUNT}:key/Other`]);
  });

  test('what is replicated is encrypted with that of the other region', () => {
    for (const rule of made().synthesized.one('AWS::S3::Bucket').Properties.ReplicationConfiguration.Rules) {
      expect(rule.SourceSelectionCriteria).toEqual({ SseKmsEncryptedObjects: { Status: 'Enabled' } });
      expect(rule.Destination.EncryptionConfiguration).toEqual({ ReplicaKmsKeyID: `arn:aws:kms:${STANDBY}:${ACCOUNT}:key/Other` });
    }
  });

  test('the role of the replication decrypts with the one and encrypts with the other', () => {
    expect(statements(made(), 'ReplicationRole').filter((line) => line.startsWith('kms:'))).toEqual([
      `kms:Decrypt | arn:aws:kms:${PRIMARY}:${ACCOUNT}:key/Own`, `kms:Encrypt | arn:aws:kms:${STANDBY}:${ACCOUNT}:key/Other`,
    ]);
  });

  test('the standby takes its own, and gives back what the primary encrypts with its', () => {
    const back = inStandby((stack) => ({
      ...standby({ replicateBack: true, primaryEncryptionKey: key(stack, 'Other', PRIMARY) }), encryptionKey: key(stack, 'Own', STANDBY),
    }));
    const [rule] = back.synthesized.one('AWS::S3::Bucket').Properties.ReplicationConfiguration.Rules;
    expect(rule.Destination.EncryptionConfiguration).toEqual({ ReplicaKmsKeyID: `arn:aws:kms:${PRIMARY}:${ACCOUNT}:key/Other` });
    const ownKey = `arn:aws:kms:${STANDBY}:${ACCOUNT}:key/Own`;
    expect(statements(back, 'ValidateFileRole')).toContain(`kms:Decrypt, kms:Encrypt, kms:GenerateDataKey*, kms:ReEncrypt* | ${ownKey}`);
  });
});

const asList = <T>(value: T | T[]): T[] => Array.isArray(value) ? value : [value];

function statements({ synthesized }: ReturnType<typeof inPrimary>, role: string): string[] {
  return synthesized.entries('AWS::IAM::Policy').filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: any) => Ref.includes(role)))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) => asList(Resource).map((resource) => `${asList(Action).sort().join(', ')} | ${asText(resource)
      .replace('arn:${AWS::Partition}:s3:::', '').replace(/\${TapJobTable\w+\.Arn}|arn:\S*:table\/table-tap-jobs-qa/, '{table}')
      .replace(/\${TapStorageBucket\w+\.Arn}/, '{bucket}')}`))
    .sort();
}

describe('rights', () => {
  const PREFIXES = ['incoming', 'processed', 'failed', 'output', 'quarantine', 'reports'];

  test('S3 may read what it replicates, and write it to the other bucket, and nothing else', () => {
    expect(statements(inPrimary(), 'ReplicationRole')).toEqual([
      `s3:GetReplicationConfiguration, s3:ListBucket | ${BUCKETS[PRIMARY]}`,
      ...PREFIXES.map((prefix) => `s3:GetObjectVersionAcl, s3:GetObjectVersionForReplication, s3:GetObjectVersionTagging | ${BUCKETS[PRIMARY]}/${prefix}/*`),
      ...PREFIXES.map((prefix) => `s3:ReplicateObject, s3:ReplicateTags | ${BUCKETS[STANDBY]}/${prefix}/*`),
    ].sort());
    expect(inPrimary().synthesized.one('AWS::IAM::Role', 'ReplicationRole').Properties).toMatchObject({
      RoleName: `role-tap-replication-${PRIMARY}-qa`,
      AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 's3.amazonaws.com' } }] },
    });
    expect(inStandby().synthesized.entries('AWS::IAM::Role').filter(([id]) => id.includes('Replication'))).toEqual([]);
  });

  test.each([['primary', inPrimary], ['standby', inStandby]] as const)('every step of the %s may check the fence, beside what it may in one region', (_, make) => {
    const alone = inPrimary({});
    for (const step of ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob']) {
      const ofTable = (of: ReturnType<typeof inPrimary>) => statements(of, `${step}Role`).filter((line) => !/logs:|states:|sqs:|events:/.test(line));
      expect(ofTable(make())).toEqual(ofTable(alone).map((line) => line.replace(/^dynamodb:GetItem,/, 'dynamodb:ConditionCheckItem, dynamodb:GetItem,')));
    }
  });

  test('the sweep may look where files of the other region are, and what was published of them', () => {
    const ofS3 = (of: ReturnType<typeof inPrimary>) => statements(of, 'SweepJobsRole').filter((line) => line.startsWith('s3:'));
    const before = ofS3(inPrimary({}));
    for (const make of [inPrimary, inStandby]) {
      expect(ofS3(make()).filter((line) => !before.includes(line))).toEqual([
        ...['output', 'quarantine', 'reports'].map((prefix) => `s3:GetObject | {bucket}/${prefix}/*`),
        ...['failed', 'incoming', 'processed'].map((prefix) => `s3:GetObject, s3:GetObjectVersion | {bucket}/${prefix}/*`),
        's3:ListBucket | {bucket}',
      ]);
    }
  });
});

test('a file that lands in the standby\'s bucket starts nothing by an event', () => {
  expect(inStandby().pipeline.startRules).toEqual([]);
});

describe('what cannot work is refused', () => {
  const refused = (make: () => unknown, message: string) => expect(make).toThrow(message);

  test.each<[string, StackProps['env'], Partial<CsvChunkPipelineProps>, string]>([
    ['a stack that can be deployed anywhere', undefined, asPrimary, 'disasterRecovery must be in a stack whose account and region are known at synth'],
    ['a stack of no region', { account: ACCOUNT }, asPrimary, 'disasterRecovery must be in a stack whose account and region are known at synth'],
    ['one region', { account: ACCOUNT, region: STANDBY }, asPrimary,
      'disasterRecovery.standbyRegion must be another region than that of the stack, got eu-west-1, which is both'],
    ['no region', { account: ACCOUNT, region: PRIMARY }, { disasterRecovery: DisasterRecovery.primary({ standbyRegion: 'Ireland' }) },
      'disasterRecovery.standbyRegion must be a region, such as eu-west-1, got "Ireland"'],
    ['names that CloudFormation makes', { account: ACCOUNT, region: PRIMARY }, { ...asPrimary, environmentSuffix: undefined },
      'environmentSuffix must be given with disasterRecovery, or resourceNaming, because the names of what is in the other region are made by them, got neither'],
    ['files that start in a standby', { account: ACCOUNT, region: STANDBY }, { ...standby(), intake: undefined },
      'intake must be Intake.manual() in a standby, where a file that was replicated must start nothing, got Intake.events()'],
    ['the id of another pipeline', { account: ACCOUNT, region: STANDBY }, standby({ pipelineId: 'TapStack/Tap-dev' }),
      'disasterRecovery.pipelineId must be the pipelineId of the primary, which has the same construct id and environmentSuffix and so ends with "/Tap-qa", '
        + 'got "TapStack/Tap-dev"'],
    ['another partition', { account: ACCOUNT, region: PRIMARY }, { disasterRecovery: DisasterRecovery.primary({ standbyRegion: 'cn-north-1' }) },
      'disasterRecovery.standbyRegion must be a region of the partition aws, as us-east-1 is, because nothing is replicated between partitions, got cn-north-1 (aws-cn)'],
    ['no object of ours', { account: ACCOUNT, region: PRIMARY }, { disasterRecovery: {} as DisasterRecovery },
      'disasterRecovery must be a DisasterRecovery (made by a static method of it), got an object (Object)'],
  ])('%s', (_, env, props, message) => {
    refused(() => pipelineIn(env, props), message);
  });

  test('a bucket of one\'s own', () => {
    const mine = (stack: Stack) => Bucket.fromBucketName(stack, 'Mine', 'mine');
    refused(() => inPrimary((stack) => ({ ...asPrimary, sourceBucket: mine(stack) })),
      'sourceBucket must be left out with disasterRecovery, which replicates the buckets that the pipeline makes, got one of your own');
    refused(() => inPrimary((stack) => ({ ...asPrimary, outputBucket: OutputBucket.existing(mine(stack)) })),
      'outputBucket must be left out with disasterRecovery, which replicates the buckets that the pipeline makes (OutputBucket.own() makes a second one), got one of your own');
  });

  test('a key in one region alone', () => {
    const mine = (stack: Stack) => Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${PRIMARY}:${ACCOUNT}:key/1`);
    refused(() => inPrimary((stack) => ({ ...asPrimary, encryptionKey: mine(stack) })),
      'disasterRecovery.standbyEncryptionKey must be given with encryptionKey, because what is encrypted with a key in one region needs '
        + 'one of the other region there, got none');
    refused(() => inStandby((stack) => standby({ primaryEncryptionKey: mine(stack) })), 'encryptionKey must be given with disasterRecovery.primaryEncryptionKey');
  });

  test('a key of the other region that is none', () => {
    const imported = (stack: Stack, id: string, region: string) => Key.fromKeyArn(stack, id, `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`);
    const withKey = (stack: Stack, standbyEncryptionKey: Key | ReturnType<typeof imported>, encryptionKey = imported(stack, 'Own', PRIMARY)) => (
      { encryptionKey, disasterRecovery: DisasterRecovery.primary({ standbyRegion: STANDBY, standbyEncryptionKey }) }
    );
    refused(() => inPrimary((stack) => withKey(stack, imported(stack, 'Other', PRIMARY))),
      'disasterRecovery.standbyEncryptionKey must lie in the standby\'s region (eu-west-1), got one in us-east-1');
    const same = 'disasterRecovery.standbyEncryptionKey must be a key of eu-west-1, because a key is of one region, got the encryptionKey of this one';
    refused(() => inPrimary((stack) => {
      const own = new Key(stack, 'Mine');
      return withKey(stack, own, own);
    }), same);
    refused(() => inPrimary((stack) => {
      const own = Key.fromKeyArn(stack, 'Later', Lazy.string({ produce: () => 'arn:aws:kms:us-east-1:1:key/1' }));
      return withKey(stack, own, own);
    }), same);
    refused(() => inPrimary((stack) => {
      const there = new Stack(stack.node.root, 'There', { env: { account: ACCOUNT, region: STANDBY } });
      return withKey(stack, new Key(there, 'Key', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.ENCRYPT_DECRYPT }));
    }), 'disasterRecovery.standbyEncryptionKey must be symmetric (SYMMETRIC_DEFAULT): S3 and DynamoDB encrypt with no other, got RSA_2048');
    refused(() => inStandby((stack) => ({ ...standby({ primaryEncryptionKey: imported(stack, 'Other', STANDBY) }), encryptionKey: imported(stack, 'Own', STANDBY) })),
      'disasterRecovery.primaryEncryptionKey must lie in the primary\'s region (us-east-1), got one in eu-west-1');
  });

  test.each<[string, (given: any) => unknown, unknown, string]>([
    ['no options of a primary', DisasterRecovery.primary, undefined, 'the options of DisasterRecovery.primary() must be an object, got undefined'],
    ['no options of a standby', DisasterRecovery.standby, null, 'the options of DisasterRecovery.standby() must be an object, got null'],
    ['a misspelt name', DisasterRecovery.primary, { standbyregion: STANDBY },
      'disasterRecovery must have no other properties than standbyRegion, standbyEncryptionKey, got standbyregion'],
    ['a region that is no text', DisasterRecovery.primary, { standbyRegion: 1 }, 'disasterRecovery.standbyRegion must be a text, got 1'],
    ['a region that is not known', DisasterRecovery.primary, { standbyRegion: Lazy.string({ produce: () => STANDBY }) },
      'disasterRecovery.standbyRegion must be known at synth, got a token'],
    ['the ARN of a key', DisasterRecovery.primary, { standbyRegion: STANDBY, standbyEncryptionKey: 'arn:aws:kms:eu-west-1:1:key/1' },
      'disasterRecovery.standbyEncryptionKey must be a key (kms.IKey), got "arn:aws:kms:eu-west-1:1:key/1"'],
    ['a flag as a text', DisasterRecovery.standby, { primaryRegion: PRIMARY, pipelineId: PIPELINE_ID, replicateBack: 'false' },
      'disasterRecovery.replicateBack must be true or false, got "false"'],
    ['a pipeline id that is not known', DisasterRecovery.standby, { primaryRegion: PRIMARY, pipelineId: Lazy.string({ produce: () => PIPELINE_ID }) },
      'disasterRecovery.pipelineId must be known at synth, got a token'],
  ])('%s', (_, make, options, message) => {
    refused(() => make(options), message);
  });

  test.each([
    ['region', DisasterRecovery.primary({} as any), 'disasterRecovery.standbyRegion must be a region, such as eu-west-1, got undefined'],
    ['pipeline id', DisasterRecovery.standby({ primaryRegion: STANDBY } as any), 'so ends with "/Tap-qa", got undefined'],
  ])('an other region without a %s', (_, disasterRecovery, message) => {
    refused(() => inPrimary({ disasterRecovery, intake: Intake.manual() }), message);
  });
});

const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''));

test('it is told that files which nobody has started expire', () => {
  const manual = { ...asPrimary, intake: Intake.manual() };
  expect(warnings(inPrimary(manual).stack)).toEqual([
    'with disasterRecovery what lies under the incoming prefix expires after 30 days or some more, and with Intake.manual() files may lie there that nobody has started: '
    + 'say by lifecycle.incoming.expireAfter how long they may wait',
  ]);
  expect(warnings(inPrimary({ ...manual, lifecycle: { incoming: { expireAfter: Duration.days(365) } } }).stack)).toEqual([]);
  expect([...warnings(inPrimary().stack), ...warnings(inStandby().stack)]).toEqual([]);
});

test('all of it goes with the stacks where that is asked for', () => {
  const removalPolicy = RemovalPolicy.DESTROY;
  for (const make of [inPrimary({ ...asPrimary, removalPolicy }), inStandby({ ...standby(), removalPolicy })]) {
    for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable']) {
      for (const [, { DeletionPolicy }] of make.synthesized.entries(type)) expect(DeletionPolicy).toBe('Delete');
    }
  }
});

test('the table goes with the primary\'s stack only when its protection is taken away: its replica may be the one that works', () => {
  const protection = ({ synthesized }: ReturnType<typeof inPrimary>) => (
    synthesized.one('AWS::DynamoDB::GlobalTable').Properties.Replicas.map(({ DeletionProtectionEnabled }: any) => DeletionProtectionEnabled)
  );
  const removalPolicy = RemovalPolicy.DESTROY;
  expect(protection(inPrimary({ ...asPrimary, removalPolicy }))).toEqual([true, true]);
  expect(protection(inPrimary({ removalPolicy }))).toEqual([undefined]);
  // It is kept when the stack is deleted, and a first deployment that fails must be able to delete it.
  expect(protection(inPrimary())).toEqual([undefined, undefined]);
});
