import { buffer } from 'node:stream/consumers';
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand, DescribeExecutionCommandOutput, ListExecutionsCommand, SFNClient, StartExecutionCommand, StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { parseString } from 'fast-csv';
import { Deployment } from './global-setup';
import { JobRecord, JobTableReader, waitFor } from '../../emulator/job-watch';
import { keysOf } from '../../emulator/keys';
import { RejectedRow } from '../../src/spec/rejected-columns';
import { JobReport } from '../../src/steps/report';

const JOB_TIMEOUT_MS = 60_000;

/** The row of rejected.csv; all values are text. */

/** One of the pipelines of `app.ts`, as its user sees it: buckets, executions, the job table. */
export class DeployedPipeline {
  readonly bucket: string;
  readonly jobs: JobTableReader;
  private readonly s3: S3Client;
  private readonly stepFunctions: SFNClient;

  private readonly stateMachineArn: string;

  constructor(stackName: string) {
    const deployment = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
    const outputs = deployment.stacks[stackName];
    this.bucket = outputs.BucketName;
    this.stateMachineArn = outputs.StateMachineArn;
    this.s3 = new S3Client(deployment.clientConfig);
    this.stepFunctions = new SFNClient(deployment.clientConfig);
    this.jobs = new JobTableReader(deployment, outputs.JobTableName);
  }

  async upload(key: string, body: Uint8Array | string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: Buffer.from(body), ContentLength: Buffer.byteLength(body) }));
  }

  /** Uploads a file and follows its job to the end of its execution. */
  async process(key: string, body: Uint8Array | string): Promise<JobRecord> {
    await this.upload(key, body);
    const { file_id: fileId, execution_arn: executionArn } = await this.startedJob(key);
    await this.ended(executionArn);
    return this.jobs.read(fileId);
  }

  async startedJob(key: string) {
    return waitFor(`a job for ${key}`, async () => (await this.jobs.jobsOf(key))[0], JOB_TIMEOUT_MS);
  }

  async start(input: unknown): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, input: JSON.stringify(input) });
    return (await this.stepFunctions.send(command)).executionArn!;
  }

  async resume(fileId: string): Promise<DescribeExecutionCommandOutput> {
    return this.ended(await this.start({ resume: true, fileId }));
  }

  async stop(executionArn: string): Promise<void> {
    await this.stepFunctions.send(new StopExecutionCommand({ executionArn }));
  }

  async ended(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    return waitFor(`the end of ${executionArn}`, async () => {
      const execution = await this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    }, JOB_TIMEOUT_MS);
  }

  /** The executions that an event for this key has started. */
  async executionsFor(key: string): Promise<DescribeExecutionCommandOutput[]> {
    const { executions = [] } = await this.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn: this.stateMachineArn }));
    const described = await Promise.all(executions.map(async ({ executionArn }) =>
      this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }))));
    return described.filter(({ input }) => JSON.parse(input ?? '{}').detail?.object?.key === key);
  }

  /** The same, as soon as there is one and it has ended. */
  async endedFor(key: string): Promise<DescribeExecutionCommandOutput[]> {
    return waitFor(`an execution for ${key}`, async () => {
      const executions = await this.executionsFor(key);
      return executions.length > 0 && executions.every(({ status }) => status !== 'RUNNING') ? executions : undefined;
    }, JOB_TIMEOUT_MS);
  }

  async keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix: prefix })) {
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    }
    return keys;
  }

  async read(key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return buffer(Body as NodeJS.ReadableStream);
  }

  /** All that a bare listing shows of a job's output. */
  async publishedKeys({ job }: JobRecord): Promise<string[]> {
    return this.keys(keysOf(job.file_id).outputPrefix(job.ingest_date));
  }

  /** The part files in the order that `_manifest.json` lists them, joined. */
  async published({ job }: JobRecord): Promise<Buffer> {
    const manifest = (await this.read(keysOf(job.file_id).publishedManifest(job.ingest_date))).toString();
    const { files } = JSON.parse(manifest) as { files: Array<{ key: string }> };
    return Buffer.concat(await Promise.all(files.map(async ({ key }) => this.read(key))));
  }

  async report({ job }: JobRecord): Promise<JobReport> {
    return JSON.parse((await this.read(keysOf(job.file_id).report())).toString()) as JobReport;
  }

  async rejected({ job }: JobRecord): Promise<RejectedRow[]> {
    const csv = (await this.read(keysOf(job.file_id).rejected())).toString();
    return new Promise((resolve, reject) => {
      const rows: RejectedRow[] = [];
      parseString<RejectedRow, RejectedRow>(csv, { headers: true }).on('data', (row: RejectedRow) => rows.push(row)).on('error', reject).on('end', () => resolve(rows));
    });
  }
}
