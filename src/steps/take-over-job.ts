/**
 * What becomes of a job that the other region had when this one became the active one. Nothing that it had not published
 * yet can be gone on with: its uploads and work files lie in the other region. So the job is ended for good, and its
 * file is processed once more, here, as a job of its own. This is the one exception from the rule that a job which is
 * being published only goes forward.
 */
import { announceEnd, endJob, EndJobDeps, tryToAnnounce } from './end-job';
import { changeJob, requireJob } from './job-state';
import { boundedColumns } from './reject-columns';
import { JobReport } from './report';
import { onceAgainIdOf } from '../contract/file-id';
import { hasEnded, JobItem, RecordCounts } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { inParallel } from '../engine/io/in-parallel';
import { regionOf, Regions } from '../ports/regions';
import { StepDeps } from '../ports/step-deps';
import { countAttributes } from '../spec/counts';

export type TakeOverJobDeps = EndJobDeps & Pick<StepDeps, 'source'> & {
  readonly regions: Regions;
  /** When this region became the active one: epoch milliseconds. */
  readonly switchedAt: number;
};

/**
 * - `SETTLED`: nothing is left to be done for it.
 * - `WAITS`: its file is not here, or not all that its message is to name. It comes when its replication does, at the
 *   latest when the other region is back.
 * - `LOST`: its file is to be processed once more.
 */
export type TakenOver = 'SETTLED' | 'WAITS' | 'LOST';

/**
 * So long after a switch nobody is told of a job before all is here that the message names: all of it was written before
 * the job had ended, or its manifest. What has not come by then may never come, and readers wait for the message.
 */
export const COMPLETE_WITHIN_MS = 60 * 60 * 1000;
const LOOKS_IN_FLIGHT = 16;
const DAY_MS = 24 * 60 * 60 * 1000;

export function isOfOtherRegion(job: JobItem, { own }: Regions): boolean {
  return regionOf(job) !== own;
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
  const mayWait = deps.now().getTime() < deps.switchedAt + COMPLETE_WITHIN_MS;
  if (hasEnded(job) && job.resumable !== true) {
    if (mayWait && job.event_pending === true && !await isHere(job, deps)) return 'WAITS';
    const isTakenOver = job.bucket === bucket && job.source_state !== undefined;
    // Whoever hears of ends here has not heard of this one.
    const untold = { ...source, announced_to: undefined };
    await announceEnd(isTakenOver ? job : await changeJob(deps, job, untold, 'taken-over'), deps);
    return 'SETTLED';
  }
  const ingestDate = await publishedHere(job, deps);
  if (ingestDate !== undefined) {
    const outcome = await outcomeHere(job, deps);
    if (mayWait && (outcome.report_key === undefined || outcome.rejected_key === undefined)) return 'WAITS';
    const published = { ingest_date: ingestDate, output_prefix: new ObjectKeys(deps.contract.prefixes, job.file_id).outputPrefix(ingestDate) };
    const unfailed = { error_code: undefined, error_message: undefined, resumable: undefined };
    await endJob(job, { ...source, ...unfailed, ...published, ...outcome, status: 'SUCCEEDED' }, deps);
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
  const keys = new ObjectKeys(deps.contract.prefixes, job.file_id);
  for (const days of [0, -1, 1]) {
    const date = new Date(Date.parse(job.ingest_date) + days * DAY_MS).toISOString().slice(0, 10);
    if (await isPublishedIn(keys.outputPrefix(date), deps)) return date;
  }
  return undefined;
}

/** Objects are replicated in any order: the manifest may be here before the parts that it names. */
async function isPublishedIn(outputPrefix: string, { output }: TakeOverJobDeps): Promise<boolean> {
  const key = ObjectKeys.publishedManifestIn(outputPrefix);
  if (await output.metadata(key) === undefined) return false;
  const { files } = await output.getJson<{ files: ReadonlyArray<{ readonly key: string }> }>(key);
  let missing = 0;
  await inParallel(files, LOOKS_IN_FLIGHT, async (file) => {
    if (await output.metadata(file.key) === undefined) missing++;
  });
  return missing === 0;
}

/** Of a job that has ended: whether all is here that its item names. */
async function isHere(job: JobItem, deps: TakeOverJobDeps): Promise<boolean> {
  const { report_key: reportKey, rejected_key: rejectedKey, output_prefix: outputPrefix } = job;
  for (const key of [reportKey, rejectedKey]) {
    if (key !== undefined && await deps.output.metadata(key) === undefined) return false;
  }
  if (reportKey !== undefined && !await isNamedHere(await deps.output.getJson<JobReport>(reportKey), deps)) return false;
  return outputPrefix === undefined || isPublishedIn(outputPrefix, deps);
}

/** What only a report names: the files of rejected records beside the first. */
async function isNamedHere({ furtherRejectedKeys = [] }: JobReport, { output }: TakeOverJobDeps): Promise<boolean> {
  for (const key of furtherRejectedKeys) if (await output.metadata(key) === undefined) return false;
  return true;
}

type Outcome = Pick<JobItem, 'report_key' | 'rejected_key' | 'rejected_files'> & Partial<RecordCounts>;

/**
 * What is here of the report and the rejected records of a job that was published; with the report its figures, which the
 * item of a region that had not come so far does not have.
 */
async function outcomeHere(job: JobItem, deps: TakeOverJobDeps): Promise<Outcome> {
  const { output, contract } = deps;
  const keys = new ObjectKeys(contract.prefixes, job.file_id);
  const hasReport = await output.metadata(keys.report()) !== undefined;
  const report = hasReport ? await output.getJson<JobReport>(keys.report()) : undefined;
  const hasRejected = await output.metadata(keys.rejected()) !== undefined && (report === undefined || await isNamedHere(report, deps));
  return {
    rejected_key: hasRejected ? keys.rejected() : undefined,
    // Not that of a region that had the job too, and has ended it otherwise.
    ...report?.status === 'SUCCEEDED' ? {
      report_key: keys.report(),
      rejected_files: report.furtherRejectedKeys && report.furtherRejectedKeys.length + 1,
      ...countAttributes(report),
      rejects_by_code: report.rejectsByCode,
      rejects_by_column: boundedColumns(report.rejectsByColumn).columns,
    } : {},
  };
}
