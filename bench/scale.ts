/**
 * `npm run scale`: what a file of 2 GB to 50 TB costs. The real steps run over stores that count, and over a source
 * whose bytes are made as they are read; of ProcessChunk one chunk runs, and counts for all of them. Prints the tables
 * of docs/scale.md: the counts, the dollars that list prices and measured rates make of them, and both of a primary
 * key.
 */
import { PRICES } from './prices';
import { table } from './table';
import { JobContract } from '../src/contract/job-contract';
import { ChunkOutcome, KnownPart, OUTCOME_ATTRIBUTES } from '../src/contract/job-item';
import { keyBufferBytes } from '../src/contract/key-buffer';
import { ChunkTask } from '../src/contract/payloads';
import { ByteSource } from '../src/engine/io/byte-source';
import { readBytesOf } from '../src/engine/keys/find-duplicates';
import { ENTRY_BYTES } from '../src/engine/keys/key-entry';
import { cpuShareOf, megabytesPerSecond, mergeSeconds, SECONDS_A_KEY, SECONDS_BESIDE_A_CHUNK } from '../src/spec/throughput';
import { runsToMerge } from '../src/steps/expected-time';
import { finalizeJob } from '../src/steps/finalize-job';
import { moveSource } from '../src/steps/move-source';
import { planChunks } from '../src/steps/plan-chunks';
import { MAX_CHUNKS } from '../src/steps/plan-limits';
import { processChunk } from '../src/steps/process-chunk';
import { validateFile } from '../src/steps/validate-file';
import { Crashes } from '../test/steps/support/crashes';
import { CONTRACT, createdEvent, World } from '../test/steps/support/world';

const MIB = 1024 * 1024;
const GB = 1e9;
export const SIZES: Readonly<Record<string, number>> = { '2 GB': 2 * GB, '100 GB': 100 * GB, '1 TB': 1000 * GB, '50 TB': 50_000 * GB };
const CHUNK_SIZE = 50 * MIB;
const MEMORIES = [512, 1769, 3072];
const ONE_CPU = 1769;
/** The props' defaults. */
const FINALIZE_MEMORY = 3008;
const KEY_BUFFER = keyBufferBytes(FINALIZE_MEMORY);
const FINALIZE_SECONDS = 15 * 60;
/** A Map's child has one state; starting it is a transition, too. */
const TRANSITIONS_A_CHUNK = 2;
/** The states of the parent around the Map. */
const TRANSITIONS_A_JOB = 12;

type Kind = 's3Read' | 's3Write' | 'tableRead' | 'tableWrite';

