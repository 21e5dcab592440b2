import { requireActiveRegion } from './active-region';
import { endJob, EndJobDeps, tryToAnnounce } from './end-job';
import { FinishedChunks, finishedChunks } from './finished-chunks';
import { describeFault } from './foremost-fault';
import { formatOf, JobPlan, readPlan } from './job-plan';
import { changeJob, requireJob, requireStatus } from './job-state';
import { MAKE_AGAIN_ROUND, startRound } from './map-round';
import { completeParts, writePublishedManifest } from './publish';
import { partSizeFor, pausedQuarantine, pauseQuarantine, QuarantineProgress, RejectedFile, writeRejected, WrittenRejects } from './quarantine';
import { columnAttributes, sumColumns } from './reject-columns';
import { sampleFaults } from './rejected-rows';
import { abortUploads, repairChain } from './repair';
import { ReportedChunk, writeReport } from './report';
import { halfTime } from './time-share';
import { totalsOf, Verdict, verdictOf } from './totals';
import { excludeDuplicates } from './unique-keys';
import { EndedJob, hasEnded, JobItem, RecordCounts } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { FinalizeJobOutput, JobInput } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';
import { UploadGoneError } from '../ports/upload-gone';
import { COUNTS } from '../spec/counts';
import { isJson } from '../spec/input-settings';

export type FinalizeJobDeps = EndJobDeps & Pick<StepDeps, 'timeLeft' | 'newId' | 'keyBufferBytes' | 'regions'>;

/**
 * Proves that the chunks are the file and that no record was lost, decides, gathers the rejected records, and publishes
 * all or nothing. The job item says how far it is: a call after a crash, or after the time was up, goes on from there
 * and ends in the same state.
 */
export async function finalizeJob({ fileId }: JobInput, deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  const isTimeUp = halfTime(deps);
  await requireActiveRegion(deps);
  const job = await requireJob(deps.jobs, fileId);
  if (hasEnded(job)) return announced(job, deps);
  if (job.status === 'PUBLISHING') return publish(job, await readPlan(deps.output, job), deps);
  if (job.error_code !== undefined) return refuse(job, isTimeUp, deps);
  requireStatus(job, 'PROCESSING');

  const plan = await readPlan(deps.output, job);
  const judged = totalsOf(job) === undefined
    ? await judge(job, plan, isTimeUp, deps)
    : { job, chunks: (await finishedChunks(job, plan, deps)).chunks };
  if (judged === 'UNFINISHED') return { status: judged, fileId };
  if ('manifestKey' in judged) return { status: 'NEXT_ROUND', fileId, manifestKey: judged.manifestKey };
  if (judged.job.error_code !== undefined) return refuse(judged.job, isTimeUp, deps);

  const files = await quarantine(judged, plan, isTimeUp, deps);
  if (files === undefined) return { status: 'UNFINISHED', fileId };
  // From here on no verdict can come in between; one that came before is carried out by the retry.
  return publish(await changeJob(deps, judged.job, { status: 'PUBLISHING', ...filesOf(files) }, 'publishing'), plan, deps);
}

/** The outcome of a job that has ended before. It may not have been told yet. */
async function announced(job: EndedJob, deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  if (job.resumable === true) throw new Error(`expected job ${job.file_id} to be open, got FAILED: it is to be resumed`);
  await tryToAnnounce(job, deps);
  return { status: job.status === 'SUCCEEDED' ? 'PUBLISHED' : 'FAILED', fileId: job.file_id };
}

/** A job that has its verdict, and its chunks as far as a step holds them. */
interface JudgedJob extends Pick<FinishedChunks, 'chunks'> {
  readonly job: JobItem;
}

/**
 * The verdict, before all work that it does not need.
 *
 * @returns the job with its totals, and an error code where it is refused; or the chunks to run first; or that the time is up
 */
