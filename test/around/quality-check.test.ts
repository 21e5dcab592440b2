import * as fs from 'fs';
import * as path from 'path';
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { holdProps } from './prop-rows';
import { permissionsOf } from './role-permissions';
import { CsvChunkPipeline, CsvChunkPipelineProps, DisasterRecovery, ExpectedFile, FileWeekday, Intake, QualityCheck, QualityCheckProps, QualityMessage, SuffixCase } from '../../src';
import { QualitySettings } from '../../src/contract/quality-settings';
import { asText, newStack, SCHEMA, Synthesized } from '../synthesize';

const FILE: ExpectedFile = { keyPattern: 'incoming/a-*.csv', by: '06:30' };

/** What lies beside the function's code. */
function settings(synthesized: Synthesized): QualitySettings {
  const { Code } = synthesized.one('AWS::Lambda::Function', 'CheckQualityCheckFunction').Properties;
  const asset = path.join((synthesized.stack.node.root as App).outdir, `asset.${Code.S3Key.replace('.zip', '')}`);
  return JSON.parse(fs.readFileSync(path.join(asset, 'quality-check.json'), 'utf8')) as QualitySettings;
}

const scheduleOf = (synthesized: Synthesized) => synthesized.one('AWS::Scheduler::Schedule').Properties;
const first = (synthesized: Synthesized) => settings(synthesized).expectedFiles[0];
const variables = (synthesized: Synthesized) => synthesized.one('AWS::Lambda::Function', 'CheckQualityCheckFunction').Properties.Environment.Variables;
const withFile = (more: Partial<ExpectedFile> = {}): Partial<QualityCheckProps> => ({ expectedFiles: [{ ...FILE, ...more }] });

holdProps<QualityCheckProps>('./around/quality-check', (stack, pipeline, props) => { new QualityCheck(stack, 'Check', { pipeline, ...withFile(), ...props }); }, {
  'QualityCheckProps.timeZone': {
    read: (synthesized) => [settings(synthesized).timeZone, scheduleOf(synthesized).ScheduleExpressionTimezone],
    byDefault: ['Etc/UTC', 'Etc/UTC'],
    override: { timeZone: TimeZone.EUROPE_BERLIN },
    overridden: ['Europe/Berlin', 'Europe/Berlin'],
  },
  'QualityCheckProps.at': {
    read: (synthesized) => scheduleOf(synthesized).ScheduleExpression, byDefault: 'cron(0 2 * * ? *)', override: { at: '05:15' }, overridden: 'cron(15 5 * * ? *)',
  },
  'QualityCheckProps.topic': {
    read: (synthesized) => variables(synthesized).TOPIC_ARN,
    byDefault: undefined,
    override: (stack) => ({ topic: new Topic(stack, 'Topic') }),
    overridden: { Ref: expect.stringMatching(/^Topic/) },
  },
  'QualityCheckProps.message': {
    read: (synthesized) => settings(synthesized).tellAlways, byDefault: false, override: { message: QualityMessage.ALWAYS }, overridden: true,
  },
  'QualityCheckProps.expectedFiles': {
    read: (synthesized) => settings(synthesized).expectedFiles.length, byDefault: 1, override: { expectedFiles: undefined }, overridden: 0,
  },
  'QualityCheckProps.maxOpenAge': {
    read: (synthesized) => settings(synthesized).maxOpenSeconds, byDefault: 10_800, override: { maxOpenAge: Duration.minutes(30) }, overridden: 1800,
  },
  'QualityCheckProps.maxRejectedPercentage': {
    read: (synthesized) => settings(synthesized).maxRejectedPercentage, byDefault: 1, override: { maxRejectedPercentage: 0 }, overridden: 0,
  },
  'QualityCheckProps.minHistory': { read: (synthesized) => settings(synthesized).minHistory, byDefault: 7, override: { minHistory: 3 }, overridden: 3 },
  'ExpectedFile.keyPattern': {
    read: (synthesized) => first(synthesized).keyPattern, byDefault: 'incoming/a-*.csv', override: withFile({ keyPattern: '*' }), overridden: '*',
  },
  'ExpectedFile.by': { read: (synthesized) => first(synthesized).by, byDefault: '06:30', override: withFile({ by: '23:59' }), overridden: '23:59' },
  'ExpectedFile.weekdays': {
    read: (synthesized) => first(synthesized).weekdays,
    byDefault: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    override: withFile({ weekdays: [FileWeekday.FRIDAY] }),
    overridden: ['FRI'],
  },
  'ExpectedFile.window': { read: (synthesized) => first(synthesized).windowSeconds, byDefault: 86_400, override: withFile({ window: Duration.hours(2) }), overridden: 7200 },
  'ExpectedFile.timeZone': {
    read: (synthesized) => first(synthesized).timeZone, byDefault: 'Etc/UTC', override: withFile({ timeZone: TimeZone.ASIA_TOKYO }), overridden: 'Asia/Tokyo',
  },
});

