import { Stage } from '../../spec/stages';

/**
 * How long a chunk was in which stage. Asked for a few times for each piece of output, never for a record: all that is
 * not waiting for the transform or for the store is validation.
 */
export class StageClock {
  private readonly began: number;
  private readonly spent = { transform: 0, write: 0 };

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {
    this.began = now();
  }

  async time<T>(stage: keyof StageClock['spent'], work: () => Promise<T>): Promise<T> {
    const from = this.now();
    const result = await work();
    this.spent[stage] += this.now() - from;
    return result;
  }

  milliseconds(): { readonly [Name in Stage]: number } {
    const { transform, write } = this.spent;
    // Not below zero: a clock may be set back.
    return { validate: Math.max(0, this.now() - this.began - transform - write), transform, write };
  }
}
