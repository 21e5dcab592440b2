import { announceEnd, endJob } from './end-job';
import { describeFault } from './foremost-fault';
import { formatOf, JobPlan, readPlan } from './job-plan';
import { changeJob, requireJob } from './job-state';
import { commit, completeParts, writePublishedManifest } from './publish';
import { Quarantined, writeRejected } from './quarantine';
import { abortUploads, repairChain } from './repair';
import { writeReport } from './report';
import { addUp, FinishedChunk, totalsOf, Verdict, verdictOf } from './totals';
import { excludeDuplicates } from './unique-keys';
import { ChunkItem, chunkId, EndedJob, hasEnded, JobItem, OPEN_JOB_STATUSES, RecordCounts } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { FinalizeJobOutput, JobInput } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';
import { isJson } from '../spec/input-settings';

export type FinalizeJobDeps = Pick<StepDeps, 'jobs' | 'output' | 'events' | 'contract' | 'now' | 'log' | 'meter'>;

/**
 * Proves that the chunks are the file and that no record was lost, decides, and publishes all or nothing. Each part of
 * it can be done again: a retry after a crash starts over and ends in the same state.
 */
export async function finalizeJob({ fileId }: JobInput, deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  const job = await requireJob(deps.jobs, fileId);
  if (hasEnded(job)) return announced(job, deps);
  if (job.error_code !== undefined && job.status !== 'PUBLISHING') return refuse(job, deps);

  const plan = await readPlan(deps.output, new ObjectKeys(deps.contract.prefixes, fileId));
  const chunks = await finishedChunks(fileId, plan, deps);
  // A job that is being published was proved before, and only goes forward: parts of it may be visible.
  if (job.status === 'PUBLISHING') return publish(job, plan, chunks, deps);

  const manifestKey = await repairChain(job, plan, chunks, deps);
  if (manifestKey !== undefined) return { status: 'NEXT_ROUND', fileId, manifestKey };

  const unique = await excludeDuplicates(job, plan, chunks, deps);
  if (unique.manifestKey !== undefined) return { status: 'NEXT_ROUND', fileId, manifestKey: unique.manifestKey };

  const totals = addUp(chunks);
  await deps.jobs.note(fileId, job.run, { event: 'processed', at: deps.now().getTime() });
  const keys = new ObjectKeys(plan.contract.prefixes, fileId);
  const quarantined = await writeRejected(deps.output, keys.rejected(), chunks, deps.log);
  if (quarantined.rows !== totals.records_rejected) {
    throw new Error(`internal: expected ${totals.records_rejected} rows in ${keys.rejected()}, got ${quarantined.rows}`);
  }
  const verdict = unique.fault ?? explained(verdictOf(totals, plan.contract, footerOf(plan)), quarantined, totals, keys, plan);
  if (verdict !== undefined) return refuse(await changeJob(deps, job, ['PROCESSING'], { ...verdict, ...totals }, 'rejected'), deps);
  // From here on no verdict can come in between; one that came before is carried out by the retry.
  const publishing = await changeJob(deps, job, ['PROCESSING'], { status: 'PUBLISHING' }, 'publishing', { noVerdict: true });
  return publish(publishing, plan, chunks, deps);
}

/** With what tells a person most about the rejected records, where they are why nothing is published. */
function explained(verdict: Verdict | undefined, { foremost }: Quarantined, { records_read: read }: RecordCounts, keys: ObjectKeys,
  { contract, input, columns }: JobPlan): Verdict | undefined {
  const isOfRejects = verdict?.error_code === 'too_many_rejects' || verdict?.error_code === 'nothing_to_publish';
  if (!isOfRejects || foremost === undefined) return verdict;
  const told = describeFault(foremost, read, formatOf(contract, input, columns));
  return { ...verdict, error_message: `${verdict.error_message}; ${told}. All of them are in ${keys.rejected()}` };
}

/** Of JSON no record is skipped, whatever the dialect of the CSV files beside it says. */
function footerOf({ contract: { dialect: { skipFooter } }, input: { format } }: JobPlan): number | undefined {
  return isJson(format) ? undefined : skipFooter;
}

/** The outcome of a job that has ended before. The event bus may not have heard of it yet. */
async function announced(job: EndedJob, deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  if (job.resumable === true) throw new Error(`expected job ${job.file_id} to be open, got FAILED: it is to be resumed`);
  await announceEnd(job, deps);
  return { status: job.status === 'SUCCEEDED' ? 'PUBLISHED' : 'FAILED', fileId: job.file_id };
}

/** @throws Error when a chunk has no result: the Map must not have ended so */
async function finishedChunks(fileId: string, plan: JobPlan, deps: FinalizeJobDeps): Promise<FinishedChunk[]> {
  const chunks = await allChunks(fileId, deps);
  const byId = new Map(chunks.map((chunk) => [chunk.chunk_id, chunk]));
  return plan.chunks.map((_, index) => {
    const chunk = byId.get(chunkId(index));
    if (chunk?.chunk_status !== 'SUCCEEDED') {
      throw new Error(`expected ${chunkId(index)} of job ${fileId} to be SUCCEEDED, got ${chunk?.chunk_status ?? 'no item'}`);
    }
    return chunk as FinishedChunk;
  });
}

async function allChunks(fileId: string, deps: FinalizeJobDeps): Promise<ChunkItem[]> {
  const chunks: ChunkItem[] = [];
  for await (const chunk of deps.jobs.chunks(fileId)) chunks.push(chunk);
  return chunks;
}

/** A data verdict, which the job item holds already: nothing is published. */
async function refuse(job: JobItem, deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  const isPlanned = job.chunk_count !== undefined;
  const plan = isPlanned ? await readPlan(deps.output, new ObjectKeys(deps.contract.prefixes, job.file_id)) : undefined;
  const chunks = await allChunks(job.file_id, deps);
  await abortUploads(chunks, deps);
  const totals = totalsOf(job);
  // Whatever the outcome the file is there; of a job that has not processed all chunks it holds no record.
  if (totals === undefined) await writeRejected(deps.output, new ObjectKeys(deps.contract.prefixes, job.file_id).rejected(), [], deps.log);
  await writeReport({ job, status: 'FAILED', plan, chunks, totals }, deps);
  await endJob(job, OPEN_JOB_STATUSES, { status: 'FAILED', resumable: false }, deps);
  return { status: 'FAILED', fileId: job.file_id };
}

/** @param job that is PUBLISHING: nobody but this step changes it any more */
async function publish(job: JobItem, plan: JobPlan, chunks: readonly FinishedChunk[], deps: FinalizeJobDeps): Promise<FinalizeJobOutput> {
  const totals = addUp(chunks);
  const keys = new ObjectKeys(plan.contract.prefixes, job.file_id);
  const record = await commit(deps.output, keys, job.file_id, chunks);
  await completeParts(record, deps);
  await writeReport({ job, status: 'SUCCEEDED', plan, chunks, totals }, deps);
  await writePublishedManifest(deps.output, keys.publishedManifest(job.ingest_date), record);
  await endJob(job, ['PUBLISHING'], { status: 'SUCCEEDED', ...totals }, deps);
  return { status: 'PUBLISHED', fileId: job.file_id };
}
