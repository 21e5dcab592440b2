/** The Lambda functions: the real steps, over the stores as one call of a function reaches them. */
import { Invocation } from './lambda-function';
import { LandingZone } from './landing-zone';
import { MemoryBucket } from './memory-bucket';
import { MemoryCatalog } from './memory-catalog';
import { MemoryJobObjects, MemorySourceStore } from './memory-stores';
import { Random } from './random';
import { RecordedJobTable } from './recorded-job-table';
import { INCOMING } from './scenario';
import { Scheduler } from './scheduler';
import { Trace } from './trace';
import { WatchedOutputStore } from './watched-output-store';
import { WatchedSourceMover } from './watched-source-mover';
import { HOUR, MINUTE, SECOND, Weather } from './weather';
import { FileKeys, IntakeName } from '../src/contract/file-keys';
import { JobContract } from '../src/contract/job-contract';
import { JobStatus } from '../src/contract/job-item';
import { JobMessage } from '../src/contract/job-message';
import { ChunkTask, CloseJobTaskInput, ExecutionEndedEvent, JobInput, StartJobsInput, ValidateFileInput } from '../src/contract/payloads';
import { QualitySettings } from '../src/contract/quality-settings';
import { publishedSchema } from '../src/contract/record-settings';
import { Executions } from '../src/ports/executions';
import { Events, FailureTopic, JobQueue, Log, Notifications } from '../src/ports/observers';
import { StartedExecutions } from '../src/ports/operations';
import { RefusedMessages } from '../src/ports/refused-messages';
import { Regions } from '../src/ports/regions';
import { StepDeps } from '../src/ports/step-deps';
import { addPartition, AddPartitionDeps, AddPartitionInput } from '../src/services/add-partition';
import { checkQuality, CheckQualityDeps, CheckQualityInput, CheckQualityOutput, QualityReport } from '../src/services/check-quality';
import { answerRequest, JobApiDeps } from '../src/services/job-api/answer-request';
import { ApiRequest } from '../src/services/job-api/api-messages';
import { publishedFormOf } from '../src/spec/output-columns';
import { closeJob } from '../src/steps/close-job';
import { finalizeJob } from '../src/steps/finalize-job';
import { moveSource } from '../src/steps/move-source';
import { planChunks } from '../src/steps/plan-chunks';
import { processChunk } from '../src/steps/process-chunk';
import { startJobs } from '../src/steps/start-jobs';
import { sweepJobs, SweepJobsDeps } from '../src/steps/sweep-jobs';
import { validateFile } from '../src/steps/validate-file';

const FUNCTION_TIMEOUT = 15 * MINUTE;
const START_JOBS_TIMEOUT = MINUTE;
const API_TIMEOUT = 29 * SECOND;
/** Enough for a step to prove and to judge, and too little to write all rejects of a bad file. */
const SHORT_TIMEOUT = 2.5 * SECOND;
const STEPS_THAT_GO_ON = ['FinalizeJob', 'MoveSource', 'SweepJobs'];
/** In half of the runs files are copied by parts. */
const LARGEST_COPY = 100;
export const COPY_PART_SIZE = 64;

/** Who hears of jobs' ends. */
export const LISTENERS = ['events', 'queue', 'topic'] as const;
export type Listener = (typeof LISTENERS)[number];

/** What one of them was told, and when. */
export interface Announcement {
  readonly to: Listener;
  readonly at: number;
  readonly fileId: string;
  readonly run: number;
  readonly status: JobStatus;
  readonly resumable: boolean;
  /** When the call of the function began that told it. */
  readonly since: number;
  /** Of the topic, whose text is for people: what its words say. */
  readonly message: JobMessage;
}

const nobody = () => undefined;
const NO_LOG: Log = { info: nobody, warn: nobody };

/** A call of the quality check. Times are undefined of what it has not done. */
export interface QualityCheckCall {
  readonly since: number;
  /** When its report was there. */
  writtenAt?: number;
  report?: QualityReport;
  /** The message that people got. */
  told?: string;
  answeredAt?: number;
}

