import { Duration, Size } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LAMBDA_PERMISSION_LOGICAL_ID_FOR_LAMBDA_ACTION } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { AlarmRow, alarmTable, Subject } from './alarm-table';
import { makeDeliverable } from './deliverable';
import { checkAroundProps, isParts } from './given-around-props';
import { namesBeside } from './names-beside';
import { RUNBOOK } from './runbook';
import { checkSameEnvironment } from './same-environment';
import { takeOverTags } from './take-over-tags';
import { watchedOf } from './watched';
import { SLA_ENV } from '../contract/env';
import { DEFAULT_SLA_FILE_SIZE_BYTES } from '../contract/metrics';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { IMonitored } from '../options/i-monitored';
import { TypesOf } from '../synth/construct-props';
import { checkInteger, checkMinutes, checkNumber, checkOneOf, checkSeconds, checkSize, formatSize } from '../synth/prop-checks';
import { isDoing, isDuration, isListOf, isMapOf, isNumber, isSize, isStructOf, isText, isWord } from '../synth/prop-types';

/** What is different of an alarm. */
export interface AlarmChange {
  /**
   * What the metric is compared with, in the unit of the alarm's row: a count, %, or seconds.
   *
   * @default - that of the alarm's row
   */
  readonly threshold?: number;

  /**
   * How long each data point is; whole minutes.
   *
   * @default - that of the alarm's row
   */
  readonly period?: Duration;

  /**
   * How many periods are looked at. They last at most a day, or 7 days where a period is an hour or longer.
   *
   * @default - that of the alarm's row
   */
  readonly evaluationPeriods?: number;

  /**
   * How many of these periods must be beyond the threshold.
   *
   * @default - all of them
   */
  readonly datapointsToAlarm?: number;

  /**
   * What a period without data counts as.
   *
   * @default - that of the alarm's row
   */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
}

/** What is watched, who hears of it, and what is different from the table of alarms. */
export interface JobAlarmsProps {
  /** The pipeline that is watched. */
  readonly pipeline: ICsvChunkPipeline;

  /**
   * Done when an alarm goes off, such as an `SnsAction` of `aws-cdk-lib/aws-cloudwatch-actions`. An SNS topic that is
   * encrypted with a key of the app is opened to CloudWatch; one that could not be is refused.
   */
  readonly actions: cloudwatch.IAlarmAction[];

  /**
   * Done when an alarm is over.
   *
   * @default - nothing
   */
  readonly okActions?: cloudwatch.IAlarmAction[];

  /**
   * Parts around the pipeline whose functions, REST APIs, dead-letter queues and rules are watched too; and what a
   * `QualityCheck` finds, and that it is made.
   *
   * @default - the pipeline alone
   */
  readonly around?: IMonitored[];

  /**
   * What is different, by the name of an alarm (`function-errors-process-chunk`) or of its row, which is for all alarms
   * of that (`function-errors`).
   *
   * @default - nothing: the table of docs/monitoring.md
   */
  readonly changes?: { [name: string]: AlarmChange };

  /**
   * Alarms that there are to be none of, by the same names as `changes`.
   *
   * @default - none
   */
  readonly leaveOut?: string[];

  /**
   * How long after a file up to `slaFileSize` came its job may take before `job-age` goes off. Whole seconds, no shorter
   * than the pipeline's `sweepInterval`, which is how often the ages of open jobs are measured.
   *
   * @default Duration.minutes(15)
   */
  readonly sla?: Duration;

  /**
   * The largest file that `sla` is for. It is the same for all alarms of a pipeline, because its functions measure it.
   *
   * @default Size.mebibytes(100)
   */
  readonly slaFileSize?: Size;

  /**
   * The alarm `no-files` goes off when no file came for so long. Whole hours, 1 hour to 7 days.
   *
   * @default - there is no such alarm
   */
  readonly noFilesFor?: Duration;
}

const isActions = isListOf(isDoing('bind', 'an action of an alarm (cloudwatch.IAlarmAction)'));

const CHANGE: TypesOf<AlarmChange> = {
  threshold: isNumber,
  period: isDuration,
  evaluationPeriods: isNumber,
  datapointsToAlarm: isNumber,
  treatMissingData: isWord(cloudwatch.TreatMissingData),
};

