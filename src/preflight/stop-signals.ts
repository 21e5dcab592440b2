/** The signals that people and machines stop a run with, each with its exit status: by the shells' convention 128 and its number. */
export const STOP_STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type StopSignal = keyof typeof STOP_STATUS;

/** The run was stopped from outside. */
export class Stopped extends Error {
  constructor(readonly signal: StopSignal) {
    super(`stopped by ${signal}`);
    this.name = 'Stopped';
  }
}

/** `timeout` and terminals signal a process and then its group: what comes within so long is the same signal once more. */
const SAME_SIGNAL_MS = 2000;

export class StopSignals {
  private readonly controller = new AbortController();
  private firstAt: number | undefined;
  /** Aborted by the first signal, for a reason that is a `Stopped`. */
  readonly abort: AbortSignal = this.controller.signal;

  constructor() {
    for (const name of Object.keys(STOP_STATUS)) process.on(name, this.stop);
  }

  /** From now on a signal ends the process at once; of a run that was stopped the process ends as it is, with its word and its status. */
  release(): void {
    if (this.firstAt !== undefined) return;
    for (const name of Object.keys(STOP_STATUS)) process.off(name, this.stop);
  }

  private readonly stop = (name: StopSignal): void => {
    if (this.firstAt === undefined) {
      this.firstAt = performance.now();
      this.controller.abort(new Stopped(name));
    } else if (performance.now() - this.firstAt > SAME_SIGNAL_MS) {
      // Somebody cannot wait for what is cleaned up.
      process.exit(STOP_STATUS[name]);
    }
  };
}
