/**
 * What the dashboard shows, from the flow of files to the single function. A row is 24 columns wide; all of its widgets
 * are equally high.
 */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LOG_QUERIES } from './log-queries';
import { RUNBOOK } from './runbook';
import * as metrics from './service-metrics';
import { Watched } from './watched';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { REJECT_CODES } from '../spec/error-codes';

export interface DashboardContext {
  readonly pipeline: ICsvChunkPipeline;
  readonly watched: Watched;
  readonly alarms: readonly cloudwatch.IAlarm[];
  /** Its threshold is drawn where ages are. */
  readonly jobAgeAlarm?: cloudwatch.Alarm;
  readonly period: Duration;
}

const WIDTH = 24;
const GRAPH_HEIGHT = 6;
/**
 * Most that CloudWatch takes in one widget: "Properties of an Alarm Status Widget Object" of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html.
 */
const ALARMS_IN_WIDGET = 100;
const { GREEN, RED, ORANGE, BLUE, PURPLE, GREY } = cloudwatch.Color;
const { MAXIMUM, AVERAGE, SUM, SAMPLE_COUNT } = cloudwatch.Stats;

export function dashboardRows(context: DashboardContext): cloudwatch.IWidget[][] {
  return [
    [explanation(context)],
    ...alarmRows(context),
    [heading('1. Files and jobs: what came, what became of it, what is open')],
    [numbers(context)],
    jobGraphs(context),
    [heading('2. Records: what was read, what was published, and what is in quarantine')],
    recordGraphs(context),
    [heading('3. Chunks and steps: how the work goes on')],
    chunkGraphs(context),
    stepGraphs(context),
    [heading('4. Functions: each by itself')],
    functionGraphs(context),
    functionLimits(context),
    [heading('5. Workflow, table, events, queues and APIs: what lies below')],
    serviceGraphs(context),
    deliveryGraphs(context),
    ...queueRow(context),
    ...apiRow(context),
  ];
}

function heading(text: string): cloudwatch.IWidget {
  return new cloudwatch.TextWidget({ markdown: `## ${text}`, width: WIDTH, height: 1, background: cloudwatch.TextWidgetBackground.TRANSPARENT });
}

