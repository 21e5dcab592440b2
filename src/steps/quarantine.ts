/**
 * `rejected.csv`: each chunk writes its rejects to a shard with lines relative to the chunk, FinalizeJob joins the
 * shards to one CSV file with the lines of the file. That is bounded by nothing but the file: where the time of a step
 * is up it notes how far it is, and the next call goes on.
 */
import { CsvBytes } from './csv-bytes';
import { MultipartWriter, PART_SIZE, PausedUpload } from './multipart-writer';
import { rejectedRows, RejectingChunk, RowPlace } from './rejected-rows';
import { savedProgress, saveProgress } from './saved-progress';
import { ObjectKeys } from '../contract/object-keys';
import { StepDeps } from '../ports/step-deps';
import { REJECTED_COLUMNS } from '../spec/rejected-columns';

/** What a row has beside its record, about: messages of transforms and of long enums are longer. */
const ROW_BYTES = 400;
/** Of S3's 10,000 parts. Full is what was written into so many: the others are for the row at hand. */
export const FULL_PARTS = 9000;
/** Three of these are in memory at a time. */
export const LARGEST_PART = 128 * 1024 * 1024;

/**
 * Parts so large that the rejects of a file have room in one upload, as long as parts may be so large. An estimate:
 * where rows are longer there are more files.
 *
 * @param sizeBytes of the file
 */
export function partSizeFor(rejects: number, sizeBytes: number): number {
  const expected = rejects * ROW_BYTES + 2 * sizeBytes;
  return Math.min(Math.max(PART_SIZE, Math.ceil(expected / FULL_PARTS)), LARGEST_PART);
}

/** All of them are written. */
export interface WrittenRejects {
  readonly rows: number;
  readonly files: number;
}

/** How far it is. */
export interface QuarantineProgress {
  readonly rows: number;
  /** Which file is written, from 1. */
  readonly file: number;
  /** The row to go on with. */
  readonly next: RowPlace;
  readonly upload: PausedUpload;
}

/** The same without the bytes that are in no part of the upload, up to 128 MiB of them. */
type QuarantineState = Omit<QuarantineProgress, 'upload'> & { readonly upload: Omit<PausedUpload, 'rest'> };

/** Gathers so many bytes before they are handed on. */
const PIECE = 64 * 1024;

const HEADER = Buffer.from(`${REJECTED_COLUMNS.join(',')}\n`);
/** Of a file that is to be begun. */
const NEW_FILE: PausedUpload = { parts: [], rest: HEADER };
const CONTENT = { contentType: 'text/csv; charset=utf-8' };

export interface RejectedFile {
  /** Of each file, from 1. */
  readonly keyOf: (file: number) => string;
  /** Of its upload, in bytes: see `partSizeFor`. */
  readonly partSize?: number;
  /** Bytes from which on a file is full: the next row goes to a new one. Default: as many as `FULL_PARTS` have. */
  readonly fullFrom?: number;
  readonly chunks: readonly RejectingChunk[];
  /** Default: from the beginning. */
  readonly progress?: QuarantineProgress;
}

/**
 * Writes one row a rejected record, in file order, until the time is up, or a file is full: the next call begins the
 * next one, so that no more than one upload is open, which the progress names. Which rows a file has is decided by what
 * is written, and does not depend on the calls that write it.
 *
 * @returns what is written when it is all; else how far it is
 */
export async function writeRejected(rejected: RejectedFile, isTimeUp: () => boolean,
  { output, log }: Pick<StepDeps, 'output' | 'log'>): Promise<WrittenRejects | QuarantineProgress> {
  const { keyOf, partSize = PART_SIZE, chunks, progress } = rejected;
  // A row at least.
  const fullFrom = Math.max(rejected.fullFrom ?? partSize * FULL_PARTS, HEADER.length + 1);
  const { file, upload, rows: rowsBefore } = progress ?? { file: 1, upload: NEW_FILE, rows: 0 };
  const writer = await MultipartWriter.resume(output, keyOf(file), CONTENT, upload, partSize);
  const csv = new CsvBytes();
  let written = rowsBefore;
  try {
    for await (const { rows, chunk, firstLine } of rejectedRows(output, chunks, progress?.next)) {
      const room = fullFrom - writer.size;
      while (rows.next()) {
        const isFull = csv.length >= room;
        // At least one row a call: however little time there is, the file is written at last.
        if (isFull || (written > rowsBefore && isTimeUp())) {
          await writer.write(csv.take());
          const next = { chunk, row: rows.row };
          if (!isFull) return { rows: written, file, next, upload: await writer.pause() };
          await writer.complete();
          return { rows: written, file: file + 1, next, upload: NEW_FILE };
        }
        csv.appendInteger(firstLine + rows.line);
        csv.append(rows.bytes.subarray(rows.start, rows.end));
        written++;
      }
      if (csv.length >= PIECE) await writer.write(csv.take());
    }
    await writer.write(csv.take());
    await writer.complete();
    return { rows: written, files: file };
  } catch (error) {
    // What the job item names the next try goes on with.
    if (upload.uploadId !== undefined) throw error;
    await writer.abort().catch((second: unknown) => log.warn('an upload is not cleaned up', { key: writer.key, cause: String(second) }));
    throw error;
  }
}

/** @returns its key */
export async function pauseQuarantine({ upload: { rest, ...upload }, ...progress }: QuarantineProgress, chunks: readonly RejectingChunk[],
  keys: ObjectKeys, deps: Pick<StepDeps, 'output' | 'newId'>): Promise<string> {
  return saveProgress<QuarantineState>('quarantine', { of: shardsOf(chunks), state: { ...progress, upload }, bytes: rest }, keys, deps);
}

/** @returns undefined where it is to be written from its beginning */
export async function pausedQuarantine(key: string | undefined, chunks: readonly RejectingChunk[],
  deps: Pick<StepDeps, 'output' | 'log'>): Promise<QuarantineProgress | undefined> {
  const saved = await savedProgress<QuarantineState>(key, shardsOf(chunks), deps);
  return saved && { ...saved.state, upload: { ...saved.state.upload, rest: saved.bytes } };
}

/** Whose rows the file has. */
function shardsOf(chunks: readonly RejectingChunk[]): string[] {
  return chunks.flatMap(({ reject_shard_key: key }) => key ?? []);
}
