/** What a pipeline in two regions promises, whatever happens in them and between them. */
import { Listener, LISTENERS } from './functions';
import { checkFailures, checkFolders, checkPartition, Outcome } from './invariants';
import { MemoryBucket } from './memory-bucket';
import { Pipeline } from './pipeline';
import { Scheduler } from './scheduler';
import { fileIdOf } from '../src/contract/file-id';
import { FENCE_KEYS, FENCE_SORT_KEY, FenceItem, fenceKeyOf, hasEnded, JOB_SORT_KEY, JobItem } from '../src/contract/job-item';
import { JobMessage } from '../src/contract/job-message';
import { ObjectKeys } from '../src/contract/object-keys';
import { COMPLETE_WITHIN_MS } from '../src/steps/take-over-job';

/** A region of the pipeline. */
export interface Region {
  readonly name: string;
  readonly pipeline: Pipeline;
}

/** A manifest that a region has written. */
export interface Publication {
  readonly region: string;
  readonly fileId: string;
  readonly at: number;
  /**
   * Why its file may have been published elsewhere too. `UNSEEN`: the region had not seen that the other one is active.
   * `UNDER_WAY`: it had, or the other one had been active meanwhile and had taken the job for lost, but this call of
   * FinalizeJob had begun before. `REVIVED`: before it had seen it, it has gone on with a job that the other one had
   * taken for lost.
   */
  readonly fence: 'ACTIVE' | 'UNSEEN' | 'UNDER_WAY' | 'REVIVED';
}

export interface Watched {
  readonly violations: string[];
  readonly publications: Publication[];
  /** Jobs that a region has ended as lost, and what the other one had published of them by then. */
  readonly losses: Array<{ readonly fileId: string; readonly by: string; readonly at: number; readonly wasPublishedElsewhere: boolean }>;
}

const PIPELINE_ID = 'Stack/Pipeline';
const isManifest = (key: string) => key.endsWith('/_manifest.json');

/** Watches what must hold at every moment. */
export function watchRegions(regions: readonly Region[], scheduler: Scheduler): Watched {
  const watched: Watched = { violations: [], publications: [], losses: [] };
  const revived = new Set<string>();
  for (const { name, pipeline } of regions) {
    const { table, outputStore, functions } = pipeline;
    const other = regions.find((region) => region.name !== name)!;
    const replicate = table.onWrite;
    /** Since when this region has known that it is passive. */
    const passiveSince = (key: string): number | undefined => {
      const fence = table.contents.get(`${key} ${FENCE_SORT_KEY}`) as FenceItem | undefined;
      const active = fence?.active_region ?? regions[0].name;
      return active === name ? undefined : arrivals.get(key) ?? 0;
    };
    const arrivals = new Map<string, number>();
    table.onKept = (item) => {
      if (item.chunk_id === FENCE_SORT_KEY) arrivals.set(item.file_id, scheduler.now);
    };
    table.onWrite = (item, stamp) => {
      if (item.chunk_id === JOB_SORT_KEY) {
        const job = item as JobItem;
        const isLostElsewhere = watched.losses.some(({ fileId, by }) => fileId === job.file_id && by !== name);
        if (isLostElsewhere && job.error_code !== 'region_lost') revived.add(job.file_id);
        if (passiveSince(fenceKeyOf(job.file_id)) !== undefined) {
          watched.violations.push(`${name} changed job ${job.file_id} to ${job.status}, and had seen that ${other.name} is the active region`);
        }
        if (job.error_code === 'region_lost' && job.source_state === undefined && job.event_pending === true) {
          if (publishedFolders(pipeline.output, job.file_id).some(({ isWhole }) => isWhole)) {
            watched.violations.push(`${name} took job ${job.file_id} for lost, and has its publication`);
          }
          const wasPublishedElsewhere = publishedFolders(other.pipeline.output, job.file_id).length > 0;
          watched.losses.push({ fileId: job.file_id, by: name, at: scheduler.now, wasPublishedElsewhere });
        }
      }
      replicate(item, stamp);
    };
    functions.onTold = ({ to, fileId, since: began, message }) => {
      watched.violations.push(...unfounded(message, to, regions.find((region) => region.name === name)!, scheduler.now));
      const since = passiveSince(FENCE_KEYS[0]);
      if (since === undefined || began < since) return;
      watched.violations.push(`${name} told ${to} of job ${fileId} by a call that began after it had seen that ${other.name} is the active region`);
    };
    functions.onChecked = ({ since: began }) => {
      const since = passiveSince(FENCE_KEYS[0]);
      if (since === undefined || began < since) return;
      watched.violations.push(`a quality check of ${name} told of what it found, and had begun after ${name} had seen that ${other.name} is the active region`);
    };
    outputStore.onAppear = (key) => {
      if (!isManifest(key)) return;
      const fileId = ObjectKeys.jobOf(key)!;
      const since = passiveSince(FENCE_KEYS[0]);
      const hadBegunBefore = (time: number) => (functions.finalized.get(fileId) ?? []).some((at) => at < time);
      if (!hadBegunBefore(since ?? Infinity)) watched.violations.push(`${name} published job ${fileId} by a call that began after it had seen that ${other.name} is the active region`);
      // What is active here may not be so any more elsewhere.
      const truth = (other.pipeline.table.contents.get(`${FENCE_KEYS[0]} ${FENCE_SORT_KEY}`) as FenceItem | undefined)?.active_region ?? regions[0].name;
      const wasLostMeanwhile = watched.losses.some((loss) => loss.fileId === fileId && loss.by !== name && hadBegunBefore(loss.at));
      const reason = since !== undefined ? 'UNDER_WAY'
        : truth !== name ? 'UNSEEN'
          : revived.has(fileId) ? 'REVIVED'
            : wasLostMeanwhile ? 'UNDER_WAY' : 'ACTIVE';
      watched.publications.push({ region: name, fileId, at: scheduler.now, fence: reason });
    };
  }
  return watched;
}

