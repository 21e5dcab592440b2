import { Action, ACTION_SHIFT, CR, Grammar, LF, ORDINARY, State, STATE_BITS } from './grammar';

/** Steps between two searches for runs that have met. */
const STEPS_BETWEEN_MERGES = 64;
/**
 * A broken record ends as a comment does: at the first line end, whatever stands before that (see walk-records.ts). The
 * first byte may be half of that line end.
 */
const BROKEN = [State.comment, State.commentCr];

/**
 * Runs the DFA over the bytes from one offset on, from every state that it could be in there, and from one more for a
 * record that is broken. Runs that meet in one state are one run from then on: soon a few are left, whatever the number
 * of states.
 */
export class StateRuns {
  /**
   * Where all runs, also the one of a broken record, agree that a record begins, relative to the first byte; -1 while
   * they do not.
   */
  agreed = -1;
  /**
   * The place after the first line end, whatever that line end means, relative to the first byte; -1 while there is
   * none.
   */
  firstLine = -1;
  /**
   * Where the record that holds the first byte may end, if it is not broken: the distinct answers of the runs, in
   * order.
   */
  readonly candidates: number[] = [];
  /** The states of the runs that are left. */
  private readonly states: Uint8Array;
  /** Per run: whether it stands for a start state whose first record has not ended yet. */
  private readonly open: Uint8Array;
  /** Per run: a lone CR has ended a record, if the next byte does not belong to that line end. */
  private readonly pendingCr: Uint8Array;
  private count: number;
  private fed = 0;
  private afterCr = false;
  private lastByte = -1;
  private untilMerge = STEPS_BETWEEN_MERGES;

  constructor(private readonly grammar: Grammar) {
    const { reachable } = grammar;
    const broken = BROKEN.slice(0, grammar.dialect.lineEnds === 'crlf' ? 2 : 1);
    this.states = Uint8Array.from(new Set([...reachable, ...broken]));
    this.count = this.states.length;
    this.open = new Uint8Array(this.count).fill(1, 0, reachable.length);
    this.pendingCr = new Uint8Array(this.count);
  }

  /**
   * Whether every run has told where its first record ends. The run of a broken record is not asked: `firstLine` tells
   * its end.
   */
  get allEnded(): boolean {
    return this.open.indexOf(1) < 0;
  }

  /** Goes on over the bytes that follow those of the last call, until all runs agree. */
  feed(bytes: Uint8Array): void {
    const { table, classOf, classShift, dialect: { lineEnds } } = this.grammar;
    const { states, pendingCr } = this;
    const base = this.fed;
    this.fed += bytes.length;
    let lastClass = -1;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index];
      const byteClass = classOf[byte];
      // A second ordinary byte changes no state.
      if (byteClass === ORDINARY && lastClass === ORDINARY) continue;
      lastClass = byteClass;
      const next = base + index + 1;
      // Where a lone CR ends records, only the byte after it tells whether the line end is one byte or two.
      if (this.afterCr && this.settleCr(byte === LF ? next : next - 1)) return;
      this.afterCr = lineEnds === 'cr' && byte === CR;
      const before = index > 0 ? bytes[index - 1] : this.lastByte;
      if (byte === LF && this.firstLine < 0 && (lineEnds !== 'crlf' || before === CR)) this.firstLine = next;
      let ended = 0;
      for (let run = 0; run < this.count; run++) {
        const step = table[(states[run] << classShift) | byteClass];
        states[run] = step & STATE_BITS;
        if (step >> ACTION_SHIFT !== Action.recordEnd) continue;
        if (byte === CR) {
          pendingCr[run] = 1;
          continue;
        }
        ended++;
        this.endRecord(run, next);
      }
      if (ended === this.count) {
        this.agreed = next;
        return;
      }
      if (--this.untilMerge === 0) this.merge();
    }
    if (bytes.length > 0) this.lastByte = bytes[bytes.length - 1];
  }

  private endRecord(run: number, boundary: number): void {
    if (this.open[run] === 0) return;
    this.open[run] = 0;
    if (this.candidates[this.candidates.length - 1] !== boundary) this.candidates.push(boundary);
  }

  private settleCr(boundary: number): boolean {
    if (this.firstLine < 0) this.firstLine = boundary;
    let ended = 0;
    for (let run = 0; run < this.count; run++) {
      if (this.pendingCr[run] === 0) continue;
      ended++;
      this.pendingCr[run] = 0;
      this.endRecord(run, boundary);
    }
    if (ended !== this.count) return false;
    this.agreed = boundary;
    return true;
  }

  private merge(): void {
    const { states, open, pendingCr } = this;
    this.untilMerge = STEPS_BETWEEN_MERGES;
    let kept = 0;
    for (let run = 0; run < this.count; run++) {
      const same = states.subarray(0, kept).indexOf(states[run]);
      if (same >= 0) {
        open[same] |= open[run];
        open[run] = 0;
        continue;
      }
      // A pending CR moves along with the state of its run.
      states[kept] = states[run];
      pendingCr[kept] = pendingCr[run];
      const isOpen = open[run];
      open[run] = 0;
      open[kept] = isOpen;
      kept++;
    }
    this.count = kept;
  }
}
