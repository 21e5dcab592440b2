import { JobPlan, writeManifest } from './job-plan';
import { changeJob } from './job-state';
import { JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';

/** After those of repair.ts and unique-keys.ts: in PUBLISHING, chunks whose uploads are gone. */
export const MAKE_AGAIN_ROUND = 4;

/** What a round does with one chunk. The rest of a task is the job's. */
export type ChunkWork = Pick<ChunkTask, 'chunkId' | 'task' | 'start' | 'end' | 'exclusionsKey' | 'replaces'>;

/** One more run of the Map over some of the chunks, before the job can end. */
export interface MapRound {
  readonly round: number;
  /** The name of the audit entry. */
  readonly event: string;
  readonly work: readonly ChunkWork[];
}

export function roundTasks({ file_id: fileId, plan_key: planKey, run }: JobItem, { round, work }: Pick<MapRound, 'round' | 'work'>): ChunkTask[] {
  return work.map((chunk) => ({ fileId, planKey: planKey!, run, round, ...chunk }));
}

/** @returns the manifest for the Map */
export async function startRound(job: JobItem, round: MapRound, plan: JobPlan,
  deps: Pick<StepDeps, 'jobs' | 'output' | 'now' | 'newId' | 'log'>): Promise<string> {
  const keys = new ObjectKeys(plan.contract.prefixes, job.file_id);
  const manifestKey = await writeManifest(deps, keys, { run: job.run, round: round.round }, roundTasks(job, round));
  // What was merged of the keys was that of the chunks as they were.
  await changeJob(deps, job, { manifest_key: manifestKey, map_round: round.round, key_merge_key: undefined }, round.event);
  deps.log.info('chunks run again', { round: round.event, chunks: round.work.length });
  return manifestKey;
}
