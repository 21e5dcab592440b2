/**
 * The pipeline as it is deployed: executions of the synthesized state machine, which call the functions, and the rules and
 * the schedule beside it.
 */
import { COPY_PART_SIZE, Functions } from './functions';
import { IntakeQueue } from './intake-queue';
import { LandingZone } from './landing-zone';
import { MemoryBucket, MemoryBucketProps, Versioning } from './memory-bucket';
import { MemoryCatalog } from './memory-catalog';
import { Random } from './random';
import { RecordedJobTable } from './recorded-job-table';
import { Scenario } from './scenario';
import { Scheduler } from './scheduler';
import { Call, Execution, StateMachine, TaskError } from './state-machine';
import { Trace } from './trace';
import { WatchedOutputStore } from './watched-output-store';
import { hasFaults, HOUR, longDelay, MINUTE, SECOND, Weather } from './weather';
import { IntakeName } from '../src/contract/file-keys';
import { JobContract } from '../src/contract/job-contract';
import { ExecutionEndedEvent, ExecutionInput, ObjectCreatedEvent, StartJobsOutput } from '../src/contract/payloads';
import { Regions } from '../src/ports/regions';
import { ApiRequest, ApiResponse } from '../src/services/job-api/api-messages';
import { SweepJobsOutput } from '../src/steps/sweep-jobs';

/** What Lambda does with events whose function fails. */
const ASYNC_RETRIES = [MINUTE, 2 * MINUTE];
/** Of a call that never began. */
const THROTTLED = 'Lambda.TooManyRequestsException';
/** Steps that events call. */
const PIPELINE_EVENTS = ['CloseJob', 'SweepJobs'];
const nobody = () => undefined;
const HOME_REGION = 'eu-central-1';
/** How far back the repair of the catalog looks, as the props have it when nothing is said. */
const REPAIR_DAYS = 7;

/** One of two regions. */
export interface Site {
  readonly regions: Regions;
  readonly table: RecordedJobTable;
  readonly landingProps: Partial<MemoryBucketProps>;
  readonly outputProps: Partial<MemoryBucketProps>;
  /** Milliseconds until the region is back: nothing answers there, and nothing starts. 0: it is there. */
  readonly darkFor: () => number;
}

export interface Start {
  readonly name: string;
  readonly input: ExecutionInput;
}

/** A request to the API that was answered. */
export interface ApiCall {
  readonly request: ApiRequest;
  readonly response: ApiResponse;
  readonly at: number;
}

export interface PipelineProps {
  readonly scenario: Scenario;
  readonly intake: IntakeName;
  readonly machine: StateMachine;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly weather: Weather;
  readonly versioning: Versioning;
  readonly site?: Site;
}

export class Pipeline {
  readonly intake: IntakeName;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  weather: Weather;
  readonly landing: LandingZone;
  readonly output: MemoryBucket;
  readonly outputStore: WatchedOutputStore;
  readonly table: RecordedJobTable;
  readonly functions: Functions;
  readonly catalog = new MemoryCatalog();
  /** With nothing in it unless files come in by a queue. */
  readonly queue: IntakeQueue;
  /** What executions were started with, in the order of their starts. */
  readonly starts: Start[] = [];
  /** What the API has answered. */
  readonly apiCalls: ApiCall[] = [];
  /** What an invariant found at the moment when it was broken. */
  readonly violations: string[] = [];
  /** Told when somebody has stopped an execution. */
  onStopped: () => void = nobody;
  /** Ends of executions, and sweeps, that came to nothing. */
  deadLetters = 0;
  /** Whether the run had faults, see `hasFaults`: the weather becomes calm in the end. */
  readonly hadFaults: boolean;
  private deployed: JobContract;
  private readonly workflow: string;
  private readonly executions = new Map<string, Execution>();
  private events = 0;
  private unnamed = 0;

