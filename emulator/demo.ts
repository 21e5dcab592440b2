/** A file through the whole pipeline on this machine: `npm run demo`. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DEMO_STACK } from './demo-app';
import { summarize } from './demo-summary';
import { Emulator } from './emulator';
import { JobRecord, JobTableReader, waitFor } from './job-watch';
import { UserError } from './prerequisites';
import { Results } from './results';
import { bar, bytes, count, seconds, Steps } from './text';
import { LOCAL_DIR } from './venv';
import { generateTransactions } from '../bench/generate-transactions';
import { CsvDialect, TableSchema } from '../src';

const USAGE = `npm run demo                              20 MB of generated transactions through the pipeline
npm run demo -- --file F --schema S       your own file; S is a Frictionless Table Schema (JSON)

  --dialect D        a Frictionless Table Dialect (JSON) for --file    default: commas and double quotes
  --max-rejected L   a job with more rejected records fails: 100, 1%   default: 1%
  --port P           where the AWS emulator listens                    default: a free port`;

const GENERATED_SIZE_BYTES = 20_000_000;
const MIB = 1_048_576;
/** Enough chunks to see them run, and none larger than the example's own. */
const CHUNKS_TO_SHOW = 20;
const LARGEST_CHUNK_MIB = 50;
const JOB_START_TIMEOUT_MS = 60_000;
const JOB_TIMEOUT_MS = 30 * 60_000;

interface DemoOptions {
  readonly file?: string;
  readonly schema?: string;
  readonly dialect?: string;
  readonly maxRejected: string;
  readonly port?: number;
}

/** Runs the demo; the emulator it starts ends with it, also on Ctrl-C and on failure. */
export async function demo(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const steps = new Steps();
  console.log();
  const emulator = await steps.run('emulator', async (progress) => {
    const result = await Emulator.start({ port: options.port, log: progress });
    return { did: `started on ${result.endpoint}`, result };
  });
  try {
    await runDemo(emulator, options, steps);
  } finally {
    await emulator.stop();
  }
}

async function runDemo(emulator: Emulator, options: DemoOptions, steps: Steps): Promise<void> {
  const input = options.file === undefined
    ? await steps.run('generate', async () => generatedFile(emulator.directory))
    : { file: options.file, size: fs.statSync(options.file).size };
  const chunkSizeMiB = Math.min(LARGEST_CHUNK_MIB, Math.max(1, Math.ceil(input.size / CHUNKS_TO_SHOW / MIB)));

  const { bucket, table } = await steps.run('deploy', async () => deployTapStack(emulator, options, chunkSizeMiB));
  const key = `incoming/${path.basename(input.file)}`;
  const s3 = new S3Client(emulator.clientConfig);
  await steps.run('upload', async () => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: fs.createReadStream(input.file), ContentLength: input.size }));
    return { did: key, result: undefined };
  });
  const record = await steps.run('process', async (progress) => {
    const result = await watchJob(emulator, new JobTableReader(emulator, table), key, progress);
    return { did: describeProgress(result), result };
  });
  console.log(await summarize(record, new Results(s3, bucket, path.relative(process.cwd(), path.join(LOCAL_DIR, 'demo')))));
  console.log(`\nTook ${seconds(steps.elapsedMs)}.`);
  if (record.job.status !== 'SUCCEEDED') process.exitCode = 1;
}

function generatedFile(directory: string) {
  const file = path.join(directory, 'transactions.csv');
  const descriptor = fs.openSync(file, 'w');
  const pieces = generateTransactions({ sizeBytes: GENERATED_SIZE_BYTES });
  let piece = pieces.next();
  for (; !piece.done; piece = pieces.next()) fs.writeSync(descriptor, piece.value);
  fs.closeSync(descriptor);
  const { size } = fs.statSync(file);
  return { did: `${count(piece.value.records)} transactions, ${bytes(size)}, ${count(piece.value.bad)} of them bad on purpose`, result: { file, size } };
}

