/** A table of the published records in the data catalog, with a partition for each job. */
import { DeletePartitionCommand, GetPartitionsCommand, GetTableCommand, GlueClient, Partition } from '@aws-sdk/client-glue';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { TRANSACTION_HEADER } from '../../bench/generate-transactions';
import { waitFor } from '../../emulator/job-watch';
import { DeployedPipeline } from '../e2e/deployed-pipeline';
import { Deployment } from '../e2e/global-setup';

const pipeline = new DeployedPipeline('JobCatalog');
const { clientConfig, stacks } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const { DatabaseName, TableName, AddPartitionFunctionName } = stacks.JobCatalog;
const glue = new GlueClient(clientConfig);

const GOOD = `${TRANSACTION_HEADER}TX1,ACC1,2026-11-21T10:00:00Z,12.50,EUR,Shop,food\n`;
const BAD = `${TRANSACTION_HEADER}TX1,ACC1,yesterday,12.50,EUR,Shop,food\n`;

async function partitions(): Promise<Partition[]> {
  return (await glue.send(new GetPartitionsCommand({ DatabaseName, TableName }))).Partitions ?? [];
}

async function partitionOf(fileId: string): Promise<Partition> {
  return waitFor(`a partition of job ${fileId}`, async () => (await partitions()).find(({ Values = [] }) => Values[1] === fileId));
}

async function invoke(input: object): Promise<{ error?: string; answer: unknown }> {
  const command = new InvokeCommand({ FunctionName: AddPartitionFunctionName, Payload: JSON.stringify(input) });
  const { Payload, FunctionError } = await new LambdaClient(clientConfig).send(command);
  return { error: FunctionError, answer: JSON.parse(Buffer.from(Payload!).toString()) as unknown };
}

test('the table is there after the deployment', async () => {
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName, Name: TableName }));
  expect(Table).toMatchObject({
    PartitionKeys: [{ Name: 'ingest_date', Type: 'date' }, { Name: 'file_id', Type: 'string' }],
    StorageDescriptor: { Location: `s3://${pipeline.bucket}/output/`, SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' } },
  });
  expect(Table!.StorageDescriptor!.Columns).toContainEqual(expect.objectContaining({ Name: 'transaction_id', Type: 'string' }));
});

test('a job that was published becomes a partition; its event told once more, and the repair, add none', async () => {
  const { job } = await pipeline.process('incoming/one.csv', GOOD);
  expect(job.status).toBe('SUCCEEDED');
  const partition = await partitionOf(job.file_id);
  expect(partition.Values).toEqual([job.ingest_date, job.file_id]);
  expect(partition.StorageDescriptor!.Location).toBe(`s3://${pipeline.bucket}/output/ingest_date=${job.ingest_date}/file_id=${job.file_id}/`);
  expect(partition.Parameters).toMatchObject({ schema_fingerprint: job.schema_fingerprint });

  const detail = { fileId: job.file_id, status: 'SUCCEEDED' };
  expect(await invoke({ detail })).toEqual({ answer: { added: 0 } });
  expect(await invoke({ repairDays: 7 })).toEqual({ answer: { added: 0 } });
  expect((await partitions()).filter(({ Values = [] }) => Values[1] === job.file_id)).toHaveLength(1);
});

test('a job that failed becomes none', async () => {
  const { job } = await pipeline.process('incoming/bad.csv', BAD);
  expect(job.status).toBe('FAILED');
  expect(await invoke({ repairDays: 7 })).toEqual({ answer: { added: 0 } });
  expect((await partitions()).filter(({ Values = [] }) => Values[1] === job.file_id)).toEqual([]);
});

test('the repair adds what is missing', async () => {
  const { job } = await pipeline.process('incoming/missed.csv', GOOD);
  const { Values } = await partitionOf(job.file_id);
  await glue.send(new DeletePartitionCommand({ DatabaseName, TableName, PartitionValues: Values! }));
  expect(await invoke({ repairDays: 7 })).toEqual({ answer: { added: 1 } });
  await partitionOf(job.file_id);
});

test('called by hand it fills the catalog of a pipeline that was there before', async () => {
  const all = await partitions();
  expect(all.length).toBeGreaterThan(1);
  for (const { Values } of all) await glue.send(new DeletePartitionCommand({ DatabaseName, TableName, PartitionValues: Values! }));
  expect(await invoke({ repairDays: 365 })).toEqual({ answer: { added: all.length } });
  expect((await partitions()).map(({ Values }) => Values).sort()).toEqual(all.map(({ Values }) => Values).sort());
});

test('an event of a job that is not there fails', async () => {
  expect(await invoke({ detail: { fileId: 'f'.repeat(32), status: 'SUCCEEDED' } })).toMatchObject({
    error: expect.any(String), answer: { errorMessage: `expected a job ${'f'.repeat(32)} in the job table, got none` },
  });
});