/** CloudWatch takes no more for each state of an alarm. */
const MOST_ACTIONS = 5;


const TYPES: TypesOf<Omit<JobAlarmsProps, 'pipeline'>> = {
  actions: isActions,
  okActions: isActions,
  around: isParts,
  changes: isMapOf(isStructOf(CHANGE)),
  leaveOut: isListOf(isText),
  sla: isDuration,
  slaFileSize: isSize,
  noFilesFor: isDuration,
};

const MAX_DAYS = 7;

/** The size that the functions of a pipeline were told, by its sweep. */
const TOLD = new WeakMap<lambda.Function, number>();

/**
 * CloudWatch alarms on all that a pipeline is made of: its functions, its workflow, its jobs and their age, its rules,
 * APIs, queues and table. Each says why it is there, what to do, and where the runbook tells more.
 *
 * @example
 * import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
 * import * as sns from 'aws-cdk-lib/aws-sns';
 * import { Stack } from 'aws-cdk-lib';
 * import { CsvChunkPipeline, JobAlarms } from 'cdk-csv-chunk-pipeline';
 *
 * declare const stack: Stack;
 * declare const pipeline: CsvChunkPipeline;
 * declare const onCall: sns.Topic;
 * new JobAlarms(stack, 'Alarms', {
 *   pipeline,
 *   actions: [new actions.SnsAction(onCall)],
 *   changes: { 'records-rejected': { threshold: 1 } },
 *   leaveOut: ['executions-failed'],
 * });
 */
export class JobAlarms extends Construct {
  /** By name: that of the row, and of the function, queue or rule where a row is for several (`function-errors-process-chunk`). */
  public readonly alarms: { [name: string]: cloudwatch.Alarm };

  /**
   * Whose alarms they are.
   *
   * @internal
   */
  public readonly _pipeline: ICsvChunkPipeline;

  constructor(scope: Construct, id: string, props: JobAlarmsProps) {
    super(scope, id);
    checkAroundProps(this, 'JobAlarms', props, TYPES, ['actions']);
    this._pipeline = props.pipeline;
    // Without the flag a `LambdaAction` can be the action of one alarm alone.
    this.node.setContext(LAMBDA_PERMISSION_LOGICAL_ID_FOR_LAMBDA_ACTION, true);
    const { pipeline, changes = {}, leaveOut = [] } = props;
    checkSameEnvironment(this, pipeline);
    const { actions, okActions = [] } = props;
    for (const [prop, given] of Object.entries({ actions, okActions })) {
      if (given.length > MOST_ACTIONS) throw new Error(`${prop} must be at most ${MOST_ACTIONS}, which is what CloudWatch takes, got ${given.length}`);
    }
    const rows = alarmTable({
      pipeline,
      watched: watchedOf(pipeline, props.around ?? []),
      sla: checkSla(props.sla, pipeline.sweepInterval),
      noFilesFor: props.noFilesFor && checkHours('noFilesFor', props.noFilesFor),
    });
    checkNames(rows, { changes: Object.keys(changes), leaveOut });
    makeDeliverable(this, { actions, okActions });
    tellSlaFileSize(pipeline, props.slaFileSize);

    const wanted = rows.flatMap((row) => row.subjects.map((subject) => ({ row, subject, name: nameOf(row, subject) })))
      .filter(({ row, name }) => !leaveOut.includes(row.name) && !leaveOut.includes(name));
    this.alarms = Object.fromEntries(wanted.map(({ row, subject, name }) => {
      const { threshold, period, evaluationPeriods, datapointsToAlarm, treatMissingData } = changed(row, name, changes);
      const alarm = new cloudwatch.Alarm(this, name, {
        alarmName: namesBeside(this, pipeline).resourceName('alarm', name),
        alarmDescription: `${subject.reason ?? row.reason} ${subject.action ?? row.action} ${RUNBOOK}#${row.name}`,
        metric: subject.metric(period),
        comparisonOperator: row.comparison,
        threshold,
        evaluationPeriods,
        datapointsToAlarm,
        treatMissingData,
      });
      alarm.addAlarmAction(...actions);
      alarm.addOkAction(...okActions);
      return [name, alarm];
    }));
    takeOverTags(this, pipeline);
  }
}

