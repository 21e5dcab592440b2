/** The operator's part of the command `csv-chunk-pipeline`: `jobs`, `resume`, `rerun`, `redrive`, `activate`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitStatus, operate } from './operate';
import { failureSentence } from '../aws/failed-calls';
import { connectPipeline, connectStacks } from '../aws/operator-clients';
import { ownTerminal } from '../terminal/terminal';

/** @returns the exit status: 0 done, 1 refused or failed, 2 bad usage */
export async function main(args: readonly string[]): Promise<ExitStatus> {
  return operate(args, { stacks: connectStacks, pipeline: connectPipeline, failureSentence }, {
    now: Date.now,
    sleep,
    terminal: ownTerminal(),
  });
}