test('an expected file has the zone of the check, unless it has its own', () => {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  new QualityCheck(stack, 'Check', { pipeline, timeZone: TimeZone.EUROPE_BERLIN, ...withFile() });
  expect(first(new Synthesized(stack)).timeZone).toBe('Europe/Berlin');
});

test.each<[string, Partial<QualityCheckProps>, string]>([
  ['a rate', { at: 'rate(1 hour)' }, 'at must be a time of day such as 02:00, got "rate(1 hour)"'],
  ['no time', withFile({ by: '6:30' }), 'expectedFiles[0].by must be a time of day such as 06:30, got "6:30"'],
  ['a time of the next day', withFile({ by: '24:00' }), 'expectedFiles[0].by must be a time of day such as 06:30, got "24:00"'],
  ['no key', withFile({ keyPattern: '' }), 'expectedFiles[0].keyPattern must be a key such as incoming/orders-*.csv, got ""'],
  ['a key where no file lands', withFile({ keyPattern: 'orders-*.csv' }),
    'expectedFiles[0].keyPattern must begin with the prefix under which files land, incoming/, got "orders-*.csv"'],
  ['no day', withFile({ weekdays: [] }), 'expectedFiles[0].weekdays must hold at least one day, got none'],
  ['no window', withFile({ window: Duration.seconds(0) }), 'expectedFiles[0].window must be at least 1 minute, got'],
  ['no age', { maxOpenAge: Duration.seconds(1) }, 'maxOpenAge must be at least 1 minute, got 1 second'],
  ['a share above all', { maxRejectedPercentage: 101 }, 'maxRejectedPercentage must be at most 100, got 101'],
  ['two jobs', { minHistory: 2 }, 'minHistory must be at least 3, got 2'],
])('fails at synth: %s', (_, props, message) => {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  expect(() => new QualityCheck(stack, 'Check', { pipeline, ...props })).toThrow(message);
});

describe('a key pattern of which no file starts a job', () => {
  const making = (keyPattern: string, props: Partial<CsvChunkPipelineProps>) => () => {
    const stack = newStack();
    new QualityCheck(stack, 'Check', { pipeline: new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...props }), ...withFile({ keyPattern }) });
  };
  const CSV = { suffixes: ['.csv', '.csv.gz'] };
  const EXACT = { ...CSV, suffixCase: SuffixCase.EXACT };

  test.each<[string, Partial<CsvChunkPipelineProps>]>([
    ['incoming/a.pdf', CSV], ['incoming/a-*.pdf', CSV], ['incoming/a', CSV], ['incoming/csv', CSV], ['incoming/*/', CSV], ['incoming/*/', { suffixes: [] }], ['incoming/*.CSV', EXACT],
  ])('%s with %j', (keyPattern, props) => {
    expect(making(keyPattern, props)).toThrow(`expectedFiles[0].keyPattern must end so that a file of such a key starts a job, which those with ${
      props.suffixes!.join(', ') || 'any ending but /'} do, got "${keyPattern}"`);
  });

  test.each<[string, Partial<CsvChunkPipelineProps>]>([
    ['incoming/a.csv', CSV], ['incoming/a.CSV', CSV], ['incoming/a-*.csv', CSV], ['incoming/a-*', CSV], ['incoming/*sv', CSV], ['incoming/*.gz', CSV],
    ['incoming/a.pdf', { suffixes: [] }], ['incoming/*.csv', EXACT],
  ])('is not %s with %j', (keyPattern, props) => {
    expect(making(keyPattern, props)).not.toThrow();
  });
});

