/**
 * Who may do what, exactly: one line for each role, action and resource. A new line here is a new permission for
 * somebody to justify. `{bucket}` and `{table}` stand for the pipeline's own.
 */
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { asText, newStack, SCHEMA, Synthesized, synthesize } from './synthesize';
import { CsvChunkPipeline, Intake, OutputBucket, RecordTransform } from '../src';

const EVERY_FUNCTION = [
  'logs:CreateLogStream, logs:PutLogEvents | {logs}',
  'xray:PutTelemetryRecords, xray:PutTraceSegments | *',
  'sqs:SendMessage | {dead letters}',
];

/** The source of a re-run lies where the job before has moved it. */
const READ_SOURCE = ['incoming', 'processed', 'failed'].map((prefix) => `s3:GetObject, s3:GetObjectVersion | {bucket}/${prefix}/*`);

const PERMISSIONS: Record<string, string[]> = {
  ValidateFileRole: [
    ...EVERY_FUNCTION,
    ...READ_SOURCE,
    's3:GetObject, s3:PutObject | {bucket}/work/*',
    's3:ListBucket | {bucket}',
    'dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | {table}',
    'dynamodb:Query | {table}',
  ],
  PlanChunksRole: [
    ...EVERY_FUNCTION,
    ...READ_SOURCE,
    's3:GetObject, s3:PutObject | {bucket}/work/*',
    's3:AbortMultipartUpload | {bucket}/work/*/staged-*',
    's3:ListBucket | {bucket}',
    'dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | {table}',
  ],
  ProcessChunkRole: [
    ...EVERY_FUNCTION,
    ...READ_SOURCE,
    's3:GetObject | {bucket}/work/*',
    's3:AbortMultipartUpload, s3:PutObject | {bucket}/work/*/rejects/*',
    's3:AbortMultipartUpload, s3:PutObject | {bucket}/work/*/keys/*',
    's3:AbortMultipartUpload, s3:PutObject | {bucket}/output/*',
    's3:ListBucket | {bucket}',
    'dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | {table}',
  ],
  FinalizeJobRole: [
    ...EVERY_FUNCTION,
    's3:GetObject, s3:PutObject | {bucket}/work/*',
    's3:AbortMultipartUpload, s3:GetObject, s3:PutObject | {bucket}/output/*',
    's3:AbortMultipartUpload, s3:PutObject | {bucket}/quarantine/*',
    's3:PutObject | {bucket}/reports/*',
    's3:ListBucket | {bucket}',
    'dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | {table}',
    'dynamodb:Query | {table}',
    'events:PutEvents | {bus}',
  ],
  MoveSourceRole: [
    ...EVERY_FUNCTION,
    ...READ_SOURCE,
    ...['incoming', 'processed', 'failed'].map((prefix) => `s3:GetObjectTagging, s3:GetObjectVersionTagging | {bucket}/${prefix}/*`),
    's3:DeleteObject, s3:DeleteObjectVersion | {bucket}/incoming/*',
    's3:AbortMultipartUpload, s3:ListMultipartUploadParts, s3:PutObject, s3:PutObjectTagging | {bucket}/processed/*',
    's3:AbortMultipartUpload, s3:ListMultipartUploadParts, s3:PutObject, s3:PutObjectTagging | {bucket}/failed/*',
    's3:GetObject | {bucket}/reports/*',
    's3:ListBucket | {bucket}',
    'dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | {table}',
  ],
  CloseJobRole: [
    ...EVERY_FUNCTION,
    ...READ_SOURCE,
    's3:ListBucket | {bucket}',
    'dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | {table}',
    'dynamodb:Query | {table}',
    'events:PutEvents | {bus}',
    'states:StartExecution | {state machine}',
  ],
  SweepJobsRole: [
    ...EVERY_FUNCTION,
    's3:ListBucketVersions | {bucket}',
    's3:ListBucketMultipartUploads | {bucket}',
    ...['processed', 'failed', 'output', 'quarantine', 'work'].map((prefix) => `s3:AbortMultipartUpload | {bucket}/${prefix}/*`),
    'dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | {table}',
    'dynamodb:Query | {table}',
    'dynamodb:Query | {table}/index/UnsettledIndex',
    'events:PutEvents | {bus}',
    'states:StartExecution | {state machine}',
    'states:DescribeExecution | {state machine}:*',
  ],
  WorkflowRole: [
    ...['CloseJob', 'FinalizeJob', 'MoveSource', 'PlanChunks', 'ProcessChunk', 'ValidateFile'].flatMap((step) => [
      `lambda:InvokeFunction | {${step} in force}`,
      `lambda:InvokeFunction | {${step}}:*`,
    ]),
    's3:GetObject | {bucket}/work/*',
    's3:AbortMultipartUpload, s3:GetObject, s3:ListMultipartUploadParts, s3:PutObject | {bucket}/work/map-results/*',
    'states:StartExecution | {state machine}',
    'states:DescribeExecution, states:StopExecution | {state machine}:*',
    'states:RedriveExecution | {state machine}:*',
    'logs:CreateLogDelivery, logs:DeleteLogDelivery, logs:DescribeLogGroups, logs:DescribeResourcePolicies, logs:GetLogDelivery, '
      + 'logs:ListLogDeliveries, logs:PutResourcePolicy, logs:UpdateLogDelivery | *',
    'xray:GetSamplingRules, xray:GetSamplingTargets, xray:PutTelemetryRecords, xray:PutTraceSegments | *',
  ],
  IntakeRole: ['states:StartExecution | {state machine}'],
};

