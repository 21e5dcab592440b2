/** The tables of limits in docs/scale.md: each row has the value that the code has, told where the page says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CsvChunkPipelineProps, CsvDialect, CsvDialectOptions, FieldType, InputFormat, OutputFormat, RecordTransform, TableSchema } from '../../src';
import { MAX_CONFLICTS } from '../../src/engine/keys/find-duplicates';
import { MAX_KEYS } from '../../src/engine/keys/key-entry';
import { compileKeys } from '../../src/engine/keys/unique-key';
import { LONGEST_HEAD } from '../../src/engine/records/head';
import { BYTES_A_FIELD, MEBIBYTES_BESIDE_FIELDS } from '../../src/pipeline/combinations';
import { resolveSettings } from '../../src/pipeline/settings';
import { DEFAULT_MAX_DECODED_SIZE } from '../../src/spec/input-settings';
import { megabytesPerSecond, MOST_MEGABYTES_PER_SECOND } from '../../src/spec/throughput';
import { MAX_OUTCOME_BYTES } from '../../src/steps/chunk-output';
import { MOST_CALLS } from '../../src/steps/expected-time';
import { MOST_RUNS } from '../../src/steps/key-shard';
import { MAX_PARTS, OUTPUT_PART_SIZE, PART_SIZE } from '../../src/steps/multipart-writer';
import { MAX_CHUNKS } from '../../src/steps/plan-limits';
import { FULL_PARTS, LARGEST_PART } from '../../src/steps/quarantine';
import { SHARE_OF_TIMEOUT } from '../../src/steps/planning-time';
import { MAX_REQUEST_BYTES } from '../../src/steps/transform-function';
import { SCHEMA } from '../synthesize';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** By the first cell: the text of the whole row. */
function rowsBelow(heading: string): Map<string, string> {
  const page = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8');
  const [, ...sections] = page.split(/^### /m);
  const section = sections.find((text) => text.startsWith(`${heading}\n`))!;
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  return new Map(rows.map((row) => [row.split(' | ')[0].replace(/^\| /, ''), row]));
}

function errorOf(props: () => Partial<CsvChunkPipelineProps>): string {
  try {
    resolveSettings({ schema: SCHEMA, ...props() });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected synth to refuse it');
}

const field = TableSchema.fromFields;
const csv = (dialect: CsvDialectOptions) => ({ inputFormat: InputFormat.csv({ dialect: CsvDialect.fromOptions(dialect) }) });

describe('at synth', () => {
  const rows = rowsBelow('Told at synth');

  /** What lies beyond the limit, and what the error and the page both say. */
  const REFUSED: Readonly<Record<string, ReadonlyArray<readonly [() => Partial<CsvChunkPipelineProps>, string]>>> = {
    '`chunkSize`': [[() => ({ chunkSize: Size.kibibytes(1) }), '1 MiB'], [() => ({ chunkSize: Size.gibibytes(2) }), '1 GiB']],
    '`maxRecordSize`': [[() => ({ maxRecordSize: Size.bytes(1) }), '1 KiB'], [() => ({ maxRecordSize: Size.mebibytes(17) }), '16 MiB'],
      [() => ({ chunkSize: Size.mebibytes(1), maxRecordSize: Size.mebibytes(2) }), 'chunkSize']],
    '`timeout`, of each step': [[() => ({ timeout: Duration.seconds(1) }), '1 minute'], [() => ({ timeout: Duration.minutes(16) }), '15 minutes']],
    '`memorySize`, of each step': [[() => ({ memorySize: Size.mebibytes(128) }), '512 MiB'], [() => ({ memorySize: Size.gibibytes(11) }), '10 GiB']],
    '`memorySize` of FinalizeJob, where there are keys': [
      [() => ({ schema: field([{ name: 'id' }], { primaryKey: ['id'] }), steps: { finalizeJob: { memorySize: Size.mebibytes(512) } } }), '1 GiB'],
    ],
    '`workflowTimeout`': [[() => ({ workflowTimeout: Duration.days(366) }), '365 days'], [() => ({ workflowTimeout: Duration.minutes(1) }), 'longer than']],
    '`maxConcurrency`': [[() => ({ maxConcurrency: 10_001 }), '10000'], [() => ({ maxConcurrency: 0 }), '1']],
    '`maxDecodedSize`': [[() => ({ inputFormat: InputFormat.csv({ maxDecodedSize: Size.gibibytes(65) }) }), '64 GiB'],
      [() => ({ inputFormat: InputFormat.csv({ maxDecodedSize: Size.kibibytes(1) }) }), '1 MiB']],
    '`skipLines`': [[() => csv({ skipLines: 10_001 }), '10000']],
    '`skipFooter`': [[() => csv({ skipFooter: 1001 }), '1000']],
    '`headerSearchLines`': [[() => csv({ headerSearchLines: 1001 }), '1000']],
    'a `pattern`': [[() => ({ schema: field([{ name: 'a', constraints: { pattern: 'x'.repeat(10_001) } }]) }), '10000']],
    'digits of a `decimal`': [[() => ({ schema: field([{ name: 'a', type: FieldType.DECIMAL, precision: 1001 }]) }), '1000'],
      [() => ({ schema: field([{ name: 'a', type: FieldType.DECIMAL, precision: 39, scale: 0 }]), outputFormat: OutputFormat.parquet() }), '38']],
  };

  test.each(Object.entries(REFUSED))('%s', (row, cases) => {
    for (const [props, value] of cases) {
      expect(errorOf(props)).toContain(value);
      expect(rows.get(row)).toContain(value);
    }
  });

  /** What is told where the construct, the engine or the whole stack is there. */
  const VALUES: Readonly<Record<string, readonly string[]>> = {
    '`timeout` of a worker': [`${megabytesPerSecond('csv', 0)} MB/s`, `Parquet ${megabytesPerSecond('parquet', 0)}`],
    '`memorySize` by fields': [`${BYTES_A_FIELD / 1024} KiB`, `${MEBIBYTES_BESIDE_FIELDS.jsonl} MiB`, `${MEBIBYTES_BESIDE_FIELDS.parquet} MiB`],
    'keys of a schema': [String(MAX_KEYS)],
    '`batchSize` of a transform': ['100000'],
  };

  test.each(Object.entries(VALUES))('%s', (row, values) => {
    for (const value of values) expect(rows.get(row)).toContain(value);
  });

  test('keys and batches are refused beyond it', () => {
    const uniqueKeys = Array.from({ length: MAX_KEYS + 1 }, (_, index) => [`f${index}`]);
    expect(() => compileKeys({ fields: uniqueKeys.map(([name]) => ({ name })), uniqueKeys })).toThrow(String(MAX_KEYS));
    expect(() => RecordTransform.fromFunction({ functionArn: 'arn' } as IFunction, { batchSize: 100_001 })).toThrow('100000');
  });

  test('has no other rows', () => {
    expect([...rows.keys()].sort()).toEqual([...Object.keys(REFUSED), ...Object.keys(VALUES)].sort());
  });
});

const gib = (bytes: number) => `${bytes / GIB} GiB`;

describe.each<[string, Readonly<Record<string, readonly string[]>>]>([
  ['Told by ValidateFile', {
    'the time of a job: `workflowTimeout`, by `maxConcurrency` and [the rates](performance.md#what-is-expected-of-a-file) of making text, the workers, the merge of keys and the copy to `processed/`': ['1.4 TB'],
    'the calls of FinalizeJob that the events of an execution have room for': [String(MOST_CALLS)],
    'the time of a chunk, which is larger in a file above 10000 times `chunkSize`': [String(MAX_CHUNKS)],
    'a file that has no line end to cut it at': [`${megabytesPerSecond('csv', 0)} MB/s`, `${megabytesPerSecond('csv', 0) * 900 / 1000} GB`, '`too_large`'],
    'a header that does not end': ['`line_terminator`', '`header_mismatch`'],
    'what comes before the header': [`${LONGEST_HEAD / MIB} MiB`],
    'text that has to be made of a file': [gib(DEFAULT_MAX_DECODED_SIZE)],
    'the time for that': [`${MOST_MEGABYTES_PER_SECOND} MB/s`, `${SHARE_OF_TIMEOUT * 100} %`],
  }],
  ['Told by the step that meets it', {
    'PlanChunks: chunks of a file': [String(MAX_CHUNKS)],
    'PlanChunks: the time to find where to cut the file': [`${SHARE_OF_TIMEOUT * 100} %`],
    'ProcessChunk: a record': ['`record_size`'],
    'ProcessChunk: a call of a function that transforms': [`${MAX_REQUEST_BYTES / MIB} MiB`],
    'ProcessChunk: parts of an upload': [String(MAX_PARTS), `${Math.floor(MAX_PARTS * OUTPUT_PART_SIZE / GIB)} GiB`],
    'ProcessChunk: what a chunk says of its result': [String(MAX_OUTCOME_BYTES)],
    'FinalizeJob: rejected records': ['`too_many_rejects`'],
    'FinalizeJob: entries of keys that several records share': [String(MAX_CONFLICTS)],
    'FinalizeJob: runs of keys': [String(MOST_RUNS)],
    'FinalizeJob: one file of rejected records': [`${Math.floor(PART_SIZE * FULL_PARTS / 1e9)} GB`, `${(LARGEST_PART * FULL_PARTS / 1e12).toFixed(1)} TB`],
    'MoveSource: parts of a copy': [String(MAX_PARTS)],
    'Step Functions: a state': ['256 KiB'],
  }],
])('%s', (heading, values) => {
  const rows = rowsBelow(heading);

  test.each(Object.entries(values))('%s', (row, texts) => {
    for (const text of texts) expect(rows.get(row)).toContain(text);
  });

  test('has no other rows', () => {
    expect([...rows.keys()]).toEqual(Object.keys(values));
  });
});
