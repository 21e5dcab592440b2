/** Where a pipeline has two regions, the one that stands by begins nothing. */
import { Fence, fenceOf, PassiveRegionError } from '../ports/regions';
import { StepDeps } from '../ports/step-deps';

export type RegionDeps = Pick<StepDeps, 'jobs' | 'regions'>;

/** Undefined where the pipeline has one region: nothing is read then. */
export async function readFence({ jobs, regions }: RegionDeps): Promise<Fence | undefined> {
  return regions && fenceOf(await jobs.fence(), regions.primary);
}

/** Why nothing is to be done here; undefined: this is the active region, or the only one. */
export async function passiveRegion(deps: RegionDeps): Promise<PassiveRegionError | undefined> {
  const fence = await readFence(deps);
  const own = deps.regions?.own;
  return own === undefined || fence === undefined || fence.activeRegion === own ? undefined : new PassiveRegionError(own, fence);
}

/**
 * What is written to the job table is refused in any case. This keeps a step from what it does before that: to publish,
 * or to move a file away.
 *
 * @throws PassiveRegionError
 */
export async function requireActiveRegion(deps: RegionDeps): Promise<void> {
  const passive = await passiveRegion(deps);
  if (passive !== undefined) throw passive;
}
