/**
 * All or nothing: the write that makes the job PUBLISHING is the commit. No verdict can come in between, and from then
 * on nobody changes the chunk items, which name the upload of each chunk. The job only goes forward: whoever finds it so,
 * also after a crash, completes these uploads.
 */
import { partMetadata } from './chunk-output';
import { plannedChunks, SlimChunk, slim } from './finished-chunks';
import { JobPlan, JSON_TYPE } from './job-plan';
import { ChunkWork } from './map-round';
import { FinishedChunk, Totals } from './totals';
import { ChunkItem, JobItem, RecordCounts } from '../contract/job-item';
import { inParallel } from '../engine/io/in-parallel';
import { OutputStore } from '../ports/output';
import { StepDeps } from '../ports/step-deps';

/** Uploads that are completed at a time. */
const COMPLETES_IN_FLIGHT = 50;

export interface CompletedParts {
  /** In the order of the file. */
  readonly chunks: readonly SlimChunk[];
  readonly totals: RecordCounts;
  /** Results that have to be made again, because their uploads are gone. */
  readonly lost: readonly ChunkWork[];
}

/**
 * Makes all part files appear. Of an upload that is gone before it was completed (it was open for longer than the bucket
 * lets it) the chunk runs again: its source is there, and its output is the same.
 */
export async function completeParts(job: JobItem, plan: JobPlan, deps: Pick<StepDeps, 'jobs' | 'output' | 'regions'>): Promise<CompletedParts> {
  const chunks: SlimChunk[] = [];
  const lost: ChunkWork[] = [];
  const totals = new Totals();
  await inParallel(plannedChunks(job, deps), COMPLETES_IN_FLIGHT, async (chunk) => {
    if (chunk.chunk_status !== 'SUCCEEDED') {
      lost.push(workOf(chunk));
      return;
    }
    const finished = chunk as FinishedChunk;
    chunks.push(slim(finished));
    totals.add(finished);
    if (!await isPublished(finished, deps.output)) lost.push({ ...workOf(chunk), replaces: finished.result_attempt });
  });
  if (chunks.length + lost.filter(({ replaces }) => replaces === undefined).length < plan.chunks.length) {
    throw new Error(`internal: expected ${plan.chunks.length} chunks of job ${job.file_id} in the job table, got ${chunks.length}`);
  }
  const byId = (a: { chunk_id: string }, b: { chunk_id: string }) => a.chunk_id < b.chunk_id ? -1 : 1;
  return { chunks: chunks.sort(byId), totals: totals.sum, lost };
}

function workOf({ chunk_id: chunkId, start, end, exclusions_key: exclusionsKey }: ChunkItem): ChunkWork {
  return { chunkId, task: 'PROCESS', start, end, exclusionsKey };
}

/** A chunk without a valid record has no part. */
async function isPublished(chunk: FinishedChunk, output: OutputStore): Promise<boolean> {
  const { file_id: fileId, chunk_id: chunkId, part_key: key, upload_id: uploadId, part_etags: etags = [], result_attempt: attempt } = chunk;
  if (key === undefined || uploadId === undefined) return true;
  if (await output.completeUpload(key, uploadId, etags.map((etag, index) => ({ number: index + 1, etag })))) return true;
  // An upload that is gone was completed before, if the object that is there is the one it made.
  const got = await output.metadata(key);
  return Object.entries(partMetadata(fileId, chunkId, attempt)).every(([name, value]) => got?.[name] === value);
}

/** `_manifest.json`, written last: a reader that starts there never sees part of a file. */
export async function writePublishedManifest(output: OutputStore, key: string, fileId: string, chunks: readonly SlimChunk[]): Promise<void> {
  const files = chunks.flatMap(({ part_key: partKey, records_written: records, output_bytes: bytes }) => (
    partKey === undefined ? [] : [{ key: partKey, records, bytes }]
  ));
  const manifest = { fileId, records: files.reduce((sum, file) => sum + file.records, 0), files };
  await output.put(key, JSON.stringify(manifest, undefined, 2), JSON_TYPE);
}
