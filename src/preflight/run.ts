/** The pipeline's flow on one local file: the same steps, over a disk and a table in memory. */
import { realpath } from 'node:fs/promises';
import { processInThreads } from './chunk-threads';
import { DiskFault, diskFault } from './disk-fault';
import { ClaimLost } from './folder-claim';
import { LOCAL_DEPS } from './local-deps';
import { LOCAL_PREFIXES, LocalOutputStore, ownedFiles } from './local-output';
import { LocalSourceStore } from './local-source';
import { localUserCode } from './local-user-code';
import { LoneModule } from './lone-module';
import { MemoryJobTable } from './memory-job-table';
import { Progress } from './progress';
import { RunOptions } from './run-options';
import { StopSignals } from './stop-signals';
import { UsageError } from './usage-error';
import { JobContract, sealContract } from '../contract/job-contract';
import { ChunkTask, FinalizeJobOutput, ObjectCreatedEvent } from '../contract/payloads';
import { checkRecordSettings } from '../contract/record-settings';
import { ModuleTransformContract } from '../contract/transform-contract';
import { inParallel } from '../engine/io/in-parallel';
import { expectedInput } from '../engine/staging/resolved-input';
import { StepDeps } from '../ports/step-deps';
import { closeJob } from '../steps/close-job';
import { finalizeJob } from '../steps/finalize-job';
import { formatOf } from '../steps/job-plan';
import { planChunks } from '../steps/plan-chunks';
import { processChunk } from '../steps/process-chunk';
import { JobReport, writeReport } from '../steps/report';
import { validateFile } from '../steps/validate-file';

const PIPELINE_ID = 'preflight';
const EXECUTION = 'local';
const BUCKET = 'local';

type RunDeps = Omit<StepDeps, 'mover' | 'source' | 'output'> & {
  readonly source: LocalSourceStore;
  readonly output: LocalOutputStore;
  readonly progress: Progress;
  readonly threadScript: string | undefined;
  readonly stop: AbortSignal;
};

/**
 * @param threadScript the script that worker threads load; without it this thread processes all chunks
 * @param signals that stop it; without them nothing does
 * @returns the report, which is also written to the output folder
 * @throws UsageError before anything is written, when schema, dialect or folder cannot be used
 * @throws Stopped when a signal came before the end: nothing of the run is left
 * @throws ClaimLost when another run has taken the folder: what is there is left as it is
 */
export async function run(options: RunOptions, progress: Progress, threadScript?: string, signals = new StopSignals()): Promise<JobReport> {
  const contract = contractOf(options);
  await keepInputs(options);
  let module: LoneModule | undefined;
  try {
    if (options.records.transform !== undefined) module = await LoneModule.copy(options.records.transform.file);
    return await runJob(options, module === undefined ? contract : withModule(contract, module), signals, progress, threadScript);
  } finally {
    await module?.remove();
  }
}

/**
 * Keeps the fingerprint of the contract with the user's own file, so that runs with the same settings have the same
 * one.
 */
function withModule(contract: JobContract, { file }: LoneModule): JobContract {
  return { ...contract, transform: { ...contract.transform as ModuleTransformContract, file } };
}

async function runJob(options: RunOptions, contract: JobContract, signals: StopSignals, progress: Progress, script?: string): Promise<JobReport> {
  const output = await LocalOutputStore.open(options.outDirectory, signals.abort).catch((error: Error) => {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof DiskFault ? error.message
      : `expected --out to name a folder that can be written, got ${options.outDirectory}: ${diskFault(error)}`);
  });
  const { stop } = output;
  const deps: RunDeps = {
    ...LOCAL_DEPS,
    jobs: new MemoryJobTable(),
    source: new LocalSourceStore(stop),
    output,
    userCode: localUserCode(),
    events: { announce: async () => undefined },
    notifications: undefined,
    executions: { start: async () => undefined, isRunning: async () => false },
    contract,
    fastPath: options.fastPath,
    progress,
    threadScript: script,
    stop,
  };
  try {
    const event = { detail: { bucket: { name: BUCKET }, object: { key: options.file } } };
    await flow(event, options, deps).catch(async (error: unknown) => {
      await output.checkClaim();
      if (!stop.aborted) await fail(error, event, deps);
    });
    const report = await output.report().catch((error: unknown) => { throw stop.aborted ? stop.reason : error; });
    // A step may have taken the stop for a fault of the file. What was published before it came stays.
    if (stop.aborted && report.status !== 'SUCCEEDED') throw stop.reason;
    signals.settle(exitStatusOf(report));
    return report;
  } catch (error) {
    await output.removeResults();
    throw error === stop.reason || error instanceof ClaimLost ? error : new Error(`nothing is published, and no report is written: ${(error as Error).message}`);
  } finally {
    progress.end();
    await deps.source.close();
    await output.close();
  }
}

