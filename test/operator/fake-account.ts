/** A pipeline that tests operate: jobs, executions and dead letters in memory, and all that was printed. */
import { JOB_SORT_KEY, JobItem, JobStatus } from '../../src/contract/job-item';
import { operate } from '../../src/operator/operate';
import { DeadLetter, ExecutionState, OperatedPipeline, StackResource } from '../../src/ports/operations';
import { MemoryJobTable } from '../../src/preflight/memory-job-table';
import { terminalOf } from '../../src/terminal/terminal';

export const NOW = Date.parse('2026-11-29T12:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const STATE_MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Orders';

export const fileIdOf = (digit: string) => digit.repeat(32);
export const executionArn = (name: string) => `${STATE_MACHINE.replace(':stateMachine:', ':execution:')}:${name}`;

export function job(digit: string, status: JobStatus, more: Partial<JobItem> = {}): JobItem {
  return {
    file_id: fileIdOf(digit),
    chunk_id: JOB_SORT_KEY,
    status,
    timestamp: NOW - 2 * HOUR,
    revision: 3,
    file_name: `${digit}.csv`,
    bucket: 'bucket',
    key: `incoming/${digit}.csv`,
    etag: 'etag',
    size_bytes: 10,
    last_modified: '2026-11-29T09:00:00Z',
    execution_arn: executionArn(`of-${digit}`),
    schema_fingerprint: 'f',
    process_start_time: '2026-11-29T09:59:00.000Z',
    ingest_date: '2026-11-29',
    run: 1,
    ...(status === 'SUCCEEDED' || more.resumable === false) && { moved_to: `moved/${digit}.csv`, source_state: 'MOVED' as const },
    ...more,
  };
}

export const interrupted = { resumable: true, error_code: 'infrastructure', error_message: 'the execution ended as ABORTED' } as const;

export class FakeAccount {
  readonly jobs = new Map<string, JobItem>();
  /** Of the executions that are known. */
  readonly states = new Map<string, ExecutionState>();
  /** File ids of jobs, by execution. */
  readonly claims = new Map<string, string>();
  readonly letters: DeadLetter[] = [];
  readonly started: Array<{ readonly input: unknown; readonly name?: string }> = [];
  readonly deleted: string[] = [];
  readonly released: string[] = [];
  stdout = '';
  stderr = '';
  /** What a start fails with. */
  failure: Error | undefined;
  /** Runs while the command sleeps. */
  onSleep: (() => void) | undefined;
  columns: number | undefined;
  /** Where the stack was looked for; undefined: in the region of the environment. */
  askedRegion: string | undefined;
  regions: { readonly own: string; readonly primary: string } | undefined;
  readonly table = new MemoryJobTable();
  private time = NOW;
  private readonly invisible = new Set<string>();

  constructor(public resources: StackResource[] | undefined = [
    { logicalId: 'TapJobTable29B9EFD4', type: 'AWS::DynamoDB::GlobalTable', physicalId: 'table-tap-jobs-dev' },
    { logicalId: 'TapWorkflowStateMachineA6EBC065', type: 'AWS::StepFunctions::StateMachine', physicalId: STATE_MACHINE },
    { logicalId: 'TapDeadLettersQueueB37FA966', type: 'AWS::SQS::Queue', physicalId: 'https://sqs/queue' },
    { logicalId: 'TapSweepJobsFunction6C2F5B3C', type: 'AWS::Lambda::Function', physicalId: 'function-tap-sweep-jobs-dev' },
  ]) {}

  add(...jobs: JobItem[]): void {
    for (const item of jobs) this.jobs.set(item.file_id, item);
  }

  addLetter(id: string, body: unknown, attributes: Record<string, string> = {}): void {
    this.letters.push({ id, body: typeof body === 'string' ? body : JSON.stringify(body), attributes, receipt: `receipt-${id}` });
  }

  /** @returns the exit status */
  async run(command: string, ...args: string[]): Promise<number> {
    return operate([command, ...args], {
      stacks: (region) => {
        this.askedRegion = region;
        return { resources: async () => this.resources };
      },
      pipeline: async () => this.pipeline(),
      failureSentence: (error) => `failed: ${(error as Error).message}`,
    }, {
      now: () => this.time,
      sleep: async (milliseconds) => {
        this.time += milliseconds;
        this.onSleep?.();
      },
      terminal: terminalOf(
        { write: (text) => { this.stdout += text; }, isTTY: this.columns !== undefined, columns: this.columns },
        { write: (text) => { this.stderr += text; } },
      ),
    });
  }

  /** The same, on the one pipeline. */
  async operate(command: string, ...args: string[]): Promise<number> {
    return this.run(command, '--pipeline', 'TapStack-dev/Tap-dev', ...args);
  }

  private pipeline(): OperatedPipeline {
    const { jobs } = this;
    return {
      jobs: {
        fence: async () => this.table.fence(),
        moveFence: async (to) => this.table.moveFence(to),
        job: async (fileId) => jobs.get(fileId),
        async* jobsByStatus(status, since) {
          yield* [...jobs.values()].filter((item) => item.status === status && item.timestamp >= since).sort((a, b) => a.timestamp - b.timestamp);
        },
      },
      executions: {
        start: async (input, name) => {
          if (this.failure !== undefined) throw this.failure;
          const isNew = name === undefined || !this.started.some((one) => one.name === name);
          if (isNew) this.started.push({ input, name });
          const arn = executionArn(name ?? `started-${this.started.length}`);
          if (isNew) this.states.set(arn, { status: 'RUNNING' });
          return { executionArn: arn, isNew };
        },
        state: async (arn) => this.states.get(arn),
        jobOf: async (arn) => this.claims.get(arn),
      },
      regions: async () => this.regions,
      deadLetters: {
        receive: async (most) => {
          const received = this.letters.filter(({ id }) => !this.deleted.includes(id) && !this.invisible.has(id)).slice(0, Math.min(most, 10));
          for (const { id } of received) this.invisible.add(id);
          return received;
        },
        delete: async ({ id }) => { this.deleted.push(id); },
        release: async ({ id }) => {
          this.invisible.delete(id);
          this.released.push(id);
        },
      },
    };
  }
}