  constructor(private readonly props: PipelineProps) {
    const { scenario, intake, scheduler, random, trace, weather, versioning, site } = props;
    ({ intake: this.intake, scheduler: this.scheduler, random: this.random, trace: this.trace, weather: this.weather } = props);
    this.deployed = scenario.contract;
    this.hadFaults = hasFaults(weather);
    this.landing = new LandingZone(scheduler, random, trace, versioning, { smallestPartBytes: COPY_PART_SIZE, ...site?.landingProps });
    this.output = new MemoryBucket({ name: 'output', versioning: 'Enabled', now: () => new Date(scheduler.now), ...site?.outputProps });
    this.workflow = `arn:aws:states:${site?.regions.own ?? HOME_REGION}:000000000000:execution:workflow`;
    this.outputStore = new WatchedOutputStore(this.output, scenario);
    this.table = site?.table ?? new RecordedJobTable(() => scheduler.now, random);
    this.queue = new IntakeQueue({
      scheduler,
      random,
      trace,
      weather: () => this.weather,
      startJobs: async (batch) => this.functions.invoke('StartJobs', batch, this.deployed, this.weather) as Promise<StartJobsOutput>,
    });
    this.functions = new Functions({
      scheduler,
      random,
      trace,
      landing: this.landing,
      outputBucket: this.output,
      output: this.outputStore,
      table: this.table,
      executions: {
        start: async (name, input) => this.start(name, input),
        isRunning: async (arn) => this.statusOf(arn) === 'RUNNING',
      },
      refused: this.queue,
      intake,
      starts: {
        start: async (input, name = `api-${++this.unnamed}`) => {
          const executionArn = `${this.workflow}:${name}`;
          const isNew = !this.executions.has(executionArn);
          this.start(name, input);
          return { executionArn, isNew };
        },
        find: async (name) => this.executions.has(`${this.workflow}:${name}`) ? `${this.workflow}:${name}` : undefined,
      },
      catalog: this.catalog,
      onJobSucceeded: (fileId) => this.deliver(() => this.invokeByEvent('AddPartition', { detail: { fileId } })),
      hasShortTime: weather.shortTime === 1,
      regions: site?.regions,
      darkFor: () => site?.darkFor() ?? 0,
    });
  }

  statusOf(arn: string): Execution['status'] | undefined {
    return this.executions.get(arn)?.status;
  }

  hasJob({ detail: { object: { key, etag, 'version-id': version = 'null' } } }: ObjectCreatedEvent): boolean {
    return this.table.all.some((job) => job.key === key && (version === 'null' ? job.etag === etag : job.version_id === version));
  }

  deploy(contract: JobContract): void {
    this.trace.add('deployment', `schema ${JSON.stringify(contract.schema.fields[0])}, prefixes ${contract.prefixes.output} …`);
    this.deployed = contract;
  }

  /**
   * A partner's file; S3 announces it.
   *
   * @returns what it announces, for whoever is to start the file by hand
   */
  land(key: string, content: string): ObjectCreatedEvent {
    const event = this.landing.put(key, content);
    switch (this.intake) {
      case 'events':
        this.deliver(() => this.start(`event-${++this.events}`, event));
        return event;
      case 'queue':
        this.deliver(() => this.queue.send(JSON.stringify({ 'source': 'aws.s3', 'detail-type': 'Object Created', ...event })));
        return event;
      case 'manual':
        return event;
    }
  }

  /** StartExecution: of one name there is one execution. Its definition names the versions of functions that are deployed now. */
  start(name: string, input: ExecutionInput): void {
    const arn = `${this.workflow}:${name}`;
    if (this.executions.has(arn)) return;
    this.trace.add('start', `${name} ${JSON.stringify(input)}`);
    this.starts.push({ name, input });
    const contract = this.deployed;
    const execution = this.props.machine.start(arn, input, {
      invoke: async (resource, payload, call) => this.invokeTask(resource, payload, call, contract),
      readItems: async (_, key) => this.outputStore.getJson(key),
      sleep: async (milliseconds, timer) => this.scheduler.sleep(milliseconds, timer),
      random: () => this.random.next(),
    });
    this.executions.set(arn, execution);
    if (this.random.chance(this.weather.execution.stopped)) this.stopLater(arn, this.random.pick([SECOND, MINUTE, HOUR]));
    void execution.ended.then(({ status, error, cause }) => {
      this.trace.add('execution', `${name} ended as ${status}${error === undefined ? '' : ` (${error}: ${cause ?? ''})`}`);
      if (status === 'SUCCEEDED') return;
      const event: ExecutionEndedEvent = { detail: { executionArn: arn, status, input: JSON.stringify(input) } };
      this.deliver(() => this.invokeByEvent('CloseJob', event));
    });
  }

