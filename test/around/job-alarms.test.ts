/** The alarms of a pipeline: what each looks at, when it goes off, and who hears of it. */
import { App, Duration, NestedStack, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaAction, SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic, ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Series, statesOf } from './alarm-evaluation';
import { holdProps, synthesizeAround } from './prop-rows';
import { AlarmChange, CsvChunkPipeline, IMonitored, Intake, JobAlarms, JobAlarmsProps, JobApi, JobNotifications, QualityCheck } from '../../src';
import { asText, newApp, newStack, SCHEMA, Synthesized } from '../synthesize';

function make(stack: Stack, pipeline: CsvChunkPipeline, props: Partial<JobAlarmsProps> = {}): JobAlarms {
  return new JobAlarms(stack, 'Alarms', { pipeline, actions: [], ...props });
}

const synthesize = (props: Partial<JobAlarmsProps> = {}) => synthesizeAround((stack, pipeline) => make(stack, pipeline, props));

/** Properties of the alarms, by name. */
function alarmsOf(synthesized: Synthesized): Record<string, any> {
  return Object.fromEntries(synthesized.entries('AWS::CloudWatch::Alarm').map(([, { Properties }]) => {
    const [, anchor] = /runbook\.md#([a-z-]+)$/.exec(Properties.AlarmDescription)!;
    return [anchor + suffixOf(anchor, Properties), Properties];
  }));
}

/** What a row's alarm is about, where there are several. */
function suffixOf(row: string, properties: any): string {
  const [{ Value } = { Value: '' }] = metricsOf(properties)[0].dimensions;
  const text = typeof Value === 'string' ? Value : asText(Value);
  const [, subject] = /\$\{Pipeline(\w+?)(?:Function)?[0-9A-F]{8}[}.]/.exec(text) ?? [];
  return /^(function|events|dead-letters)/.test(row) && subject !== undefined ? ` ${subject}` : '';
}

interface Looked { readonly namespace: string; readonly name: string; readonly dimensions: any[]; readonly stat: string; readonly period: number }

function metricsOf({ Metrics, Namespace, MetricName, Dimensions = [], Statistic, Period }: any): Looked[] {
  if (Metrics === undefined) return [{ namespace: Namespace, name: MetricName, dimensions: Dimensions, stat: Statistic, period: Period }];
  return Metrics.filter(({ MetricStat }: any) => MetricStat !== undefined)
    .map(({ MetricStat: { Metric, Stat, Period: period } }: any) => (
      { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: Metric.Dimensions ?? [], stat: Stat, period }));
}

const SIGNS: Record<string, string> = { GreaterThanThreshold: '>', GreaterThanOrEqualToThreshold: '>=', LessThanThreshold: '<' };

/** One alarm in one line, with logical ids made readable. */
function lineOf(properties: any): string {
  const { Metrics, ComparisonOperator, Threshold, EvaluationPeriods, TreatMissingData } = properties;
  const looked = metricsOf(properties);
  const expression = Metrics?.find(({ Expression }: any) => Expression !== undefined)?.Expression;
  const dimensions = looked[0].dimensions.map(({ Name, Value }: any) => `${Name}=${asText(Value).replace(/[0-9A-F]{8}(?=[}.])/g, '')}`).join(',');
  const what = `${looked[0].namespace} ${[...new Set(looked.map(({ name, stat }) => `${stat} ${name}`))].join(', ')} {${dimensions}}`;
  return `${expression === undefined ? '' : `${expression}: `}${what} ${SIGNS[ComparisonOperator]} ${Threshold}, `
    + `${EvaluationPeriods} x ${looked[0].period} s, ${TreatMissingData}`;
}

const PIPELINE = '{Pipeline=Stack/Pipeline}';
const MACHINE = 'StateMachineArn=${PipelineWorkflowStateMachine}';

