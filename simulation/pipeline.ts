/**
 * The pipeline as it is deployed: executions of the synthesized state machine, which call the real steps; the rules and
 * the schedule beside them; and everybody who has a hand in it.
 */
import { Invocation } from './lambda-function';
import { MemoryBucket, Versioning } from './memory-bucket';
import { MemorySourceStore } from './memory-stores';
import { Random } from './random';
import { RecordedJobTable } from './recorded-job-table';
import { Scenario } from './scenario';
import { Scheduler } from './scheduler';
import { Call, Execution, StateMachine, TaskError } from './state-machine';
import { Trace } from './trace';
import { WatchedOutputStore } from './watched-output-store';
import { WatchedSourceMover } from './watched-source-mover';
import { HOUR, longDelay, MINUTE, SECOND, Weather } from './weather';
import { JobContract } from '../src/contract/job-contract';
import { ChunkTask, CloseJobTaskInput, ExecutionEndedEvent, ExecutionInput, JobEndedDetail, JobInput, ValidateFileInput } from '../src/contract/payloads';
import { StepDeps } from '../src/ports/step-deps';
import { closeJob } from '../src/steps/close-job';
import { finalizeJob } from '../src/steps/finalize-job';
import { moveSource } from '../src/steps/move-source';
import { planChunks } from '../src/steps/plan-chunks';
import { processChunk } from '../src/steps/process-chunk';
import { sweepJobs, SweepJobsDeps, SweepJobsOutput } from '../src/steps/sweep-jobs';
import { validateFile } from '../src/steps/validate-file';

export const LANDING_BUCKET = 'landing';
export const OUTPUT_BUCKET = 'output';
/** In half of the runs files are copied by parts. */
const LARGEST_COPY = 100;
const COPY_PART_SIZE = 64;
const FUNCTION_TIMEOUT = 15 * MINUTE;
/** Enough for a step to prove and to judge, and too little to write all rejects of a bad file. */
const SHORT_TIMEOUT = 2.5 * SECOND;
/** What Lambda does with events whose function fails. */
const ASYNC_RETRIES = [MINUTE, 2 * MINUTE];
/** Of a call that never began. */
const THROTTLED = 'Lambda.TooManyRequestsException';

/** An execution, and the settings that were deployed when it began: its definition names versions of functions. */
interface Running {
  readonly execution: Execution;
  readonly contract: JobContract;
}

export interface Announcement extends JobEndedDetail {
  readonly at: number;
}

export interface LandedFile {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly lastModified: string;
  readonly content: string;
  /** By others than the pipeline: nobody can find these bytes again. */
  wasTakenAway: boolean;
  /** Something else lies in its place, or nothing; it may be the same bytes. */
  wasReplaced: boolean;
}

export class Pipeline {
  readonly table: RecordedJobTable;
  readonly landing: MemoryBucket;
  readonly output: MemoryBucket;
  readonly outputStore: WatchedOutputStore;
  readonly announced: Announcement[] = [];
  /** What an invariant found at the moment when it was broken. */
  readonly violations: string[] = [];
  /** What executions were started with, in the order of their starts. */
  readonly inputs: ExecutionInput[] = [];
  deployed: JobContract;
  private readonly executions = new Map<string, Running>();
  private readonly names = new Set<string>();
  private readonly down = new Set<string>();
  /** Every file that landed. */
  readonly landed: LandedFile[] = [];
  haveUploadsExpired = false;
  /** Events that came to nothing. */
  deadLetters = 0;
  private readonly eventsNameNoVersion: boolean;
  /** How fast functions are does not change with the weather. */
  private readonly hasShortTime: boolean;
  private readonly largestCopy: number;
  private eventIds = 0;
  private ids = 0;
  private calls = 0;

