/** The command `csv-chunk-pipeline`. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { serveIfThread } from './chunk-thread';
import { ProgressBar } from './progress';
import { exitStatusOf, run } from './run';
import { readOptions, RunOptions, USAGE } from './run-options';
import { listenFor, STOP_STATUS, Stopped, StopSignals } from './stop-signals';
import { UsageError } from './usage-error';
import { uncheckedBy } from '../contract/record-settings';
import { JobReport } from '../steps/report';
import { ownTerminal, Terminal } from '../terminal/terminal';

serveIfThread();

/**
 * @param threadScript this command's bundle, for its worker threads
 * @returns the exit status: 0 published, 1 job failed, 2 bad usage, or that of a signal
 */
export async function main(args: readonly string[], threadScript?: string): Promise<number> {
  const terminal = ownTerminal();
  try {
    const options = readOptions(args, process.env);
    if (options === undefined) {
      for (const line of USAGE.trimEnd().split('\n')) terminal.print(line);
      return 0;
    }
    warnOfUnchecked(options, terminal);
    const progress = new ProgressBar(terminal, statSync(options.file).size);
    const signals = new StopSignals();
    listenFor(signals);
    const report = await run(options, progress, threadScript, signals).finally(() => { listenFor(undefined); });
    return tell(report, options, terminal);
  } catch (error) {
    if (error instanceof Stopped) {
      terminal.tell(`${error.message}: nothing is published, and nothing of this run is left`);
      return STOP_STATUS[error.signal];
    }
    terminal.tell((error as Error).message);
    if (!(error instanceof UsageError)) return 1;
    terminal.tell('see csv-chunk-pipeline --help');
    return 2;
  }
}

function warnOfUnchecked({ records }: RunOptions, terminal: Terminal): void {
  const unchecked = uncheckedBy(records);
  if (unchecked.length > 0) terminal.tell(`the schema asks for what no record is checked for (${unchecked.join('; ')})`);
}

function tell(report: JobReport, { outDirectory, records: { transform } }: RunOptions, terminal: Terminal): 0 | 1 {
  const status = exitStatusOf(report);
  const lines = [
    `records read ${report.recordsRead}`,
    `published ${status === 0 ? report.recordsWritten : 0}`,
    `quarantined ${report.recordsRejected}`,
    ...transform === undefined ? [] : [`filtered ${report.recordsFiltered}`],
    `chunks ${report.chunks.length}, ${report.seconds} s, see ${join(outDirectory, 'report.json')}`,
  ];
  for (const line of lines) terminal.print(line);
  if (status === 0) return status;
  terminal.tell(`the job failed, nothing is published (${report.errorCode}): ${report.errorMessage}`);
  return status;
}
