import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { dashboardRows } from './dashboard-rows';
import { checkAroundProps, isParts } from './given-around-props';
import { JobAlarms } from './job-alarms';
import { LOG_QUERIES } from './log-queries';
import { namesBeside } from './names-beside';
import { takeOverTags } from './take-over-tags';
import { watchedOf } from './watched';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { IMonitored } from '../options/i-monitored';
import { visibleJson } from '../spec/visible-text';
import { TypesOf } from '../synth/construct-props';
import { checkMinutes } from '../synth/prop-checks';
import { isDuration, isWith } from '../synth/prop-types';

/** What is shown. */
export interface JobDashboardProps {
  /** The pipeline that is shown. */
  readonly pipeline: ICsvChunkPipeline;

  /**
   * Parts around the pipeline whose functions, REST APIs, queues and rules are shown too.
   *
   * @default - the pipeline alone
   */
  readonly around?: IMonitored[];

  /**
   * Shown with their states, and the SLA as a line where the ages of jobs are.
   *
   * @default - no alarms are shown
   */
  readonly alarms?: JobAlarms;

  /**
   * The time range that is shown when the dashboard is opened. Whole minutes.
   *
   * @default Duration.days(1)
   */
  readonly defaultInterval?: Duration;
}

const TYPES: TypesOf<Omit<JobDashboardProps, 'pipeline'>> = {
  around: isParts,
  alarms: isWith(['alarms', '_pipeline'], 'a JobAlarms'),
  defaultInterval: isDuration,
};

/**
 * A CloudWatch dashboard of a pipeline, from the flow of files to the single function, for someone who did not write
 * it; and saved queries of Logs Insights for a job's trail, failed jobs, rejects and errors.
 *
 * @example
 * import { CfnOutput, Stack } from 'aws-cdk-lib';
 * import { CsvChunkPipeline, JobDashboard } from 'cdk-csv-chunk-pipeline';
 *
 * declare const stack: Stack;
 * declare const pipeline: CsvChunkPipeline;
 * const dashboard = new JobDashboard(stack, 'Dashboard', { pipeline });
 * new CfnOutput(stack, 'DashboardUrl', { value: dashboard.dashboardUrl });
 */
export class JobDashboard extends Construct {
  /** The dashboard, for whoever wants to add to it. */
  public readonly dashboard: cloudwatch.Dashboard;

  /** Where the console shows it. */
  public readonly dashboardUrl: string;

  /** The saved queries, by name: `job-trail`, `failed-jobs`, `rejects`, `errors`. */
  public readonly queries: { [name: string]: logs.QueryDefinition };

  constructor(scope: Construct, id: string, props: JobDashboardProps) {
    super(scope, id);
    checkAroundProps(this, 'JobDashboard', props, TYPES);
    const { pipeline, alarms } = props;
    checkSamePipeline(pipeline, alarms);
    const { region } = Stack.of(this);
    const watched = watchedOf(pipeline, props.around ?? []);
    const period = Duration.minutes(Math.max(pipeline.sweepInterval.toMinutes(), 5));

    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      // All regions of an account share the names of dashboards.
      dashboardName: namesBeside(this, pipeline).resourceName('dashboard', `jobs-${region}`),
      defaultInterval: checkMinutes('defaultInterval', props.defaultInterval ?? Duration.days(1), { min: Duration.minutes(1), max: Duration.days(455) }),
      widgets: dashboardRows({ pipeline, watched, alarms: Object.values(alarms?.alarms ?? {}), jobAgeAlarm: alarms?.alarms['job-age'], period }),
    });
    this.dashboardUrl = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${this.dashboard.dashboardName}`;

    const logGroups = watched.functions.map(({ function: fn }) => fn.logGroup);
    this.queries = Object.fromEntries(LOG_QUERIES.map(({ name, lines }) => [name, new logs.QueryDefinition(this, name, {
      // The console shows what stands before a slash as a folder.
      queryDefinitionName: `${pipeline.pipelineId}/${name}`,
      queryString: new RawQuery(lines),
      logGroups,
    })]));
    takeOverTags(this, pipeline);
  }
}

function checkSamePipeline(pipeline: ICsvChunkPipeline, alarms: JobAlarms | undefined): void {
  if (alarms === undefined || alarms._pipeline === pipeline) return;
  throw new Error(`alarms must be those of the pipeline that is shown, ${visibleJson(pipeline.node.path)}, got ${visibleJson(alarms.node.path)} of ${visibleJson(alarms._pipeline.node.path)}`);
}

/** CDK's own puts the commands in an order of its own. */
class RawQuery extends logs.QueryString {
  constructor(private readonly lines: readonly string[]) {
    super();
  }

  public toString(): string {
    return this.lines.join('\n| ');
  }
}