function nameOf(row: AlarmRow, { name }: Subject): string {
  return name === '' ? row.name : `${row.name}-${name}`;
}

/** The sweep measures ages: none is known more often. */
function checkSla(given: Duration | undefined, sweepInterval: Duration): Duration {
  const sla = given ?? Duration.minutes(15);
  if (given === undefined && sla.toSeconds() < sweepInterval.toSeconds()) {
    throw new Error(`sla must be given with a sweepInterval above its default of ${sla.toHumanString()}, got none and ${sweepInterval.toHumanString()}`);
  }
  return checkSeconds('sla', sla, { min: sweepInterval });
}

function checkHours(prop: string, value: Duration): Duration {
  checkMinutes(prop, value, { min: Duration.hours(1), max: Duration.days(MAX_DAYS) });
  if (value.toMinutes() % 60 !== 0) throw new Error(`${prop} must be whole hours, got ${value.toHumanString()}`);
  return value;
}

function checkNames(rows: readonly AlarmRow[], props: { readonly changes: readonly string[]; readonly leaveOut: readonly string[] }): void {
  // Without doubles: an alarm whose row has but one is called as that.
  const known = [...new Set(rows.flatMap((row) => [row.name, ...row.subjects.map((subject) => nameOf(row, subject))]))];
  for (const [prop, names] of Object.entries(props)) names.forEach((name: string) => checkOneOf(`each name in ${prop}`, name, known));
}

/** The row, what is different of it, and what is different of this alarm of it. */
function changed(row: AlarmRow, name: string, changes: Readonly<Record<string, AlarmChange>>) {
  const { threshold, period, evaluationPeriods, datapointsToAlarm, treatMissingData = row.missingData } = { ...changes[row.name], ...changes[name] };
  const prop = `changes["${name in changes ? name : row.name}"]`;
  const result = {
    threshold: checkNumber(`${prop}.threshold`, threshold ?? row.threshold, {}),
    period: checkMinutes(`${prop}.period`, period ?? row.period, { min: Duration.minutes(1), max: Duration.days(1) }),
    evaluationPeriods: checkInteger(`${prop}.evaluationPeriods`, evaluationPeriods ?? row.evaluationPeriods, { min: 1 }),
  };
  const longest = Duration.days(result.period.toMinutes() >= 60 ? MAX_DAYS : 1);
  if (result.period.toMinutes() * result.evaluationPeriods > longest.toMinutes()) {
    throw new Error(`${prop}.evaluationPeriods must last at most ${longest.toHumanString()} with periods of ${result.period.toHumanString()}, `
      + `got ${result.evaluationPeriods}`);
  }
  if (datapointsToAlarm !== undefined) checkInteger(`${prop}.datapointsToAlarm`, datapointsToAlarm, { min: 1, max: result.evaluationPeriods });
  return { ...result, datapointsToAlarm, treatMissingData };
}

/** The functions that see open jobs, and that end jobs, measure their ages, and are told for which of them the SLA holds. */
function tellSlaFileSize({ sweepJobsFunction, finalizeJobFunction, closeJobFunction }: ICsvChunkPipeline, slaFileSize: Size | undefined): void {
  const sizeBytes = slaFileSize === undefined ? DEFAULT_SLA_FILE_SIZE_BYTES
    : checkSize('slaFileSize', slaFileSize, { min: Size.bytes(1) }).toBytes();
  const told = TOLD.get(sweepJobsFunction) ?? sizeBytes;
  if (told !== sizeBytes) {
    throw new Error(`slaFileSize must be the same for all JobAlarms of a pipeline, got ${formatSize(Size.bytes(sizeBytes))} beside ${formatSize(Size.bytes(told))}`);
  }
  TOLD.set(sweepJobsFunction, sizeBytes);
  if (sizeBytes === DEFAULT_SLA_FILE_SIZE_BYTES) return;
  for (const fn of [sweepJobsFunction, finalizeJobFunction, closeJobFunction]) fn.addEnvironment(SLA_ENV[0], String(sizeBytes));
}
