/** In the user's module, or outside of it. */
export enum Phase { OUTSIDE, LOAD, CALL, PROMISE }

const PHASES = 4;

/**
 * Where a thread is in the user's module. It stands in memory that two threads share: one that is in a loop without an end sends no
 * message, and its timers do not fire.
 */
export class ModulePhase {
  static phaseOf(stamp: number): Phase {
    return stamp % PHASES;
  }

  /** One stamp. */
  private readonly cell: Uint32Array;

  /** @param memory of the thread's twin in the other thread */
  constructor(readonly memory = new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT)) {
    this.cell = new Uint32Array(memory);
  }

  /** By one of the two threads only. */
  enter(phase: Phase): void {
    // A count of the changes, which wraps around, times PHASES, plus the phase.
    const count = this.cell[0] - this.cell[0] % PHASES;
    Atomics.store(this.cell, 0, count + PHASES + phase);
  }

  /** Another one after each `enter`, also into the same phase. */
  get stamp(): number {
    return Atomics.load(this.cell, 0);
  }
}