  constructor(private readonly scenario: Scenario, private readonly machine: StateMachine, readonly scheduler: Scheduler, readonly random: Random,
    public weather: Weather, readonly trace: Trace, private readonly versioning: Versioning) {
    this.deployed = scenario.contract;
    const now = () => new Date(scheduler.now);
    this.landing = new MemoryBucket({ name: LANDING_BUCKET, versioning, now, smallestPartBytes: COPY_PART_SIZE });
    this.output = new MemoryBucket({ name: OUTPUT_BUCKET, versioning: 'Enabled', now });
    this.outputStore = new WatchedOutputStore(this.output, scenario);
    this.table = new RecordedJobTable(() => scheduler.now, random);
    this.hasShortTime = weather.shortTime === 1;
    this.largestCopy = random.pick([LARGEST_COPY, Infinity]);
    // As of one who starts files by hand.
    this.eventsNameNoVersion = random.chance(0.2);
  }

  statusOf(arn: string): Execution['status'] | undefined {
    return this.executions.get(arn)?.execution.status;
  }

  deploy(contract: JobContract): void {
    this.trace.add('deployment', `schema ${JSON.stringify(contract.schema.fields[0])}, prefixes ${contract.prefixes.output} …`);
    this.deployed = contract;
  }

  outage(port: string, milliseconds: number): void {
    this.trace.add('outage', `${port} for ${Math.round(milliseconds / SECOND)} s`);
    this.down.add(port);
    this.scheduler.after(milliseconds, () => this.down.delete(port));
  }

  /** StartExecution. */
  start(name: string, input: ExecutionInput): void {
    if (this.names.has(name)) return;
    this.names.add(name);
    const arn = `arn:aws:states:eu-central-1:000000000000:execution:workflow:${name}`;
    this.trace.add('start', `${name} ${JSON.stringify(input)}`);
    this.inputs.push(input);
    const contract = this.deployed;
    const execution = this.machine.start(arn, input, {
      invoke: async (resource, payload, call) => this.invokeTask(resource, payload, call, contract),
      readItems: async (_, key) => this.outputStore.getJson(key),
      sleep: async (milliseconds) => this.scheduler.sleep(milliseconds),
      random: () => this.random.next(),
    });
    this.executions.set(arn, { execution, contract });
    if (this.random.chance(this.weather.execution.stopped)) {
      this.scheduler.after(this.random.pick([SECOND, MINUTE, HOUR]) * this.random.next(), () => {
        if (execution.status === 'RUNNING') this.trace.add('operator', `stops ${name}`);
        execution.stop();
      });
    }
    void execution.ended.then(({ status, error, cause }) => {
      this.trace.add('execution', `${name} ended as ${status}${error === undefined ? '' : ` (${error}: ${cause ?? ''})`}`);
      if (status !== 'SUCCEEDED') {
        this.deliver(() => this.invokeEvent('CloseJob', { detail: { executionArn: arn, status, input: JSON.stringify(input) } } satisfies ExecutionEndedEvent));
      }
    });
  }

  /** Delivers an event: late, more than once, or never. */
  deliver(event: () => void): void {
    const { never, twice, late } = this.weather.event;
    if (this.random.chance(never)) return;
    const delay = () => this.random.chance(late) ? longDelay(this.random) : this.random.between(SECOND / 2, 3 * SECOND);
    this.scheduler.after(delay(), event);
    while (this.random.chance(twice)) this.scheduler.after(delay(), event);
  }

  /** A partner's file; S3 announces it. */
  land(key: string, content: string): void {
    const put = this.landing.put(key, content);
    this.trace.add('partner', `puts ${key} (${put.bytes.length} bytes, ETag ${put.etag}, version ${put.versionId})`);
    for (const file of this.landed) {
      // Without versions the file before it is gone, unless it was moved away by then.
      if (file.key !== key) continue;
      const staysReadable = this.versioning === 'Enabled';
      if (!staysReadable || this.eventsNameNoVersion) file.wasReplaced = true;
      if (!staysReadable && file.content !== content) file.wasTakenAway = true;
    }
    const { versionId, etag, lastModified } = put;
    this.landed.push({ key, versionId, etag, lastModified: lastModified.toISOString(), content, wasTakenAway: false, wasReplaced: false });
    const version = this.versioning === 'Unversioned' || this.eventsNameNoVersion ? {} : { 'version-id': put.versionId };
    const event: ExecutionInput = {
      time: new Date(this.scheduler.now).toISOString(),
      detail: { bucket: { name: LANDING_BUCKET }, object: { key, size: put.bytes.length, etag: put.etag, ...version } },
    };
    this.deliver(() => this.start(`event-${++this.eventIds}`, event));
  }

