/** `resume` and `rerun`: an execution is started by hand, and waited for where that is asked for. */
import { Refusal } from './operator-error';
import { OptionsOf, Waiting } from './operator-options';
import { World } from './world';
import { JobItem } from '../contract/job-item';
import { rerunFault, resumeFault } from '../contract/resume-and-rerun';
import { OperatedPipeline } from '../ports/operations';
import { failureOf } from '../spec/error-codes';

const POLL_MS = 5000;

interface Started {
  readonly fileId: string;
  readonly executionArn: string;
}

/** @returns false when something was refused, or did not succeed in time */
export async function resumeJobs(options: OptionsOf<'resume'>, pipeline: OperatedPipeline, world: World): Promise<boolean> {
  const fileIds = options.fileIds.length > 0 ? options.fileIds : await resumableSince(world.now() - options.sinceMs, pipeline);
  const started: Started[] = [];
  for (const fileId of fileIds) {
    const refusal = await whyNotResumed(fileId, pipeline);
    if (refusal !== undefined) {
      world.terminal.tell(`${fileId}: ${refusal}`);
      continue;
    }
    // Without a name: of two that resume one job, the second finds it open, and is told so.
    const { executionArn } = await pipeline.executions.start({ resume: true, fileId });
    world.terminal.print(`${fileId}  resumed by ${executionArn}`);
    started.push({ fileId, executionArn });
  }
  if (fileIds.length === 0) world.terminal.print('no job to resume');
  const areAllStarted = started.length === fileIds.length;
  return (options.wait === undefined || await allSucceed(started, options.wait, pipeline, world)) && areAllStarted;
}

/** @returns false when it did not succeed in time */
export async function rerunFile({ fileId, yes, wait }: OptionsOf<'rerun'>, pipeline: OperatedPipeline, world: World): Promise<boolean> {
  const refusal = await whyNotRerun(fileId, yes, pipeline);
  if (refusal !== undefined) throw new Refusal(`${fileId}: ${refusal}`);
  const { executionArn } = await pipeline.executions.start({ rerun: true, fileId });
  world.terminal.print(`${fileId}  processed once more by ${executionArn}`);
  return wait === undefined || allSucceed([{ fileId, executionArn }], wait, pipeline, world);
}

async function resumableSince(since: number, { jobs }: OperatedPipeline): Promise<string[]> {
  const fileIds: string[] = [];
  for await (const job of jobs.jobsByStatus('FAILED', since)) if (job.resumable === true) fileIds.push(job.file_id);
  return fileIds;
}

async function whyNotResumed(fileId: string, pipeline: OperatedPipeline): Promise<string | undefined> {
  const job = await pipeline.jobs.job(fileId);
  if (job === undefined) return noSuchJob();
  switch (resumeFault(job)) {
    case 'OPEN': return whyOpen(job, pipeline);
    case 'SUCCEEDED': return 'expected a job that failed, got one that SUCCEEDED: there is nothing to resume; `rerun` processes its file once more';
    case 'FAILED_FOR_GOOD':
      return `expected a job that can be resumed, got one that failed for good (${job.error_code}, \`jobs\` says why): ${remedyOf(job)}`;
    case undefined: return undefined;
  }
}

function remedyOf(job: JobItem): string {
  switch (failureOf(job).remedy) {
    case 'RESUME': return '`resume` it';
    case 'RERUN': return '`rerun` processes its file once more';
    case 'SEND_AGAIN': return 'upload the file again; one that came in its place has a job of its own';
    case 'CORRECT': return 'mend the file and upload it again, or, where the schema or the settings were wrong, deploy them and `rerun` the job';
    case 'NOTHING': return 'there is nothing to be done, its file is processed once more as a job of its own';
  }
}

async function whyNotRerun(fileId: string, yes: boolean, pipeline: OperatedPipeline): Promise<string | undefined> {
  const job = await pipeline.jobs.job(fileId);
  if (job === undefined) return noSuchJob();
  switch (rerunFault(job)) {
    case 'OPEN': return whyOpen(job, pipeline);
    case 'RESUMABLE': return `expected a job that has ended for good, got one that can be resumed (${job.error_code}): \`resume\` does only what is left`;
    case 'SOURCE_GONE': return 'expected a job whose file can be read again, got one whose file was gone when the job ended: upload the file again';
    case 'SOURCE_NOT_MOVED':
      return 'expected a job whose file lies where it was moved, got one whose file is not moved yet: the sweep, every 15 minutes unless set otherwise, gets that done';
    case undefined:
  }
  if (job.status === 'SUCCEEDED' && !yes) {
    return 'expected --yes, because the job SUCCEEDED: its records would be published twice, in two folders';
  }
  if (job.status === 'FAILED' && failureOf(job).remedy === 'NOTHING' && !yes) {
    return `expected --yes, because the job is one of ${job.error_code}, whose file has another job: its records would be published twice, in two folders`;
  }
  return undefined;
}

function noSuchJob(): string {
  return 'expected a job of this pipeline, found none: `jobs --status all` lists them';
}

async function whyOpen(job: JobItem, { executions }: OperatedPipeline): Promise<string> {
  const got = `expected a job that has ended, got one that is ${job.status}`;
  const state = await executions.state(job.execution_arn);
  return state?.status === 'RUNNING'
    ? `${got}: the execution ${job.execution_arn} works on it`
    : `${got}; its execution ${job.execution_arn} has ended (${state?.status ?? 'nothing is known of it any more'}): the sweep, every 5 minutes unless `
      + 'set otherwise, closes the job or goes on with it';
}

async function allSucceed(started: readonly Started[], { timeoutMs }: Waiting, { executions }: OperatedPipeline, world: World): Promise<boolean> {
  const deadline = world.now() + timeoutMs;
  let areSucceeded = true;
  for (let running = [...started]; running.length > 0;) {
    const still: Started[] = [];
    for (const one of running) {
      const state = await executions.state(one.executionArn);
      if (state?.status === 'RUNNING') {
        still.push(one);
        continue;
      }
      areSucceeded &&= state?.status === 'SUCCEEDED';
      const reason = [state?.error, state?.cause].filter((text) => text !== undefined).join(': ');
      world.terminal.print([one.fileId, state?.status ?? 'UNKNOWN', reason].filter((text) => text !== '').join('  '));
    }
    running = still;
    if (running.length === 0) break;
    if (world.now() >= deadline) {
      for (const { fileId, executionArn } of running) world.terminal.tell(`${fileId}: expected it to end within --timeout, got an execution that still runs: ${executionArn}`);
      return false;
    }
    await world.sleep(Math.min(POLL_MS, deadline - world.now()));
  }
  return areSucceeded;
}
