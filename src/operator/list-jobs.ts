import { sinceOf } from './activate';
import { OptionsOf } from './operator-options';
import { World } from './world';
import { hasEnded, isOpenStatus, JOB_STATUSES, JobItem, JobStatus, OPEN_JOB_STATUSES } from '../contract/job-item';
import { OperatedPipeline } from '../ports/operations';
import { fenceOf } from '../ports/regions';
import { summaryOf } from '../services/job-summary';
import { visible, withoutMiddle } from '../spec/visible-text';
import { Terminal } from '../terminal/terminal';

/** Calls to Step Functions at a time. */
const CONCURRENCY = 10;

interface ListedJob {
  readonly job: JobItem;
  /** Of an open job: whether its execution still runs. */
  readonly isRunning?: boolean;
}

export async function listJobs(options: OptionsOf<'jobs'>, pipeline: OperatedPipeline, { now, terminal }: World): Promise<void> {
  const at = now();
  // The index may show a job twice that changes meanwhile: the later state is the true one.
  const jobs = new Map<string, JobItem>();
  for (const status of statusesOf(options.status)) {
    // What is open is listed however old it is: the older, the more it matters.
    const since = isOpenStatus(status) ? 0 : at - options.sinceMs;
    for await (const job of pipeline.jobs.jobsByStatus(status, since)) jobs.set(job.file_id, job);
  }
  const listed = await withExecutions([...jobs.values()], pipeline);
  const fence = await pipeline.jobs.fence();
  if (fence !== undefined && !options.json) terminal.print(`active region: ${fence.active_region}, ${sinceOf(fenceOf(fence, ''))}`);
  if (options.json) listed.forEach((job) => terminal.printJson(jsonOf(job, at)));
  else printTable(listed, at, terminal);
}

function statusesOf(word: OptionsOf<'jobs'>['status']): readonly JobStatus[] {
  switch (word) {
    case 'open': return OPEN_JOB_STATUSES;
    case 'failed': return ['FAILED'];
    case 'succeeded': return ['SUCCEEDED'];
    case 'all': return JOB_STATUSES;
    case undefined: return [...OPEN_JOB_STATUSES, 'FAILED'];
  }
}

async function withExecutions(jobs: readonly JobItem[], { executions }: OperatedPipeline): Promise<ListedJob[]> {
  const listed: ListedJob[] = [];
  for (let start = 0; start < jobs.length; start += CONCURRENCY) {
    listed.push(...await Promise.all(jobs.slice(start, start + CONCURRENCY).map(async (job) => (
      hasEnded(job) ? { job } : { job, isRunning: (await executions.state(job.execution_arn))?.status === 'RUNNING' }
    ))));
  }
  return listed;
}

function jsonOf({ job, isRunning }: ListedJob, at: number) {
  return {
    fileId: job.file_id,
    ...summaryOf(job),
    ageSeconds: Math.round((at - job.timestamp) / 1000),
    executionRuns: isRunning,
  };
}

/** Of a cell: one long name would move the columns of all rows out of sight. `--json` has it whole. */
const MOST_OF_A_CELL = 120;
const HEADINGS = ['FILE ID', 'STATUS', 'RUN', 'AGE', 'STATE', 'FILE', 'REASON'];

function printTable(listed: readonly ListedJob[], at: number, terminal: Terminal): void {
  if (listed.length > 0) {
    const rows = [HEADINGS, ...listed.map((job) => rowOf(job, at).map(visible))];
    const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => [...row[column]].length)));
    for (const row of rows) terminal.print(cut(row.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join('  ').trimEnd(), terminal.columns));
  }
  const open = listed.filter(({ job }) => !hasEnded(job)).length;
  const resumable = listed.filter(({ job }) => job.status === 'FAILED' && job.resumable === true).length;
  terminal.print(`${listed.length === 0 ? 'no' : listed.length} ${listed.length === 1 ? 'job' : 'jobs'}: ${open} open, ${resumable} to resume`);
}

function rowOf({ job, isRunning }: ListedJob, at: number): string[] {
  const key = withoutMiddle(visible(job.key), MOST_OF_A_CELL);
  return [job.file_id, job.status, String(job.run), ageOf(at - job.timestamp), stateOf(job, isRunning), key, reasonOf(job, isRunning)];
}

function stateOf(job: JobItem, isRunning: boolean | undefined): string {
  if (job.status === 'FAILED') return job.resumable === true ? 'resumable' : 'for good';
  if (job.status === 'SUCCEEDED') return 'published';
  return isRunning === true ? 'runs' : 'stopped';
}

function reasonOf(job: JobItem, isRunning: boolean | undefined): string {
  const kept = job.source_state === 'KEPT' ? ['its source is copied, but deleting it was refused (an object lock, or a policy)'] : [];
  const error = job.error_code === undefined ? [] : [`${job.error_code}: ${job.error_message ?? ''}`];
  if (kept.length + error.length > 0) return [...error, ...kept].join('; ');
  return isRunning === false ? 'its execution has ended: the next sweep closes or resumes the job' : '';
}

function ageOf(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

function cut(line: string, columns: number | undefined): string {
  const characters = [...line];
  return columns === undefined || characters.length <= columns ? line : characters.slice(0, columns - 1).join('') + '…';
}
