import { Annotations, Duration, Size, Stack, TimeZone, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AroundFunction } from './around-function';
import { checkAroundProps } from './given-around-props';
import { namesBeside } from './names-beside';
import { ownDeadLetters } from './own-dead-letters';
import { takeOverTags } from './take-over-tags';
import { Env, QUALITY_CHECK_ENV, QUALITY_CHECK_OPTIONAL_ENV } from '../contract/env';
import { TIMESTAMP_INDEX, UNSETTLED_INDEX } from '../contract/job-item';
import { AROUND_METRICS } from '../contract/metrics';
import { ExpectedFileSettings, HISTORY_LENGTH, QUALITY_SETTINGS_FILE_NAME, QualitySettings, WeekdayName, WEEKDAYS } from '../contract/quality-settings';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { IMonitored } from '../options/i-monitored';
import { SuffixCase } from '../options/suffix-case';
import { addDays, instantOf, isZone, localDate, localTime } from '../spec/local-time';
import { visibleJson } from '../spec/visible-text';
import { TypesOf } from '../synth/construct-props';
import { jsonFile } from '../synth/handler-code';
import { checkDuration, checkInteger, checkNumber } from '../synth/prop-checks';
import { isDuration, isListOf, isNumber, isStructOf, isText, isWith, isWord, TypeCheck } from '../synth/prop-types';

/** A day of the week. */
export enum FileWeekday {
  /** Monday. */
  MONDAY = 'MON',
  /** Tuesday. */
  TUESDAY = 'TUE',
  /** Wednesday. */
  WEDNESDAY = 'WED',
  /** Thursday. */
  THURSDAY = 'THU',
  /** Friday. */
  FRIDAY = 'FRI',
  /** Saturday. */
  SATURDAY = 'SAT',
  /** Sunday. */
  SUNDAY = 'SUN',
}

/** When a quality check sends its message. */
export enum QualityMessage {
  /** Only where something was found. */
  ON_FINDINGS = 'ON_FINDINGS',
  /** After each check: a day without a message is a day without a check. */
  ALWAYS = 'ALWAYS',
}

/** A file that must land by some time of the day. */
export interface ExpectedFile {
  /**
   * The key that the file lands under, in whole, with its prefix: `incoming/settlement-*.csv`. `*` stands for any
   * characters.
   */
  readonly keyPattern: string;

  /** The time by which it must be there, `hh:mm`: `06:30`. */
  readonly by: string;

  /**
   * The days on which it must be there by that time.
   *
   * @default - every day
   */
  readonly weekdays?: FileWeekday[];

  /**
   * How long before that time it may land; what landed earlier was another day's.
   *
   * @default Duration.hours(24)
   */
  readonly window?: Duration;

  /**
   * Of the time and the days.
   *
   * @default - that of the check
   */
  readonly timeZone?: TimeZone;
}

/** The properties of a `QualityCheck`. */
export interface QualityCheckProps {
  /** Whose jobs are looked at. */
  readonly pipeline: ICsvChunkPipeline;

  /**
   * The time of the day at which the check is made, `hh:mm`: `03:00`. It should be one that the clock of the time zone
   * does not skip in spring: that day has no call, and its jobs are looked at by the next day's check.
   *
   * @default '02:00'
   */
  readonly at?: string;

  /**
   * Of that time, and of those of expected files that have no zone of their own.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;

  /**
   * Where people are told what was found: a standard topic (not FIFO) of the pipeline's region.
   *
   * @default - nobody is told: there are the report and the metric
   */
  readonly topic?: sns.ITopic;

  /**
   * When there is a message.
   *
   * @default QualityMessage.ON_FINDINGS
   */
  readonly message?: QualityMessage;

  /**
   * Files that must land.
   *
   * @default - none
   */
  readonly expectedFiles?: ExpectedFile[];

  /**
   * A job that is open for longer is a finding.
   *
   * @default Duration.hours(3)
   */
  readonly maxOpenAge?: Duration;

  /**
   * A job of which a larger share of the records was rejected is a finding; 0 to 100.
   *
   * @default 1
   */
  readonly maxRejectedPercentage?: number;

  /**
   * Jobs of the same expected file that there must be before the record count of one is compared with theirs, of which
   * the last 14 count; 3 to 14.
   *
   * @default 7
   */
  readonly minHistory?: number;
}

