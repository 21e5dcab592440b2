/** Who waits no more says so: time does not go on for them. */
export interface Timer {
  cancelled: boolean;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  readonly timer?: Timer;
}

/**
 * Virtual time. What is due runs one by one, in the order of its time, and each has run to its end (or waits for the
 * next thing that is due) before the next one begins. Nothing else moves the simulation, so a seed repeats exactly.
 */
export class Scheduler {
  private readonly queue: Entry[] = [];
  private order = 0;
  /** Calls to stores and services so far. */
  calls = 0;
  private waiting: Array<{ readonly calls: number; readonly run: () => void }> = [];

  /** @param now epoch milliseconds */
  constructor(public now: number) {}

  at(time: number, run: () => void, timer?: Timer): void {
    const entry = { at: Math.max(time, this.now), order: this.order++, run, timer };
    let [low, high] = [0, this.queue.length];
    // The last is due first.
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.queue[middle].at > entry.at) low = middle + 1;
      else high = middle;
    }
    this.queue.splice(low, 0, entry);
  }

  after(milliseconds: number, run: () => void, timer?: Timer): void {
    this.at(this.now + milliseconds, run, timer);
  }

  async sleep(milliseconds: number, timer?: Timer): Promise<void> {
    return new Promise((resolve) => { this.after(milliseconds, resolve, timer); });
  }

  /** Until so many further calls have been made, or until nothing else is left to happen. */
  async sleepForCalls(calls: number): Promise<void> {
    return new Promise((resolve) => { this.waiting.push({ calls: this.calls + calls, run: resolve }); });
  }

  /** A call is made. */
  count(): void {
    this.calls++;
    const due = this.waiting.filter(({ calls }) => calls <= this.calls);
    this.waiting = this.waiting.filter(({ calls }) => calls > this.calls);
    for (const { run } of due) this.after(0, run);
  }

  /** Until nothing is due any more, or nothing before `end`; then it is `end`. */
  async run(end = Infinity): Promise<void> {
    await settled();
    for (let next = this.queue.at(-1); next !== undefined && next.at <= end; next = this.queue.at(-1)) {
      this.queue.pop();
      if (next.timer?.cancelled === true) continue;
      this.now = next.at;
      next.run();
      await settled();
    }
    if (end !== Infinity) {
      this.now = Math.max(this.now, end);
      return;
    }
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.after(0, next.run);
    await this.run();
  }
}

/** Every promise and every tick that hangs on what has run is through when the event loop comes to its next phase. */
async function settled(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}