export const QUALITY_SETTINGS: QualitySettings = {
  timeZone: 'UTC', expectedFiles: [], maxOpenSeconds: HOUR / SECOND, maxRejectedPercentage: 5, minHistory: 1, tellAlways: false, reportsFolder: 'checks/',
};

/** A call that has failed, and why. */
export interface Failure {
  readonly of: string;
  readonly message: string;
}

export interface FunctionsProps {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly landing: LandingZone;
  readonly outputBucket: MemoryBucket;
  readonly output: WatchedOutputStore;
  readonly table: RecordedJobTable;
  readonly executions: Executions;
  readonly refused: RefusedMessages;
  readonly intake: IntakeName;
  /** The same, as who stands around the pipeline reaches them. */
  readonly starts: StartedExecutions;
  readonly catalog: MemoryCatalog;
  /** The event bus has taken that a job has succeeded. */
  readonly onJobSucceeded: (fileId: string) => void;
  /** How fast functions are does not change with the weather. */
  readonly hasShortTime: boolean;
  /** Where the pipeline has two. */
  readonly regions?: Regions;
  /** See `Site`. */
  readonly darkFor: () => number;
}

type Deps = StepDeps & Pick<SweepJobsDeps, 'source' | 'output'> & { readonly refused: RefusedMessages };

export class Functions {
  /** What the event bus, the queue and the topic have taken. */
  readonly announced: Announcement[] = [];
  onTold: (announcement: Announcement) => void = nobody;
  /** When each call of FinalizeJob began, by the job. */
  readonly finalized = new Map<string, number[]>();
  readonly checks: QualityCheckCall[] = [];
  onChecked: (check: QualityCheckCall) => void = nobody;
  /** Of the functions around the pipeline: its own are called until they have done their work. */
  readonly failures: Failure[] = [];
  /** Services that cannot be reached. */
  private readonly down = new Set<string>();
  private readonly lastQueued = new Map<string, number>();
  private readonly largestCopy: number;
  private ids = 0;
  private calls = 0;

  constructor(private readonly props: FunctionsProps) {
    this.largestCopy = props.random.pick([LARGEST_COPY, Infinity]);
  }

  outage(port: string, milliseconds: number): void {
    this.props.trace.add('outage', `${port} for ${Math.round(milliseconds / SECOND)} s`);
    this.down.add(port);
    this.props.scheduler.after(milliseconds, () => this.down.delete(port));
  }

  /** @param onStuck told when the function waits for long */
  async invoke(step: string, payload: unknown, contract: JobContract, weather: Weather, onStuck?: () => void): Promise<unknown> {
    const { trace, hasShortTime } = this.props;
    const name = `${step} ${++this.calls}`;
    const invocation = new Invocation({
      ...this.props,
      name,
      weather,
      timeoutMs: timeoutOf(step, hasShortTime),
      isDown: (port) => this.down.has(port),
      onStuck,
    });
    trace.add(name, `begins with ${JSON.stringify(payload)}`);
    const output = await invocation.run(async () => this.call(step, payload, invocation, contract).catch((error: Error) => {
      trace.add(name, `fails: ${error.message}`);
      throw error;
    }));
    trace.add(name, `answers ${JSON.stringify(output)}`);
    return output;
  }

  private async call(step: string, payload: unknown, invocation: Invocation, contract: JobContract): Promise<unknown> {
    switch (step) {
      case 'JobApi': return answerRequest(payload as ApiRequest, this.apiDepsOf(invocation, contract));
      case 'AddPartition': return addPartition(payload as AddPartitionInput, this.addPartitionDepsOf(invocation, contract)).catch(this.failed(step));
      case 'QualityCheck': return this.checkQuality(payload as CheckQualityInput, invocation, contract).catch(this.failed(step));
      default: return this.step(step, payload, this.depsOf(invocation, contract));
    }
  }

