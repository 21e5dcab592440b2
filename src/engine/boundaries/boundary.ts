/**
 * Finds where a record begins near an offset without reading what comes before. The DFA runs from every state at once,
 * and for a broken record too; the first line end at which all runs agree, no further away than the largest record
 * reaches, is a true boundary whatever came before. Where quotes are absent or symmetric the runs never agree: then the
 * candidate whose records fit the schema best is a guess, which the chain of chunks proves.
 */
import { Format, recordReach } from '../format/format';
import { LF, LINE_END_SIZE } from '../grammar/grammar';
import { RecordParser } from '../grammar/record-parser';
import { StateRuns } from '../grammar/state-runs';
import { NO_HEAD } from '../header/file-head';
import { ByteSource } from '../io/byte-source';
import { READ_SIZE } from '../io/window';
import { createReader } from '../records/create-reader';
import { walkRecords } from '../records/walk-records';

export interface Boundary {
  /** Offset in the file. */
  readonly offset: number;
  readonly kind: 'exact' | 'guess';
}

/**
 * The bytes read grow fourfold from FIRST_WINDOW on until the runs agree. From GUESS_WINDOW on a guess will do.
 * They never grow beyond the reach of the largest record: one that would end behind that is broken.
 */
const FIRST_WINDOW = 4 * 1024;
const GUESS_WINDOW = 64 * 1024;
/**
 * So far the runs are followed. Where records may be larger, and none of them has ended, the next line is a guess: to follow
 * them through 16 MiB at each of thousands of places would take PlanChunks longer than it has.
 */
const FOLLOWED = 1024 * 1024;

/**
 * The boundary to cut at near `offset`; undefined where none is known: do not cut there.
 *
 * A record that holds the offset and is no larger than `maxRecordSize` ends where one of the runs ends it. Where none
 * of them ends within that many bytes, it is a broken one, whatever comes before, and ends at the first line end (see
 * walk-records.ts).
 */
export async function findBoundary(source: ByteSource, format: Format, offset: number): Promise<Boundary | undefined> {
  const runs = new StateRuns(format.grammar);
  const reach = recordReach(format);
  // Avoids one more request only for the bytes of a line end.
  const withinReach = (size: number) => size + LINE_END_SIZE < reach ? size : reach;
  // The bytes to choose among the candidates by: from the read on that has the first of them.
  let start = offset;
  let bytes: Buffer = Buffer.alloc(0);
  for (let size = withinReach(FIRST_WINDOW); ; size = withinReach(size * 4)) {
    if (runs.candidates.length === 0) {
      start += bytes.length;
      bytes = Buffer.alloc(0);
    }
    const end = Math.min(offset + size, source.size);
    const read = await source.read(start + bytes.length, end);
    bytes = Buffer.concat([bytes, read]);
    runs.feed(read);
    if (runs.agreed >= 0) return { offset: offset + runs.agreed, kind: 'exact' };
    const atEnd = end === source.size;
    if ((atEnd || size >= GUESS_WINDOW || size === reach) && runs.candidates.length > 0) {
      const candidates = runs.candidates.map((candidate) => offset + candidate - start);
      return { offset: start + await bestCandidate(bytes, format, candidates), kind: 'guess' };
    }
    if (atEnd) return undefined;
    if (size === reach) return runs.firstLine < 0 ? undefined : { offset: offset + runs.firstLine, kind: 'exact' };
    if (size >= FOLLOWED) {
      return runs.firstLine < 0
        ? guessLine(source, format, end, Math.min(offset + reach, source.size))
        : { offset: offset + runs.firstLine, kind: 'guess' };
    }
  }
}

/** Where the first line begins whose line end is in `[from, to)`. */
async function guessLine(source: ByteSource, { grammar }: Format, from: number, to: number): Promise<Boundary | undefined> {
  const { lineEnds } = grammar.dialect;
  const lineEnd = lineEnds === 'cr' ? '\r' : lineEnds === 'crlf' ? '\r\n' : '\n';
  for (let start = from; start < to; start += READ_SIZE) {
    // One byte before and one behind: a line end may be two.
    const bytes = await source.read(start - 1, Math.min(start + READ_SIZE + 1, source.size));
    const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(lineEnd);
    if (at < 0) continue;
    const next = at + lineEnd.length;
    return { offset: start - 1 + next + (lineEnds === 'cr' && bytes[next] === LF ? 1 : 0), kind: 'guess' };
  }
  return undefined;
}

/** The candidate with the largest share of records that fit the schema; the first one where shares are equal. */
async function bestCandidate(bytes: Buffer, format: Format, candidates: readonly number[]): Promise<number> {
  if (candidates.length === 1) return candidates[0];
  let best = candidates[0];
  let bestShare = -1;
  for (const candidate of candidates) {
    const share = await validShare(bytes.subarray(candidate, candidate + GUESS_WINDOW), format);
    if (share > bestShare) {
      best = candidate;
      bestShare = share;
    }
  }
  return best;
}

async function validShare(bytes: Buffer, format: Format): Promise<number> {
  const reader = createReader(format);
  let valid = 0;
  let all = 0;
  const source: ByteSource = { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
  await walkRecords(source, { ...format, head: NO_HEAD }, { start: 0, end: bytes.length }, {
    record(buffer: Buffer, at: number, parser: RecordParser) {
      // The last record of the window may be cut.
      if (parser.end === bytes.length) return;
      all++;
      if (reader.read(buffer, at, parser) !== undefined) valid++;
    },
    broken() { all++; },
  });
  return all === 0 ? 0 : valid / all;
}

