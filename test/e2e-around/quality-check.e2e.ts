/** The daily check, made by hand: over the jobs of today, told in a message and in a report. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { TRANSACTION_HEADER } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';
import { CheckQualityOutput, QualityReport } from '../../src/services/check-quality';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

const pipeline = new DeployedPipeline('QualityCheck');
const { clientConfig, stacks } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const { QualityCheckFunctionName, QueueUrl } = stacks.QualityCheck;

const GOOD = 'TX1,ACC1,2026-11-21T10:00:00Z,12.50,EUR,Shop,food\n';
const BAD = 'TX2,ACC1,yesterday,12.50,EUR,Shop,food\n';

async function check(input: object): Promise<CheckQualityOutput> {
  const command = new InvokeCommand({ FunctionName: QualityCheckFunctionName, Payload: JSON.stringify(input) });
  const { Payload, FunctionError } = await new LambdaClient(clientConfig).send(command);
  const answer = Buffer.from(Payload!).toString();
  if (FunctionError !== undefined) throw new Error(`the check failed: ${answer}`);
  return JSON.parse(answer) as CheckQualityOutput;
}

test('tells of rejects, of a file that did not come, and of the totals', async () => {
  const { job } = await pipeline.process('incoming/trades.csv', TRANSACTION_HEADER + GOOD.repeat(199) + BAD);
  expect(job.status).toBe('SUCCEEDED');
  // A check looks up to a whole second: what ends within it is the next one's.
  await sleep(1000);
  const { findings, reportKey } = await check({});
  expect(findings).toBe(2);

  const report = JSON.parse((await pipeline.read(reportKey!)).toString()) as QualityReport;
  expect(report.totals).toMatchObject({ jobsSucceeded: 1, jobsFailed: 0, recordsRead: 200, recordsWritten: 199, recordsRejected: 1 });
  expect(report.findings.map(({ kind, key }) => [kind, key])).toEqual([['FILE_MISSING', 'incoming/orders-*.csv'], ['REJECTS', 'incoming/trades.csv']]);

  const message = await waitFor('the message', async () => (await new SQSClient(clientConfig).send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0].Body);
  expect(message).toMatch(/^2 findings by the quality check of QualityCheck\/Pipeline, /);
  expect(message).toContain(`Report: ${reportKey}`);
});

test('looks at the time that it is told, the schedule\'s, not now', async () => {
  const { reportKey } = await check({ time: '2026-01-02T02:00:00Z' });
  expect(reportKey).toBe('reports/quality-check/2026-01-02T02-00-00Z.json');
  const report = JSON.parse((await pipeline.read(reportKey!)).toString()) as QualityReport;
  expect(report).toMatchObject({ from: '2026-01-01T02:00:00.000Z', to: '2026-01-02T02:00:00.000Z', totals: { jobsSucceeded: 0 } });
});

test('begins where the last report ends', async () => {
  const { reportKey } = await check({ time: '2026-01-04T02:00:00Z' });
  const report = JSON.parse((await pipeline.read(reportKey!)).toString()) as QualityReport;
  expect(report).toMatchObject({ from: '2026-01-02T02:00:00.000Z', to: '2026-01-04T02:00:00.000Z' });
});

test('a call that says no time is refused by name', async () => {
  await expect(check({ time: 'yesterday' })).rejects.toThrow('expected \\"time\\" to be a time such as 2026-11-30T02:00:00Z, got \\"yesterday\\"');
});