const isTimeZone: TypeCheck = (prop, value) => {
  isWith('timezoneName', 'a time zone, such as TimeZone.EUROPE_BERLIN')(prop, value);
  const { timezoneName: name } = value as TimeZone;
  isText(prop, name);
  if (!isZone(name)) throw new Error(`${prop} must be a time zone of the IANA database, such as Europe/Berlin, got ${visibleJson(name)}`);
};

const EXPECTED_FILE: TypesOf<ExpectedFile> = {
  keyPattern: isText,
  by: isText,
  weekdays: isListOf(isWord(FileWeekday)),
  window: isDuration,
  timeZone: isTimeZone,
};

const isExpectedFile: TypeCheck = (prop, value) => {
  isStructOf(EXPECTED_FILE)(prop, value);
  const { keyPattern, by } = value as ExpectedFile;
  isText(`${prop}.keyPattern`, keyPattern);
  isText(`${prop}.by`, by);
};

const TYPES: TypesOf<Omit<QualityCheckProps, 'pipeline'>> = {
  at: isText,
  timeZone: isTimeZone,
  topic: isWith('topicArn', 'a topic (sns.ITopic)'),
  message: isWord(QualityMessage),
  expectedFiles: isListOf(isExpectedFile),
  maxOpenAge: isDuration,
  maxRejectedPercentage: isNumber,
  minHistory: isNumber,
};

/** The check that a pipeline has: each begins where the last report ends. */
const OF_PIPELINE = new WeakMap<ICsvChunkPipeline, QualityCheck>();

/**
 * Looks at the jobs once a day: those that are stuck, those with many rejected records, files that did not come, record
 * counts that are not as usual, and the day's totals. What it finds is a report (`reports/quality-check/`), a message
 * and the metric `QualityFindings`. A pipeline has one.
 *
 * @example
 * import { Stack, TimeZone } from 'aws-cdk-lib';
 * import * as sns from 'aws-cdk-lib/aws-sns';
 * import { ICsvChunkPipeline, QualityCheck } from 'cdk-csv-chunk-pipeline';
 *
 * declare const stack: Stack;
 * declare const pipeline: ICsvChunkPipeline;
 * declare const topic: sns.ITopic;
 * new QualityCheck(stack, 'QualityCheck', {
 *   pipeline,
 *   topic,
 *   at: '03:00',
 *   timeZone: TimeZone.EUROPE_BERLIN,
 *   expectedFiles: [{ keyPattern: 'incoming/settlement-*.csv', by: '06:30' }],
 * });
 */
export class QualityCheck extends Construct implements IMonitored {
  /** `QualityCheck`. */
  public readonly functions: { [step: string]: lambda.Function };

  /** Checks that could not be made. */
  public readonly deadLetterQueue: sqs.IQueue;

  /** @internal whose alarms look at it */
  public readonly _pipeline: ICsvChunkPipeline;

  constructor(scope: Construct, id: string, props: QualityCheckProps) {
    super(scope, id);
    checkAroundProps(this, 'QualityCheck', props, TYPES);
    const { pipeline, topic } = props;
    this._pipeline = pipeline;
    const { at = '02:00', timeZone = TimeZone.ETC_UTC } = props;
    const settings = resolveSettings(props, timeZone);
    checkTimeOfDay('at', at, '02:00');
    warnOfSkipped(this, at, timeZone);
    if (topic !== undefined) checkTopic(this, topic);
    takePipeline(this, pipeline);
    this.deadLetterQueue = ownDeadLetters(this, pipeline, 'quality-check');

    const check = new AroundFunction(this, 'QualityCheck', {
      pipeline,
      stem: 'quality-check',
      description: 'Looks once a day for jobs that are stuck, files that are missing, and counts that are unusual',
      environment: {
        ...{
          JOB_TABLE_NAME: pipeline.jobTable.tableName,
          OUTPUT_BUCKET_NAME: pipeline.outputBucket.bucketName,
        } satisfies Env<typeof QUALITY_CHECK_ENV>,
        ...pipeline._regionsEnvironment,
        ...topic === undefined ? {} : { TOPIC_ARN: topic.topicArn } satisfies Env<typeof QUALITY_CHECK_OPTIONAL_ENV>,
      },
      codeFiles: { [QUALITY_SETTINGS_FILE_NAME]: jsonFile(settings) },
      deadLetterQueue: this.deadLetterQueue,
      memorySize: Size.mebibytes(512),
      timeout: Duration.minutes(15),
    });
    this.functions = { QualityCheck: check.function };
    this.grantReadJobs(check);
    this.grantReports(check);
    topic?.grantPublish(check);
    this.scheduleCheck(check.function, at, timeZone);
    takeOverTags(this, pipeline);
  }

