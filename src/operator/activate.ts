/** The one switch of a pipeline in two regions. */
import { Refusal } from './operator-error';
import { OptionsOf } from './operator-options';
import { World } from './world';
import { OperatedPipeline } from '../ports/operations';
import { Fence, fenceOf } from '../ports/regions';

/** Makes the region in which the command works the active one. */
export async function activate({ region, yes }: OptionsOf<'activate'>, { jobs, regions }: OperatedPipeline, { now, terminal }: World): Promise<boolean> {
  const known = await regions();
  if (known === undefined) throw new Refusal('expected a pipeline with disaster recovery, got one that has one region: there is nothing to switch');
  const fence = fenceOf(await jobs.fence(), known.primary);
  if (fence.activeRegion === region) {
    terminal.print(`${region} is the active region already, ${sinceOf(fence)}`);
    return true;
  }
  terminal.print(`the active region is ${fence.activeRegion}, ${sinceOf(fence)}`);
  terminal.print(`with ${region} as the active one:`);
  terminal.print(`  ${fence.activeRegion} changes no job any more, as soon as the switch is replicated to it; if it cannot be reached, as soon as it is back`);
  terminal.print(`  ${region} sweeps: it starts the files that have no job, and 15 minutes after the switch it takes over what ${fence.activeRegion} has not ended`);
  terminal.print('  a file that was published, but whose publication is not replicated yet, is published once more, under another file id');
  if (!yes) throw new Refusal('expected --yes, because the switch may have files published twice; nothing is changed');
  const to: Fence = { activeRegion: region, epoch: fence.epoch + 1, since: now() };
  if (!await jobs.moveFence(to)) throw new Refusal('expected nobody else to switch at the same time, got another switch: run the command again to see which region is active');
  terminal.print(`${region} is the active region (switch ${to.epoch})`);
  return true;
}

export function sinceOf({ epoch, since }: Fence): string {
  return epoch === 0 ? 'the primary, since nobody has ever switched' : `since ${new Date(since).toISOString()} (switch ${epoch})`;
}