describe('a topic that it can publish to', () => {
  const withTopic = (topic: (stack: Stack) => ITopic) => () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });
    new QualityCheck(stack, 'Check', { pipeline: new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }), topic: topic(stack) });
  };
  const imported = (arn: string) => (stack: Stack) => Topic.fromTopicArn(stack, 'Topic', arn);

  test('is of its region', () => {
    expect(withTopic(imported('arn:aws:sns:us-east-1:111122223333:people')))
      .toThrow('topic must be of the check\'s own region, which is eu-central-1, got "Stack/Topic" of us-east-1');
    expect(withTopic(imported('arn:aws:sns:eu-central-1:111122223333:people'))).not.toThrow();
  });

  test('is no FIFO topic', () => {
    const message = 'topic must be a standard topic, because a message of the check has no group, got "Stack/Topic", which is FIFO';
    expect(withTopic((stack) => new Topic(stack, 'Topic', { fifo: true }))).toThrow(message);
    expect(withTopic(imported('arn:aws:sns:eu-central-1:111122223333:people.fifo'))).toThrow(message);
  });
});

test('a pipeline has one: a second one would begin where the first one ends', () => {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  new QualityCheck(stack, 'Check', { pipeline });
  expect(() => new QualityCheck(stack, 'Other', { pipeline }))
    .toThrow('pipeline must have one QualityCheck, got "Stack/Other" beside "Stack/Check": give the first one all expectedFiles');
});

describe('a time that the clock skips in spring, at which EventBridge Scheduler makes no call', () => {
  const warnings = (at: string | undefined, timeZone?: TimeZone) => {
    const { stack } = synthesize({}, () => ({ at, timeZone }));
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data)).filter((text) => text.startsWith('at: '));
  };

  test.each([
    ['02:00', TimeZone.EUROPE_BERLIN, '03:00'], ['02:30', TimeZone.AMERICA_NEW_YORK, '03:30'], ['03:00', TimeZone.EUROPE_ATHENS, '04:00'], [undefined, TimeZone.EUROPE_BERLIN, '03:00'],
  ])('%s in %s is warned of', (at, timeZone, better) => {
    expect(warnings(at, timeZone)).toEqual([expect.stringMatching(new RegExp(
      `^at: the clock of ${timeZone.timezoneName} skips ${at ?? '02:00'} on \\d{4}-\\d\\d-\\d\\d, .* Give a time that each day has, such as ${better} `,
    ))]);
    expect(warnings(better, timeZone)).toEqual([]);
  });

  test('UTC skips none', () => {
    expect(warnings(undefined)).toEqual([]);
  });
});

function synthesize(
  pipelineProps: Partial<CsvChunkPipelineProps> = {}, props: (stack: Stack) => Partial<QualityCheckProps> = () => ({}),
): Synthesized {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...pipelineProps });
  new QualityCheck(stack, 'Check', { pipeline, ...props(stack) });
  return new Synthesized(stack);
}

