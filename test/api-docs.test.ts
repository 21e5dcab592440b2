/** What API.md says, which is made of the docstrings, is what the code does. */
import * as fs from 'fs';
import * as path from 'path';
import { Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as ts from 'typescript';
import { newStack, SCHEMA } from './synthesize';
import { CsvChunkPipeline, MetadataColumn } from '../src';
import { JobMessage } from '../src/contract/job-message';
import { DEFAULT_METRICS_NAMESPACE, METRIC_UNITS, METRICS, PIPELINE_DIMENSION } from '../src/contract/metrics';
import { EVENT_SOURCE, JOB_FAILED_EVENT, JOB_SUCCEEDED_EVENT } from '../src/contract/payloads';

/** The text above a member, without its line breaks. */
function docOf(file: string, member: string): string {
  const text = fs.readFileSync(path.join(__dirname, '..', 'src', file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const docs: string[] = [];
  const visit = (node: ts.Node): void => {
    const named = node as ts.Node & { readonly name?: ts.Node; readonly jsDoc?: ts.JSDoc[] };
    if (named.name?.getText() === member && named.jsDoc !== undefined) docs.push(named.jsDoc.map((doc) => doc.getText()).join(' '));
    ts.forEachChild(node, visit);
  };
  visit(source);
  expect(docs).toHaveLength(1);
  return docs[0].replace(/\s+\* ?/g, ' ');
}

const IN_DETAIL = {
  version: 'both',
  pipelineId: 'both',
  fileId: 'both',
  run: 'both',
  status: 'both',
  bucket: 'both',
  key: 'both',
  versionId: 'both',
  sizeBytes: 'both',
  moveTo: 'both',
  startedAt: 'both',
  endedAt: 'both',
  recordsRead: 'both',
  recordsWritten: 'both',
  recordsRejected: 'both',
  recordsFiltered: 'both',
  outputBucket: 'both',
  outputPrefix: 'succeeded',
  manifestKey: 'succeeded',
  rejectedKey: 'both',
  reportKey: 'both',
  failureKind: 'failed',
  errorCode: 'failed',
  errorMessage: 'failed',
  resumable: 'failed',
  resumableUntil: 'failed',
} as const satisfies Record<keyof JobMessage, 'both' | 'succeeded' | 'failed'>;

describe.each(['csv-chunk-pipeline.ts', 'i-csv-chunk-pipeline.ts'])('%s', (file) => {
  test.each(Object.values(METRICS))('tells the name, unit and statistic of %s', (name) => {
    const unit = { Count: 'a count', Bytes: 'in bytes', Milliseconds: 'in milliseconds', Seconds: 'in seconds' }[METRIC_UNITS[name]];
    const metric = new CsvChunkPipeline(newStack(), 'Pipeline', { schema: SCHEMA })[`metric${name}`]();
    expect(metric.metricName).toBe(name);
    expect(docOf(file, `metric${name}`)).toContain(`\`${name}\`, ${unit}: `);
    expect(docOf(file, `metric${name}`)).toContain(`@default - ${metric.statistic!.toLowerCase()} over ${metric.period.toHumanString()}`);
  });

  test('tells namespace, dimension and period of the metrics', () => {
    const { namespace, dimensions, period, statistic } = new CsvChunkPipeline(newStack(), 'Pipeline', { schema: SCHEMA }).metric('Any') as Metric;
    expect([namespace, Object.keys(dimensions!)]).toEqual([DEFAULT_METRICS_NAMESPACE, [PIPELINE_DIMENSION]]);
    const doc = docOf(file, 'metric');
    expect(doc).toContain(`namespace \`${namespace}\`, one dimension \`${PIPELINE_DIMENSION}\` with the pipeline's id`);
    expect(doc).toContain(`@default - ${statistic!.toLowerCase()} over ${period.toHumanString()}`);
  });

  test.each([['onJobSucceeded', JOB_SUCCEEDED_EVENT, 'succeeded'], ['onJobFailed', JOB_FAILED_EVENT, 'failed']])('tells the whole event of %s', (method, detailType, kind) => {
    const doc = docOf(file, method);
    expect(doc).toContain(`source \`${EVENT_SOURCE}\``);
    expect(doc).toContain(`detail type \`${detailType}\``);
    const told = [...doc.matchAll(/\| ((?:`\w+`(?:, )?)+) \|/g)].flatMap(([, names]) => [...names.matchAll(/\w+/g)].map(([name]) => name));
    expect(told.sort()).toEqual(Object.entries(IN_DETAIL).filter(([, of]) => of === 'both' || of === kind).map(([name]) => name).sort());
  });
});

test('the columns of MetadataColumn say how they are named', () => {
  for (const [member, column] of Object.entries(MetadataColumn)) expect(docOf('options/output-format.ts', member)).toContain(`\`${column}\`: `);
});

test('a metadata column that is none is told the names of the enum', () => {
  const made = () => new CsvChunkPipeline(newStack(), 'Pipeline', { schema: SCHEMA, metadataColumns: ['JOB_ID' as MetadataColumn] });
  const names = Object.entries(MetadataColumn).map(([member, column]) => `${column} (MetadataColumn.${member})`).join(', ');
  expect(made).toThrow(new Error(`metadataColumns[0] must be one of ${names}, got "JOB_ID"`));
});

test('environmentSuffix says how much room there is', () => {
  const [, most] = /at most (\d+) characters together with the purpose/.exec(docOf('csv-chunk-pipeline-props.ts', 'environmentSuffix'))!;
  const made = (length: number) => () => new CsvChunkPipeline(new Stack(), 'BankTap', { schema: SCHEMA, environmentSuffix: 'x'.repeat(length) });
  made(Number(most) - 'bank-tap'.length)();
  expect(made(Number(most) - 'bank-tap'.length + 1)).toThrow(`environmentSuffix and the pipeline's id must have at most ${most} characters together, got 27`);
});

test('sourceBucket says how EventBridge is switched on for an imported bucket', () => {
  const doc = docOf('csv-chunk-pipeline-props.ts', 'sourceBucket');
  expect(doc).toContain('aws s3api put-bucket-notification-configuration --bucket NAME --notification-configuration \'{"EventBridgeConfiguration": {}}\'');
  expect(doc).toContain('This replaces all notifications of the bucket');
});
