import * as fs from 'fs';
import * as path from 'path';
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { holdProps } from './prop-rows';
import { permissionsOf } from './role-permissions';
import { CsvChunkPipeline, CsvChunkPipelineProps, ExpectedFile, FileWeekday, QualityCheck, QualityCheckProps, QualityMessage } from '../../src';
import { QualitySettings } from '../../src/contract/quality-settings';
import { newStack, SCHEMA, Synthesized } from '../synthesize';

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
  'QualityCheckProps.schedule': {
    read: (synthesized) => scheduleOf(synthesized).ScheduleExpression,
    byDefault: 'cron(0 2 * * ? *)',
    override: { schedule: ScheduleExpression.cron({ hour: '5', minute: '15' }) },
    overridden: 'cron(15 5 * * ? *)',
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
    RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^CheckScheduleRole/), 'Arn'] },
  });
  expect(synthesized.one('AWS::Lambda::Function', 'CheckQualityCheck').Properties.DeadLetterConfig).toEqual({ TargetArn: deadLetters });
});

test('names and tags are by the pipeline\'s rule', () => {
  const synthesized = synthesize({ environmentSuffix: 'dev', tags: { Project: 'ETL' } });
  expect(scheduleOf(synthesized).Name).toBe('schedule-pipeline-quality-check-dev');
  expect(synthesized.one('AWS::SQS::Queue', 'CheckDeadLetters').Properties).toMatchObject({
    QueueName: 'queue-pipeline-quality-check-dead-letters-dev', Tags: [{ Key: 'Project', Value: 'ETL' }],
  });
});

test('its metric is the pipeline\'s, with the name that the handler emits', () => {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  expect(new QualityCheck(stack, 'Check', { pipeline }).metricFindings()).toMatchObject({
    metricName: 'QualityFindings', namespace: 'CsvChunkPipeline', dimensions: { Pipeline: 'Stack/Pipeline' }, statistic: 'Sum',
  });
});

describe('who may do what, exactly', () => {
  const FUNCTION = [
    'logs:CreateLogStream, logs:PutLogEvents | {QualityCheck logs}',
    'xray:PutTelemetryRecords, xray:PutTraceSegments | *',
    'sqs:SendMessage | {dead letters of Check}',
    'dynamodb:GetItem | {table}',
    'dynamodb:Query | {table}/index/TimestampIndex',
    'dynamodb:Query | {table}/index/UnsettledIndex',
    's3:PutObject | {bucket}/reports/quality-check/*',
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
      'kms:Decrypt | ${Key961B73FD.Arn}', 'kms:GenerateDataKey | ${Key961B73FD.Arn}',
    ]);
  });

  test('the schedule', () => {
    expect(permissionsOf(synthesize(), 'CheckScheduleRole', readable)).toEqual([
      'lambda:InvokeFunction | {QualityCheck}', 'lambda:InvokeFunction | {QualityCheck}:*', 'sqs:SendMessage | {dead letters of Check}',
    ].sort());
  });
});

/** What is left to acknowledge, and why it is so. */
const ACKNOWLEDGED: Array<{ finding: RegExp; reason: string }> = [
  { finding: /^AwsSolutions-IAM5\[Resource::<PipelineStorageBucket\w+\.Arn>\/reports\/quality-check\/\*\]$/, reason: 'The objects under one prefix' },
  { finding: /^AwsSolutions-IAM5\[Resource::<CheckQualityCheckFunction\w+\.Arn>:\*\]$/, reason: 'The versions of the one function that it starts' },
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