  private async checkQuality(input: CheckQualityInput, invocation: Invocation, { pipelineId }: JobContract): Promise<CheckQualityOutput> {
    const { outputBucket, output: store, table, regions, scheduler } = this.props;
    const check: QualityCheckCall = { since: scheduler.now };
    this.checks.push(check);
    const reports: CheckQualityDeps['reports'] = {
      keysAfter: async function* (folder, after) { yield* outputBucket.list(folder).map(({ key }) => key).filter((key) => key > after).sort(); },
    };
    const output: CheckQualityDeps['output'] = {
      getJson: async (key) => store.getJson(key),
      put: async (key, body, contentType) => {
        await store.put(key, body, contentType);
        Object.assign(check, { writtenAt: scheduler.now, report: JSON.parse(String(body)) });
      },
    };
    const messages: CheckQualityDeps['messages'] = {
      send: async (_, text) => {
        check.told = text;
        this.onChecked(check);
      },
    };
    const answer = await checkQuality(input, {
      jobs: invocation.wrap(table, 'jobs'),
      regions,
      output: invocation.wrap(output, 'output'),
      reports: invocation.wrap(reports, 'reports'),
      messages: invocation.wrap(messages, 'messages'),
      meter: { add: nobody },
      log: NO_LOG,
      now: () => new Date(scheduler.now),
      pipelineId,
      settings: QUALITY_SETTINGS,
    });
    check.answeredAt = scheduler.now;
    return answer;
  }

  private failed(of: string): (error: Error) => never {
    return (error) => {
      this.failures.push({ of, message: error.message });
      throw error;
    };
  }

  /** The topic's text is for people: what it tells is taken from its words. */
  listenersOf(invocation: Invocation): Pick<StepDeps, 'events' | 'notifications'> {
    const { scheduler } = this.props;
    const since = scheduler.now;
    const announce = (to: Listener, message: JobMessage) => {
      const { fileId, run, status, resumable = false } = message;
      const told = { to, at: scheduler.now, fileId, run, status, resumable, since, message };
      this.announced.push(told);
      this.onTold(told);
      if (to === 'events' && status === 'SUCCEEDED') this.props.onJobSucceeded(fileId);
    };
    const events: Events = { announce: async (message) => announce('events', message) };
    const queue: JobQueue = { send: async ({ body, deduplicationId }) => this.addToQueue(deduplicationId, () => announce('queue', JSON.parse(body))) };
    const topic: FailureTopic = {
      publish: async ({ text }) => {
        const [, fileId, run] = /^Job: +(\w+), run (\d+)$/m.exec(text)!;
        announce('topic', { fileId, run: Number(run), status: 'FAILED', resumable: /csv-chunk-pipeline resume /.test(text) } as JobMessage);
      },
    };
    const notifications: Notifications = { queue: invocation.wrap(queue, 'queue'), topic: invocation.wrap(topic, 'topic'), grouping: 'SOURCE_KEY' };
    return { events: invocation.wrap(events, 'events'), notifications };
  }

  private async step(step: string, payload: unknown, deps: Deps): Promise<unknown> {
    switch (step) {
      case 'ValidateFile': return validateFile(payload as ValidateFileInput, deps);
      case 'PlanChunks': return planChunks(payload as JobInput, deps);
      case 'ProcessChunk': return processChunk(payload as ChunkTask, deps);
      case 'FinalizeJob': {
        const { fileId } = payload as JobInput;
        this.finalized.set(fileId, [...this.finalized.get(fileId) ?? [], this.props.scheduler.now]);
        return finalizeJob({ fileId }, deps);
      }
      case 'MoveSource': return moveSource(payload as JobInput, deps);
      case 'CloseJob': return closeJob(payload as CloseJobTaskInput | ExecutionEndedEvent, deps);
      case 'SweepJobs': return sweepJobs({ ...deps, sweep: { ...this.fileKeys, intake: this.props.intake } });
      case 'StartJobs': return startJobs(payload as StartJobsInput, { ...deps, fileKeys: this.fileKeys });
      default: throw new Error(`the simulation knows no step ${step}`);
    }
  }

