/**
 * Executions of a state machine as its definition was synthesized. There is no clock, no chance and no function in
 * here: what happens, and in which order, is what the promises of `Services` make happen.
 */
import { Choice, compileStateMachine, DistributedMap, Flow, Retrier, Task } from './asl';
import { Expression, RuntimeError } from './paths';

/** Whatever is rejected with is an Error: its name is the error's name, its message the error's Cause. */
export interface Services {
  /** `payload` is the state's own, not a copy. An execution that no longer waits ignores the answer, also a rejection. */
  invoke(resource: string, payload: unknown, call: Call): Promise<unknown>;
  /** The manifest: a list. */
  readItems(bucket: string, key: string): Promise<unknown>;
  /** Where it is not there, the children's results are always written. */
  writeResults?(bucket: string, prefix: string): Promise<void>;
  /** A timer that is cancelled may stay away: nobody waits for it. */
  sleep(ms: number, timer: Timer): Promise<void>;
  /** 0 <= x < 1, for the jitter of retries. */
  random(): number;
}

export interface Call {
  /** Of the child, where the state is one of a Map's. */
  readonly executionArn: string;
  readonly state: string;
  /** 1, and one more with each retry. */
  readonly attempt: number;
}

export interface Timer {
  cancelled: boolean;
}

/** How a task fails. Any other Error will do. */
export class TaskError extends Error {
  constructor(readonly name: string, cause = '') {
    super(cause);
  }
}

export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

export class StateMachine {
  private readonly flow: Flow;

  /** Throws where the definition holds anything that is not interpreted. */
  constructor(definition: unknown) {
    this.flow = compileStateMachine(definition);
  }

  /** The first state is entered when the caller is through: its execution can be known by then. */
  start(arn: string, input: unknown, services: Services): Execution {
    return new Execution(arn, input, this.flow, services);
  }
}

/** What a Catch puts into the state. */
interface ErrorOutput {
  readonly Error: string;
  readonly Cause?: string;
}

/** One entering of a state that does work. Each retrier counts for itself, and begins anew when the state is entered again. */
interface Visit {
  readonly state: Task | DistributedMap;
  readonly input: unknown;
  /** For each retrier, how often it was used. */
  readonly retries: number[];
  attempts: number;
}

export class Execution {
  status: 'RUNNING' | Ended['status'] = 'RUNNING';
  /** Never rejected. */
  readonly ended: Promise<Ended>;
  private settle!: (ended: Ended) => void;
  /** Ends the execution as a whole. */
  private readonly deadline: Timer = { cancelled: false };
  /**
   * Of one attempt, or of one wait before the next. What was begun in an earlier turn counts no more: the answer of a
   * task that timed out, the siblings of a child that failed, anything at all when the execution has ended.
   */
  private turn = 0;
  private timer: Timer | undefined;
  private readonly children = new Set<Execution>();
  private childrenStarted = 0;

  constructor(readonly arn: string, readonly input: unknown, private readonly flow: Flow, private readonly services: Services) {
    this.ended = new Promise((resolve) => { this.settle = resolve; });
    this.when(Promise.resolve(), () => this.begin());
  }

  /** From outside. Functions that are at work go on. */
  stop(): void {
    this.end({ status: 'ABORTED' });
  }

  private begin(): void {
    const { timeoutMs, startAt } = this.flow;
    if (timeoutMs !== undefined) {
      void this.services.sleep(timeoutMs, this.deadline).then(() => this.end({ status: 'TIMED_OUT', error: 'States.Timeout' }));
    }
    this.enter(startAt, this.input);
  }

  private enter(name: string, input: unknown): void {
    const state = this.flow.states.get(name)!;
    switch (state.type) {
      case 'Task':
      case 'Map':
        return this.attempt({ state, input, retries: state.retriers.map(() => 0), attempts: 0 });
      case 'Choice':
        return this.enter(this.choose(state, input), input);
      case 'Succeed':
        return this.end({ status: 'SUCCEEDED', output: input });
      case 'Fail':
        return this.fail(state.error && this.text(state.error, input), state.cause && this.text(state.cause, input));
    }
  }

  private choose({ name, rules }: Choice, input: unknown): string {
    const rule = rules.find(({ comparisons }) => comparisons.some(({ variable, text }) => variable(input, this) === text));
    if (rule === undefined) throw new RuntimeError('States.NoChoiceMatched', `${name}: none of its rules holds for ${JSON.stringify(input)}`);
    return rule.next;
  }

  private attempt(visit: Visit): void {
    this.nextTurn();
    visit.attempts++;
    if (visit.state.type === 'Task') this.invoke(visit, visit.state);
    else this.readItems(visit, visit.state);
  }

  private invoke(visit: Visit, { name, resource, payload, timeoutMs }: Task): void {
    const call: Call = { executionArn: this.arn, state: name, attempt: visit.attempts };
    this.when(this.services.invoke(resource, payload(visit.input, this), call),
      (result) => this.leave(visit, result ?? null),
      (error) => this.recover(visit, error));
    if (timeoutMs !== undefined) this.after(timeoutMs, () => this.recover(visit, { Error: 'States.Timeout' }));
  }

