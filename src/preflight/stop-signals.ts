import { ownTerminal } from '../terminal/terminal';

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

/**
 * What a run hears of signals. The process listens up to its end: else the system would end it as one that was stopped,
 * while it says, or has said, what the run has come to.
 */
export class StopSignals {
  private static isListening = false;
  private static ofRun: StopSignals | undefined;

  private static readonly hear = (name: StopSignal): void => {
    // Without a run all is said, and the status is known.
    if (StopSignals.ofRun === undefined) process.exit();
    else StopSignals.ofRun.stop(name);
  };

  private readonly controller = new AbortController();
  private firstAt: number | undefined;
  private isSettled = false;
  /** Aborted by the first signal, for a reason that is a `Stopped`. */
  readonly abort: AbortSignal = this.controller.signal;

  constructor() {
    StopSignals.ofRun = this;
    if (StopSignals.isListening) return;
    StopSignals.isListening = true;
    for (const name of Object.keys(STOP_STATUS)) process.on(name, StopSignals.hear);
  }

  /** The run has come to what its report says: a signal changes nothing of that any more. */
  settle(): void {
    this.isSettled = true;
  }

  /** The run has left nothing to be done: from now on a signal ends the process at once, with the status that it has. */
  release(): void {
    StopSignals.ofRun = undefined;
  }

  private stop(name: StopSignal): void {
    if (this.isSettled) return;
    if (this.firstAt === undefined) {
      this.firstAt = performance.now();
      this.controller.abort(new Stopped(name));
    } else if (performance.now() - this.firstAt > SAME_SIGNAL_MS) {
      // Somebody cannot wait for what is cleaned up.
      ownTerminal().tell(`stopped by ${name} once more, before all that the run has written was taken away: what is left counts for nothing, the next run removes it`);
      process.exit(STOP_STATUS[name]);
    }
  }
}