test('the schedule starts the function with its own time; what fails lies in the check\'s own dead-letter queue', () => {
  const synthesized = synthesize();
  const deadLetters = { 'Fn::GetAtt': [expect.stringMatching(/^CheckDeadLetters/), 'Arn'] };
  expect(scheduleOf(synthesized).Target).toMatchObject({
    Arn: { 'Fn::GetAtt': [expect.stringMatching(/^CheckQualityCheck/), 'Arn'] },
    Input: '{"time":"<aws.scheduler.scheduled-time>"}',
    DeadLetterConfig: { Arn: deadLetters },
    RetryPolicy: { MaximumEventAgeInSeconds: 43_200 },
    RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^CheckScheduleRole/), 'Arn'] },
  });
  expect(synthesized.one('AWS::Lambda::Function', 'CheckQualityCheck').Properties.DeadLetterConfig).toEqual({ TargetArn: deadLetters });
});

test('the function of a pipeline in two regions knows them, so that the one that stands by tells nothing', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  const disasterRecovery = DisasterRecovery.standby({ primaryRegion: 'us-east-1', pipelineId: 'Primary/Pipeline-qa' });
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, environmentSuffix: 'qa', intake: Intake.manual(), disasterRecovery });
  new QualityCheck(stack, 'Check', { pipeline });
  expect(variables(new Synthesized(stack))).toMatchObject({ OWN_REGION: 'eu-west-1', PRIMARY_REGION: 'us-east-1' });
  expect(variables(synthesize())).not.toHaveProperty('OWN_REGION');
});

test('names and tags are by the pipeline\'s rule', () => {
  const synthesized = synthesize({ environmentSuffix: 'dev', tags: { Project: 'ETL' } });
  expect(scheduleOf(synthesized).Name).toBe('schedule-pipeline-quality-check-dev');
  expect(synthesized.one('AWS::SQS::Queue', 'CheckDeadLetters').Properties).toMatchObject({
    QueueName: 'queue-pipeline-quality-check-dead-letters-dev', Tags: [{ Key: 'Project', Value: 'ETL' }],
  });
});

test('its metrics are the pipeline\'s, with the names that the handler emits', () => {
  const stack = newStack();
  const check = new QualityCheck(stack, 'Check', { pipeline: new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }) });
  const ofPipeline = { namespace: 'CsvChunkPipeline', dimensions: { Pipeline: 'Stack/Pipeline' } };
  expect(check.metricFindings()).toMatchObject({ ...ofPipeline, metricName: 'QualityFindings', statistic: 'Maximum' });
  expect(check.metricFindings({ statistic: 'Sum' })).toMatchObject({ statistic: 'Sum' });
  expect(check.metricChecks()).toMatchObject({ ...ofPipeline, metricName: 'QualityChecks', statistic: 'Sum' });
});

test('docs/quality-check.md shows alarms on findings, and on a day without a check', () => {
  const stack = newStack();
  const check = new QualityCheck(stack, 'Check', { pipeline: new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }) });
  const { LESS_THAN_THRESHOLD } = ComparisonOperator;
  const { BREACHING, NOT_BREACHING } = TreatMissingData;
  function inAStack(this: Stack): void {
    // From here on as in the page.
    const oneHour = { period: Duration.hours(1) };
    check.metricFindings(oneHour).createAlarm(this, 'Findings', { threshold: 1, evaluationPeriods: 1, treatMissingData: NOT_BREACHING });
    const silence = { threshold: 1, comparisonOperator: LESS_THAN_THRESHOLD, evaluationPeriods: 26, treatMissingData: BREACHING };
    check.metricChecks(oneHour).createAlarm(this, 'NoCheck', silence);
  }
  inAStack.call(stack);
  const page = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'quality-check.md'), 'utf8');
  const source = fs.readFileSync(__filename, 'utf8');
  const code = source.slice(source.indexOf('const oneHour'), source.indexOf('\n  }\n  inAStack')).split('\n').map((line) => line.trim()).join('\n');
  expect(page).toContain('```ts\n' + code + '\n```');
  const alarms = new Synthesized(stack).entries('AWS::CloudWatch::Alarm').map(([, { Properties }]) => [
    Properties.MetricName, Properties.Statistic, Properties.Period, Properties.ComparisonOperator, Properties.Threshold,
    Properties.EvaluationPeriods, Properties.TreatMissingData,
  ]);
  expect(alarms).toEqual([
    ['QualityFindings', 'Maximum', 3600, 'GreaterThanOrEqualToThreshold', 1, 1, 'notBreaching'],
    ['QualityChecks', 'Sum', 3600, 'LessThanThreshold', 1, 26, 'breaching'],
  ]);
});

