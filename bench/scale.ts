/**
 * `npm run scale`: what a file of 2 GB to 50 TB costs. The real steps run over stores that count, and over a source whose
 * bytes are made as they are read; of ProcessChunk one chunk runs, and counts for all of them. Prints the tables of
 * docs/scale.md: the counts, and the dollars that list prices and measured rates make of them.
 */
import { table } from './table';
import { JobContract } from '../src/contract/job-contract';
import { ChunkOutcome, OUTCOME_ATTRIBUTES } from '../src/contract/job-item';
import { ChunkTask } from '../src/contract/payloads';
import { ByteSource } from '../src/engine/io/byte-source';
import { cpuShareOf, megabytesPerSecond, SECONDS_BESIDE_A_CHUNK } from '../src/spec/throughput';
import { MAX_CHUNKS } from '../src/steps/expected-time';
import { finalizeJob } from '../src/steps/finalize-job';
import { moveSource } from '../src/steps/move-source';
import { planChunks } from '../src/steps/plan-chunks';
import { processChunk } from '../src/steps/process-chunk';
import { validateFile } from '../src/steps/validate-file';
import { Crashes } from '../test/steps/support/crashes';
import { createdEvent, World } from '../test/steps/support/world';

const MIB = 1024 * 1024;
const GB = 1e9;
export const SIZES: Readonly<Record<string, number>> = { '2 GB': 2 * GB, '100 GB': 100 * GB, '1 TB': 1000 * GB, '50 TB': 50_000 * GB };
const CHUNK_SIZE = 50 * MIB;
const MEMORIES = [512, 1769, 3072];
/** A Map's child has one state; starting it is a transition, too. */
const TRANSITIONS_A_CHUNK = 2;
/** The states of the parent around the Map. */
const TRANSITIONS_A_JOB = 12;

/** Dollars; us-east-1, on demand, without free tiers: the price pages of S3, DynamoDB, Step Functions and Lambda, November 2026. */
export const PRICES = {
  s3Write: 0.005 / 1000,
  s3Read: 0.0004 / 1000,
  tableWrite: 0.625 / 1e6,
  tableRead: 0.125 / 1e6,
  transition: 0.025 / 1000,
  gbSecond: 0.0000166667,
  run: 0.2 / 1e6,
} as const;

type Kind = 's3Read' | 's3Write' | 'tableRead' | 'tableWrite';

const KINDS: ReadonlyArray<readonly [RegExp, Kind | undefined]> = [
  [/^(?:source\.(?:read|head)|output\.(?:getJson|read|pin|ranges|metadata)|mover\.head)$/, 's3Read'],
  [/^(?:source|output|mover)\./, 's3Write'],
  [/^jobs\.(?:job|chunk|chunks|events|execution|fence|finishedChunks)/, 'tableRead'],
  [/^jobs\./, 'tableWrite'],
];

type Counts = Record<Kind, number>;
const none = (): Counts => ({ s3Read: 0, s3Write: 0, tableRead: 0, tableWrite: 0 });

/** Counts each call to a port. What would need terabytes in memory is answered without it. */
class Counter extends Crashes {
  counts = none();
  /** Calls that grow with the bytes of a chunk. */
  bytesCalls = { s3Read: 0, s3Write: 0 };

  constructor(private readonly answers: Readonly<Record<string, (...args: never[]) => unknown>>) {
    super();
  }

  count(call: string): void {
    const kind = KINDS.find(([pattern]) => pattern.test(call))?.[1];
    if (kind !== undefined) this.counts[kind]++;
    if (call === 'source.read') this.bytesCalls.s3Read++;
    if (call === 'output.uploadPart') this.bytesCalls.s3Write++;
  }

  take(): Counts {
    const { counts } = this;
    this.counts = none();
    return counts;
  }

  override wrap<T extends object>(port: T, name: string): T {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        const call = `${name}.${String(property)}`;
        return (...args: never[]) => {
          if (call !== 'source.open') this.count(call);
          const answer = this.answers[call];
          return answer === undefined ? member.apply(target, args) as unknown : answer(...args);
        };
      },
    });
  }
}

const HEAD = Buffer.from('id,text\n');
const LINE = Buffer.from('1234567,"a text, in quotes"\n');

function source(size: number, counter: () => Counter): ByteSource {
  return {
    size,
    read: async (from, to) => {
      counter().count('source.read');
      const bytes = Buffer.alloc(to - from);
      const phase = ((from - HEAD.length) % LINE.length + LINE.length) % LINE.length;
      bytes.fill(Buffer.concat([LINE.subarray(phase), LINE.subarray(0, phase)]));
      if (from < HEAD.length) HEAD.copy(bytes, 0, from, Math.min(to, HEAD.length));
      return bytes;
    },
  };
}

export interface Scale {
  readonly size: number;
  readonly chunks: number;
  readonly chunkSize: number;
  readonly counts: Counts;
  readonly transitions: number;
}