  /**
   * `QualityFindings`: what a check has found, 0 too. A check that is tried again, because it could not tell of them, has
   * found them again: so it is the most, and no sum.
   *
   * @default - maximum over 5 minutes
   */
  public metricFindings(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this._pipeline.metric(AROUND_METRICS.qualityFindings, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /**
   * `QualityChecks`: checks that were made and have told, each as 1. There is no 0: where no check is made there is no
   * data, so an alarm on fewer than 1 in 26 hours must take missing data as breaching.
   *
   * @default - sum over 5 minutes
   */
  public metricChecks(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this._pipeline.metric(AROUND_METRICS.qualityChecks, props);
  }

  private grantReadJobs(grantee: iam.IGrantable): void {
    const { jobTable } = this._pipeline;
    const indexes = [TIMESTAMP_INDEX, UNSETTLED_INDEX].map(({ name }) => `${jobTable.tableArn}/index/${name}`);
    iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem'], resourceArns: [jobTable.tableArn] });
    iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: indexes });
    jobTable.encryptionKey?.grantDecrypt(grantee);
  }

  /** It writes its own, and reads when the last one was, and which files have counted. */
  private grantReports(grantee: iam.IGrantable): void {
    const { outputBucket } = this._pipeline;
    const folder = reportsFolderOf(this._pipeline);
    iam.Grant.addToPrincipal({ grantee, actions: ['s3:GetObject', 's3:PutObject'], resourceArns: [outputBucket.arnForObjects(`${folder}*`)] });
    iam.Grant.addToPrincipal({
      grantee, actions: ['s3:ListBucket'], resourceArns: [outputBucket.bucketArn], conditions: { StringEquals: { 's3:prefix': folder } },
    });
    outputBucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  private scheduleCheck(fn: lambda.Function, at: string, timeZone: TimeZone): void {
    const { _pipeline: pipeline, deadLetterQueue } = this;
    const { account } = Stack.of(this);
    const group = Stack.of(this).formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
    const role = new iam.Role(this, 'ScheduleRole', {
      roleName: namesBeside(this, pipeline).resourceName('role', 'quality-check-schedule'),
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group } },
      }),
    });
    iam.Grant.addToPrincipal({ grantee: role, actions: ['lambda:InvokeFunction'], resourceArns: [fn.functionArn] });
    iam.Grant.addToPrincipal({ grantee: role, actions: ['sqs:SendMessage'], resourceArns: [deadLetterQueue.queueArn] });
    const [hour, minute] = at.split(':').map((part) => String(Number(part)));
    const schedule = new scheduler.Schedule(this, 'Schedule', {
      scheduleName: namesBeside(this, pipeline).resourceName('schedule', 'quality-check'),
      description: 'Time for the quality check',
      schedule: scheduler.ScheduleExpression.cron({ hour, minute, timeZone }),
      // `LambdaInvoke` of the CDK would let the role invoke all versions, too.
      target: {
        bind: () => ({
          arn: fn.functionArn,
          role,
          deadLetterConfig: { arn: deadLetterQueue.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: Duration.hours(12).toSeconds() },
          // A check that is made late, or once more, looks at the same time.
          input: scheduler.ScheduleTargetInput.fromObject({ time: scheduler.ContextAttribute.scheduledTime }),
        }),
      },
    });
    // A schedule that comes before its rights could make its first call without them.
    schedule.node.addDependency(role);
  }
}

function takePipeline(check: QualityCheck, pipeline: ICsvChunkPipeline): void {
  const first = OF_PIPELINE.get(pipeline);
  if (first !== undefined) {
    throw new Error(`pipeline must have one QualityCheck, got ${visibleJson(check.node.path)} beside ${visibleJson(first.node.path)}: give the first one all expectedFiles`);
  }
  OF_PIPELINE.set(pipeline, check);
}

/** The function can publish to no other one. */
function checkTopic(scope: Construct, { env: { region }, fifo, node }: sns.ITopic): void {
  if (fifo) throw new Error(`topic must be a standard topic, because a message of the check has no group, got ${visibleJson(node.path)}, which is FIFO`);
  const own = Stack.of(scope).region;
  if (Token.isUnresolved(region) || Token.isUnresolved(own) || region === own) return;
  throw new Error(`topic must be of the check's own region, which is ${own}, got ${visibleJson(node.path)} of ${region}`);
}

