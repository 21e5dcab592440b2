/**
 * Finds where a record begins near an offset without reading what comes before. The DFA runs from every state at once; the
 * first line end at which all runs agree is a true boundary whatever came before. Where quotes are absent or symmetric the
 * runs never agree: then the candidate whose records fit the schema best is a guess, which the chain of chunks proves.
 */
import { ByteSource } from './byte-source';
import { createReader } from './create-reader';
import { Format } from './format';
import { Action, ACTION_SHIFT, CR, Grammar, LF, STATE_BITS } from './grammar';
import { RecordParser } from './record-parser';
import { walkRecords } from './walk-records';

export interface Boundary {
  /** Offset in the file. */
  readonly offset: number;
  readonly kind: 'exact' | 'guess';
}

/** Windows, each four times as large as the one before, are read until the runs agree; from the last of these sizes on a guess will do. */
const FIRST_WINDOW = 4 * 1024;
const LAST_WINDOW = 64 * 1024;

/** Runs the DFA from all states over the bytes from one offset on. */
export class StateRuns {
  /** Per start state: the first boundary, relative to the first byte; -1 while there is none. */
  readonly firstBoundary: Int32Array;
  /** Where all runs agree that a record begins; -1 while they do not. */
  agreed = -1;
  private readonly states: Uint8Array;
  private readonly pendingCr: Uint8Array;

  constructor(private readonly grammar: Grammar) {
    this.states = Uint8Array.from(grammar.reachable);
    this.firstBoundary = new Int32Array(this.states.length).fill(-1);
    this.pendingCr = new Uint8Array(this.states.length);
  }

  /** Goes on over `bytes[from, to)`, indices relative to the first byte, until all runs agree. */
  feed(bytes: Uint8Array, from: number, to: number): void {
    const { table, classOf, classShift, dialect } = this.grammar;
    const { states, firstBoundary } = this;
    for (let index = from; index < to; index++) {
      const byte = bytes[index];
      const byteClass = classOf[byte];
      // Where a lone CR ends records, only the byte after it tells whether the line end is one byte or two.
      if (dialect.loneCr && this.settleCr(byte, index)) return;
      let ended = 0;
      for (let run = 0; run < states.length; run++) {
        const step = table[(states[run] << classShift) | byteClass];
        states[run] = step & STATE_BITS;
        if (step >> ACTION_SHIFT !== Action.recordEnd) continue;
        if (byte === CR) { this.pendingCr[run] = 1; continue; }
        ended++;
        if (firstBoundary[run] < 0) firstBoundary[run] = index + 1;
      }
      if (ended === states.length) {
        this.agreed = index + 1;
        return;
      }
    }
  }

  /** The distinct first boundaries, in order. */
  candidates(): number[] {
    return [...new Set(this.firstBoundary.filter((boundary) => boundary >= 0))].sort((a, b) => a - b);
  }

  private settleCr(byte: number, index: number): boolean {
    const boundary = byte === LF ? index + 1 : index;
    let ended = 0;
    for (let run = 0; run < this.states.length; run++) {
      if (this.pendingCr[run] === 0) continue;
      ended++;
      this.pendingCr[run] = 0;
      if (this.firstBoundary[run] < 0) this.firstBoundary[run] = boundary;
    }
    if (ended !== this.states.length) return false;
    this.agreed = boundary;
    return true;
  }
}

/** The boundary to cut at near `offset`; undefined where no record begins within `maxRecordSize`: do not cut there. */
export async function findBoundary(source: ByteSource, format: Format, offset: number): Promise<Boundary | undefined> {
  const runs = new StateRuns(format.grammar);
  let bytes = Buffer.alloc(0);
  let size = FIRST_WINDOW;
  for (;;) {
    const end = Math.min(offset + size, source.size);
    const read = bytes.length;
    bytes = Buffer.concat([bytes, await source.read(offset + read, end)]);
    runs.feed(bytes, read, bytes.length);
    if (runs.agreed >= 0) return { offset: offset + runs.agreed, kind: 'exact' };
    const atEnd = end === source.size;
    if (atEnd || size >= LAST_WINDOW) {
      const candidates = runs.candidates();
      if (candidates.length > 0) return { offset: offset + await bestCandidate(bytes, format, candidates), kind: 'guess' };
      if (atEnd || size > format.maxRecordSize) return undefined;
    }
    size *= 4;
  }
}

/** Which candidate has the largest share of records that fit the schema; the first of equals. */
async function bestCandidate(bytes: Buffer, format: Format, candidates: readonly number[]): Promise<number> {
  if (candidates.length === 1) return candidates[0];
  let best = candidates[0];
  let bestShare = -1;
  for (const candidate of candidates) {
    const share = await validShare(bytes.subarray(candidate), format);
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
  await walkRecords(source, { ...format, header: false, skipLines: 0 }, { start: 0, end: bytes.length }, {
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

