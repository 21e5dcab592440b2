/**
 * Copies a file that one request does not take. That may last for longer than a step lives: the upload's id is in the
 * job item, and the next call copies the parts that are not there yet.
 */
import { changeJob, sourceOf } from './job-state';
import { JobItem, UploadedPart } from '../contract/job-item';
import { inParallel } from '../engine/io/in-parallel';
import { CopyPart, SourceMover } from '../ports/source';
import { StepDeps } from '../ports/step-deps';

const MAX_PARTS = 10_000;
const PARTS_IN_FLIGHT = 16;

/** `GONE`: the pinned object does not exist any more. `UNFINISHED`: the time is up. The job is as it is in the table. */
export interface CopyOutcome {
  readonly state: 'COPIED' | 'GONE' | 'UNFINISHED';
  readonly job: JobItem;
}

export async function copyByParts(job: JobItem, toKey: string, isTimeUp: () => boolean, deps: Pick<StepDeps, 'jobs' | 'mover' | 'now'>): Promise<CopyOutcome> {
  const { mover } = deps;
  const source = sourceOf(job);
  const begun = await openOrGoOn(job, toKey, deps);
  if (begun === 'COPIED' || begun === 'GONE') return { state: begun, job };
  const { uploadId, parts, job: copying } = begun;

  const size = Math.max(mover.copyPartSize, Math.ceil(source.sizeBytes / MAX_PARTS));
  // A deployment may have changed the size of parts since the copy began.
  const isWhole = ({ number, size: length }: UploadedPart) => length === Math.min(size, source.sizeBytes - (number - 1) * size);
  const there = new Map(parts.filter(isWhole).map((part) => [part.number, part]));
  let isGone = false;
  await inParallel(missingParts(source.sizeBytes, size, there, () => isGone || isTimeUp()), PARTS_IN_FLIGHT, async (part) => {
    const copied = await mover.copyPart(source, toKey, uploadId, part);
    if (copied === undefined) isGone = true;
    else there.set(part.number, copied);
  });
  if (isGone) {
    await mover.abortCopy(source.bucket, toKey, uploadId);
    return { state: 'GONE', job: copying };
  }
  if (there.size < Math.ceil(source.sizeBytes / size)) return { state: 'UNFINISHED', job: copying };
  const all = [...there.values()].sort((a, b) => a.number - b.number);
  if (await mover.completeCopy(source.bucket, toKey, uploadId, all)) return { state: 'COPIED', job: copying };
  if (await isThere(mover, job, toKey)) return { state: 'COPIED', job: copying };
  throw new Error(`expected the copy to ${toKey} to be open until it is completed, got none: somebody has aborted it`);
}

interface BegunCopy {
  readonly uploadId: string;
  readonly parts: readonly UploadedPart[];
  readonly job: JobItem;
}

async function openOrGoOn(job: JobItem, toKey: string, deps: Pick<StepDeps, 'jobs' | 'mover' | 'now'>): Promise<BegunCopy | 'COPIED' | 'GONE'> {
  const { mover } = deps;
  if (job.move_upload_id !== undefined) {
    const parts = await mover.copiedParts(job.bucket, toKey, job.move_upload_id);
    if (parts !== undefined) return { uploadId: job.move_upload_id, parts, job };
    // A try before this one has completed it.
    if (await isThere(mover, job, toKey)) return 'COPIED';
  }
  const uploadId = await mover.openCopy(sourceOf(job), toKey);
  if (uploadId === undefined) return 'GONE';
  return { uploadId, parts: [], job: await changeJob(deps, job, { move_upload_id: uploadId }, 'move-begun') };
}

/** The key holds the job's id: what lies there is the file. */
export async function isThere(mover: SourceMover, { bucket }: JobItem, toKey: string): Promise<boolean> {
  return await mover.head({ bucket, key: toKey }) !== undefined;
}

function* missingParts(sizeBytes: number, partSize: number, there: ReadonlyMap<number, UploadedPart>, isOver: () => boolean): Iterable<CopyPart> {
  for (let start = 0, number = 1; start < sizeBytes; start += partSize, number++) {
    if (there.has(number)) continue;
    // At least one part a call: however little time there is, the copy ends.
    yield { number, start, end: Math.min(start + partSize, sizeBytes) };
    if (isOver()) return;
  }
}