export async function scaleOf(size: number): Promise<Scale> {
  const contract: Partial<JobContract> = { chunkSizeBytes: CHUNK_SIZE, maxRecordSizeBytes: MIB };
  const counter: Counter = new Counter({
    'source.open': () => source(size, () => counter),
    'output.completeUpload': async () => true,
    'mover.openCopy': async () => 'copy',
    'mover.copyPart': async (...[, , , part]: [never, never, never, { readonly number: number; readonly start: number; readonly end: number }]) =>
      ({ number: part.number, etag: 'e', size: part.end - part.start }),
    'mover.completeCopy': async () => true,
  } as Readonly<Record<string, (...args: never[]) => unknown>>);
  const world = new World('Enabled', contract, counter);
  const landed = { ...world.land('incoming/large.csv', 'stands for it'), sizeBytes: size };
  const { head } = world.source;
  world.source.head = async (object) => {
    const found = await head.call(world.source, object);
    return found && { ...found, sizeBytes: size };
  };
  const { fileId } = await validateFile({ event: createdEvent(landed), executionArn: 'arn' }, world.deps);
  const { manifestKey } = await planChunks({ fileId }, world.deps);
  const tasks = await world.output.getJson<ChunkTask[]>(manifestKey!);
  const around = counter.take();

  // The second one: the first has the header. One of the default size, whatever the file's.
  counter.bytesCalls = { s3Read: 0, s3Write: 0 };
  const [, task] = tasks;
  const end = Math.min(task.end, task.start + Math.floor(CHUNK_SIZE / LINE.length) * LINE.length);
  await processChunk({ ...task, end }, world.deps);
  const one = counter.take();
  const growth = (task.end - task.start) / (end - task.start);
  const item = (await world.jobs.chunk(fileId, task.chunkId))!;
  const outcome = Object.fromEntries(Object.entries(item).filter(([name]) => OUTCOME_ATTRIBUTES.includes(name))) as unknown as ChunkOutcome;
  for (const each of tasks) {
    // That of which only a part was processed is the chunk of a later round.
    await world.jobs.startChunk(each, 1, 2);
    await world.jobs.finishChunk(each, { ...outcome, actual_end: each.end, result_attempt: each === task ? 2 : 1 }, 3);
  }
  counter.take();
  let finalized = await finalizeJob({ fileId }, world.deps);
  while (finalized.status === 'UNFINISHED') finalized = await finalizeJob({ fileId }, world.deps);
  if (finalized.status !== 'PUBLISHED') throw new Error(`expected the file to be published, got ${finalized.status}`);
  for (let status = 'UNFINISHED'; status === 'UNFINISHED';) ({ status } = await moveSource({ fileId }, world.deps));
  const after = counter.take();

  const chunks = tasks.length;
  const grown = (kind: 's3Read' | 's3Write') => one[kind] + Math.round(counter.bytesCalls[kind] * (growth - 1));
  const perChunk: Counts = { ...one, s3Read: grown('s3Read'), s3Write: grown('s3Write') };
  const counts = none();
  for (const kind of Object.keys(counts) as Kind[]) counts[kind] = around[kind] + after[kind] + perChunk[kind] * chunks;
  const chunkSize = Math.max(CHUNK_SIZE, Math.ceil(size / MAX_CHUNKS));
  return { size, chunks, chunkSize, counts, transitions: TRANSITIONS_A_JOB + TRANSITIONS_A_CHUNK * chunks };
}

const nameOf = (size: number) => Object.entries(SIZES).find(([, bytes]) => bytes === size)![0];
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** Deterministic: docs/scale.md has it as it is printed. */
export function countsTable(scales: readonly Scale[]): string {
  const head = ['file', 'chunks of', 'chunks', 'S3 reads', 'S3 writes', 'table reads', 'table writes', 'transitions'];
  return table(head, scales.map(({ size, chunks, chunkSize, counts, transitions }) => [
    nameOf(size), `${number(chunkSize / 1e6)} MB`, number(chunks),
    number(counts.s3Read), number(counts.s3Write), number(counts.tableRead), number(counts.tableWrite), number(transitions),
  ]));
}

export function dollarsTable(scales: readonly Scale[]): string {
  const rows = scales.flatMap(({ size, chunks, counts, transitions }) => {
    const gigabytes = size / GB;
    const requests = counts.s3Read * PRICES.s3Read + counts.s3Write * PRICES.s3Write;
    const jobTable = counts.tableRead * PRICES.tableRead + counts.tableWrite * PRICES.tableWrite;
    return MEMORIES.map((memory) => {
      const seconds = size / 1e6 / (megabytesPerSecond('jsonl', 0) * cpuShareOf(memory)) + chunks * SECONDS_BESIDE_A_CHUNK;
      const compute = seconds * memory / 1024 * PRICES.gbSecond + chunks * PRICES.run;
      const total = requests + jobTable + compute + transitions * PRICES.transition;
      const hours = seconds < 300 ? '< 0.1' : (seconds / 3600).toFixed(1);
      return [nameOf(size), number(memory), hours,
        ...[compute, requests, jobTable, transitions * PRICES.transition, total].map((dollars) => (dollars / gigabytes).toFixed(5)),
        total.toFixed(2)];
    });
  });
  return table(['file', 'MiB', 'hours of workers', 'functions', 'S3 requests', 'job table', 'transitions', 'a GB', 'the file'], rows);
}

async function main(): Promise<void> {
  const scales: Scale[] = [];
  for (const size of Object.values(SIZES)) scales.push(await scaleOf(size));
  console.log(`${countsTable(scales)}\n\n${dollarsTable(scales)}`);
}

if (require.main === module) void main();
