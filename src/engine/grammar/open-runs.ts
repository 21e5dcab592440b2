/**
 * Where a quote stays open, each line in turn begins a record that outgrows its limit, and to run the DFA for each of
 * them over the same megabyte would take hours. Two runs that are in one state at one line start are the same run from
 * there on: this notes where runs have been, so that each stretch of the file is run over once for each state, not once
 * for each line.
 */
import { Action, ACTION_SHIFT, CR, Grammar, LF, State, STATE_BITS } from './grammar';

interface Run {
  /** Offset up to which the run is known. */
  scannedTo: number;
  /** The state there. */
  state: number;
  /** Offset after its record's end; -1 while none is found. */
  endedAt: number;
  /** The run that this one turned out to be the same as. */
  sameAs?: Run;
}

/** What becomes of a record: it ends within its limit, does not, or the bytes do not tell yet. */
export type RecordFate = 'ends' | 'open' | 'more';

/**
 * Only the first line start in each stretch of this many bytes is noted: a note for every line of a 16 MiB record would
 * be too many for a Map.
 */
const NOTE_STRETCH = 32;
/** Notes that are kept before those of passed lines are dropped. */
const MANY_NOTES = 65_536;

export class OpenRuns {
  private notes = new Map<number, Run>();
  private pruneAt = MANY_NOTES;
  private furthest = -1;

  /** @param origin the smallest offset that comes up */
  constructor(private readonly grammar: Grammar, private readonly origin: number) {}

  /** Whether a record that begins here may meet a run that is known. */
  covers(offset: number): boolean {
    return offset < this.furthest;
  }

  /**
   * Follows the record that begins at `bytes[at]`.
   *
   * @param base offset of `bytes[0]`
   * @param length how many of `bytes` are filled
   * @param eof whether the file ends there
   * @param reach bytes within which the record must end
   */
  follow(bytes: Uint8Array, base: number, at: number, length: number, eof: boolean, reach: number): RecordFate {
    const limit = Math.min(length, at + reach);
    let run: Run = { scannedTo: base + at, state: State.recordStart, endedAt: -1 };
    for (;;) {
      const met = this.extend(run, bytes, base, limit);
      if (met === undefined) break;
      run.sameAs = met;
      run = met;
    }
    this.furthest = Math.max(this.furthest, run.scannedTo);
    if (this.notes.size > this.pruneAt) this.prune(base + at);
    if (run.endedAt >= 0) return run.endedAt <= base + limit ? 'ends' : 'open';
    if (limit === at + reach) return 'open';
    if (!eof) return 'more';
    return run.state === State.quoted || run.state === State.quotedEscape ? 'open' : 'ends';
  }

  /** Goes on with a run up to `bytes[limit]`. @returns the known run that it meets */
  private extend(run: Run, bytes: Uint8Array, base: number, limit: number): Run | undefined {
    const { table, classOf, classShift, dialect } = this.grammar;
    if (run.endedAt >= 0) return undefined;
    let { state } = run;
    let stretch = this.stretchOf(run.scannedTo);
    for (let index = run.scannedTo - base; index < limit; index++) {
      const byte = bytes[index];
      const step = table[(state << classShift) | classOf[byte]];
      state = step & STATE_BITS;
      if (step >> ACTION_SHIFT === Action.recordEnd) {
        run.endedAt = base + index + 1;
        run.scannedTo = run.endedAt;
        return undefined;
      }
      if (byte !== LF && !(dialect.lineEnds === 'cr' && byte === CR)) continue;
      const lineStart = base + index + 1;
      if (this.stretchOf(lineStart) === stretch) continue;
      stretch = this.stretchOf(lineStart);
      const key = (lineStart - this.origin) * (STATE_BITS + 1) + state;
      const known = resolve(this.notes.get(key));
      if (known !== undefined && known !== run) return known;
      this.notes.set(key, run);
    }
    run.state = state;
    run.scannedTo = Math.max(run.scannedTo, base + limit);
    return undefined;
  }

  private stretchOf(offset: number): number {
    return Math.floor((offset - this.origin) / NOTE_STRETCH);
  }

  private prune(before: number): void {
    const first = (before - this.origin) * (STATE_BITS + 1);
    this.notes = new Map([...this.notes].filter(([key]) => key >= first));
    this.pruneAt = Math.max(MANY_NOTES, this.notes.size * 2);
  }
}

function resolve(run: Run | undefined): Run | undefined {
  while (run?.sameAs !== undefined) run = run.sameAs;
  return run;
}
