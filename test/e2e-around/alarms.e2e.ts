/** What alarms and the dashboard look at, in the logs of a deployed pipeline: the emulator keeps those, and measures nothing. */
import { metricsIn, monitoring } from './deployed-monitoring';
import { csvOf } from './transactions-file';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

const pipeline = new DeployedPipeline('Alarms');
const { stacks } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;

const metricsOf = async (stem: string, metric: string, since: number) => metricsIn(`log-group-pipeline-${stem}-e2e`, metric, since);

/** On a busy machine the emulator keeps the last lines of a call with the next call's: there is one. */
async function processed(key: string, body: string) {
  const record = await pipeline.process(key, body);
  await pipeline.process(`${key}.next.csv`, csvOf({ records: 1 }));
  return record;
}

const OF_PIPELINE = { Pipeline: 'Alarms/Pipeline-e2e' };

test('every alarm is deployed under its name', async () => {
  const names = stacks.Alarms.AlarmNames.split(',');
  const ofPipeline = await monitoring('DescribeAlarms', { AlarmNamePrefix: 'alarm-pipeline-', MaxRecords: '100' });
  const alarms = [...ofPipeline.matchAll(/<AlarmName>([^<]+)<\/AlarmName>/g)].map(([, name]) => name);
  expect(alarms.sort()).toEqual(names.map((name) => `alarm-pipeline-${name}-e2e`).sort());
  const one = await monitoring('DescribeAlarms', { 'AlarmNames.member.1': 'alarm-pipeline-job-age-e2e' });
  expect(one).toContain('<MetricName>OldestSlaJobAge</MetricName>');
  expect(one).toContain('<Threshold>900.0</Threshold>');
});

test('the dashboard is there, with the pipeline\'s own names in it', async () => {
  expect(stacks.Alarms.DashboardName).toBe('dashboard-pipeline-jobs-us-east-1-e2e');
  expect(stacks.Alarms.DashboardUrl).toMatch(/^https:\/\/us-east-1\.console\.aws\.amazon\.com\/.+dashboard-pipeline-jobs-us-east-1-e2e$/);
  const body = await monitoring('GetDashboard', { DashboardName: stacks.Alarms.DashboardName });
  expect(body).toContain('Alarms/Pipeline-e2e');
  expect(body).toContain('function-pipeline-process-chunk-e2e');
  expect(body).toContain('table-pipeline-jobs-e2e');
  expect(body).toContain('state-machine-pipeline-workflow-e2e/ProcessChunks');
});

test('a file that is published is a file received and a job that succeeded, its rejects count by code', async () => {
  const since = Date.now();
  const { job } = await processed('incoming/good.csv', csvOf({ records: 100, badAmounts: 5, shortRecords: 2 }));
  expect(job).toMatchObject({ status: 'SUCCEEDED', records_rejected: 7 });
  expect(await metricsOf('validate-file', 'FilesReceived', since)).toContainEqual({ ...OF_PIPELINE, FilesReceived: 1 });
  const ended = await metricsOf('finalize-job', 'JobsSucceeded', since);
  const counts = { JobsSucceeded: 1, RecordsRead: 100, RecordsWritten: 93, RecordsRejected: 7 };
  expect(ended).toContainEqual(expect.objectContaining({ ...OF_PIPELINE, ...counts, OldestSlaJobAge: expect.any(Number) }));
  expect(ended.filter((line) => 'Code' in line)).toEqual([
    { ...OF_PIPELINE, Code: 'field_count', RecordsRejected: 2 }, { ...OF_PIPELINE, Code: 'type', RecordsRejected: 5 },
  ]);
});

test('a file that does not pass is a job rejected, not one interrupted', async () => {
  const since = Date.now();
  const { job } = await processed('incoming/bad.csv', 'wrong,header\n1,2\n');
  expect(job).toMatchObject({ status: 'FAILED', resumable: false });
  const ended = (await metricsOf('finalize-job', 'JobsFailed', since)).find((line) => 'JobsFailed' in line);
  expect(ended).toMatchObject({ JobsFailed: 1, JobsRejected: 1 });
  expect(ended).not.toHaveProperty('JobsInterrupted');
});

test('the sweep measures a file that nobody started, starts it, and then measures it as no such file any more', async () => {
  let since = Date.now();
  await pipeline.without('Intake', async () => pipeline.upload('incoming/unheard.csv', csvOf({ records: 10 })));
  expect(await pipeline.sweep()).toMatchObject({ started: 1 });
  // It sweeps as it would in 20 minutes.
  const [first] = await metricsOf('sweep-jobs', 'OpenJobs', since);
  expect(first).toEqual({ ...OF_PIPELINE, OpenJobs: 0, JobsWaiting: 0, OldestOpenJobAge: 0, OldestSlaJobAge: 0, OldestFileAge: expect.any(Number) });
  expect(first.OldestFileAge).toBeGreaterThanOrEqual(20 * 60);

  const { execution_arn: arn } = await pipeline.startedJob('incoming/unheard.csv');
  await pipeline.ended(arn);
  since = Date.now();
  await pipeline.sweep();
  // The sweep names the version, and the emulator leaves out the range of a read that does: the job is interrupted, and waits.
  expect(await metricsOf('sweep-jobs', 'OpenJobs', since))
    .toEqual([{ ...OF_PIPELINE, OpenJobs: 0, JobsWaiting: 1, OldestOpenJobAge: 0, OldestSlaJobAge: 0, OldestFileAge: 0 }]);
});

test('the sweep measures a job whose execution was stopped unheard as open, and after it has closed it as one that waits', async () => {
  const key = 'incoming/stopped.csv';
  await pipeline.without('ExecutionEnded', async () => {
    await pipeline.upload(key, csvOf({ records: 40_000 }));
    const { execution_arn: started } = await pipeline.startedJob(key);
    await pipeline.stop(started);
    await pipeline.ended(started);
  });
  const since = Date.now();
  expect(await pipeline.sweep()).toMatchObject({ closed: 1 });
  const [found] = await metricsOf('sweep-jobs', 'OpenJobs', since);
  expect(found).toMatchObject({ OpenJobs: 1, JobsFailed: 1, JobsInterrupted: 1 });
  expect(found.OldestOpenJobAge).toBeGreaterThanOrEqual(20 * 60);
  // The file is larger than the SLA of this stack is for.
  expect(found).toMatchObject({ OldestSlaJobAge: 0 });

  const later = Date.now();
  await pipeline.sweep();
  // Beside that of the test above.
  const waiting = { OpenJobs: 0, JobsWaiting: 2, OldestOpenJobAge: 0, OldestSlaJobAge: 0, OldestFileAge: 0 };
  expect(await metricsOf('sweep-jobs', 'JobsWaiting', later)).toEqual([{ ...OF_PIPELINE, ...waiting }]);
});