  takeAway(key: string): void {
    this.trace.add('partner', `deletes ${key}`);
    this.landing.delete(key);
    for (const file of this.landed) if (file.key === key) file.wasTakenAway = file.wasReplaced = true;
  }

  /** What jobs have left behind whose time to be resumed is long over. */
  expireWork(): void {
    for (const { file_id: fileId, process_start_time: start } of this.table.all) {
      if (this.scheduler.now < Date.parse(start) + (this.scenario.contract.resumeWindowSeconds + 3 * 3600) * 1000) continue;
      for (const { key } of this.output.list()) if (key.includes(`/${fileId}/`) && !key.includes('file_id=')) this.output.delete(key);
    }
  }

  private replaced(key: string): void {
    this.trace.add('S3', `deletes another file of the same bytes, ${key}`);
    for (const file of this.landed) if (file.key === key) file.wasReplaced = true;
  }

  expireUploads(): void {
    this.haveUploadsExpired = true;
    this.trace.add('lifecycle', 'aborts what is open');
    this.output.expireUploads(new Date(this.scheduler.now));
    this.landing.expireUploads(new Date(this.scheduler.now));
  }

  /** An operator resumes a job; half of them have a colleague. */
  resumeOne(): void {
    const jobs = this.table.all.filter(({ status, resumable }) => status === 'FAILED' && resumable === true);
    if (jobs.length === 0) return;
    const { file_id: fileId } = this.random.pick(jobs);
    const times = this.random.chance(0.5) ? 2 : 1;
    for (let time = 0; time < times; time++) this.start(`operator-${++this.eventIds}`, { resume: true, fileId });
  }

  rerunOne(): void {
    const jobs = this.table.all.filter(({ source_state: state }) => state === 'MOVED');
    if (jobs.length > 0) this.start(`rerun-${++this.eventIds}`, { rerun: true, fileId: this.random.pick(jobs).file_id });
  }

  /** What an execution was started with starts another one. */
  startAgain(): void {
    if (this.inputs.length > 0) this.start(`again-${++this.eventIds}`, this.random.pick(this.inputs));
  }

  /** The schedule's. */
  sweep(): void {
    this.invokeEvent('SweepJobs', {});
  }

  /** One that can be waited for. */
  async sweepNow(): Promise<SweepJobsOutput> {
    return this.invoke('SweepJobs', {}, this.deployed) as Promise<SweepJobsOutput>;
  }

