import { JobPlan, writeManifest } from './job-plan';
import { changeJob } from './job-state';
import { JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { StepDeps } from '../ports/step-deps';

/** One more run of the Map over some of the chunks, before the job can be decided. */
export interface MapRound {
  readonly round: number;
  /** The name of the audit entry. */
  readonly event: string;
  readonly tasks: readonly ChunkTask[];
}

/**
 * All chunks have their results by now: a worker of an earlier round finds nothing to do.
 *
 * @returns the manifest for the Map
 */
export async function startRound(job: JobItem, { round, event, tasks }: MapRound, plan: JobPlan,
  deps: Pick<StepDeps, 'jobs' | 'output' | 'now' | 'log'>): Promise<string> {
  const manifestKey = new ObjectKeys(plan.contract.prefixes, job.file_id).manifest(job.run, round);
  await writeManifest(deps.output, manifestKey, tasks);
  await changeJob(deps, job, ['PROCESSING'], { manifest_key: manifestKey, map_round: round }, event);
  deps.log.info('chunks run again', { round: event, chunks: tasks.length });
  return manifestKey;
}