  /** @returns undefined when no answer comes */
  async callApi(request: ApiRequest): Promise<ApiResponse | undefined> {
    try {
      const response = await this.functions.invoke('JobApi', request, this.deployed, this.weather) as ApiResponse;
      this.apiCalls.push({ request, response, at: this.scheduler.now });
      return response;
    } catch {
      return undefined;
    }
  }

  /** The schedule's. */
  sweep(): void {
    this.invokeByEvent('SweepJobs', {});
  }

  /** The schedule's, or somebody's who looks further back. */
  repairCatalog(repairDays = REPAIR_DAYS): void {
    this.deliver(() => this.invokeByEvent('AddPartition', { repairDays }));
  }

  /** The schedule's; by hand it is the same. */
  checkQuality(): void {
    const time = new Date(this.scheduler.now).toISOString();
    this.deliver(() => this.invokeByEvent('QualityCheck', { time }));
  }

  /** One that can be waited for. */
  async sweepNow(): Promise<SweepJobsOutput> {
    return this.functions.invoke('SweepJobs', {}, this.deployed, this.weather) as Promise<SweepJobsOutput>;
  }

  /** Delivers an event: late, more than once, or never. */
  private deliver(event: () => void): void {
    const { never, twice, late } = this.weather.event;
    if (this.random.chance(never)) return;
    const delay = () => this.random.chance(late) ? longDelay(this.random) : this.random.between(SECOND / 2, 3 * SECOND);
    this.scheduler.after(delay(), () => this.whenThere(event));
    while (this.random.chance(twice)) this.scheduler.after(delay(), () => this.whenThere(event));
  }

  /** What cannot be delivered now is delivered when the region is back. */
  private whenThere(event: () => void): void {
    const wait = this.props.site?.darkFor() ?? 0;
    if (wait === 0) event();
    else this.scheduler.after(wait, () => this.whenThere(event));
  }

  private async invokeTask(resource: string, payload: unknown, { executionArn, state }: Call, contract: JobContract): Promise<unknown> {
    const step = /^\${Pipeline(\w+)FunctionCurrentVersion/.exec(resource)?.[1];
    if (step === undefined) throw new Error(`the simulation knows no function ${resource}`);
    const { throttled, answerLost } = this.weather.invocation;
    const wait = this.props.site?.darkFor() ?? 0;
    if (wait > 0) await this.scheduler.sleep(wait);
    const name = executionArn.slice(this.workflow.length + 1);
    await this.scheduler.sleep(this.random.between(10, 100));
    if (this.random.chance(throttled)) {
      this.trace.add(name, `${state} is throttled`);
      throw new TaskError(THROTTLED);
    }
    const answer = this.functions.invoke(step, payload, contract, this.weather, () => this.stopStuck(executionArn));
    if (!this.random.chance(answerLost)) return answer;
    answer.catch(() => undefined);
    this.trace.add(name, `the answer of ${state} is lost`);
    return new Promise(() => undefined);
  }

  private stopStuck(arn: string): void {
    // A child's ends with its number.
    if (this.random.chance(this.weather.execution.stoppedWhenStuck)) this.stopLater(arn.replace(/\/.*$/, ''), this.random.pick([10 * SECOND, 20 * MINUTE]));
  }

  private stopLater(arn: string, atMost: number): void {
    this.scheduler.after(this.random.between(0, atMost), () => {
      if (this.statusOf(arn) !== 'RUNNING') return;
      this.trace.add('operator', `stops ${arn.slice(this.workflow.length + 1)}`);
      this.executions.get(arn)!.stop();
      this.onStopped();
    });
  }

  /** Lambda tries twice more, with the same event. */
  private invokeByEvent(step: string, event: object, retries: readonly number[] = ASYNC_RETRIES): void {
    this.functions.invoke(step, event, this.deployed, this.weather).catch(() => {
      const [delay, ...others] = retries;
      if (delay === undefined) {
        if (PIPELINE_EVENTS.includes(step)) this.deadLetters++;
        this.trace.add(step, 'has failed three times: the event is in the dead-letter queue');
      } else {
        this.scheduler.after(delay, () => this.invokeByEvent(step, event, others));
      }
    });
  }
}