/** Logical ids, readable. */
function readable(resource: string): string {
  return resource
    .replace(/arn:\${AWS::Partition}:s3:::/, '')
    .replace(/\${PipelineStorageBucket\w+?(\.Arn)?}/, '{bucket}')
    .replace(/\${PipelineJobTable\w+?\.Arn}/, '{table}')
    .replace(/\${PipelineDeadLetters\w+?\.Arn}/, '{dead letters}')
    .replace(/\${PipelineIntakeQueue\w+?\.Arn}/, '{intake queue}')
    .replace(/\${Pipeline(\w+)Logs\w+?\.Arn}/, '{logs}')
    .replace(/\${Pipeline(\w+?)FunctionCurrentVersion\w+}/, '{$1 in force}')
    .replace(/\${Pipeline(\w+?)Function\w+?\.Arn}/, '{$1}')
    .replace(/\${PipelineWorkflowStateMachine\w+}/, '{state machine}')
    .replace(/^arn:.*:event-bus\/default$/, '{bus}')
    .replace(/^arn:.*:states:.*:execution:.*$/, '{state machine}:*');
}

const asList = <T>(value: T | T[]): T[] => Array.isArray(value) ? value : [value];

function permissions(synthesized: Synthesized): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [roleId] of synthesized.entries('AWS::IAM::Role')) {
    const role = roleId.replace(/^Pipeline(\w+?Role)\w+$/, '$1');
    found[role] = synthesized.entries('AWS::IAM::Policy')
      .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: any) => Ref === roleId))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
      .flatMap(({ Effect, Action, Resource }) => asList(Resource).map((resource) =>
        `${Effect === 'Allow' ? '' : `${Effect} `}${asList(Action).sort().join(', ')} | ${readable(asText(resource))}`))
      .sort();
  }
  return found;
}

const sorted = (all: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(all).map(([role, lines]) => [role, [...lines].sort()]));

let synthesized: Synthesized;
beforeAll(() => { synthesized = synthesize(); });

test.each(Object.keys(PERMISSIONS))('%s', (role) => {
  expect(permissions(synthesized)[role]).toEqual([...PERMISSIONS[role]].sort());
});

test('there is no role beside these', () => {
  expect(Object.keys(permissions(synthesized)).sort()).toEqual(Object.keys(PERMISSIONS).sort());
});

test('with a queue StartJobs starts executions, and nobody else does so for an event', () => {
  const { IntakeRole, ...others } = PERMISSIONS;
  expect(permissions(synthesize({ intake: Intake.queue() }))).toEqual(sorted({
    ...others,
    IntakeStartJobsRole: [
      ...EVERY_FUNCTION,
      'sqs:ChangeMessageVisibility, sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:GetQueueUrl, sqs:ReceiveMessage | {intake queue}',
      'states:StartExecution | {state machine}',
    ],
  }));
});