async function judge(job: JobItem, plan: JobPlan, isTimeUp: () => boolean,
  deps: FinalizeJobDeps): Promise<JudgedJob | { readonly manifestKey: string } | 'UNFINISHED'> {
  const { chunks, totals } = await finishedChunks(job, plan, deps);
  const manifestKey = await repairChain(job, plan, chunks, deps);
  if (manifestKey !== undefined) return { manifestKey };
  const unique = await excludeDuplicates(job, plan, chunks, isTimeUp, deps);
  if (unique.isUnfinished) return 'UNFINISHED';
  if (unique.manifestKey !== undefined) return { manifestKey: unique.manifestKey };

  await deps.jobs.note(job.file_id, job.run, { event: 'processed', at: deps.now().getTime(), stages: totals.stages });
  const verdict = unique.fault ?? await explained(verdictOf(totals, plan.contract, footerOf(plan)), { chunks, totals }, job, plan, isTimeUp, deps);
  const columnsKey = new ObjectKeys(plan.contract.prefixes, job.file_id).rejectColumnsOfJob(deps.newId());
  const columns = await columnAttributes(await sumColumns(job, { chunks, totals }, deps), columnsKey, deps.output);
  const judged = { ...verdict, ...totals, ...columns, key_merge_key: undefined };
  return { job: await changeJob(deps, job, judged, verdict === undefined ? 'judged' : 'rejected'), chunks };
}

/** With what tells a person most about the rejected records, where they are why nothing is published. */
async function explained(verdict: Verdict | undefined, { chunks, totals }: FinishedChunks, job: JobItem,
  { contract, input, columns }: JobPlan, isTimeUp: () => boolean, deps: FinalizeJobDeps): Promise<Verdict | undefined> {
  const isOfRejects = verdict?.error_code === 'too_many_rejects' || verdict?.error_code === 'nothing_to_publish';
  if (!isOfRejects) return verdict;
  const { faults: { foremost }, rows } = await sampleFaults(deps.output, chunks, contract.output?.formulaSafe === true, isTimeUp);
  if (foremost === undefined) return verdict;
  const looked = { at: rows, rejected: totals.records_rejected, read: totals.records_read };
  const told = describeFault(foremost, looked, formatOf(contract, input, columns));
  const file = new ObjectKeys(contract.prefixes, job.file_id).rejected();
  return { ...verdict, error_message: `${verdict.error_message}; ${told}. All of them are in ${file}` };
}

/** Of JSON no record is skipped, whatever the dialect of the CSV files beside it says. */
function footerOf({ contract: { dialect: { skipFooter } }, input: { format } }: JobPlan): number | undefined {
  return isJson(format) ? undefined : skipFooter;
}

/**
 * Writes `rejected.csv`, of which all records are proved to be there.
 *
 * @returns how many files they take; undefined when the time is up before their end
 */
async function quarantine({ job, chunks }: JudgedJob, plan: JobPlan, isTimeUp: () => boolean, deps: FinalizeJobDeps): Promise<number | undefined> {
  const keys = new ObjectKeys(plan.contract.prefixes, job.file_id);
  const partSize = partSizeFor(job.records_rejected ?? 0, plan.source.sizeBytes);
  const file = { keyOf: (number: number) => keys.rejected(number), partSize, chunks };
  const written = await goOnWriting(file, job, isTimeUp, deps);
  if ('next' in written) {
    await changeJob(deps, job, { quarantine_key: await pauseQuarantine(written, chunks, keys, deps) }, 'quarantine-paused');
    return undefined;
  }
  const expected = job.records_rejected ?? 0;
  if (written.rows !== expected) throw new Error(`internal: expected ${expected} rows in ${keys.rejected()}, got ${written.rows}`);
  return written.files;
}

/** One file is the rule, and not worth a word. */
function filesOf(files: number): Pick<JobItem, 'rejected_files'> {
  return files === 1 ? {} : { rejected_files: files };
}

