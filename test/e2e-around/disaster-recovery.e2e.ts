/** The primary of two regions: it works, it stands by, it takes over again. What the standby does is written into its table. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { generateTransactions } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';
import { documentClient } from '../../src/aws/dynamo-table';
import { DynamoJobTable } from '../../src/aws/job-table.client';
import { fileIdOf } from '../../src/contract/file-id';
import { JOB_SORT_KEY, JobItem, UNSETTLED } from '../../src/contract/job-item';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';
import { runCommand } from '../e2e/operator-command';

const { clientConfig, stacks } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const NAME = 'Recovery/Pipeline-recovery';
const STANDBY = 'eu-west-1';
const pipeline = new DeployedPipeline('Recovery');
/** As the functions of the standby reach it, by its replica. */
const standby = new DynamoJobTable(documentClient(new DynamoDBClient(clientConfig)), stacks.Recovery.JobTableName, {
  own: STANDBY, primary: clientConfig.region, bucket: 'bucket-pipeline-eu-west-1',
});
const file = () => Buffer.concat([...generateTransactions({ sizeBytes: 100_000, seed: 7 })]);

test('the primary is the active region as long as nobody has switched', async () => {
  expect((await pipeline.process('incoming/first.csv', file())).job).toMatchObject({ status: 'SUCCEEDED' });
});

describe('once the standby is the active region', () => {
  const lost = 'incoming/lost.csv';
  let lostId: string;

  beforeAll(async () => { expect(await standby.moveFence({ activeRegion: STANDBY, epoch: 1, since: Date.now() })).toBe(true); });

  test('a file that lands in the primary starts nothing there, and the execution says why', async () => {
    await pipeline.upload('incoming/late.csv', file());
    const [execution] = await pipeline.endedFor('incoming/late.csv');
    expect(execution).toMatchObject({ status: 'FAILED', error: 'StartRefused', cause: expect.stringContaining(`got ${STANDBY}, which is active since`) });
    expect(await pipeline.jobs.jobsOf('incoming/late.csv')).toEqual([]);
  });

  test('its sweep does nothing, though there is a file without a job', async () => {
    expect(Object.values(await pipeline.sweep()).every((count) => count === 0)).toBe(true);
  });

  test('the standby has a job that it does not end', async () => {
    await pipeline.upload(lost, file());
    await pipeline.endedFor(lost);
    const { Versions = [] } = await new S3Client(clientConfig).send(new ListObjectVersionsCommand({ Bucket: pipeline.bucket, Prefix: lost }));
    const { VersionId: versionId, ETag: etag = '', Size: sizeBytes = 0 } = Versions[0];
    lostId = fileIdOf(NAME, { key: lost, versionId, etag, lastModified: '' });
    const at = new Date();
    const job: JobItem = {
      file_id: lostId,
      chunk_id: JOB_SORT_KEY,
      status: 'PROCESSING',
      timestamp: at.getTime(),
      revision: 1,
      unsettled: UNSETTLED,
      file_name: 'lost.csv',
      bucket: 'bucket-pipeline-eu-west-1',
      key: lost,
      version_id: versionId,
      etag: etag.replaceAll('"', ''),
      size_bytes: sizeBytes,
      last_modified: at.toISOString(),
      execution_arn: `arn:aws:states:${STANDBY}:000000000000:execution:state-machine-pipeline-workflow-e2e:sweep-1`,
      schema_fingerprint: 'f',
      process_start_time: at.toISOString(),
      ingest_date: at.toISOString().slice(0, 10),
      run: 1,
    };
    expect(await standby.claim(job, { event: 'claimed', at: at.getTime() })).toBe(true);
  });

  test('the command says what a switch means, does it with --yes, and says that it is done', async () => {
    const unsure = await runCommand('activate', '--pipeline', NAME, '--region', clientConfig.region);
    expect([unsure.status, unsure.stderr]).toEqual([1, expect.stringContaining('expected --yes')]);
    expect(unsure.stdout).toContain(`the active region is ${STANDBY}, since`);
    const done = await runCommand('activate', '--pipeline', NAME, '--region', clientConfig.region, '--yes');
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toContain(`${clientConfig.region} is the active region (switch 2)`);
    expect((await runCommand('jobs', '--pipeline', NAME)).stdout).toContain(`active region: ${clientConfig.region}, since`);
  });

  test('the standby changes no job any more', async () => {
    const job = (await standby.job(lostId))!;
    await expect(standby.changeJob(job, { status: 'PUBLISHING' }, { event: 'publishing', at: Date.now() })).rejects.toThrow(
      `expected region ${STANDBY} to be the active one, got ${clientConfig.region}, which is active since`);
  });

  test('the primary takes the file that had no job, and gives the file of the standby\'s job another one', async () => {
    expect(await pipeline.sweep()).toMatchObject({ started: 1, takenOver: 1 });
    expect((await pipeline.jobs.read(lostId)).job).toMatchObject({
      status: 'FAILED', error_code: 'region_lost', resumable: false, moved_to: lost, bucket: pipeline.bucket,
    });
    // The emulator reads no ranges of a version, by which the sweep starts a file: how the two go on is not to be seen here.
    const again = await waitFor('a job for the lost file', async () => (await pipeline.jobs.jobsOf(lost)).find(({ rerun_of: of }) => of === lostId), 60_000);
    expect(again).toMatchObject({ read_key: lost, bucket: pipeline.bucket, execution_arn: expect.stringContaining(`:takeover-${lostId}-`) });
    await waitFor('a job for the late file', async () => (await pipeline.jobs.jobsOf('incoming/late.csv'))[0], 60_000);
  });
});
