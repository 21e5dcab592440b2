/** The Lambda functions: the real steps, over the stores as one call of a function reaches them. */
import { Invocation } from './lambda-function';
import { LANDING_BUCKET, LandingZone } from './landing-zone';
import { MemoryBucket } from './memory-bucket';
import { MemorySourceStore } from './memory-stores';
import { Random } from './random';
import { RecordedJobTable } from './recorded-job-table';
import { INCOMING } from './scenario';
import { Scheduler } from './scheduler';
import { Trace } from './trace';
import { WatchedOutputStore } from './watched-output-store';
import { WatchedSourceMover } from './watched-source-mover';
import { MINUTE, SECOND, Weather } from './weather';
import { JobContract } from '../src/contract/job-contract';
import { ChunkTask, CloseJobTaskInput, ExecutionEndedEvent, JobEndedDetail, JobInput, ValidateFileInput } from '../src/contract/payloads';
import { Executions } from '../src/ports/executions';
import { StepDeps } from '../src/ports/step-deps';
import { closeJob } from '../src/steps/close-job';
import { finalizeJob } from '../src/steps/finalize-job';
import { moveSource } from '../src/steps/move-source';
import { planChunks } from '../src/steps/plan-chunks';
import { processChunk } from '../src/steps/process-chunk';
import { sweepJobs, SweepJobsDeps } from '../src/steps/sweep-jobs';
import { validateFile } from '../src/steps/validate-file';

const FUNCTION_TIMEOUT = 15 * MINUTE;
/** Enough for a step to prove and to judge, and too little to write all rejects of a bad file. */
const SHORT_TIMEOUT = 2.5 * SECOND;
const STEPS_THAT_GO_ON = ['FinalizeJob', 'MoveSource', 'SweepJobs'];
/** In half of the runs files are copied by parts. */
const LARGEST_COPY = 100;
export const COPY_PART_SIZE = 64;

export interface Announcement extends JobEndedDetail {
  readonly at: number;
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
  /** How fast functions are does not change with the weather. */
  readonly hasShortTime: boolean;
}

type Deps = StepDeps & Pick<SweepJobsDeps, 'source' | 'output'>;

export class Functions {
  /** What the event bus was told. */
  readonly announced: Announcement[] = [];
  /** Services that cannot be reached. */
  private readonly down = new Set<string>();
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
      timeoutMs: hasShortTime && STEPS_THAT_GO_ON.includes(step) ? SHORT_TIMEOUT : FUNCTION_TIMEOUT,
      isDown: (port) => this.down.has(port),
      onStuck,
    });
    trace.add(name, `begins with ${JSON.stringify(payload)}`);
    const output = await invocation.run(async () => this.step(step, payload, this.depsOf(invocation, contract)).catch((error: Error) => {
      trace.add(name, `fails: ${error.message}`);
      throw error;
    }));
    trace.add(name, `answers ${JSON.stringify(output)}`);
    return output;
  }

  private async step(step: string, payload: unknown, deps: Deps): Promise<unknown> {
    switch (step) {
      case 'ValidateFile': return validateFile(payload as ValidateFileInput, deps);
      case 'PlanChunks': return planChunks(payload as JobInput, deps);
      case 'ProcessChunk': return processChunk(payload as ChunkTask, deps);
      case 'FinalizeJob': return finalizeJob(payload as JobInput, deps);
      case 'MoveSource': return moveSource(payload as JobInput, deps);
      case 'CloseJob': return closeJob(payload as CloseJobTaskInput | ExecutionEndedEvent, deps);
      case 'SweepJobs': return sweepJobs({ ...deps, sweep: { sourceBucket: LANDING_BUCKET, incomingPrefix: INCOMING, fileSuffixes: ['.csv'], slaFileSizeBytes: Infinity } });
      default: throw new Error(`the simulation knows no step ${step}`);
    }
  }

  private depsOf(invocation: Invocation, contract: JobContract): Deps {
    const { landing, outputBucket, output, table, executions, scheduler } = this.props;
    const mover = new WatchedSourceMover(landing.bucket, this.largestCopy, COPY_PART_SIZE, (key) => landing.deletedLate(key));
    const events = { announce: async (detail: JobEndedDetail) => { this.announced.push({ ...detail, at: scheduler.now }); } };
    return {
      jobs: invocation.wrap(table, 'jobs'),
      source: invocation.wrap(new MemorySourceStore([landing.bucket, outputBucket]), 'source'),
      mover: invocation.wrap(mover, 'source'),
      output: invocation.wrap(output, 'output'),
      executions: invocation.wrap(executions, 'executions'),
      events: invocation.wrap(events, 'events'),
      userCode: {
        load: async ({ name }) => { throw new Error(`no module ${name}`); },
        invoke: async () => { throw new Error('no function'); },
      },
      contract,
      now: () => new Date(scheduler.now),
      timeLeft: () => invocation.timeLeft,
      newId: () => `id-${++this.ids}`,
      fastPath: true,
      log: { info: () => undefined, warn: () => undefined },
      meter: { add: () => undefined, addByCode: () => undefined },
    };
  }
}
