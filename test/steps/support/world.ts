/** A pipeline in memory: the handlers' steps in the order of the state machine, with its retries and its Catch. */
import { Crashes } from './crashes';
import { IndexedJobTable } from '../../../simulation/indexed-job-table';
import { MemoryBucket, OpenUpload, Versioning } from '../../../simulation/memory-bucket';
import { MemoryOutputStore, MemorySourceMover, MemorySourceStore } from '../../../simulation/memory-stores';
import { JobContract } from '../../../src/contract/job-contract';
import { ENDED_JOB_STATUSES, EventItem, JobItem, OPEN_JOB_STATUSES } from '../../../src/contract/job-item';
import { JobMessage } from '../../../src/contract/job-message';
import {
  ChunkTask, ExecutionInput, MoveSourceOutput, ObjectCreatedEvent,
} from '../../../src/contract/payloads';
import { PlannedChunk } from '../../../src/engine/boundaries/chunk-plan';
import { Executions } from '../../../src/ports/executions';
import { FailureNotice, FailureTopic, JobQueue, QueuedMessage } from '../../../src/ports/observers';
import { SweptOutput } from '../../../src/ports/output';
import { Regions } from '../../../src/ports/regions';
import { PinnedObject, SweptSource } from '../../../src/ports/source';
import { StepDeps } from '../../../src/ports/step-deps';
import { UserCode } from '../../../src/ports/user-code';
import { TableItem } from '../../../src/preflight/memory-job-table';
import { closeJob } from '../../../src/steps/close-job';
import { finalizeJob } from '../../../src/steps/finalize-job';
import { JSON_TYPE, readPlan, tasksOf } from '../../../src/steps/job-plan';
import { moveSource } from '../../../src/steps/move-source';
import { planChunks } from '../../../src/steps/plan-chunks';
import { processChunk } from '../../../src/steps/process-chunk';
import { SweepJobsOutput, sweepJobs, SweepSettings } from '../../../src/steps/sweep-jobs';
import { validateFile } from '../../../src/steps/validate-file';

export const CONTRACT: JobContract = {
  pipelineId: 'Stack/Pipeline',
  schema: { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] },
  dialect: {},
  input: { maxDecodedSizeBytes: 1024 * 1024 },
  chunkSizeBytes: 64,
  maxRecordSizeBytes: 1024,
  resumeWindowSeconds: 3 * 86_400,
  longestJobSeconds: 3 * 86_400 + 7200,
  chunkItemsExpireAfterSeconds: 90 * 86_400,
  prefixes: {
    processed: 'processed/', failed: 'failed/', output: 'output/', quarantine: 'quarantine/', reports: 'reports/', work: 'work/',
  },
  metricsNamespace: 'Test',
  fingerprint: 'f'.repeat(64),
};

/** Of the bucket that files land in, for a table of tests. */
export const VERSIONINGS: Array<[string, Versioning]> = [['versions', 'Enabled'], ['no versions', 'Unversioned'], ['no more versions', 'Suspended']];

const LANDING_BUCKET = 'landing';
const TRIES = 4;

/** How an execution of the state machine ended. */
export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly fileId?: string;
  readonly errorCode?: string;
  /** Why nothing was done. */
  readonly refusal?: string;
  /** The step that failed for good. */
  readonly error?: Error;
}

/** Tells what its items are, and takes those of a replica. */
class SeenJobTable extends IndexedJobTable {
  readonly written = new Map<string, TableItem>();

  receive(item: TableItem): void {
    super.write(item);
  }

  protected override write(item: TableItem): void {
    super.write(item);
    this.written.set(`${item.file_id} ${item.chunk_id}`, item);
  }
}

export class World {
  readonly jobs: SeenJobTable;
  readonly landing: MemoryBucket;
  readonly outputBucket: MemoryBucket;
  readonly source: MemorySourceStore;
  readonly mover: MemorySourceMover;
  readonly output: MemoryOutputStore;
  readonly announced: JobMessage[] = [];
  readonly bus = { announce: async (detail: JobMessage): Promise<void> => { this.announced.push(detail); } };
  readonly queued: QueuedMessage[] = [];
  readonly jobQueue: JobQueue = { send: async (message) => { this.queued.push(message); } };
  readonly notices: FailureNotice[] = [];
  readonly failureTopic: FailureTopic = { publish: async (notice) => { this.notices.push(notice); } };
  readonly warnings: string[] = [];
  /** A test sets what it needs. */
  readonly userCode: { -readonly [Name in keyof UserCode]: UserCode[Name] } = {
    load: async ({ name }) => { throw new Error(`no module ${name}`); },
    invoke: async () => { throw new Error('no function'); },
  };
  /** Sums, and of ages the greatest, by the metric's name, or by that and a code. */
  readonly metrics = new Map<string, number>();
  readonly stateMachine: Executions = {
    start: async (name, input) => {
      if (this.started.every((other) => other.name !== name)) this.started.push({ name, input });
    },
    isRunning: async (executionArn) => this.running.has(executionArn),
  };
  readonly deps: StepDeps & { readonly source: SweptSource; readonly output: SweptOutput };
  /** Executions that the steps have started, each name once; `follow` runs them. */
  readonly started: Array<{ readonly name: string; readonly input: ExecutionInput }> = [];
  /** The ARNs of executions that run. */
  readonly running = new Set<string>();
  /** What starts jobs, for the sweep. */
  readonly sweepSettings: SweepSettings;
  /** Starts of the chunks that PlanChunks is to have guessed, in place of what it found. */
  guessedStarts: readonly number[] | undefined;
  /** Shortly before midnight: every job ends on another day than it began. */
  private time = Date.UTC(2026, 10, 21, 23, 59, 59, 900);
  private executions = 0;
  private followed = 0;
  private ids = 0;

