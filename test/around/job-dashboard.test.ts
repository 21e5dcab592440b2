/** The dashboard of a pipeline: its layout, its metrics, and that someone who did not write it finds the way. */
import * as fs from 'fs';
import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { drawDashboard, legendOf, Widget } from './dashboard-picture';
import { bodyOf, widgetsOfExample } from './example-dashboard';
import { holdProps } from './prop-rows';
import { CsvChunkPipeline, IMonitored, JobAlarms, JobDashboard, JobDashboardProps } from '../../src';
import { LOG_QUERIES } from '../../src/around/log-queries';
import { METRICS } from '../../src/contract/metrics';
import { REJECT_CODES } from '../../src/spec/error-codes';
import { newApp, newStack, SCHEMA, Synthesized } from '../synthesize';

/** A part around the pipeline, as other constructs are. */
class Part extends Construct implements IMonitored {
  readonly functions: { [step: string]: Function };
  readonly deadLetterQueue: IQueue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.functions = { TellPartner: new Function(this, 'Function', { runtime: Runtime.NODEJS_22_X, handler: 'a.b', code: Code.fromInline('//') }) };
    this.deadLetterQueue = new Queue(this, 'Queue');
  }
}

const graphs = (widgets: readonly Widget[]) => widgets.filter(({ type }) => type === 'metric');
const labelsOf = (widgets: readonly Widget[], title: string) =>
  legendOf(widgets.find(({ properties }) => properties.title === title)!).map(({ label }) => label);

describe('the layout', () => {
  let widgets: Widget[];
  beforeAll(() => { widgets = widgetsOfExample(new Stack(newApp(), 'TapStack-dev')); });

  test('fills each row from left to right, and no widget lies on another', () => {
    for (const y of new Set(widgets.map((widget) => widget.y))) {
      const row = widgets.filter((widget) => widget.y === y).sort((a, b) => a.x - b.x);
      row.forEach(({ x }, index) => expect([y, x]).toEqual([y, index === 0 ? 0 : row[index - 1].x + row[index - 1].width]));
      expect([y, row.at(-1)!.x + row.at(-1)!.width]).toEqual([y, 24]);
      expect(new Set(row.map(({ height }) => height)).size).toBe(1);
    }
    const rows = [...new Map(widgets.map(({ y, height }) => [y, height])).entries()].sort(([a], [b]) => a - b);
    rows.forEach(([y], index) => expect(y).toBe(index === 0 ? 0 : rows[index - 1][0] + rows[index - 1][1]));
  });

  test('goes from the flow of files to what lies below', () => {
    expect(widgets.filter(({ properties }) => properties.markdown?.startsWith('## ')).map(({ properties }) => properties.markdown!.split(':')[0])).toEqual([
      '## 1. Files and jobs', '## 2. Records', '## 3. Chunks and steps', '## 4. Functions', '## 5. Workflow, table, events, queues and APIs',
    ]);
  });

  test('has a title and something to show in each widget, and no title twice', () => {
    const titles = widgets.filter(({ type }) => type !== 'text').map(({ properties }) => properties.title!);
    expect(titles.every((title) => /^[A-Z]/.test(title))).toBe(true);
    expect(new Set(titles).size).toBe(titles.length);
    expect(graphs(widgets).filter((widget) => legendOf(widget).length === 0)).toEqual([]);
  });

  test('says of each line what it is: no label twice in a graph', () => {
    for (const widget of graphs(widgets)) {
      const labels = legendOf(widget).map(({ label }) => label);
      expect([widget.properties.title, new Set(labels).size]).toEqual([widget.properties.title, labels.length]);
    }
  });

  test('shows every metric of the pipeline', () => {
    const shown = JSON.stringify(graphs(widgets).map(({ properties }) => properties.metrics));
    for (const name of Object.values(METRICS).filter((metric) => metric !== METRICS.jobsFailed)) expect(shown).toContain(`"${name}"`);
  });

  test('shows how many messages wait in each queue, and for how long', () => {
    for (const title of ['Messages that wait in queues', 'How long messages wait in queues (oldest)']) {
      expect([title, labelsOf(widgets, title)]).toEqual([title, ['intake-queue', 'notifications-queue']]);
    }
    expect(labelsOf(widgets, 'Messages in the dead-letter queues')).toEqual(['dead letters', 'dead letters notifications']);
  });

  test('shows how many requests each API gets, and how many it fails', () => {
    for (const title of ['Requests of APIs', 'Requests answered with 5XX, % of all']) expect([title, labelsOf(widgets, title)]).toEqual([title, ['job-api-api']]);
  });

  test('fits what CloudWatch takes', () => {
    expect(widgets.length).toBeLessThan(500);
    expect(JSON.stringify(widgets).length).toBeLessThan(1_000_000);
    for (const { properties } of graphs(widgets)) expect(properties.metrics!.length).toBeLessThan(500);
  });

  test('each expression names metrics that are in its graph', () => {
    for (const { properties: { metrics = [] } } of graphs(widgets)) {
      const options = metrics.map((metric) => metric.at(-1) as { readonly id?: string; readonly expression?: string });
      const ids = options.map(({ id }) => id);
      for (const { expression = '' } of options) {
        for (const [name] of expression.replace(/FILL/g, '').matchAll(/[a-z]\w*/g)) expect(ids).toContain(name);
      }
      expect(new Set(ids.filter((id) => id !== undefined)).size).toBe(ids.filter((id) => id !== undefined).length);
    }
  });

  test('is the picture in docs/dashboard.svg (npx tsx test/around/write-dashboard-picture.ts)', () => {
    expect(fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'dashboard.svg'), 'utf8')).toBe(drawDashboard(widgets));
  });
});