/** One of each row. */
const LINES: Record<string, string> = {
  'function-errors ValidateFile': '100 * errors / invocations: AWS/Lambda Sum Errors, Sum Invocations {FunctionName=${PipelineValidateFileFunction}} > 5, 1 x 300 s, notBreaching',
  'function-duration ValidateFile': '100 * duration / 900000: AWS/Lambda Maximum Duration {FunctionName=${PipelineValidateFileFunction}} >= 80, 1 x 300 s, notBreaching',
  'function-throttles ValidateFile': 'AWS/Lambda Sum Throttles {FunctionName=${PipelineValidateFileFunction}} > 0, 3 x 300 s, notBreaching',
  'executions-failed': `AWS/States Sum ExecutionsFailed {${MACHINE}} > 0, 1 x 300 s, notBreaching`,
  'executions-timed-out': `AWS/States Sum ExecutionsTimedOut {${MACHINE}} > 0, 1 x 300 s, notBreaching`,
  'executions-throttled': `AWS/States Sum ExecutionThrottled {${MACHINE}} > 0, 3 x 300 s, notBreaching`,
  'chunks-throttled': `AWS/States Sum ExecutionThrottled {${MACHINE}/ProcessChunks} > 0, 3 x 300 s, notBreaching`,
  'map-runs-open': 'AWS/States Maximum ApproximateOpenMapRunCount {} >= 900, 1 x 300 s, notBreaching',
  'map-runs-waiting': 'AWS/States Maximum ApproximateMapRunBacklogSize {} > 0, 1 x 300 s, notBreaching',
  'jobs-interrupted': `CsvChunkPipeline Sum JobsInterrupted ${PIPELINE} > 0, 1 x 300 s, notBreaching`,
  'jobs-waiting': `CsvChunkPipeline Maximum JobsWaiting ${PIPELINE} > 0, 3 x 300 s, ignore`,
  'jobs-rejected': `CsvChunkPipeline Sum JobsRejected ${PIPELINE} > 0, 1 x 300 s, notBreaching`,
  'records-rejected': `100 * rejected / read: CsvChunkPipeline Sum RecordsRejected, Sum RecordsRead ${PIPELINE} > 5, 1 x 900 s, notBreaching`,
  'job-age': `CsvChunkPipeline Maximum OldestSlaJobAge ${PIPELINE} > 900, 1 x 300 s, ignore`,
  'file-age': `CsvChunkPipeline Maximum OldestFileAge ${PIPELINE} > 3600, 1 x 300 s, ignore`,
  'sweep-silent': `CsvChunkPipeline SampleCount OpenJobs ${PIPELINE} < 1, 3 x 300 s, breaching`,
  'no-files': `CsvChunkPipeline Sum FilesReceived ${PIPELINE} < 1, 26 x 3600 s, breaching`,
  'dead-letters DeadLettersQueue': 'AWS/SQS Maximum ApproximateNumberOfMessagesVisible {QueueName=${PipelineDeadLettersQueue.QueueName}} > 0, 1 x 300 s, notBreaching',
  'events-failed IntakeRule1': 'AWS/Events Sum FailedInvocations {RuleName=${PipelineIntakeRule1}} > 0, 1 x 300 s, notBreaching',
  'events-lost IntakeRule1': 'AWS/Events Sum InvocationsFailedToBeSentToDlq {RuleName=${PipelineIntakeRule1}} > 0, 1 x 300 s, notBreaching',
  'table-throttles': `${[1, 2, 3, 4, 5, 6].map((nth) => `FILL(throttles${nth}, 0)`).join(' + ')}: AWS/DynamoDB Sum ReadThrottleEvents, `
    + 'Sum WriteThrottleEvents {TableName=${PipelineJobTable}} > 0, 3 x 300 s, notBreaching',
  'table-errors': `${[1, 2, 3, 4, 5].map((nth) => `FILL(errors${nth}, 0)`).join(' + ')}: AWS/DynamoDB Sum SystemErrors `
    + '{Operation=GetItem,TableName=${PipelineJobTable}} > 0, 3 x 300 s, notBreaching',
};

describe('each alarm', () => {
  let alarms: Record<string, any>;
  beforeAll(() => { alarms = alarmsOf(synthesize({ noFilesFor: Duration.hours(26) })); });

  test.each(Object.entries(LINES))('%s', (name, line) => {
    expect(lineOf(alarms[name])).toBe(line);
  });

  test('there is none beside these but for the other functions and rules', () => {
    const functions = ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob', 'SweepJobs'];
    const rules = ['IntakeRule1', 'IntakeRule2', 'CloseJobExecutionEnded', 'SweepJobsSchedule'];
    const more = [
      ...functions.flatMap((name) => ['errors', 'duration', 'throttles'].map((row) => `function-${row} ${name}`)),
      ...rules.flatMap((name) => ['failed', 'lost'].map((row) => `events-${row} ${name}`)),
    ];
    expect(Object.keys(alarms).sort()).toEqual([...new Set([...Object.keys(LINES), ...more])].sort());
  });

  test('says why, what to do and where to read on, in what CloudWatch takes', () => {
    for (const { AlarmDescription } of Object.values(alarms)) {
      expect(AlarmDescription).toMatch(/^[A-Z].+\. [A-Z].+\. https:\/\/github\.com\/.+\/docs\/runbook\.md#[a-z-]+$/);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  test('of several metrics has no more than CloudWatch takes, and gives one result', () => {
    for (const { Metrics = [] } of Object.values(alarms)) {
      expect(Metrics.length).toBeLessThanOrEqual(10);
      if (Metrics.length > 0) expect(Metrics.filter(({ ReturnData }: any) => ReturnData !== false)).toHaveLength(1);
    }
  });

  test('on the table covers its indexes, whose throttles are none of the table\'s, and all that the functions call', () => {
    const dimensions = (name: string) => metricsOf(alarms[name])
      .map(({ dimensions: found }) => found.map(({ Name, Value }: any) => `${Name}=${asText(Value)}`).join());
    for (const index of ['TimestampIndex', 'UnsettledIndex']) {
      expect(dimensions('table-throttles').filter((text) => text.includes(`GlobalSecondaryIndexName=${index}`))).toHaveLength(2);
    }
    expect(dimensions('table-errors').map((text) => /Operation=(\w+)/.exec(text)![1])).toEqual(['GetItem', 'PutItem', 'UpdateItem', 'Query', 'TransactWriteItems']);
  });
});

/** With what not every pipeline has. */
function withAllParts(): Record<string, any> {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, intake: Intake.queue() });
  pipeline.onJobFailed('Mine', { target: { bind: () => ({ arn: 'arn:aws:sns:us-east-1:111111111111:mine' }) } });
  const around = [
    new JobApi(stack, 'JobApi', { pipeline }), new JobNotifications(stack, 'Notifications', { pipeline }), new QualityCheck(stack, 'QualityCheck', { pipeline }),
    new Part(stack, 'Part'),
  ];
  const { alarms } = make(stack, pipeline, { around, noFilesFor: Duration.hours(2) });
  const made = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
  const logicalId = (alarm: cloudwatch.Alarm) => stack.getLogicalId(alarm.node.defaultChild as cloudwatch.CfnAlarm);
  return Object.fromEntries(Object.entries(alarms).map(([name, alarm]) => [name, made[logicalId(alarm)].Properties]));
}

