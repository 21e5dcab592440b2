/**
 * One call of a function: a step over ports whose every call may fail, come late or never come back. Nothing of the step
 * is replaced. What a function leaves behind when it ends is what the stores have got by then, and later.
 */
import { Random } from './random';
import { Scheduler } from './scheduler';
import { TaskError } from './state-machine';
import { Trace } from './trace';
import { longDelay, MINUTE, SECOND, Weather } from './weather';
import { ByteSource } from '../src/engine/io/byte-source';

/** Methods whose answers come page by page. */
const PAGED = new Set(['chunks', 'read', 'jobsByStatus', 'newestJobs', 'unsettledJobs', 'pendingUploads', 'pendingCopies', 'list', 'partitions', 'keysAfter']);
/** Methods that make a source of bytes, without a call. */
const OPENING = new Set(['open', 'ranges']);
const ITEMS_A_PAGE = 3;

export interface InvocationProps {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly weather: Weather;
  readonly trace: Trace;
  readonly timeoutMs: number;
  /** Whether a service cannot be reached at all. */
  readonly isDown: (port: string) => boolean;
  /** Milliseconds until the region is back, see `Site`: then the call goes on, if the function still lives. */
  readonly darkFor: () => number;
  /** Told when the function waits for long. */
  readonly onStuck?: () => void;
}

const nobody = () => undefined;

export class Invocation {
  /** Nothing of it goes on any more, but calls that are on their way. */
  private isDead = false;
  private isEnded = false;
  private readonly timer = { cancelled: false };
  private die: (error: Error) => void = nobody;
  private readonly deadline: number;

  constructor(private readonly props: InvocationProps) {
    this.deadline = props.scheduler.now + props.timeoutMs;
  }

  get timeLeft(): number {
    return this.deadline - this.props.scheduler.now;
  }

  /** Runs the step to its end, or to the function's. */
  async run<T>(step: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.die = reject;
      this.props.scheduler.at(this.deadline, () => this.timeOut(), this.timer);
      step().then(
        (output) => this.end(() => resolve(output)),
        (error: Error) => this.end(() => reject(new TaskError(error.name, JSON.stringify({ errorMessage: error.message })))),
      );
    });
  }

  /** The port as this function reaches it. */
  wrap<Port extends object>(port: Port, name: string): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        const method = String(property);
        const bound = (...args: unknown[]): unknown => member.apply(target, args);
        if (PAGED.has(method)) return (...args: unknown[]) => this.pages(name, method, args, bound(...args) as AsyncIterable<unknown>);
        if (OPENING.has(method)) return (...args: unknown[]) => this.wrapBytes(bound(...args) as ByteSource, name);
        return async (...args: unknown[]) => this.call(name, method, args, async () => bound(...args));
      },
    });
  }

  private wrapBytes(bytes: ByteSource, port: string): ByteSource {
    return { size: bytes.size, read: async (start, end) => this.call(port, 'bytes', [start, end], async () => bytes.read(start, end)) };
  }

  private end(tell: () => void): void {
    if (this.isDead) return;
    this.isEnded = true;
    this.timer.cancelled = true;
    tell();
  }

  private timeOut(): void {
    if (this.isEnded || this.isDead) return;
    const { random, weather, trace, name } = this.props;
    const lives = random.chance(weather.invocation.undead);
    trace.add(name, lives ? 'times out, and lives on' : 'times out');
    this.isDead = !lives;
    this.die(new TaskError('Sandbox.Timedout', JSON.stringify({ errorMessage: 'the function has timed out' })));
  }

  private async* pages(port: string, method: string, args: unknown[], items: AsyncIterable<unknown>): AsyncIterable<unknown> {
    let inPage = 0;
    const iterator = items[Symbol.asyncIterator]();
    await this.call(port, method, args, async () => undefined);
    for (;;) {
      if (inPage++ === ITEMS_A_PAGE) {
        inPage = 1;
        await this.call(port, method, ['next page'], async () => undefined);
      }
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  private async call<T>(port: string, method: string, args: unknown[], effect: () => Promise<T>): Promise<T> {
    const { scheduler, random, weather, trace, name } = this.props;
    const id = `${port}.${method}`;
    scheduler.count();
    const isStuck = scheduler.calls === weather.stuckAt;
    await scheduler.sleep(random.between(1, 40));
    if (this.isDead) return never();
    const dark = this.props.darkFor();
    if (dark > 0) {
      trace.call(name, id, args, `waits for ${seconds(dark)}: the region is dark`);
      await scheduler.sleep(dark + random.between(0, MINUTE));
      if (this.isDead) return never();
    }
    if (this.props.isDown(port)) {
      trace.call(name, id, args, 'fails: the service is down');
      throw new Error(`${id}: the service is down`);
    }
    const isHot = weather.hotCall.name === id && random.chance(weather.hotCall.probability);
    let chance = random.next();
    const falls = (fate: keyof Weather['call']) => isHot ? fate === weather.hotCall.fate : (chance -= weather.call[fate]) < 0;
    if (falls('refused')) {
      trace.call(name, id, args, 'is refused');
      throw new Error(`${id}: throttled, or the connection was lost`);
    }
    if (falls('answerLost')) {
      trace.call(name, id, args, 'goes through, its answer is lost');
      await effect();
      throw new Error(`${id}: the answer was lost`);
    }
    if (falls('crashed')) {
      const goesThrough = random.chance(0.5);
      trace.call(name, id, args, goesThrough ? 'goes through, and the function crashes' : 'is never made: the function crashes');
      this.crash();
      if (goesThrough) await effect().catch(() => undefined);
      return never();
    }
    if (isStuck || falls('parked')) {
      this.props.onStuck?.();
      await this.park(id, args, isStuck);
      trace.call(name, id, args, 'goes through at last');
      const answer = await effect();
      return this.isDead ? never() : answer;
    }
    if (falls('answerParked')) {
      const delay = longDelay(random);
      trace.call(name, id, args, `goes through, its answer takes ${seconds(delay)}`);
      const answer = await effect();
      await scheduler.sleep(delay);
      return this.isDead ? never() : answer;
    }
    trace.call(name, id, args);
    return effect();
  }

  /** For some time, or until others have done so much: what matters is in the middle of what they do. */
  private async park(id: string, args: unknown[], forCalls: boolean): Promise<void> {
    const { scheduler, random, trace, name } = this.props;
    if (forCalls || random.chance(0.5)) {
      const calls = 1 + random.below(random.pick([10, 40, 120]));
      trace.call(name, id, args, `is parked for ${calls} calls of others`);
      return scheduler.sleepForCalls(calls);
    }
    const delay = longDelay(random);
    trace.call(name, id, args, `is parked for ${seconds(delay)}`);
    return scheduler.sleep(delay);
  }

  /** Whoever waits for it hears of it soon, or when its time is up. */
  private crash(): void {
    this.isDead = true;
    const error = new TaskError('Lambda.Unknown', JSON.stringify({ errorMessage: 'the function has crashed' }));
    const { scheduler, random } = this.props;
    scheduler.at(random.chance(0.7) ? scheduler.now + SECOND : this.deadline, () => this.die(error));
  }
}

async function never(): Promise<never> {
  return new Promise(() => undefined);
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / SECOND)} s`;
}
