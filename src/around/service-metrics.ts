/** What AWS's services measure of a pipeline, for alarms and the dashboard alike. */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { timeoutOf } from './watched';
import { TIMESTAMP_INDEX, UNSETTLED_INDEX } from '../contract/job-item';
import { MAP_LABEL } from '../contract/metrics';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';

const { SUM, MAXIMUM, SAMPLE_COUNT } = cloudwatch.Stats;

/**
 * Errors of a function in percent of its calls; no data where it is not called.
 *
 * @param nth in one graph the ids of metrics must differ
 */
export function errorShare(fn: lambda.Function, period: Duration, nth: number | '' = ''): cloudwatch.IMetric {
  return share(`errors${nth}`, fn.metricErrors({ statistic: SUM }), `invocations${nth}`, fn.metricInvocations({ statistic: SUM }), period);
}

/**
 * The longest call of a function in percent of its timeout.
 *
 * @param nth in one graph the ids of metrics must differ
 */
export function durationShare(fn: lambda.Function, period: Duration, nth: number | '' = ''): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    expression: `100 * duration${nth} / ${timeoutOf(fn).toMilliseconds()}`,
    usingMetrics: { [`duration${nth}`]: fn.metricDuration({ statistic: MAXIMUM }) },
    label: 'duration, % of the timeout',
    period,
  });
}

/** Requests that an API has answered with 5XX, in percent of all; no data where it gets none. */
export function serverErrorShare(apiName: string, period: Duration, nth: number | '' = ''): cloudwatch.IMetric {
  const errors = api(apiName, '5XXError', period);
  return share(`errors${nth}`, errors, `requests${nth}`, api(apiName, 'Count', period).with({ statistic: SAMPLE_COUNT }), period);
}

/** Of a REST API, over all of its stages. */
export function api(apiName: string, metricName: string, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap: { ApiName: apiName }, statistic: SUM, period });
}

/** Rejected records in percent of those read; no data where no job ends. */
export function rejectedShare(pipeline: ICsvChunkPipeline, period: Duration): cloudwatch.IMetric {
  return share('rejected', pipeline.metricRecordsRejected(), 'read', pipeline.metricRecordsRead(), period);
}

function share(part: string, partMetric: cloudwatch.IMetric, whole: string, wholeMetric: cloudwatch.IMetric, period: Duration): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    expression: `100 * ${part} / ${whole}`,
    usingMetrics: { [part]: partMetric, [whole]: wholeMetric },
    label: `${part}, % of ${whole}`,
    period,
  });
}

/** Of the workflow's executions: `ExecutionsFailed` … */
export function executions({ stateMachine }: ICsvChunkPipeline, metricName: string, period: Duration): cloudwatch.Metric {
  return stateMachine.metric(metricName, { statistic: SUM, period });
}

/** Of the executions that process the chunks, which the Map starts. */
export function chunkExecutions({ stateMachine }: ICsvChunkPipeline, metricName: string, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/States',
    metricName,
    dimensionsMap: { StateMachineArn: `${stateMachine.stateMachineArn}/${MAP_LABEL}` },
    statistic: SUM,
    period,
  });
}

/**
 * Of all Map Runs of the account in the region, without a dimension: Step Functions tells them no closer ("Map Run
 * Metrics" of https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html).
 */
export function mapRuns(metricName: string, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/States', metricName, statistic: MAXIMUM, period });
}

/** Of a rule of the default event bus. */
export function rule(ruleName: string, metricName: string, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/Events', metricName, dimensionsMap: { RuleName: ruleName }, statistic: SUM, period });
}

/** Of a queue: `ApproximateNumberOfMessagesVisible`, `ApproximateAgeOfOldestMessage` in seconds … */
export function queue(queueName: string, metricName: string, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/SQS', metricName, dimensionsMap: { QueueName: queueName }, statistic: MAXIMUM, period });
}

/** Reads and writes that the table or one of its indexes has throttled; those of an index do not count as the table's. */
export function tableThrottles({ jobTable }: ICsvChunkPipeline, period: Duration): cloudwatch.IMetric {
  const places = [{}, ...[TIMESTAMP_INDEX, UNSETTLED_INDEX].map(({ name }) => ({ GlobalSecondaryIndexName: name }))];
  const metrics = places.flatMap((place) => ['ReadThrottleEvents', 'WriteThrottleEvents'].map((metricName) =>
    table(metricName, { TableName: jobTable.tableName, ...place }, period)));
  return total('throttles', metrics, period);
}

/** What the functions call. DynamoDB tells its errors by operation alone. */
const TABLE_OPERATIONS = ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'TransactWriteItems'];

/** Calls that DynamoDB failed on. */
export function tableErrors({ jobTable }: ICsvChunkPipeline, period: Duration): cloudwatch.IMetric {
  const metrics = TABLE_OPERATIONS.map((Operation) => table('SystemErrors', { TableName: jobTable.tableName, Operation }, period));
  return total('errors', metrics, period);
}

export function table(metricName: string, dimensionsMap: Record<string, string>, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, statistic: SUM, period });
}

function total(label: string, metrics: cloudwatch.Metric[], period: Duration): cloudwatch.IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`${label}${index + 1}`, metric]));
  // One that has no data in a period, as those without an event have none, would leave the sum without any.
  return new cloudwatch.MathExpression({ expression: Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`).join(' + '), usingMetrics, label, period });
}