describe('what only some pipelines and parts have', () => {
  let alarms: Record<string, any>;
  beforeAll(() => { alarms = withAllParts(); });

  test('an API that answers 5XX, which its function does in place of failing', () => {
    expect(lineOf(alarms['api-errors-job-api-api'])).toBe('100 * errors / requests: AWS/ApiGateway Sum 5XXError, SampleCount Count '
      + '{ApiName=StackJobApiAEF32177} > 5, 1 x 300 s, notBreaching');
    expect(Object.keys(alarms).filter((name) => name.startsWith('api-errors'))).toHaveLength(1);
  });

  test('a quality check: what it finds, and a day without one', () => {
    expect(lineOf(alarms['quality-findings'])).toBe(`CsvChunkPipeline Maximum QualityFindings ${PIPELINE} > 0, 1 x 300 s, notBreaching`);
    expect(lineOf(alarms['quality-check-silent'])).toBe(`CsvChunkPipeline Sum QualityChecks ${PIPELINE} < 1, 26 x 3600 s, breaching`);
  });

  test('that of another pipeline is not this one\'s', () => {
    const stack = newStack();
    const [pipeline, other] = ['Pipeline', 'Other'].map((id) => new CsvChunkPipeline(stack, id, { schema: SCHEMA }));
    const names = Object.keys(make(stack, pipeline, { around: [new QualityCheck(stack, 'Check', { pipeline: other })] }).alarms);
    expect(names.filter((name) => name.startsWith('quality'))).toEqual([]);
    expect(names).toContain('function-errors-check-quality-check');
  });

  test('an intake queue', () => {
    expect(lineOf(alarms['intake-queue-age'])).toBe('AWS/SQS Maximum ApproximateAgeOfOldestMessage {QueueName=${PipelineIntakeQueue.QueueName}} > 600, 1 x 300 s, notBreaching');
  });

  test.each([
    ['dead-letters', ['redrive --dry-run']],
    // The command does not read these, and nothing is known of how often who tried.
    ['dead-letters-notifications', ['its own dead-letter queue', 'redrive does not look at this queue']],
    ['dead-letters-part', ['its own dead-letter queue', 'redrive does not look at this queue']],
    ['events-failed-intake-rule1', ['is in the pipeline\'s dead-letter queue, and the sweep starts the file']],
    // Where a rule's target is the user's it has the dead-letter queue that they gave it, or none.
    ['events-failed-mine', ['or is lost where the target has none']],
    ['events-failed-part-daily', ['or is lost where the target has none']],
    ['events-lost-intake-rule1', ['it is lost, and the sweep starts the file']],
    ['events-lost-mine', ['it is lost. Look']],
  ])('the text of %s says what holds for it', (name, parts) => {
    for (const part of parts) expect(alarms[name].AlarmDescription).toContain(part);
  });

  test('a part that stands in the pipeline is watched once, as itself', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    const names = Object.keys(make(stack, pipeline, { around: [new Part(pipeline, 'Inner')] }).alarms);
    expect(names.filter((name) => name.startsWith('events-failed') && name.endsWith('daily'))).toEqual(['events-failed-inner-daily']);
  });
});

