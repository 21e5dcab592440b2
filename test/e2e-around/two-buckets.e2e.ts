import { buffer } from 'node:stream/consumers';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { keysOf } from '../../emulator/keys';
import { JobReport } from '../../src/steps/report';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

const RECORDS = 20_000;
const HEADER = 'transaction_id,account_id,transaction_date,amount,currency,merchant,category\n';
const FILE = HEADER + Array.from({ length: RECORDS }, (_, index) => `t${index},a${index % 7},2026-11-21 10:00:00,${index}.50,EUR,Shop number ${index},food\n`).join('');

const deployment = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const { BucketName: sourceBucket, OutputBucketName: outputBucket, JobTableName: jobTable } = deployment.stacks.TwoBuckets;
const s3 = new S3Client(deployment.clientConfig);

async function prefixesIn(bucket: string): Promise<string[]> {
  const prefixes = new Set<string>();
  for await (const { Contents: objects = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    for (const { Key: key } of objects) prefixes.add(key!.replace(/\/.*/, '/'));
  }
  return [...prefixes].sort();
}

test('a file is published into the second bucket, and its source stays in the first', async () => {
  expect([sourceBucket, outputBucket, jobTable]).toEqual(['acme-pipeline-bucket-data', 'acme-pipeline-bucket-output', 'acme-pipeline-table-jobs']);
  const pipeline = new DeployedPipeline('TwoBuckets');
  const { job, chunks } = await pipeline.process('incoming/a.csv', FILE);

  expect(job).toMatchObject({ status: 'SUCCEEDED', records_written: RECORDS });
  expect(await prefixesIn(sourceBucket)).toEqual(['processed/']);
  expect(await prefixesIn(outputBucket)).toEqual(['output/', 'quarantine/', 'reports/', 'work/']);

  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: outputBucket, Key: keysOf(job.file_id).report() }));
  const { timings } = JSON.parse((await buffer(body as NodeJS.ReadableStream)).toString()) as JobReport;
  expect(timings).toEqual({ validate: { records: RECORDS, seconds: expect.any(Number) }, write: { records: RECORDS, seconds: expect.any(Number) } });
  expect(timings!.validate!.seconds).toBeGreaterThan(0);

  // 3 days and 2 hours in which the job may need them, and 90 days.
  const inDays = (seconds: number) => (seconds - Date.now() / 1000) / 86_400;
  expect(chunks.length).toBeGreaterThan(1);
  for (const { expires_at: expiresAt } of chunks) expect(Math.round(inDays(expiresAt!))).toBe(93);
});
