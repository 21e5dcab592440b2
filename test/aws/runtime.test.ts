/** What CloudWatch reads of a step's log: the embedded metric format. */
import { awsDeps, observed } from '../../src/aws/runtime';

const IDENTITY = { pipelineId: 'Stack/Pipeline', metricsNamespace: 'CsvChunkPipeline' };
jest.mock('node:fs', () => ({ ...jest.requireActual<object>('node:fs'), readFileSync: () => JSON.stringify(IDENTITY) }));

interface Line {
  readonly _aws: {
    readonly CloudWatchMetrics: ReadonlyArray<{ readonly Namespace: string; readonly Dimensions: string[][]; readonly Metrics: object[] }>;
  };
  readonly [name: string]: unknown;
}

/** The lines with metrics that a step writes. */
async function linesOf(run: (meter: ReturnType<typeof awsDeps>['meter']) => void): Promise<Line[]> {
  const written: string[] = [];
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    const { meter } = awsDeps(['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'], { getRemainingTimeInMillis: () => 1 });
    await observed('Step', {}, async () => run(meter));
  } finally {
    stdout.mockRestore();
  }
  return written.join('').split('\n').filter((line) => line.includes('_aws')).map((line) => JSON.parse(line) as Line);
}

beforeAll(() => { Object.assign(process.env, { JOB_TABLE_NAME: 'jobs', OUTPUT_BUCKET_NAME: 'out', AWS_REGION: 'eu-west-1' }); });
afterAll(() => { for (const name of ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'AWS_REGION']) delete process.env[name]; });

test('a step\'s metrics are one line, with the pipeline as their one dimension', async () => {
  const [line, ...others] = await linesOf((meter) => {
    meter.add('OpenJobs', 0);
    meter.add('OldestOpenJobAge', 7);
  });
  expect(others).toEqual([]);
  expect(line).toMatchObject({ Pipeline: 'Stack/Pipeline', OpenJobs: 0, OldestOpenJobAge: 7 });
  expect(line._aws.CloudWatchMetrics).toEqual([{
    Namespace: 'CsvChunkPipeline',
    Dimensions: [['Pipeline']],
    Metrics: [{ Name: 'OpenJobs', Unit: 'Count' }, { Name: 'OldestOpenJobAge', Unit: 'Seconds' }],
  }]);
});

test('a metric by code is a line of its own, with both dimensions, and the sum keeps its one', async () => {
  const lines = await linesOf((meter) => {
    meter.add('RecordsRejected', 3);
    meter.addByCode('RecordsRejected', 'type', 2);
    meter.addByCode('RecordsRejected', 'unique', 1);
  });
  expect(lines.map(({ Pipeline, Code, RecordsRejected, _aws: { CloudWatchMetrics: [{ Namespace, Dimensions }] } }) => (
    { Pipeline, Code, RecordsRejected, Namespace, Dimensions: [...Dimensions[0]].sort() }))).toEqual([
    { Pipeline: 'Stack/Pipeline', Code: 'type', RecordsRejected: 2, Namespace: 'CsvChunkPipeline', Dimensions: ['Code', 'Pipeline'] },
    { Pipeline: 'Stack/Pipeline', Code: 'unique', RecordsRejected: 1, Namespace: 'CsvChunkPipeline', Dimensions: ['Code', 'Pipeline'] },
    { Pipeline: 'Stack/Pipeline', Code: undefined, RecordsRejected: 3, Namespace: 'CsvChunkPipeline', Dimensions: ['Pipeline'] },
  ]);
});