/** CloudWatch's own examples ("Configuring how CloudWatch alarms treat missing data"): 3 of 3 periods, oldest first. */
test.each<[string, Record<string, string>]>([
  ['0 - X - X', { ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  ['0 - - - -', { ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  ['- - - - -', { ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  ['0 X X - X', { ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  ['- - X - -', { ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
])('the evaluation below takes %s as CloudWatch does', (points, expected) => {
  const alarm = { MetricName: 'value', ComparisonOperator: 'GreaterThanThreshold', Threshold: 0, EvaluationPeriods: 3 };
  const value = points.split(' ').map((point) => ({ X: 1, 0: 0 }[point]));
  const states = Object.keys(expected).map((TreatMissingData) => [TreatMissingData, statesOf({ ...alarm, TreatMissingData }, { value }).at(-1)]);
  expect(Object.fromEntries(states)).toEqual(expected);
});

describe('goes off', () => {
  let alarms: Record<string, any>;
  beforeAll(() => { alarms = withAllParts(); });
  const NONE = undefined;

  test.each<[string, string, Series, string]>([
    ['function-errors-process-chunk', 'above 5 % of the calls, and not with 5 %', { errors: [5, 6, 1], invocations: [100, 100, 1] }, 'OK ALARM ALARM'],
    ['function-errors-process-chunk', 'never where nothing runs', { errors: [NONE, 0], invocations: [NONE, 0] }, 'OK OK'],
    ['function-errors-process-chunk', 'no longer once nothing runs', { errors: [1, NONE, NONE, NONE], invocations: [1, NONE, NONE, NONE] }, 'ALARM ALARM ALARM OK'],
    ['function-duration-validate-file', 'at 80 % of 15 minutes', { duration: [719_999, 720_000, 1] }, 'OK ALARM OK'],
    ['function-throttles-validate-file', 'after three periods in a row', { Throttles: [1, 1, 0, 1, 1, 1, 0] }, 'OK OK OK OK OK ALARM OK'],
    ['api-errors-job-api-api', 'above 5 % of the requests', { errors: [5, 6, 7], requests: [100, 100, 7] }, 'OK ALARM ALARM'],
    ['api-errors-job-api-api', 'never where nobody asks', { errors: [NONE, NONE], requests: [NONE, NONE] }, 'OK OK'],
    ['records-rejected', 'above 5 % of those read', { rejected: [50, 51, 0], read: [1000, 1000, 1000] }, 'OK ALARM OK'],
    ['records-rejected', 'never where no job ends, or none has records', { rejected: [NONE, 0], read: [NONE, 0] }, 'OK OK'],
    ['job-age', 'above 15 minutes, and stays while no sweep sees all jobs', { OldestSlaJobAge: [900, 901, NONE, NONE, 0] }, 'OK ALARM ALARM ALARM OK'],
    // What a job that ended between two sweeps has measured itself.
    ['job-age', 'for a job that the sweep saw young, and never again', { OldestSlaJobAge: [880, 1100, 0] }, 'OK ALARM OK'],
    ['file-age', 'above an hour', { OldestFileAge: [3600, 3601, 0] }, 'OK ALARM OK'],
    ['jobs-interrupted', 'with one', { JobsInterrupted: [NONE, 1, 0] }, 'OK ALARM OK'],
    ['jobs-waiting', 'after three sweeps, and stays for as long as one waits', { JobsWaiting: [1, 1, 1, 1, NONE, 1, 0] }, 'OK OK ALARM ALARM ALARM ALARM OK'],
    ['sweep-silent', 'where no sweep came, and no longer once one has', { OpenJobs: [1, NONE, NONE, NONE, NONE, NONE, 1] }, 'OK OK OK OK OK ALARM OK'],
    ['no-files', 'after as many hours as are said', { FilesReceived: [3, NONE, NONE, NONE, NONE, 1] }, 'OK OK OK OK ALARM OK'],
    ['quality-findings', 'once for each check that has any', { QualityFindings: [0, 2, NONE, NONE, NONE, 1] }, 'OK ALARM ALARM ALARM OK ALARM'],
    // CloudWatch looks back further than 26 hours before it takes what is missing for breaching.
    ['quality-check-silent', 'after 26 hours without one and two more, and no longer once one is made', {
      QualityChecks: [1, ...Array.from({ length: 28 }, () => NONE), 1],
    }, [...Array.from({ length: 28 }, () => 'OK'), 'ALARM', 'OK'].join(' ')],
    ['quality-check-silent', 'not on a day of 25 hours', { QualityChecks: [1, ...Array.from({ length: 24 }, () => NONE), 1, NONE] }, Array.from({ length: 27 }, () => 'OK').join(' ')],
    ['intake-queue-age', 'above 10 minutes', { ApproximateAgeOfOldestMessage: [600, 601, 0, NONE] }, 'OK ALARM OK OK'],
    ['dead-letters', 'for as long as there is one', { ApproximateNumberOfMessagesVisible: [0, 1, 1, 0] }, 'OK ALARM ALARM OK'],
    ['map-runs-open', 'at 900', { ApproximateOpenMapRunCount: [899, 900, 0] }, 'OK ALARM OK'],
    ['table-throttles', 'where one of several has data', {
      ...Object.fromEntries([1, 2, 3, 5, 6].map((nth) => [`throttles${nth}`, []])), throttles4: [1, 1, 2, NONE, 0],
    }, 'OK OK ALARM OK OK'],
  ])('%s: %s', (name, _, series, states) => {
    expect(statesOf(alarms[name], series).join(' ')).toBe(states);
  });
});

/** A part around the pipeline, as other constructs are. */
class Part extends Construct implements IMonitored {
  readonly functions: { [step: string]: Function };
  readonly deadLetterQueue: IQueue;

  constructor(scope: Construct, id: string, queue?: IQueue) {
    super(scope, id);
    this.functions = { TellPartner: new Function(this, 'Function', { runtime: Runtime.NODEJS_22_X, handler: 'a.b', code: Code.fromInline('//') }) };
    this.deadLetterQueue = queue ?? new Queue(this, 'Queue');
    new Rule(this, 'Daily', { eventPattern: { source: ['mine'] } });
  }
}

describe('names', () => {
  const named = (props: Partial<JobAlarmsProps>, suffix?: string) => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Tap', { schema: SCHEMA, environmentSuffix: suffix });
    return { alarms: make(stack, pipeline, props), template: Template.fromStack(stack), pipeline };
  };

  test('are those of the pipeline\'s rule', () => {
    named({}, 'dev').template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'alarm-tap-function-errors-process-chunk-dev' });
  });

  test('lead to the alarms, for whoever wants to add to one', () => {
    const { alarms } = named({});
    expect(Object.keys(alarms.alarms)).toEqual(expect.arrayContaining(['job-age', 'function-errors-process-chunk', 'events-lost-intake-rule1', 'dead-letters']));
    expect(alarms.alarms['job-age']).toBeInstanceOf(cloudwatch.Alarm);
  });

  test('of parts around it begin with theirs', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Tap', { schema: SCHEMA });
    const { alarms } = make(stack, pipeline, { around: [new Part(stack, 'Notifications'), new Part(stack, 'Shared', pipeline.deadLetterQueue)] });
    const more = Object.keys(alarms).filter((name) => /notifications|shared/.test(name));
    expect(more.sort()).toEqual([
      'dead-letters-notifications',
      ...['notifications', 'shared'].flatMap((part) => [
        ...['failed', 'lost'].map((row) => `events-${row}-${part}-daily`), ...['duration', 'errors', 'throttles'].map((row) => `function-${row}-${part}-tell-partner`),
      ]),
    ].sort());
    // Its own timeout, which is Lambda's.
    const inPercent = { Metrics: Match.arrayWith([Match.objectLike({ Expression: '100 * duration / 3000' })]) };
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', { Properties: inPercent }))).toHaveLength(2);
  });

  test('of two parts must differ', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Tap', { schema: SCHEMA });
    const around = [new Part(stack, 'Told'), new Part(new Construct(stack, 'In'), 'told')];
    expect(() => make(stack, pipeline, { around })).toThrow('around must be parts whose ids differ in letters or digits, got "Stack/Told" and "Stack/In/told"');
  });
});

const topicIn = (stack: Stack, more: object = {}) => new Topic(stack, 'Topic', more);
const only = (synthesized: Synthesized, name: string) => lineOf(alarmsOf(synthesized)[name]);
const change = (value: AlarmChange): Partial<JobAlarmsProps> => ({ changes: { 'jobs-rejected': value } });
const rejected = (synthesized: Synthesized) => {
  const { Threshold, Period, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = alarmsOf(synthesized)['jobs-rejected'];
  return { Threshold, Period, EvaluationPeriods, DatapointsToAlarm, TreatMissingData };
};

holdProps<JobAlarmsProps>('./around/job-alarms', make, {
  'JobAlarmsProps.actions': {
    read: (synthesized) => new Set(Object.values(alarmsOf(synthesized))
      .flatMap(({ AlarmActions = [] }) => AlarmActions.map(({ Ref }: any) => Ref.slice(0, 5)))),
    byDefault: new Set(),
    override: (stack) => ({ actions: [new SnsAction(topicIn(stack))] }),
    overridden: new Set(['Topic']),
  },
  'JobAlarmsProps.okActions': {
    read: (synthesized) => Object.values(alarmsOf(synthesized)).filter(({ OKActions }) => OKActions !== undefined).length > 0,
    byDefault: false,
    override: (stack) => ({ okActions: [new SnsAction(topicIn(stack))] }),
    overridden: true,
  },
  'JobAlarmsProps.around': {
    read: (synthesized) => synthesized.entries('AWS::CloudWatch::Alarm').filter(([id]) => id.includes('otification')).length,
    byDefault: 0,
    override: (stack) => ({ around: [new Part(stack, 'Notifications')] }),
    overridden: 6,
  },
  'JobAlarmsProps.changes': {
    read: rejected,
    byDefault: { Threshold: 0, Period: 300, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' },
    override: change({ threshold: 2 }),
    overridden: { Threshold: 2, Period: 300, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' },
  },
  'JobAlarmsProps.leaveOut': {
    read: (synthesized) => Object.keys(alarmsOf(synthesized))
      .filter((name) => /executions-failed|function-errors (ValidateFile|PlanChunks)|function-duration/.test(name)).length,
    byDefault: 10,
    override: { leaveOut: ['executions-failed', 'function-duration', 'function-errors-plan-chunks'] },
    overridden: 1,
  },
  'JobAlarmsProps.sla': { read: (synthesized) => alarmsOf(synthesized)['job-age'].Threshold, byDefault: 900, override: { sla: Duration.minutes(30) }, overridden: 1800 },
  'JobAlarmsProps.slaFileSize': {
    read: (synthesized) => ['SweepJobs', 'FinalizeJob', 'CloseJob', 'MoveSource']
      .map((step) => synthesized.one('AWS::Lambda::Function', `${step}Function`).Properties.Environment.Variables.SLA_FILE_SIZE_BYTES),
    // The functions' own default.
    byDefault: [undefined, undefined, undefined, undefined],
    override: { slaFileSize: Size.mebibytes(1) },
    overridden: ['1048576', '1048576', '1048576', undefined],
  },
  'JobAlarmsProps.noFilesFor': {
    read: (synthesized) => alarmsOf(synthesized)['no-files']?.EvaluationPeriods, byDefault: undefined, override: { noFilesFor: Duration.days(7) }, overridden: 168,
  },
  'AlarmChange.threshold': { read: (synthesized) => rejected(synthesized).Threshold, byDefault: 0, override: change({ threshold: 0.5 }), overridden: 0.5 },
  'AlarmChange.period': { read: (synthesized) => rejected(synthesized).Period, byDefault: 300, override: change({ period: Duration.hours(1) }), overridden: 3600 },
  'AlarmChange.evaluationPeriods': {
    read: (synthesized) => rejected(synthesized).EvaluationPeriods, byDefault: 1, override: change({ evaluationPeriods: 4 }), overridden: 4,
  },
  'AlarmChange.treatMissingData': {
    read: (synthesized) => rejected(synthesized).TreatMissingData,
    byDefault: 'notBreaching',
    override: change({ treatMissingData: cloudwatch.TreatMissingData.BREACHING }),
    overridden: 'breaching',
  },
  'AlarmChange.datapointsToAlarm': {
    read: (synthesized) => rejected(synthesized).DatapointsToAlarm,
    byDefault: undefined,
    override: change({ evaluationPeriods: 4, datapointsToAlarm: 2 }),
    overridden: 2,
  },
});

describe('what is different', () => {
  test('of a row is so for all its alarms, and of one alarm for that one', () => {
    const synthesized = synthesize({ changes: { 'function-errors': { threshold: 10, evaluationPeriods: 2 }, 'function-errors-sweep-jobs': { threshold: 50 } } });
    expect(only(synthesized, 'function-errors ValidateFile')).toContain('> 10, 2 x 300 s');
    expect(only(synthesized, 'function-errors SweepJobs')).toContain('> 50, 2 x 300 s');
  });

  test('a period is that of the metrics in an expression too', () => {
    const { Metrics } = alarmsOf(synthesize({ changes: { 'records-rejected': { period: Duration.hours(1) } } }))['records-rejected'];
    expect(Metrics.filter(({ MetricStat }: any) => MetricStat).map(({ MetricStat }: any) => MetricStat.Period)).toEqual([3600, 3600]);
  });

  test('where the sweep comes seldom, what it measures is looked at as seldom', () => {
    const stack = newStack();
    const seldom = () => new CsvChunkPipeline(newStack(), 'Pipeline', { schema: SCHEMA, sweepInterval: Duration.minutes(30) });
    expect(() => { const pipeline = seldom(); new JobAlarms(pipeline, 'Alarms', { pipeline, actions: [] }); }).toThrow(
      'sla must be given with a sweepInterval above its default of 15 minutes, got none and 30 minutes');
    make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sweepInterval: Duration.hours(2) }), { sla: Duration.hours(3) });
    const synthesized = new Synthesized(stack);
    expect(only(synthesized, 'job-age')).toContain('> 10800, 1 x 7200 s');
    expect(only(synthesized, 'sweep-silent')).toContain('< 1, 3 x 7200 s');
  });

  test.each<[string, Partial<JobAlarmsProps>, string | RegExp]>([
    ['an unknown name', { changes: { 'function-error': { threshold: 1 } } }, /^each name in changes must be one of function-errors, function-errors-validate-file, .+, table-errors, got "function-error"$/],
    ['an unknown name left out', { leaveOut: ['composite'] }, /^each name in leaveOut must be one of function-errors, .+, got "composite"$/],
    ['a threshold that is none', change({ threshold: NaN }), 'changes["jobs-rejected"].threshold must be a number, got NaN'],
    ['a period of seconds', change({ period: Duration.seconds(90) }), 'changes["jobs-rejected"].period must be whole minutes, got 1 minute 30 seconds'],
    ['no periods', change({ evaluationPeriods: 0 }), 'changes["jobs-rejected"].evaluationPeriods must be at least 1, got 0'],
    ['more than a day', change({ evaluationPeriods: 289 }), 'changes["jobs-rejected"].evaluationPeriods must last at most 1 day with periods of 5 minutes, got 289'],
    ['more than a week', change({ period: Duration.hours(1), evaluationPeriods: 169 }),
      'changes["jobs-rejected"].evaluationPeriods must last at most 7 days with periods of 1 hour, got 169'],
    ['more data points than periods', change({ datapointsToAlarm: 2 }), 'changes["jobs-rejected"].datapointsToAlarm must be at most 1, got 2'],
    ['more actions than CloudWatch takes', { okActions: Array.from({ length: 6 }, () => ({ bind: () => ({ alarmActionArn: 'arn' }) })) },
      'okActions must be at most 5, which is what CloudWatch takes, got 6'],
    ['an SLA that nobody measures', { sla: Duration.minutes(4) }, 'sla must be at least 5 minutes, got 4 minutes'],
    ['an SLA of no files', { slaFileSize: Size.bytes(0) }, 'slaFileSize must be at least 1 bytes, got 0 bytes'],
    ['half an hour of silence', { noFilesFor: Duration.minutes(90) }, 'noFilesFor must be whole hours, got 1 hour 30 minutes'],
    ['a month of silence', { noFilesFor: Duration.days(30) }, 'noFilesFor must be at most 7 days, got 30 days'],
  ])('%s is refused', (_, props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });

  test('two constructs must agree on the size of the SLA, which one sweep measures', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    new JobAlarms(stack, 'One', { pipeline, actions: [], slaFileSize: Size.mebibytes(10) });
    new JobAlarms(stack, 'Two', { pipeline, actions: [], slaFileSize: Size.mebibytes(10), leaveOut: ['job-age'] });
    expect(() => new JobAlarms(stack, 'Three', { pipeline, actions: [] }))
      .toThrow('slaFileSize must be the same for all JobAlarms of a pipeline, got 100 MiB beside 10 MiB');
  });
});

describe('where they are', () => {
  const west = { env: { region: 'eu-west-1', account: '111111111111' } };
  const east = { env: { region: 'us-east-1', account: '111111111111' } };

  test('they may be in another stack, or a nested one', () => {
    const app = newApp();
    const stack = new Stack(app, 'Data');
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    const other = new Stack(app, 'Ops');
    make(other, pipeline);
    make(new NestedStack(stack, 'Nested'), pipeline);
    expect(Object.keys(Template.fromStack(other).findResources('AWS::CloudWatch::Alarm')).length).toBeGreaterThan(40);
  });

  test('they must be in the region of what they look at', () => {
    const app = newApp();
    const pipeline = new CsvChunkPipeline(new Stack(app, 'Data', west), 'Pipeline', { schema: SCHEMA });
    expect(() => make(new Stack(app, 'Ops', east), pipeline)).toThrow('JobAlarms must lie in the account and region of the pipeline, got '
      + '"Ops/Alarms" in aws://111111111111/us-east-1 and "Data/Pipeline" in aws://111111111111/eu-west-1');
  });

  test('a topic of another region is refused', () => {
    const app = newApp();
    const stack = new Stack(app, 'Data', west);
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    const topic = new Topic(new Stack(app, 'Ops', east), 'Topic', { topicName: 'on-call' });
    expect(() => make(stack, pipeline, { actions: [new SnsAction(topic)] }))
      .toThrow('actions must be topics of the alarms\' own region, which is eu-west-1, got "Ops/Topic" of us-east-1');
  });

  test('they have the tags of the pipeline', () => {
    const stack = newStack();
    make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, tags: { Project: 'ETL' } }));
    for (const { Properties } of Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))) {
      expect(Properties.Tags).toEqual([{ Key: 'Project', Value: 'ETL' }]);
    }
  });
});