/**
 * What a message of a job that succeeded names and is not to be found where it is told. Of a job of the other region that
 * may be so an hour after the switch, and before that for nobody.
 */
function unfounded(message: JobMessage, to: Listener, { name, pipeline: { output, table } }: Region, now: number): string[] {
  if (message.status !== 'SUCCEEDED' || to === 'topic') return [];
  const { fileId, manifestKey, outputPrefix, reportKey, rejectedKey, recordsRead } = message;
  const text = `${name} told ${to} that job ${fileId} succeeded`;
  const wrong = manifestKey === undefined || outputPrefix === undefined ? [`${text}, and not where its parts lie`] : [];
  const job = table.contents.get(`${fileId} ${JOB_SORT_KEY}`) as JobItem;
  const fence = table.contents.get(`${FENCE_KEYS[0]} ${FENCE_SORT_KEY}`) as FenceItem | undefined;
  const isOverdue = !job.execution_arn.includes(`:${name}:`) && now >= (fence?.since ?? Infinity) + COMPLETE_WITHIN_MS;
  if (isOverdue) return wrong;
  const absent = [reportKey, rejectedKey].filter((key) => key === undefined || output.head(key) === undefined);
  if (absent.length > 0) wrong.push(`${text}, and its report or its rejected records are not there`);
  if (recordsRead === undefined) wrong.push(`${text}, and not how many records it has`);
  const folder = publishedFolders(output, fileId).find(({ key }) => key === manifestKey);
  if (folder?.isWhole !== true) wrong.push(`${text}, and ${manifestKey} is not there, or not all that it names`);
  return wrong;
}

interface Folder {
  readonly key: string;
  readonly isWhole: boolean;
  readonly text: string;
}

/** What readers find who begin at a manifest. Of one job there may be two, of two days. */
function publishedFolders(bucket: MemoryBucket, fileId: string): Folder[] {
  return bucket.list().filter(({ key }) => isManifest(key) && ObjectKeys.jobOf(key) === fileId).map(({ key, bytes }) => {
    const { files } = JSON.parse(bytes.toString()) as { files: Array<{ key: string }> };
    const texts = files.map((file) => bucket.text(file.key));
    return { key, isWhole: texts.every((text) => text !== undefined), text: texts.join('') };
  });
}