  private readItems(visit: Visit, map: DistributedMap): void {
    const key = this.text(map.reader.key, visit.input);
    const failed = (cause?: string) => this.recover(visit, { Error: 'States.ItemReaderFailed', Cause: cause });
    this.when(this.services.readItems(this.text(map.reader.bucket, visit.input), key),
      (items) => Array.isArray(items) ? this.runChildren(visit, map, items) : failed(`expected a list in ${key}, got ${JSON.stringify(items)}`),
      ({ Cause }) => failed(Cause));
  }

  private runChildren(visit: Visit, map: DistributedMap, items: readonly unknown[]): void {
    let started = 0;
    const fill = () => {
      while (started < items.length && this.children.size < map.maxConcurrency) start(items[started++]);
      if (this.children.size === 0) this.writeResults(visit, map);
    };
    const start = (item: unknown) => {
      const child = new Execution(`${this.arn}/${map.name}:${++this.childrenStarted}`, item, map.child, this.services);
      this.children.add(child);
      this.when(child.ended, ({ status }) => {
        this.children.delete(child);
        if (status === 'SUCCEEDED') fill();
        else this.recover(visit, { Error: 'States.ExceedToleratedFailureThreshold', Cause: 'The specified tolerated failure threshold was exceeded' });
      });
    };
    fill();
  }

  private writeResults(visit: Visit, { writer }: DistributedMap): void {
    if (writer === undefined || this.services.writeResults === undefined) return this.leave(visit, null);
    this.when(this.services.writeResults(this.text(writer.bucket, visit.input), this.text(writer.key, visit.input)),
      () => this.leave(visit, null),
      ({ Cause }) => this.recover(visit, { Error: 'States.ResultWriterFailed', Cause }));
  }

  private leave({ state, input }: Visit, result: unknown): void {
    const output = state.output(state.resultPath(input, result), this);
    if (state.next === undefined) this.end({ status: 'SUCCEEDED', output });
    else this.enter(state.next, output);
  }

  /** The first retrier that knows the error decides, also when it is used up; then the first catcher. */
  private recover(visit: Visit, error: ErrorOutput): void {
    this.nextTurn();
    const { state, input, retries } = visit;
    const retry = state.retriers.findIndex(({ errors }) => matches(errors, error));
    if (retry !== -1 && retries[retry] < state.retriers[retry].maxAttempts) {
      return this.after(this.delay(state.retriers[retry], retries[retry]++), () => this.attempt(visit));
    }
    const catcher = state.catchers.find(({ errors }) => matches(errors, error));
    if (catcher === undefined) return this.fail(error.Error, error.Cause);
    this.enter(catcher.next, catcher.resultPath(input, error));
  }

  private delay({ intervalMs, backoffRate, maxDelayMs, jitter }: Retrier, retriesBefore: number): number {
    const longest = Math.min(intervalMs * backoffRate ** retriesBefore, maxDelayMs);
    return Math.round(jitter === 'FULL' ? longest * this.services.random() : longest);
  }

  private fail(error?: string, cause?: string): void {
    this.end({ status: 'FAILED', error, cause });
  }

  private end(ended: Ended): void {
    if (this.status !== 'RUNNING') return;
    this.nextTurn();
    this.deadline.cancelled = true;
    this.status = ended.status;
    this.settle(ended);
  }

  private nextTurn(): void {
    this.turn++;
    if (this.timer !== undefined) this.timer.cancelled = true;
    this.timer = undefined;
    for (const child of this.children) child.stop();
    this.children.clear();
  }

  private after(ms: number, then: () => void): void {
    this.timer = { cancelled: false };
    this.when(this.services.sleep(ms, this.timer), then);
  }

  /** What comes of the promise counts only in the turn that waits for it. */
  private when<T>(promise: Promise<T>, then: (value: T) => void, failed?: (error: ErrorOutput) => void): void {
    const { turn } = this;
    const step = (does: () => void) => {
      if (turn !== this.turn) return;
      try {
        does();
      } catch (error) {
        if (!(error instanceof RuntimeError)) throw error;
        this.fail(error.error, error.causeText);
      }
    };
    void promise.then((value) => step(() => then(value)), failed && ((reason: Error) => step(() => failed(errorOutput(reason)))));
  }

  private text(expression: Expression, input: unknown): string {
    const value = expression(input, this);
    if (typeof value === 'string') return value;
    throw new RuntimeError('States.Runtime', `expected a text, got ${JSON.stringify(value)}`);
  }
}

function matches(names: readonly string[], { Error: error }: ErrorOutput): boolean {
  return names.includes(error) || (names[0] === 'States.ALL' && error !== 'States.DataLimitExceeded' && error !== 'States.Runtime');
}

function errorOutput({ name, message }: Error): ErrorOutput {
  return message === '' ? { Error: name } : { Error: name, Cause: message };
}
