/** What a thread is doing in the user's module, or that it is outside of it. */
export enum Phase { OUTSIDE, LOAD, CALL, PROMISE }

const PHASES = 4;

/**
 * The phase that a thread is in, in memory that it shares with the thread that watches it. Messages would not do: a
 * thread in an endless loop sends none, and its timers do not fire.
 */
export class ModulePhase {
  static phaseOf(stamp: number): Phase {
    return stamp % PHASES;
  }

  /** Holds one stamp: a counter of changes times PHASES, plus the phase. */
  private readonly cell: Uint32Array;

  /** @param memory that of the `ModulePhase` in the other thread, to share it */
  constructor(readonly memory = new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT)) {
    this.cell = new Uint32Array(memory);
  }

  /** Only one of the two threads may call this. */
  enter(phase: Phase): void {
    // The counter may wrap around.
    const count = this.cell[0] - this.cell[0] % PHASES;
    Atomics.store(this.cell, 0, count + PHASES + phase);
  }

  /** Changes with every `enter`, even into the same phase. */
  get stamp(): number {
    return Atomics.load(this.cell, 0);
  }
}