  /** @param regions where it is one of two regions: its bucket has a name of its own */
  constructor(versioning: Versioning = 'Enabled', contract: Partial<JobContract> = {}, readonly crashes = new Crashes(), readonly regions?: Regions) {
    const now = () => new Date(this.time);
    this.jobs = new SeenJobTable(regions);
    const versionPrefix = regions && `${regions.own}-`;
    // Files are small here, and copied by parts all the same.
    this.landing = new MemoryBucket({ name: regions?.bucket ?? LANDING_BUCKET, versioning, now, smallestPartBytes: 1, versionPrefix });
    this.outputBucket = new MemoryBucket({ name: 'output', versioning: 'Enabled', now, versionPrefix });
    const isStandby = regions !== undefined && regions.own !== regions.primary;
    const intake = isStandby ? 'manual' : 'events';
    this.sweepSettings = { sourceBucket: this.landing.name, incomingPrefix: 'incoming/', fileSuffixes: [], suffixCase: 'any', intake };
    // Where the steps stage a file themselves they read it by the same port.
    this.source = new MemorySourceStore([this.landing, this.outputBucket]);
    this.mover = new MemorySourceMover([this.landing]);
    this.output = new MemoryOutputStore(this.outputBucket);
    this.deps = {
      jobs: crashes.wrap(this.jobs, 'jobs'),
      source: crashes.wrap(this.source, 'source'),
      mover: crashes.wrap(this.mover, 'mover'),
      output: crashes.wrap(this.output, 'output'),
      userCode: this.userCode,
      events: crashes.wrap(this.bus, 'events'),
      notifications: { queue: crashes.wrap(this.jobQueue, 'queue'), topic: crashes.wrap(this.failureTopic, 'topic'), grouping: 'SOURCE_KEY' },
      contract: { ...CONTRACT, ...contract },
      regions,
      executions: crashes.wrap(this.stateMachine, 'executions'),
      now: () => new Date(this.time += 10),
      timeLeft: () => this.timeLeft(),
      newId: () => `id-${++this.ids}`,
      fastPath: true,
      slaFileSizeBytes: 1000,
      // Not for all keys of the little files: they are merged in several ranges.
      keyBufferBytes: 64,
      log: { info: () => undefined, warn: (message) => { this.warnings.push(message); } },
      meter: {
        add: (metric, value) => this.measure(metric, value),
        addByCode: (metric, code, value) => this.measure(`${metric} ${code}`, value),
      },
    };
  }

  /** A test sets what it needs. */
  timeLeft: () => number = () => Infinity;

  nextExecution(): string {
    const name = `execution-${++this.executions}`;
    return this.regions === undefined ? name : `arn:aws:states:${this.regions.own}:000000000000:execution:workflow:${name}`;
  }

  async execute(event: ExecutionInput, tries = TRIES): Promise<Ended> {
    const executionArn = this.nextExecution();
    this.running.add(executionArn);
    try {
      return await this.flow(event, executionArn, tries);
    } catch (error) {
      this.crashes.mend();
      const cause = JSON.stringify({ errorMessage: (error as Error).message });
      const { fileId } = await closeJob({ executionArn, input: event, error: { Error: 'Error', Cause: cause } }, this.deps);
      return { status: 'FAILED', fileId, error: error as Error };
    } finally {
      this.running.delete(executionArn);
    }
  }

  /** Runs the executions that the steps have started, and those that these start in turn. */
  async follow(): Promise<Ended[]> {
    const ended: Ended[] = [];
    while (this.followed < this.started.length) ended.push(await this.execute(this.started[this.followed++].input));
    return ended;
  }

  async sweep(): Promise<SweepJobsOutput> {
    return sweepJobs({ ...this.deps, sweep: this.sweepSettings });
  }

  private measure(metric: string, value: number): void {
    const known = this.metrics.get(metric) ?? 0;
    this.metrics.set(metric, metric.startsWith('Oldest') ? Math.max(known, value) : known + value);
  }

  /** Time goes by. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** @returns the object as its event announces it */
  land(key: string, content: string | Uint8Array): PinnedObject {
    const { versionId, etag, bytes, lastModified } = this.landing.put(key, content);
    return {
      bucket: this.landing.name,
      key,
      versionId: versionId === 'null' ? undefined : versionId,
      etag,
      sizeBytes: bytes.length,
      lastModified: lastModified.toISOString(),
    };
  }

