import { Call, Services, TaskError, Timer } from '../../simulation/state-machine';

/** A function that was called: the test says when it answers, and what. */
export interface Invocation extends Call {
  readonly resource: string;
  readonly payload: unknown;
  answer(value: unknown): Promise<void>;
  fail(error: string, cause?: string): Promise<void>;
}

/** Whatever an execution waits for is done by the test, one by one; time passes when the test says so. */
export class ByHandServices implements Services {
  readonly invocations: Invocation[] = [];
  /** The manifests that were asked for. */
  readonly read: string[] = [];
  readonly written: string[] = [];
  /** How long was waited each time, timeouts among them. */
  readonly slept: number[] = [];
  items: unknown = [];
  itemsFail: TaskError | undefined;
  writeResults?: (bucket: string, prefix: string) => Promise<void>;
  /** The values of `random`, one after the other. */
  chances: number[] = [];
  private now = 0;
  private sleepers: Array<{ at: number; timer: Timer; wake: () => void }> = [];

  invoke(resource: string, payload: unknown, call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.invocations.push({
        ...call,
        resource,
        payload,
        answer: (value) => { resolve(value); return settled(); },
        fail: (error, cause) => { reject(new TaskError(error, cause)); return settled(); },
      });
    });
  }

  async readItems(bucket: string, key: string): Promise<unknown> {
    this.read.push(`${bucket}/${key}`);
    if (this.itemsFail !== undefined) throw this.itemsFail;
    return this.items;
  }

  sleep(ms: number, timer: Timer): Promise<void> {
    this.slept.push(ms);
    return new Promise((wake) => { this.sleepers.push({ at: this.now + ms, timer, wake }); });
  }

  random(): number {
    return this.chances.shift() ?? 0.5;
  }

  get last(): Invocation {
    return this.invocations.at(-1)!;
  }

  /** The timers that somebody still waits for. */
  get waiting(): number {
    return this.sleepers.filter(({ timer }) => !timer.cancelled).length;
  }

  /** A timer that was cancelled comes all the same: it has to be ignored. */
  async pass(seconds: number): Promise<void> {
    const until = this.now + seconds * 1000;
    for (;;) {
      const next = this.sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.sleepers.splice(this.sleepers.indexOf(next), 1);
      this.now = next.at;
      next.wake();
      await settled();
    }
    this.now = until;
  }
}

/** All that follows from what has happened has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}