/** Once everything is replicated, the sweeps have run and nobody is at work. */
export async function checkRegions(regions: readonly Region[], watched: Watched, active: Region,
  outcomesOf: (file: string) => Promise<readonly Outcome[]>): Promise<string[]> {
  const [primary, standby] = regions.map(({ pipeline }) => pipeline);
  const found = [...watched.violations];
  const items = [primary, standby].map(({ table: { contents } }) => contents);
  for (const key of new Set(items.flatMap((of) => [...of.keys()]))) {
    const [one, two] = items.map((of) => sorted(of.get(key)));
    if (one !== two) found.push(`the tables differ in ${key}: ${one} and ${two}`);
  }
  const jobs = active.pipeline.table.all;
  for (const job of jobs) {
    if (!hasEnded(job)) found.push(`job ${job.file_id} is ${job.status} for ever`);
    else if (job.resumable === true) found.push(`job ${job.file_id} can be resumed for ever: ${job.error_message}`);
    else if (job.unsettled !== undefined) found.push(`job ${job.file_id} (${job.status}) is never settled`);
    const told = regions.flatMap(({ pipeline }) => pipeline.functions.announced);
    for (const listener of LISTENERS.filter((one) => one !== 'topic' || job.status === 'FAILED')) {
      const isTold = told.some(({ to, fileId, status }) => to === listener && fileId === job.file_id && status === job.status);
      if (!isTold) found.push(`${listener} never heard of the end of job ${job.file_id} (${job.status})`);
    }
  }
  for (const { name, pipeline } of regions) {
    found.push(...[...checkFailures(pipeline, ['AddPartition']), ...checkCatalog(pipeline)].map((text) => `${name}: ${text}`));
    for (const { key } of pipeline.output.list().filter((object) => isManifest(object.key))) {
      const folder = publishedFolders(pipeline.output, ObjectKeys.jobOf(key)!).find((one) => one.key === key)!;
      if (!folder.isWhole) found.push(`${key} in ${name} names parts that are not there`);
    }
  }
  const files = regions.flatMap(({ pipeline }) => pipeline.landing.files);
  for (const file of files) {
    // Of one key the sweep sees the newest version: another one may be lost with its event.
    const isReplaced = files.some((other) => other !== file && other.key === file.key && other.lastModified >= file.lastModified);
    if (isReplaced && jobs.every((job) => job.file_id !== fileIdOf(PIPELINE_ID, file))) continue;
    found.push(...checkFile(fileIdOf(PIPELINE_ID, file), jobs, watched, active, await outcomesOf(file.content)));
  }
  return found;
}

/** Of the jobs that have ended in this region. Others' are added by the repair where their reports have come by then. */
function checkCatalog({ catalog, output, table, functions: { announced } }: Pipeline): string[] {
  const found = checkFolders(catalog, output);
  const endedHere = new Set(announced.filter(({ to, status }) => to === 'events' && status === 'SUCCEEDED').map(({ fileId }) => fileId));
  for (const job of table.all.filter(({ file_id: fileId }) => endedHere.has(fileId))) {
    if (job.status !== 'SUCCEEDED' || job.report_key === undefined || job.records_written === 0) continue;
    const partitions = catalog.added.filter(({ fileId }) => fileId === job.file_id);
    if (partitions.length !== 1) found.push(`job ${job.file_id}, which has ended here, has ${partitions.length} partitions`);
    for (const partition of partitions) found.push(...checkPartition(partition, job, output));
  }
  return found;
}

function checkFile(firstId: string, jobs: readonly JobItem[], watched: Watched, active: Region, [expected]: readonly Outcome[]): string[] {
  const chain = chainOf(firstId, jobs);
  if (chain.length === 0) return [`the file of job ${firstId} has none`];
  const folders = chain.flatMap(({ file_id: fileId }) => publishedFolders(active.pipeline.output, fileId));
  const wrong = folders.find(({ text }) => text !== expected.published);
  if (wrong !== undefined) return [`${wrong.key} is not what an undisturbed run publishes`];
  if (expected.status === 'FAILED') {
    return chain.some(({ error_code: code }) => code === expected.errorCode || code === 'resumed_too_late') ? []
      : [`the file of job ${firstId} came to no verdict: ${chain.map(({ error_code: code }) => code).join(', ')}`];
  }
  if (folders.length === 0 && !chain.some(({ error_code: code }) => code === 'resumed_too_late')) {
    return [`the file of job ${firstId} was not published: ${chain.map(({ status, error_code: code }) => `${status} ${code ?? ''}`).join(', ')}`];
  }
  return isTwiceWithReason(chain, folders.length, watched) ? []
    : [`the file of job ${firstId} was published ${folders.length} times (${folders.map(({ key }) => key).join(', ')})`];
}

/**
 * Each publication but one needs a reason: a job was taken for lost whose publication had not come yet; or a region
 * published what it had not seen, or not in time, that the other one has.
 */
function isTwiceWithReason(chain: readonly JobItem[], times: number, { losses, publications }: Watched): boolean {
  const ids = new Set(chain.map(({ file_id: fileId }) => fileId));
  const unreplicated = losses.filter(({ fileId, wasPublishedElsewhere }) => ids.has(fileId) && wasPublishedElsewhere).length;
  const late = publications.filter(({ fileId, fence }) => ids.has(fileId) && fence !== 'ACTIVE').length;
  return times <= 1 + unreplicated + late;
}

/** The job, those that process its file once more, and so on. */
function chainOf(fileId: string, jobs: readonly JobItem[]): JobItem[] {
  const found = jobs.filter((job) => job.file_id === fileId);
  const again = jobs.filter(({ rerun_of: of }) => of === fileId);
  return [...found, ...again.flatMap((job) => chainOf(job.file_id, jobs))];
}

function sorted(item: object | undefined): string {
  return JSON.stringify(item, Object.keys(item ?? {}).sort());
}
