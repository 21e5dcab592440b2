/** What the docs say of metrics, alarms and queries, against what there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { CsvChunkPipeline, JobAlarms } from '../../src';
import { AlarmRow, alarmTable } from '../../src/around/alarm-table';
import { LOG_QUERIES } from '../../src/around/log-queries';
import { watchedOf } from '../../src/around/watched';
import { DEFAULT_METRICS_NAMESPACE, METRIC_UNITS, METRICS } from '../../src/contract/metrics';
import { newStack, SCHEMA } from '../synthesize';

const read = (file: string) => readFileSync(join(__dirname, '..', '..', 'docs', file), 'utf8');
const monitoring = read('monitoring.md');
const sectionOf = (title: string) => monitoring.split(/^## /m).find((part) => part.startsWith(`${title}\n`))!;
const rowsOf = (section: string) => [...section.matchAll(/^\| (`.+) \|$/gm)].map(([, row]) => row);

let pipeline: CsvChunkPipeline;
let rows: AlarmRow[];
let alarms: JobAlarms;
beforeAll(() => {
  pipeline = new CsvChunkPipeline(newStack(), 'Pipeline', { schema: SCHEMA });
  rows = alarmTable({ pipeline, watched: watchedOf(pipeline, []), sla: Duration.minutes(15) });
  alarms = new JobAlarms(pipeline, 'Alarms', { pipeline, actions: [] });
});

test('the table of metrics has a row for each, with its unit and the statistic that its method gives', () => {
  const method = (key: string) => `metric${key[0].toUpperCase()}${key.slice(1)}` as 'metricOpenJobs';
  expect(rowsOf(sectionOf('Metrics')).map((row) => row.split(' | ').slice(0, 3))).toEqual(Object.entries(METRICS).map(([key, name]) => (
    [`\`${name}\``, METRIC_UNITS[name], pipeline[method(key)]().statistic]
  )));
  expect(sectionOf('Metrics')).toContain(`Namespace \`${DEFAULT_METRICS_NAMESPACE}\``);
});

const SIGNS: Partial<Record<cloudwatch.ComparisonOperator, string>> = {
  [cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD]: '>',
  [cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD]: '≥',
  [cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD]: '<',
};
const NO_DATA: Partial<Record<cloudwatch.TreatMissingData, string>> = {
  [cloudwatch.TreatMissingData.NOT_BREACHING]: 'fine', [cloudwatch.TreatMissingData.BREACHING]: 'goes off', [cloudwatch.TreatMissingData.IGNORE]: 'as it was',
};

function docRow({ name, measure, comparison, threshold, period, evaluationPeriods, missingData }: AlarmRow): string {
  const times = name === 'no-files' ? '`noFilesFor`' : `${evaluationPeriods === 1 ? '' : `${evaluationPeriods} x `}${period.toHumanString()}`;
  const limit = name === 'job-age' ? '`sla`, 900' : `${threshold}`;
  return `[\`${name}\`](runbook.md#${name}) | ${measure} | ${SIGNS[comparison]} ${limit} | ${times} | ${NO_DATA[missingData]}`;
}

test('the table of alarms is that of the code', () => {
  expect([...sectionOf('Alarms').matchAll(/^\| (\[`.+) \|$/gm)].map(([, row]) => row)).toEqual(rows.map(docRow));
});

test('the number of alarms is said as it is', () => {
  expect(sectionOf('Alarms')).toContain(`a pipeline has ${Object.keys(alarms.alarms).length} alarms`);
});

test('the table of queries is that of the code', () => {
  expect(rowsOf(sectionOf('Dashboard'))).toEqual(LOG_QUERIES.map(({ name, question }) => `\`${name}\` | ${question}`));
});

describe('the runbook', () => {
  const sections = read('runbook.md').split(/^## /m).slice(1);

  test('has a section for each alarm, in the order of the table, and no other', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual(rows.map(({ name }) => name));
  });

  test('says of each what it means, how to look, what to do and when to ignore it', () => {
    for (const section of sections) {
      const parts = [...section.matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, part]) => part).join(', ');
      expect([section.split('\n')[0], parts]).toEqual([section.split('\n')[0],
        expect.stringMatching(/^What it means, How to look, what to do, When to ignore it$|^What it means, How to look, What to do, When to ignore it$/)]);
    }
  });

  test('is where the text of every alarm leads', () => {
    for (const alarm of Object.values(alarms.alarms)) {
      const { alarmDescription } = alarm.node.defaultChild as cloudwatch.CfnAlarm;
      const [, page, section] = /\/blob\/main\/docs\/(.+)#(.+)$/.exec(alarmDescription!)!;
      expect(page).toBe('runbook.md');
      expect(sections.map((text) => text.split('\n')[0])).toContain(section);
    }
  });
});