/** Of the command: 0 is published. */
export function exitStatusOf({ status }: JobReport): 0 | 1 {
  return status === 'SUCCEEDED' ? 0 : 1;
}

/** Checks that no input is one of the files that the run replaces, also not by another path to the same file. */
async function keepInputs({ inputs, outDirectory }: RunOptions): Promise<void> {
  const owned = new Set<string>();
  // A folder that cannot be read is refused when it is opened.
  const files = await ownedFiles(outDirectory).catch((): string[] => []);
  for (const file of files) owned.add(await realpath(file).catch(() => file));
  for (const [name, file] of Object.entries(inputs)) {
    // A pipe has no path of its own.
    if (owned.has(await realpath(file).catch(() => file))) {
      throw new UsageError(`expected ${name} to lie outside of the results in ${outDirectory}, which the run replaces, got ${file}`);
    }
  }
}

function contractOf({ records, file }: RunOptions): JobContract {
  const contract = sealContract({
    pipelineId: PIPELINE_ID,
    ...records,
    // Nothing is left of a run that could be resumed.
    resumeWindowSeconds: 0,
    longestJobSeconds: 0,
    chunkItemsExpireAfterSeconds: 0,
    prefixes: LOCAL_PREFIXES,
    metricsNamespace: PIPELINE_ID,
  });
  try {
    checkRecordSettings(contract);
    formatOf(contract, expectedInput(contract.input, file));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return contract;
}

async function flow(event: ObjectCreatedEvent, options: RunOptions, deps: RunDeps): Promise<void> {
  deps.progress.step('checking the file');
  const validated = await validateFile({ event, executionArn: EXECUTION }, deps);
  if (validated.fileId === '') throw new Error(validated.errorMessage ?? `expected a file ${options.file}, found none any more`);
  let manifestKey = validated.status === 'VALID' ? await plan(validated.fileId, deps) : undefined;
  for (;;) {
    if (manifestKey !== undefined) await processChunks(manifestKey, options, deps);
    deps.progress.step('publishing');
    let finalized: FinalizeJobOutput;
    // It ends a call with each file of rejected records that is full.
    do finalized = await finalizeJob({ fileId: validated.fileId }, deps); while (finalized.status === 'UNFINISHED');
    if (finalized.status !== 'NEXT_ROUND') return;
    manifestKey = finalized.manifestKey;
  }
}

async function plan(fileId: string, deps: RunDeps): Promise<string | undefined> {
  deps.progress.step('finding the chunks');
  const progress = (bytesRead: number) => {
    if (bytesRead === 0) deps.progress.step('unpacking the file');
    deps.progress.unpacked(bytesRead);
  };
  const { manifestKey } = await planChunks({ fileId }, { ...deps, progress });
  if (manifestKey !== undefined) deps.progress.expect((await deps.output.getJson<ChunkTask[]>(manifestKey)).at(-1)!.end);
  return manifestKey;
}

async function processChunks(manifestKey: string, options: RunOptions, deps: RunDeps): Promise<void> {
  const { concurrency, transformTimeoutSeconds } = options;
  const tasks = await deps.output.getJson<ChunkTask[]>(manifestKey);
  deps.progress.step(`processing ${tasks.length} ${tasks.length === 1 ? 'chunk' : 'chunks'}`);
  const threads = Math.min(concurrency, tasks.length);
  const progress = (chunkId: string, bytesDone: number) => deps.progress.chunk(chunkId, bytesDone);
  // Also where it is one thread: while chunks are processed a signal is heard whatever a record's pattern takes, and what
  // a user's module leaves running, such as a timer, ends with the thread. The first records, which ValidateFile checks,
  // are matched in this thread: there a signal is heard after the match.
  if (deps.threadScript !== undefined) {
    const data = { contract: deps.contract, fastPath: deps.fastPath, folders: deps.output.folders };
    const { jobs, stop } = deps;
    await processInThreads(tasks, { script: deps.threadScript, threads, data, transformTimeoutSeconds, jobs, progress, stop });
  } else {
    await inParallel(tasks, concurrency, async (task) => { await processChunk(task, { ...deps, progress }); });
  }
}

/** Ends a run that failed for another reason than its data, such as a full disk. Nothing stays published. */
async function fail(error: unknown, event: ObjectCreatedEvent, deps: RunDeps): Promise<void> {
  const { name, message } = error as Error;
  const { fileId } = await closeJob({ executionArn: EXECUTION, input: event, error: { Error: name, Cause: message } }, deps);
  const job = fileId === undefined ? undefined : await deps.jobs.job(fileId);
  await deps.output.unpublish();
  if (job === undefined) throw error;
  // No part is left that could be visible, also where the job was being published.
  const cause = job.error_code === undefined ? { error_code: 'infrastructure' as const, error_message: `${name}: ${message}` } : {};
  await writeReport({ job: { ...job, ...cause }, status: 'FAILED', chunks: [] }, deps);
}