  private async invokeTask(resource: string, payload: unknown, call: Call, contract: JobContract): Promise<unknown> {
    const step = /^\${Pipeline(\w+)FunctionCurrentVersion/.exec(resource)?.[1];
    if (step === undefined) throw new Error(`the simulation knows no function ${resource}`);
    await this.scheduler.sleep(this.random.between(10, 100));
    if (this.random.chance(this.weather.invocation.throttled)) {
      this.trace.add(call.executionArn.split(':').at(-1)!, `${step} is throttled`);
      throw new TaskError(THROTTLED);
    }
    const answer = this.invoke(step, payload, contract, () => this.stopStuck(call.executionArn));
    if (!this.random.chance(this.weather.invocation.answerLost)) return answer;
    answer.catch(() => undefined);
    this.trace.add(call.executionArn.split(':').at(-1)!, `the answer of ${step} is lost`);
    return new Promise(() => undefined);
  }

  private stopStuck(childArn: string): void {
    if (!this.random.chance(this.weather.execution.stoppedWhenStuck)) return;
    const arn = childArn.replace(/\/.*$/, '');
    this.scheduler.after(this.random.between(SECOND, 20 * MINUTE), () => {
      const execution = this.executions.get(arn)?.execution;
      if (execution?.status === 'RUNNING') this.trace.add('operator', `stops ${arn.split(':').at(-1)}, which gets no further`);
      execution?.stop();
    });
  }

  /** By an event: Lambda tries twice more, with the same event. */
  private invokeEvent(step: string, payload: object, retries: readonly number[] = ASYNC_RETRIES): void {
    this.invoke(step, payload, this.deployed).catch(() => {
      const [delay, ...others] = retries;
      if (delay === undefined) {
        this.deadLetters++;
        this.trace.add(step, 'has failed three times: the event is in the dead-letter queue');
      } else {
        this.scheduler.after(delay, () => this.invokeEvent(step, payload, others));
      }
    });
  }

  private async invoke(step: string, payload: unknown, contract: JobContract, onStuck?: () => void): Promise<unknown> {
    const name = `${step} ${++this.calls}`;
    const isLong = step === 'FinalizeJob' || step === 'MoveSource' || step === 'SweepJobs';
    const timeout = isLong && this.hasShortTime ? SHORT_TIMEOUT : FUNCTION_TIMEOUT;
    const invocation = new Invocation(name, this.scheduler, this.random, this.weather, this.trace, (port) => this.down.has(port), timeout, onStuck);
    const deps = this.depsOf(invocation, contract);
    this.trace.add(name, `begins with ${JSON.stringify(payload)}`);
    const output = await invocation.run(async () => this.step(step, payload, deps));
    this.trace.add(name, `answers ${JSON.stringify(output)}`);
    return output;
  }

  private async step(step: string, payload: unknown, deps: ReturnType<Pipeline['depsOf']>): Promise<unknown> {
    switch (step) {
      case 'ValidateFile': return validateFile(payload as ValidateFileInput, deps);
      case 'PlanChunks': return planChunks(payload as JobInput, deps);
      case 'ProcessChunk': return processChunk(payload as ChunkTask, deps);
      case 'FinalizeJob': return finalizeJob(payload as JobInput, deps);
      case 'MoveSource': return moveSource(payload as JobInput, deps);
      case 'CloseJob': return closeJob(payload as CloseJobTaskInput | ExecutionEndedEvent, deps);
      case 'SweepJobs': return sweepJobs({ ...deps, sweep: { sourceBucket: LANDING_BUCKET, incomingPrefix: 'incoming/', fileSuffixes: ['.csv'] } });
      default: throw new Error(`the simulation knows no step ${step}`);
    }
  }

  private depsOf(invocation: Invocation, contract: JobContract): StepDeps & Pick<SweepJobsDeps, 'source' | 'output'> {
    const buckets = [this.landing, this.output];
    return {
      jobs: invocation.wrap(this.table, 'jobs'),
      source: invocation.wrap(new MemorySourceStore(buckets), 'source'),
      mover: invocation.wrap(new WatchedSourceMover(this.landing, this.largestCopy, COPY_PART_SIZE, (key) => this.replaced(key)), 'source'),
      output: invocation.wrap(this.outputStore, 'output'),
      executions: invocation.wrap({
        start: async (name: string, input: ExecutionInput) => this.start(name, input),
        isRunning: async (arn: string) => this.executions.get(arn)?.execution.status === 'RUNNING',
      }, 'executions'),
      events: invocation.wrap({ announce: async (detail: JobEndedDetail) => { this.announced.push({ ...detail, at: this.scheduler.now }); } }, 'events'),
      userCode: {
        load: async ({ name }) => { throw new Error(`no module ${name}`); },
        invoke: async () => { throw new Error('no function'); },
      },
      contract,
      now: () => new Date(this.scheduler.now),
      timeLeft: invocation.timeLeft,
      newId: () => `id-${++this.ids}`,
      fastPath: true,
      log: { info: () => undefined, warn: () => undefined },
      meter: { add: () => undefined },
    };
  }
}