  private get fileKeys(): FileKeys {
    return { sourceBucket: this.props.landing.bucket.name, incomingPrefix: INCOMING, fileSuffixes: ['.csv'], suffixCase: 'any' };
  }

  private apiDepsOf(invocation: Invocation, { pipelineId, resumeWindowSeconds }: JobContract): JobApiDeps {
    const { landing, outputBucket, table, starts, scheduler, trace, regions } = this.props;
    return {
      jobs: invocation.wrap(table, 'jobs'),
      source: invocation.wrap(new MemorySourceStore([landing.bucket]), 'source'),
      objects: invocation.wrap(new MemoryJobObjects(outputBucket), 'output'),
      executions: invocation.wrap(starts, 'executions'),
      files: this.fileKeys,
      regions,
      pipelineId,
      resumeWindowSeconds,
      linkExpirySeconds: 900,
      now: () => new Date(scheduler.now),
      noteFailure: (error, requestId) => {
        const { message } = error as Error;
        this.failures.push({ of: 'JobApi', message });
        trace.add(requestId, `fails: ${message}`);
      },
    };
  }

  private addPartitionDepsOf(invocation: Invocation, contract: JobContract): AddPartitionDeps {
    const { outputBucket, output, table, catalog, scheduler } = this.props;
    return {
      jobs: invocation.wrap(table, 'jobs'),
      output: invocation.wrap(output, 'output'),
      catalog: invocation.wrap(catalog, 'catalog'),
      bucket: outputBucket.name,
      table: publishedFormOf(publishedSchema(contract), contract.output),
      now: () => new Date(scheduler.now),
      log: NO_LOG,
    };
  }

  /** What comes again within 5 minutes is dropped. */
  private addToQueue(deduplicationId: string, add: () => void): void {
    const { scheduler } = this.props;
    const last = this.lastQueued.get(deduplicationId);
    if (last !== undefined && scheduler.now < last + 5 * MINUTE) return;
    this.lastQueued.set(deduplicationId, scheduler.now);
    add();
  }

  private depsOf(invocation: Invocation, contract: JobContract): Deps {
    const { landing, outputBucket, output, table, executions, refused, scheduler, regions } = this.props;
    const mover = new WatchedSourceMover(landing.bucket, this.largestCopy, COPY_PART_SIZE, (key) => landing.deletedLate(key));
    return {
      jobs: invocation.wrap(table, 'jobs'),
      source: invocation.wrap(new MemorySourceStore([landing.bucket, outputBucket]), 'source'),
      mover: invocation.wrap(mover, 'source'),
      output: invocation.wrap(output, 'output'),
      executions: invocation.wrap(executions, 'executions'),
      ...this.listenersOf(invocation),
      refused: invocation.wrap(refused, 'refused'),
      userCode: {
        load: async ({ name }) => { throw new Error(`no module ${name}`); },
        invoke: async () => { throw new Error('no function'); },
      },
      contract,
      regions,
      now: () => new Date(scheduler.now),
      timeLeft: () => invocation.timeLeft,
      newId: () => `id-${++this.ids}`,
      fastPath: true,
      slaFileSizeBytes: Infinity,
      keyBufferBytes: 64,
      log: NO_LOG,
      meter: { add: () => undefined, addByCode: () => undefined },
    };
  }
}

function timeoutOf(step: string, hasShortTime: boolean): number {
  if (step === 'StartJobs') return START_JOBS_TIMEOUT;
  if (step === 'JobApi') return API_TIMEOUT;
  return hasShortTime && STEPS_THAT_GO_ON.includes(step) ? SHORT_TIMEOUT : FUNCTION_TIMEOUT;
}
