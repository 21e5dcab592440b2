/** The command `csv-chunk-pipeline`. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { serveIfThread } from './chunk-thread';
import { progressBar } from './progress';
import { run } from './run';
import { readOptions, RunOptions, USAGE } from './run-options';
import { UsageError } from './usage-error';
import { uncheckedBy } from '../contract/record-settings';
import { JobReport } from '../steps/report';

serveIfThread();

/**
 * @param threadScript this command's bundle, for its worker threads
 * @returns the exit status: 0 published, 1 job failed, 2 bad usage
 */
export async function main(args: readonly string[], threadScript?: string): Promise<0 | 1 | 2> {
  try {
    const options = readOptions(args, process.env);
    if (options === undefined) {
      process.stdout.write(USAGE);
      return 0;
    }
    warnOfUnchecked(options);
    const report = await run(options, progressBar(process.stderr, statSync(options.file).size), threadScript);
    return tell(report, options);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`csv-chunk-pipeline: ${error.message}\nSee csv-chunk-pipeline --help\n`);
      return 2;
    }
    process.stderr.write(`csv-chunk-pipeline: ${(error as Error).message}\n`);
    return 1;
  }
}

function warnOfUnchecked({ records }: RunOptions): void {
  const unchecked = uncheckedBy(records);
  if (unchecked.length === 0) return;
  process.stderr.write(`csv-chunk-pipeline: the schema asks for what no record is checked for (${unchecked.join('; ')})\n`);
}

function tell(report: JobReport, { outDirectory, records: { transform } }: RunOptions): 0 | 1 {
  const isPublished = report.status === 'SUCCEEDED';
  const lines = [
    `records read ${report.recordsRead}`,
    `published ${isPublished ? report.recordsWritten : 0}`,
    `quarantined ${report.recordsRejected}`,
    ...transform === undefined ? [] : [`filtered ${report.recordsFiltered}`],
    `chunks ${report.chunks.length}, ${report.seconds} s, see ${join(outDirectory, 'report.json')}`,
  ];
  process.stdout.write(lines.join('\n') + '\n');
  if (isPublished) return 0;
  process.stderr.write(`csv-chunk-pipeline: the job failed, nothing is published (${report.errorCode}): ${report.errorMessage}\n`);
  return 1;
}
