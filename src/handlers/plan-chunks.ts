import { awsDeps, observed } from './aws-runtime';
import { formatOf, tasksOf, writeManifest, writePlan } from './job-plan';
import { changeJob, requireJob, sourceOf } from './jobs';
import { StepDeps } from './ports';
import { SourceChangedError } from './source-changed';
import { PLAN_CHUNKS_ENV } from '../contract/env';
import { JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { JobInput, PlanChunksOutput } from '../contract/payloads';
import { PlannedChunk, planChunks as findChunks } from '../engine/chunk-plan';

/** As many children as a Distributed Map may run at once; a larger file gets larger chunks. */
const MAX_CHUNKS = 10_000;
/** Reads in flight while looking for boundaries. */
const READS_IN_FLIGHT = 16;

export type PlanChunksDeps = Pick<StepDeps, 'jobs' | 'source' | 'output' | 'contract' | 'now' | 'log'>;

/** Cuts the file at record boundaries; writes the job's contract and the manifest that the Map reads. */
export async function planChunks({ fileId }: JobInput, deps: PlanChunksDeps): Promise<PlanChunksOutput> {
  const job = await requireJob(deps.jobs, fileId);
  // A try before this one got as far as this.
  if (job.status === 'PROCESSING') return { status: 'PLANNED', fileId, manifestKey: job.manifest_key };

  const chunks = await findChunksOf(job, deps);
  if (chunks instanceof SourceChangedError) {
    await changeJob(deps, job, ['PLANNING'], { error_code: chunks.code, error_message: chunks.message }, 'rejected');
    return { status: 'REJECTED', fileId };
  }
  const keys = new ObjectKeys(deps.contract.prefixes, fileId);
  const manifestKey = keys.manifest(job.run, 0);
  await writePlan(deps.output, keys, { contract: deps.contract, source: sourceOf(job), chunks });
  await writeManifest(deps.output, manifestKey, tasksOf(fileId, job.run, chunks));
  await changeJob(deps, job, ['PLANNING'], {
    status: 'PROCESSING',
    chunk_count: chunks.length,
    manifest_key: manifestKey,
    schema_fingerprint: deps.contract.fingerprint,
  }, 'planned');
  deps.log.info('the file is cut', { chunks: chunks.length, guessed: chunks.filter(({ boundary }) => boundary === 'guess').length });
  return { status: 'PLANNED', fileId, manifestKey };
}

async function findChunksOf(job: JobItem, deps: PlanChunksDeps): Promise<PlannedChunk[] | SourceChangedError> {
  const options = { chunkSize: deps.contract.chunkSizeBytes, maxChunks: MAX_CHUNKS, concurrency: READS_IN_FLIGHT };
  try {
    return await findChunks(deps.source.open(sourceOf(job)), formatOf(deps.contract), options);
  } catch (error) {
    if (error instanceof SourceChangedError) return error;
    throw error;
  }
}

/** Entry point of the Lambda function. */
export async function handler(input: JobInput): Promise<PlanChunksOutput> {
  return observed('PlanChunks', input, () => planChunks(input, awsDeps(PLAN_CHUNKS_ENV)));
}