test('where files start by hand nobody starts an execution for an event, and the sweep looks for no files', () => {
  const { IntakeRole, ...others } = PERMISSIONS;
  expect(permissions(synthesize({ intake: Intake.manual() }))).toEqual(sorted({
    ...others, SweepJobsRole: others.SweepJobsRole.filter((line) => !line.startsWith('s3:ListBucketVersions')),
  }));
});

describe('a queue takes messages of', () => {
  const senders = (intake: Intake, queue: string) => synthesize({ intake }).one('AWS::SQS::QueuePolicy', queue).Properties.PolicyDocument.Statement
    .map(({ Effect, Action, Principal, Condition }: any) => {
      const from = Condition.ArnEquals?.['aws:SourceArn'];
      const { Service = Principal.AWS } = Principal;
      return `${Effect} ${Action} ${Service} ${from === undefined ? JSON.stringify(Condition) : asList(from).map((arn) => asText(arn).replace(/\w{8}\.Arn/, '')).join(' ')}`;
    }).sort();
  const TLS_ONLY = 'Deny sqs:* * {"Bool":{"aws:SecureTransport":"false"}}';
  const sendOf = (...rules: string[]) => `Allow sqs:SendMessage events.amazonaws.com ${rules.map((rule) => `\${Pipeline${rule}}`).join(' ')}`;
  const ENDED = sendOf('CloseJobExecutionEnded');
  const SWEEP = sendOf('SweepJobsSchedule');

  test('the start rules, by TLS only', () => {
    expect(senders(Intake.queue(), 'IntakeQueue')).toEqual([sendOf('IntakeRule1', 'IntakeRule2'), TLS_ONLY]);
  });

  test.each<[string, Intake, string[]]>([
    ['events', Intake.events(), [sendOf('IntakeRule1', 'IntakeRule2')]],
    ['a queue', Intake.queue(), [sendOf('IntakeRule1', 'IntakeRule2')]],
    ['hand', Intake.manual(), []],
  ])('the rules that could not deliver, by %s, in one statement for all start rules: a policy holds 20', (_, intake, start) => {
    expect(senders(intake, 'DeadLetters')).toEqual([ENDED, ...start, SWEEP, TLS_ONLY].sort());
  });
});

test('with a transform that is a function, ProcessChunk may call that, and nobody else', () => {
  const stack = newStack();
  const functionArn = 'arn:aws:lambda:us-east-1:111111111111:function:mine';
  const fn = Function.fromFunctionAttributes(stack, 'Mine', { functionArn, sameEnvironment: true });
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, transform: RecordTransform.fromFunction(fn) });
  const found = permissions(new Synthesized(stack));
  for (const [role, lines] of Object.entries(PERMISSIONS)) {
    const invoke = role === 'ProcessChunkRole' ? ['lambda:InvokeFunction | {transform}'] : [];
    expect(found[role].map((line) => line.replace(functionArn, '{transform}'))).toEqual([...lines, ...invoke].sort());
  }
});

test('no role has a policy that AWS manages, or one inside', () => {
  for (const [, { Properties }] of synthesized.entries('AWS::IAM::Role')) {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.Policies).toBeUndefined();
  }
});

/** Whoever writes uploads may decrypt too: S3 reads the parts when it completes the upload. */
const KEY_PERMISSIONS: Record<string, string[]> = {
  ValidateFileRole: ['kms:Decrypt | {source key}', 'kms:Decrypt, kms:GenerateDataKey | {output key}'],
  PlanChunksRole: ['kms:Decrypt | {source key}', 'kms:Decrypt, kms:GenerateDataKey | {output key}'],
  ProcessChunkRole: ['kms:Decrypt | {source key}', 'kms:Decrypt, kms:GenerateDataKey | {output key}'],
  FinalizeJobRole: ['kms:Decrypt, kms:GenerateDataKey | {output key}'],
  // It reads the report to put it beside the source.
  MoveSourceRole: ['kms:Decrypt | {source key}', 'kms:Decrypt, kms:GenerateDataKey | {source key}', 'kms:Decrypt | {output key}'],
  CloseJobRole: ['kms:Decrypt | {source key}'],
  SweepJobsRole: [],
  WorkflowRole: ['kms:Decrypt, kms:GenerateDataKey | {output key}'],
  IntakeRole: [],
};

