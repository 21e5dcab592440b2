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

export class StopSignals {
  private readonly controller = new AbortController();
  /** Aborted by the first signal, for a reason that is a `Stopped`. */
  readonly abort: AbortSignal = this.controller.signal;

  constructor() {
    for (const name of Object.keys(STOP_STATUS)) process.on(name, this.stop);
  }

  /** From now on a signal ends the process at once. */
  release(): void {
    for (const name of Object.keys(STOP_STATUS)) process.off(name, this.stop);
  }

  private readonly stop = (name: StopSignal): void => {
    // Whoever cannot wait for what is cleaned up sends a second one.
    this.release();
    this.controller.abort(new Stopped(name));
  };
}