async function deployTapStack(emulator: Emulator, options: DemoOptions, chunkSizeMiB: number) {
  await emulator.bootstrap();
  const context: Record<string, string> = { chunkSizeMiB: String(chunkSizeMiB), maxRejected: options.maxRejected };
  if (options.schema !== undefined) context.schema = path.resolve(options.schema);
  if (options.dialect !== undefined) context.dialect = path.resolve(options.dialect);
  const outputs = (await emulator.deploy({ app: path.join(__dirname, 'demo-app.ts'), context }))[DEMO_STACK];

  let resources = 0;
  const client = new CloudFormationClient(emulator.clientConfig);
  for await (const page of paginateListStackResources({ client }, { StackName: DEMO_STACK })) resources += page.StackResourceSummaries?.length ?? 0;
  return {
    did: `TapStack: ${resources} resources, chunks of ${chunkSizeMiB} MiB`,
    result: { bucket: outputs.BucketName, table: outputs.JobTableName },
  };
}

/** Follows the job until its execution has ended. */
async function watchJob(emulator: Emulator, jobs: JobTableReader, key: string, progress: (text: string) => void): Promise<JobRecord> {
  const { file_id: fileId, execution_arn: executionArn } = await waitFor('the job of the uploaded file to start',
    async () => (await jobs.jobsOf(key))[0], JOB_START_TIMEOUT_MS);
  const stepFunctions = new SFNClient(emulator.clientConfig);
  await waitFor('the job to end', async () => {
    progress(describeProgress(await jobs.read(fileId)));
    // The job closes before its source has moved: the execution's end is the end.
    const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' ? undefined : status;
  }, JOB_TIMEOUT_MS, 200);
  return jobs.read(fileId);
}

function describeProgress({ job, chunks }: JobRecord): string {
  const total = job.chunk_count;
  if (total === undefined) return job.status === 'PLANNING' ? 'planning' : 'no chunks';
  const done = chunks.filter((chunk) => chunk.chunk_status === 'SUCCEEDED');
  const records = done.reduce((sum, chunk) => sum + (chunk.records_read ?? 0), 0);
  const size = done.reduce((sum, chunk) => sum + chunk.end - chunk.start, 0);
  return `${bar(done.length, total)} ${done.length}/${total} chunks, ${count(records)} records, ${bytes(size)}`;
}

function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const option = { type: 'string' } as const;
  const { values } = parseOptions(args, {
    'file': option, 'schema': option, 'dialect': option, 'max-rejected': option, 'port': option, 'help': { type: 'boolean', short: 'h' },
  });
  if (values.help) return 'help';
  if ((values.file === undefined) !== (values.schema === undefined)) {
    throw new UserError('--file and --schema go together: the file, and the Table Schema (JSON) that its records must fulfil.');
  }
  for (const name of ['file', 'schema', 'dialect'] as const) {
    const file = values[name];
    if (file !== undefined && !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) throw new UserError(`--${name}: there is no file ${file}.`);
  }
  checkReadable('schema', values.schema, (file) => TableSchema.fromFile(file));
  checkReadable('dialect', values.dialect, (file) => CsvDialect.fromFile(file));
  const maxRejected = values['max-rejected'] ?? '1%';
  if (!/^\d+(\.\d+)?%$|^\d+$/.test(maxRejected)) throw new UserError(`--max-rejected must be a number or a percentage such as 1%, got ${maxRejected}.`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new UserError(`--port must be from 1 to 65535, got ${values.port}.`);
  return { file: values.file, schema: values.schema, dialect: values.dialect, maxRejected, port };
}

/** What is wrong with a file is said before anything starts. */
function checkReadable(name: string, file: string | undefined, read: (file: string) => unknown): void {
  if (file === undefined) return;
  try {
    read(file);
  } catch (error) {
    throw new UserError(`--${name} ${file}: ${(error as Error).message}`);
  }
}

function parseOptions<T extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
