/**
 * What becomes of a job that the other region had when this one became the active one. Nothing that it had not published
 * yet can be gone on with: its uploads and work files lie in the other region. So the job is ended for good, and its
 * file is processed once more, here, as a job of its own. This is the one exception from the rule that a job which is
 * being published only goes forward.
 */
import { announceEnd, endJob, EndJobDeps, tryToAnnounce } from './end-job';
import { changeJob, requireJob } from './job-state';
import { onceAgainIdOf } from '../contract/file-id';
import { hasEnded, JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { inParallel } from '../engine/io/in-parallel';
import { Regions } from '../ports/regions';
import { StepDeps } from '../ports/step-deps';

export type TakeOverJobDeps = EndJobDeps & Pick<StepDeps, 'source'> & { readonly regions: Regions };

/**
 * - `SETTLED`: nothing is left to be done for it.
 * - `WAITS`: its file is not here. It comes when its replication does, at the latest when the other region is back.
 * - `LOST`: its file is to be processed once more.
 */
export type TakenOver = 'SETTLED' | 'WAITS' | 'LOST';

const LOOKS_IN_FLIGHT = 16;
const DAY_MS = 24 * 60 * 60 * 1000;

export function isOfOtherRegion(job: JobItem, { own }: Regions): boolean {
  return job.execution_arn.split(':')[3] !== own;
}

/** Its file is to be processed once more, and nothing says yet that this has begun. */
export function isLost({ error_code: code, source_state: state }: JobItem): boolean {
  return code === 'region_lost' && state === undefined;
}

/** @param job not settled, of the other region */
export async function takeOverJob(job: JobItem, deps: TakeOverJobDeps): Promise<TakenOver> {
  const { own: region, bucket } = deps.regions;
  const movedTo = await whereSourceIs(job, deps);
  // It stays where it landed, and is expired there: the job's move was the other region's.
  const source = { bucket, moved_to: movedTo, source_state: movedTo === undefined ? 'GONE' : 'KEPT' } as const;
  if (hasEnded(job) && job.resumable !== true) {
    const isTakenOver = job.bucket === bucket && job.source_state !== undefined;
    // Whoever hears of ends here has not heard of this one.
    const untold = { ...source, announced_to: undefined };
    await announceEnd(isTakenOver ? job : await changeJob(deps, job, untold, 'taken-over'), deps);
    return 'SETTLED';
  }
  const ingestDate = await publishedHere(job, deps);
  if (ingestDate !== undefined) {
    const reportKey = new ObjectKeys(deps.contract.prefixes, job.file_id).report();
    const isReported = await deps.output.metadata(reportKey) !== undefined;
    const unfailed = { error_code: undefined, error_message: undefined, resumable: undefined };
    await endJob(job, { ...source, ...unfailed, ingest_date: ingestDate, status: 'SUCCEEDED', report_key: isReported ? reportKey : undefined }, deps);
    return 'SETTLED';
  }
  if (movedTo === undefined) return 'WAITS';
  await endJob(job, {
    status: 'FAILED',
    error_code: 'region_lost',
    error_message: `expected the job to end in the region of its execution ${job.execution_arn}, got a switch to ${region} before it had: `
      + 'its file is processed once more there, as a job of its own',
    resumable: false,
    bucket,
    moved_to: movedTo,
  }, deps);
  return 'LOST';
}

/** Once the file has another job, this one is settled. Several executions that were started for it make one job. */
export async function settleLost(job: JobItem, deps: TakeOverJobDeps): Promise<TakenOver> {
  await tryToAnnounce(job, deps);
  if (await deps.jobs.job(onceAgainIdOf(deps.contract.pipelineId, job)) === undefined) return 'LOST';
  await changeJob(deps, await requireJob(deps.jobs, job.file_id), { source_state: 'KEPT' }, 'taken-over');
  return 'SETTLED';
}

/**
 * Replication brings every version under its id, but deletes none: where the file landed it still is, unless a region had
 * moved it before. The other one's copy is replicated. It may have been this one, too: both had the job, or the one
 * whose file it processes once more, and the other one's item is the later one.
 */
async function whereSourceIs(job: JobItem, { jobs, source, contract, regions: { bucket } }: TakeOverJobDeps): Promise<string | undefined> {
  const landed = job.read_key ?? job.key;
  if (await source.head({ bucket, key: landed, versionId: job.version_id }) !== undefined) return landed;
  for (let of: JobItem | undefined = job; of !== undefined; of = of.rerun_of === undefined ? undefined : await jobs.job(of.rerun_of)) {
    const keys = new ObjectKeys(contract.prefixes, of.file_id);
    for (const key of [of.move_to, keys.processed(of.file_name), keys.failed(of.file_name)]) {
      if (key !== undefined && await source.head({ bucket, key }) !== undefined) return key;
    }
  }
  return undefined;
}

/**
 * Under which day all of it is here. Both regions may have had the job, and claimed it on two days: the other one's item
 * is the later one, and this one's publication lies under its own day.
 */
async function publishedHere(job: JobItem, deps: TakeOverJobDeps): Promise<string | undefined> {
  for (const days of [0, -1, 1]) {
    const date = new Date(Date.parse(job.ingest_date) + days * DAY_MS).toISOString().slice(0, 10);
    if (await isPublishedUnder(date, job.file_id, deps)) return date;
  }
  return undefined;
}

/** Objects are replicated in any order: the manifest may be here before the parts that it names. */
async function isPublishedUnder(ingestDate: string, fileId: string, { output, contract }: TakeOverJobDeps): Promise<boolean> {
  const key = new ObjectKeys(contract.prefixes, fileId).publishedManifest(ingestDate);
  if (await output.metadata(key) === undefined) return false;
  const { files } = await output.getJson<{ files: ReadonlyArray<{ readonly key: string }> }>(key);
  let missing = 0;
  await inParallel(files, LOOKS_IN_FLIGHT, async (file) => {
    if (await output.metadata(file.key) === undefined) missing++;
  });
  return missing === 0;
}
