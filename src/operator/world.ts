import { Terminal } from '../terminal/terminal';

/** What a command needs beside the pipeline. */
export interface World {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly terminal: Terminal;
}
