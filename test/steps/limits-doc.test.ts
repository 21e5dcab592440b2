/** The tables of limits in docs/scale.md: each row has the value that the code has, told where the page says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CsvChunkPipelineProps, CsvDialect, CsvDialectOptions, FieldType, InputFormat, OutputFormat, RecordTransform, TableSchema } from '../../src';
import { JobContract } from '../../src/contract/job-contract';
import { MAX_CONFLICTS } from '../../src/engine/keys/find-duplicates';
import { MAX_KEYS } from '../../src/engine/keys/key-entry';
import { compileKeys } from '../../src/engine/keys/unique-key';
import { LONGEST_HEAD } from '../../src/engine/records/head';
import { MAX_BATCH_SIZE } from '../../src/options/record-transform';
import { BYTES_A_FIELD, MEBIBYTES_BESIDE_FIELDS } from '../../src/pipeline/combinations';
import { renderJobContract } from '../../src/pipeline/render-contract';
import { resolveSettings } from '../../src/pipeline/settings';
import { JobErrorCode } from '../../src/spec/error-codes';
import { DEFAULT_MAX_DECODED_SIZE } from '../../src/spec/input-settings';
import { MAX_PARQUET_PRECISION } from '../../src/spec/output-settings';
import { MAX_PRECISION } from '../../src/spec/schema';
import { megabytesPerSecond, MOST_MEGABYTES_PER_SECOND } from '../../src/spec/throughput';
import { MAX_OUTCOME_BYTES } from '../../src/steps/chunk-output';
import { MOST_CALLS, stagedTimeWarnings } from '../../src/steps/expected-time';
import { formatOf } from '../../src/steps/job-plan';
import { MOST_RUNS } from '../../src/steps/key-shard';
import { MAX_PARTS, OUTPUT_PART_SIZE, PART_SIZE } from '../../src/steps/multipart-writer';
import { MAX_CHUNKS } from '../../src/steps/plan-limits';
import { SHARE_OF_TIMEOUT } from '../../src/steps/planning-time';
import { FULL_PARTS, LARGEST_PART } from '../../src/steps/quarantine';
import { MAX_REQUEST_BYTES } from '../../src/steps/transform-function';
import { SCHEMA } from '../synthesize';

const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** By the first cell: the others. */
function rowsBelow(heading: string): Map<string, string[]> {
  const page = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8');
  const [, ...sections] = page.split(/^### /m);
  const section = sections.find((text) => text.startsWith(`${heading}\n`))!;
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  return new Map(rows.map((row) => {
    const [limit, ...cells] = row.slice(1, -1).split('|').map((cell) => cell.trim());
    return [limit, cells];
  }));
}

type Props = Partial<CsvChunkPipelineProps>;

/** Undefined: synth takes them. */
function errorOf(props: () => Props): string | undefined {
  try {
    resolveSettings({ schema: SCHEMA, ...props() });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const field = TableSchema.fromFields;
const csv = (dialect: CsvDialectOptions) => ({ inputFormat: InputFormat.csv({ dialect: CsvDialect.fromOptions(dialect) }) });

const size = (bytes: number) => {
  const [unit, name] = bytes >= GIB ? [GIB, 'GiB'] : bytes >= MIB ? [MIB, 'MiB'] : [KIB, 'KiB'];
  return `${bytes / unit} ${name}`;
};
const minutes = (seconds: number) => seconds === 60 ? '1 minute' : `${seconds / 60} minutes`;
const days = (seconds: number) => `${seconds / 86_400} days`;

/** Synth takes each of the numbers, and refuses the next one beyond it with an error that tells it. */
interface Range {
  readonly props: (value: number) => Props;
  readonly least?: number;
  readonly most?: number;
  /** How a person is told. */
  readonly told?: (value: number) => string;
  /** What the next number is away. */
  readonly step?: number;
}

function checkRange({ props, least, most, told = String, step = 1 }: Range): void {
  for (const [limit, beyond] of [[least, -step], [most, step]] as const) {
    if (limit === undefined) continue;
    expect(errorOf(() => props(limit))).toBeUndefined();
    expect(errorOf(() => props(limit + beyond))).toContain(told(limit));
  }
}

describe('at synth', () => {
  const rows = rowsBelow('Told at synth');
  const seconds = (value: number) => Duration.seconds(value);
  const decimal = (precision: number, scale?: number) => field([{ name: 'a', type: FieldType.DECIMAL, precision, scale }]);
  const keyed = { schema: field([{ name: 'id' }], { primaryKey: ['id'] }) };

  const chunkSize: Range = { props: (value) => ({ chunkSize: Size.bytes(value) }), least: MIB, most: GIB, told: size };
  const recordSize: Range = { props: (value) => ({ maxRecordSize: Size.bytes(value) }), least: KIB, most: 16 * MIB, told: size };
  const timeout: Range = { props: (value) => ({ timeout: seconds(value) }), least: 60, most: 900, told: minutes };
  const memory: Range = { props: (value) => ({ memorySize: Size.mebibytes(value / MIB) }), least: 512 * MIB, most: 10 * GIB, told: size, step: MIB };
  const ofFinalizeJob = (value: number) => ({ ...keyed, steps: { finalizeJob: { memorySize: Size.mebibytes(value / MIB) } } });
  const keyMemory: Range = { ...memory, props: ofFinalizeJob, least: GIB, most: undefined };
  // What a job writes has to outlive it.
  const long = Duration.days(1000);
  const lifecycle = { work: { expireAfter: long }, abortIncompleteUploadsAfter: long, noncurrentVersionsExpireAfter: long };
  const workflow: Range = { props: (value) => ({ workflowTimeout: seconds(value), lifecycle }), most: 365 * 86_400, told: days };
  const concurrency: Range = { props: (maxConcurrency) => ({ maxConcurrency }), least: 1, most: MAX_CHUNKS };
  const ofDecoded = (value: number) => ({ inputFormat: InputFormat.csv({ maxDecodedSize: Size.bytes(value) }) });
  const decoded: Range = { props: ofDecoded, least: MIB, most: 64 * GIB, told: size };
  const skipLines: Range = { props: (value) => csv({ skipLines: value }), most: 10_000 };
  const skipFooter: Range = { props: (value) => csv({ skipFooter: value }), most: 1000 };
  const searched: Range = { props: (value) => csv({ headerSearchLines: value }), most: 1000 };
  const patternOf = (characters: number) => field([{ name: 'a', constraints: { pattern: 'x'.repeat(characters) } }]);
  const pattern: Range = { props: (value) => ({ schema: patternOf(value) }), most: 10_000 };
  const digits: Range = { props: (value) => ({ schema: decimal(value) }), most: MAX_PRECISION };
  const ofParquet = (value: number) => ({ schema: decimal(value, 0), outputFormat: OutputFormat.parquet() });
  const parquetDigits: Range = { props: ofParquet, most: MAX_PARQUET_PRECISION };

  const between = ({ least, most, told = String }: Range) => `${told(least!)} to ${told(most!)}`;
  const most = ({ most: value, told = String }: Range) => told(value!);

  /** The value's cell, and the numbers in it. */
  const RANGES: Readonly<Record<string, readonly [cell: string, ...ranges: Range[]]>> = {
    '`chunkSize`': [between(chunkSize), chunkSize],
    '`maxRecordSize`': [`${between(recordSize)}, and no more than \`chunkSize\``, recordSize],
    '`timeout`, of each step': [between(timeout), timeout],
    '`memorySize`, of each step': [between(memory), memory],
    '`memorySize` of FinalizeJob, where there are keys': [size(keyMemory.least!), keyMemory],
    '`workflowTimeout`': [`longer than each \`timeout\`, at most ${most(workflow)}`, workflow],
    '`maxConcurrency`': [`${between(concurrency)}: the children of a Map`, concurrency],
    '`maxDecodedSize`': [`${between(decoded)}; a warning where PlanChunks has no time for it`, decoded],
    '`skipLines`': [most(skipLines), skipLines],
    '`skipFooter`': [most(skipFooter), skipFooter],
    '`headerSearchLines`': [most(searched), searched],
    'a `pattern`': [`${most(pattern)} characters`, pattern],
    'digits of a `decimal`': [`${most(digits)}, in Parquet ${most(parquetDigits)}`, digits, parquetDigits],
  };

  test.each(Object.entries(RANGES))('%s', (row, [cell, ...ranges]) => {
    expect(rows.get(row)![0]).toBe(cell);
    ranges.forEach(checkRange);
  });

  test('settings are refused that do not fit one another', () => {
    expect(errorOf(() => ({ chunkSize: Size.mebibytes(1), maxRecordSize: Size.mebibytes(2) }))).toContain('chunkSize');
    expect(errorOf(() => ({ workflowTimeout: Duration.minutes(1) }))).toContain('longer than');
  });

  /** What is told where the construct, the engine or the whole stack is there. */
  const VALUES: Readonly<Record<string, string>> = {
    '`timeout` of a worker': `no less than \`chunkSize\` / (${megabytesPerSecond('csv', 0)} MB/s, with Parquet ${megabytesPerSecond('parquet', 0)}, by the share of a vCPU); a warning below three times that`,
    '`memorySize` by fields': `${size(BYTES_A_FIELD)} a field, beside ${MEBIBYTES_BESIDE_FIELDS.jsonl} MiB, or ${MEBIBYTES_BESIDE_FIELDS.parquet} MiB with Parquet`,
    'keys of a schema': String(MAX_KEYS),
    '`batchSize` of a transform': String(MAX_BATCH_SIZE),
  };

  test.each(Object.entries(VALUES))('%s', (row, cell) => {
    expect(rows.get(row)![0]).toBe(cell);
  });

  test('keys and batches are taken up to it, and refused beyond it', () => {
    const keys = (count: number) => {
      const uniqueKeys = Array.from({ length: count }, (_, index) => [`f${index}`]);
      return () => compileKeys({ fields: uniqueKeys.map(([name]) => ({ name })), uniqueKeys });
    };
    expect(keys(MAX_KEYS)).not.toThrow();
    expect(keys(MAX_KEYS + 1)).toThrow(String(MAX_KEYS));
    const batch = (batchSize: number) => () => RecordTransform.fromFunction({ functionArn: 'arn' } as IFunction, { batchSize });
    expect(batch(MAX_BATCH_SIZE)).not.toThrow();
    expect(batch(MAX_BATCH_SIZE + 1)).toThrow(String(MAX_BATCH_SIZE));
  });

  test('has no other rows', () => {
    expect([...rows.keys()].sort()).toEqual([...Object.keys(RANGES), ...Object.keys(VALUES)].sort());
  });
});

/** What the props' defaults come to. */
const DEFAULTS = renderJobContract('p', resolveSettings({ schema: SCHEMA }));
const CAPACITY = DEFAULTS.capacity!;

/** Terabytes that a job has the time for: so many take half of twice the time, from where on a warning is told. */
function terabytesInTime(contract: Partial<JobContract>, record: string): string {
  const capacity = { ...CAPACITY, workflowTimeoutSeconds: 2 * CAPACITY.workflowTimeoutSeconds };
  const of = { ...DEFAULTS, ...contract, capacity };
  const format = formatOf(of, { format: 'csv', compression: 'none', encoding: 'utf-8' });
  const records = { format, wholeRecords: 1, sampleBytes: record.length, hasLongRecord: false };
  const isWarned = (bytes: number) => stagedTimeWarnings(bytes, bytes, records, of).length > 0;
  let [enough, tooMuch] = [0, 100e12];
  while (tooMuch - enough > 1e9) {
    const middle = (enough + tooMuch) / 2;
    if (isWarned(middle)) tooMuch = middle;
    else enough = middle;
  }
  return (enough / 1e12).toFixed(1);
}

describe('the time of a job', () => {
  test('is that of the defaults', () => {
    const record = '1,abcdefgh\n';
    const plain = terabytesInTime({}, record);
    const parquet = terabytesInTime({ output: { format: 'parquet' } }, record);
    const keyed = terabytesInTime({ schema: { fields: [{ name: 'id' }, { name: 'text' }], primaryKey: 'id' } }, record);
    const [, [value]] = [...rowsBelow('Told by ValidateFile')].find(([limit]) => limit.startsWith('the time of a job:'))!;
    expect(value).toBe(`with the defaults about ${plain} TB as JSON Lines or CSV, ${parquet} TB as Parquet, ${keyed} TB of short records with a key`);
  });
});

const RATE = megabytesPerSecond('csv', 0);
const WORKER_SECONDS = CAPACITY.processChunk.timeoutSeconds;

/** The value's cell; an error code that the next one has. */
describe.each<[string, Readonly<Record<string, readonly [cell: string, ...codes: JobErrorCode[]]>>]>([
  ['Told by ValidateFile', {
    'the calls of FinalizeJob that the events of an execution have room for': [`${MOST_CALLS}, each of half of its \`timeout\``],
    [`the time of a chunk, which is larger in a file above ${MAX_CHUNKS} times \`chunkSize\``]: ['`timeout` of a worker'],
    'a file that has no line end to cut it at': [
      `\`timeout\` of a worker x ${RATE} MB/s (${WORKER_SECONDS * RATE / 1000} GB with the defaults) from one place to the next, or to the end of the file`, 'too_large',
    ],
    'a header that does not end': ['`maxRecordSize`', 'line_terminator', 'header_mismatch'],
    'what comes before the header': [size(LONGEST_HEAD), 'line_terminator', 'header_mismatch'],
    'text that has to be made of a file': [`\`maxDecodedSize\`, ${size(DEFAULT_MAX_DECODED_SIZE)} by default`, 'too_large'],
    'the time for that': [`\`timeout\` of PlanChunks, at ${MOST_MEGABYTES_PER_SECOND} MB/s`, 'too_large'],
  }],
  ['Told by the step that meets it', {
    'PlanChunks: chunks of a file': [String(MAX_CHUNKS)],
    'PlanChunks: the time to find where to cut the file': [`${SHARE_OF_TIMEOUT * 100} % of \`timeout\``],
    'ProcessChunk: a record': ['`maxRecordSize`'],
    'ProcessChunk: a call of a function that transforms': [`${size(MAX_REQUEST_BYTES)} of records`],
    'ProcessChunk: parts of an upload': [`${MAX_PARTS}, which are ${Math.floor(MAX_PARTS * OUTPUT_PART_SIZE / GIB)} GiB of a part file`],
    'ProcessChunk: what a chunk says of its result': [`${MAX_OUTCOME_BYTES} bytes in the job table, some 8,000 uploaded parts`],
    'FinalizeJob: rejected records': ['`maxRejectedRecords`, `maxRejectedPercentage`; by default none', 'too_many_rejects'],
    'FinalizeJob: entries of keys that several records share': [String(MAX_CONFLICTS), 'too_many_duplicates'],
    'FinalizeJob: runs of keys': [String(MOST_RUNS)],
    'FinalizeJob: one file of rejected records': [
      `${Math.floor(PART_SIZE * FULL_PARTS / 1e9)} GB, and up to ${(LARGEST_PART * FULL_PARTS / 1e12).toFixed(1)} TB where so much is expected`,
    ],
    'MoveSource: parts of a copy': [`${MAX_PARTS}, of 5 GiB at most: 50 TB`],
    'Step Functions: a state': ['256 KiB'],
  }],
])('%s', (heading, values) => {
  const rows = rowsBelow(heading);

  test.each(Object.entries(values))('%s', (row, [cell, ...codes]) => {
    const [value, happens] = rows.get(row)!;
    expect(value).toBe(cell);
    expect([...happens.matchAll(/`([a-z]+_[a-z_]+)`/g)].map(([, code]) => code)).toEqual(expect.arrayContaining(codes));
  });

  test('has no other rows', () => {
    expect([...rows.keys()].filter((row) => !row.startsWith('the time of a job:'))).toEqual(Object.keys(values));
  });
});

test('when PlanChunks gives up', () => {
  expect(rowsBelow('Told by ValidateFile').get('the time for that')![1]).toContain(` PlanChunks ends its run at ${SHARE_OF_TIMEOUT * 100} % of \`timeout\`, `);
});