/** EventBridge Scheduler makes no call at a time that the clock does not show; one that it shows twice has one call. */
function warnOfSkipped(scope: Construct, at: string, { timezoneName: zone }: TimeZone): void {
  const today = localDate(new Date().getTime(), zone);
  for (let days = 0; days < 366; days++) {
    const date = addDays(today, days);
    const shown = localTime(instantOf(date, at, zone), zone);
    if (shown === at) continue;
    Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:skippedQualityCheck', `at: the clock of ${zone} skips ${at} on ${date}, so that no check is made `
      + `that day: the next day's looks at both. Give a time that each day has, such as ${shown}`);
    return;
  }
}

function resolveSettings(props: QualityCheckProps, timeZone: TimeZone): QualitySettings {
  return {
    timeZone: timeZone.timezoneName,
    expectedFiles: (props.expectedFiles ?? []).map((file, index) => resolveExpectedFile(`expectedFiles[${index}]`, file, props.pipeline, timeZone)),
    maxOpenSeconds: checkDuration('maxOpenAge', props.maxOpenAge ?? Duration.hours(3), { min: Duration.minutes(1) }).toSeconds(),
    maxRejectedPercentage: checkNumber('maxRejectedPercentage', props.maxRejectedPercentage ?? 1, { min: 0, max: 100 }),
    minHistory: checkInteger('minHistory', props.minHistory ?? 7, { min: 3, max: HISTORY_LENGTH }),
    tellAlways: (props.message ?? QualityMessage.ON_FINDINGS) === QualityMessage.ALWAYS,
    reportsFolder: reportsFolderOf(props.pipeline),
  };
}

function resolveExpectedFile(path: string, file: ExpectedFile, pipeline: ICsvChunkPipeline, timeZone: TimeZone): ExpectedFileSettings {
  checkTimeOfDay(`${path}.by`, file.by, '06:30');
  if (file.keyPattern === '') {
    throw new Error(`${path}.keyPattern must be a key such as incoming/orders-*.csv, got ${visibleJson(file.keyPattern)}`);
  }
  const incoming = `${pipeline.prefixes.incoming}`;
  const [beginning] = file.keyPattern.split('*');
  if (!beginning.startsWith(incoming) && !(file.keyPattern.includes('*') && incoming.startsWith(beginning))) {
    throw new Error(`${path}.keyPattern must begin with the prefix under which files land, ${incoming}, got ${visibleJson(file.keyPattern)}`);
  }
  if (!mayStartJob(file.keyPattern, pipeline)) {
    throw new Error(`${path}.keyPattern must end so that a file of such a key starts a job, which those with ${pipeline.suffixes.join(', ') || 'any ending but /'} do, `
      + `got ${visibleJson(file.keyPattern)}`);
  }
  const weekdays = file.weekdays ?? WEEKDAYS;
  if (weekdays.length === 0) throw new Error(`${path}.weekdays must hold at least one day, got none`);
  const window = checkDuration(`${path}.window`, file.window ?? Duration.hours(24), { min: Duration.minutes(1), max: Duration.days(31) });
  return {
    keyPattern: file.keyPattern,
    by: file.by,
    timeZone: (file.timeZone ?? timeZone).timezoneName,
    weekdays: weekdays as readonly WeekdayName[],
    windowSeconds: window.toSeconds(),
  };
}

/** Whether there are keys of this pattern whose files start jobs: all others are missing each day. */
function mayStartJob(keyPattern: string, { suffixes, suffixCase }: ICsvChunkPipeline): boolean {
  const spelled = (text: string) => suffixCase === SuffixCase.ANY ? text.toLowerCase() : text;
  const end = spelled(keyPattern.slice(keyPattern.lastIndexOf('*') + 1));
  if (end.endsWith('/')) return false;
  // A wildcard before the end may stand for the rest of a suffix.
  return suffixes.length === 0 || suffixes.map(spelled).some((suffix) => end.endsWith(suffix) || (keyPattern.includes('*') && suffix.endsWith(end)));
}

function checkTimeOfDay(prop: string, time: string, example: string): void {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw new Error(`${prop} must be a time of day such as ${example}, got ${visibleJson(time)}`);
}

function reportsFolderOf({ prefixes }: ICsvChunkPipeline): string {
  return `${prefixes.reports}quality-check/`;
}