function make(stack: Stack, pipeline: CsvChunkPipeline, props: Partial<JobDashboardProps> = {}): JobDashboard {
  return new JobDashboard(stack, 'Dashboard', { pipeline, ...props });
}

holdProps<JobDashboardProps>('./around/job-dashboard', make, {
  'JobDashboardProps.around': {
    read: ({ stack }) => [labelsOf(bodyOf(stack).widgets, 'Calls').at(-1), labelsOf(bodyOf(stack).widgets, 'Messages in the dead-letter queues').length],
    byDefault: ['SweepJobs', 1],
    override: (stack) => ({ around: [new Part(stack, 'Notifications')] }),
    overridden: ['Notifications TellPartner', 2],
  },
  'JobDashboardProps.alarms': {
    read: ({ stack }) => {
      const { widgets } = bodyOf(stack);
      const ages = widgets.find(({ properties }) => properties.title === 'How long files wait (oldest)')!.properties.annotations?.horizontal;
      return { alarms: widgets.find(({ type }) => type === 'alarm')?.properties.alarms?.length, sla: ages?.map(({ value }) => value) };
    },
    byDefault: { alarms: undefined, sla: undefined },
    override: (stack) => ({
      alarms: new JobAlarms(stack, 'Alarms', {
        pipeline: stack.node.findChild('Pipeline') as CsvChunkPipeline, actions: [], sla: Duration.minutes(20), leaveOut: ['events-failed', 'events-lost'],
      }),
    }),
    overridden: { alarms: 37, sla: [1200] },
  },
  'JobDashboardProps.defaultInterval': {
    read: ({ stack }) => bodyOf(stack).start, byDefault: '-P1D', override: { defaultInterval: Duration.hours(3) }, overridden: '-PT3H',
  },
});

test('shows more alarms than CloudWatch takes in one widget in several, none twice', () => {
  const stack = new Stack(newApp(), 'Stack');
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, suffixes: ['.csv', '.json', '.csv.gz', '.txt', '.tsv'] });
  // Each has two alarms.
  expect(pipeline.startRules.length).toBeGreaterThan(25);
  const alarms = new JobAlarms(stack, 'Alarms', { pipeline, around: ['One', 'Two', 'Three'].map((id) => new Part(stack, id)), actions: [] });
  make(stack, pipeline, { alarms });
  const shown = bodyOf(stack).widgets.filter(({ type }) => type === 'alarm');
  expect(shown.map(({ properties }) => properties.title)).toEqual(['Alarms, the last to change first', 'Alarms, the last to change first (2)']);
  for (const { properties } of shown) expect(properties.alarms!.length).toBeLessThanOrEqual(100);
  const names = shown.flatMap(({ properties }) => properties.alarms!);
  expect(new Set(names).size).toBe(Object.keys(alarms.alarms).length);
  expect(names.length).toBeGreaterThan(100);
});

test('of a pipeline alone has no row for queues and APIs that it has not', () => {
  const stack = newStack();
  make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }));
  expect(bodyOf(stack).widgets.filter(({ properties }) => /wait in queues|APIs|5XX/.test(properties.title ?? ''))).toEqual([]);
});

test('the query for rejects names every code', () => {
  const query = LOG_QUERIES.find(({ name }) => name === 'rejects')!.lines.join('\n');
  for (const code of REJECT_CODES) expect(query).toContain(`rejectsByCode.${code}`);
});

describe('the construct', () => {
  test('has a name by the pipeline\'s rule, with the region, which the account\'s dashboards share', () => {
    const stack = new Stack(newApp(), 'Stack', { env: { region: 'eu-west-1', account: '111111111111' } });
    const { dashboardUrl } = make(stack, new CsvChunkPipeline(stack, 'Tap', { schema: SCHEMA, environmentSuffix: 'dev' }));
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'dashboard-tap-jobs-eu-west-1-dev' });
    expect(stack.resolve(dashboardUrl)).toEqual({
      'Fn::Join': ['', [
        'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/', { Ref: expect.stringMatching(/^Dashboard/) },
      ]],
    });
  });

  test('saves queries over the logs of all functions, in a folder of the pipeline', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    const { queries } = make(stack, pipeline, { around: [new Part(stack, 'Notifications')] });
    expect(Object.keys(queries)).toEqual(['job-trail', 'failed-jobs', 'rejects', 'errors']);
    const made = new Synthesized(stack).entries('AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties);
    expect(made.map(({ Name }) => Name)).toEqual(['job-trail', 'failed-jobs', 'rejects', 'errors'].map((name) => `Stack/Pipeline/${name}`));
    for (const { LogGroupNames, QueryString } of made) {
      expect(LogGroupNames).toHaveLength(8);
      expect(QueryString).toMatch(/^fields @timestamp, [^|]+(\n\| (filter|sort|limit) [^\n]+)+$/);
    }
  });

  test('the queries look for what the functions write', () => {
    const written = ['steps/end-job.ts', 'aws/runtime.ts'].map((file) => fs.readFileSync(path.join(__dirname, '..', '..', 'src', file), 'utf8')).join();
    for (const text of ['\'the job has ended\'', 'fileId:', 'status:', 'errorCode:', 'errorMessage:', 'recordsRead:', 'recordsRejected:', 'rejectsByCode:', '{ step, ']) {
      expect(written).toContain(text);
    }
  });

  test('refuses an interval that is none', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    expect(() => make(stack, pipeline, { defaultInterval: Duration.seconds(90) })).toThrow('defaultInterval must be whole minutes, got 1 minute 30 seconds');
  });
});
