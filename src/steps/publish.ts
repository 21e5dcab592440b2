/**
 * All or nothing, once the job is PUBLISHING: from then on no verdict can stop it. The commit record, written once,
 * says which attempt of each chunk counts. From then on the job only goes forward: whoever finds the record, also after
 * a crash, completes the uploads that it names.
 */
import { isDeepStrictEqual } from 'node:util';
import { partMetadata } from './chunk-output';
import { JSON_TYPE } from './job-plan';
import { FinishedChunk } from './totals';
import { UploadedPart } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { inParallel } from '../engine/io/in-parallel';
import { OutputStore } from '../ports/output';
import { StepDeps } from '../ports/step-deps';

/** Uploads that are completed at a time. */
const COMPLETES_IN_FLIGHT = 50;

export interface CommitRecord {
  readonly fileId: string;
  /** Chunks without a valid record have no part. */
  readonly parts: readonly CommittedPart[];
}

export interface CommittedPart {
  readonly chunkId: string;
  readonly attempt: number;
  readonly key: string;
  readonly uploadId: string;
  readonly parts: readonly UploadedPart[];
  readonly records: number;
  readonly bytes: number;
}

/**
 * Writes the commit record; a try before this one may have done so.
 *
 * @throws Error when there is a record already that says otherwise: nobody may have changed the chunks since
 */
export async function commit(output: OutputStore, keys: ObjectKeys, fileId: string, chunks: readonly FinishedChunk[]): Promise<CommitRecord> {
  const record: CommitRecord = { fileId, parts: chunks.flatMap(committedPart) };
  const isNew = await output.putIfAbsent(keys.commit(), JSON.stringify(record), JSON_TYPE);
  if (!isNew && !isDeepStrictEqual(await output.getJson<CommitRecord>(keys.commit()), record)) {
    throw new Error(`internal: expected the commit record ${keys.commit()} to name the chunks' results as they are now, got others`);
  }
  return record;
}

function committedPart(chunk: FinishedChunk): CommittedPart[] {
  if (chunk.part_key === undefined || chunk.upload_id === undefined || chunk.parts === undefined) return [];
  return [{
    chunkId: chunk.chunk_id,
    attempt: chunk.result_attempt,
    key: chunk.part_key,
    uploadId: chunk.upload_id,
    parts: chunk.parts,
    records: chunk.records_written,
    bytes: chunk.output_bytes,
  }];
}

/** Makes all part files appear. */
export async function completeParts({ fileId, parts }: CommitRecord, { output }: Pick<StepDeps, 'output'>): Promise<void> {
  await inParallel(parts, COMPLETES_IN_FLIGHT, async (part) => {
    if (await output.completeUpload(part.key, part.uploadId, part.parts)) return;
    // An upload that is gone was completed before, if the object that is there is the one it made.
    const expected = partMetadata(fileId, part.chunkId, part.attempt);
    const got = await output.metadata(part.key);
    if (Object.entries(expected).some(([name, value]) => got?.[name] !== value)) {
      throw new Error(`expected the upload of ${part.key} to be open or completed by attempt ${part.attempt}, got ${got === undefined ? 'neither' : `an object of attempt ${got.attempt}`}`);
    }
  });
}

/** `_manifest.json`, written last: a reader that starts there never sees part of a file. */
export async function writePublishedManifest(output: OutputStore, key: string, { fileId, parts }: CommitRecord): Promise<void> {
  const files = parts.map(({ key: partKey, records, bytes }) => ({ key: partKey, records, bytes }));
  const manifest = { fileId, records: files.reduce((sum, file) => sum + file.records, 0), files };
  await output.put(key, JSON.stringify(manifest, undefined, 2), JSON_TYPE);
}