describe('who may do what, exactly', () => {
  const FUNCTION = [
    'logs:CreateLogStream, logs:PutLogEvents | {QualityCheck logs}',
    'xray:PutTelemetryRecords, xray:PutTraceSegments | *',
    'sqs:SendMessage | {dead letters of Check}',
    'dynamodb:GetItem | {table}',
    'dynamodb:Query | {table}/index/TimestampIndex',
    'dynamodb:Query | {table}/index/UnsettledIndex',
    's3:ListBucket | {bucket} if {"StringEquals":{"s3:prefix":"reports/quality-check/"}}',
    's3:GetObject, s3:PutObject | {bucket}/reports/quality-check/*',
  ];
  const readable = (resource: string) => resource.replace(/^\${CheckQualityCheckFunction\w+\.Arn}/, '{QualityCheck}').replace(/^\${Topic\w+}$/, '{topic}');

  test('the function', () => {
    expect(permissionsOf(synthesize(), 'CheckQualityCheckRole')).toEqual([...FUNCTION].sort());
  });

  test('the function, with a topic', () => {
    const synthesized = synthesize({}, (stack) => ({ topic: new Topic(stack, 'Topic') }));
    expect(permissionsOf(synthesized, 'CheckQualityCheckRole', readable)).toEqual([...FUNCTION, 'sns:Publish | {topic}'].sort());
  });

  test('the function, with a key of one\'s own', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey: new Key(stack, 'Key') });
    new QualityCheck(stack, 'Check', { pipeline });
    expect(permissionsOf(new Synthesized(stack), 'CheckQualityCheckRole').filter((line) => line.startsWith('kms:'))).toEqual([
      'kms:Decrypt | ${Key961B73FD.Arn}', 'kms:Decrypt, kms:GenerateDataKey | ${Key961B73FD.Arn}',
    ]);
  });

  test('the schedule', () => {
    const synthesized = synthesize();
    expect(permissionsOf(synthesized, 'CheckScheduleRole', readable)).toEqual(['lambda:InvokeFunction | {QualityCheck}', 'sqs:SendMessage | {dead letters of Check}']);
    // Nobody else's schedule may take it.
    const { Condition } = synthesized.one('AWS::IAM::Role', 'CheckScheduleRole').Properties.AssumeRolePolicyDocument.Statement[0];
    expect([Condition.StringEquals['aws:SourceAccount'], asText(Condition.StringEquals['aws:SourceArn'])]).toEqual([
      { Ref: 'AWS::AccountId' }, 'arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule-group/default',
    ]);
  });
});

/** What is left to acknowledge, and why it is so. */
const ACKNOWLEDGED: Array<{ finding: RegExp; reason: string }> = [
  { finding: /^AwsSolutions-IAM5\[Resource::<PipelineStorageBucket\w+\.Arn>\/reports\/quality-check\/\*\]$/, reason: 'The objects under one prefix' },
  { finding: /^AwsSolutions-IAM5\[Resource::\*\]$/, reason: 'X-Ray knows no resources' },
  { finding: /^AwsSolutions-L1$/, reason: 'The runtime is the pipeline\'s' },
];

test('passes the AWS Solutions checks, but for what is acknowledged with a reason', () => {
  const stack = newStack();
  const check = new QualityCheck(stack, 'Check', { pipeline: new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }) });
  const found = new AwsSolutionsChecks(check).validateScope(check).violations.map(({ ruleName }) => ruleName);
  expect(found.filter((id) => !ACKNOWLEDGED.some(({ finding }) => finding.test(id)))).toEqual([]);
  expect(ACKNOWLEDGED.filter(({ finding }) => !found.some((id) => finding.test(id)))).toEqual([]);
});