const KINDS: ReadonlyArray<readonly [RegExp, Kind | undefined]> = [
  [/^(?:source\.(?:read|head)|output\.(?:getJson|read|pin|readRange|metadata)|mover\.head)$/, 's3Read'],
  // Its reads are counted.
  [/^output\.ranges$/, undefined],
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
    if (call === 'source.read' || call === 'output.readRange') this.bytesCalls.s3Read++;
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
const ID_DIGITS = 7;
const ZERO = 0x30;
/** Without leading zeros; more than any chunk has that is processed here. */
const FIRST_ID = 1_000_000;
const IDS = 9_000_000;

/** Another id in each line that begins in the bytes. @param line the number of the first one, which begins at `at` */
function numberLines(bytes: Buffer, at: number, line: number): void {
  for (let start = at, id = line; start + ID_DIGITS <= bytes.length; start += LINE.length, id++) {
    let rest = FIRST_ID + id % IDS;
    for (let digit = ID_DIGITS - 1; digit >= 0; digit--, rest = Math.floor(rest / 10)) bytes[start + digit] = ZERO + rest % 10;
  }
}

/** @param isKeyed false: one id for all of them, which is made faster */
function source(size: number, isKeyed: boolean, counter: () => Counter): ByteSource {
  return {
    size,
    read: async (from, to) => {
      counter().count('source.read');
      const bytes = Buffer.alloc(to - from);
      const phase = ((from - HEAD.length) % LINE.length + LINE.length) % LINE.length;
      bytes.fill(Buffer.concat([LINE.subarray(phase), LINE.subarray(0, phase)]));
      if (isKeyed) numberLines(bytes, (LINE.length - phase) % LINE.length, Math.ceil(Math.max(0, from - HEAD.length) / LINE.length));
      if (from < HEAD.length) HEAD.copy(bytes, 0, from, Math.min(to, HEAD.length));
      return bytes;
    },
  };
}

function counted(object: ByteSource, counter: Counter): ByteSource {
  return {
    size: object.size,
    read: async (from, to) => {
      counter.count('output.readRange');
      return object.read(from, to);
    },
  };
}

export interface Scale {
  readonly size: number;
  readonly chunks: number;
  readonly chunkSize: number;
  readonly counts: Counts;
  readonly transitions: number;
  /** Where the schema has a primary key: entries to merge, and in how many runs they come. */
  readonly entries: number;
  readonly runs: number;
}

export async function scaleOf(size: number, isKeyed = false): Promise<Scale> {
  const { schema } = CONTRACT;
  const contract: Partial<JobContract> = { chunkSizeBytes: CHUNK_SIZE, maxRecordSizeBytes: MIB, schema: isKeyed ? { ...schema, primaryKey: 'id' } : schema };
  const counter: Counter = new Counter({
    'source.open': () => source(size, isKeyed, () => counter),
    'output.ranges': (key: string, bytes: number) => counted(world.output.ranges(key, bytes), counter),
    // Of part files nobody reads anything, of a shard of keys a worker may.
    'output.completeUpload': async (key: string, uploadId: string, parts: readonly KnownPart[]) => !key.startsWith('work/') || world.output.completeUpload(key, uploadId, parts),
    'mover.openCopy': async () => 'copy',
    'mover.copyPart': async (...[, , , part]: [never, never, never, { readonly number: number; readonly start: number; readonly end: number }]) =>
      ({ number: part.number, etag: 'e', size: part.end - part.start }),
    'mover.completeCopy': async () => true,
  } as Readonly<Record<string, (...args: never[]) => unknown>>);
  const world: World = new World('Enabled', contract, counter);
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
  // Their merge is reckoned below: nobody has so many entries.
  const { key_runs: keyRuns = [] } = outcome;
  const unkeyed = { ...outcome, key_runs: [], key_shard_key: undefined };
  for (const each of tasks) {
    // That of which only a part was processed is the chunk of a later round.
    await world.jobs.startChunk(each, 1, 2);
    await world.jobs.finishChunk(each, { ...unkeyed, actual_end: each.end, result_attempt: each === task ? 2 : 1 }, 3);
  }
  counter.take();
  let finalized = await finalizeJob({ fileId }, world.deps);
  while (finalized.status === 'UNFINISHED') finalized = await finalizeJob({ fileId }, world.deps);
  if (finalized.status !== 'PUBLISHED') throw new Error(`expected the file to be published, got ${finalized.status}: ${(await world.job(fileId)).error_message}`);
  for (let status = 'UNFINISHED'; status === 'UNFINISHED';) ({ status } = await moveSource({ fileId }, world.deps));
  const after = counter.take();

  const chunks = tasks.length;
  const grown = (kind: 's3Read' | 's3Write') => one[kind] + Math.round(counter.bytesCalls[kind] * (growth - 1));
  const perChunk: Counts = { ...one, s3Read: grown('s3Read'), s3Write: grown('s3Write') };
  const entries = keyRuns.length === 0 ? 0 : Math.floor((size - HEAD.length) / LINE.length);
  const runs = keyRuns.length === 0 ? 0 : runsToMerge(entries, chunks);
  if (runs > 0) after.s3Read += runs * Math.ceil(entries / runs * ENTRY_BYTES / readBytesOf(runs, KEY_BUFFER));
  const counts = none();
  for (const kind of Object.keys(counts) as Kind[]) counts[kind] = around[kind] + after[kind] + perChunk[kind] * chunks;
  const chunkSize = Math.max(CHUNK_SIZE, Math.ceil(size / MAX_CHUNKS));
  return { size, chunks, chunkSize, counts, entries, runs, transitions: TRANSITIONS_A_JOB + TRANSITIONS_A_CHUNK * chunks };
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

/**
 * What a primary key takes beside that: its entries are made by the workers, and merged by FinalizeJob.
 *
 * @param plain the same files without it
 */
export function keysTable(keyed: readonly Scale[], plain: readonly Scale[]): string {
  const rows = keyed.map(({ size, counts, entries, runs }, index) => {
    const more = (kind: Kind) => counts[kind] - plain[index].counts[kind];
    const workers = entries * SECONDS_A_KEY;
    const merge = mergeSeconds(entries, runs, ENTRY_BYTES, readBytesOf(runs, KEY_BUFFER));
    const calls = Math.ceil(merge / (FINALIZE_SECONDS / 2));
    const compute = (workers * ONE_CPU + merge * FINALIZE_MEMORY) / 1024 * PRICES.gbSecond + calls * PRICES.run;
    const total = compute + more('s3Read') * PRICES.s3Read + more('s3Write') * PRICES.s3Write;
    const hours = (seconds: number) => seconds < 36 ? '< 0.01' : (seconds / 3600).toFixed(seconds < 3600 ? 2 : 1);
    const mebibytes = Math.ceil(Math.min(runs * readBytesOf(runs, KEY_BUFFER), entries * ENTRY_BYTES) / MIB);
    return [nameOf(size), number(entries / 1e6), number(runs), number(more('s3Read')), number(more('s3Write')), String(mebibytes), hours(workers), hours(merge), number(calls),
      (total / (size / GB)).toFixed(5), total.toFixed(2)];
  });
  const head = ['file', 'million keys', 'runs', 'S3 reads', 'S3 writes', 'MiB of buffers', 'hours of workers', 'hours of FinalizeJob', 'its calls', 'a GB', 'the file'];
  return table(head, rows);
}

async function main(): Promise<void> {
  const scales: Scale[] = [];
  const keyed: Scale[] = [];
  for (const size of Object.values(SIZES)) {
    scales.push(await scaleOf(size));
    keyed.push(await scaleOf(size, true));
  }
  console.log(`${countsTable(scales)}\n\n${dollarsTable(scales)}\n\n${keysTable(keyed, scales)}`);
}

if (require.main === module) void main();
