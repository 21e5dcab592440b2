/**
 * Every alarm of a pipeline, as data. Metrics and thresholds are those that AWS recommends, where it does: "Recommended
 * alarms" and "Step Functions metrics for CloudWatch" (open Map Runs: 900 of 1,000), "Best practices for monitoring
 * event delivery" (EventBridge). docs/monitoring.md shows the table, docs/runbook.md has a section for each row.
 */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { QualityCheck } from './quality-check';
import * as metrics from './service-metrics';
import { Watched } from './watched';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';

const { GREATER_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
const { NOT_BREACHING, BREACHING, IGNORE } = cloudwatch.TreatMissingData;

export interface AlarmContext {
  readonly pipeline: ICsvChunkPipeline;
  readonly watched: Watched;
  readonly sla: Duration;
  /** Undefined: nobody wants to know. */
  readonly noFilesFor?: Duration;
}

/** One thing that is looked at. */
export interface Subject {
  /** Ends the alarm's name; empty where a row has but one subject. */
  readonly name: string;
  readonly metric: (period: Duration) => cloudwatch.IMetric;
  /** Where what holds for the row's others does not hold for this one. */
  readonly reason?: string;
  readonly action?: string;
}

export interface AlarmRow {
  readonly name: string;
  /** What is measured, with its unit. */
  readonly measure: string;
  /** What it means. */
  readonly reason: string;
  /** What to do first. */
  readonly action: string;
  readonly comparison: cloudwatch.ComparisonOperator;
  readonly threshold: number;
  readonly period: Duration;
  /** So many periods in a row. */
  readonly evaluationPeriods: number;
  readonly missingData: cloudwatch.TreatMissingData;
  /** None: there is no such alarm. */
  readonly subjects: readonly Subject[];
}

const FIVE_MINUTES = Duration.minutes(5);

/** Anything at all, at once. */
const ANY = { comparison: GREATER_THAN_THRESHOLD, threshold: 0, period: FIVE_MINUTES, evaluationPeriods: 1, missingData: NOT_BREACHING };

export function alarmTable(context: AlarmContext): AlarmRow[] {
  return [functionRows, apiRows, workflowRows, jobRows, qualityRows, deliveryRows, tableRows].flatMap((rowsOf) => rowsOf(context));
}

function functionRows({ watched: { functions } }: AlarmContext): AlarmRow[] {
  const each = (metric: (fn: lambda.Function, period: Duration) => cloudwatch.IMetric): Subject[] =>
    functions.map(({ name, function: fn }) => ({ name, metric: (period) => metric(fn, period) }));
  return [
    {
      ...ANY,
      name: 'function-errors',
      measure: 'calls of the function that failed, in % of all',
      reason: 'The function fails. A step is tried again, and a job that it fails for good is interrupted.',
      action: 'Read its last errors in its log group.',
      threshold: 5,
      // A function that is not called has no data, and no errors.
      subjects: each(metrics.errorShare),
    },
    {
      ...ANY,
      name: 'function-duration',
      measure: 'longest call of the function, in % of its timeout',
      reason: 'Calls take nearly as long as they may. One that is cut off begins anew, and takes as long again.',
      action: 'Give the pipeline a smaller chunkSize, a longer timeout or more memory.',
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 80,
      subjects: each(metrics.durationShare),
    },
    {
      ...ANY,
      name: 'function-throttles',
      measure: 'calls of the function that Lambda has put off',
      reason: 'The account runs as many functions at a time as it may. Calls wait and nothing is lost, but files take longer.',
      action: 'Raise the concurrency of the account, or lower maxConcurrency.',
      // A burst waits for seconds, and is no news.
      evaluationPeriods: 3,
      subjects: each((fn, period) => fn.metricThrottles({ statistic: cloudwatch.Stats.SUM, period })),
    },
  ];
}

function apiRows({ watched: { restApis } }: AlarmContext): AlarmRow[] {
  return [
    {
      ...ANY,
      name: 'api-errors',
      measure: 'requests that the API answered with 5XX, in % of all',
      reason: 'The API fails its callers. Its function answers each failure, so that its own errors do not show it.',
      action: 'Read the last errors in the log group of the function; in the access log, where there are none.',
      threshold: 5,
      // An API that gets no requests has no data, and no errors.
      subjects: restApis.map(({ name, apiName }) => ({ name, metric: (period) => metrics.serverErrorShare(apiName, period) })),
    },
  ];
}

function workflowRows({ pipeline }: AlarmContext): AlarmRow[] {
  const one = (metric: Subject['metric']): Subject[] => [{ name: '', metric }];
  return [
    {
      ...ANY,
      name: 'executions-failed',
      measure: 'executions that failed',
      reason: 'A file was not published, or an execution was started with what it cannot do. A file that did not pass is one too.',
      action: 'List the failed jobs: csv-chunk-pipeline jobs.',
      subjects: one((period) => metrics.executions(pipeline, 'ExecutionsFailed', period)),
    },
    {
      ...ANY,
      name: 'executions-timed-out',
      measure: 'executions that took longer than workflowTimeout',
      reason: 'The file is too large for workflowTimeout, or its calls were throttled all that time. Its job was closed, and can be resumed.',
      action: 'Look at throttles, then resume the job; only its unfinished chunks run.',
      subjects: one((period) => metrics.executions(pipeline, 'ExecutionsTimedOut', period)),
    },
    {
      ...ANY,
      name: 'executions-throttled',
      measure: 'state transitions of executions that Step Functions has put off',
      reason: 'The account has more state transitions than it may. Executions wait and nothing is lost, but files take longer.',
      action: 'See what else runs in the account; ask for a higher StateTransition quota.',
      evaluationPeriods: 3,
      subjects: one((period) => metrics.executions(pipeline, 'ExecutionThrottled', period)),
    },
    {
      ...ANY,
      name: 'chunks-throttled',
      measure: 'state transitions of the chunks\' executions that Step Functions has put off',
      reason: 'The chunks of a Map Run have more state transitions than the account may. They wait, and files take longer.',
      action: 'Lower maxConcurrency, enlarge chunkSize, or ask for a higher StateTransition quota.',
      evaluationPeriods: 3,
      subjects: one((period) => metrics.chunkExecutions(pipeline, 'ExecutionThrottled', period)),
    },
    {
      ...ANY,
      name: 'map-runs-open',
      measure: 'Map Runs that are open in the account and region',
      reason: 'The account has nearly as many Map Runs open as it may, which is 1,000 by default: then further ones wait.',
      action: 'See which state machines have them open; ask for a higher quota.',
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 900,
      subjects: one((period) => metrics.mapRuns('ApproximateOpenMapRunCount', period)),
    },
    {
      ...ANY,
      name: 'map-runs-waiting',
      measure: 'Map Runs that wait in the account and region',
      reason: 'The account has as many Map Runs open as it may, so that the chunks of further files wait to begin.',
      action: 'See which state machines have them open; ask for a higher quota.',
      subjects: one((period) => metrics.mapRuns('ApproximateMapRunBacklogSize', period)),
    },
  ];
}

function jobRows({ pipeline, sla, noFilesFor }: AlarmContext): AlarmRow[] {
  const one = (metric: Subject['metric']): Subject[] => [{ name: '', metric }];
  // What only the sweep sees has as many data points as there are sweeps.
  const sweep = Duration.minutes(Math.max(pipeline.sweepInterval.toMinutes(), FIVE_MINUTES.toMinutes()));
  const hours = noFilesFor?.toHours() ?? 24;
  return [
    {
      ...ANY,
      name: 'jobs-interrupted',
      measure: 'jobs that failed for another reason than their file',
      reason: 'The data is not to blame: a function, a right or a service failed. The job can be resumed, within resumeWindow.',
      action: 'Read the reason (csv-chunk-pipeline jobs), mend it, then resume; a job that was resumed too late is to be rerun.',
      subjects: one((period) => pipeline.metricJobsInterrupted({ period })),
    },
    {
      ...ANY,
      name: 'jobs-waiting',
      measure: 'failed jobs that wait to be resumed',
      reason: 'Files were interrupted and are still not published: nothing goes on with them until somebody does.',
      action: 'Read the reason (csv-chunk-pipeline jobs), mend it, then resume. The alarm stays until none waits.',
      period: sweep,
      // Of the interruption itself jobs-interrupted tells at once.
      evaluationPeriods: 3,
      missingData: IGNORE,
      subjects: one((period) => pipeline.metricJobsWaiting({ period })),
    },
    {
      ...ANY,
      name: 'jobs-rejected',
      measure: 'jobs that failed because of their file',
      reason: 'The file did not pass, and nothing of it is published. The pipeline works.',
      action: 'Read the reason in the report beside the file under failed/, and tell whoever sent it.',
      subjects: one((period) => pipeline.metricJobsRejected({ period })),
    },
    {
      ...ANY,
      name: 'records-rejected',
      measure: 'records that were rejected, in % of those read',
      reason: 'Files pass, but more of their records than usual are in quarantine.',
      action: 'See by which code (dashboard), then rejected.csv of the last jobs.',
      threshold: 5,
      period: Duration.minutes(15),
      subjects: one((period) => metrics.rejectedShare(pipeline, period)),
    },
    {
      ...ANY,
      name: 'job-age',
      measure: 'time from when a file up to slaFileSize came to the end of its job, or until now, in seconds',
      reason: 'A file has no outcome within its SLA, or had it too late.',
      action: 'Find the job (csv-chunk-pipeline jobs --status all), and look at the step that its execution is in, or was in for long.',
      threshold: sla.toSeconds(),
      period: sweep,
      // A sweep that could not see all jobs says nothing of them: what was known stays.
      missingData: IGNORE,
      subjects: one((period) => pipeline.metricOldestSlaJobAge({ period })),
    },
    {
      ...ANY,
      name: 'file-age',
      measure: 'age of the oldest file under the incoming prefix whose job has not ended, in seconds',
      reason: 'A file lies where it landed for longer than an hour: it has no job, or one that does not end.',
      action: 'See whether the file has a job, and whether the sweep fails.',
      threshold: Duration.hours(1).toSeconds(),
      period: sweep,
      missingData: IGNORE,
      subjects: one((period) => pipeline.metricOldestFileAge({ period })),
    },
    {
      ...ANY,
      name: 'sweep-silent',
      measure: 'sweeps that saw all jobs',
      reason: 'The sweep does not run, or does not get through: what no event brought on lies still, and no age is measured.',
      action: 'Look at the errors and throttles of SweepJobs, and whether its rule is enabled.',
      comparison: LESS_THAN_THRESHOLD,
      threshold: 1,
      period: sweep,
      evaluationPeriods: 3,
      missingData: BREACHING,
      subjects: one((period) => pipeline.metricOpenJobs({ statistic: cloudwatch.Stats.SAMPLE_COUNT, period })),
    },
    {
      ...ANY,
      name: 'no-files',
      measure: 'files that came',
      reason: 'No file came for as long as noFilesFor says.',
      action: 'Ask whoever sends them, and look whether files lie under another prefix or suffix.',
      comparison: LESS_THAN_THRESHOLD,
      threshold: 1,
      period: Duration.hours(1),
      evaluationPeriods: hours,
      missingData: BREACHING,
      subjects: noFilesFor === undefined ? [] : one((period) => pipeline.metricFilesReceived({ period })),
    },
  ];
}

function qualityRows({ watched: { qualityCheck } }: AlarmContext): AlarmRow[] {
  const one = (metric: (check: QualityCheck, period: Duration) => cloudwatch.IMetric): Subject[] =>
    qualityCheck === undefined ? [] : [{ name: '', metric: (period) => metric(qualityCheck, period) }];
  return [
    {
      ...ANY,
      name: 'quality-findings',
      measure: 'findings of the quality check',
      reason: 'The daily check found jobs that are stuck, files that are missing or late, many rejected records, or unusual counts.',
      action: 'Read its message, or its report under reports/quality-check/: each finding says what to do.',
      // Once for each check that has any: one that stayed would be silent about the next day's.
      subjects: one((check, period) => check.metricFindings({ period })),
    },
    {
      ...ANY,
      name: 'quality-check-silent',
      measure: 'quality checks that were made and have told',
      reason: 'No quality check was made for 26 hours, or none could write its report and tell: nobody hears of what it would have found.',
      action: 'Look at the errors of QualityCheck, at its dead-letter queue, and whether its schedule is enabled.',
      comparison: LESS_THAN_THRESHOLD,
      threshold: 1,
      // The longest day, in autumn, has 25.
      period: Duration.hours(1),
      evaluationPeriods: 26,
      missingData: BREACHING,
      subjects: one((check, period) => check.metricChecks({ period })),
    },
  ];
}

/** Messages of a part, whatever it is: a person has to look at them there. */
const LETTERS_OF_A_PART = {
  reason: 'What this part could not deliver, or its function or reader failed on again and again, lies in its own dead-letter queue.',
  action: 'Receive the messages there, and mend what their reader failed on. csv-chunk-pipeline redrive does not look at this queue.',
};

function deliveryRows({ pipeline: { intakeQueue }, watched: { deadLetterQueues, rules } }: AlarmContext): AlarmRow[] {
  const eachRule = (metricName: string, ofStart: { readonly reason: string; readonly action: string }): Subject[] =>
    rules.map(({ name, ruleName, startsFiles }) => (
      { name, metric: (period) => metrics.rule(ruleName, metricName, period), ...startsFiles ? ofStart : {} }));
  return [
    {
      ...ANY,
      name: 'intake-queue-age',
      measure: 'age of the oldest message in the intake queue, in seconds',
      reason: 'Files wait to be started: StartJobs fails, is throttled, or more files come than it starts.',
      action: 'Look at the errors and throttles of StartJobs; raise maxConcurrency of Intake.queue() in a lasting burst.',
      // A message that was throttled once comes back after 6 minutes.
      threshold: Duration.minutes(10).toSeconds(),
      subjects: intakeQueue === undefined ? []
        : [{ name: '', metric: (period) => metrics.queue(intakeQueue.queueName, 'ApproximateAgeOfOldestMessage', period) }],
    },
    {
      ...ANY,
      name: 'dead-letters',
      measure: 'messages in the dead-letter queue',
      reason: 'An event could not be delivered, a function failed on it, or the intake queue refused it. It is kept for 14 days.',
      action: 'See what it is: csv-chunk-pipeline redrive --dry-run.',
      // Visible, not sent: what a service puts there itself is not counted as sent.
      subjects: deadLetterQueues.map(({ name, queue }) => ({
        name,
        metric: (period) => metrics.queue(queue.queueName, 'ApproximateNumberOfMessagesVisible', period),
        ...name === '' ? {} : LETTERS_OF_A_PART,
      })),
    },
    {
      ...ANY,
      name: 'events-failed',
      measure: 'events that EventBridge could not deliver to the rule\'s target',
      reason: 'The target is gone or refuses the rule. The event is in the dead-letter queue of the target, or is lost where the target has none.',
      action: 'Look at the rule\'s target and role, then at that queue.',
      subjects: eachRule('FailedInvocations', {
        reason: 'What files are started by is gone or refuses the rule. The event is in the pipeline\'s dead-letter queue, and the sweep starts the file.',
        action: 'Look at the rule\'s target and role, then at csv-chunk-pipeline redrive --dry-run.',
      }),
    },
    {
      ...ANY,
      name: 'events-lost',
      measure: 'undelivered events that the dead-letter queue of the target did not take',
      reason: 'An event reached neither the rule\'s target nor the dead-letter queue of that: it is lost.',
      action: 'Look at the policy and key of the target\'s dead-letter queue.',
      subjects: eachRule('InvocationsFailedToBeSentToDlq', {
        reason: 'The event of a file reached neither its target nor the pipeline\'s dead-letter queue: it is lost, and the sweep starts the file.',
        action: 'Look at the policy and key of the pipeline\'s dead-letter queue.',
      }),
    },
  ];
}

function tableRows({ pipeline }: AlarmContext): AlarmRow[] {
  const one = (metric: Subject['metric']): Subject[] => [{ name: '', metric }];
  return [
    {
      ...ANY,
      name: 'table-throttles',
      measure: 'reads and writes that the job table or an index of it has throttled',
      reason: 'More is asked of the job table than it takes. Calls are tried again, and files take longer.',
      action: 'Look at which operation; lower maxConcurrency where many files come at once.',
      evaluationPeriods: 3,
      subjects: one((period) => metrics.tableThrottles(pipeline, period)),
    },
    {
      ...ANY,
      name: 'table-errors',
      measure: 'calls that DynamoDB failed on',
      reason: 'DynamoDB itself fails. Calls are tried again; jobs may be interrupted.',
      action: 'Look at AWS Health, then resume what was interrupted.',
      evaluationPeriods: 3,
      subjects: one((period) => metrics.tableErrors(pipeline, period)),
    },
  ];
}