async function goOnWriting(file: RejectedFile, job: JobItem, isTimeUp: () => boolean,
  deps: FinalizeJobDeps): Promise<WrittenRejects | QuarantineProgress> {
  const progress = await pausedQuarantine(job.quarantine_key, file.chunks, deps);
  return writeRejected({ ...file, progress }, isTimeUp, deps).catch(async (error: unknown) => {
    if (!(error instanceof UploadGoneError)) throw error;
    // A call whose answer was lost has completed it, or it was open for too long.
    deps.log.warn('rejected.csv is written anew', { key: file.keyOf(1), cause: error.message });
    return writeRejected(file, isTimeUp, deps);
  });
}

/** A data verdict, which the job item holds already: nothing is published. */
async function refuse(job: JobItem, isTimeUp: () => boolean, deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  const fileId = job.file_id;
  const plan = job.plan_key === undefined ? undefined : await readPlan(deps.output, job);
  const keys = new ObjectKeys((plan?.contract ?? deps.contract).prefixes, fileId);
  await abortUploads(deps.jobs.chunks(fileId), deps);
  const totals = totalsOf(job);
  let files: number | undefined = 1;
  if (plan !== undefined && totals !== undefined) {
    const { chunks } = await finishedChunks(job, plan, deps);
    files = await quarantine({ job, chunks }, plan, isTimeUp, deps);
    if (files === undefined) return { status: 'UNFINISHED', fileId };
  } else {
    // Whatever the outcome the file is there; of a job that has not processed all chunks it holds no record.
    await writeRejected({ keyOf: () => keys.rejected(), chunks: [] }, isTimeUp, deps);
  }
  const reportKey = await writeReport({ job: { ...job, ...filesOf(files) }, status: 'FAILED', plan, chunks: plan === undefined ? [] : await reportedChunks(job, deps), totals }, deps);
  const places = { report_key: reportKey, rejected_key: keys.rejected(), ...filesOf(files), move_to: keys.failed(job.file_name) };
  await endJob(job, { ...places, status: 'FAILED', resumable: false }, deps);
  return { status: 'FAILED', fileId };
}

async function reportedChunks(job: JobItem, { jobs }: FinalizeJobDeps): Promise<ReportedChunk[]> {
  const chunks: ReportedChunk[] = [];
  for await (const { part_etags: _, rejects_by_code: __, rejects_by_column: ___, ...chunk } of jobs.chunks(job.file_id)) chunks.push(chunk);
  return chunks;
}

/** @param job that is PUBLISHING: nobody but this step changes it any more */
async function publish(job: JobItem, plan: JobPlan, deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  const fileId = job.file_id;
  const { chunks, totals, lost } = await completeParts(job, plan, deps);
  if (lost.length > 0) {
    const manifestKey = await startRound(job, { round: MAKE_AGAIN_ROUND, event: 'make-again', work: lost }, plan, deps);
    return { status: 'NEXT_ROUND', fileId, manifestKey };
  }
  requireSame(job, totals);
  const keys = new ObjectKeys(plan.contract.prefixes, fileId);
  const reportKey = await writeReport({ job, status: 'SUCCEEDED', plan, chunks, totals }, deps);
  await writePublishedManifest(deps.output, keys.publishedManifest(job.ingest_date), fileId, chunks);
  const places = { report_key: reportKey, rejected_key: keys.rejected(), output_prefix: keys.outputPrefix(job.ingest_date) };
  await endJob(job, { ...places, status: 'SUCCEEDED', move_to: keys.processed(job.file_name) }, deps);
  return { status: 'PUBLISHED', fileId };
}

/** What was made again is what was proved, or the transform does not give the same answers each time. */
function requireSame(job: JobItem, totals: RecordCounts): void {
  const different = Object.values(COUNTS).find((name) => totals[name] !== (job[name] ?? 0));
  if (different === undefined) return;
  throw new Error(`expected ${different} of job ${job.file_id} to be ${job[different]} again after chunks were run once more, got ${totals[different]}: `
    + 'the transform must answer the same each time');
}
