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

/** What a run hears of signals, where somebody hands them on to it. */
export class StopSignals {
  private readonly controller = new AbortController();
  private firstAt: number | undefined;
  private status: number | undefined;
  /** Aborted by the first signal, for a reason that is a `Stopped`. */
  readonly abort: AbortSignal = this.controller.signal;

  /** The run has come to what its report says: a signal changes nothing of that any more, nor of the process's status. */
  settle(status: number): void {
    this.status = status;
  }

  hear(name: StopSignal): void {
    if (this.firstAt === undefined) {
      this.firstAt = performance.now();
      if (this.status === undefined) this.controller.abort(new Stopped(name));
    } else if (performance.now() - this.firstAt > SAME_SIGNAL_MS) {
      // Somebody cannot wait for what is cleaned up.
      ownTerminal().tell(`stopped by ${name} once more${this.status === undefined
        ? ', before all that the run has written was taken away: what is left counts for nothing, the next run removes it'
        : ': the job has ended as report.json says, and the work folder is left, which the next run removes'}`);
      process.exit(this.status ?? STOP_STATUS[name]);
    }
  }
}

let ofRun: StopSignals | undefined;

/**
 * For a command's process alone, which listens up to its end: else the system would end it as one that was stopped, while it
 * says, or has said, what the run has come to.
 *
 * @param signals of the run that hears them from now on; undefined: nothing is left to be done, and a signal ends the process
 *   at once, with the status that it has
 */
export function listenFor(signals: StopSignals | undefined): void {
  ofRun = signals;
  for (const name of Object.keys(STOP_STATUS)) if (process.listenerCount(name, onSignal) === 0) process.on(name, onSignal);
}

function onSignal(name: StopSignal): void {
  if (ofRun === undefined) process.exit();
  else ofRun.hear(name);
}