describe('a topic', () => {
  const alarming = (topicOf: (stack: Stack) => ITopic, afterwards: (topic: ITopic) => void = () => undefined) => {
    const app: App = newApp();
    const stack = new Stack(app, 'Stack');
    const topic = topicOf(stack);
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    make(stack, pipeline, { actions: [new SnsAction(topic)], okActions: [new SnsAction(topic)] });
    afterwards(topic);
    return { stack, template: Template.fromStack(stack) };
  };
  const byCloudWatch = { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } };
  const mayUse = { KeyPolicy: { Statement: Match.arrayWith([{ ...byCloudWatch, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' }]) } };
  const mayPublish = {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        ...byCloudWatch,
        Action: 'sns:Publish',
        Resource: { Ref: Match.stringLikeRegexp('^Topic') },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      })]),
    },
  };

  test('without key and policy takes what comes from its account', () => {
    alarming((stack) => topicIn(stack)).template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });

  test('with a policy lets CloudWatch publish by it, also where it gets that later', () => {
    alarming((stack) => topicIn(stack, { enforceSSL: true })).template.hasResourceProperties('AWS::SNS::TopicPolicy', mayPublish);
    alarming((stack) => topicIn(stack), (topic) => topic.grantPublish(new ServicePrincipal('events.amazonaws.com')))
      .template.hasResourceProperties('AWS::SNS::TopicPolicy', mayPublish);
  });

  test('with a key of the app lets CloudWatch use that', () => {
    alarming((stack) => topicIn(stack, { masterKey: new Key(stack, 'Key') })).template.hasResourceProperties('AWS::KMS::Key', mayUse);
    alarming((stack) => topicIn(stack, { masterKey: new Key(stack, 'Key').addAlias('alias/mine') })).template.hasResourceProperties('AWS::KMS::Key', mayUse);
  });

  test.each<[string, (stack: Stack) => ITopic]>([
    ['an alias', (stack) => topicIn(stack, { masterKey: Alias.fromAliasName(stack, 'Managed', 'alias/aws/sns') })],
    ['its id', (stack) => {
      const topic = topicIn(stack);
      (topic.node.defaultChild as CfnTopic).kmsMasterKeyId = 'alias/aws/sns';
      return topic;
    }],
  ])('with the key that AWS manages, by %s, is refused', (_, topicOf) => {
    expect(() => alarming(topicOf)).toThrow('actions must be topics that CloudWatch may publish to, got "Stack/Topic", which is encrypted with alias/aws/sns: '
      + 'the policy of that key lets CloudWatch not use it, and nobody can change it. Encrypt the topic with a key of your own, or not at all');
  });

  test.each<[string, (stack: Stack) => ITopic]>([
    ['an ARN', (stack) => topicIn(stack, { masterKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:111111111111:key/${'0'.repeat(8)}`) })],
    ['an alias', (stack) => topicIn(stack, { masterKey: Alias.fromAliasName(stack, 'Key', 'alias/theirs') })],
    ['an id', (stack) => {
      const topic = topicIn(stack);
      (topic.node.defaultChild as CfnTopic).kmsMasterKeyId = 'alias/theirs';
      return topic;
    }],
  ])('with a key of somebody else, known by %s, is a warning that says what its policy needs', (_, topicOf) => {
    const { stack } = alarming(topicOf);
    Annotations.fromStack(stack).hasWarning('/Stack/Alarms', Match.stringLikeRegexp('is encrypted with a key that is not of this app, '
      + 'whose policy must allow cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey\\*'));
  });

  describe('with a CfnKey of the app', () => {
    const keyPolicy = (service: string) => ({ Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'kms:*', Resource: '*' }] });
    const encrypted = (stack: Stack, service: string, by: 'id' | 'ARN') => {
      const plain = new CfnKey(stack, 'Plain', { keyPolicy: keyPolicy(service) });
      if (by === 'ARN') return topicIn(stack, { masterKey: Key.fromKeyArn(stack, 'Key', plain.attrArn) });
      const topic = topicIn(stack);
      (topic.node.defaultChild as CfnTopic).kmsMasterKeyId = plain.ref;
      return topic;
    };

    test.each(['id', 'ARN'] as const)('known by its %s is refused if its policy, which cannot be changed, does not let CloudWatch use it', (by) => {
      expect(() => alarming((stack) => encrypted(stack, 'events.amazonaws.com', by))).toThrow('actions must be topics that CloudWatch may publish to, '
        + 'got "Stack/Topic", which is encrypted with "Stack/Plain": the policy of that CfnKey cannot be changed here. '
        + 'Allow cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey* in it');
    });

    test.each(['id', 'ARN'] as const)('known by its %s is taken if its policy does', (by) => {
      const { stack } = alarming((of) => encrypted(of, 'cloudwatch.amazonaws.com', by));
      Annotations.fromStack(stack).hasNoWarning('/Stack/Alarms', Match.anyValue());
    });
  });

  test('that is known by its ARN alone is left to whoever owns it', () => {
    alarming((stack) => Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:on-call')).template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });
});

test('an action that is no topic is done as it is', () => {
  const synthesized = synthesizeAround((stack, pipeline) => {
    const fn = new Function(stack, 'Mine', { runtime: Runtime.NODEJS_22_X, handler: 'a.b', code: Code.fromInline('//') });
    make(stack, pipeline, { actions: [new LambdaAction(fn)], leaveOut: ['function-errors'] });
  });
  expect(alarmsOf(synthesized)['job-age'].AlarmActions).toEqual([{ 'Fn::GetAtt': [expect.stringContaining('Mine'), 'Arn'] }]);
});
