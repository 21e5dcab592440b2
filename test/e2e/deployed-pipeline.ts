import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand, paginateListObjectsV2, PutObjectCommand, S3Client,
} from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand, DescribeExecutionCommandOutput, ListExecutionsCommand, SFNClient, StartExecutionCommand, StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { parseString } from 'fast-csv';
import { Deployment } from './global-setup';
import { HandlerProcesses } from './handler-processes';
import { JobRecord, JobTableReader, waitFor } from '../../emulator/job-watch';
import { keysOf } from '../../emulator/keys';
import { RejectedRow } from '../../src/spec/rejected-columns';
import { JobReport } from '../../src/steps/report';

const JOB_TIMEOUT_MS = 60_000;
const LATER = path.join(__dirname, 'later.cjs');

type Step = 'ValidateFile' | 'ProcessChunk' | 'FinalizeJob' | 'SweepJobs';

/** One of the pipelines of `app.ts`, as its user sees it: buckets, executions, the job table. */
export class DeployedPipeline {
  readonly bucket: string;
  readonly jobs: JobTableReader;
  private readonly s3: S3Client;
  private readonly stepFunctions: SFNClient;
  private readonly stateMachineArn: string;
  private readonly deployment: Deployment;

  constructor(private readonly stackName: string) {
    const deployment = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
    this.deployment = deployment;
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

  async remove(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  /** Uploads a file and follows its job to the end of its execution. */
  async process(key: string, body: Uint8Array | string, timeoutMs = JOB_TIMEOUT_MS): Promise<JobRecord> {
    await this.upload(key, body);
    const { file_id: fileId, execution_arn: executionArn } = await this.startedJob(key);
    await this.ended(executionArn, timeoutMs);
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

  async ended(executionArn: string, timeoutMs = JOB_TIMEOUT_MS): Promise<DescribeExecutionCommandOutput> {
    return waitFor(`the end of ${executionArn}`, async () => {
      const execution = await this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    }, timeoutMs);
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

  /** Of the newest version of `key`, and of those before it. */
  async versions(key: string): Promise<Buffer[]> {
    const { Versions = [] } = await this.s3.send(new ListObjectVersionsCommand({ Bucket: this.bucket, Prefix: key }));
    return Promise.all(Versions.filter(({ Key }) => Key === key).map(async ({ VersionId }) => {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key, VersionId }));
      return buffer(Body as NodeJS.ReadableStream);
    }));
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

  async processesOf(step: Step): Promise<HandlerProcesses> {
    return new HandlerProcesses(this.deployment.directory, await this.functionName(step));
  }

  /** Runs the sweep as it would run in 20 minutes: then files without a job and jobs without an execution are old enough. */
  async sweep(): Promise<Record<string, number>> {
    const lambda = new LambdaClient(this.deployment.clientConfig);
    const FunctionName = await this.functionName('SweepJobs');
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, NODE_OPTIONS: `--require ${LATER}` };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
    const answer = Buffer.from(Payload!).toString();
    if (FunctionError !== undefined) throw new Error(`the sweep failed: ${answer}`);
    return JSON.parse(answer) as Record<string, number>;
  }

  /** Keeps the events of files, or those of ended executions, from coming while `work` is done. */
  async without<T>(rule: 'Intake' | 'ExecutionEnded', work: () => Promise<T>): Promise<T> {
    const events = new EventBridgeClient(this.deployment.clientConfig);
    const names = await this.physicalIds('AWS::Events::Rule', rule);
    for (const Name of names) await events.send(new DisableRuleCommand({ Name }));
    try {
      return await work();
    } finally {
      for (const Name of names) await events.send(new EnableRuleCommand({ Name }));
    }
  }

  private async functionName(step: Step): Promise<string> {
    const [name] = await this.physicalIds('AWS::Lambda::Function', `${step}Function`);
    return name;
  }

  private async physicalIds(type: string, part: string): Promise<string[]> {
    const client = new CloudFormationClient(this.deployment.clientConfig);
    const found: string[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: this.stackName })) {
      found.push(...StackResourceSummaries.filter(({ ResourceType, LogicalResourceId }) => ResourceType === type && LogicalResourceId!.includes(part))
        .map(({ PhysicalResourceId }) => PhysicalResourceId!));
    }
    if (found.length === 0) throw new Error(`expected a resource of ${this.stackName} of type ${type} with ${part} in its name, got none`);
    return found;
  }
}
