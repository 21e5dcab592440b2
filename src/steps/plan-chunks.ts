import { requireActiveRegion } from './active-region';
import { stagedTimeWarnings, warn } from './expected-time';
import { isFileFault, rejectFile } from './file-fault';
import { formatOf, JobPlan, tasksOf, writeManifest, writePlan } from './job-plan';
import { changeJob, requireJob, requireStatus, sourceOf } from './job-state';
import { cutsOf } from './plan-limits';
import { PlanningTime } from './planning-time';
import { stageSource, StageSourceDeps } from './stage-source';
import { uncutLimit } from './uncut-limit';
import { JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { JobInput, PlanChunksOutput } from '../contract/payloads';
import { findChunks } from '../engine/boundaries/chunk-plan';
import { checkHead } from '../engine/records/head';
import { detectInput } from '../engine/staging/detect-input';
import { needsStaging } from '../engine/staging/resolved-input';
import { StepDeps } from '../ports/step-deps';

export type PlanChunksDeps = Pick<StepDeps, 'jobs' | 'source' | 'output' | 'contract' | 'now' | 'newId' | 'log' | 'regions'> & Pick<StageSourceDeps, 'progress'>;

/**
 * Cuts the file at record boundaries, after it has staged one that cannot be cut in place; writes the job's plan and
 * the manifest that the Map reads.
 */
export async function planChunks({ fileId }: JobInput, deps: PlanChunksDeps): Promise<PlanChunksOutput> {
  await requireActiveRegion(deps);
  const job = await requireJob(deps.jobs, fileId);
  // A try before this one got as far as this.
  if (job.status === 'PROCESSING') return { status: 'PLANNED', fileId, manifestKey: job.manifest_key };
  requireStatus(job, 'PLANNING');
  if (job.error_code !== undefined) return { status: 'REJECTED', fileId };

  const keys = new ObjectKeys(deps.contract.prefixes, fileId);
  const plan = await makePlan(job, keys, deps).catch((error: unknown) => {
    if (isFileFault(error)) return error;
    throw error;
  });
  if (plan instanceof Error) return rejectFile(job, plan, deps);
  const { chunks } = plan;
  const planKey = await writePlan(deps, keys, plan);
  const manifestKey = await writeManifest(deps, keys, { run: job.run, round: 0 }, tasksOf(job, planKey, chunks, deps.regions));
  await changeJob(deps, job, {
    status: 'PROCESSING',
    chunk_count: chunks.length,
    plan_key: planKey,
    manifest_key: manifestKey,
    schema_fingerprint: deps.contract.fingerprint,
  }, 'planned');
  deps.log.info('the file is cut', { chunks: chunks.length, guessed: chunks.filter(({ boundary }) => boundary === 'guess').length });
  return { status: 'PLANNED', fileId, manifestKey };
}

async function makePlan(job: JobItem, keys: ObjectKeys, deps: PlanChunksDeps): Promise<JobPlan> {
  const { contract } = deps;
  const time = new PlanningTime(deps);
  const file = deps.source.open(sourceOf(job));
  const input = await detectInput(file, contract.input, job.key, contract.dialect);
  const source = needsStaging(input) ? await stageSource(file, input, keys, deps) : sourceOf(job);
  const text = deps.source.open(source);
  const head = await checkHead(text, formatOf(contract, input));
  const { columns, dataStart } = head;
  const format = formatOf(contract, input, columns);
  if (needsStaging(input)) await warn(job, stagedTimeWarnings(file.size, text.size, { ...head, format }, contract), deps);
  const chunks = await findChunks(text, format, {
    ...cutsOf(contract),
    dataStart,
    onUncut: uncutLimit(text.size, format, contract)?.onUncut,
    onLooked: (looked, places) => {
      if (looked === places) return;
      const remedy = 'set a larger chunkSize, for fewer of them, or a smaller maxRecordSize, to read less of the file at each';
      time.check('find where to cut the file', () => `${looked} of ${places} places`, remedy);
    },
  });
  return { contract, input, columns, source, chunks };
}