describe('with buckets of one\'s own, each with a key of its own', () => {
  let found: Record<string, string[]>;
  beforeAll(() => {
    const stack = newStack();
    const bucket = (id: string) => new Bucket(stack, id, { encryptionKey: new Key(stack, `${id}Key`) });
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket: bucket('Source'), outputBucket: OutputBucket.existing(bucket('Output')) });
    found = permissions(new Synthesized(stack));
  });

  test.each(Object.keys(KEY_PERMISSIONS))('%s', (role) => {
    const lines = found[role].filter((line) => line.startsWith('kms:'))
      .map((line) => line.replace(/\${(Source|Output)Key\w+\.Arn}/, (_, name: string) => `{${name.toLowerCase()} key}`));
    expect(lines).toEqual([...KEY_PERMISSIONS[role]].sort());
  });

  test('there is no role beside these', () => {
    expect(Object.keys(found).sort()).toEqual(Object.keys(KEY_PERMISSIONS).sort());
  });
});

test('nothing is allowed on prefixes of a bucket that are not the pipeline\'s', () => {
  const stack = newStack();
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket: Bucket.fromBucketName(stack, 'Shared', 'shared') });
  const onObjects = Object.values(permissions(new Synthesized(stack))).flat().filter((line) => line.includes('shared/'));
  expect(onObjects.length).toBeGreaterThan(0);
  for (const line of onObjects) expect(line).toMatch(/shared\/(incoming|processed|failed|output|quarantine|reports|work)\//);
});

describe('with former prefixes', () => {
  /** Every prefix is another one, and long: 40 characters more. */
  const former = (id: number) => Object.fromEntries(
    ['incoming', 'processed', 'failed', 'output', 'quarantine', 'reports', 'work'].map((name) => [name, `${name}-${id}/${'long/'.repeat(8)}`]));
  const onObjects = (lines: string[]) => lines.filter((line) => line.includes('{bucket}/'));

  test('a function has the same rights there, and no others', () => {
    const found = permissions(synthesize({ formerPrefixes: [former(1)] }));
    for (const [role, lines] of Object.entries(PERMISSIONS)) {
      const formerly = onObjects(lines).map((line) => line.replace(/{bucket}\/(\w+)\//, (_, name: string) => `{bucket}/${name}-1/${'long/'.repeat(8)}`));
      expect(found[role]).toEqual([...lines, ...formerly].sort());
    }
  });

  test('a set is completed with the defaults: what has not changed brings nothing new', () => {
    const found = permissions(synthesize({ prefixes: { output: 'published/' }, formerPrefixes: [{}, { work: 'work/' }] }));
    const inForce = permissions(synthesize({ prefixes: { output: 'published/' } }));
    const more = Object.entries(found).flatMap(([role, lines]) => lines.filter((line) => !inForce[role].includes(line)).map((line) => `${role}: ${line}`));
    expect(more).toEqual([
      'ProcessChunkRole: s3:AbortMultipartUpload, s3:PutObject | {bucket}/output/*',
      'FinalizeJobRole: s3:AbortMultipartUpload, s3:GetObject, s3:PutObject | {bucket}/output/*',
      'SweepJobsRole: s3:AbortMultipartUpload | {bucket}/output/*',
    ]);
  });

  test('as many as there may be fit into a role\'s own policies, which hold 10,240 characters', () => {
    const most = synthesize({ formerPrefixes: [1, 2, 3].map(former) });
    expect(most.entries('AWS::IAM::ManagedPolicy')).toEqual([]);
    for (const [id] of most.entries('AWS::IAM::Role')) {
      const documents = most.entries('AWS::IAM::Policy')
        .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: any) => Ref === id))
        .map(([, { Properties }]) => Properties.PolicyDocument);
      const isText = (value: any) => value?.Ref !== undefined || value?.['Fn::GetAtt'] !== undefined || value?.['Fn::Join'] !== undefined;
      // No ARN of a bucket is longer than 80.
      const written = JSON.stringify(documents, (_, value) => isText(value) ? asText(value).replace(/\${[^}]+}/g, 'x'.repeat(80)) : value);
      expect(written.length).toBeLessThanOrEqual(10_240);
    }
  });
});