function explanation({ pipeline }: DashboardContext): cloudwatch.IWidget {
  const { incoming, processed, failed, output, quarantine, reports } = pipeline.prefixes;
  return new cloudwatch.TextWidget({
    width: WIDTH,
    height: 6,
    markdown: [
      `# ${pipeline.pipelineId}`,
      `A file lands under \`${incoming}\` and becomes one **job**: ValidateFile claims it, PlanChunks cuts it into **chunks**, ProcessChunk checks and converts`
        + ' the **records** of each chunk, in parallel, FinalizeJob publishes the file whole or not at all, and MoveSource moves the source away.',
      '',
      `- Published: records under \`${output}\`, the source under \`${processed}\`. *Rejected*, because of the file: nothing is published, the source is under \`${failed}\`.`
        + ' *Interrupted*, by a failure of ours: the source stays, and the job can be resumed.',
      `- Each rejected record is under \`${quarantine}\` with its reason, each job's figures are under \`${reports}\`.`,
      '- SweepJobs comes on a schedule, goes on with what no event brought on, and measures how old the oldest open job and the oldest waiting file are.',
      `- Logs Insights has saved queries in the folder \`${pipeline.pipelineId}\`: ${LOG_QUERIES.map(({ name }) => `\`${name}\``).join(', ')}.`
        + ` What each alarm means, and what to do: [runbook](${RUNBOOK}).`,
    ].join('\n'),
  });
}

/** Further ones are to be scrolled to. */
function alarmRows({ alarms }: DashboardContext): cloudwatch.IWidget[][] {
  const sortBy = cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP;
  const starts = Array.from({ length: Math.ceil(alarms.length / ALARMS_IN_WIDGET) }, (_, page) => page * ALARMS_IN_WIDGET);
  return starts.map((start, index) => [new cloudwatch.AlarmStatusWidget({
    title: `Alarms, the last to change first${index === 0 ? '' : ` (${index + 1})`}`,
    alarms: alarms.slice(start, start + ALARMS_IN_WIDGET),
    width: WIDTH,
    height: 5,
    sortBy,
  })]);
}

function numbers({ pipeline, period }: DashboardContext): cloudwatch.IWidget {
  const inRange = { period };
  return new cloudwatch.SingleValueWidget({
    title: 'In the time range that is chosen above',
    width: WIDTH,
    height: 4,
    setPeriodToTimeRange: true,
    metrics: [
      pipeline.metricFilesReceived({ ...inRange, label: 'Files received' }),
      pipeline.metricJobsSucceeded({ ...inRange, label: 'Jobs published', color: GREEN }),
      pipeline.metricJobsRejected({ ...inRange, label: 'Jobs rejected (the file)', color: ORANGE }),
      pipeline.metricJobsInterrupted({ ...inRange, label: 'Jobs interrupted (ours)', color: RED }),
      pipeline.metricRecordsWritten({ ...inRange, label: 'Records passed' }),
      pipeline.metricRecordsRejected({ ...inRange, label: 'Records rejected', color: ORANGE }),
      pipeline.metricBytesProcessed({ ...inRange, label: 'Bytes processed' }),
    ],
  });
}

function jobGraphs({ pipeline, jobAgeAlarm, period }: DashboardContext): cloudwatch.IWidget[] {
  return row([
    {
      title: 'Files received and jobs ended',
      left: [
        pipeline.metricFilesReceived({ label: 'files received', color: BLUE, period }),
        pipeline.metricJobsSucceeded({ label: 'jobs published', color: GREEN, period }),
        pipeline.metricJobsRejected({ label: 'jobs rejected (the file)', color: ORANGE, period }),
        pipeline.metricJobsInterrupted({ label: 'jobs interrupted (ours)', color: RED, period }),
      ],
      leftYAxis: COUNT,
    },
    {
      title: 'Jobs that are open, or wait to be resumed',
      left: [
        pipeline.metricOpenJobs({ label: 'open jobs', color: BLUE, period }), pipeline.metricJobsWaiting({ label: 'waiting to be resumed', color: RED, period }),
      ],
      leftYAxis: COUNT,
    },
    {
      title: 'How long files wait (oldest)',
      left: [
        pipeline.metricOldestOpenJobAge({ label: 'oldest open job', color: BLUE, period }),
        pipeline.metricOldestSlaJobAge({ label: 'oldest job of the SLA, open or just ended', color: ORANGE, period }),
        pipeline.metricOldestFileAge({ label: 'oldest file that waits', color: PURPLE, period }),
      ],
      leftYAxis: { label: 'seconds', min: 0, showUnits: false },
      leftAnnotations: jobAgeAlarm === undefined ? undefined : [{ ...jobAgeAlarm.toAnnotation(), label: 'SLA' }],
    },
  ]);
}

function recordGraphs({ pipeline, period }: DashboardContext): cloudwatch.IWidget[] {
  return row([
    {
      title: 'Records of the jobs that ended',
      left: [
        pipeline.metricRecordsRead({ label: 'read', color: BLUE, period }),
        pipeline.metricRecordsWritten({ label: 'passed', color: GREEN, period }),
        pipeline.metricRecordsRejected({ label: 'rejected', color: RED, period }),
        pipeline.metricRecordsFiltered({ label: 'filtered by the transform', color: GREY, period }),
      ],
      leftYAxis: COUNT,
    },
    {
      title: 'Rejected records by code',
      left: REJECT_CODES.map((code) => pipeline.metricRecordsRejectedByCode(code, { label: code, period })),
      leftYAxis: COUNT,
      stacked: true,
    },
    { title: 'Rejected records, % of those read', left: [metrics.rejectedShare(pipeline, period)], leftYAxis: PERCENT },
  ]);
}

function chunkGraphs({ pipeline, period }: DashboardContext): cloudwatch.IWidget[] {
  const chunks = (name: string, label: string, color: string) => metrics.chunkExecutions(pipeline, name, period).with({ label, color });
  return row([
    { title: 'Bytes processed', left: [pipeline.metricBytesProcessed({ label: 'bytes', color: BLUE, period })], leftYAxis: { min: 0, showUnits: false } },
    {
      title: 'Chunks',
      left: [
        chunks('ExecutionsStarted', 'started', BLUE), chunks('ExecutionsSucceeded', 'processed', GREEN), chunks('ExecutionsFailed', 'failed', RED),
      ],
      leftYAxis: COUNT,
    },
    {
      title: 'Chunks that ran again because their boundary was a wrong guess',
      left: [pipeline.metricChunkRepairs({ label: 'repaired', color: ORANGE, period })],
      leftYAxis: COUNT,
    },
  ]);
}

function stepGraphs({ pipeline, period }: DashboardContext): cloudwatch.IWidget[] {
  const seconds = (metric: cloudwatch.IMetric, label: string, nth: number): cloudwatch.IMetric =>
    new cloudwatch.MathExpression({ expression: `duration${nth} / 1000`, usingMetrics: { [`duration${nth}`]: metric }, label, period });
  return row([
    {
      title: 'How long jobs take, from claim to end',
      left: Object.entries({ average: AVERAGE, p90: 'p90', longest: MAXIMUM })
        .map(([label, statistic], index) => seconds(pipeline.metricJobDuration({ statistic, period }), label, index)),
      leftYAxis: { label: 'seconds', min: 0, showUnits: false },
    },
    {
      title: 'How long one call of each step takes, on average',
      left: Object.entries(pipeline.functions).map(([step, fn], index) => seconds(fn.metricDuration({ statistic: AVERAGE, period }), step, index)),
      leftYAxis: { label: 'seconds', min: 0, showUnits: false },
    },
  ]);
}

function functionGraphs({ watched: { functions }, period }: DashboardContext): cloudwatch.IWidget[] {
  const each = (metric: (fn: lambda.Function, nth: number) => cloudwatch.IMetric) =>
    functions.map(({ title, function: fn }, index) => labelled(metric(fn, index), title));
  return row([
    { title: 'Calls', left: each((fn) => fn.metricInvocations({ statistic: SUM, period })), leftYAxis: COUNT },
    { title: 'Errors', left: each((fn) => fn.metricErrors({ statistic: SUM, period })), leftYAxis: COUNT },
    { title: 'Errors, % of calls', left: each((fn, nth) => metrics.errorShare(fn, period, nth)), leftYAxis: PERCENT },
  ]);
}

function functionLimits({ watched: { functions }, period }: DashboardContext): cloudwatch.IWidget[] {
  const each = (metric: (fn: lambda.Function, nth: number) => cloudwatch.IMetric) =>
    functions.map(({ title, function: fn }, index) => labelled(metric(fn, index), title));
  return row([
    { title: 'Longest call, % of the timeout', left: each((fn, nth) => metrics.durationShare(fn, period, nth)), leftYAxis: PERCENT },
    { title: 'Calls that were throttled', left: each((fn) => fn.metricThrottles({ statistic: SUM, period })), leftYAxis: COUNT },
    { title: 'Calls at a time', left: each((fn) => fn.metric('ConcurrentExecutions', { statistic: MAXIMUM, period })), leftYAxis: COUNT },
  ]);
}

function serviceGraphs({ pipeline, period }: DashboardContext): cloudwatch.IWidget[] {
  const workflow = (name: string, label: string, color: string) => metrics.executions(pipeline, name, period).with({ label, color });
  const table = (name: string, label: string) => metrics.table(name, { TableName: pipeline.jobTable.tableName }, period).with({ label });
  return row([
    {
      title: 'Executions of the workflow',
      left: [
        workflow('ExecutionsStarted', 'started', BLUE), workflow('ExecutionsSucceeded', 'succeeded', GREEN), workflow('ExecutionsFailed', 'failed', RED),
        workflow('ExecutionsTimedOut', 'timed out', PURPLE), workflow('ExecutionsAborted', 'aborted', GREY),
      ],
      leftYAxis: COUNT,
    },
    {
      title: 'Step Functions: what had to wait (Map Runs: of the whole account)',
      left: [
        workflow('ExecutionThrottled', 'transitions of executions', ORANGE),
        metrics.chunkExecutions(pipeline, 'ExecutionThrottled', period).with({ label: 'transitions of chunks', color: RED }),
        metrics.mapRuns('ApproximateMapRunBacklogSize', period).with({ label: 'Map Runs that wait', color: PURPLE }),
      ],
      leftYAxis: COUNT,
    },
    {
      title: 'Job table: units used, throttles and errors',
      left: [table('ConsumedReadCapacityUnits', 'read units'), table('ConsumedWriteCapacityUnits', 'write units')],
      right: [labelled(metrics.tableThrottles(pipeline, period), 'throttled (right)'), labelled(metrics.tableErrors(pipeline, period), 'errors (right)')],
      leftYAxis: COUNT,
      rightYAxis: COUNT,
    },
  ]);
}

function deliveryGraphs({ watched: { deadLetterQueues, rules }, period }: DashboardContext): cloudwatch.IWidget[] {
  const queues = deadLetterQueues.map(({ name, queue }) => ({ name: name === '' ? 'dead letters' : `dead letters ${name}`, queue }));
  return row([
    {
      title: 'Messages in the dead-letter queues',
      left: queues.map(({ name, queue }) => queue.metricApproximateNumberOfMessagesVisible({ statistic: MAXIMUM, label: name, period })),
      leftYAxis: COUNT,
    },
    {
      title: 'Events delivered',
      left: rules.map(({ name, ruleName }) => metrics.rule(ruleName, 'Invocations', period).with({ label: name })),
      leftYAxis: COUNT,
    },
    {
      title: 'Events that could not be delivered',
      left: rules.flatMap(({ name, ruleName }) => [
        metrics.rule(ruleName, 'FailedInvocations', period).with({ label: `${name} failed` }),
        metrics.rule(ruleName, 'InvocationsFailedToBeSentToDlq', period).with({ label: `${name} lost` }),
      ]),
      leftYAxis: COUNT,
    },
  ]);
}

function queueRow({ watched: { queues }, period }: DashboardContext): cloudwatch.IWidget[][] {
  if (queues.length === 0) return [];
  const each = (metricName: string) => queues.map(({ name, queueName }) => metrics.queue(queueName, metricName, period).with({ label: name }));
  return [row([
    { title: 'Messages that wait in queues', left: each('ApproximateNumberOfMessagesVisible'), leftYAxis: COUNT },
    {
      title: 'How long messages wait in queues (oldest)',
      left: each('ApproximateAgeOfOldestMessage'),
      leftYAxis: { label: 'seconds', min: 0, showUnits: false },
    },
  ])];
}

function apiRow({ watched: { restApis }, period }: DashboardContext): cloudwatch.IWidget[][] {
  if (restApis.length === 0) return [];
  return [row([
    {
      title: 'Requests of APIs',
      left: restApis.map(({ name, apiName }) => metrics.api(apiName, 'Count', period).with({ label: name, statistic: SAMPLE_COUNT })),
      leftYAxis: COUNT,
    },
    {
      title: 'Requests answered with 5XX, % of all',
      left: restApis.map(({ name, apiName }, nth) => labelled(metrics.serverErrorShare(apiName, period, nth), name)),
      leftYAxis: PERCENT,
    },
  ])];
}

const COUNT: cloudwatch.YAxisProps = { min: 0, showUnits: false };
const PERCENT: cloudwatch.YAxisProps = { label: '%', min: 0, showUnits: false };

/** Graphs side by side, that share the width. */
function row(graphs: readonly cloudwatch.GraphWidgetProps[]): cloudwatch.IWidget[] {
  return graphs.map((graph) => new cloudwatch.GraphWidget({ ...graph, width: WIDTH / graphs.length, height: GRAPH_HEIGHT, liveData: true }));
}

function labelled(metric: cloudwatch.IMetric, label: string): cloudwatch.IMetric {
  return (metric as cloudwatch.Metric | cloudwatch.MathExpression).with({ label });
}
