/**
 * `rejected.csv`: each chunk writes its rejects to a shard with lines relative to the chunk, FinalizeJob joins the
 * shards to one CSV file with the lines of the file. That is bounded by nothing but the file: where the time of a step
 * is up it notes how far it is, and the next call goes on.
 */
import { MultipartWriter, PART_SIZE, PausedUpload } from './multipart-writer';
import { RejectedRow, rejectedRows, RejectingChunk, RowPlace } from './rejected-rows';
import { savedProgress, saveProgress } from './saved-progress';
import { ObjectKeys } from '../contract/object-keys';
import { compileText, isFormula, quoted } from '../engine/output/csv-encoder';
import { StepDeps } from '../ports/step-deps';
import { REJECTED_COLUMNS, RejectedColumn } from '../spec/rejected-columns';
import { visible } from '../spec/visible-text';

/** What a row has beside its record, at most: message, names, quotes. */
const ROW_BYTES = 400;
/** Of S3's 10,000 parts. */
export const MOST_PARTS = 9000;
/** Three of these are in memory at a time. */
export const LARGEST_PART = 128 * 1024 * 1024;
/**
 * Where parts may not be larger, so many fill a file: 671 GB. The others are for the chunk at hand, of which each two
 * bytes may be a reject.
 */
export const FULL_PARTS = 5000;

/**
 * Parts so large that the rejects of a file have room in one upload, as long as parts may be so large.
 *
 * @param sizeBytes of the file
 */
export function partSizeFor(rejects: number, sizeBytes: number): number {
  const most = rejects * ROW_BYTES + 2 * sizeBytes;
  return Math.min(Math.max(PART_SIZE, Math.ceil(most / MOST_PARTS)), LARGEST_PART);
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

/** Gathers so many characters before they are handed on. */
const PIECE = 64 * 1024;

/** Turns a row into a line of CSV. */
function compileRow(isFormulaSafe: boolean): (row: RejectedRow) => string {
  const write = compileText(isFormulaSafe);
  // The record has to come back as it was, so that it can be sent again: no apostrophe goes before it.
  const isHidden = (row: RejectedRow) => isFormulaSafe && row.encoding === 'utf-8' && isFormula(row.record);
  const cells = {
    _line: ({ fileLine }) => String(fileLine),
    _byte_offset: ({ offset }) => String(offset),
    _code: ({ code }) => code,
    _column: ({ column }) => column === '' ? '' : write(column),
    // A transform's own message may hold what is no text, or ends the line.
    _message: ({ message }) => write(visible(message)),
    _encoding: (row) => isHidden(row) ? 'base64' : row.encoding,
    // In quotes, also one that would not need them: it is text as it came.
    _record: (row) => quoted(isHidden(row) ? Buffer.from(row.record).toString('base64') : row.record),
  } satisfies Record<RejectedColumn, (row: RejectedRow) => string>;
  const order = REJECTED_COLUMNS.map((column): (row: RejectedRow) => string => cells[column]);
  return (row) => `${order.map((cell) => cell(row)).join(',')}\n`;
}

const HEADER = `${REJECTED_COLUMNS.join(',')}\n`;
const CONTENT = { contentType: 'text/csv; charset=utf-8' };

export interface RejectedFile {
  /** Of each file, from 1. */
  readonly keyOf: (file: number) => string;
  /** Of its upload, in bytes: see `partSizeFor`. */
  readonly partSize?: number;
  /**
   * Bytes from which on a file is full: the rejects of the next chunk go to a new one. Default: 671 GB, where parts
   * may not be larger.
   */
  readonly fullFrom?: number;
  readonly chunks: readonly RejectingChunk[];
  /** No cell is a formula to a spreadsheet. Default false. */
  readonly isFormulaSafe?: boolean;
  /** Default: from the beginning. */
  readonly progress?: QuarantineProgress;
}

/**
 * Writes one row a rejected record, in file order, until the time is up. Which rows a file has does not depend on the
 * calls that write it: it ends with a chunk's last one.
 *
 * @returns what is written when it is all; else how far it is
 */
export async function writeRejected(rejected: RejectedFile, isTimeUp: () => boolean,
  { output, log }: Pick<StepDeps, 'output' | 'log'>): Promise<WrittenRejects | QuarantineProgress> {
  const { keyOf, partSize = PART_SIZE, chunks, isFormulaSafe = false, progress } = rejected;
  const { fullFrom = partSize < LARGEST_PART ? Infinity : partSize * FULL_PARTS } = rejected;
  let file = progress?.file ?? 1;
  let writer = progress === undefined
    ? new MultipartWriter(output, keyOf(file), CONTENT, partSize)
    : await MultipartWriter.resume(output, keyOf(file), CONTENT, progress.upload, partSize);
  const lineOf = compileRow(isFormulaSafe);
  const rowsBefore = progress?.rows ?? 0;
  let rows = rowsBefore;
  let next: RowPlace | undefined;
  let text = progress === undefined ? HEADER : '';
  const flush = async () => {
    await writer.write(Buffer.from(text));
    text = '';
  };
  try {
    for await (const batch of rejectedRows(output, chunks, progress?.next)) {
      if (batch[0].row === 0) await flush();
      if (batch[0].row === 0 && writer.size >= fullFrom) {
        await writer.complete();
        writer = new MultipartWriter(output, keyOf(++file), CONTENT, partSize);
        text = HEADER;
      }
      // At least one row a call: however little time there is, the file is written at last.
      next = batch.find((row) => {
        if (rows > rowsBefore && isTimeUp()) return true;
        text += lineOf(row);
        rows++;
        return false;
      });
      if (next !== undefined) break;
      if (text.length >= PIECE) await flush();
    }
    await flush();
    if (next === undefined) {
      await writer.complete();
      return { rows, files: file };
    }
    return { rows, file, next: { chunk: next.chunk, row: next.row }, upload: await writer.pause() };
  } catch (error) {
    // What the job item names the next try goes on with.
    if (progress !== undefined) throw error;
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