  /** Another schema, other settings: for what begins from now on. */
  deploy(contract: Partial<JobContract>): void {
    Object.assign(this.deps, { contract: { ...this.deps.contract, ...contract } });
  }

  /** Of the output bucket. */
  openUploads(): OpenUpload[] {
    return this.outputBucket.openUploads();
  }

  /** The lifecycle rule of the output bucket aborts all uploads with this prefix, however young. */
  loseUploads(prefix = ''): void {
    for (const { key, uploadId } of this.outputBucket.openUploads(prefix)) this.outputBucket.abortUpload(key, uploadId);
  }

  async job(fileId: string | undefined): Promise<JobItem> {
    return (await this.jobs.job(fileId ?? 'none'))!;
  }

  async allJobs(): Promise<JobItem[]> {
    const all = [...OPEN_JOB_STATUSES, ...ENDED_JOB_STATUSES].map(async (status) => allOf(this.jobs.jobsByStatus(status, 0)));
    return (await Promise.all(all)).flat();
  }

  async eventNames(fileId: string): Promise<string[]> {
    return (await this.jobs.events(fileId)).map(({ event }: EventItem) => event);
  }

  /** What a reader of the job's part files sees, in order. */
  published(): string {
    return this.outputBucket.keys('output/').filter((key) => key.includes('/part-')).map((key) => this.outputBucket.text(key)).join('');
  }

  rejectedCsv(fileId: string): string | undefined {
    return this.outputBucket.text(`quarantine/file_id=${fileId}/rejected.csv`);
  }

  private async applyGuesses(fileId: string, manifestKey: string): Promise<void> {
    const { guessedStarts: starts } = this;
    if (starts === undefined) return;
    const job = await this.job(fileId);
    const plan = await readPlan(this.output, job);
    const chunks = starts.map((start, index): PlannedChunk => (
      { start, end: starts[index + 1] ?? plan.source.sizeBytes, boundary: index === 0 ? 'exact' : 'guess' }
    ));
    await this.output.put(job.plan_key!, JSON.stringify({ ...plan, chunks }), JSON_TYPE);
    await this.output.put(manifestKey, JSON.stringify(tasksOf(job, job.plan_key!, chunks, this.deps.regions)), JSON_TYPE);
  }

  /** The state machine without its Catch. */
  async flow(event: ExecutionInput, executionArn: string, tries: number): Promise<Ended> {
    const { deps } = this;
    const validated = await retry(tries, async () => validateFile({ event, executionArn }, deps));
    const { fileId } = validated;
    if (validated.status === 'DUPLICATE' || validated.status === 'IGNORED') return { status: 'SUCCEEDED', fileId: undefined };
    if (validated.status === 'REFUSED') return { status: 'FAILED', fileId: undefined, errorCode: validated.errorCode, refusal: validated.errorMessage };
    let { manifestKey } = validated;
    if (validated.status === 'VALID') ({ manifestKey } = await retry(tries, async () => planChunks({ fileId }, deps)));
    if (validated.status === 'VALID' && manifestKey !== undefined) await this.applyGuesses(fileId, manifestKey);
    for (;;) {
      for (const task of manifestKey === undefined ? [] : await this.output.getJson<ChunkTask[]>(manifestKey)) {
        await retry(tries, async () => processChunk(task, deps));
      }
      const finalized = await retry(tries, async () => finalizeJob({ fileId }, deps));
      if (finalized.status === 'PUBLISHED' || finalized.status === 'FAILED') break;
      manifestKey = finalized.manifestKey;
    }
    for (;;) {
      const moved: MoveSourceOutput = await retry(tries, async () => moveSource({ fileId }, deps));
      if (moved.status !== 'UNFINISHED') return { status: moved.status, fileId, errorCode: moved.errorCode };
    }
  }
}

async function retry<T>(tries: number, step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt >= tries) throw error;
    }
  }
}

export function createdEvent(object: PinnedObject): ObjectCreatedEvent {
  return {
    time: object.lastModified,
    detail: {
      bucket: { name: object.bucket },
      object: { 'key': object.key, 'size': object.sizeBytes, 'etag': object.etag, 'version-id': object.versionId },
    },
  };
}

/** Records that are all valid but those in `bad`, each of one line. */
export function csv(records: number, bad: readonly number[] = []): string {
  const rows = Array.from({ length: records }, (_, index) => `${bad.includes(index) ? 'none' : index},record ${index}`);
  return ['id,text', ...rows, ''].join('\n');
}

/** The manifest of a round of the first run: what it had to do. */
export async function tasksOfRound({ output, outputBucket }: World, fileId: string, round: number): Promise<ChunkTask[]> {
  const keys = outputBucket.keys(`work/${fileId}/manifest-1-${round}-`);
  if (keys.length !== 1) throw new Error(`expected one manifest of round ${round}, got ${keys.length}`);
  return output.getJson(keys[0]);
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
